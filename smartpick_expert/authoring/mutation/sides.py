"""What there is to be exercised in a rule: its conditions, their tests, branches of `any`, and both sides of each limit.

Each side is a damage that must show. A test is met in a case where the rule does something else once the test can never
hold, and missed where it does something else once the test is not asked; a limit has a case on each side where moving it by
the least step, up and down, shows. So what counts as exercised made a difference, whatever it stands in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from smartpick_expert.authoring.mutation.damage import (
    NOTHING,
    Damage,
    Kind,
    Path,
    Place,
    is_needed,
    limits_at,
    places,
    taken_out,
    tests_at,
)
from smartpick_expert.authoring.mutation.moved import BOTH_WAYS, Limit, limits_in, mover
from smartpick_expert.diagnostics import Location
from smartpick_expert.explain.condition_text import ConditionWords, words_of
from smartpick_expert.language.model import AnyOf, Condition, Pattern, Rule
from smartpick_expert.language.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A part of a rule that is to be exercised: what it is, in words, where it stands, and the damages that must show."""

    what: str
    words: str
    location: Location
    sides: tuple[Damage, ...]


CONDITION, TEST, BRANCH, LIMIT = "condition", "test", "branch", "limit"


def parts_of(rule: Rule, vocabulary: Vocabulary) -> tuple[Part, ...]:
    """The parts of a rule that has its parameters put in, in the order in which it is written."""
    words = ConditionWords(rule, vocabulary)
    return tuple(part for place in places(rule) for part in _of_condition(rule, place, words, vocabulary))


def _of_condition(rule: Rule, place: Place, words: ConditionWords, vocabulary: Vocabulary) -> Iterator[Part]:
    condition = place.condition
    pattern = place.pattern
    is_of_one = isinstance(condition, Pattern) and vocabulary.types[condition.fact_type].one
    if not is_needed(rule, place) and not is_of_one and not place.is_alone:
        said = words.condition(condition)
        dropped = Damage(Kind.CONDITION_DROPPED, said, "", condition.location, place.path, *taken_out(place.path))
        yield Part(CONDITION, said, condition.location, (_never(place, condition, said), dropped))
    if isinstance(condition, AnyOf):
        for number, branch in enumerate(condition.branches):
            said = " and ".join(words.condition(part) for part in branch)
            location = branch[0].location if branch else condition.location
            path = (*place.path, "branches", number)
            yield Part(
                BRANCH, said, location, (Damage(Kind.BRANCH_DROPPED, said, "", location, path, *taken_out(path)),)
            )
        return
    if pattern is None:
        return
    fields = vocabulary.types[pattern.fact_type].fields
    limits = list(limits_in(place, vocabulary))
    for test, path in tests_at(place):
        said = f"{words_of(pattern.fact_type)}: {words.test(test, fields[test.field])}"
        dropped = Damage(Kind.TEST_DROPPED, said, "", test.location, path, *taken_out(path))
        yield Part(TEST, said, test.location, (_unmatched(place, path, said), dropped))
        yield from _limits(limits, path, said)
    for _, path in limits_at(place):
        yield from _limits(limits, path, words.condition(condition))


def _limits(limits: list[Limit], path: Path, said: str) -> Iterator[Part]:
    """The limits of one test, each with its two sides."""
    for limit in limits:
        if limit.path[:-2] == path and limit.is_ordered:
            sides = tuple(
                Damage(Kind.LIMIT_MOVED, said, "", limit.test.location, path, limit.path, mover(limit, by), by)
                for by in BOTH_WAYS
            )
            yield Part(LIMIT, said, limit.test.location, sides)


def _never(place: Place, condition: Condition, said: str) -> Damage:
    """The condition in a form that never holds."""
    nothing = Pattern(NOTHING)
    return Damage(Kind.NEVER_HOLDS, said, "", condition.location, place.path, place.path, lambda _: nothing)


def _unmatched(place: Place, path: Path, said: str) -> Damage:
    """A test in a form that no fact passes: the pattern it stands in then matches nothing."""
    fact_type = (*place.pattern_path, "fact_type")
    return Damage(Kind.NEVER_HOLDS, said, "", place.condition.location, path, fact_type, lambda _: NOTHING)
