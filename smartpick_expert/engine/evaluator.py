"""Plain truth of tests and patterns over facts, in three values; and every leaf's result, for explanations.

The meaning of the language is defined here and in `tallies.py`, once, in Python that can be read beside the design.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import (
    Constant,
    Operand,
    ParameterReference,
    Pattern,
    Reference,
    Shifted,
    Test,
)
from smartpick_expert.language.operators import Takes, Truth, truth
from smartpick_expert.language.values import ABSENT, UNKNOWN, Missing, Slot, exact_sum


@dataclass(frozen=True, slots=True)
class Tallied:
    """The value of a named tally: a number, UNKNOWN where its range is no single number."""

    value: Slot

    def get(self, field: str) -> Slot:
        """Its only field is `value`."""
        return self.value if field == "value" else ABSENT


Bindings = Mapping[str, Fact | Tallied]


@dataclass(frozen=True, slots=True)
class Leaf:
    """The result of one test on one fact: what was found, what it was held against, and the verdict."""

    test: Test
    found: Slot
    operands: tuple[Slot, ...]
    truth: Truth


def slot_of(operand: Operand, bindings: Bindings) -> Slot:
    """The value an operand stands for."""
    if isinstance(operand, Constant):
        return operand.value
    if isinstance(operand, Reference):
        return bindings[operand.name].get(operand.field)
    if isinstance(operand, ParameterReference):
        message = f"parameter {operand.name} was not put in before the consultation"
        raise TypeError(message)
    return _shifted(operand, bindings)


def _shifted(operand: Shifted, bindings: Bindings) -> Slot:
    base = slot_of(operand.base, bindings)
    return exact_sum(base, operand.by) if isinstance(base, int | Decimal) else base


def leaf(test: Test, fact: Fact, bindings: Bindings) -> Leaf:
    """One test on one fact."""
    found = fact.get(test.field)
    operands = tuple(slot_of(operand, bindings) for operand in test.operands)
    return Leaf(test, found, operands, truth(test.operator, found, operands, settled=fact.is_settled))


def leaves(pattern: Pattern, fact: Fact, bindings: Bindings) -> tuple[Leaf, ...]:
    """Every test of a pattern on one fact; none is skipped because another failed."""
    inner = {**bindings, pattern.name: fact} if pattern.name else bindings
    return tuple(leaf(test, fact, inner) for test in pattern.tests)


Check = Callable[[Fact, Bindings], Truth]


def check_of(test: Test) -> Check:
    """A test made ready to be asked of many facts: the verdict that `leaf` records, and nothing else."""
    operator, field = test.operator, test.field
    if operator.takes is not Takes.PRESENCE and len(test.operands) == 1:
        (operand,) = test.operands
        if isinstance(operand, Constant) and not isinstance(operand.value, Missing):
            return _against_value(operator.holds, field, operand.value)
        if isinstance(operand, Reference):
            return _against_field(operator.holds, field, operand.name, operand.field)
    operands = test.operands

    def check(fact: Fact, bindings: Bindings) -> Truth:
        found = tuple(slot_of(operand, bindings) for operand in operands)
        return truth(operator, fact.get(field), found, settled=fact.is_settled)

    return check


def _against_value(holds: Callable[..., bool], field: str, value: Slot) -> Check:
    def check(fact: Fact, _: Bindings) -> Truth:
        slot = fact.slots.get(field, ABSENT)
        if slot is ABSENT:
            return Truth.NO
        if slot is UNKNOWN:
            return Truth.UNKNOWN
        return Truth.YES if holds(slot, value) else Truth.NO

    return check


def _against_field(holds: Callable[..., bool], field: str, name: str, other: str) -> Check:
    def check(fact: Fact, bindings: Bindings) -> Truth:
        slot = fact.slots.get(field, ABSENT)
        operand = bindings[name].get(other)
        if slot is ABSENT or operand is ABSENT:
            return Truth.NO
        if slot is UNKNOWN or operand is UNKNOWN:
            return Truth.UNKNOWN
        return Truth.YES if holds(slot, operand) else Truth.NO

    return check
