"""What a change of rules or knowledge would do to people: each advised by the old and by the new, and the two held side by side.

The comparison is the one that what-if, replay and recall use (`explain/difference.py`); here it is made for many, on as many
processes as are asked for, always in the order of the people.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property, partial
from pathlib import Path
from typing import Final, Self

from smartpick_expert.audit.inputs import workspace_of
from smartpick_expert.authoring.renamed import renamed_rules, with_new_names
from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.explain.difference import BUCKET, NOTHING, Difference, Part, Said, difference
from smartpick_expert.explain.difference_text import said_text
from smartpick_expert.explain.names import ACTION
from smartpick_expert.explain.trace import Trace
from smartpick_expert.intake.kept import holds_what_is_kept
from smartpick_expert.intake.notes import with_notes, with_notes_of
from smartpick_expert.intake.profile import profile_from_text
from smartpick_expert.recall import NOTHING as NO_DIFFERENCE
from smartpick_expert.replay import Runner, Variant
from smartpick_expert.workspace import Workspace, load_workspace

# What a person's advice is made of; the rules, parameters and entries beneath may differ without its saying anything else.
SAID: Final = (Part.BUCKET, Part.WEIGHED, Part.ACTIONS, Part.CONCLUDED, Part.STATEMENTS)
_BENEATH: Final = (Part.GIVEN, Part.RULES)
# Fewer people than this are through before another process has begun.
_WORTH_A_PROCESS: Final = 30
_AT_ONCE: Final = 10
_NO_BUCKET: Final = "not sorted"


class Fate(StrEnum):
    """What becomes of a person's advice: it says something else, says the same in other words around it, or says just the same.

    `beneath`: it says the same, and other rules fired or other facts were at hand on the way. A number that is only read as
    another, and decides nothing else, leaves an advice untouched.
    """

    LOST = "lost"
    GAINED = "gained"
    MOVED = "moved"
    AROUND = "around"
    BENEATH = "beneath"
    UNTOUCHED = "untouched"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to advise: a name to find them by, and their profile as text, with its form (`.yaml` or `.json`).

    `problems` say why there is no text, where the file could not be read.
    """

    name: str
    text: str
    form: str = ".yaml"
    problems: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a statement, or an action, whose own words stay: its title, standing, kind or audience, or its description."""

    of: str
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Side:
    """One advice of a person: the bucket in words, and how often each rule surely fired. `problems`: why there is none."""

    bucket: str = ""
    fired: Mapping[str, int] | None = None
    problems: tuple[Diagnostic, ...] = ()

    @property
    def is_advised(self) -> bool:
        """Whether there is an advice."""
        return self.fired is not None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One person under both. `told` is what the applicant is told otherwise, where it is not what the advisor sees change."""

    person: str
    label: str
    before: Side
    after: Side
    difference: Difference = NO_DIFFERENCE
    told: Difference | None = None
    around: tuple[Around, ...] = ()

    @property
    def fate(self) -> Fate:
        """What becomes of the advice."""
        if not (self.before.is_advised and self.after.is_advised):
            if self.before.is_advised:
                return Fate.LOST
            return Fate.GAINED if self.after.is_advised else Fate.NEITHER
        if self.told is not None or any(self.difference.of(part) for part in SAID):
            return Fate.MOVED
        if self.around:
            return Fate.AROUND
        return Fate.BENEATH if any(self.difference.of(part) for part in _BENEATH) else Fate.UNTOUCHED


@dataclass(frozen=True)
class How:
    """How everybody is advised. `reworded` are actions that are described otherwise in the new workspace."""

    as_of: date
    engine: str = ""
    with_drafts: bool = False
    reworded: frozenset[str] = frozenset()


def look(people: Sequence[Person], old: Workspace, new: Workspace, how: How, processes: int = 1) -> Iterator[Outcome]:
    """What becomes of each person's advice, in their order. A profile that cannot be advised on is an outcome too.

    The office's notes are no part of what is compared: those of the new workspace count on both sides.
    """
    old = with_notes_of(old, new)
    processes = min(processes, len(people) // _WORTH_A_PROCESS)
    if processes < 2:  # noqa: PLR2004 - one process is this one
        with _Looker(old, new, how) as looker:
            yield from map(looker.look, people)
        return
    with ExitStack() as stack:
        # Everybody is advised by the files as they were read once, whatever is saved meanwhile.
        first, second = (stack.enter_context(workspace_of(one.files)).root for one in (old, new))
        begin = partial(_begin, first, second, how)
        pool = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), initializer=begin)
        try:
            # Not `pool.map`: it cancels what is left when it is stopped, and a process that ends then fails on that, aloud.
            parts = deque(
                pool.submit(_look, people[start : start + _AT_ONCE]) for start in range(0, len(people), _AT_ONCE)
            )
            while parts:
                yield from parts.popleft().result()
        except BrokenProcessPool:
            message = "One of the processes was ended from outside, perhaps for want of memory."
            hint = "Run it again with --workers 1."
            raise Problems([Diagnostic("impact.process", message, hint, Location("impact"))]) from None
        finally:
            # Once everybody is through there is nothing to end. After an interruption nobody waits for what is under way.
            pool.shutdown(wait=False)
            for child in multiprocessing.active_children():
                child.terminate()
                child.join()


class _Looker:
    """Advises by both. Rules are compiled once for each day and season (`engine.consultation`)."""

    def __init__(self, old: Workspace, new: Workspace, how: How) -> None:
        self.sides = (old, new)
        self.how = how
        self.runner = Runner(how.engine)
        self.names = renamed_rules(old.ruleset, new.ruleset)

    def __enter__(self) -> Self:
        self.runner.__enter__()
        for side in self.sides:
            self.runner.know(side.files, side)
        return self

    def __exit__(self, *_: object) -> None:
        self.runner.__exit__()

    def look(self, person: Person) -> Outcome:
        """One person under both."""
        before, after = (self._run(person, side) for side in self.sides)
        before = before.with_names(self.names)
        sides = (before.side, after.side)
        label = next((run.label for run in (after, before) if run.label), "")
        if before.trace is None or after.trace is None:
            return Outcome(person.name, label, *sides)
        found = difference(before.trace, after.trace)
        told = None
        if before.told is not None or after.told is not None:
            told = difference(before.told or before.trace, after.told or after.trace)
            told = _lean(told) if _said_changes(told) != _said_changes(found) else None
        around = (*_around(before.trace, after.trace), *_reworded(after.trace, self.how.reworded))
        return Outcome(person.name, label, *sides, _lean(found), told, around)

    def _run(self, person: Person, workspace: Workspace) -> _Run:
        how = self.how
        if person.problems:
            return _Run(problems=person.problems)
        variant = Variant(person.text, person.form, how.as_of.isoformat(), workspace.files, how.with_drafts)
        try:
            trace = self.runner.trace(variant)
            told = self.runner.trace(variant, told=True) if _is_kept(person, workspace) else None
        except Problems as problems:
            return _Run(problems=tuple(_named(problem, person) for problem in problems.diagnostics))
        return _Run(trace, told)


@dataclass(frozen=True)
class _Run:
    """One person by one side: the run on everything, and the one that makes the applicant's documents where it is another."""

    trace: Trace | None = None
    told: Trace | None = None
    problems: tuple[Diagnostic, ...] = ()

    def with_names(self, names: Mapping[str, str]) -> _Run:
        """The runs with rules that were renamed since called as they are now."""
        trace, told = (one and with_new_names(one, names) for one in (self.trace, self.told))
        return replace(self, trace=trace, told=told)

    @cached_property
    def side(self) -> Side:
        if self.trace is None:
            return Side(problems=self.problems)
        fired: dict[str, int] = {}
        for firing in self.trace.firings:
            if firing.certain:
                fired[firing.rule] = fired.get(firing.rule, 0) + 1
        return Side(_bucket_words(self.trace), fired)

    @property
    def label(self) -> str:
        if self.trace is None:
            return ""
        applicant = next((fact for fact in self.trace.facts if fact.type == "applicant"), None)
        label = applicant.field("label") if applicant is not None else None
        return label.text if label is not None else ""


def _bucket_words(trace: Trace) -> str:
    """How a run sorts the file, surely or perhaps."""
    names = [(fact.certain, fact.field("name")) for fact in trace.facts if fact.type == BUCKET]
    sure, perhaps = (
        sorted({name.text for certain, name in names if certain is wanted and name is not None})
        for wanted in (True, False)
    )
    said = Said(" and ".join(sure), frozenset(perhaps))
    return said_text(said) if said != NOTHING else _NO_BUCKET


def _is_kept(person: Person, workspace: Workspace) -> bool:
    profile, _ = profile_from_text(person.text, person.name, workspace.vocabulary)
    return holds_what_is_kept(with_notes(profile, workspace), workspace.vocabulary)


def _named(problem: Diagnostic, person: Person) -> Diagnostic:
    """A finding by the name of the person's own file."""

    def own(path: str) -> str:
        return person.name if path == f"profile{person.form}" else path

    related = tuple((replace(place, path=own(place.path)), role) for place, role in problem.related)
    return replace(problem, location=replace(problem.location, path=own(problem.location.path)), related=related)


def _lean(found: Difference) -> Difference:
    """The difference with the titles and names that it speaks of, and no others: it is sent from process to process."""
    rules = {rule for one in found.changes for rule in (*one.came, *one.went, *one.stayed)}
    rules |= {one.key for one in found.of(Part.RULES)}
    keys = {one.key for one in found.changes}
    return Difference(
        found.changes,
        {rule: title for rule, title in found.titles.items() if rule in rules},
        {key: name for key, name in found.names.items() if key in keys},
    )


def _said_changes(found: Difference) -> set[tuple[Part, str, Said, Said]]:
    return {(one.part, one.key, one.before, one.after) for part in SAID for one in found.of(part)}


def _around(before: Trace, after: Trace) -> Iterator[Around]:
    """What stands otherwise around statements that both make."""
    then = {one.id: one for one in before.statements}
    for now in after.statements:
        was = then.get(now.id)
        if was is None:
            continue
        pairs = {
            "title": (was.title, now.title),
            "kind": (was.kind, now.kind),
            "standing": (was.standing, now.standing),
            "for": (", ".join(was.audience), ", ".join(now.audience)),
        }
        for what, (old, new) in pairs.items():
            if old != new:
                yield Around(now.id, what, old, new)


def _reworded(after: Trace, reworded: Iterable[str]) -> Iterator[Around]:
    """Actions that are advised, and that are described otherwise."""
    actions = (fact.field("name") for fact in after.facts if fact.type == ACTION and fact.certain)
    names = {str(name.value) for name in actions if name is not None}
    for name in sorted(names & set(reworded)):
        yield Around(name, "description", "", "")


# Each process holds what it advises by, read once.
_LOOKER: list[_Looker] = []


def _begin(old: Path, new: Path, how: How) -> None:
    # Whoever interrupts the command is answered by it, and not by each process as well.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _LOOKER[:] = [_Looker(load_workspace(old), load_workspace(new), how).__enter__()]


def _look(people: Sequence[Person]) -> list[Outcome]:
    return [_LOOKER[0].look(person) for person in people]
