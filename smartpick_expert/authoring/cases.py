"""Cases: what a rule, or the whole rule base, must and must not conclude; kept in YAML beside the rules.

A `facts:` case runs one rule on facts that may be derived ones. A `profile:` case runs everything on a profile.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from smartpick_expert.diagnostics import Diagnostic, Location, Problems, closest
from smartpick_expert.engine.compiled import compile_rules
from smartpick_expert.engine.conflicts import conflict_diagnostics
from smartpick_expert.engine.consultation import consult_profile, season_of
from smartpick_expert.engine.derivation import Derivation
from smartpick_expert.engine.session import Matcher, consult
from smartpick_expert.intake.facts import consultation_facts, entry_fact
from smartpick_expert.intake.profile import Entry, Profile, profile_from_node, read_profile, require
from smartpick_expert.knowledge.parameters import values_at
from smartpick_expert.language.facts import Fact, concluded, fact_id, listed, open_fact
from smartpick_expert.language.model import Rule, RuleSet, Status
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Mapping, Node, Scalar, read_file
from smartpick_expert.language.values import Slot, shorten
from smartpick_expert.language.vocabulary import Supplier, Vocabulary
from smartpick_expert.workspace import Workspace

SUFFIX = ".cases.yaml"
_COUNT = re.compile(r"[0-9]{1,9}")
DEFAULT_DAY = date(2026, 9, 10)
_FACTS_KEYS = ("name", "facts", "open", "as_of", "fires", "does_not_fire", "times", "concludes")
_PROFILE_KEYS = ("name", "profile", "as_of", "fires", "does_not_fire", "bucket", "actions", "absent_actions")


@dataclass(frozen=True, slots=True)
class Expected:
    """What a case demands. For a `facts:` case, `fires` or `does_not_fire` names one rule."""

    fires: tuple[str, ...] = ()
    does_not_fire: tuple[str, ...] = ()
    times: int | None = None
    concludes: tuple[Fact, ...] | None = None
    bucket: str = ""
    actions: tuple[str, ...] = ()
    absent_actions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One case: a sentence, what is given, what is demanded."""

    name: str
    location: Location
    as_of: date
    profile: Profile
    whole: bool
    open_types: tuple[str, ...]
    expected: Expected

    @property
    def rule_id(self) -> str:
        """The rule that a `facts:` case runs; empty where it names none."""
        return next(iter((*self.expected.fires, *self.expected.does_not_fire)), "")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a case: nothing in `failures` means that it holds. Each failure is a sentence."""

    case: Case
    failures: tuple[str, ...]


def case_files(root: Path) -> tuple[Path, ...]:
    """The case files below a folder, or the one file itself; of a rule file, the one beside it."""
    if root.is_file():
        beside = root.with_name(f"{root.stem}{SUFFIX}")
        return (beside if beside.is_file() else root,)
    return tuple(path for path in sorted(root.rglob(f"*{SUFFIX}")) if not path.name.startswith("."))


def read_cases(path: Path, workspace: Workspace) -> tuple[Case, ...]:
    """The cases of one file. Raises Problems with everything wrong in it."""
    return cases_in(read_file(path, _shown_as(path, workspace)), path, workspace)


def cases_in(node: Node, path: Path, workspace: Workspace) -> tuple[Case, ...]:
    """The cases of what stands, or is to stand, in a file. Raises Problems with everything wrong in it."""
    reader = _CaseReader(workspace, path)
    cases = reader.read(node)
    if reader.reader.problems:
        raise Problems(reader.reader.problems)
    return cases


def _shown_as(path: Path, workspace: Workspace) -> str:
    """The name of a case file: of one in the workspace from its root, as rule files are named."""
    here, root = path.resolve(), workspace.root.resolve()
    return here.relative_to(root).as_posix() if here.is_relative_to(root) else str(path)


def cases_below(root: Path, workspace: Workspace) -> tuple[list[Case], list[Diagnostic]]:
    """The cases below a folder, or of one file, and what is wrong with the files that cannot be read."""
    cases: list[Case] = []
    unreadable: list[Diagnostic] = []
    for path in case_files(root):
        try:
            cases += read_cases(path, workspace)
        except Problems as problems:
            unreadable += problems.diagnostics
    return cases, unreadable


class _CaseReader:
    def __init__(self, workspace: Workspace, path: Path) -> None:
        self.workspace = workspace
        self.path = path
        self.name = _shown_as(path, workspace)
        self.reader = Reader()

    def read(self, node: Node) -> tuple[Case, ...]:
        mapping = self.reader.mapping(node, "A case file")
        if mapping is None:
            return ()
        self.reader.known_keys(mapping, ("about", "cases"), "A case file")
        items = self.reader.sequence(mapping.get("cases"), "'cases'")
        cases = [self._case(entry) for item in items if (entry := self.reader.mapping(item, "A case")) is not None]
        return tuple(case for case in cases if case is not None)

    def _case(self, entry: Mapping) -> Case | None:
        whole = entry.get("profile") is not None
        self.reader.known_keys(
            entry,
            _PROFILE_KEYS if whole else _FACTS_KEYS,
            "A case with " + ("a profile" if whole else "facts"),
        )
        self.reader.required(entry, ("name", "profile" if whole else "facts"), "A case")
        given = entry.get("profile" if whole else "facts")
        if given is None:
            return None
        profile = self._profile(given, whole=whole)
        expected = self._expected(entry, whole=whole)
        for rule_id in (*expected.fires, *expected.does_not_fire):
            if self.workspace.ruleset.get(rule_id) is None:
                suggestion = closest(rule_id, (rule.id for rule in self.workspace.ruleset.rules))
                message = f"There is no rule '{shorten(rule_id)}'."
                self.reader.problem(entry.location, "case.rule", message, suggestion or "Correct the id.")
        return Case(
            name=self.reader.text(entry, "name"),
            location=entry.location,
            as_of=self.reader.date(entry, "as_of") or DEFAULT_DAY,
            profile=profile,
            whole=whole,
            open_types=self.reader.texts(entry, "open"),
            expected=expected,
        )

    def _profile(self, given: Node, *, whole: bool) -> Profile:
        vocabulary = self.workspace.vocabulary
        if whole and isinstance(given, Scalar):
            try:
                path = Path(os.path.normpath(self.path.parent / given.text))
                return require(*read_profile(path, vocabulary))
            except Problems as problems:
                self.reader.problems.extend(problems.diagnostics)
                return Profile(given.text, (), frozenset())
        profile, problems_found = profile_from_node(given, self.name, vocabulary, any_type=not whole)
        self.reader.problems.extend(problems_found)
        return profile

    def _expected(self, entry: Mapping, *, whole: bool) -> Expected:
        times = self.reader.text(entry, "times")
        if times and not _COUNT.fullmatch(times):
            message = f"'{shorten(times)}' is no count."
            self.reader.problem(entry.location, "case.times", message, "Write a whole number.")
        return Expected(
            fires=self._rules(entry, "fires"),
            does_not_fire=self._rules(entry, "does_not_fire"),
            times=int(times) if _COUNT.fullmatch(times) else None,
            concludes=self._concluded(entry.get("concludes"))
            if not whole and entry.get("concludes") is not None
            else None,
            bucket=self.reader.text(entry, "bucket") if whole else "",
            actions=self.reader.texts(entry, "actions") if whole else (),
            absent_actions=self.reader.texts(entry, "absent_actions") if whole else (),
        )

    def _rules(self, entry: Mapping, key: str) -> tuple[str, ...]:
        node = entry.get(key)
        if isinstance(node, Scalar):
            return (self.reader.scalar_text(node, f"'{key}'"),)
        return self.reader.texts(entry, key)

    def _concluded(self, node: Node | None) -> tuple[Fact, ...]:
        if node is None:
            return ()
        profile, problems = profile_from_node(node, self.name, self.workspace.vocabulary, any_type=True)
        self.reader.problems.extend(problems)
        return tuple(sorted((concluded(e.type, e.values.items()) for e in profile.entries), key=str))


def run_case(case: Case, workspace: Workspace, engine: Matcher | str) -> Outcome:
    """Run one case."""
    failures = _run_whole(case, workspace, engine) if case.whole else _run_facts(case, workspace, engine)
    return Outcome(case, tuple(failures))


def observed(case: Case, workspace: Workspace, engine: Matcher | str) -> Expected:
    """What a case would have to demand to hold today. A `facts:` case is of the one rule that it names under `fires`."""
    if case.whole:
        derivation = consult_profile(case.profile, workspace, case.as_of, engine).derivation
        fired = {firing.rule_id for firing in derivation.firings}
        named = (*case.expected.fires, *case.expected.does_not_fire)
        buckets = _buckets(derivation)
        return Expected(
            fires=tuple(rule_id for rule_id in named if rule_id in fired),
            does_not_fire=tuple(rule_id for rule_id in named if rule_id not in fired),
            bucket=buckets[0] if len(buckets) == 1 else "",
        )
    [rule_id] = case.expected.fires
    rule = workspace.ruleset.get(rule_id)
    firings = () if rule is None else _run_rule(rule, case, workspace, engine).firings
    if not firings:
        return Expected(does_not_fire=(rule_id,))
    return Expected(
        fires=(rule_id,), concludes=tuple(sorted({fact for one in firings for fact in one.conclusions}, key=str))
    )


def _run_facts(case: Case, workspace: Workspace, engine: Matcher | str) -> Iterator[str]:
    rule_id = case.rule_id
    rule = workspace.ruleset.get(rule_id)
    if rule is None:
        yield "it names no rule under 'fires' or 'does_not_fire'"
        return
    derivation = _run_rule(rule, case, workspace, engine)
    firings = [firing.conclusions for firing in derivation.firings if firing.rule_id == rule_id]
    yield from failures_of(case, rule_id, firings, workspace.vocabulary)


def failures_of(case: Case, rule_id: str, firings: Sequence[tuple[Fact, ...]], vocabulary: Vocabulary) -> Iterator[str]:
    """In what a case does not hold as far as one rule goes, where these are the conclusions of each of its firings."""
    expected = case.expected
    if rule_id in expected.fires and not firings:
        yield f"{rule_id} does not fire"
    if rule_id in expected.does_not_fire and firings:
        yield f"{rule_id} fires, concluding {_named(vocabulary, [f for firing in firings for f in firing])}"
    if expected.times is not None and len(firings) != expected.times:
        yield f"{rule_id} fires {len(firings)} times, not {expected.times}"
    if expected.concludes is not None:
        found = tuple(sorted({fact for firing in firings for fact in firing}, key=str))
        if found != expected.concludes:
            yield f"{rule_id} concludes {_named(vocabulary, found)}, not {_named(vocabulary, expected.concludes)}"


def _run_rule(rule: Rule, case: Case, workspace: Workspace, engine: Matcher | str) -> Derivation:
    # A case of its own shows what a rule says when it is asked; that holds of a draft, and of a retired one too.
    asked = RuleSet((replace(rule, status=Status.DRAFT),), workspace.vocabulary)
    compiled = compile_rules(asked, parameters_of(case, workspace), case.as_of, with_drafts=True)
    return consult(compiled, facts_of(case, workspace.vocabulary), engine)


def facts_of(case: Case, vocabulary: Vocabulary) -> tuple[Fact, ...]:
    """The facts on which a `facts:` case runs its rule.

    Types that the case does not name have no facts; of a `one` type everything is unknown.
    """
    facts = [given_fact(entry, vocabulary) for entry in case.profile.entries]
    given = {fact.type for fact in facts}
    facts += [listed(t, {}, 0) for t in vocabulary.supplied_by(Supplier.PROFILE) if t.one and t.name not in given]
    facts += [open_fact(vocabulary.types[name]) for name in case.open_types if name in vocabulary.types]
    facts += [fact for fact in consultation_facts(vocabulary, case.as_of) if fact.type not in given]
    return tuple(facts)


def given_fact(entry: Entry, vocabulary: Vocabulary) -> Fact:
    """The fact that a case gives: a conclusion where rules supply its type, else an entry."""
    fact_type = vocabulary.types[entry.type]
    derived = fact_type.supplied_by is Supplier.RULES
    return concluded(entry.type, entry.values.items()) if derived else entry_fact(entry, fact_type)


def parameters_of(case: Case, workspace: Workspace) -> dict[str, Slot]:
    """The values of the parameters with which a `facts:` case runs its rule: those of its day and its season."""
    season = season_of(case.profile, case.as_of)
    return values_at(workspace.knowledge.parameters.values(), case.as_of, season)


def _run_whole(case: Case, workspace: Workspace, engine: Matcher | str) -> Iterator[str]:
    derivation = consult_profile(case.profile, workspace, case.as_of, engine).derivation
    fired = {firing.rule_id for firing in derivation.firings}
    expected = case.expected
    yield from (conflict.message.rstrip(".") for conflict in conflict_diagnostics(derivation))
    yield from (f"{rule_id} does not fire" for rule_id in expected.fires if rule_id not in fired)
    yield from (f"{rule_id} fires" for rule_id in expected.does_not_fire if rule_id in fired)
    buckets = _buckets(derivation)
    if expected.bucket and buckets != [expected.bucket]:
        yield f"the bucket is {' and '.join(buckets)}, not {expected.bucket}"
    actions = {str(fact.get("name")) for fact in derivation.of("action")}
    yield from (f"action {name} is not advised" for name in expected.actions if name not in actions)
    yield from (f"action {name} is advised" for name in expected.absent_actions if name in actions)


def _buckets(derivation: Derivation) -> list[str]:
    return [str(fact.get("name")) for fact in derivation.of("bucket")] or ["open"]


def _named(vocabulary: Vocabulary, facts: list[Fact] | tuple[Fact, ...]) -> str:
    # A text may hold several lines; a sentence is one.
    return " ".join(", ".join(fact_id(vocabulary, fact) for fact in facts).split()) or "nothing"


def diagnostics_of(outcome: Outcome) -> tuple[Diagnostic, ...]:
    """A failed case as findings, one for each sentence."""
    return tuple(
        Diagnostic(
            "case.failed",
            f"Case '{shorten(outcome.case.name, 100)}': {failure}.",
            "Correct the rule or the case.",
            outcome.case.location,
        )
        for failure in outcome.failures
    )
