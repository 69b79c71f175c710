"""Rules written alike: names changed, branches of a choice told apart, every pattern on a `one` type gathered into one.

None of it changes what the conditions mean. It is done before two rules are held against each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from smartpick_expert.diagnostics import Location
from smartpick_expert.language.model import (
    AnyOf,
    Condition,
    Negation,
    Operand,
    Pattern,
    Reference,
    Shifted,
    Tally,
    Test,
)
from smartpick_expert.language.vocabulary import Vocabulary


def renamed(condition: Condition, names: Mapping[str, str]) -> Condition:
    """The condition with names changed wherever they are bound or looked at; those not in `names` stay."""
    if isinstance(condition, Pattern):
        return renamed_pattern(condition, names)
    if isinstance(condition, Negation):
        return replace(condition, pattern=renamed_pattern(condition.pattern, names))
    if isinstance(condition, AnyOf):
        branches = tuple(tuple(renamed(part, names) for part in branch) for branch in condition.branches)
        return replace(condition, branches=branches)
    return replace(
        condition,
        pattern=renamed_pattern(condition.pattern, names),
        limits=tuple(renamed_test(limit, names) for limit in condition.limits),
        name=names.get(condition.name, condition.name),
    )


def renamed_pattern(pattern: Pattern, names: Mapping[str, str]) -> Pattern:
    """A pattern with names changed."""
    tests = tuple(renamed_test(test, names) for test in pattern.tests)
    return replace(pattern, tests=tests, name=names.get(pattern.name, pattern.name))


def renamed_test(test: Test, names: Mapping[str, str]) -> Test:
    """A test with names changed; the very same one where it names none of them."""
    operands = tuple(renamed_operand(operand, names) for operand in test.operands)
    return test if operands == test.operands else replace(test, operands=operands)


def renamed_operand(operand: Operand, names: Mapping[str, str]) -> Operand:
    """An operand with names changed."""
    if isinstance(operand, Reference):
        return Reference(names.get(operand.name, operand.name), operand.field)
    if isinstance(operand, Shifted):
        base = renamed_operand(operand.base, names)
        return operand if isinstance(base, Shifted) else replace(operand, base=base)
    return operand


def bound_names(conditions: tuple[Condition, ...]) -> tuple[str, ...]:
    """The names that conditions standing side by side bind, in their order."""
    return tuple(c.name for c in conditions if isinstance(c, Pattern | Tally) and c.name)


def told_apart(branch: tuple[Condition, ...], mark: str) -> tuple[Condition, ...]:
    """A branch whose own names are like none outside it."""
    names = {name: f"{name}~{mark}" for name in bound_names(branch)}
    return tuple(renamed(condition, names) for condition in branch)


def gathered(conditions: tuple[Condition, ...], vocabulary: Vocabulary) -> tuple[Condition, ...]:
    """The conditions with all patterns that stand side by side on a `one` type made one, which bears the type's name."""
    ones = {c.fact_type for c in conditions if isinstance(c, Pattern) and vocabulary.types[c.fact_type].one}
    names = {c.name: c.fact_type for c in conditions if isinstance(c, Pattern) and c.name and c.fact_type in ones}
    tests: dict[str, list[Test]] = {}
    rest: list[Condition] = []
    places: dict[str, Location] = {}
    for condition in (renamed(condition, names) for condition in conditions):
        if isinstance(condition, Pattern) and condition.fact_type in ones:
            tests.setdefault(condition.fact_type, []).extend(condition.tests)
            if not condition.hidden:
                places.setdefault(condition.fact_type, condition.location)
        else:
            rest.append(condition)
    first = (
        Pattern(name, tuple(dict.fromkeys(found)), name, location=places[name])
        if name in places
        else Pattern(name, tuple(dict.fromkeys(found)), name, hidden=True)
        for name, found in tests.items()
    )
    return (*first, *rest)
