"""Conditions made ready to be asked: in which order patterns are joined, and what can be decided as soon as what is bound.

A plan is made once of each list of conditions and kept. It changes when things are asked, never what the answer is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from itertools import count
from typing import Generic, TypeVar

from smartpick_expert.engine.evaluator import Bindings, Check, check_of, slot_of
from smartpick_expert.engine.latches import Latches
from smartpick_expert.engine.store import Mode, Stores
from smartpick_expert.language.facts import Fact, concluded
from smartpick_expert.language.model import (
    Conclusion,
    Condition,
    Constant,
    Operand,
    Pattern,
    Reference,
    Rule,
    Shifted,
    Tally,
    Test,
    inner_patterns,
    inner_tests,
)
from smartpick_expert.language.values import ABSENT, UNKNOWN

Key = TypeVar("Key")
Made = TypeVar("Made")
Strata = tuple[tuple[Rule, ...], ...]
# A field, and what it must equal.
LookUp = tuple[str, Reference]


class ById(Generic[Key, Made]):
    """What is made of an object, once, found again by the object's identity.

    Comparing or hashing conditions would cost more than asking them. The object is kept alive beside what was made of
    it, so that its identity is not used again.
    """

    def __init__(self, make: Callable[[Key], Made], most: int = 30_000) -> None:
        self._make = make
        self._most = most
        self._known: dict[int, tuple[Key, Made]] = {}

    def __call__(self, key: Key) -> Made:
        """What was made of this object."""
        known = self._known.get(id(key))
        if known is None:
            if len(self._known) >= self._most:
                self._known.clear()
            known = self._known[id(key)] = (key, self._make(key))
        return known[1]

    @property
    def made(self) -> list[Made]:
        """All that was made and is kept."""
        return [one for _, one in self._known.values()]

    def clear(self) -> None:
        """Forget everything."""
        self._known.clear()


@dataclass(frozen=True, slots=True, eq=False)
class Filter:
    """A pattern that binds nothing: the checks a fact of its type must pass, and how to find such facts."""

    fact_type: str
    checks: tuple[Check, ...]
    look_up: LookUp | None


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One pattern of a join, and what can be decided as soon as it is bound.

    Each check comes with the name of the pattern it belongs to; the conditions look at nothing that is bound later.
    """

    name: str
    fact_type: str
    checks: tuple[tuple[str, Check], ...]
    look_up: LookUp | None
    conditions: tuple[Condition, ...]


def candidates(asked: Filter | Step, bound: Bindings, stores: Stores, mode: Mode) -> Collection[Fact]:
    """The facts worth trying: those of the type, or those that are, or may be, equal in the field looked up."""
    facts = stores.facts(mode)
    if asked.look_up is None:
        return facts.of(asked.fact_type)
    field, operand = asked.look_up
    value = slot_of(operand, bound)
    if value is ABSENT:
        return ()
    if mode is Mode.POSSIBLE:
        return facts.perhaps_holding(asked.fact_type, field, value)
    return () if value is UNKNOWN else facts.holding(asked.fact_type, field, value)


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What to decide first, the join step by step, tallies with names, and what has to wait for these.

    `checks` and `conditions` are those of all steps and the first ones, for whoever has everything bound already.
    """

    first: tuple[Condition, ...]
    steps: tuple[Step, ...]
    checks: tuple[tuple[str, Check], ...]
    conditions: tuple[Condition, ...]
    tallies: tuple[Tally, ...]
    late_checks: tuple[tuple[str, Check], ...]
    late_conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, eq=False)
class RulePlan:
    """A rule made ready: its plan, the names firings are counted by, its conclusions, and which types it looks at.

    `joined` are the types of its positive patterns: it can only fire where each has a fact, and only fire anew where one
    gained a fact. `has_unknown_constant` says that a parameter it reads has no value as of the day.
    """

    plan: Plan
    names: tuple[str, ...]
    tally_names: tuple[str, ...]
    conclusions: tuple[Callable[[Bindings], Fact], ...]
    joined: frozenset[str]
    mentioned: frozenset[str]
    has_unknown_constant: bool


@dataclass(frozen=True, slots=True, eq=False)
class StratumPlan:
    """The plans of a stratum's rules, each with its number among all rules.

    And whether any of them could meet an unknown: by the types it mentions, or by its constants.
    """

    rules: tuple[tuple[int, Rule, RulePlan], ...]
    mentioned: frozenset[str]
    has_unknown_constant: bool


@dataclass(frozen=True, slots=True, eq=False)
class StrataPlan:
    """The plans of all strata, and the latches of all rules."""

    strata: tuple[StratumPlan, ...]
    latches: Latches


def _make_filter(pattern: Pattern) -> Filter:
    return Filter(
        pattern.fact_type, tuple(check_of(test) for test in pattern.tests), _look_up(pattern, {pattern.name} - {""})
    )


def _make_plan(conditions: tuple[Condition, ...]) -> Plan:
    named = [c for c in conditions if isinstance(c, Pattern) and c.name]
    tallies = [c for c in conditions if isinstance(c, Tally) and c.name]
    mine = {pattern.name for pattern in named}
    late_names = {tally.name for tally in tallies}
    checks = [(pattern.name, test) for pattern in named for test in pattern.tests]
    late = [(owner, test) for owner, test in checks if _names((test,)) & late_names]
    waiting = [entry for entry in checks if entry not in late]
    rest = [c for c in conditions if not (isinstance(c, Pattern | Tally) and c.name)]
    late_conditions = [c for c in rest if _names(inner_tests(c)) & late_names]
    rest = [c for c in rest if c not in late_conditions]

    bound: set[str] = set()
    first = _decidable(rest, bound, mine)
    steps: list[Step] = []
    left = list(named)
    while left:
        later = (mine - bound) | late_names
        pattern = next((p for p in left if _look_up(p, later) is not None), left[0])
        left.remove(pattern)
        look_up = _look_up(pattern, later)
        bound.add(pattern.name)
        ready = [e for e in waiting if e[0] in bound and not _names((e[1],)) & (mine - bound)]
        waiting = [entry for entry in waiting if entry not in ready]
        steps.append(
            Step(pattern.name, pattern.fact_type, _checks(ready), look_up, _decidable(rest, bound, mine)),
        )
    return Plan(
        first,
        tuple(steps),
        tuple(check for step in steps for check in step.checks),
        (*first, *(condition for step in steps for condition in step.conditions)),
        tuple(_in_order(tallies)),
        _checks(late),
        tuple(late_conditions),
    )


def _checks(tests: Iterable[tuple[str, Test]]) -> tuple[tuple[str, Check], ...]:
    return tuple((owner, check_of(test)) for owner, test in tests)


def _decidable(rest: list[Condition], bound: set[str], mine: set[str]) -> tuple[Condition, ...]:
    """The conditions that look at nothing yet to be bound; they are taken out of the rest."""
    ready = tuple(c for c in rest if not _names(inner_tests(c)) & (mine - bound))
    rest[:] = [c for c in rest if c not in ready]
    return ready


def _names(tests: Iterable[Test]) -> set[str]:
    return {reference.name for test in tests for reference in test.references()}


def _look_up(pattern: Pattern, later: set[str]) -> LookUp | None:
    """A field of the pattern that must equal a field already bound, if there is one."""
    for test in pattern.tests:
        if test.operator.name == "is":
            (operand,) = test.operands
            if isinstance(operand, Reference) and operand.name not in later:
                return (test.field, operand)
    return None


def _in_order(tallies: Iterable[Tally]) -> list[Tally]:
    """Tallies so that each comes after those whose value it looks at (the loader refuses circles)."""
    left = list(tallies)
    ordered: list[Tally] = []
    while left:
        waiting = {tally.name for tally in left}
        ready = next(
            (t for t in left if not _names((*t.pattern.tests, *t.limits)) & (waiting - {t.name})),
            left[0],
        )
        left.remove(ready)
        ordered.append(ready)
    return ordered


def _make_rule_plan(rule: Rule) -> RulePlan:
    return RulePlan(
        plan_of(rule.when),
        tuple(sorted(pattern.name for pattern in rule.bound())),
        tuple(sorted(c.name for c in rule.when if isinstance(c, Tally) and c.name)),
        tuple(_conclusion(conclusion) for conclusion in rule.then),
        frozenset(pattern.fact_type for pattern in rule.patterns()),
        frozenset(pattern.fact_type for condition in rule.when for pattern in inner_patterns(condition)),
        any(_is_unknown(o) for condition in rule.when for test in inner_tests(condition) for o in test.operands),
    )


def _make_strata_plan(strata: Strata) -> StrataPlan:
    rules = [rule for stratum in strata for rule in stratum]
    numbers = count()
    plans = [tuple((next(numbers), rule, rule_plan_of(rule)) for rule in stratum) for stratum in strata]
    return StrataPlan(
        tuple(
            StratumPlan(
                several,
                frozenset().union(*(plan.mentioned for _, _, plan in several)),
                any(plan.has_unknown_constant for _, _, plan in several),
            )
            for several in plans
        ),
        Latches(rules),
    )


def _is_unknown(operand: Operand) -> bool:
    base = operand.base if isinstance(operand, Shifted) else operand
    return isinstance(base, Constant) and base.value is UNKNOWN


def _conclusion(conclusion: Conclusion) -> Callable[[Bindings], Fact]:
    """What makes the fact; one fact for all firings where nothing in it is taken from what is bound."""
    values, fact_type = conclusion.values, conclusion.fact_type
    if all(isinstance(operand, Constant) for _, operand in values):
        constant = concluded(fact_type, ((name, slot_of(operand, {})) for name, operand in values))
        return lambda _: constant
    return lambda bound: concluded(fact_type, ((name, slot_of(operand, bound)) for name, operand in values))


filter_of: ById[Pattern, Filter] = ById(_make_filter)
plan_of: ById[tuple[Condition, ...], Plan] = ById(_make_plan)
rule_plan_of: ById[Rule, RulePlan] = ById(_make_rule_plan)
# Each holds a whole rule base: no more are kept than an office has in use.
strata_plan_of: ById[Strata, StrataPlan] = ById(_make_strata_plan, most=16)
