"""A rule damaged in one place: what is changed, where it stands, and the rule with the change made.

A damage is a path into the rule and a change of what stands there. It is made of the rule as written and put into the
rule as it reads on some day, whose shape is the same, so that a limit is moved from where its parameter puts it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from smartpick_expert.diagnostics import Location
from smartpick_expert.language.model import AnyOf, Condition, Negation, Pattern, Reference, Rule, Tally, Test

Path = tuple[str | int, ...]
# No fact is of this type, so that a pattern that asks for it never matches.
NOTHING: Final = "(nothing)"


class Kind(StrEnum):
    """What is done to a rule."""

    LIMIT_MOVED = "limit moved"
    OPERATOR_FLIPPED = "operator flipped"
    TEST_DROPPED = "test dropped"
    CONDITION_DROPPED = "condition dropped"
    CONDITION_NEGATED = "condition negated"
    BRANCH_DROPPED = "branch dropped"
    CONCLUSION_CHANGED = "conclusion changed"
    CONCLUSION_DROPPED = "conclusion dropped"
    NEVER_HOLDS = "never holds"


@dataclass(frozen=True, slots=True, eq=False)
class Damage:
    """One change of a rule.

    `what` is the part that is changed, in words; `becomes` is what becomes of it, empty where it is dropped. `site` is where
    the test, condition, branch or conclusion stands in which it is changed. `by` is +1 or -1 for a limit that is moved.
    """

    kind: Kind
    what: str
    becomes: str
    location: Location
    site: Path
    path: Path = field(repr=False)
    change: Callable[[Any], Any] = field(repr=False)
    by: int = 0

    def of(self, rule: Rule) -> Rule:
        """The rule with the damage done."""
        return changed(rule, self.path, self.change)  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A condition and where it stands; `is_alone` where it is all that a branch of an `any` asks for."""

    condition: Condition
    path: Path
    in_branch: bool
    is_alone: bool

    @property
    def pattern(self) -> Pattern | None:
        """The pattern in it, where it has one."""
        if isinstance(self.condition, AnyOf):
            return None
        return self.condition if isinstance(self.condition, Pattern) else self.condition.pattern

    @property
    def pattern_path(self) -> Path:
        """Where that pattern stands."""
        return self.path if isinstance(self.condition, Pattern) else (*self.path, "pattern")


def changed(part: Any, path: Path, change: Callable[[Any], Any]) -> Any:
    """A part of a rule with a change made at the end of a path."""
    if not path:
        return change(part)
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        return (*part[:step], changed(part[step], rest, change), *part[step + 1 :])
    return replace(part, **{step: changed(getattr(part, step), rest, change)})


def at(part: Any, path: Path) -> Any:
    """What stands at the end of a path."""
    for step in path:
        part = part[step] if isinstance(step, int) else getattr(part, step)
    return part


def always(other: Any) -> Callable[[Any], Any]:
    """A change that puts something in place of whatever stands there."""
    return lambda _: other


def without(place: int) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    """A change that takes an item out of a list."""
    return lambda items: (*items[:place], *items[place + 1 :])


def taken_out(path: Path) -> tuple[Path, Callable[[Any], Any]]:
    """The path and the change that take out the item at the end of a path."""
    return path[:-1], without(int(path[-1]))


def places(rule: Rule) -> Iterator[Place]:
    """Every condition of a rule, however deep, in the order in which it is written."""
    yield from _places(rule.when, ("when",), in_branch=False)


def _places(conditions: tuple[Condition, ...], path: Path, *, in_branch: bool) -> Iterator[Place]:
    for number, condition in enumerate(conditions):
        here: Path = (*path, number)
        yield Place(condition, here, in_branch, in_branch and len(conditions) == 1)
        if isinstance(condition, AnyOf):
            for branch, parts in enumerate(condition.branches):
                yield from _places(parts, (*here, "branches", branch), in_branch=True)


def tests_at(place: Place) -> Iterator[tuple[Test, Path]]:
    """The tests of a condition's pattern, each with its path; the limits of a tally are not among them."""
    pattern = place.pattern
    for number, test in enumerate(pattern.tests if pattern is not None else ()):
        yield test, (*place.pattern_path, "tests", number)


def limits_at(place: Place) -> Iterator[tuple[Test, Path]]:
    """The limits of a tally, each with its path."""
    if isinstance(place.condition, Tally):
        for number, limit in enumerate(place.condition.limits):
            yield limit, (*place.path, "limits", number)


def is_needed(rule: Rule, place: Place) -> bool:
    """Whether the rule could not be read without the condition: something else looks at what it names."""
    name = "" if isinstance(place.condition, AnyOf | Negation) else place.condition.name
    if not name or place.in_branch:
        return bool(name)
    rest = changed(rule, *taken_out(place.path))
    return name in _names_read(rest)


def _names_read(rule: Rule) -> set[str]:
    tests = [test for place in places(rule) for test, _ in (*tests_at(place), *limits_at(place))]
    names = {reference.name for test in tests for reference in test.references()}
    operands = [operand for conclusion in rule.then for _, operand in conclusion.values]
    return names | {operand.name for operand in operands if isinstance(operand, Reference)}
