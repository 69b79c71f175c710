"""The use case of running an advice again: the same from a record, and step by step where something is other than it was.

An advice is run again on the profile, the files and the day of its record. What differs then comes from the program or the
engine. Where two advices, or an advice and the rules of today, are to be compared, what differs between them is exchanged one
thing after another, and each change is laid to what brought it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path, PurePath
from typing import Self

from smartpick_expert.advice import Advice, advise_on
from smartpick_expert.audit.digests import combined, digest, digests
from smartpick_expert.audit.inputs import named_files, workspace_of
from smartpick_expert.audit.record import Record, body_digest
from smartpick_expert.audit.traces import traced
from smartpick_expert.consulting import consult_checked
from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.engine.session import Matcher
from smartpick_expert.explain.difference import Change, Difference, Part, Said, difference
from smartpick_expert.explain.lines import differing_lines
from smartpick_expert.explain.told import as_told
from smartpick_expert.explain.trace import Trace
from smartpick_expert.intake.kept import without_what_is_kept
from smartpick_expert.intake.profile import profile_from_text, require
from smartpick_expert.language.values import shorten
from smartpick_expert.report.documents import written_as
from smartpick_expert.report.formats.laid_out import Made, made_from
from smartpick_expert.report.house import is_of_looks
from smartpick_expert.report.statements import statements_of
from smartpick_expert.version import VERSION
from smartpick_expert.workspace import NOTES, Workspace, on_evidence, with_all_rules

Files = Mapping[str, str]
# How many runs are kept in case they are asked for again: few, since one takes megabytes.
_KEPT = 8
PROGRAM, DAY, KNOWLEDGE, RULES = "the program", "the day", "the knowledge", "the rules"
PROFILE, TEMPLATES, NOTED = "the profile", "the templates", "the office's notes"
_FOLDERS = {"rules": "rules", "reports": "reports", NOTES: NOTES}
# How to bring what no workspace has as it was.
_HINTS = {
    "catalogues": "Name the catalogue with --programs, the ledger's entry, or a bundle.",
    NOTES: "Name the notes of then with --notes, the ledger's entry, or a bundle.",
}


@dataclass(frozen=True)
class Variant:
    """Everything a run is made from: the profile's text and form, the day, and the files of rules, knowledge and templates."""

    profile: str
    form: str
    as_of: str
    files: Files
    with_drafts: bool = False
    evidence_only: bool = False


@dataclass(frozen=True)
class Replayed:
    """What a second run came to. `same_body` and `same_documents` by name: byte for byte. `other` says what was not as then.

    `same_content` are those that a library lays out (PDF, Word, workbooks), by name: whether they were laid out from the same. Their
    bytes depend on versions and fonts of the machine as well. `laid_out` says of one whose bytes differ by what each was laid out.
    """

    same_body: bool
    same_documents: Mapping[str, bool]
    other: tuple[str, ...]
    difference: Difference
    same_content: Mapping[str, bool] = field(default_factory=dict)
    laid_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_same(self) -> bool:
        """Whether everything is the same: byte for byte, or in what it was laid out from."""
        return self.same_body and all(
            same or self.same_content.get(name, False) for name, same in self.same_documents.items()
        )


@dataclass(frozen=True)
class Laid:
    """What differs, laid to what brought it; several where they could only be exchanged together."""

    to: tuple[str, ...]
    difference: Difference


def variant_by(record: Record, files: Files) -> Variant:
    """The advice of a record, by any files. Raises Problems for a redacted one."""
    if record.body.redacted:
        message = "This record is redacted: it holds no profile, so nothing can be run again."
        raise _problem("record.redacted", message, "Name the full record.")
    profile = record.body.inputs.profile
    try:
        day = date.fromisoformat(record.body.as_of).isoformat()
    except ValueError:
        message = f"The record is damaged: '{shorten(record.body.as_of)}' is no day."
        raise _problem("record.damaged", message, "Take it from where it was kept.") from None
    body = record.body
    return Variant(profile.text, profile.form, day, files, body.with_drafts, body.evidence_only)


def variant_of(record: Record, files: Files) -> Variant:
    """What a record was made from. Raises Problems for a redacted one, and where `files` are not those of the record."""
    named, present = named_files(record.body.inputs), digests(files)
    wrong = sorted(name for name in {**named, **present} if named.get(name) != present.get(name))
    if wrong:
        more = f", and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        raise _problem(
            "replay.files",
            f"The files that the record was made from are not at hand: '{wrong[0]}' is {_what(wrong[0], named, present)}{more}.",
            _HINTS.get(
                wrong[0].partition("/")[0],
                "Name the ledger's entry, a bundle, or by --workspace the workspace of then.",
            ),
        )
    return variant_by(record, files)


def _what(name: str, named: Mapping[str, str], present: Mapping[str, str]) -> str:
    if name not in present:
        return "not there"
    return "another now" if name in named else "none of them"


class Runner:
    """Runs variants. Workspaces that were loaded are kept until it is closed. Use it in a `with` statement."""

    def __init__(self, engine: Matcher | str = "") -> None:
        self.engine = engine
        self._stack = ExitStack()
        self._loaded: dict[str, Workspace] = {}
        self._by_rules: dict[tuple[str, bool], Workspace] = {}
        self._hashed: list[tuple[Files, str]] = []
        self._traces: dict[tuple[str, ...], Trace] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def know(self, files: Files, workspace: Workspace) -> None:
        """Take a workspace that is loaded already for these files."""
        self._loaded[self._name(files)] = workspace

    def workspace(self, files: Files) -> Workspace:
        """The workspace that these files make. Raises Problems where they make none."""
        name = self._name(files)
        if name not in self._loaded:
            self._loaded[name] = self._stack.enter_context(workspace_of(files))
        return self._loaded[name]

    def workspace_of(self, variant: Variant) -> Workspace:
        """The workspace of a variant, with the rules that count in it. Raises Problems."""
        loaded = self.workspace(variant.files)
        if loaded.is_on_evidence == variant.evidence_only:
            return loaded
        key = (self._name(variant.files), variant.evidence_only)
        if key not in self._by_rules:
            self._by_rules[key] = on_evidence(loaded) if variant.evidence_only else with_all_rules(loaded)
        return self._by_rules[key]

    def consultation(self, variant: Variant, *, told: bool = False) -> Consultation:
        """The run of a variant. Raises Problems."""
        loaded = self.workspace_of(variant)
        profile = require(*profile_from_text(variant.profile, f"profile{variant.form}", loaded.vocabulary))
        profile = without_what_is_kept(profile, loaded.vocabulary) if told else profile
        day = date.fromisoformat(variant.as_of)
        return consult_checked(profile, loaded, day, self.engine, with_drafts=variant.with_drafts)

    def trace(self, variant: Variant, *, told: bool = False) -> Trace:
        """The trace of a variant's run; of one that was run lately without running it again.

        `told` is the run that makes the applicant's documents. Raises Problems.
        """
        profile = (digest(variant.profile), variant.form, variant.as_of, str(variant.with_drafts), str(told))
        key = (self._name(variant.files), str(variant.evidence_only), *profile)
        if key not in self._traces:
            loaded, consultation = self.workspace_of(variant), self.consultation(variant, told=told)
            trace = traced(consultation, loaded, statements_of(consultation, loaded))
            self._traces[key] = as_told(trace, loaded) if told else trace
            for oldest in tuple(self._traces)[:-_KEPT]:
                del self._traces[oldest]
        return self._traces[key]

    def _name(self, files: Files) -> str:
        """The hash of a set of files; of one that was seen lately without reading it again, since that takes its time."""
        found = next((name for other, name in self._hashed if other is files), None)
        if found is None:
            found = combined(digests(files))
            self._hashed = [*self._hashed[-_KEPT:], (files, found)]
        return found

    def replay(self, record: Record, files: Files) -> Replayed:
        """Run the advice of a record again and hold it to the record. Raises Problems where it cannot be run."""
        advice = self._advice(record, files)
        texts, then = _texts(advice, record), record.envelope
        made = {name: _made(text, name, advice.workspace.reports) for name, text in texts.items()}
        again = advice.record({name: one for name, one in made.items() if isinstance(one, Made)})
        same = {name: again.envelope.documents.get(name) == found for name, found in then.documents.items()}
        return Replayed(
            body_digest(again.body) == then.body_sha256,
            same,
            _other(record, again),
            difference(record.body.advisor, again.body.advisor),
            {name: digest(texts[name]) == one.source_sha256 for name, one in then.laid_out.items()},
            {name: _by(one.by, made[name]) for name, one in then.laid_out.items() if not same[name]},
        )

    def documents(self, record: Record, files: Files) -> dict[str, bytes]:
        """The documents that were written with a record, made again; without those that cannot be laid out here. Raises Problems."""
        advice = self._advice(record, files)
        texts = _texts(advice, record)
        made = {name: _made(text, name, advice.workspace.reports) for name, text in texts.items()}
        return {name: one.data for name, one in made.items() if isinstance(one, Made)}

    def rewritten(self, record: Record, files: Files, others: Files) -> Difference:
        """What the documents of a record would read otherwise by other templates, with all else as it was. Raises Problems."""
        variant = variant_of(record, files)
        restyled = exchanged(variant, others, "reports")
        if restyled.files == variant.files:
            return Difference((), {}, {})
        now = _texts(self._advice_by(record, restyled), record)
        if {name: digest(text) for name, text in now.items()} == _digests_of_texts(record):
            return Difference((), {}, {})
        # The program may make them otherwise too, so they are made by the templates of then as well.
        then = _texts(self._advice(record, files), record)
        changes = [
            Change(Part.WORDS, f"{name} line {number}", Said(before), Said(after))
            for name in now
            for number, before, after in differing_lines(then[name], now[name])
        ]
        return Difference(tuple(changes), {}, {})

    def _advice(self, record: Record, files: Files) -> Advice:
        return self._advice_by(record, variant_of(record, files))

    def _advice_by(self, record: Record, variant: Variant) -> Advice:
        advice = advise_on(
            self.consultation(variant),
            self.workspace_of(variant),
            self.engine,
            with_drafts=variant.with_drafts,
            entered=record.envelope.entered,
            advisor=record.envelope.signed_by,
        )
        # The files stand in no workspace any more; which version they were is what the record says.
        return replace(advice, published=record.envelope.published)

    def laid(self, first: Trace, steps: Iterable[tuple[str, Variant]], *, told: bool = False) -> Iterator[Laid]:
        """What differs from one step to the next, laid to what was exchanged. What cannot run alone is taken with the next.

        The office's notes have no part in what an applicant is told, and are not even named there. Raises Problems where the
        last step cannot be run.
        """
        before, waiting = first, list[str]()
        several = (
            [(cause, _without_notes(variant)) for cause, variant in steps if cause != NOTED] if told else list(steps)
        )
        for number, (cause, variant) in enumerate(several, start=1):
            waiting.append(cause)
            try:
                after = self.trace(variant, told=told)
            except Problems:
                if number == len(several):
                    raise
                continue
            found = difference(before, after)
            if not found.is_nothing:
                yield Laid(tuple(waiting), found)
            before, waiting = after, []


def exchanged(variant: Variant, files: Files, folder: str) -> Variant:
    """The variant with the files of one folder (`rules`, `reports`, or everything else) or the notes taken from others.

    The house style goes with the templates.
    """

    def is_of(name: str) -> bool:
        return _FOLDERS.get("reports" if is_of_looks(name) else name.partition("/")[0]) == _FOLDERS.get(folder)

    kept = {name: text for name, text in variant.files.items() if not is_of(name)}
    return replace(variant, files={**kept, **{name: text for name, text in files.items() if is_of(name)}})


def to_today(variant: Variant, files: Files) -> tuple[tuple[str, Variant], ...]:
    """The steps from a run as it was to the same by other files: the program alone, the knowledge, the rules, then the notes.

    Templates have no part in a run; see `Runner.rewritten`.
    """
    knowledge = exchanged(variant, files, "knowledge")
    rules = exchanged(knowledge, files, "rules")
    return ((PROGRAM, variant), (KNOWLEDGE, knowledge), (RULES, rules), (NOTED, exchanged(rules, files, NOTES)))


def to_other(old: Variant, new: Variant) -> tuple[tuple[str, Variant], ...]:
    """The steps from one advice to a later one: the program, the day, the knowledge, the rules, the notes, then the profile."""
    day = replace(old, as_of=new.as_of, with_drafts=new.with_drafts)
    knowledge = exchanged(day, new.files, "knowledge")
    rules = replace(exchanged(knowledge, new.files, "rules"), evidence_only=new.evidence_only)
    notes = exchanged(rules, new.files, NOTES)
    return ((PROGRAM, old), (DAY, day), (KNOWLEDGE, knowledge), (RULES, rules), (NOTED, notes), (PROFILE, new))


def _without_notes(variant: Variant) -> Variant:
    if NOTES not in variant.files:
        return variant
    return replace(variant, files={name: text for name, text in variant.files.items() if name != NOTES})


def _texts(advice: Advice, record: Record) -> dict[str, str]:
    """The text of each document that was written with a record, made again; of one that is laid out, what it is made from."""
    forms = {name: written_as(name) for name in record.envelope.documents}
    unknown = next((name for name, one in forms.items() if one is None or PurePath(name).name != name), None)
    if unknown is not None:
        message = f"The record names a document '{shorten(unknown)}'; this program writes none of that kind."
        raise _problem("record.document", message, "Replay it with the version of the program that made it.")
    return {name: advice.document(one.form, one.document) for name, one in forms.items() if one is not None}


def _digests_of_texts(record: Record) -> dict[str, str]:
    """The hash of each document's text; of one that is laid out, of what it was made from."""
    laid_out = {name: one.source_sha256 for name, one in record.envelope.laid_out.items()}
    return {**record.envelope.documents, **laid_out}


def _made(text: str, name: str, reports: Path) -> Made | Problems:
    """The document from its text, or why it cannot be laid out here."""
    try:
        return made_from(text, PurePath(name).suffix.removeprefix("."), reports)
    except Problems as problems:
        return problems


def _by(then: str, now: Made | Problems) -> str:
    """By what a document was laid out then and now, in words."""
    if isinstance(now, Problems):
        return f"laid out by {then} then, and not at all now: {now.diagnostics[0].message}"
    fonts = " with other fonts or libraries of the system" if now.by == then else ""
    return f"laid out by {then} then, by {now.by} now{fonts}"


def _other(record: Record, again: Record) -> tuple[str, ...]:
    """What was not as it was: the program, the engine or the versions they run on."""
    then, now = record.envelope, again.envelope
    source = f"program {then.program} with another source" if then.program == now.program and then.source_sha256 else ""
    pairs = {
        source: (then.source_sha256, now.source_sha256),
        f"program {then.program}, now {VERSION}": (then.program, now.program),
        f"engine {then.engine} {then.engine_version}, now {now.engine} {now.engine_version}": (
            (then.engine, then.engine_version),
            (now.engine, now.engine_version),
        ),
        f"Python {then.python}, now {now.python}": (then.python, now.python),
    }
    return tuple(words for words, (first, second) in pairs.items() if words and first != second)


def _problem(code: str, message: str, hint: str) -> Problems:
    return Problems([Diagnostic(code, message, hint, Location("record"))])
