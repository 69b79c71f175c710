"""Every mutant of a rule: the rule with one thing in it changed, as a slip of the pen or of the mind would change it.

What two kinds of change would both bring about is made once: a whole number "above 4" is one "at least 5".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from smartpick_expert.authoring.mutation.damage import (
    Damage,
    Kind,
    Path,
    Place,
    always,
    is_needed,
    limits_at,
    places,
    taken_out,
    tests_at,
)
from smartpick_expert.authoring.mutation.moved import BOTH_WAYS, Limit, limits_in, moved_value, mover
from smartpick_expert.explain.condition_text import ConditionWords, marked_text, words_of
from smartpick_expert.language.model import (
    AnyOf,
    Conclusion,
    Constant,
    Negation,
    ParameterReference,
    Pattern,
    Reference,
    Rule,
    Shifted,
    Tally,
    Test,
)
from smartpick_expert.language.operators import OPERATORS
from smartpick_expert.language.values import Slot
from smartpick_expert.language.vocabulary import Field, FieldType, Vocabulary

# The operator that holds exactly where another, of known values, does not.
_OPPOSITE: Final = {
    "is": "is_not",
    "in": "not_in",
    "at_least": "below",
    "at_most": "above",
    "contains": "lacks",
    "known": "unknown",
}
OPPOSITE: Final = _OPPOSITE | {other: one for one, other in _OPPOSITE.items()}
# The operator that differs on the limit itself, and nowhere else.
NEIGHBOUR: Final = {"at_least": "above", "above": "at_least", "at_most": "below", "below": "at_most"}


def mutants_of(rule: Rule, vocabulary: Vocabulary) -> tuple[Damage, ...]:
    """The mutants of a rule that has its parameters put in, in the order in which it is written."""
    maker = _Maker(rule, vocabulary)
    return (*(mutant for place in places(rule) for mutant in maker.of_condition(place)), *maker.of_conclusions())


class _Maker:
    def __init__(self, rule: Rule, vocabulary: Vocabulary) -> None:
        self.rule = rule
        self.types = vocabulary.types
        self.vocabulary = vocabulary
        self.words = ConditionWords(rule, vocabulary)

    def of_condition(self, place: Place) -> Iterator[Damage]:
        pattern = place.pattern
        if pattern is None:
            yield from self._of_any(place)
            return
        fact_type = self.types[pattern.fact_type]
        for limit in limits_in(place, self.vocabulary):
            yield from self._moved(place, limit)
        for test, path in tests_at(place):
            field = fact_type.fields[test.field]
            what = f"{words_of(pattern.fact_type)}: {self.words.test(test, field)}"
            yield from self._flipped(test, path, what, field)
            yield Damage(Kind.TEST_DROPPED, what, "", test.location, path, *taken_out(path))
        for limit_test, path in limits_at(place):
            yield from self._flipped(limit_test, path, self.words.condition(place.condition), None)
        # Of what there is one of, the tests are all that can be otherwise.
        if not is_needed(self.rule, place) and not (fact_type.one and isinstance(place.condition, Pattern)):
            yield from self._without(place)

    def _of_any(self, place: Place) -> Iterator[Damage]:
        condition = place.condition
        if not isinstance(condition, AnyOf):
            return
        if not place.is_alone:
            yield self._dropped(place)
        for number, branch in enumerate(condition.branches):
            words = " and ".join(self.words.condition(part) for part in branch)
            first = branch[0].location if branch else condition.location
            path = (*place.path, "branches", number)
            yield Damage(Kind.BRANCH_DROPPED, words, "", first, path, *taken_out(path))

    def _without(self, place: Place) -> Iterator[Damage]:
        if not place.is_alone:
            yield self._dropped(place)
        condition = place.condition
        if isinstance(condition, Negation | Pattern):
            words = (self.words.condition(condition), self.words.condition(_negated(condition)))
            yield Damage(Kind.CONDITION_NEGATED, *words, condition.location, place.path, place.path, _negated)

    def _dropped(self, place: Place) -> Damage:
        words = self.words.condition(place.condition)
        return Damage(Kind.CONDITION_DROPPED, words, "", place.condition.location, place.path, *taken_out(place.path))

    def _moved(self, place: Place, limit: Limit) -> Iterator[Damage]:
        what = self.limit_words(place, limit.test, limit.field)
        for by in BOTH_WAYS:
            yield Damage(
                Kind.LIMIT_MOVED,
                what,
                f"the limit {_operand_words(limit.moved(by), self.words, limit.field)}",
                limit.test.location,
                limit.path[:-2],
                limit.path,
                mover(limit, by),
                by,
            )

    def limit_words(self, place: Place, test: Test, field: Field | None) -> str:
        """A test with what is held against it: the field of a fact, or a tally."""
        if isinstance(place.condition, Tally) and not test.field:
            return f"the {self.words.tallied(place.condition)} {self.words.limit(test)}"
        pattern = place.pattern
        return f"{words_of(pattern.fact_type) if pattern else ''}: {self.words.test(test, field)}"

    def _flipped(self, test: Test, path: Path, what: str, field: Field | None) -> Iterator[Damage]:
        names = [OPPOSITE.get(test.operator.name, "")]
        if field is not None and field.type is FieldType.NUMBER and not field.whole:
            names.append(NEIGHBOUR.get(test.operator.name, ""))
        for name in filter(None, names):
            other = replace(test, operator=OPERATORS[name])
            becomes = self.words.test(other, field) if test.field else self.words.limit(other)
            change = always(other.operator)
            yield Damage(Kind.OPERATOR_FLIPPED, what, becomes, test.location, path, (*path, "operator"), change)

    def of_conclusions(self) -> Iterator[Damage]:
        for number, conclusion in enumerate(self.rule.then):
            words = _conclusion_words(conclusion)
            site: Path = ("then", number)
            for place, (name, operand) in enumerate(conclusion.values):
                field = self.types[conclusion.fact_type].fields[name]
                other = _another(operand.value, field) if isinstance(operand, Constant) else None
                if other is not None:
                    becomes = f"{name}: {other}"
                    path = (*site, "values", place)
                    change = always((name, Constant(other)))
                    yield Damage(Kind.CONCLUSION_CHANGED, words, becomes, conclusion.location, site, path, change)
            yield Damage(Kind.CONCLUSION_DROPPED, words, "", conclusion.location, site, *taken_out(site))


def _negated(condition: Pattern | Negation) -> Pattern | Negation:
    if isinstance(condition, Negation):
        return condition.pattern
    return Negation(replace(condition, name=""), condition.location)


def _operand_words(operand: Any, words: ConditionWords, field: Field | None) -> str:
    if isinstance(operand, Constant) and operand.parameter:
        return f"{marked_text(operand.value, field)} in place of {operand.parameter}"
    return words.operand(operand, field)


def _conclusion_words(conclusion: Conclusion) -> str:
    values = ", ".join(f"{name}: {_value_words(operand)}" for name, operand in conclusion.values)
    return f"{conclusion.fact_type}: {{{values}}}"


def _value_words(operand: Constant | ParameterReference | Reference | Shifted) -> str:
    if isinstance(operand, Constant):
        return str(operand.value)
    return f"${operand.name}.{operand.field}" if isinstance(operand, Reference) else "a parameter"


def _another(value: Slot, field: Field) -> Slot | None:
    """Another value of the field: the next word of a choice, the other answer, one step more. None where there is no other."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, str) and field.values:
        words = list(field.values)
        after = words[(words.index(value) + 1) % len(words)] if value in words else words[0]
        return after if after != value else None
    if isinstance(value, str):
        return f"{value}_otherwise"
    moved = moved_value(value, field, 1)
    return moved if moved != value else None
