"""The use case of giving an advice: made, written, and entered in the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from smartpick_expert.advice import RECORD, Advice, advise_on, consult_file, write_documents
from smartpick_expert.audit.chain import Link
from smartpick_expert.audit.entering import entry_of, is_shipped_persona
from smartpick_expert.audit.ledger import Ledger, new_id
from smartpick_expert.audit.record import Record
from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.engine.session import Matcher
from smartpick_expert.report.view_model import Entered
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
        advice = self._advice(consultation, Entered(new_id(), ledger.head()))
        links: list[Link] = []

        def enter(record: Record) -> None:
            entered = record.envelope.entered
            names = (*record.envelope.documents, f"{stem}{RECORD}")
            written = (str((self.out / name).resolve()) for name in names)
            links.append(ledger.append(entry_of(entered.id if entered else "", record, self.workspace, written)))

        paths = write_documents(advice, self.out, self.formats, stem, enter)
        return Given(advice, paths, links[0])
