"""Facts on which a rule and the rule with a damage done to it do not come to the same.

The place of the damage is led through every value at which the two could part, one after the other, while everything else
in the rule is met; there, if anywhere, the difference shows. What is found has been run with both, so it is certain. That
nothing is found is as good as the values that were tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from smartpick_expert.authoring.mutation.damage import NOTHING, Damage, Kind, Path, Place, always, at, changed, places
from smartpick_expert.authoring.mutation.made_facts import Maker, World
from smartpick_expert.authoring.mutation.moved import step_of
from smartpick_expert.authoring.mutation.points import Habits
from smartpick_expert.authoring.mutation.rule_runs import Firings, Given, firings_of, given, seen
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import (
    Condition,
    Constant,
    Negation,
    Operand,
    Pattern,
    Rule,
    Shifted,
    Tally,
    TallyKind,
    Test,
)
from smartpick_expert.language.operators import OPERATORS
from smartpick_expert.language.values import ABSENT, UNKNOWN, Slot, exact_sum
from smartpick_expert.language.vocabulary import Field, FieldType, Vocabulary

# How many worlds are tried for each value in which the damage could show.
MOST_WORLDS: Final = 40
# How often a few more are tried in another order, and how many.
ROUNDS: Final = 15
A_FEW: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class Search:
    """What a search came to: the world in which rule and damaged rule differ, its facts, the firings of the rule on them.

    `world` is None where none was found; `tried` is how many were looked at.
    """

    world: World | None
    facts: tuple[Fact, ...]
    firings: Firings
    tried: int


class Teller:
    """Searches for one rule, its parameters put in as they are in `setting` (whose facts are not looked at)."""

    def __init__(self, rule: Rule, setting: Given, vocabulary: Vocabulary, habits: Habits) -> None:
        self.rule = rule
        self.setting = setting
        self.vocabulary = vocabulary
        self.habits = habits

    def tell(self, damage: Damage) -> Search:
        """The first world found in which the damage shows."""
        other = damage.of(self.rule)
        maker = Maker(self.rule, [other], self.vocabulary, self.habits, self.setting.as_of)
        tried: set[tuple[Fact, ...]] = set()
        for world in self._worlds(damage, other, maker):
            facts = maker.facts(world)
            if facts in tried:
                continue
            tried.add(facts)
            there = given(facts, self.setting.as_of, self.setting.parameters)
            firings = firings_of(self.rule, there)
            if seen(firings_of(other, there)) != seen(firings):
                return Search(world, facts, firings, len(tried))
        return Search(None, (), {}, len(tried))

    def _worlds(self, damage: Damage, other: Rule, maker: Maker) -> Iterator[World]:
        """The plainest worlds in order, then a few at a time in any order, the same in every run."""
        for when in self._led_through(damage, other, maker):
            yield from maker.worlds(when, MOST_WORLDS)
        for seed in range(ROUNDS):
            maker.chance = Random(seed)
            for when in self._led_through(damage, other, maker):
                for world in maker.worlds(when, A_FEW):
                    yield world
                    yield from maker.crowded(world)

    def _led_through(self, damage: Damage, other: Rule, maker: Maker) -> Iterator[tuple[Condition, ...]]:
        """The conditions with the place of the damage held at one value after another; last, as they are in both rules."""
        site = damage.site
        if site[0] == "when" and damage.kind is not Kind.BRANCH_DROPPED:
            place = next(one for one in _innermost(self.rule, site))
            narrow = _only_branch(self.rule, site)
            if len(site) > len(place.path):
                yield from self._tests(narrow, place, site, maker)
            else:
                yield from self._conditions(narrow, place, maker)
                yield damage.of(narrow).when
        elif damage.kind is Kind.BRANCH_DROPPED:
            yield _only_branch(self.rule, (*site, 0)).when
        yield self.rule.when
        yield other.when

    def _tests(self, rule: Rule, place: Place, site: Path, maker: Maker) -> Iterator[tuple[Condition, ...]]:
        test: Test = at(rule, site)
        pattern = place.pattern
        if pattern is None:
            return
        fields = self.vocabulary.types[pattern.fact_type].fields
        tally = place.condition if isinstance(place.condition, Tally) else None
        if tally is not None and not test.field:
            yield from self._limits(rule, place, tally, maker)
            return
        for led in _led(test, fields[test.field], maker, pattern.fact_type):
            held = changed(rule, site, always(led))
            if tally is not None:
                now: Tally = at(held, place.path)
                yield from self._limits(held, replace(place, condition=now), now, maker)
            else:
                yield _positive(held, place).when

    def _limits(self, rule: Rule, place: Place, tally: Tally, maker: Maker) -> Iterator[tuple[Condition, ...]]:
        """A tally led through so many facts; one of a field, through the values of that field."""
        if tally.kind is TallyKind.COUNT:
            for number in (*maker.numbers(tally, {}), 0):
                limits = (Test("", OPERATORS["is"], (Constant(number),)),)
                yield changed(rule, (*place.path, "limits"), always(limits)).when
            return
        for slot in maker.points.of(tally.pattern.fact_type, tally.of):
            if slot is UNKNOWN or slot is ABSENT:
                continue
            tests = (*tally.pattern.tests, Test(tally.of, OPERATORS["is"], (Constant(slot),)))
            free = replace(tally, pattern=replace(tally.pattern, tests=tests), limits=())
            yield changed(rule, place.path, always(free)).when

    def _conditions(self, rule: Rule, place: Place, maker: Maker) -> Iterator[tuple[Condition, ...]]:
        if isinstance(place.condition, Negation):
            yield _positive(rule, place).when
        elif isinstance(place.condition, Tally):
            yield from self._limits(rule, place, place.condition, maker)


def _led(test: Test, field: Field, maker: Maker, type_name: str) -> Iterator[Test]:
    """The test, asking instead for one value after another of those at which it could change its mind."""
    references = [operand for operand in test.operands if any(test.references())]
    for operand in references:
        if field.type is FieldType.NUMBER:
            step = step_of(field)
            for by in (0, step, -step):
                yield Test(test.field, OPERATORS["is"], (_shifted(operand, by),))
        else:
            names = ("is", "above", "below") if field.type is FieldType.DATE else ("is", "is_not")
            if test.operator.name in ("in", "not_in"):
                names = ("in", "not_in")
            for name in names:
                yield Test(test.field, OPERATORS[name], (operand,))
    for slot in maker.points.of(type_name, test.field) if not references else ():
        if slot is UNKNOWN or slot is ABSENT:
            yield Test(test.field, OPERATORS["unknown"], ())
        else:
            yield Test(test.field, OPERATORS["is"], (Constant(slot),))
    if references:
        yield Test(test.field, OPERATORS["unknown"], ())


def _shifted(operand: Operand, by: Slot) -> Operand:
    if by == 0:
        return operand
    if isinstance(operand, Shifted):
        return replace(operand, by=exact_sum(operand.by, by))  # type: ignore[arg-type]
    return Shifted(operand, by)  # type: ignore[arg-type]


def _innermost(rule: Rule, site: Path) -> list[Place]:
    """The places that a site lies in, the innermost first."""
    found = [place for place in places(rule) if site[: len(place.path)] == place.path]
    return sorted(found, key=lambda place: -len(place.path))


def _only_branch(rule: Rule, site: Path) -> Rule:
    """The rule with no other branch than the one that a site lies in."""
    for number in range(len(site) - 1):
        if site[number] == "branches":
            keep = int(site[number + 1])
            path = site[: number + 1]
            branches = at(rule, path)
            # The place of the branch is kept, so that the site stays what it is: the others can never be met.
            only = tuple(b if n == keep else (Pattern(NOTHING), *b) for n, b in enumerate(branches))
            rule = changed(rule, path, always(only))
    return rule


def _positive(rule: Rule, place: Place) -> Rule:
    """The rule, asking for what a negation forbids; any other condition as it is."""
    now = at(rule, place.path)
    if isinstance(now, Negation):
        return changed(rule, place.path, always(now.pattern))  # type: ignore[no-any-return]
    return rule
