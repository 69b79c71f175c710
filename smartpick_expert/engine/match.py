"""Who satisfies a list of conditions: the bindings under which all of them hold, certainly or possibly.

A join over the named patterns (indexed on equal fields), then the values of named tallies; everything else is decided as
soon as what it looks at is bound. The same code serves the plain engine, the branches of `any`, and the check of every
match of durable-rules.
"""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.engine.evaluator import Bindings, Check, Tallied
from smartpick_expert.engine.plans import Plan, Step, candidates, filter_of, plan_of
from smartpick_expert.engine.store import Mode, Stores
from smartpick_expert.engine.tallies import tallied, tally_holds
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import AnyOf, Condition, Negation, Pattern
from smartpick_expert.language.operators import Truth

Bound = dict[str, Fact | Tallied]


def solutions(conditions: tuple[Condition, ...], bindings: Bindings, stores: Stores, mode: Mode) -> Iterator[Bound]:
    """Every way to bind the named patterns of `conditions`, on top of `bindings`, so that all conditions hold."""
    plan = plan_of(conditions)
    if not _all_hold(plan.first, bindings, stores, mode):
        return
    for bound in _join(plan.steps, 0, dict(bindings), stores, mode):
        complete = _finish(plan, dict(bound), stores, mode)
        if complete is not None:
            yield complete


def check(conditions: tuple[Condition, ...], bound: Bindings, stores: Stores, mode: Mode) -> Bound | None:
    """The bindings with tallies added, if all conditions hold for exactly these facts; else None."""
    plan = plan_of(conditions)
    for step in plan.steps:
        if not _passes(step.checks, bound, mode):
            return None
    if not _all_hold(plan.first, bound, stores, mode):
        return None
    for step in plan.steps:
        if not _all_hold(step.conditions, bound, stores, mode):
            return None
    return _finish(plan, dict(bound), stores, mode)


def _needed(mode: Mode) -> Truth:
    return Truth.YES if mode is Mode.CERTAIN else Truth.UNKNOWN


def _passes(checks: tuple[tuple[str, Check], ...], bound: Bindings, mode: Mode) -> bool:
    needed = _needed(mode)
    for owner, one in checks:  # noqa: SIM110 - a generator here costs as much as the checks
        if one(bound[owner], bound) < needed:  # type: ignore[arg-type]
            return False
    return True


def _finish(plan: Plan, bound: Bound, stores: Stores, mode: Mode) -> Bound | None:
    """What could only be decided once everything is bound; the tallies' values are added to the bindings."""
    for tally in plan.tallies:
        if not tally_holds(tally, bound, stores, mode):
            return None
        bound[tally.name] = tallied(tally, bound, stores)
    if not _passes(plan.late_checks, bound, mode):
        return None
    return bound if _all_hold(plan.late_conditions, bound, stores, mode) else None


def _all_hold(conditions: tuple[Condition, ...], bound: Bindings, stores: Stores, mode: Mode) -> bool:
    for condition in conditions:  # noqa: SIM110 - most often there are none, and a generator is made in vain
        if not holds(condition, bound, stores, mode):
            return False
    return True


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
    for _ in witnesses(pattern, bound, stores, mode):
        return True
    return False


def witnesses(pattern: Pattern, bound: Bindings, stores: Stores, mode: Mode) -> Iterator[Fact]:
    """The facts that pass a pattern."""
    ready = filter_of(pattern)
    needed = _needed(mode)
    for fact in candidates(ready, bound, stores, mode):
        stores.visit()
        for one in ready.checks:
            if one(fact, bound) < needed:
                break
        else:
            yield fact


def _join(steps: tuple[Step, ...], depth: int, bound: Bound, stores: Stores, mode: Mode) -> Iterator[Bound]:
    """The bindings of the steps from `depth` on. It is one dictionary, changed from one binding to the next."""
    if depth == len(steps):
        yield bound
        return
    step = steps[depth]
    for fact in candidates(step, bound, stores, mode):
        stores.visit()
        bound[step.name] = fact
        if _passes(step.checks, bound, mode) and _all_hold(step.conditions, bound, stores, mode):
            yield from _join(steps, depth + 1, bound, stores, mode)
    bound.pop(step.name, None)
