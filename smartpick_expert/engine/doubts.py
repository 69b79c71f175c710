"""What keeps a possible firing from being certain, condition by condition, and which facts are behind each condition.

Worked out for whoever explains a run: consulting needs none of it, so a derivation comes without.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from smartpick_expert.engine.derivation import Derivation, Doubt, Firing, Support
from smartpick_expert.engine.evaluator import Bindings, Tallied, leaves
from smartpick_expert.engine.match import holds, solutions, witnesses
from smartpick_expert.engine.store import Mode, Stores
from smartpick_expert.engine.support import behind
from smartpick_expert.engine.tallies import matching
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import (
    AnyOf,
    Condition,
    Constant,
    Negation,
    Pattern,
    Rule,
    Shifted,
    Tally,
    Test,
    inner_tests,
)
from smartpick_expert.language.operators import Truth
from smartpick_expert.language.values import UNKNOWN

Field = tuple[Fact, str]


def with_doubts(derivation: Derivation) -> Derivation:
    """The derivation with support and doubts filled in for its possible firings; itself where they are."""
    if all(firing.doubts for firing in derivation.possible_firings):
        return derivation
    stores = Stores()
    for fact in derivation.certain:
        stores.add_certain(fact)
    for fact in derivation.open:
        stores.add_possible(fact)
    places = {fact: place for place, fact in enumerate(derivation.possible)}
    doubted = []
    for firing in derivation.possible_firings:
        # Each was worth matching by itself; how much all of them look at is bounded by how many there may be.
        stores.visits = 0
        doubted.append(_doubted(derivation.rules[firing.rule_id], firing, stores, places))
    return replace(derivation, possible_firings=tuple(doubted))


def _doubted(rule: Rule, firing: Firing, stores: Stores, places: Mapping[Fact, int]) -> Firing:
    bound: Bindings = {**dict(firing.bindings), **{name: Tallied(value) for name, value in firing.tallies}}
    support: list[Support] = []
    doubts: list[Doubt] = []
    for number, condition in enumerate(rule.when):
        is_open = not _surely(condition, bound, stores)
        if not (isinstance(condition, Pattern) and condition.name):
            found = _possibly_behind(condition, bound, stores) if is_open else behind(condition, bound, stores)
            facts = tuple(sorted(set(found), key=places.__getitem__))
            support += [Support(number, facts)] if facts else []
        if is_open:
            fields = sorted(set(_unknown(condition, bound, stores)), key=lambda pair: (places[pair[0]], pair[1]))
            doubts.append(Doubt(number, tuple(fields), tuple(sorted(set(_without_value(condition))))))
    return replace(firing, support=tuple(support), doubts=tuple(doubts))


def _surely(condition: Condition, bound: Bindings, stores: Stores) -> bool:
    if isinstance(condition, Pattern) and condition.name:
        fact = bound[condition.name]
        return isinstance(fact, Fact) and fact in stores.certain and _truth(condition, fact, bound) is Truth.YES
    return holds(condition, bound, stores, Mode.CERTAIN)


def _truth(pattern: Pattern, fact: Fact, bound: Bindings) -> Truth:
    return min((leaf.truth for leaf in leaves(pattern, fact, bound)), default=Truth.YES)


def _possibly_behind(condition: Condition, bound: Bindings, stores: Stores) -> Iterator[Fact]:
    """The facts by which a condition may hold; for a negation those by which it may fail."""
    if isinstance(condition, Negation):
        yield from witnesses(condition.pattern, bound, stores, Mode.POSSIBLE)
    elif isinstance(condition, Pattern):
        yield from witnesses(condition, bound, stores, Mode.POSSIBLE)
    elif isinstance(condition, Tally):
        yield from matching(condition, bound, stores)[1]
    else:
        for part, solution in _parts(condition, bound, stores):
            if isinstance(part, Pattern) and part.name:
                fact = solution[part.name]
                if isinstance(fact, Fact):
                    yield fact
            else:
                yield from _possibly_behind(part, solution, stores)


def _parts(condition: AnyOf, bound: Bindings, stores: Stores) -> Iterator[tuple[Condition, Bindings]]:
    """The parts of every branch that may hold, with what their names may stand for."""
    for branch in condition.branches:
        for solution in solutions(branch, bound, stores, Mode.POSSIBLE):
            for part in branch:
                yield part, dict(solution)


def _unknown(condition: Condition, bound: Bindings, stores: Stores) -> Iterator[Field]:
    """The fields that are not known and that the condition waits for."""
    if isinstance(condition, AnyOf):
        for part, solution in _parts(condition, bound, stores):
            if not _surely(part, solution, stores):
                yield from _unknown(part, solution, stores)
    elif isinstance(condition, Pattern) and condition.name:
        fact = bound[condition.name]
        if isinstance(fact, Fact):
            yield from _unknown_of(condition, fact, bound)
    else:
        pattern = condition.pattern if isinstance(condition, Negation | Tally) else condition
        for fact in _possibly_behind(condition, bound, stores):
            yield from _unknown_of(pattern, fact, bound)
            if isinstance(condition, Tally) and condition.of and fact.get(condition.of) is UNKNOWN:
                yield fact, condition.of
        for limit in condition.limits if isinstance(condition, Tally) else ():
            yield from _referred(limit, bound)


def _unknown_of(pattern: Pattern, fact: Fact, bound: Bindings) -> Iterator[Field]:
    inner = {**bound, pattern.name: fact} if pattern.name else bound
    for leaf in leaves(pattern, fact, bound):
        if leaf.truth is Truth.UNKNOWN:
            if leaf.found is UNKNOWN:
                yield fact, leaf.test.field
            yield from _referred(leaf.test, inner)


def _referred(test: Test, bound: Bindings) -> Iterator[Field]:
    for reference in test.references():
        fact = bound.get(reference.name)
        if isinstance(fact, Fact) and fact.get(reference.field) is UNKNOWN:
            yield fact, reference.field


def _without_value(condition: Condition) -> Iterator[str]:
    """The parameters that a condition looks at and that have no value on the day."""
    for operand in (operand for test in inner_tests(condition) for operand in test.operands):
        base = operand.base if isinstance(operand, Shifted) else operand
        if isinstance(base, Constant) and base.parameter and base.value is UNKNOWN:
            yield base.parameter
