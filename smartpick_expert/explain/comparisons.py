"""The facts of a finished consultation, each held against patterns, and all of a tally against its limits.

What was compared once is kept: the attempts of all rules, and all that is found on the way to them, ask the same over and over.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from smartpick_expert.engine.derivation import Derivation
from smartpick_expert.engine.evaluator import Leaf, leaf
from smartpick_expert.engine.match import Bound
from smartpick_expert.engine.store import Mode, Stores
from smartpick_expert.engine.tallies import Range, limits_hold, tally_range
from smartpick_expert.explain.nearness import Miss, miss_of, total
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import Negation, Pattern, Tally, Test
from smartpick_expert.language.operators import Truth
from smartpick_expert.language.values import order_key


class Comparison(NamedTuple):
    """A fact held against a pattern: every test that can be asked, whether the fact passes, and how far it is from it."""

    leaves: tuple[Leaf, ...]
    truth: Truth
    miss: Miss

    @property
    def is_stranger(self) -> bool:
        """Whether the fact is about something else than what the pattern asks about."""
        return self.miss.strangers > 0


class _Ready(NamedTuple):
    """A pattern, the number of its tests, the names that it holds its facts against, and each test with the names that it looks at.

    Patterns that ask the same, as those that many rules begin with, have one number.
    """

    pattern: Pattern
    number: int
    looks_at: tuple[str, ...]
    tests: tuple[tuple[Test, tuple[str, ...]], ...]


class Comparisons:
    """Asks the facts of one derivation."""

    def __init__(self, derivation: Derivation) -> None:
        self.derivation = derivation
        self.vocabulary = derivation.compiled.vocabulary
        ordered = sorted(derivation.possible, key=self._place)
        self.places = {fact: place for place, fact in enumerate(ordered)}
        self.stores = Stores()
        certain = set(derivation.certain)
        for fact in ordered:
            if fact in certain:
                self.stores.add_certain(fact)
        for fact in ordered:
            self.stores.add_possible(fact)
        # Each pattern is kept, so that its identity is not used again.
        self._ready: dict[int, _Ready] = {}
        self._numbers: dict[tuple[tuple[Test, ...], str], int] = {}
        self._compared: dict[tuple[object, ...], Comparison] = {}

    def _place(self, fact: Fact) -> tuple[object, ...]:
        """An order of facts that does not hang on where an entry stands in a profile, unless two entries are alike."""
        fields = tuple((name, order_key(slot)) for name, slot in fact.values)
        order = self.vocabulary.order
        return (order.get(fact.type, len(order)), fields, fact.origin.value, fact.position)

    def facts(self, type_name: str) -> Collection[Fact]:
        """The facts of a type that there are, or may be, in order."""
        return self.stores.possible.of(type_name)

    def compared(self, pattern: Pattern, fact: Fact, bound: Bound) -> Comparison:
        """A fact held against a pattern, as far as what it is held against is bound."""
        ready = self._ready.get(id(pattern))
        if ready is None:
            ready = self._ready[id(pattern)] = self._made_ready(pattern)
        key = (ready.number, fact, *map(bound.get, ready.looks_at))
        known = self._compared.get(key)
        if known is None:
            known = self._compared[key] = self._compare(ready, fact, bound)
        return known

    def _made_ready(self, pattern: Pattern) -> _Ready:
        tests = tuple((test, tuple(reference.name for reference in test.references())) for test in pattern.tests)
        names = {name for _, several in tests for name in several}
        of_itself = pattern.name if pattern.name in names else ""
        number = self._numbers.setdefault((pattern.tests, of_itself), len(self._numbers))
        return _Ready(pattern, number, tuple(sorted(names - {pattern.name})), tests)

    def _compare(self, ready: _Ready, fact: Fact, bound: Bound) -> Comparison:
        name, fact_type = ready.pattern.name, self.vocabulary.types[fact.type]
        inner: Bound = {**bound, name: fact} if name else bound
        found: list[Leaf] = []
        truth = Truth.YES if fact in self.stores.certain else Truth.UNKNOWN
        missed: list[Miss] = []
        for test, names in ready.tests:
            if all(one in inner for one in names):
                one = leaf(test, fact, inner)
                found.append(one)
                truth = min(truth, one.truth)
                if one.truth is Truth.NO:
                    missed.append(miss_of(one, fact_type))
        return Comparison(tuple(found), truth, as_one(truth, total(missed)))

    def in_the_way(self, negation: Negation, bound: Bound) -> tuple[list[Fact], list[Fact]]:
        """The facts that surely stand against a negation, and those that only may."""
        surely: list[Fact] = []
        perhaps: list[Fact] = []
        for fact in self.facts(negation.pattern.fact_type):
            truth = self.compared(negation.pattern, fact, bound).truth
            if truth is not Truth.NO:
                (surely if truth is Truth.YES else perhaps).append(fact)
        return surely, perhaps

    def range_of(self, tally: Tally, bound: Bound) -> Range:
        """What a tally may come to under a binding."""
        return tally_range(tally, bound, self.stores)


def limits_truth(limits: tuple[Test, ...], found: Range, bound: Bound) -> Truth:
    """Whether these limits hold of what a tally may come to."""
    for mode, truth in ((Mode.CERTAIN, Truth.YES), (Mode.POSSIBLE, Truth.UNKNOWN)):
        if limits_hold(limits, found, bound, mode):
            return truth
    return Truth.NO


def as_one(truth: Truth, miss: Miss) -> Miss:
    """What one condition misses, once its truth is known."""
    return Miss(int(truth is Truth.NO), int(truth is Truth.UNKNOWN), miss.strangers, miss.tests, miss.distance)
