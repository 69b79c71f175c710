"""How near a test came to holding: by how much a number or a day misses its limit, and the order of near misses.

What counts first is decided here once, so that "nearest" means the same for facts, conditions, attempts and rules.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from smartpick_expert.engine.evaluator import Leaf
from smartpick_expert.engine.tallies import End, Range
from smartpick_expert.language.operators import Truth
from smartpick_expert.language.values import ABSENT, Number, Slot, exact_difference, exact_quotient
from smartpick_expert.language.vocabulary import FactType, Field, FieldType

# Distances are whole millionths, so that they add up alike in any order. One that cannot be measured is this far.
FAR: Final = 1_000_000
_FAR_IN_DAYS: Final = 365


@dataclass(frozen=True, slots=True)
class Gap:
    """By how much something misses a limit: so many `unit` too low, or else too high. Nought: it stands at the limit."""

    by: Number
    unit: str
    too_low: bool


class Miss(NamedTuple):
    """How far conditions are from holding; the smaller is the nearer, and the first number that differs decides.

    `strangers` are tests that fail because a fact is about something else than what is asked about: such a fact is
    further off than any about the right thing. `distance` adds up what numbers, days and steps of a choice lack.
    """

    failed: int = 0
    unknown: int = 0
    strangers: int = 0
    tests: int = 0
    distance: int = 0


def total(misses: Iterable[Miss]) -> Miss:
    """What several conditions miss together."""
    failed = unknown = strangers = tests = distance = 0
    for miss in misses:
        failed += miss[0]
        unknown += miss[1]
        strangers += miss[2]
        tests += miss[3]
        distance += miss[4]
    return Miss(failed, unknown, strangers, tests, distance)


def gap_between(operator: str, found: Slot, operands: tuple[Slot, ...], unit: str = "") -> Gap | None:
    """By how much a number or a day fails a comparison; None where there is nothing to measure."""
    if operator in ("at_least", "above"):
        return _gap(found, operands[0], unit, too_low=True)
    if operator in ("at_most", "below"):
        return _gap(found, operands[0], unit, too_low=False)
    if operator == "between":
        below = _gap(found, operands[0], unit, too_low=True)
        return below if below and below.by > 0 else _gap(found, operands[1], unit, too_low=False)
    if operator == "is":
        below = _gap(found, operands[0], unit, too_low=True)
        return below if below is None or below.by > 0 else _gap(found, operands[0], unit, too_low=False)
    return None


def _gap(found: Slot, limit: Slot, unit: str, *, too_low: bool) -> Gap | None:
    if isinstance(found, bool) or isinstance(limit, bool):
        return None
    if isinstance(found, date) and isinstance(limit, date):
        days = (limit - found).days
        return Gap(days if too_low else -days, "days", too_low)
    if isinstance(found, int | Decimal) and isinstance(limit, int | Decimal):
        by = exact_difference(limit, found) if too_low else exact_difference(found, limit)
        return Gap(by, unit, too_low)
    return None


def gap_of(leaf: Leaf, field: Field | None) -> Gap | None:
    """By how much a test that does not hold misses its limit."""
    if leaf.truth is not Truth.NO:
        return None
    unit = field.unit if field is not None and field.unit not in ("year", "rank") else ""
    gap = gap_between(leaf.test.operator.name, leaf.found, leaf.operands, unit)
    return gap if gap is not None and gap.by >= 0 else None


def miss_of(leaf: Leaf, fact_type: FactType) -> Miss:
    """How far one test is from holding; whether its condition fails is not decided by one test."""
    if leaf.truth is not Truth.NO:
        return Miss()
    return Miss(
        strangers=int(is_about_another(leaf, fact_type)),
        tests=1,
        distance=_distance(leaf, fact_type.fields.get(leaf.test.field)),
    )


def is_about_another(leaf: Leaf, fact_type: FactType) -> bool:
    """Whether a test fails because the fact is about something else than what is asked about.

    So it is where it names another entry: by its own label, by that of another entry, or by what tells facts of its
    type apart.
    """
    if leaf.truth is not Truth.NO or leaf.test.operator.name not in ("is", "in"):
        return False
    name = leaf.test.field
    field = fact_type.fields.get(name)
    is_label = name == fact_type.label or (field is not None and field.type is FieldType.LABEL)
    return is_label or name in (fact_type.one_per or ())


def _distance(leaf: Leaf, field: Field | None) -> int:
    gap = gap_of(leaf, field)
    if gap is not None:
        return relative(gap, leaf.found, leaf.operands)
    if field is not None and leaf.test.operator.name == "is":
        words = tuple(field.values)
        if leaf.found in words and leaf.operands[0] in words:
            return FAR * abs(words.index(str(leaf.found)) - words.index(str(leaf.operands[0]))) // len(words)
    return FAR


def relative(gap: Gap, found: Slot, operands: tuple[Slot, ...]) -> int:
    """A gap in millionths of what it is measured against; days in millionths of a year. At most `FAR`."""
    if isinstance(found, date):
        return min(FAR, FAR * int(gap.by) // _FAR_IN_DAYS)
    sizes = [abs(Decimal(one)) for one in (found, *operands) if isinstance(one, int | Decimal)]
    largest = max([*sizes, Decimal(gap.by)])
    return min(FAR, int(FAR * Decimal(gap.by) / largest)) if largest else 0


def number_of(end: End) -> Number | None:
    """An end of a range as a number; None where the range has no end there."""
    return None if isinstance(end, float) else exact_quotient(end.numerator, end.denominator)


def limit_gap(operator: str, found: Range, operands: tuple[Slot, ...], unit: str = "") -> Gap | None:
    """By how much a tally misses a limit, whatever it turns out to be: from the end of its range that comes nearest."""
    gaps = [
        gap
        for end in (found.high, found.low)
        if (number := number_of(end)) is not None
        if (gap := gap_between(operator, number, operands, unit)) is not None and gap.by >= 0
    ]
    return min(gaps, key=lambda gap: gap.by, default=None)


def undone(operator: str, found: Number, operands: tuple[Slot, ...]) -> tuple[str, Gap] | None:
    """What a number would have to be for a limit not to hold any more, and how far it is from that limit.

    `at_least 2` is undone below 2, and a 6 is 4 above that. None where nothing of the kind can be said.
    """
    words = {"at_least": "below", "above": "at most", "at_most": "above", "below": "at least"}
    if operator not in words:
        return None
    too_low = operator in ("at_most", "below")
    gap = _gap(found, operands[0], "", too_low=too_low)
    return None if gap is None else (words[operator], gap)


def limit_distance(operator: str, found: Range, operands: tuple[Slot, ...]) -> int:
    """How far a tally is from a limit that it surely misses."""
    gap = limit_gap(operator, found, operands)
    return FAR if gap is None else relative(gap, ABSENT, operands)
