"""Rules cut into rulesets, none of which comes near a limit of durable-rules.

The limits are measured (docs/durable-rules-contract.md): 511 distinct first conditions in a ruleset, 64 conditions met by
one fact at once, 255 rules with one last condition. What is counted here keeps well below each of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from smartpick_expert.engine.encoding import join_order
from smartpick_expert.engine.latches import latch_of
from smartpick_expert.language.model import Rule, Test

MAX_RULES = 100
# Patterns of one type: what one fact could meet at once. And patterns in all.
MAX_PATTERNS_OF_A_TYPE = 50
MAX_PATTERNS = 400


def by_affinity(rules: Sequence[Rule]) -> list[Rule]:
    """The rules so that those behind the same rare latch stand together: then few rulesets have work to do."""
    latches = {rule.id: [latch_of(pattern) for pattern in rule.patterns()] for rule in rules}
    readers = Counter(latch for several in latches.values() for latch in several)

    def rarest(rule: Rule) -> tuple[object, ...]:
        several = [(readers[latch], latch.fact_type, latch.field, str(latch.values)) for latch in latches[rule.id]]
        return min(several, default=(0,))[1:]

    return sorted(rules, key=lambda rule: (rarest(rule), rule.id))


def partition(
    rules: Iterable[Rule], max_rules: int = MAX_RULES, max_patterns: int = MAX_PATTERNS_OF_A_TYPE
) -> Iterator[tuple[Rule, ...]]:
    """Rules in order, a new part wherever one would come near a limit. A rule always fits: the loader sees to its size."""
    part: list[Rule] = []
    conditions = _Conditions()
    for rule in rules:
        conditions.add(rule)
        if part and (len(part) >= max_rules or conditions.most > max_patterns or conditions.total > MAX_PATTERNS):
            yield tuple(part)
            part, conditions = [], _Conditions()
            conditions.add(rule)
        part.append(rule)
    if part:
        yield tuple(part)


class _Conditions:
    """The conditions of the engine in one ruleset, by the type they are on.

    The first pattern of a rule is one condition however many rules begin with it; a later pattern is one for each rule,
    because it is joined.
    """

    def __init__(self) -> None:
        self._first: set[tuple[str, tuple[Test, ...], str]] = set()
        self._of_type: Counter[str] = Counter()
        self.total = 0

    def add(self, rule: Rule) -> None:
        """Count the conditions of one rule more."""
        for place, pattern in enumerate(join_order(rule)):
            first = (pattern.fact_type, pattern.tests, pattern.name)
            if place or first not in self._first:
                self._of_type[pattern.fact_type] += 1
                self.total += 1
            if not place:
                self._first.add(first)

    @property
    def most(self) -> int:
        """How many are on the type that has most of them."""
        return max(self._of_type.values(), default=0)
