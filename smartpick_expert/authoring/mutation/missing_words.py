"""What is missing among the cases of a rule, in words: the case that would show one damage."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from smartpick_expert.authoring.mutation.damage import Damage, Kind, Place, at, places
from smartpick_expert.authoring.mutation.moved import moved_value
from smartpick_expert.engine.evaluator import slot_of
from smartpick_expert.explain.condition_text import ConditionWords
from smartpick_expert.language.model import Constant, Negation, Operand, Rule, Tally, TallyKind, Test
from smartpick_expert.language.values import decimal_text
from smartpick_expert.language.vocabulary import Field, Vocabulary

_BELOW, _ON, _ABOVE = "just below", "on", "just above"
# Where a value must stand for a limit to be missed when it is moved up, and when it is moved down.
_STANDS: Final = {
    "at_least": (_ON, _BELOW),
    "below": (_ON, _BELOW),
    "at_most": (_ABOVE, _ON),
    "above": (_ABOVE, _ON),
}
_STEPS: Final = {_BELOW: -1, _ON: 0, _ABOVE: 1}


def missing(damage: Damage, rule: Rule, vocabulary: Vocabulary) -> str:
    """What is missing, to be read after "no case"; `rule` has its parameters put in."""
    if damage.kind is Kind.LIMIT_MOVED:
        return f"has {_limit(damage, rule, vocabulary)}"
    if damage.kind in (Kind.TEST_DROPPED, Kind.CONDITION_DROPPED):
        return f"{_nearly(damage, rule)}: {damage.what}"
    if damage.kind is Kind.NEVER_HOLDS:
        return f"turns on this: {damage.what}"
    if damage.kind is Kind.BRANCH_DROPPED:
        return f"holds through this branch of 'any' and no other: {damage.what}"
    if damage.kind in (Kind.CONCLUSION_CHANGED, Kind.CONCLUSION_DROPPED):
        return f"says under 'concludes': {damage.what}"
    return f"shows what comes of this: {damage.what}"


def _nearly(damage: Damage, rule: Rule) -> str:
    """How near a case must come to what a test or condition asks, without its being met."""
    place = _places_of(damage, rule)[0]
    if damage.kind is Kind.TEST_DROPPED and isinstance(place.condition, Negation):
        return "has all that 'not' forbids except this"
    if damage.kind is Kind.TEST_DROPPED and isinstance(place.condition, Tally):
        return "has what would be counted except for this"
    return "meets everything but this"


def _limit(damage: Damage, rule: Rule, vocabulary: Vocabulary) -> str:
    test: Test = at(rule, damage.site)
    number = damage.path[-1]
    operand: Operand = test.operands[int(number)]
    place = _places_of(damage, rule)[0]
    pattern = place.pattern
    field = vocabulary.types[pattern.fact_type].fields.get(test.field) if pattern is not None and test.field else None
    name = "at_least" if (test.operator.name, number) == ("between", 0) else test.operator.name
    name = "at_most" if name == "between" else name
    stands = _STANDS.get(name, (_ABOVE, _BELOW))[0 if damage.by > 0 else 1]
    words = ConditionWords(rule, vocabulary)
    tally = place.condition if isinstance(place.condition, Tally) and not test.field else None
    if tally is not None:
        counted = tally.kind is TallyKind.COUNT
        field = None if counted else vocabulary.types[tally.pattern.fact_type].fields.get(tally.of)
        subject = f"a {words.tallied(tally)} of"
    else:
        subject = f"{pattern.fact_type if pattern is not None else ''}.{test.field}"
    value = _value(operand, field, stands)
    limit = _limit_words(operand, words, field)
    return f"{subject} {f'{value}, ' if value else ''}{stands} {limit}"


def _places_of(damage: Damage, rule: Rule) -> list[Place]:
    found = [place for place in places(rule) if damage.site[: len(place.path)] == place.path]
    return sorted(found, key=lambda place: -len(place.path))


def _value(operand: Operand, field: Field | None, stands: str) -> str:
    """The value itself, where it does not hang on another fact."""
    if not isinstance(operand, Constant):
        return ""
    by = _STEPS[stands]
    slot = moved_value(slot_of(operand, {}), field, by) if by else slot_of(operand, {})
    return decimal_text(slot) if isinstance(slot, Decimal) else str(slot)


def _limit_words(operand: Operand, words: ConditionWords, field: Field | None) -> str:
    if isinstance(operand, Constant):
        value = str(operand.value)
        return f"{operand.parameter} ({value})" if operand.parameter else f"the limit {value}"
    return words.operand(operand, field)
