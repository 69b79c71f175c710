"""The use case of giving an advice: made, written, and entered in the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from smartpick_expert.advice import RECORD, Advice, advise_on, consult_file, write_documents
from smartpick_expert.audit.chain import Link
from smartpick_expert.audit.entering import entry_of, is_shipped_persona, record_at
from smartpick_expert.audit.inputs import workspace_files
from smartpick_expert.audit.ledger import Ledger, new_id
from smartpick_expert.audit.record import Record, form_of
from smartpick_expert.diagnostics import Problems
from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.engine.session import Matcher
from smartpick_expert.replay import Runner, Variant, to_other, variant_by
from smartpick_expert.report.since import since_of
from smartpick_expert.report.view_model import Entered, Since
from smartpick_expert.sources import files_kept
from smartpick_expert.workspace import Workspace


@dataclass(frozen=True)
class Given:
    """An advice that was given: where it was written, and its link in the ledger where it was entered."""

    advice: Advice
    paths: tuple[Path, ...]
    link: Link | None = None


@dataclass(frozen=True)
class Giving:
    """How advices are given: by which rules, on which day, to which folder, in which formats."""

    workspace: Workspace
    as_of: date
    engine: Matcher | str
    out: Path
    formats: tuple[str, ...]
    redacted: bool = False
    with_drafts: bool = False

    def give(self, profile: Path, ledger: Path | None) -> Given:
        """Advise on a profile, write the documents, and enter the advice in the ledger, all of it or nothing.

        Without a ledger nothing is entered; nor are redacted advices, which are made to be shown around, and advices on the
        fictional personas that are shipped. Raises Problems.
        """
        consultation = consult_file(profile, self.workspace, self.as_of, self.engine, with_drafts=self.with_drafts)
        stem = "advice" if self.redacted else profile.stem
        if ledger is None or self.redacted or is_shipped_persona(consultation.profile.text):
            advice = self._advice(consultation, None)
            return Given(advice, write_documents(advice, self.out, self.formats, stem))
        with Ledger(ledger) as opened:
            return self._entered(consultation, opened, stem)

    def _advice(self, consultation: Consultation, entered: Entered | None) -> Advice:
        return advise_on(
            consultation,
            self.workspace,
            self.engine,
            redacted=self.redacted,
            with_drafts=self.with_drafts,
            entered=entered,
        )

    def _entered(self, consultation: Consultation, ledger: Ledger, stem: str) -> Given:
        entered = Entered(new_id(), ledger.head(), self._since(consultation, ledger))
        advice = self._advice(consultation, entered)
        links: list[Link] = []

        def enter(record: Record) -> None:
            names = (*record.envelope.documents, f"{stem}{RECORD}")
            written = (str((self.out / name).resolve()) for name in names)
            links.append(ledger.append(entry_of(entered.id, record, self.workspace, written)))

        paths = write_documents(advice, self.out, self.formats, stem, enter)
        return Given(advice, paths, links[0])

    def _since(self, consultation: Consultation, ledger: Ledger) -> Since | None:
        """What moved since the applicant of that label was last advised, as far as they are told of it."""
        label = label_of(consultation)
        earlier = [one for one in ledger.entries(label=label) if one.summary is not None] if label else []
        if not earlier:
            return None
        try:
            record = record_at(ledger, earlier[-1])
        except Problems:
            # What is damaged is for `audit verify` to tell; nobody should go without advice for it.
            return None
        profile, files = consultation.profile, workspace_files(self.workspace)
        new = Variant(profile.text, form_of(profile.path), self.as_of.isoformat(), files, self.with_drafts)
        with Runner(self.engine) as runner:
            runner.know(files, self.workspace)
            steps = to_other(variant_by(record, files_kept(ledger, record)), new)
            laid = runner.laid(record.body.applicant or record.body.advisor, steps, told=True)
            return since_of(
                earlier[-1].link.id, record.body.as_of, ((one.to, one.difference) for one in laid), self.workspace
            )


def label_of(consultation: Consultation) -> str:
    """The label of the applicant; empty where the profile gives none."""
    label = next((entry.values.get("label") for entry in consultation.profile.of("applicant")), None)
    return label if isinstance(label, str) else ""
