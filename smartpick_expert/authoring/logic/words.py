"""Tests in words, as a finding names them."""

from __future__ import annotations

from smartpick_expert.intake.profile_text import value_as_written
from smartpick_expert.language.model import Constant, Operand, Reference, Shifted, Test
from smartpick_expert.language.values import Missing, shorten


def said(test: Test) -> str:
    """A test in words, without the field: `at least 240`, and the parameter where the value is one's."""
    words = test.operator.wording.format(*(_operand(operand) for operand in test.operands))
    return words.removeprefix("is ") if test.operator.name not in ("known", "unknown") else words


def tests_said(tests: tuple[Test, ...]) -> str:
    """Several tests in words."""
    return " and ".join(said(test) for test in tests)


def _operand(operand: Operand) -> str:
    if isinstance(operand, Constant):
        value = "not known" if isinstance(operand.value, Missing) else shorten(value_as_written(operand.value), 60)
        return f"{value} (parameter {operand.parameter})" if operand.parameter else value
    if isinstance(operand, Reference):
        return f"${operand.name}.{operand.field}"
    if isinstance(operand, Shifted):
        return f"{_operand(operand.base)}, moved by {operand.by}"
    return f"parameter {operand.name}"
