"""The conditions of a rule in words, as they are held against facts: "there is a letter (us based is yes; weeks observed is at least 4)".

Names are the field's own, so that what is read here is found again in the rule file. A limit that is a parameter says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce

from smartpick_expert.engine.plans import ById
from smartpick_expert.explain.wording import value_text
from smartpick_expert.knowledge.phrases import named, said
from smartpick_expert.language.model import (
    AnyOf,
    Condition,
    Constant,
    Negation,
    Operand,
    ParameterReference,
    Pattern,
    Reference,
    Rule,
    Shifted,
    Tally,
    Test,
    inner_patterns,
)
from smartpick_expert.language.operators import Takes
from smartpick_expert.language.values import Slot, decimal_text
from smartpick_expert.language.vocabulary import Field, FieldType, Vocabulary


def words_of(name: str) -> str:
    """A name of the vocabulary as words: `us_based` is `us based`."""
    return named(name)


def marked_text(slot: Slot, field: Field | None = None) -> str:
    """A value with marks around words, so that they do not run into the sentence; of several, any will do."""
    if isinstance(slot, tuple):
        items = [marked_text(item, field) for item in slot]
        return reduce(_either, items) if items else value_text(slot)
    text = value_text(slot, field)
    return said("label", label=text) if isinstance(slot, str) else text


def _either(one: str, other: str) -> str:
    return said("either", one=one, other=other)


class ConditionWords:
    """Words the conditions of one rule; `names` are the types its names are bound to. Without a rule there are none."""

    def __init__(self, rule: Rule | None, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        conditions = rule.when if rule is not None else ()
        # Words of what was worded once are kept: each condition is told of many facts.
        self._conditions: ById[Condition, str] = ById(self._condition)
        self._tests: dict[tuple[int, int], tuple[Test, Field | None, str]] = {}
        self.names: Mapping[str, str] = {
            pattern.name: pattern.fact_type for condition in conditions for pattern in inner_patterns(condition) if pattern.name
        }  # fmt: skip

    def condition(self, condition: Condition) -> str:
        """A whole condition: what there is to be, or not to be."""
        return self._conditions(condition)

    def _condition(self, condition: Condition) -> str:
        if isinstance(condition, Pattern):
            return self.pattern(condition)
        if isinstance(condition, Negation):
            return said("there_is_no", fact=self.fact(condition.pattern))
        if isinstance(condition, AnyOf):
            branches = [self._branch(branch) for branch in condition.branches]
            return said(
                "one_of_these", branches=reduce(lambda one, other: said("or_else", one=one, other=other), branches)
            )
        limits = both(self.limit(limit) for limit in condition.limits) or said("is_counted")
        return said("tally_is", tally=self.tallied(condition), limits=limits)

    def _branch(self, branch: Iterable[Condition]) -> str:
        return both(self.condition(part) for part in branch)

    def tallied(self, tally: Tally) -> str:
        """What a tally is made of: `count of reason (side is against)`."""
        kind, fact = named(tally.kind.value), self.fact(tally.pattern)
        return (
            said("tally_of", kind=kind, field=words_of(tally.of), fact=fact)
            if tally.of
            else said("tally", kind=kind, fact=fact)
        )

    def pattern(self, pattern: Pattern) -> str:
        """That there is a fact; of what there always is one, what holds of it."""
        bare = self.fact(pattern)
        if self.vocabulary.types[pattern.fact_type].one:
            return said("of_the" if pattern.tests else "the", fact=bare)
        return said("there_is_an" if bare[0] in "aeio" else "there_is_a", fact=bare)

    def fact(self, pattern: Pattern) -> str:
        """The fact that a pattern asks for: its type, and what holds of it."""
        fields = self.vocabulary.types[pattern.fact_type].fields
        tests = "; ".join(self.test(test, fields.get(test.field)) for test in pattern.tests)
        return f"{words_of(pattern.fact_type)} ({tests})" if tests else words_of(pattern.fact_type)

    def test(self, test: Test, field: Field | None) -> str:
        """One test of a field."""
        key = (id(test), id(field))
        if key not in self._tests:
            self._tests[key] = (test, field, f"{words_of(test.field)} {self._verdict(test, field)}")
        return self._tests[key][2]

    def limit(self, limit: Test) -> str:
        """The limit of a tally, without what is tallied."""
        return self._verdict(limit, None)

    def _verdict(self, test: Test, field: Field | None) -> str:
        if test.operator.takes is Takes.PRESENCE:
            return said(f"test_{test.operator.name}")
        operands = dict(zip(("value", "high"), (self.operand(one, field) for one in test.operands), strict=False))
        return said(f"test_{test.operator.name}", **operands)

    def operand(self, operand: Operand, field: Field | None) -> str:
        """What a field is held against."""
        if isinstance(operand, Constant):
            text = marked_text(operand.value, field)
            return said("value_of_parameter", value=text, parameter=operand.parameter) if operand.parameter else text
        if isinstance(operand, ParameterReference):
            return said("parameter", parameter=operand.name)
        if isinstance(operand, Reference):
            return self._reference(operand)
        return _moved(self.operand(operand.base, field), operand)

    def _reference(self, reference: Reference) -> str:
        """A field of another fact; a label is what is meant by the fact itself."""
        fact_type = self.vocabulary.types.get(self.names.get(reference.name, ""))
        if fact_type is None:
            return words_of(reference.name)
        field = fact_type.fields.get(reference.field)
        if field is not None and field.type is FieldType.LABEL and fact_type.label == reference.field:
            return said("that", name=words_of(reference.name))
        return said("of_that", field=words_of(reference.field), name=words_of(reference.name))


def both(texts: Iterable[str]) -> str:
    """Several things that are all so: `one and another`; empty where there is none."""
    several = list(texts)
    return reduce(lambda one, other: said("both", one=one, other=other), several) if several else ""


def _moved(base: str, shifted: Shifted) -> str:
    by = shifted.by
    number = str(abs(by)) if isinstance(by, int) else decimal_text(abs(by))
    return said("less" if by < 0 else "plus", value=base, number=number)
