"""The conditions of a rule in words, as they are held against facts: "there is a letter (us based is yes; weeks observed is at least 4)".

Names are the field's own, so that what is read here is found again in the rule file. A limit that is a parameter says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from smartpick_expert.engine.plans import ById
from smartpick_expert.explain.wording import value_text
from smartpick_expert.knowledge.phrases import named
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
        return " or ".join(marked_text(item, field) for item in slot) or value_text(slot)
    text = value_text(slot, field)
    return f"“{text}”" if isinstance(slot, str) else text


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
            return f"there is no {self.fact(condition.pattern)}"
        if isinstance(condition, AnyOf):
            return "one of these holds: " + "; or ".join(self._branch(branch) for branch in condition.branches)
        limits = " and ".join(self.limit(limit) for limit in condition.limits) or "is counted"
        return f"the {self.tallied(condition)} {limits}"

    def _branch(self, branch: Iterable[Condition]) -> str:
        return " and ".join(self.condition(part) for part in branch)

    def tallied(self, tally: Tally) -> str:
        """What a tally is made of: `count of reason (side is against)`."""
        field = f" {words_of(tally.of)}" if tally.of else ""
        return f"{tally.kind.value}{field} of {self.fact(tally.pattern)}"

    def pattern(self, pattern: Pattern) -> str:
        """That there is a fact; of what there always is one, what holds of it."""
        bare = self.fact(pattern)
        if self.vocabulary.types[pattern.fact_type].one:
            return f"of the {bare}" if pattern.tests else f"the {bare}"
        return f"there is {'an' if bare[0] in 'aeio' else 'a'} {bare}"

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
            return test.operator.wording
        return test.operator.wording.format(*(self.operand(operand, field) for operand in test.operands))

    def operand(self, operand: Operand, field: Field | None) -> str:
        """What a field is held against."""
        if isinstance(operand, Constant):
            text = marked_text(operand.value, field)
            return f"{text} (parameter {operand.parameter})" if operand.parameter else text
        if isinstance(operand, ParameterReference):
            return f"parameter {operand.name}"
        if isinstance(operand, Reference):
            return self._reference(operand)
        return f"{self.operand(operand.base, field)} {_moved(operand)}"

    def _reference(self, reference: Reference) -> str:
        """A field of another fact; a label is what is meant by the fact itself."""
        fact_type = self.vocabulary.types.get(self.names.get(reference.name, ""))
        if fact_type is None:
            return words_of(reference.name)
        field = fact_type.fields.get(reference.field)
        if field is not None and field.type is FieldType.LABEL and fact_type.label == reference.field:
            return f"that {words_of(reference.name)}"
        return f"the {words_of(reference.field)} of that {words_of(reference.name)}"


def _moved(shifted: Shifted) -> str:
    by = shifted.by
    number = str(abs(by)) if isinstance(by, int) else decimal_text(abs(by))
    return f"{'less' if by < 0 else 'plus'} {number}"
