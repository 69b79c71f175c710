"""Which name means what: references of a rule resolved and checked, hidden patterns added.

Removes from a rule: references to `one: true` types (a hidden pattern binds them) and the list of stages (a hidden test on
the applicant's stage). After this every reference names a bound fact or a tally of the rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter

from smartpick_expert.diagnostics import Location
from smartpick_expert.language.conditions import COUNTED
from smartpick_expert.language.model import (
    AnyOf,
    Condition,
    Constant,
    ParameterReference,
    Pattern,
    Reference,
    Rule,
    Tally,
    TallyKind,
    Test,
    inner_patterns,
)
from smartpick_expert.language.operands import ParameterType, no_single_value
from smartpick_expert.language.operators import OPERATORS, Takes
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.values import shorten
from smartpick_expert.language.vocabulary import Field, FieldType, Supplier, Vocabulary


@dataclass
class _Scope:
    """Names in reach, with the fields that may be asked of them, and which of them were used."""

    fields: dict[str, MappingType[str, Field]] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    places: dict[str, Location] = field(default_factory=dict)

    def child(self) -> _Scope:
        return _Scope(dict(self.fields), dict(self.types), self.used, dict(self.places))


def resolve(rule: Rule, vocabulary: Vocabulary, parameters: MappingType[str, ParameterType], reader: Reader) -> Rule:
    """Check every reference of the rule and add the hidden patterns. Problems are noted in `reader`."""
    return _Resolver(vocabulary, parameters, reader).resolve(rule)


class _Resolver:
    def __init__(self, vocabulary: Vocabulary, parameters: MappingType[str, ParameterType], reader: Reader) -> None:
        self.vocabulary = vocabulary
        self.parameters = parameters
        self.reader = reader
        self.hidden: dict[str, Pattern] = {}

    def resolve(self, rule: Rule) -> Rule:
        scope = _Scope()
        self._bind(rule.when, scope)
        self._check_tally_circle(rule.when)
        for condition in rule.when:
            self._check(condition, scope)
        self._check_conclusions(rule, scope)
        for part in rule.because.parts:
            if isinstance(part, Reference):
                self._field_of(part, scope, rule.because.location)
            elif isinstance(part, ParameterReference):
                self._check_worded_parameter(part.name, rule.because.location)
        self._check_unused(scope)
        return replace(rule, when=(*self._stage_pattern(rule), *self.hidden.values(), *rule.when))

    def _check_worded_parameter(self, name: str, place: Location) -> None:
        known = self.parameters.get(name)
        if known is None:
            hint = self.reader.nearest(name, self.parameters) or "Declare it in knowledge/parameters."
            self.reader.problem(place, "name.parameter", f"There is no parameter '{shorten(name)}'.", hint)
        elif known.type is None:
            self.reader.problem(place, "type.parameter", *no_single_value(name))

    def _bind(self, conditions: Iterable[Condition], scope: _Scope) -> None:
        for condition in conditions:
            if isinstance(condition, Pattern) and condition.name:
                fact_type = self.vocabulary.types[condition.fact_type]
                self._add(condition.name, fact_type.fields, condition.location, scope)
                scope.types[condition.name] = fact_type.name
            elif isinstance(condition, Tally) and condition.name:
                self._add(condition.name, {"value": self._tally_field(condition)}, condition.location, scope)

    def _check_tally_circle(self, conditions: Iterable[Condition]) -> None:
        """Tallies may look at one another's values, but not in a circle."""
        named = {c.name: c for c in conditions if isinstance(c, Tally) and c.name}
        looks = {
            name: {
                r.name for test in (*tally.pattern.tests, *tally.limits) for r in test.references() if r.name in named
            }
            for name, tally in named.items()
        }
        try:
            TopologicalSorter(looks).prepare()
        except CycleError as error:
            names = " -> ".join(error.args[1])
            self.reader.problem(
                named[error.args[1][0]].location,
                "name.circle",
                f"These tallies wait for one another's value: {names}.",
                "Hold one of them against something else.",
            )

    def _tally_field(self, tally: Tally) -> Field:
        if tally.kind is TallyKind.COUNT or not tally.of:
            return replace(COUNTED, name="value")
        return replace(
            self.vocabulary.types[tally.pattern.fact_type].fields[tally.of],
            name="value",
            minimum=None,
            maximum=None,
        )

    def _add(self, name: str, fields: MappingType[str, Field], place: Location, scope: _Scope) -> None:
        if name in scope.fields:
            self.reader.problem(
                place, "name.bound-twice", f"'{name}' is bound twice in this rule.", "Choose another name for one of them.",
                related=((scope.places[name], "the first one"),),
            )  # fmt: skip
        one = self.vocabulary.types.get(name)
        if one is not None and one.one and fields is not one.fields:
            self.reader.problem(
                place,
                "name.shadows",
                f"'{name}' already means the one {name} there is.",
                "Choose another name.",
            )
        if name == "parameter":
            self.reader.problem(
                place,
                "name.reserved",
                "'parameter' already means the knowledge's parameters.",
                "Choose another name.",
            )
            scope.used.add(name)
        scope.fields[name] = fields
        scope.places[name] = place

    def _check(self, condition: Condition, scope: _Scope) -> None:
        if isinstance(condition, AnyOf):
            for branch in condition.branches:
                inner = scope.child()
                self._bind(branch, inner)
                self._check_tally_circle(branch)
                for part in branch:
                    self._check(part, inner)
                for part in branch:
                    if isinstance(part, Pattern | Tally) and part.name:
                        self._note_unused(part.name, inner)
            return
        for pattern in inner_patterns(condition):
            fields = self.vocabulary.types[pattern.fact_type].fields
            for test in pattern.tests:
                self._check_test(test, fields[test.field], pattern.fact_type, scope)
        if isinstance(condition, Tally):
            for limit in condition.limits:
                self._check_test(limit, self._tally_field(condition), "", scope)

    def _check_test(self, test: Test, tested: Field, owner: str, scope: _Scope) -> None:
        for reference in test.references():
            other = self._field_of(reference, scope, test.location)
            if other is None:
                continue
            wants_list = test.operator.takes is Takes.ONE_OF_LIST
            if other.many != wants_list:
                form = "a list" if other.many else "a single value"
                self.reader.problem(
                    test.location, "type.reference", f"'${reference.name}.{reference.field}' is {form}.",
                    "Use in or not_in with a list, and with nothing else.",
                )  # fmt: skip
            elif not self._may_name(tested, other):
                self._check_types(tested, owner, reference, other, scope, test.location)

    def _check_types(
        self, mine: Field, owner: str, reference: Reference, other: Field, scope: _Scope, place: Location
    ) -> None:
        theirs = scope.types.get(reference.name, "")
        what = f"'{mine.name}'" if owner else "The tally"
        if self._sort(mine, owner) != self._sort(other, theirs):
            self.reader.problem(
                place, "type.reference",
                f"{what} ({self._sort(mine, owner)}) is compared with '${reference.name}.{reference.field}' "
                f"({self._sort(other, theirs)}).",
                "Compare things of one type.",
            )  # fmt: skip
        elif mine.unit and other.unit and mine.unit != other.unit:
            self.reader.problem(
                place, "type.unit", f"{what} is in {mine.unit}, '${reference.name}.{reference.field}' in {other.unit}.",
                "Compare things of one unit.",
            )  # fmt: skip

    def _may_name(self, text: Field, label: Field) -> bool:
        """Whether a free text may hold this label: what the knowledge lists is named in notes too, among other things."""
        named = self.vocabulary.types.get(label.of)
        return text.type is FieldType.TEXT and named is not None and named.supplied_by is Supplier.KNOWLEDGE

    def _sort(self, one: Field, owner: str) -> str:
        """The type of a field as far as comparing goes: a label is a label of something; words are words."""
        if one.type is FieldType.LABEL and one.of:
            return f"label of {one.of}"
        owning = self.vocabulary.types.get(owner)
        if owning is not None and owning.label == one.name:
            return f"label of {owner}"
        if one.type is FieldType.LABEL:
            return f"label of {owner}"
        return "text" if one.type is FieldType.CHOICE else str(one.type)

    def _field_of(self, reference: Reference, scope: _Scope, place: Location) -> Field | None:
        fields = scope.fields.get(reference.name)
        if fields is None:
            one = self.vocabulary.types.get(reference.name)
            if one is not None and one.one:
                self.hidden.setdefault(one.name, Pattern(one.name, (), one.name, hidden=True, location=place))
                fields = one.fields
            else:
                ones = [t.name for t in self.vocabulary.types.values() if t.one]
                hint = (
                    self.reader.nearest(reference.name, [*scope.fields, *ones])
                    or f"Bind it with 'as: {shorten(reference.name)}'."
                )
                self.reader.problem(place, "name.unbound", f"Nothing here is called '{shorten(reference.name)}'.", hint)
                return None
        scope.used.add(reference.name)
        known = fields.get(reference.field)
        if known is None:
            hint = self.reader.nearest(reference.field, fields) or "Check the name."
            self.reader.problem(
                place, "name.field", f"'{reference.name}' has no field '{shorten(reference.field)}'.", hint
            )
        return known

    def _check_conclusions(self, rule: Rule, scope: _Scope) -> None:
        for conclusion in rule.then:
            fields = self.vocabulary.types[conclusion.fact_type].fields
            for name, operand in conclusion.values:
                if not isinstance(operand, Reference):
                    continue
                other = self._field_of(operand, scope, conclusion.location)
                if other is not None and (other.many != fields[name].many):
                    self.reader.problem(
                        conclusion.location, "type.reference", f"'{name}' and '${operand.name}.{operand.field}' differ in form.",
                        "Take a field of the same type.",
                    )  # fmt: skip
                elif other is not None:
                    mine, owner = fields[name], conclusion.fact_type
                    # A text may hold any label: that is how a conclusion names a place of the profile.
                    if mine.type is not FieldType.TEXT or other.type not in (
                        FieldType.CHOICE,
                        FieldType.LABEL,
                    ):
                        self._check_types(mine, owner, operand, other, scope, conclusion.location)

    def _note_unused(self, name: str, scope: _Scope) -> None:
        if name not in scope.used:
            self.reader.problem(
                scope.places[name],
                "name.unused",
                f"'{name}' is bound and never used.",
                "Delete 'as', or use the name.",
            )

    def _check_unused(self, scope: _Scope) -> None:
        for name in scope.fields:
            self._note_unused(name, scope)

    def _stage_pattern(self, rule: Rule) -> Iterator[Pattern]:
        if not rule.stages:
            return
        applicant = self.vocabulary.types.get("applicant")
        stage = applicant.fields.get("stage") if applicant else None
        if applicant is None or stage is None:
            self.reader.problem(
                rule.location, "rule.stages", "The vocabulary knows no applicant.stage.", "Delete 'stages'."
            )
            return
        test = Test("stage", OPERATORS["in"], (Constant(rule.stages),), rule.location)
        yield Pattern("applicant", (test,), hidden=True, location=rule.location)
