"""The use case of giving an advice: made, written, and entered in the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from smartpick_expert.advice import RECORD, Advice, advise_on
from smartpick_expert.audit.chain import Link
from smartpick_expert.audit.digests import digest
from smartpick_expert.audit.entering import entry_of, is_shipped_persona, record_at
from smartpick_expert.audit.entry import Listed, near_labels, new_id
from smartpick_expert.audit.inputs import workspace_files
from smartpick_expert.audit.ledger import Ledger
from smartpick_expert.audit.reading import read_record
from smartpick_expert.audit.record import Record, record_text
from smartpick_expert.audit.recording import form_of
from smartpick_expert.consulting import consult_file
from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.engine.session import Matcher
from smartpick_expert.intake.notes import leaving_notes_out
from smartpick_expert.replay import Runner, Variant, to_other, variant_by
from smartpick_expert.report.apart import apart_lines
from smartpick_expert.report.documents import DOCUMENTS, Document, taken_for, written
from smartpick_expert.report.entered import Apart, Entered, Since
from smartpick_expert.report.formats.extras import require
from smartpick_expert.report.since import since_of
from smartpick_expert.sources import files_kept
from smartpick_expert.workspace import Workspace
from smartpick_expert.writing import write_all

# What is made to be gone on with by hand: a text that is edited, and lists in which what is done is entered.
_WORKED_ON = (".docx", ".xlsx")
# What an advisor can do about an advice under the same label that seems to be on somebody else.
_PROCEED = "If both are on one person, 'smartpick audit compare {0} {1}' compares them; if not, give each a label of their own."


@dataclass(frozen=True)
class Given:
    """An advice that was given: where it was written, and its link in the ledger where it was entered.

    `near` are labels in the ledger that differ from this one's in nothing but small and capital letters or blanks.
    """

    advice: Advice
    paths: tuple[Path, ...]
    link: Link | None = None
    near: tuple[str, ...] = ()


@dataclass(frozen=True)
class Giving:
    """How advices are given: by which rules, on which day, to which folder, which documents in which formats, and by whom.

    Where no documents are named they are all that the workspace's templates make.
    """

    workspace: Workspace
    as_of: date
    engine: Matcher | str
    out: Path
    formats: tuple[str, ...]
    redacted: bool = False
    with_drafts: bool = False
    documents: tuple[Document, ...] = ()
    advisor: str = ""

    def give(self, profile: Path, ledger: Path | None) -> Given:
        """Advise on a profile, write the documents, and enter the advice in the ledger, all of it or nothing.

        Without a ledger nothing is entered; nor are redacted advices, which are made to be shown around, and advices on the
        fictional personas that are shipped. Raises Problems.
        """
        require(self.formats)
        consultation = consult_file(profile, self.workspace, self.as_of, self.engine, with_drafts=self.with_drafts)
        stem = "advice" if self.redacted else profile.stem
        if ledger is None or self.redacted or is_shipped_persona(consultation.profile.text):
            advice = self._advice(consultation, None)
            return Given(advice, self._write(advice, stem))
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
            advisor=self.advisor,
        )

    def _write(
        self, advice: Advice, stem: str, enter: Callable[[Record, Mapping[str, bytes]], None] | None = None
    ) -> tuple[Path, ...]:
        documents = self.documents or tuple(one for one in DOCUMENTS if advice.makes(one))
        return write_documents(advice, self.out, self.formats, stem, enter, documents)

    def _entered(self, consultation: Consultation, ledger: Ledger, stem: str) -> Given:
        name, head, label = new_id(), ledger.head(), label_of(consultation)
        given = [one for one in ledger.entries() if one.summary is not None and not one.is_unwritten]
        earlier = [one for one in given if label and one.summary is not None and one.summary.label == label]
        entered = Entered(name, head, *self._since(consultation, earlier, ledger, name))
        advice = self._advice(consultation, entered)
        links: list[Link] = []

        def enter(record: Record, texts: Mapping[str, bytes]) -> None:
            written = (str((self.out / name).resolve()) for name in texts)
            links.append(ledger.append(entry_of(entered.id, record, self.workspace, written, texts)))

        try:
            paths = self._write(advice, stem, enter)
        except Problems as problems:
            raise Problems([*problems.diagnostics, *_unwritten(ledger, links)]) from None
        except BaseException:
            _unwritten(ledger, links)
            raise
        # Where this fails, the documents stay noted as begun, and nothing is lost.
        with suppress(Problems):
            ledger.note_written(links[0].number)
        labels = (one.summary.label for one in given if one.summary is not None)
        return Given(advice, paths, links[0], near_labels(label, labels))

    def _since(
        self, consultation: Consultation, earlier: Iterable[Listed], ledger: Ledger, name: str
    ) -> tuple[Since | None, tuple[Apart, ...]]:
        """What moved since the applicant was last advised, as far as they are told of it; and advices since then on others.

        `earlier` are the advices under the same label, `name` is the id that this one will have.
        """
        others: list[Apart] = []
        for one in reversed(tuple(earlier)):
            try:
                record = record_at(ledger, one)
            except Problems:
                # What is damaged is for `audit verify` to tell; nobody should go without advice for it.
                continue
            if record.body.evidence_only != self.workspace.is_on_evidence:
                # What is asked for on evidence alone is another kind of advice, and not a later one.
                continue
            lines = apart_lines(record.body.advisor, consultation.profile, self.workspace.vocabulary)
            if not lines:
                return self._compared(consultation, one, record, ledger), tuple(others)
            others.append(Apart(one.link.id, record.body.as_of, lines, _PROCEED.format(one.link.id, name)))
        return None, tuple(others)

    def _compared(self, consultation: Consultation, one: Listed, record: Record, ledger: Ledger) -> Since:
        # The office's notes have no part in what the applicant is told.
        bare = leaving_notes_out(self.workspace)
        profile, files = consultation.profile, workspace_files(bare)
        new = Variant(
            profile.text, form_of(profile.path), self.as_of.isoformat(), files, self.with_drafts, bare.is_on_evidence
        )
        with Runner(self.engine) as runner:
            runner.know(files, bare)
            steps = to_other(variant_by(record, files_kept(ledger, record)), new)
            laid = runner.laid(record.body.applicant or record.body.advisor, steps, told=True)
            return since_of(
                one.link.id, record.body.as_of, ((step.to, step.difference) for step in laid), self.workspace
            )


def write_documents(
    advice: Advice,
    folder: Path,
    formats: Iterable[str],
    stem: str,
    enter: Callable[[Record, Mapping[str, bytes]], None] | None = None,
    documents: Iterable[Document] = (Document.REPORT,),
) -> tuple[Path, ...]:
    """Write the documents and the record beside them: all of them or none.

    Raises Problems where the folder cannot be written, a format takes a library that is not installed, or a Word document or workbook
    would be written over that the record beside it does not tell to be as it was made.

    `enter` is told of the record, and of every file by name, once all is on the disk and before it is put in place;
    what it raises stops that.
    """
    other = taken_for(stem)
    if other is not None:
        message = f"A profile whose name ends in '.{other.value}' would have its report taken for a {other.value}."
        raise Problems(
            [Diagnostic("output.name", message, "Rename the profile.", Location(advice.run.original.profile.path))]
        )
    several = tuple(written(documents, formats))
    _spare_what_was_changed(folder, stem, (one.name(stem) for one in several))
    made = {one.name(stem): advice.made(one.form, one.document) for one in several}
    record = advice.record(made)
    named = {**{name: one.data for name, one in made.items()}, f"{stem}{RECORD}": record_text(record).encode()}
    files = {folder / name: data for name, data in named.items()}
    try:
        write_all(files, private=True, before=partial(enter, record, named) if enter is not None else None)
    except OSError as error:
        message = f"The folder cannot be written: {error.strerror or error}."
        raise Problems(
            [Diagnostic("output.folder", message, "Name another folder with --out.", Location(str(folder)))]
        ) from None
    return tuple(files)


def _spare_what_was_changed(folder: Path, stem: str, names: Iterable[str]) -> None:
    """Raise Problems for each Word document or workbook there that was changed after it was written, or may have been."""
    before: Mapping[str, str] = {}
    with suppress(Problems):
        before = read_record(folder / f"{stem}{RECORD}").envelope.documents
    problems = []
    for path in (folder / name for name in names if name.endswith(_WORKED_ON)):
        with suppress(OSError):
            if digest(path.read_bytes()) != before.get(path.name):
                changed = "was changed after it was written" if path.name in before else "may have been worked on"
                message = f"{path.name} {changed}, and would be written over."
                hint = "Move or rename it, or name another folder with --out."
                problems.append(Diagnostic("output.changed", message, hint, Location(str(path))))
    if problems:
        raise Problems(problems)


def _unwritten(ledger: Ledger, links: Iterable[Link]) -> list[Diagnostic]:
    """Note that what was entered could not be written, and what to tell of it; nothing where nothing was entered."""
    found: list[Diagnostic] = []
    for link in links:
        place, hint = Location(str(ledger.path)), "Advise again; the new advice is an entry of its own."
        try:
            ledger.note_unwritten(link.number)
            message = f"The advice had been entered as {link.id}. The ledger now says that it was not given."
        except Problems:
            message = f"The advice had been entered as {link.id}, and is noted as begun and not known to be finished."
        found.append(Diagnostic("ledger.unwritten", message, hint, place))
    return found


def label_of(consultation: Consultation) -> str:
    """The label of the applicant; empty where the profile gives none."""
    label = next((entry.values.get("label") for entry in consultation.profile.of("applicant")), None)
    return label if isinstance(label, str) else ""
