"""Limits of a rule, and by how much each is moved: the least by which a value of the vocabulary can differ.

A limit is a number or a day that a field, or a tally, is held against; written in the rule, read from a parameter, or
taken from a field of another fact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from smartpick_expert.authoring.mutation.damage import Path, Place, limits_at, tests_at
from smartpick_expert.language.model import Constant, Operand, ParameterReference, Shifted, Tally, Test
from smartpick_expert.language.operators import Takes
from smartpick_expert.language.values import Number, Slot, exact_difference, exact_sum
from smartpick_expert.language.vocabulary import Field, FieldType, Vocabulary

BOTH_WAYS: Final = (1, -1)


@dataclass(frozen=True, slots=True, eq=False)
class Limit:
    """One limit: the test it belongs to, which of its operands it is, where that stands, and the field that is held against it."""

    test: Test
    number: int
    path: Path
    field: Field | None

    @property
    def is_ordered(self) -> bool:
        """Whether it parts values into those below and those above."""
        return self.test.operator.takes is Takes.ORDER

    @property
    def operand(self) -> Operand:
        """What stands there."""
        return self.test.operands[self.number]

    def moved(self, by: int) -> Operand:
        """The limit one step higher (+1) or lower (-1)."""
        return moved_operand(self.operand, self.field, by)


def limits_in(place: Place, vocabulary: Vocabulary) -> Iterator[Limit]:
    """The limits of one condition, in the order in which they are written."""
    pattern = place.pattern
    if pattern is None:
        return
    fields = vocabulary.types[pattern.fact_type].fields
    for test, path in tests_at(place):
        yield from _of(test, path, fields[test.field])
    tallied = fields.get(place.condition.of) if isinstance(place.condition, Tally) else None
    counts = isinstance(place.condition, Tally) and place.condition.kind.value == "count"
    for limit, path in limits_at(place):
        yield from _of(limit, path, None if counts else tallied)


def mover(limit: Limit, by: int) -> Callable[[Operand], Operand]:
    """The change that moves a limit from where it stands on the day, which a parameter may have put elsewhere."""
    return lambda operand: moved_operand(operand, limit.field, by)


def _of(test: Test, path: Path, field: Field | None) -> Iterator[Limit]:
    if test.operator.takes not in (Takes.ORDER, Takes.SAME) or not (field is None or field.has_order):
        return
    for number, operand in enumerate(test.operands):
        if moved_operand(operand, field, 1) != operand:
            yield Limit(test, number, (*path, "operands", number), field)


def step_of(field: Field | None) -> Number:
    """The least by which two values of a number differ; of a count, one."""
    return 1 if field is None or field.whole else field.step


def moved_operand(operand: Operand, field: Field | None, by: int) -> Operand:
    """What a limit is when it is moved; what cannot be moved is as it was."""
    step = by * step_of(field)
    if isinstance(operand, Constant):
        return replace(operand, value=moved_value(operand.value, field, by))
    if isinstance(operand, Shifted):
        return replace(operand, by=exact_sum(operand.by, step))
    if field is not None and field.type is FieldType.DATE:
        return operand
    # A parameter is moved in the rule as it reads on some day, where its value stands in its place.
    return operand if isinstance(operand, ParameterReference) else Shifted(operand, step)


def moved_value(value: Slot, field: Field | None, by: int) -> Slot:
    """A number one step higher or lower, or a day one day later or earlier; anything else as it is."""
    if isinstance(value, date):
        return value + timedelta(days=by)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        step = step_of(field)
        return exact_sum(value, step) if by > 0 else exact_difference(value, step)
    return value
