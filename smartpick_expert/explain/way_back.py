"""How far something is from being concluded, the whole way back to what a profile says.

A condition that lacks a fact which rules conclude is as far off as the nearest of those rules, so that one number missed far
back is nearer than four things missed at once. How much of the way is shown has no part in this.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from smartpick_expert.engine.evaluator import Tallied, slot_of
from smartpick_expert.engine.match import Bound
from smartpick_expert.explain.amounts import amounts_of
from smartpick_expert.explain.attempts import candidates_of
from smartpick_expert.explain.binding_search import Search, truth_of
from smartpick_expert.explain.comparisons import limits_truth
from smartpick_expert.explain.nearness import FAR, Miss, limit_gap, total
from smartpick_expert.explain.wanted import Wanted, by_conclusion, concluding, wanted_by
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import AnyOf, Condition, Negation, Pattern, Tally, TallyKind
from smartpick_expert.language.operators import Truth
from smartpick_expert.language.vocabulary import Supplier

# How many missing facts stand one behind the other at most, and how many are followed in one inquiry.
FARTHEST: Final = 12
MOST_WANTED: Final = 400
# What no rule concludes, or what leads back to itself, is farther than any way there is.
NO_WAY: Final = Miss(failed=1_000, tests=1_000, distance=1_000 * FAR)


class WayBack:
    """Measures ways in one derivation; what was measured once is kept."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self._by_conclusion = by_conclusion(search.derivation.rules.values())
        self._known: dict[tuple[Wanted, bool], Miss] = {}
        self._open: list[tuple[Wanted, bool]] = []

    def of(self, conditions: tuple[Condition, ...], bound: Bound) -> Miss:
        """How far conditions are from holding under a binding."""
        return total(self._condition(condition, bound) for condition in conditions)

    def to(self, wanted: Wanted, *, another: bool = False) -> Miss:
        """How far the nearest rule is from concluding such a fact, or one more of them. Something fails in any case."""
        key = (wanted, another)
        known = self._known.get(key)
        if known is not None:
            return known
        if key in self._open or len(self._open) >= FARTHEST or len(self._known) >= MOST_WANTED:
            return NO_WAY
        self._open.append(key)
        nearest = min(self._ways(wanted, another=another), default=NO_WAY)
        self._open.pop()
        self._known[key] = nearest = nearest._replace(failed=max(1, nearest.failed))
        return nearest

    def _ways(self, wanted: Wanted, *, another: bool) -> Iterator[Miss]:
        for rule in self._by_conclusion.get(wanted.type, ()):
            allowed = concluding(rule, wanted, self.search)
            if allowed is not None:
                found = candidates_of(rule, self.search, allowed=allowed, beyond_firings=another)
                yield from (self.of(rule.when, one.bound) for one in found)

    def _condition(self, condition: Condition, bound: Bound) -> Miss:
        miss = self.search.miss(condition, bound)
        if truth_of(miss) is not Truth.NO:
            return miss
        if isinstance(condition, Negation):
            return miss if self.search.waits_for(condition, bound) else self._out_of_the_way(condition, bound)
        if isinstance(condition, AnyOf):
            return min(self.of(branch, self.search.branch(branch, bound).bound) for branch in condition.branches)
        pattern = condition.pattern if isinstance(condition, Tally) else condition
        supplier = self.search.vocabulary.types[pattern.fact_type].supplied_by
        if supplier is not Supplier.RULES or self.search.waits_for(condition, bound):
            return miss
        if isinstance(condition, Pattern):
            return self.to(wanted_by(pattern, bound))
        short = self._short(condition, bound)
        return total([self.to(wanted_by(pattern, bound), another=True)] * short) if short else miss

    def _out_of_the_way(self, negation: Negation, bound: Bound) -> Miss:
        """Each fact in the way is one miss, and one that rests on a count alone as many as are counted too many."""
        surely, _ = self.search.in_the_way(negation, bound)
        number = sum(self._too_many(fact) for fact in surely)
        return Miss(failed=number, tests=number, distance=FAR * number)

    def _too_many(self, fact: Fact) -> int:
        derivation = self.search.derivation
        most = 1
        for firing in derivation.justifications.get(fact, ()):
            rule = derivation.rules[firing.rule_id]
            if all(isinstance(one, Tally) or (isinstance(one, Pattern) and one.hidden) for one in rule.when):
                bound: Bound = {name: Tallied(value) for name, value in firing.tallies} | dict(firing.bindings)
                counted = (one for one in amounts_of(rule, bound, self.search) if one.is_count)
                most = max(most, min((int(one.over.by) for one in counted), default=1))
        return most

    def _short(self, tally: Tally, bound: Bound) -> int:
        """How many facts more a tally takes at least; none where it fails because of what is there."""
        found = self.search.range_of(tally, bound)
        gaps = [
            limit_gap(limit.operator.name, found, tuple(slot_of(operand, bound) for operand in limit.operands))
            for limit in tally.limits
            if limits_truth((limit,), found, bound) is Truth.NO
        ]
        if any(gap is not None and not gap.too_low for gap in gaps):
            return 0
        if tally.kind is not TallyKind.COUNT:
            return 1
        return max((max(1, int(gap.by)) for gap in gaps if gap is not None), default=1)
