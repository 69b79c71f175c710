"""The values of a field that rules can tell apart: one on each limit, one on either side of it, and what is missing.

Two values that stand alike to every limit come to the same in every test, so a handful of points stands for all values a
field may have. What is decided on all points is decided for good; a field with more points than `MAX_POINTS` is not
decided, and nothing is said of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import combinations, pairwise
from typing import Final

from smartpick_expert.explain.limits import ANYTHING_ELSE
from smartpick_expert.language.model import Constant, Test
from smartpick_expert.language.operators import Takes, Truth, truth
from smartpick_expert.language.values import (
    ABSENT,
    UNKNOWN,
    Missing,
    Number,
    Slot,
    Value,
    exact_difference,
    exact_sum,
    normal_number,
)
from smartpick_expert.language.vocabulary import FactType, Field, FieldType, Supplier

MAX_POINTS: Final = 600
# Lists are told apart by what they contain; of so many words every combination is looked at.
_MAX_WORDS: Final = 6
_HALF: Final = Decimal("0.5")
# A number that a field without bounds may have, and a day, where no limit names one.
_SOME_NUMBER: Final = 0
_SOME_DAY: Final = date(2026, 9, 10)


@dataclass(frozen=True, slots=True)
class Domain:
    """A field of a fact type with the points worth looking at, known values first; `settled` as in `Fact.is_settled`."""

    field: Field
    known: tuple[Value, ...]
    missing: tuple[Missing, ...]
    settled: bool

    @property
    def points(self) -> tuple[Slot, ...]:
        """Every point: the known values in their order, then unknown and absent where they may be."""
        return (*self.known, *self.missing)

    def verdict(self, tests: Iterable[Test], point: Slot) -> Truth:
        """The truth of tests against constants at one point, all together."""
        return min((verdict(test, point, settled=self.settled) for test in tests), default=Truth.YES)

    def passing(self, tests: Sequence[Test]) -> tuple[Slot, ...]:
        """The points at which all of these tests surely hold."""
        return tuple(point for point in self.points if self.verdict(tests, point) is Truth.YES)


def is_listed(fact_type: FactType) -> bool:
    """Whether facts of the type are listed somewhere, so that what they leave out stays unknown."""
    return fact_type.supplied_by is not Supplier.RULES


def is_own_label(fact_type: FactType, name: str) -> bool:
    """Whether a field is the label by which entries of the type are told apart; an entry without one is given one."""
    field = fact_type.fields[name]
    return name == fact_type.label and field.type is FieldType.LABEL and not field.of


def is_constant(test: Test) -> bool:
    """Whether a test looks at nothing but its own field, and all it is held against is known."""
    return all(isinstance(o, Constant) and not isinstance(o.value, Missing) for o in test.operands)


def constants(tests: Iterable[Test]) -> tuple[Value, ...]:
    """The values that tests hold their field against, those of lists one by one."""
    found: dict[Value, None] = {}
    for test in tests:
        for operand in test.operands:
            if isinstance(operand, Constant) and not isinstance(operand.value, Missing):
                values = operand.value if isinstance(operand.value, tuple) else (operand.value,)
                found.update(dict.fromkeys(values))
    return tuple(found)


def verdict(test: Test, point: Slot, *, settled: bool) -> Truth:
    """The truth of one test against constants."""
    operands = tuple(o.value for o in test.operands if isinstance(o, Constant))
    return truth(test.operator, point, operands, settled=settled)


def domain_of(fact_type: FactType, name: str, limits: Iterable[Value]) -> Domain | None:
    """The points of a field for these limits; None where there are too many to look at."""
    field = fact_type.fields[name]
    known = _known(field, tuple(limits))
    if known is None or len(known) > MAX_POINTS:
        return None
    listed = is_listed(fact_type)
    missing: list[Missing] = []
    if not (listed and (field.required or is_own_label(fact_type, name))):
        missing.append(UNKNOWN)
    if field.may_be_none or not listed or field.computed is not None:
        missing.append(ABSENT)
    return Domain(field, known, tuple(missing), settled=listed)


def allows(field: Field, value: Value) -> bool:
    """Whether the vocabulary lets a field have this value; of a list it says nothing."""
    if field.many:
        return True
    if field.type is FieldType.CHOICE:
        return value in field.values
    if field.type is FieldType.NUMBER and isinstance(value, int | Decimal):
        low, high = field.minimum, field.maximum
        whole = not field.whole or normal_number(value) == int(value)
        return whole and (low is None or value >= low) and (high is None or value <= high)
    return True


def _known(field: Field, limits: tuple[Value, ...]) -> tuple[Value, ...] | None:
    if field.many:
        return _lists(field, limits)
    if field.type is FieldType.BOOLEAN:
        return (True, False)
    if field.type is FieldType.CHOICE:
        return tuple(field.values)
    if field.type is FieldType.NUMBER:
        return _numbers(field, [limit for limit in limits if isinstance(limit, int | Decimal)])
    if field.type is FieldType.DATE:
        return _days([limit for limit in limits if isinstance(limit, date)])
    return (*(limit for limit in limits if isinstance(limit, str)), ANYTHING_ELSE)


def _numbers(field: Field, limits: list[Number]) -> tuple[Value, ...]:
    bounds = [bound for bound in (field.minimum, field.maximum) if bound is not None]
    found: set[Number] = set()
    for limit in (*limits, *bounds):
        if field.whole:
            low = int(Decimal(limit).to_integral_value(ROUND_FLOOR))
            high = int(Decimal(limit).to_integral_value(ROUND_CEILING))
            found |= {low - 1, low, high, high + 1}
        else:
            found |= {exact_difference(limit, 1), limit, exact_sum(limit, 1)}
    if not field.whole:
        found |= {_between(low, high) for low, high in pairwise(sorted({*limits, *bounds}))}
    allowed = tuple(normal_number(number) for number in sorted(found or {_SOME_NUMBER}) if allows(field, number))
    return tuple(dict.fromkeys(allowed))


def _between(low: Number, high: Number) -> Number:
    return normal_number(Decimal(exact_sum(low, high)) * _HALF)


def _days(limits: list[date]) -> tuple[Value, ...]:
    shifts = (timedelta(days=-1), timedelta(), timedelta(days=1))
    found: set[date] = set()
    for day in limits or [_SOME_DAY]:
        for shift in shifts:
            try:
                found.add(day + shift)
            except OverflowError:
                continue
    return tuple(sorted(found))


def _lists(field: Field, limits: tuple[Value, ...]) -> tuple[Value, ...] | None:
    words: list[Value] = list(limits)
    if field.type is FieldType.CHOICE:
        words = [word for word in limits if word in field.values]
        words += [word for word in field.values if word not in words][:1]
    elif field.type in (FieldType.TEXT, FieldType.LABEL):
        words.append(ANYTHING_ELSE)
    if len(words) > _MAX_WORDS:
        return None
    return tuple(chosen for size in range(len(words) + 1) for chosen in combinations(words, size))


def tests_by_field(tests: Iterable[Test]) -> dict[str, list[Test]]:
    """The tests of a pattern by the field they look at."""
    found: dict[str, list[Test]] = {}
    for test in tests:
        found.setdefault(test.field, []).append(test)
    return found


def asks_presence(test: Test) -> bool:
    """Whether a test asks for the presence of a value and not for the value."""
    return test.operator.takes is Takes.PRESENCE
