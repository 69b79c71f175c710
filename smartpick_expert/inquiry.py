"""The use case of explaining: open a profile or a kept record, and ask why, why not, and what if.

Why is answered from the trace of the run, which a record holds: so it is the run as it was. Why-not and what-if need the
rules; for a record they run again on the profile that it holds, and say so where the rules here are not those of then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from smartpick_expert.audit.digests import digests
from smartpick_expert.audit.inputs import workspace_of
from smartpick_expert.audit.record import Record
from smartpick_expert.audit.traces import traced
from smartpick_expert.consulting import consult_checked, consult_file
from smartpick_expert.diagnostics import Diagnostic, Location, Problems, nearest
from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.engine.session import Matcher
from smartpick_expert.explain.difference import Difference, difference
from smartpick_expert.explain.names import fell_away, find, not_concluded
from smartpick_expert.explain.told import as_told
from smartpick_expert.explain.trace import Trace
from smartpick_expert.explain.why import Why, why
from smartpick_expert.explain.why_not import why_not_conclusion, why_not_rule
from smartpick_expert.explain.why_not_model import WhyNotConclusion, WhyNotRule
from smartpick_expert.explain.why_not_names import AskedRule, read_asked
from smartpick_expert.intake.changes import changed
from smartpick_expert.intake.kept import without_what_is_kept
from smartpick_expert.intake.notes import with_notes_of
from smartpick_expert.intake.profile import Profile, profile_from_text, require
from smartpick_expert.language.edits import Edit
from smartpick_expert.programs.carried import FOLDER
from smartpick_expert.programs.catalogue import Catalogue
from smartpick_expert.programs.gates import FILTER, REQUIREMENT, Result
from smartpick_expert.programs.screening import screen, with_programs
from smartpick_expert.report.statements import statements_of
from smartpick_expert.sources import open_kept
from smartpick_expert.version import VERSION
from smartpick_expert.workspace import NOTES, Workspace, load_workspace, on_evidence

_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_RULES, _KNOWLEDGE, _NOTES = "rules", "knowledge", "notes"


@dataclass(frozen=True)
class Inquiry:
    """A run that is asked about. `record` is what it was kept in; None where the profile was run just now.

    `told` asks about the run that made the applicant's documents, without what is kept for the advisor.
    """

    source: Path
    workspace: Workspace
    as_of: date
    engine: Matcher | str
    with_drafts: bool
    told: bool
    record: Record | None = None

    @cached_property
    def trace(self) -> Trace:
        """The run as it was; with programs of a catalogue, which no record knows, made anew."""
        if self.record is None or self.workspace.added:
            return self._trace(self.consultation)
        body = self.record.body
        return as_told(body.applicant or body.advisor, self.workspace) if self.told else body.advisor

    @cached_property
    def consultation(self) -> Consultation:
        """The run by the rules of the workspace; for a record made anew. Raises Problems."""
        if self.record is None:
            consultation = consult_file(
                self.source, self.workspace, self.as_of, self.engine, with_drafts=self.with_drafts
            )
            if not self.told:
                return consultation
            return self._consult(consultation.profile, self.workspace)
        return self._consult(self._kept_profile(self.record), self.workspace)

    def about_programs(self, catalogue: Catalogue, asked: str) -> Inquiry:
        """The same inquiry with the programs of a catalogue that a question names. Raises Problems where it names none."""
        labels = [word for word in _LABEL.findall(asked) if word in catalogue.by_id]
        if not labels:
            words = [word for word in _LABEL.findall(asked) if word not in self.workspace.vocabulary.types]
            hint = nearest(words[-1], catalogue.by_id) if words else ""
            message = "The question names no program of the catalogue."
            hint = hint or "Name one by its id: requirement[program=ID name=visa], or ID alone."
            raise Problems([Diagnostic("programs.unknown", message, hint, Location(str(catalogue.path)))])
        return replace(self, workspace=with_programs(self.workspace, catalogue, labels, self.as_of))

    def question_on(self, catalogue: Catalogue, asked: str, *, met: bool) -> str:
        """A question on a program as a whole (its id) as one on the gate that decides; another question as it is.

        That is the requirement that blocks, else the first that is not known, else the filter that stops the file, else all
        requirements. With `met` it asks for what would have been. Raises Problems where nothing stands in the way.
        """
        if asked.strip() not in catalogue.by_id:
            return asked
        label = asked.strip()
        alone = replace(catalogue, listings=(catalogue.by_id[label],))
        (one,) = screen(self.consultation, alone, self.engine).programs
        gate = one.blocking or next(iter(one.unknown), None)
        stopped = next((each for each in one.filters if each.result is Result.BLOCKED), None)
        if gate is None and stopped is not None:
            return f"{FILTER}[program={label} name={stopped.name}{' result=passed' if met else ''}]"
        if gate is None and met:
            message = f"Nothing that is stated stands in the way at '{label}'."
            raise Problems([Diagnostic("programs.open", message, "", Location(str(catalogue.path)))])
        if gate is None or (not met and gate.result is Result.UNKNOWN):
            return f"{REQUIREMENT}[program={label}]"
        return f"{REQUIREMENT}[program={label} name={gate.name} strictness=strict{' result=met' if met else ''}]"

    @cached_property
    def caveat(self) -> str:
        """What a reader has to know where an answer rests on other rules than the record; empty where it does not."""
        if self.record is None:
            return ""
        inputs = self.record.body.inputs
        then, now = {**inputs.rules.files, **inputs.knowledge.files}, digests(self.workspace.files)
        parts = {_part_of(name) for name in {**then, **now} if then.get(name) != now.get(name)}
        program = self.record.envelope.program != VERSION
        other = [part for part in (_RULES, _KNOWLEDGE, _NOTES) if part in parts] + ["program"] * program
        if not other:
            return ""
        differing = " and ".join(other)
        return (
            f"The record was made with other {differing} than are used here; what follows goes by those here. "
            "Name the workspace it was made with by --workspace for an answer by its own."
        )

    def why(self, name: str, *, full: bool = False) -> Why:
        """The chain behind a conclusion, a statement, a rule or an action. Raises Problems where there is none."""
        try:
            named = find(name, self.trace)
        except Problems as unknown:
            left_out = self._left_out(name)
            if left_out is not None:
                raise fell_away(name, left_out) from None
            if self._may_be_concluded(name):
                raise not_concluded(name) from None
            raise unknown from None
        return why(named, self.trace, full=full)

    def _left_out(self, name: str) -> tuple[str, ...] | None:
        """The rules by perception that could conclude what is asked for, where evidence alone counts; none where it is one itself.

        None where it did not fall away.
        """
        if not self.workspace.is_on_evidence:
            return None
        try:
            asked = read_asked(name, self.workspace)
            if isinstance(asked, AskedRule):
                return () if self.workspace.ruleset.get(asked.id) is None else None
            answer = why_not_conclusion(asked.type, asked.fields, self.consultation, self.workspace)
        except Problems:
            return None
        return tuple(rule.id for rule in answer.left_out) or None

    def _may_be_concluded(self, name: str) -> bool:
        """Whether a name that the run does not know is that of a conclusion all the same: the rules know what may come out."""
        if name.strip() in self.workspace.vocabulary.types or any(mark in name for mark in "[.#"):
            return False
        try:
            return not isinstance(read_asked(name, self.workspace), AskedRule)
        except Problems:
            return False

    def why_not(self, name: str, *, full: bool = False) -> WhyNotRule | WhyNotConclusion:
        """What kept a rule from firing, or a conclusion from being drawn. Raises Problems for a name that stands for neither."""
        asked = read_asked(name, self.workspace)
        if isinstance(asked, AskedRule):
            return why_not_rule(asked.id, self.consultation, self.workspace, full=full)
        return why_not_conclusion(asked.type, asked.fields, self.consultation, self.workspace, full=full)

    def what_if(
        self, edits: Iterable[Edit] = (), profile: Path | None = None, workspace: Workspace | None = None
    ) -> Difference:
        """What would differ with changes in the profile, with another profile, or by the rules of another workspace.

        Raises Problems where the changed profile contradicts itself, or names what is not there.
        """
        several = tuple(edits)
        # By other rules, and with what this office knows.
        other = with_notes_of(workspace, self.workspace) if workspace is not None else self.workspace
        if profile is not None:
            after = consult_file(profile, other, self.as_of, self.engine, with_drafts=self.with_drafts)
            after = self._consult(after.profile, other) if self.told else after
        else:
            before = self.consultation.profile
            after = self._consult(changed(before, several, other.vocabulary) if several else before, other)
        # What is compared with other rules is the record itself; with another profile it is the same rules on both.
        first = self.trace if workspace is not None or not self.caveat else self._trace(self.consultation)
        return difference(first, self._trace(after, other))

    def _consult(self, profile: Profile, workspace: Workspace) -> Consultation:
        shown = without_what_is_kept(profile, workspace.vocabulary) if self.told else profile
        return consult_checked(shown, workspace, self.as_of, self.engine, with_drafts=self.with_drafts)

    def _trace(self, consultation: Consultation, workspace: Workspace | None = None) -> Trace:
        used = workspace or self.workspace
        trace = traced(consultation, used, statements_of(consultation, used))
        return as_told(trace, used) if self.told else trace

    def _kept_profile(self, record: Record) -> Profile:
        kept = record.body.inputs.profile
        if record.body.redacted:
            raise Problems(
                [
                    Diagnostic(
                        "record.redacted",
                        "This record is redacted: it holds no profile, so nothing can be run again.",
                        "Ask 'smartpick why', which needs none, or name the profile or the full record.",
                        Location(str(self.source)),
                    )
                ]
            )
        name = f"{self.source}/profile{kept.form}"
        return require(*profile_from_text(kept.text, name, self.workspace.vocabulary))


def inquire(
    source: Path | str,
    workspace: Workspace | Path | None = None,
    as_of: date | None = None,
    engine: Matcher | str = "",
    *,
    told: bool = False,
    with_drafts: bool = False,
    ledger: Path | None = None,
) -> Inquiry:
    """Open a profile, a record, a bundle, or an entry of the ledger by its id.

    What was kept speaks of its own day and drafts, and is asked by the rules that were kept with it, unless a workspace is
    named. Raises Problems where it cannot be read.
    """
    path, kept = Path(source), open_kept(str(source), ledger)
    if kept is None:
        day = as_of or date.today()  # noqa: DTZ011 - the day where the advisor is
        return Inquiry(path, _loaded(workspace), day, engine, with_drafts, told)
    body = kept.record.body
    day = date(int(body.as_of), 1, 1) if body.redacted else date.fromisoformat(body.as_of)
    if as_of is not None and as_of != day:
        message = f"This record is of {body.as_of}; its day cannot be another."
        hint = "Leave --as-of out, or name the profile."
        raise Problems([Diagnostic("record.day", message, hint, Location(str(path)))])
    if kept.files is None or workspace is not None:
        loaded = _loaded(workspace)
        loaded = on_evidence(loaded) if body.evidence_only else loaded
        return Inquiry(path, loaded, day, engine, body.with_drafts, told, kept.record)
    with workspace_of(kept.files) as own:
        asked = on_evidence(own) if body.evidence_only else own
        return Inquiry(path, asked, day, engine, body.with_drafts, told, kept.record)


def _part_of(name: str) -> str:
    """What a file of a record is. Catalogues have no part in an inquiry but where one is named for it."""
    if name == NOTES:
        return _NOTES
    return "" if name.startswith(FOLDER) else _RULES if name.startswith("rules/") else _KNOWLEDGE


def _loaded(workspace: Workspace | Path | None) -> Workspace:
    return workspace if isinstance(workspace, Workspace) else load_workspace(workspace)
