"""Which rules are worth matching: those that have, for each of their positive patterns, some fact it could be about.

Of each pattern one test of constants is taken, `is` or `in`, as its latch; a pattern without one is open as soon as its
type has a fact. Looking up a fact's values opens latches for thousands of rules at once, so that a rule base may grow
without every consultation paying for every rule. A latch is necessary, never sufficient: what passes is matched in full.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from smartpick_expert.engine.store import FactSet, Mode
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import Constant, Pattern, Rule, Test
from smartpick_expert.language.values import UNKNOWN, Missing, Slot


@dataclass(frozen=True, slots=True)
class Latch:
    """What a fact must be for a pattern to be about it: of a type and, where a field is named, with one of its values."""

    fact_type: str
    field: str = ""
    values: tuple[Slot, ...] = ()


def latch_of(pattern: Pattern) -> Latch:
    """The latch of a pattern: of its tests of constants the one that fewest values pass."""
    tests = [(test.field, values) for test in pattern.tests if (values := _values(test))]
    return Latch(pattern.fact_type, *min(tests, key=lambda test: len(test[1]))) if tests else Latch(pattern.fact_type)


def _values(test: Test) -> tuple[Slot, ...]:
    """The values that pass a test, if they are few and known; none where any may."""
    operand = test.operands[0] if len(test.operands) == 1 else None
    if not isinstance(operand, Constant) or isinstance(operand.value, Missing):
        return ()
    if test.operator.name == "is":
        return (operand.value,)
    return operand.value if test.operator.name == "in" and isinstance(operand.value, tuple) else ()


class Latches:
    """The latches of a list of rules, by what opens them. A rule's number is its place in the list."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        latches: dict[Latch, int] = {}
        waiting: list[list[int]] = []
        self.closed: list[int] = []
        for number, rule in enumerate(rules):
            mine = {latches.setdefault(latch_of(pattern), len(latches)) for pattern in rule.patterns()}
            waiting += [[] for _ in range(len(latches) - len(waiting))]
            for latch in mine:
                waiting[latch].append(number)
            self.closed.append(len(mine))
        self.waiting = tuple(tuple(numbers) for numbers in waiting)
        self.by_type: dict[str, list[int]] = defaultdict(list)
        self.by_value: dict[str, dict[str, dict[Slot, list[int]]]] = defaultdict(lambda: defaultdict(dict))
        for one, place in latches.items():
            if not one.field:
                self.by_type[one.fact_type].append(place)
            for value in one.values:
                self.by_value[one.fact_type][one.field].setdefault(value, []).append(place)


class Opened:
    """The latches that the facts of one consultation have opened; `awake` are the rules all of whose latches are open."""

    def __init__(self, latches: Latches, mode: Mode) -> None:
        self._latches = latches
        self._mode = mode
        self._closed = list(latches.closed)
        self._seen: set[tuple[str, str, Slot]] = set()
        self._open: set[int] = set()
        self._admitted = 0
        self.awake = {number for number, left in enumerate(self._closed) if not left}

    def admit(self, facts: FactSet) -> set[int]:
        """Let the facts that came since the last time open latches; the rules that wake because of it."""
        woken: set[int] = set()
        for fact in facts.since(self._admitted):
            for latch in self._opened_by(fact):
                if latch not in self._open:
                    self._open.add(latch)
                    woken.update(self._wake(latch))
        self._admitted = len(facts)
        self.awake |= woken
        return woken

    def _wake(self, latch: int) -> Iterator[int]:
        for number in self._latches.waiting[latch]:
            self._closed[number] -= 1
            if not self._closed[number]:
                yield number

    def _opened_by(self, fact: Fact) -> Iterator[int]:
        if (fact.type, "", UNKNOWN) not in self._seen:
            self._seen.add((fact.type, "", UNKNOWN))
            yield from self._latches.by_type.get(fact.type, ())
        for field, by_value in self._latches.by_value.get(fact.type, _NONE).items():
            slot = fact.get(field)
            if (fact.type, field, slot) in self._seen:
                continue
            self._seen.add((fact.type, field, slot))
            if slot is not UNKNOWN:
                yield from by_value.get(slot, ())
            elif self._mode is Mode.POSSIBLE:
                for latches in by_value.values():
                    yield from latches


_NONE: dict[str, dict[Slot, list[int]]] = {}
