"""From a rule to the situations in which it fires: one for each way through its choices.

Whatever a situation cannot say (limits against other tallies, the upper ends of counts) is left out on purpose; then it
asks less than the rule does, and never more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import product
from math import prod
from typing import Final

from smartpick_expert.authoring.logic.domains import constants, is_constant
from smartpick_expert.authoring.logic.renaming import told_apart
from smartpick_expert.authoring.logic.situations import (
    IS,
    Demand,
    Excluded,
    Fired,
    Moved,
    Needed,
    Place,
    Situation,
    Term,
)
from smartpick_expert.authoring.logic.tallied import VALUE, tally_type
from smartpick_expert.language.model import (
    AnyOf,
    Conclusion,
    Condition,
    Constant,
    Negation,
    Operand,
    Pattern,
    Reference,
    Rule,
    Shifted,
    Tally,
    TallyKind,
    Test,
)
from smartpick_expert.language.operators import OPERATORS
from smartpick_expert.language.values import Missing, exact_sum
from smartpick_expert.language.vocabulary import Vocabulary

# Choices within choices multiply; a rule with more ways through them is not reckoned with.
MAX_WAYS: Final = 32
# A tally that needs more facts than this is met by none that would be made up.
MAX_FACTS: Final = 40


class TooManyWaysError(Exception):
    """A rule has more ways through its choices than are looked at."""


def situations_of(rule: Rule, vocabulary: Vocabulary) -> tuple[Fired, ...]:
    """The situations in which a rule fires, parameters put in. Raises TooManyWaysError."""
    return tuple(fired(conditions, vocabulary) for conditions in ways_through(rule.when))


def ways_through(conditions: tuple[Condition, ...], mark: str = "") -> Iterator[tuple[Condition, ...]]:
    """The conditions with one branch for each choice, for every choice of branches. Raises TooManyWaysError."""
    fixed = tuple(condition for condition in conditions if not isinstance(condition, AnyOf))
    choices = [
        [
            way
            for place, branch in enumerate(condition.branches)
            for way in ways_through(told_apart(branch, f"{mark}{number}.{place}"), f"{mark}{number}.{place}/")
        ]
        for number, condition in enumerate(conditions)
        if isinstance(condition, AnyOf)
    ]
    if prod(map(len, choices)) > MAX_WAYS:
        raise TooManyWaysError
    for chosen in product(*choices):
        yield (*fixed, *(condition for branch in chosen for condition in branch))


def fired(conditions: tuple[Condition, ...], vocabulary: Vocabulary) -> Fired:
    """The situation in which conditions without choices hold."""
    builder = _Builder(vocabulary)
    builder.bind(conditions)
    for condition in conditions:
        builder.add(condition)
    return Fired(Situation(tuple(builder.needed), tuple(builder.excluded)), builder.names)


class _Builder:
    """Gathers the facts of one situation. Names are bound first, since a condition may look at what is bound below it."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.needed: list[Needed] = []
        self.excluded: list[Excluded] = []
        self.names: dict[str, int] = {}
        self._ones: dict[str, int] = {}
        self._numbers: dict[int, int] = {}

    def bind(self, conditions: tuple[Condition, ...]) -> None:
        for condition in conditions:
            if isinstance(condition, Pattern):
                number = self._fact(condition.fact_type)
                self._numbers[id(condition)] = number
                if condition.name:
                    self.names[condition.name] = number
            elif isinstance(condition, Tally) and condition.name and tally_type(condition) in self.vocabulary.types:
                self.names[condition.name] = self._tally_fact(condition)

    def _tally_fact(self, tally: Tally) -> int:
        """The number of what a tally comes to: a fact that nobody gives, one for all tallies of the same facts."""
        number = self._fact(tally_type(tally))
        self.needed[number] = replace(self.needed[number], concluded=True)
        return number

    def _fact(self, type_name: str) -> int:
        """The number of a new fact, or of the one there is of a `one` type."""
        if type_name in self._ones:
            return self._ones[type_name]
        self.needed.append(Needed(type_name))
        if self.vocabulary.types[type_name].one:
            self._ones[type_name] = len(self.needed) - 1
        return len(self.needed) - 1

    def add(self, condition: Condition) -> None:
        if isinstance(condition, Pattern):
            number = self._numbers[id(condition)]
            self._demand(number, self._demands(condition.tests))
        elif isinstance(condition, Negation):
            self._exclude(condition.pattern)
        elif isinstance(condition, Tally):
            self._tally(condition)

    def _exclude(self, pattern: Pattern) -> None:
        if self.vocabulary.types[pattern.fact_type].one:
            self._fact(pattern.fact_type)
        demands = self._demands(pattern.tests)
        # What cannot be said in a situation is left to the engine: then nothing is excluded for certain.
        if len(demands) == len(pattern.tests):
            self.excluded.append(Excluded(pattern.fact_type, demands))

    def _demand(self, number: int, demands: Iterable[Demand]) -> None:
        one = self.needed[number]
        self.needed[number] = replace(one, demands=(*one.demands, *demands))

    def _demands(self, tests: Iterable[Test]) -> tuple[Demand, ...]:
        return tuple(demand for test in tests if (demand := self._one(test)) is not None)

    def _one(self, test: Test) -> Demand | None:
        terms = [self._term(operand) for operand in test.operands]
        known = tuple(term for term in terms if term is not None)
        return Demand(test.field, test.operator, known, test) if len(known) == len(terms) else None

    def _term(self, operand: Operand) -> Term | None:
        if isinstance(operand, Constant):
            return None if isinstance(operand.value, Missing) else operand
        if isinstance(operand, Reference):
            return Place(self.names[operand.name], operand.field) if operand.name in self.names else None
        if isinstance(operand, Shifted) and isinstance(operand.base, Reference):
            base = self._term(operand.base)
            return Moved(base, operand.by) if isinstance(base, Place) else None
        if isinstance(operand, Shifted) and isinstance(operand.base, Constant):
            value = operand.base.value
            return Constant(exact_sum(value, operand.by)) if isinstance(value, int | Decimal) else None
        return None

    def _tally(self, tally: Tally) -> None:
        if tally_type(tally) in self.vocabulary.types:
            self._demand(self._tally_fact(tally), self._demands(replace(limit, field=VALUE) for limit in tally.limits))
        limits = tuple(limit for limit in tally.limits if is_constant(limit))
        if tally.kind is TallyKind.COUNT:
            self._count(tally, limits)
        elif tally.kind is TallyKind.TOTAL:
            self._total(tally, limits)
        else:
            # The highest fact is one of those that match, and all that is asked of its value is asked of it.
            tests = tuple(replace(limit, field=tally.of) for limit in limits)
            self._matching(tally, tests)

    def _count(self, tally: Tally, limits: tuple[Test, ...]) -> None:
        least = fewest(limits)
        if least is None:
            return
        if least == 0 and fewest(limits, at_least=1) is None and not tally.of:
            self._exclude(tally.pattern)
        for _ in range(min(least, MAX_FACTS)):
            self._matching(tally, (Test(tally.of, OPERATORS["known"], ()),) if tally.of else ())

    def _total(self, tally: Tally, limits: tuple[Test, ...]) -> None:
        if all(limit.operator.holds(0, *_values(limit)) for limit in limits):
            return
        # One fact may carry the whole of a sum; that it must is not so, and it is only proposed.
        self._matching(tally, (), tuple(replace(limit, field=tally.of) for limit in limits))

    def _matching(self, tally: Tally, tests: tuple[Test, ...], proposed: tuple[Test, ...] = ()) -> None:
        number = self._fact(tally.pattern.fact_type)
        demands = self._demands((*tally.pattern.tests, *tests))
        soft = (replace(demand, soft=True) for demand in self._demands(proposed))
        self._demand(number, (*demands, *soft))


def fewest(limits: tuple[Test, ...], at_least: int = 0) -> int | None:
    """The smallest whole number, from `at_least` on, that meets all limits of a count; None where there is none."""
    ends = [int(value) for value in constants(limits) if isinstance(value, int | Decimal)]
    # Every limit lets all large numbers pass or none, so the first beyond all of them stands for the rest.
    candidates = sorted({at_least, *(end + shift for end in ends for shift in (-1, 0, 1, 2))})
    for number in candidates:
        if number >= at_least and all(limit.operator.holds(number, *_values(limit)) for limit in limits):
            return number
    return None


def _values(limit: Test) -> tuple[object, ...]:
    return tuple(operand.value for operand in limit.operands if isinstance(operand, Constant))


def conclusion_of(conclusion: Conclusion, names: Mapping[str, int]) -> Needed | None:
    """The fact that a rule concludes, as one there is; None where it takes what a situation does not hold."""
    demands = []
    for field, operand in conclusion.values:
        if isinstance(operand, Constant) and not isinstance(operand.value, Missing):
            term: Term = operand
        elif isinstance(operand, Reference) and operand.name in names:
            term = Place(names[operand.name], operand.field)
        else:
            return None
        demands.append(Demand(field, IS, (term,), Test(field, IS, ())))
    return Needed(conclusion.fact_type, tuple(demands), concluded=True)
