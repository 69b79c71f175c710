"""Rules and parameters with one number or day of theirs moved, to see whether any case notices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from smartpick_expert.engine.compiled import parameters_read
from smartpick_expert.knowledge.parameters import Parameter
from smartpick_expert.language.model import Constant, Pattern, Rule, Shifted, Test
from smartpick_expert.language.vocabulary import FieldType, Vocabulary
from smartpick_expert.workspace import Workspace

BOTH_WAYS = (1, -1)


def moved(value: Any, by: int) -> Any:
    """A number so much larger, or a day so many days later; anything else as it is."""
    if isinstance(value, date):
        return value + timedelta(days=by)
    return value + by if isinstance(value, int | Decimal) and not isinstance(value, bool) else value


def with_a_moved_parameter(workspace: Workspace, name: str, by: int) -> Workspace:
    """The workspace, one parameter moved on all its days and in all its seasons."""
    parameter = workspace.knowledge.parameters[name]
    later = replace(
        parameter,
        periods=tuple(replace(period, value=moved(period.value, by)) for period in parameter.periods),
        seasons=tuple(replace(season, value=moved(season.value, by)) for season in parameter.seasons),
    )
    knowledge = replace(workspace.knowledge, parameters={**workspace.knowledge.parameters, name: later})
    return replace(workspace, knowledge=knowledge)


def limits_read(rule: Rule, workspace: Workspace) -> tuple[Parameter, ...]:
    """The parameters whose size may decide whether the rule fires: numbers and days that its conditions read."""
    wordless = replace(rule, because=replace(rule.because, parts=()))
    found = [workspace.knowledge.parameters[name] for name in parameters_read(wordless)]
    return tuple(p for p in found if p.type in (FieldType.NUMBER, FieldType.DATE) and not p.many)


def with_a_moved_number(rule: Rule, vocabulary: Vocabulary) -> Iterator[tuple[str, Rule]]:
    """The rule with each number written in its conditions moved either way, and what was moved.

    A number moved to where no profile's value could tell the difference is left out.
    """
    for what, when in _variants(rule.when, vocabulary, None):
        yield what, replace(rule, when=when)


def _variants(part: Any, vocabulary: Vocabulary, pattern: Pattern | None) -> Iterator[tuple[str, Any]]:
    """Variants of a part of a rule; `pattern` is the one it stands in."""
    if isinstance(part, Shifted):
        yield from ((f"plus {part.by} by {by:+}", replace(part, by=moved(part.by, by))) for by in BOTH_WAYS)
    elif isinstance(part, Constant):
        if not part.parameter and moved(part.value, 1) != part.value:
            yield from ((f"{part.value} by {by:+}", replace(part, value=moved(part.value, by))) for by in BOTH_WAYS)
    elif isinstance(part, tuple):
        for place, item in enumerate(part):
            for what, other in _variants(item, vocabulary, pattern):
                yield what, (*part[:place], other, *part[place + 1 :])
    elif is_dataclass(part):
        inside = part if isinstance(part, Pattern) else pattern
        for key in (field.name for field in fields(part) if field.name != "location"):
            for what, other in _variants(getattr(part, key), vocabulary, inside):
                variant = replace(part, **{key: other})
                if not isinstance(part, Test):
                    yield what, variant
                elif inside is None or _is_possible(variant, inside, vocabulary):
                    yield f"{part.field} {part.operator} {what}".strip(), variant


def _is_possible(test: Test, pattern: Pattern, vocabulary: Vocabulary) -> bool:
    """Whether what is compared with may be a value of the field."""
    field = vocabulary.types[pattern.fact_type].fields[test.field]
    values = [o.value for o in test.operands if isinstance(o, Constant) and isinstance(o.value, int | Decimal)]
    return all(field.minimum is None or value >= field.minimum for value in values)
