"""Scenarios as an author writes them: vocabulary and rule files as YAML, each thing spelt in one of its ways.

`writable` changes what the language's own checks rightly refuse, so that it can be written at all:

- an `in` without items, and a second test of one field by one operator, which YAML has no room for, are left out;
- a name that is bound in a branch of `any` and used nowhere is dropped (at the top, `because` uses every name);
- a conclusion takes a list from a bound field alone;
- labels name entries of one type, so that they may be compared; a concluded type gets a label nobody concludes, so that it
  may be totalled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from smartpick_expert.language.loader import KnownNames
from smartpick_expert.language.model import (
    AnyOf,
    Conclusion,
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
    inner_tests,
)
from smartpick_expert.language.operands import ParameterType
from smartpick_expert.language.operators import OPERATORS, Takes
from smartpick_expert.language.vocabulary import FactType, Field, FieldType, Supplier, Vocabulary
from tests.drawing import Draw, parameter_name
from tests.scenarios import Scenario
from tests.spelling import mapping, quoted, sequence, spelt

NAMES: Final = KnownNames(
    {
        parameter_name(of_type, many=many): ParameterType(of_type, many=many)
        for of_type in FieldType
        for many in (False, True)
    },
    frozenset({"claim:made"}),
)
_ORIGIN: Final = Field("mark", FieldType.LABEL, "what it comes from")


# --- what can be written ----------------------------------------------------------------------------------------------


def writable(scenario: Scenario) -> Scenario:
    """The scenario without what the language refuses; see above."""
    types = {kind.name: _writable_type(kind) for kind in scenario.vocabulary.types.values()}
    rules = tuple(
        replace(rule, when=tuple(_writable(rule.when)), then=tuple(map(_writable_conclusion, rule.then)))
        for rule in scenario.rules
    )
    return replace(scenario, vocabulary=Vocabulary(types), rules=rules)


def _writable_type(kind: FactType) -> FactType:
    fields = {f.name: replace(f, of="given_0") if f.type is FieldType.LABEL else f for f in kind.fields.values()}
    if kind.supplied_by is Supplier.RULES and not any(f.type is FieldType.LABEL for f in fields.values()):
        fields[_ORIGIN.name] = replace(_ORIGIN, of="given_0")
    return replace(kind, fields=fields)


def _writable_conclusion(conclusion: Conclusion) -> Conclusion:
    written_list = [name for name, value in conclusion.values if isinstance(getattr(value, "value", None), tuple)]
    return replace(conclusion, values=tuple(pair for pair in conclusion.values if pair[0] not in written_list))


def _writable(conditions: Iterable[Condition]) -> Iterator[Condition]:
    for condition in conditions:
        if isinstance(condition, AnyOf):
            branches = tuple(tuple(_used(tuple(_writable(branch)))) for branch in condition.branches)
            yield replace(condition, branches=branches)
        elif isinstance(condition, Pattern):
            yield replace(condition, tests=_writable_tests(condition.tests))
        elif isinstance(condition, Tally):
            pattern = replace(condition.pattern, tests=_writable_tests(condition.pattern.tests))
            yield _limited(replace(condition, pattern=pattern, limits=_writable_tests(condition.limits)))
        else:
            yield replace(condition, pattern=replace(condition.pattern, tests=_writable_tests(condition.pattern.tests)))


def _writable_tests(tests: Iterable[Test]) -> tuple[Test, ...]:
    kept: dict[tuple[str, str], Test] = {}
    for test in tests:
        is_empty = test.operator.takes is Takes.ONE_OF_LIST and test.operands[0] == Constant(())
        if not is_empty:
            kept.setdefault((test.field, test.operator.name), test)
    return tuple(kept.values())


def _used(branch: tuple[Condition, ...]) -> Iterator[Condition]:
    used = {reference.name for part in branch for test in inner_tests(part) for reference in test.references()}
    for part in branch:
        if isinstance(part, Pattern | Tally) and part.name and part.name not in used:
            bare = replace(part, name="")
            yield _limited(bare) if isinstance(bare, Tally) else bare
        else:
            yield part


def _limited(tally: Tally) -> Tally:
    """A tally without a name needs a limit."""
    if tally.limits or tally.name:
        return tally
    return replace(tally, limits=(Test("", OPERATORS["at_least"], (Constant(1),)),))


# --- vocabulary and rules as YAML -------------------------------------------------------------------------------------


def vocabulary_file(vocabulary: Vocabulary) -> str:
    """The text of a vocabulary file."""
    lines = ["about: Made up.", "types:"]
    for kind in vocabulary.types.values():
        lines += [f"  {kind.name}:", f"    meaning: {kind.meaning}", f"    supplied_by: {kind.supplied_by}"]
        lines += ["    one: true"] if kind.one else []
        lines += ["    assume: []", f"    assumption: {kind.assume}"] if kind.assume else []
        lines += ["    fields:"]
        lines += [f"      {field.name}: {mapping(_field_words(field))}" for field in kind.fields.values()]
    return "\n".join(lines) + "\n"


def _field_words(field: Field) -> dict[str, str]:
    words = {"type": str(field.type), "meaning": field.meaning, "may_be_none": "true" if field.may_be_none else "false"}
    if field.many:
        words["many"] = "true"
    if field.values:
        words["values"] = mapping(field.values)
    if field.of:
        words["of"] = field.of
    return words


def rule_files(scenario: Scenario, draw: Draw) -> list[str]:
    """The texts of a few rule files, the rules shuffled among them."""
    files: list[list[Rule]] = [[] for _ in range(draw.one_of((1, 2, 3, 5)))]
    for rule in draw.shuffled(scenario.rules):
        draw.one_of(files).append(rule)
    writer = _RuleWriter(draw, scenario.vocabulary)
    return [writer.file(rules) for rules in draw.shuffled(files) if rules]


class _RuleWriter:
    """Writes rules, choosing among the ways in which the language lets a thing be said."""

    def __init__(self, draw: Draw, vocabulary: Vocabulary) -> None:
        self.draw = draw
        self.vocabulary = vocabulary

    def file(self, rules: Iterable[Rule]) -> str:
        lines = ["topic: made", "about: Made up.", "rules:"]
        return "\n".join([*lines, *(line for rule in rules for line in self.rule(rule))]) + "\n"

    def rule(self, rule: Rule) -> Iterator[str]:
        yield f"  - id: {rule.id}"
        yield f"    title: {rule.title}"
        yield f"    kind: {rule.kind}"
        yield f"    status: {rule.status}"
        yield "    sources: [claim:made]"
        yield "    owner: editorial"
        yield "    review_by: 2027-06-01"
        days = {"from": rule.valid_from, "to": rule.valid_to}
        if any(days.values()):
            yield f"    valid: {mapping({word: day.isoformat() for word, day in days.items() if day})}"
        yield "    when:"
        for condition in rule.when:
            if not (isinstance(condition, Pattern) and condition.hidden):
                yield f"      - {self.condition(condition)}"
        yield "    then:"
        for conclusion in rule.then:
            fields = self.vocabulary.types[conclusion.fact_type].fields
            values = {name: self.operand(operand, fields[name]) for name, operand in conclusion.values}
            yield f"      - {mapping({conclusion.fact_type: mapping(values)})}"
        yield f"    because: {quoted(' '.join(self.names(rule)) or 'So it is.')}"
        yield "    rationale: None."

    def names(self, rule: Rule) -> Iterator[str]:
        """Every name of the rule, used."""
        for condition in rule.when:
            if isinstance(condition, Pattern) and condition.name:
                yield f"{{{{ {condition.name}.{next(iter(self.vocabulary.types[condition.fact_type].fields))} }}}}"
            elif isinstance(condition, Tally) and condition.name:
                yield f"{{{{ {condition.name}.value }}}}"

    def condition(self, condition: Condition) -> str:
        if isinstance(condition, Pattern):
            return mapping({condition.fact_type: self.pattern(condition)})
        if isinstance(condition, Negation):
            return mapping({"not": self.condition(condition.pattern)})
        if isinstance(condition, AnyOf):
            return mapping({"any": sequence(self.branch(branch) for branch in condition.branches)})
        words = {condition.pattern.fact_type: self.pattern(condition.pattern)}
        if condition.of:
            words["of"] = condition.of
        words |= {test.operator.name: self.operands(test, Field("", FieldType.NUMBER, "")) for test in condition.limits}
        if condition.name:
            words["as"] = condition.name
        return mapping({str(condition.kind): mapping(dict(self.draw.shuffled(tuple(words.items()))))})

    def branch(self, branch: Sequence[Condition]) -> str:
        if len(branch) == 1 and self.draw.often(5):
            return self.condition(branch[0])
        return mapping({"all": sequence(map(self.condition, branch))})

    def pattern(self, pattern: Pattern) -> str:
        fields = self.vocabulary.types[pattern.fact_type].fields
        tests: dict[str, dict[str, str]] = {}
        for test in pattern.tests:
            tests.setdefault(test.field, {})[test.operator.name] = self.operands(test, fields[test.field])
        words = {
            name: its["is"] if set(its) == {"is"} and "{" not in its["is"] and self.draw.often(5) else mapping(its)
            for name, its in tests.items()
        }
        if pattern.name:
            words["as"] = pattern.name
        return mapping(dict(self.draw.shuffled(tuple(words.items()))))

    def operands(self, test: Test, field: Field) -> str:
        if test.operator.takes is Takes.PRESENCE:
            return "true"
        words = [self.operand(operand, field) for operand in test.operands]
        return words[0] if len(words) == 1 else sequence(words)

    def operand(self, operand: Operand, field: Field) -> str:
        if isinstance(operand, Reference):
            return f"${operand.name}.{operand.field}"
        if isinstance(operand, ParameterReference):
            return f"$parameter.{operand.name}"
        if isinstance(operand, Shifted):
            moved = sequence([self.operand(operand.base, field), spelt(operand.by, self.draw)])
            return mapping({"plus": moved})
        return spelt(operand.value, self.draw, in_rule=True)
