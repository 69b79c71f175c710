"""Rules cut into rulesets, none of which comes near a limit of durable-rules.

The limits are measured (docs/durable-rules-contract.md): 511 distinct first conditions in a ruleset, 64 conditions met by
one fact at once, 255 rules with one last condition. What is counted here keeps well below each of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from smartpick_expert.engine.encoding import join_order
from smartpick_expert.engine.gates import gate_of
from smartpick_expert.language.model import Rule

MAX_RULES = 100
# Patterns of one type: what one fact could meet at once. And patterns in all.
MAX_PATTERNS_OF_A_TYPE = 50
MAX_PATTERNS = 400


def by_affinity(rules: Sequence[Rule]) -> list[Rule]:
    """The rules so that those behind the same rare gate stand together: then few rulesets have work to do."""
    gates = {rule.id: [gate_of(pattern) for pattern in rule.patterns()] for rule in rules}
    readers = Counter(gate for several in gates.values() for gate in several)

    def rarest(rule: Rule) -> tuple[object, ...]:
        several = [(readers[gate], gate.fact_type, gate.field, str(gate.values)) for gate in gates[rule.id]]
        return min(several, default=(0,))[1:]

    return sorted(rules, key=lambda rule: (rarest(rule), rule.id))


def partition(
    rules: Iterable[Rule], max_rules: int = MAX_RULES, max_patterns: int = MAX_PATTERNS_OF_A_TYPE
) -> Iterator[tuple[Rule, ...]]:
    """Rules in order, a new part wherever one would come near a limit. A rule always fits: the loader sees to its size."""
    part: list[Rule] = []
    size = _Size()
    for rule in rules:
        larger = size.with_rule(rule)
        if part and (len(part) >= max_rules or larger.most > max_patterns or larger.total > MAX_PATTERNS):
            yield tuple(part)
            part, larger = [], _Size().with_rule(rule)
        part.append(rule)
        size = larger
    if part:
        yield tuple(part)


@dataclass(frozen=True, slots=True)
class _Size:
    """What counts towards the limits.

    The first pattern of a rule is one condition of the engine however many rules begin with it; a later pattern is one
    for each rule, because it is joined.
    """

    first: frozenset[tuple[str, object]] = frozenset()
    joined: Counter[str] = field(default_factory=Counter)

    def with_rule(self, rule: Rule) -> _Size:
        """This size with one rule more."""
        patterns = join_order(rule)
        first = {(pattern.fact_type, (pattern.tests, pattern.name)) for pattern in patterns[:1]}
        return _Size(self.first | first, self.joined + Counter(pattern.fact_type for pattern in patterns[1:]))

    @property
    def _of_types(self) -> Counter[str]:
        return self.joined + Counter(fact_type for fact_type, _ in self.first)

    @property
    def most(self) -> int:
        """The conditions on the type that has most of them."""
        return max(self._of_types.values(), default=0)

    @property
    def total(self) -> int:
        """All conditions."""
        return self._of_types.total()
