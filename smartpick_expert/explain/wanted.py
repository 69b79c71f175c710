"""A fact that somebody misses, by its type and what is to hold of it; and which rules could conclude such a fact."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from smartpick_expert.engine.evaluator import leaf, slot_of
from smartpick_expert.engine.match import Bound
from smartpick_expert.engine.plans import ById
from smartpick_expert.explain.binding_search import NO_FACT, Allowed, Search
from smartpick_expert.explain.condition_text import ConditionWords
from smartpick_expert.explain.wording import value_text
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import (
    Conclusion,
    Constant,
    ParameterReference,
    Pattern,
    Reference,
    Rule,
    Test,
)
from smartpick_expert.language.operators import OPERATORS, Truth, truth
from smartpick_expert.language.values import ABSENT, UNKNOWN, Slot
from smartpick_expert.language.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Wanted:
    """A fact of a type that passes tests. These hold it against values only, and never against another fact."""

    type: str
    tests: tuple[Test, ...] = ()

    def words(self, vocabulary: Vocabulary) -> str:
        """What is missed, in words: `bucket (name is “known quantity”)`."""
        return ConditionWords(None, vocabulary).fact(Pattern(self.type, self.tests))

    def name(self) -> str:
        """What to ask for it by: its type, with the fields that must have one value."""
        given = {test.field: value for test in self.tests if (value := self.given(test.field)) not in (UNKNOWN, ABSENT)}
        fields = " ".join(f"{field}={_written(value)}" for field, value in sorted(given.items()))
        return f"{self.type}[{fields}]" if fields else self.type

    def truth(self, fact: Fact) -> Truth:
        """Whether a fact is such a one, whether or not there surely is that fact."""
        return min((leaf(test, fact, {}).truth for test in self.tests), default=Truth.YES)

    def given(self, field: str) -> Slot:
        """The value that a field must have; UNKNOWN where more than one will do."""
        for test in self.tests:
            (operand,) = test.operands[:1] or (None,)
            if test.field == field and test.operator.name == "is" and isinstance(operand, Constant):
                return operand.value
        return UNKNOWN


def _written(value: Slot) -> str:
    return value_text(value) if not isinstance(value, bool) else str(value).lower()


def wanted_of(type_name: str, fields: Mapping[str, Slot]) -> Wanted:
    """A fact with these values in these fields."""
    asked = OPERATORS["is"]
    return Wanted(type_name, tuple(Test(name, asked, (Constant(fields[name]),)) for name in sorted(fields)))


def wanted_by(pattern: Pattern, bound: Bound) -> Wanted:
    """The fact that a pattern lacks under a binding; what cannot be told is not asked of it."""
    tests = (_resolved(test, pattern, bound) for test in pattern.tests)
    return Wanted(pattern.fact_type, tuple(test for test in tests if test is not None))


def _resolved(test: Test, pattern: Pattern, bound: Bound) -> Test | None:
    names = {reference.name for reference in test.references()}
    if pattern.name in names or any(bound.get(name, NO_FACT) is NO_FACT for name in names):
        return None
    if not names:
        return Test(test.field, test.operator, test.operands)
    operands = tuple(slot_of(operand, bound) for operand in test.operands)
    if UNKNOWN in operands or ABSENT in operands:
        return None
    return Test(test.field, test.operator, tuple(Constant(operand) for operand in operands))


def by_conclusion(rules: Iterable[Rule]) -> Mapping[str, tuple[Rule, ...]]:
    """The rules that conclude facts of each type, in their order."""
    found: dict[str, dict[str, Rule]] = {}
    for rule in rules:
        for conclusion in rule.then:
            found.setdefault(conclusion.fact_type, {})[rule.id] = rule
    return {name: tuple(several.values()) for name, several in found.items()}


def concluding(rule: Rule, wanted: Wanted, search: Search) -> Allowed | None:
    """The facts that the rule's names may stand for if it is to conclude such a fact; None where it never does.

    A name that is not among them may stand for any fact.
    """
    ways = [way for one in rule.then if (way := _way(one, rule, wanted, search)) is not None]
    return ways[0] if ways else None


def _way(conclusion: Conclusion, rule: Rule, wanted: Wanted, search: Search) -> Allowed | None:
    if conclusion.fact_type != wanted.type:
        return None
    values, types = _values_of(conclusion), _types_of(rule)
    allowed: dict[str, Collection[Fact]] = {}
    for test in wanted.tests:
        operand = values.get(test.field)
        if isinstance(operand, Reference) and operand.name in types:
            facts = allowed.get(operand.name, search.facts(types[operand.name]))
            allowed[operand.name] = [fact for fact in facts if _may_be(test, fact, operand.field)]
        elif isinstance(operand, Constant) or operand is None:
            slot = operand.value if operand is not None else ABSENT
            operands = tuple(slot_of(one, {}) for one in test.operands)
            if truth(test.operator, slot, operands, settled=False) is Truth.NO:
                return None
    return allowed


def _may_be(test: Test, fact: Fact, field: str) -> bool:
    """Whether what a bound fact holds in a field may pass a test of the conclusion that takes it over."""
    asked = Test(field, test.operator, test.operands)
    return leaf(asked, fact, {}).truth is not Truth.NO


_values_of: ById[Conclusion, dict[str, Constant | ParameterReference | Reference]] = ById(lambda one: dict(one.values))
_types_of: ById[Rule, dict[str, str]] = ById(lambda rule: {one.name: one.fact_type for one in rule.bound()})
