"""Who satisfies a list of conditions: the bindings under which all of them hold, certainly or possibly.

A join over the named patterns (indexed on equal fields), then the values of named tallies, then everything that looks at
the whole. The same code serves the plain engine, the branches of `any`, and the check of every match of durable-rules.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from smartpick_expert.engine.evaluator import Bindings, Tallied, slot_of, tests_truth
from smartpick_expert.engine.store import Mode, Stores
from smartpick_expert.engine.tallies import tallied, tally_holds
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import AnyOf, Condition, Negation, Pattern, Reference, Tally, Test
from smartpick_expert.language.operators import Truth
from smartpick_expert.language.values import ABSENT


@dataclass(frozen=True, slots=True)
class _Step:
    """One pattern of a join: the tests that can be decided as soon as it is bound, by the pattern they belong to.

    `look_up` is a field of this pattern that must equal a field already bound, if there is one.
    """

    pattern: Pattern
    tests: tuple[tuple[str, Test], ...]
    look_up: tuple[str, Reference] | None


@dataclass(frozen=True, slots=True)
class _Plan:
    """The order of a join, and what remains: tallies with names, tests that need them, everything else."""

    steps: tuple[_Step, ...]
    tallies: tuple[Tally, ...]
    late_tests: tuple[tuple[str, Test], ...]
    rest: tuple[Condition, ...]


def solutions(
    conditions: tuple[Condition, ...], bindings: Bindings, stores: Stores, mode: Mode
) -> Iterator[dict[str, Fact | Tallied]]:
    """Every way to bind the named patterns of `conditions`, on top of `bindings`, so that all conditions hold."""
    plan = _plan(conditions)
    for bound in _join(plan.steps, 0, dict(bindings), stores, mode):
        complete = _finish(plan, bound, stores, mode)
        if complete is not None:
            yield complete


def check(
    conditions: tuple[Condition, ...], bound: Bindings, stores: Stores, mode: Mode
) -> dict[str, Fact | Tallied] | None:
    """The bindings with tallies added, if all conditions hold for exactly these facts; else None."""
    plan = _plan(conditions)
    for step in plan.steps:
        if not _passes(step.tests, bound, mode):
            return None
    return _finish(plan, dict(bound), stores, mode)


def _passes(tests: tuple[tuple[str, Test], ...], bound: Bindings, mode: Mode) -> bool:
    needed = Truth.YES if mode is Mode.CERTAIN else Truth.UNKNOWN
    for owner, test in tests:
        fact = bound[owner]
        if isinstance(fact, Fact) and tests_truth((test,), fact, bound) < needed:
            return False
    return True


def _finish(
    plan: _Plan, bound: dict[str, Fact | Tallied], stores: Stores, mode: Mode
) -> dict[str, Fact | Tallied] | None:
    for tally in plan.tallies:
        if not tally_holds(tally, bound, stores, mode):
            return None
        bound[tally.name] = tallied(tally, bound, stores)
    if not _passes(plan.late_tests, bound, mode):
        return None
    return bound if all(holds(condition, bound, stores, mode) for condition in plan.rest) else None


def holds(condition: Condition, bound: Bindings, stores: Stores, mode: Mode) -> bool:
    """Whether a condition without a name at the top holds under complete bindings."""
    if isinstance(condition, Pattern):
        return exists(condition, bound, stores, mode)
    if isinstance(condition, Negation):
        opposite = Mode.POSSIBLE if mode is Mode.CERTAIN else Mode.CERTAIN
        return not exists(condition.pattern, bound, stores, opposite)
    if isinstance(condition, AnyOf):
        return any(next(solutions(branch, bound, stores, mode), None) is not None for branch in condition.branches)
    return tally_holds(condition, bound, stores, mode)


def exists(pattern: Pattern, bound: Bindings, stores: Stores, mode: Mode) -> bool:
    """Whether there is a fact that passes the pattern."""
    return next(witnesses(pattern, bound, stores, mode), None) is not None


def witnesses(pattern: Pattern, bound: Bindings, stores: Stores, mode: Mode) -> Iterator[Fact]:
    """The facts that pass a pattern."""
    needed = Truth.YES if mode is Mode.CERTAIN else Truth.UNKNOWN
    look_up = next(
        ((test.field, r) for test in pattern.tests if (r := _equal_reference(test)) and r.name in bound), None
    )
    for fact in _candidates(pattern, look_up, bound, stores, mode):
        if tests_truth(pattern.tests, fact, bound) >= needed:
            yield fact


def _candidates(
    pattern: Pattern, look_up: tuple[str, Reference] | None, bound: Bindings, stores: Stores, mode: Mode
) -> Collection[Fact]:
    facts = stores.facts(mode)
    if look_up is None:
        return list(facts.of(pattern.fact_type))
    value = slot_of(look_up[1], bound)
    return [] if value is ABSENT else facts.holding(pattern.fact_type, look_up[0], value)


def _join(
    steps: tuple[_Step, ...], depth: int, bound: dict[str, Fact | Tallied], stores: Stores, mode: Mode
) -> Iterator[dict[str, Fact | Tallied]]:
    if depth == len(steps):
        yield dict(bound)
        return
    step = steps[depth]
    for fact in _candidates(step.pattern, step.look_up, bound, stores, mode):
        bound[step.pattern.name] = fact
        if _passes(step.tests, bound, mode):
            yield from _join(steps, depth + 1, bound, stores, mode)
    bound.pop(step.pattern.name, None)


def _equal_reference(test: Test) -> Reference | None:
    if test.operator.name == "is" and isinstance(test.operands[0], Reference):
        return test.operands[0]
    return None


# By identity, since comparing conditions would cost more than joining them; the conditions are kept alive beside.
_PLANS: dict[int, tuple[tuple[Condition, ...], _Plan]] = {}
_MAX_PLANS = 20_000


def _plan(conditions: tuple[Condition, ...]) -> _Plan:
    known = _PLANS.get(id(conditions))
    if known is not None:
        return known[1]
    if len(_PLANS) >= _MAX_PLANS:
        _PLANS.clear()
    plan = _make_plan(conditions)
    _PLANS[id(conditions)] = (conditions, plan)
    return plan


def _make_plan(conditions: tuple[Condition, ...]) -> _Plan:
    named = [c for c in conditions if isinstance(c, Pattern) and c.name]
    tallies = [c for c in conditions if isinstance(c, Tally) and c.name]
    mine = {p.name for p in named}
    tally_names = {t.name for t in tallies}
    pending = [(p.name, test) for p in named for test in p.tests]
    late = [(owner, test) for owner, test in pending if any(r.name in tally_names for r in test.references())]
    pending = [entry for entry in pending if entry not in late]
    steps: list[_Step] = []
    bound: set[str] = set()
    left = list(named)
    while left:
        later = (mine - bound) | tally_names
        pattern = next((p for p in left if _look_up(p, later) is not None), left[0])
        left.remove(pattern)
        look_up = _look_up(pattern, later)
        bound.add(pattern.name)
        ready = [
            e
            for e in pending
            if e[0] in bound and all(r.name in bound or r.name not in mine for r in e[1].references())
        ]
        pending = [entry for entry in pending if entry not in ready]
        steps.append(_Step(pattern, tuple(ready), look_up))
    rest = tuple(c for c in conditions if not (isinstance(c, Pattern | Tally) and c.name))
    return _Plan(tuple(steps), tuple(_in_order(tallies)), tuple(late), rest)


def _look_up(pattern: Pattern, later: set[str]) -> tuple[str, Reference] | None:
    for test in pattern.tests:
        reference = _equal_reference(test)
        if reference is not None and reference.name not in later:
            return (test.field, reference)
    return None


def _in_order(tallies: Iterable[Tally]) -> list[Tally]:
    """Tallies so that each comes after those whose value it looks at (the loader refuses circles)."""
    left = list(tallies)
    names = {tally.name for tally in left}
    ordered: list[Tally] = []
    done: set[str] = set()
    while left:
        ready = next(
            (
                t
                for t in left
                if all(
                    r.name not in names or r.name in done
                    for test in (*t.pattern.tests, *t.limits)
                    for r in test.references()
                )
            ),
            left[0],
        )
        left.remove(ready)
        done.add(ready.name)
        ordered.append(ready)
    return ordered
