"""Plain truth of tests and patterns over facts, in three values; and every leaf's result, for explanations.

The meaning of the language is defined here and in `tallies.py`, once, in Python that can be read beside the design.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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
from smartpick_expert.language.operators import Truth, truth
from smartpick_expert.language.values import ABSENT, Missing, Slot, normal_number


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
    if isinstance(base, Missing) or (not isinstance(base, int) and not hasattr(base, "normalize")):
        return base
    return normal_number(base + operand.by)  # type: ignore[operator]


def leaf(test: Test, fact: Fact, bindings: Bindings) -> Leaf:
    """One test on one fact."""
    found = fact.get(test.field)
    operands = tuple(slot_of(operand, bindings) for operand in test.operands)
    return Leaf(test, found, operands, truth(test.operator, found, operands, settled=fact.is_settled))


def leaves(pattern: Pattern, fact: Fact, bindings: Bindings) -> tuple[Leaf, ...]:
    """Every test of a pattern on one fact; none is skipped because another failed."""
    inner = {**bindings, pattern.name: fact} if pattern.name else bindings
    return tuple(leaf(test, fact, inner) for test in pattern.tests)


def tests_truth(tests: tuple[Test, ...], fact: Fact, bindings: Bindings) -> Truth:
    """All of these tests on one fact."""
    verdict = Truth.YES
    for test in tests:
        operands = tuple(slot_of(operand, bindings) for operand in test.operands)
        one = truth(test.operator, fact.get(test.field), operands, settled=fact.is_settled)
        if one is Truth.NO:
            return Truth.NO
        verdict = min(verdict, one)
    return verdict


def pattern_truth(pattern: Pattern, fact: Fact, bindings: Bindings) -> Truth:
    """Whether a fact of the pattern's type passes its tests."""
    inner = {**bindings, pattern.name: fact} if pattern.name else bindings
    return tests_truth(pattern.tests, fact, inner)
