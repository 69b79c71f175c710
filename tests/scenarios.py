"""A scenario: a vocabulary, rules and facts to consult them about; and how it reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, is_dataclass, replace
from dataclasses import fields as fields_of
from datetime import date
from functools import cached_property
from typing import Any, Final

from smartpick_expert.language.facts import Fact, Origin
from smartpick_expert.language.model import (
    Condition,
    Constant,
    Negation,
    Operand,
    ParameterReference,
    Pattern,
    Reference,
    Rule,
    Shifted,
    Status,
    Tally,
    Test,
)
from smartpick_expert.language.values import ABSENT, UNKNOWN, Slot, Value
from smartpick_expert.language.vocabulary import FieldType, Vocabulary

AS_OF: Final = date(2026, 9, 10)
# A longer value is shown by its ends.
MOST_SHOWN: Final = 80

Pools = Mapping[FieldType, tuple[Value, ...]]


@dataclass(frozen=True)
class Scenario:
    """Rules, the vocabulary they speak, and facts to consult them about.

    `parameters` are those that have a value on the day; `pools` are the values that everything was drawn from.
    """

    vocabulary: Vocabulary
    rules: tuple[Rule, ...]
    facts: tuple[Fact, ...]
    parameters: Mapping[str, Slot] = field(default_factory=dict)
    pools: Pools = field(default_factory=dict)

    @cached_property
    def live_rules(self) -> tuple[Rule, ...]:
        """The rules that take part on the day, with parameters put in; told apart without the code under test."""
        return tuple(
            replace(rule, when=_put_in(rule.when, self.parameters))
            for rule in self.rules
            if rule.status is Status.STABLE and (rule.valid_from or AS_OF) <= AS_OF <= (rule.valid_to or AS_OF)
        )

    def __repr__(self) -> str:
        return f"Scenario(\n{describe(self)})"

    def _repr_pretty_(self, printer: Any, _: bool) -> None:
        """How hypothesis shows it."""
        printer.text(repr(self))


def _put_in(part: Any, parameters: Mapping[str, Slot]) -> Any:
    """The same conditions with each parameter's value in its place."""
    if isinstance(part, ParameterReference):
        return Constant(parameters.get(part.name, UNKNOWN), part.name)
    if isinstance(part, tuple):
        return tuple(_put_in(one, parameters) for one in part)
    if is_dataclass(part) and not isinstance(part, Constant):
        changed = {f.name: _put_in(getattr(part, f.name), parameters) for f in fields_of(part) if f.name in _PARTS}
        return replace(part, **changed) if changed else part
    return part


# The fields of conditions in which a parameter may be found, however deep.
_PARTS: Final = frozenset({"pattern", "tests", "limits", "branches", "operands", "base"})


# --- how a scenario reads -----------------------------------------------------------------------------------------


def describe(scenario: Scenario) -> str:
    """The scenario as a person reads it; `?` is unknown, `none` absent."""
    lines = []
    for fact_type in scenario.vocabulary.types.values():
        fields = ", ".join(f"{f.name}: {f.type}{' list' if f.many else ''}" for f in fact_type.fields.values())
        marks = f"{' (one)' if fact_type.one else ''}{' (assumed empty)' if fact_type.assume else ''}"
        lines.append(f"  type {fact_type.name}{marks}: {fields}")
    lines += [f"  fact {describe_fact(fact, scenario.vocabulary)}" for fact in scenario.facts]
    lines += [f"  parameter {name}: {_describe_slot(slot)}" for name, slot in scenario.parameters.items()]
    for rule in scenario.rules:
        lines.append(f"  rule {rule.id}{_describe_life(rule)}")
        lines += [f"    when {_describe_condition(condition)}" for condition in rule.when]
        lines += [f"    then {c.fact_type} {_describe_values(c.values)}" for c in rule.then]
    return "\n".join(lines) + "\n"


def describe_fact(fact: Fact, vocabulary: Vocabulary) -> str:
    """The fact as a person reads it."""
    fields = ", ".join(f"{name}: {_describe_slot(fact.get(name))}" for name in vocabulary.types[fact.type].fields)
    place = f"#{fact.position} " if fact.origin is Origin.LISTED else f"{fact.origin.value} "
    return f"{place}{fact.type} {{{fields}}}"


def _describe_life(rule: Rule) -> str:
    words = [] if rule.status is Status.STABLE else [str(rule.status)]
    words += [f"{word} {day}" for word, day in (("from", rule.valid_from), ("to", rule.valid_to)) if day]
    return f" ({', '.join(words)})" if words else ""


def _describe_slot(slot: Slot) -> str:
    if slot is UNKNOWN or slot is ABSENT:
        return "?" if slot is UNKNOWN else "none"
    text = str(slot) if isinstance(slot, date) else repr(slot)
    return text if len(text) <= MOST_SHOWN else f"{text[:20]}…{text[-20:]} ({len(text)} characters)"


def _describe_operand(operand: Operand) -> str:
    if isinstance(operand, Shifted):
        return f"({_describe_operand(operand.base)} plus {operand.by})"
    if isinstance(operand, Reference):
        return f"${operand.name}.{operand.field}"
    if isinstance(operand, ParameterReference):
        return f"$parameter.{operand.name}"
    return _describe_slot(operand.value)


def _describe_values(values: Iterable[tuple[str, Any]]) -> str:
    return f"{{{', '.join(f'{name}: {_describe_operand(value)}' for name, value in values)}}}"


def _describe_tests(tests: Iterable[Test]) -> str:
    words = (" ".join((t.field, t.operator.name, *map(_describe_operand, t.operands))).strip() for t in tests)
    return f"{{{', '.join(words)}}}"


def _describe_condition(condition: Condition) -> str:
    if isinstance(condition, Pattern):
        name = f" as {condition.name}" if condition.name else ""
        hidden = " (hidden)" if condition.hidden else ""
        return f"{condition.fact_type}{name}{hidden} {_describe_tests(condition.tests)}"
    if isinstance(condition, Negation):
        return f"not {_describe_condition(condition.pattern)}"
    if isinstance(condition, Tally):
        of, name = (
            f" {word} {value}" if value else "" for word, value in (("of", condition.of), ("as", condition.name))
        )
        inner = _describe_condition(condition.pattern)
        return f"{condition.kind}{of} ({inner}){name} {_describe_tests(condition.limits)}"
    branches = (" and ".join(map(_describe_condition, branch)) for branch in condition.branches)
    return "any [" + " | ".join(branches) + "]"
