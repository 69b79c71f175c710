"""Tallies as ranges: what a count, total, highest or lowest may turn out to be while some facts are unknown.

The lower end rests on what surely matches, the upper end on what possibly matches. A limit is certain if it holds over
the whole range and possible if some value of the range satisfies it. Sums are exact.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from smartpick_expert.engine.evaluator import Bindings, Tallied, slot_of
from smartpick_expert.engine.plans import candidates, filter_of
from smartpick_expert.engine.store import Mode, Stores
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import Tally, TallyKind, Test
from smartpick_expert.language.operators import OPERATORS, Truth
from smartpick_expert.language.values import ABSENT, UNKNOWN, Missing, Slot, exact_quotient

End = int | Fraction | float  # a float only as an infinity


@dataclass(frozen=True, slots=True)
class Range:
    """The values a tally may have, both ends included. Empty where no value can exist; `whole` for counts."""

    low: End
    high: End
    whole: bool
    surely_exists: bool = True
    may_exist: bool = True

    @property
    def value(self) -> Slot:
        """The value where the ends meet, else UNKNOWN."""
        if not self.may_exist or self.low != self.high or isinstance(self.low, float):
            return UNKNOWN
        return exact_quotient(self.low.numerator, self.low.denominator)


def matching(tally: Tally, bindings: Bindings, stores: Stores) -> tuple[list[Fact], list[Fact]]:
    """The facts that surely match, and all that possibly match (the sure ones are among them)."""
    ready = filter_of(tally.pattern)
    certain = stores.certain
    sure: list[Fact] = []
    possible: list[Fact] = []
    found = candidates(ready, bindings, stores, Mode.POSSIBLE)
    stores.visit(len(found))
    for fact in found:
        verdict = Truth.YES
        for check in ready.checks:
            verdict = min(verdict, check(fact, bindings))
            if verdict is Truth.NO:
                break
        else:
            possible.append(fact)
            if verdict is Truth.YES and fact in certain:
                sure.append(fact)
    return sure, possible


def tally_range(tally: Tally, bindings: Bindings, stores: Stores) -> Range:
    """What the tally may come to under these bindings."""
    sure, possible = matching(tally, bindings, stores)
    if tally.kind is TallyKind.COUNT:
        return _count_values(tally.of, sure, possible) if tally.of else _count(sure, possible)
    if tally.kind is TallyKind.TOTAL:
        return _total(tally.of, sure, possible)
    return _extreme(tally.of, sure, possible, highest=tally.kind is TallyKind.HIGHEST)


def _count(sure: list[Fact], possible: list[Fact]) -> Range:
    distinct = sum(1 for fact in sure if not fact.may_be_several)
    low = distinct or (1 if sure else 0)
    high: End = math.inf if any(fact.may_be_several for fact in possible) else len(possible)
    return Range(low, high, whole=True)


def _count_values(field: str, sure: list[Fact], possible: list[Fact]) -> Range:
    sure_values = {fact.get(field) for fact in sure} - {ABSENT}
    low = len(sure_values - {UNKNOWN})
    unknown = [fact for fact in possible if fact.get(field) is UNKNOWN]
    known = {fact.get(field) for fact in possible} - {ABSENT, UNKNOWN}
    high: End = math.inf if any(fact.may_be_several for fact in unknown) else len(known) + len(unknown)
    return Range(low, high, whole=True)


def _total(field: str, sure: list[Fact], possible: list[Fact]) -> Range:
    if any(fact.get(field) is UNKNOWN for fact in possible):
        return Range(-math.inf, math.inf, whole=False)
    surely = {fact for fact in sure if not fact.may_be_several}
    low: End = 0
    high: End = 0
    for fact in possible:
        value = _exact(fact.get(field))
        if fact in surely:
            low += value
            high += value
        elif fact.may_be_several:
            low = -math.inf if value < 0 else low
            high = math.inf if value > 0 else high
        else:
            low = low + min(value, 0)
            high = high + max(value, 0)
    return Range(low, high, whole=False)


def _extreme(field: str, sure: list[Fact], possible: list[Fact], *, highest: bool) -> Range:
    present = [fact.get(field) for fact in possible if fact.get(field) is not ABSENT]
    if not present:
        return Range(0, 0, whole=False, surely_exists=False, may_exist=False)
    # The lowest is the highest of the mirrored numbers.
    sign = 1 if highest else -1
    known = [sign * _exact(slot) for slot in present if slot is not UNKNOWN]
    sure_known = [sign * _exact(slot) for fact in sure if (slot := fact.get(field)) not in (ABSENT, UNKNOWN)]
    unbounded = UNKNOWN in present
    high: End = math.inf if unbounded else max(known)
    low: End = max(sure_known) if sure_known else (-math.inf if unbounded else min(known))
    ends = (low, high) if highest else (-high, -low)
    return Range(*ends, whole=False, surely_exists=bool(sure_known))


def _exact(slot: Slot) -> int | Fraction:
    """A number in a form that adds and compares exactly with any other; an absent one adds nothing."""
    if isinstance(slot, int):
        return slot
    return Fraction(slot) if isinstance(slot, Decimal) else 0


def tally_holds(tally: Tally, bindings: Bindings, stores: Stores, mode: Mode) -> bool:
    """Whether every limit of the tally surely holds, or possibly holds."""
    return limits_hold(tally.limits, tally_range(tally, bindings, stores), bindings, mode)


def limits_hold(limits: tuple[Test, ...], found: Range, bindings: Bindings, mode: Mode) -> bool:
    """Whether these limits surely hold of what a tally may come to, or possibly hold."""
    if not (found.surely_exists if mode is Mode.CERTAIN else found.may_exist):
        return False
    return all(_limit_holds(limit, found, bindings, mode) for limit in limits)


def tallied(tally: Tally, bindings: Bindings, stores: Stores) -> Tallied:
    """The value bound to the tally's name."""
    return Tallied(tally_range(tally, bindings, stores).value)


def _limit_holds(limit: Test, found: Range, bindings: Bindings, mode: Mode) -> bool:
    operands = tuple(slot_of(operand, bindings) for operand in limit.operands)
    if ABSENT in operands:
        return False
    name = limit.operator.name
    if UNKNOWN in operands:
        if mode is Mode.CERTAIN:
            return False
        return name != "between" or not _outside(found, *operands)
    if name in ("is_not", "not_in"):
        # What is surely not so is whatever is not possibly so, and the other way about.
        opposite = Mode.POSSIBLE if mode is Mode.CERTAIN else Mode.CERTAIN
        return not _in_range(_OPPOSITES[name], found, operands, opposite)
    return _in_range(name, found, operands, mode)


_OPPOSITES = {"is_not": "is", "not_in": "in"}


def _in_range(name: str, found: Range, operands: tuple[Any, ...], mode: Mode) -> bool:
    if name in ("is", "in"):
        items: Iterable[Any] = operands[0] if name == "in" else operands
        return _is_among(found, [_exact(item) for item in items], mode)
    if name == "between":
        low, high = (_exact(operand) for operand in operands)
        if mode is Mode.CERTAIN:
            return bool(found.low >= low and found.high <= high)
        return _meets(found, low, high)
    upwards = name in ("at_least", "above")
    decisive = found.low if upwards is (mode is Mode.CERTAIN) else found.high
    return OPERATORS[name].holds(decisive, _exact(operands[0]))


def _is_among(found: Range, items: list[int | Fraction], mode: Mode) -> bool:
    if mode is Mode.POSSIBLE:
        return any(_meets(found, item, item) for item in items)
    if found.low == found.high:
        return found.low in items
    if found.whole and not isinstance(found.low, float) and not isinstance(found.high, float):
        values = {int(item) for item in items if item.denominator == 1}
        return int(found.high) - int(found.low) < len(values) and all(
            value in values for value in range(int(found.low), int(found.high) + 1)
        )
    return False


def _meets(found: Range, low: int | Fraction, high: int | Fraction) -> bool:
    """Whether some value of the range lies from low to high; counts are whole numbers."""
    start = max(found.low, low)
    end = min(found.high, high)
    if found.whole:
        start = start if isinstance(start, float) else math.ceil(start)
        end = end if isinstance(end, float) else math.floor(end)
    return bool(start <= end)


def _outside(found: Range, low: Slot, high: Slot) -> bool:
    """Whether the one known bound of a `between` shuts out the whole range."""
    if not isinstance(low, Missing):
        return bool(found.high < _exact(low))
    if not isinstance(high, Missing):
        return bool(found.low > _exact(high))
    return False
