"""The schema of what stands under `when` and `then`: patterns, tests with their operators, tallies, conclusions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from smartpick_expert.authoring.schemas import scalars
from smartpick_expert.authoring.schemas.definitions import Definitions
from smartpick_expert.authoring.schemas.scalars import Schema, any_of, described, mapping, words
from smartpick_expert.intake.template import describe
from smartpick_expert.knowledge.parameters import Parameter
from smartpick_expert.language.conditions import COUNTED
from smartpick_expert.language.model import TallyKind
from smartpick_expert.language.operators import OPERATORS, Operator, Takes
from smartpick_expert.language.vocabulary import FactType, Field, FieldType, Supplier, Vocabulary

_TEXTS: Final = (FieldType.TEXT, FieldType.CHOICE, FieldType.LABEL)
# A name and a field of what is bound to it; what begins with two dollar signs is a text.
_REFERENCE: Final[Schema] = {
    "type": "string",
    "pattern": r"^\$(?!\$|parameter\.)[^.\s]+\.[^.\s]+$",
    "patternErrorMessage": "Write $name.field, where name is given with 'as' or is a fact type that there is one of.",
    "description": "A field of another fact: $name.field",
}
_NAME: Final[Schema] = {
    "type": "string",
    "pattern": r"^[A-Za-z_][A-Za-z0-9_]{0,63}$",
    "description": "For each such fact; the name is how $name.field and the words under 'because' speak of it.",
}
_NOT_A_REFERENCE: Final[Schema] = {"not": {"type": "string", "pattern": r"^\$(?!\$)"}}
_TALLIES: Final = {
    TallyKind.COUNT: "How many facts match; with 'of', how many different values of that field they have.",
    TallyKind.HIGHEST: "The highest value of the field 'of' among all facts that match.",
    TallyKind.LOWEST: "The lowest value of the field 'of' among all facts that match.",
    TallyKind.TOTAL: "The sum of the field 'of' over all facts that match.",
}


class ConditionSchemas:
    """Makes the parts of one schema that say what rules may write."""

    def __init__(self, vocabulary: Vocabulary, parameters: Mapping[str, Parameter], parts: Definitions) -> None:
        self.vocabulary = vocabulary
        self.parameters = parameters
        self.parts = parts
        self.named = {name: self._pattern(one, named=True) for name, one in vocabulary.types.items()}
        self.unnamed = {name: self._pattern(one, named=False) for name, one in vocabulary.types.items()}

    def condition(self) -> Schema:
        """One item of `when`."""
        forms = self._forms()
        branch = {**forms, "all": described(self._all(), "All of these hold.")}
        self.parts.ref("branch", _single(branch))
        return self.parts.ref("condition", _single(forms))

    def conclusion(self) -> Schema:
        """One item of `then`."""
        concluded = self.vocabulary.supplied_by(Supplier.RULES)
        return self.parts.ref("conclusion", _single({one.name: self._concluded(one) for one in concluded}))

    def _forms(self) -> dict[str, Schema]:
        branches = {"type": "array", "minItems": 2, "items": self.parts.later("branch")}
        return {
            "not": described(_single(self.unnamed), "There is no such fact."),
            "any": described(branches, "At least one of these holds; the names given inside stay inside."),
            **{kind: self._tally(kind, meaning) for kind, meaning in _TALLIES.items()},
            **self.named,
        }

    def _all(self) -> Schema:
        return {"type": "array", "minItems": 1, "items": self.parts.later("condition")}

    def _pattern(self, fact_type: FactType, *, named: bool) -> Schema:
        properties = {field.name: self._test(fact_type, field) for field in fact_type.fields.values()}
        if named:
            taken = [one.name for one in self.vocabulary.types.values() if one.one and one is not fact_type]
            properties = {"as": {**_NAME, "not": {"enum": ["parameter", *taken]}}, **properties}
        name = f"{'each' if named else 'some'}-{fact_type.name}"
        return described(self.parts.ref(name, mapping(properties)), fact_type.meaning)

    def _test(self, fact_type: FactType, field: Field) -> Schema:
        name = f"{fact_type.name}.{field.name}"
        options = [] if field.many else [self._operand(name, field)]
        options.append(self.parts.ref(f"tests-{name}", mapping(self._operators(name, field))))
        return described(self.parts.ref(f"test-{name}", any_of(options)), describe(field))

    def _operators(self, name: str, field: Field) -> dict[str, Schema]:
        return {
            operator.name: described(self._taken(name, field, operator), _meaning(operator))
            for operator in OPERATORS.values()
            if _fits(operator, field)
        }

    def _taken(self, name: str, field: Field, operator: Operator) -> Schema:
        """What stands behind an operator."""
        if operator.takes is Takes.PRESENCE:
            return {"enum": [True, "true"]}
        if operator.takes is Takes.ONE_OF_LIST:
            return self.parts.ref(f"list-{name}", self._list(name, field))
        limit = self._operand(name, field)
        if field.type is FieldType.NUMBER:
            limit = self.parts.ref(f"limit-{name}", any_of([limit, self._shifted(limit)]))
        if operator.operands == 2:  # noqa: PLR2004 - between has two ends
            return {"type": "array", "items": limit, "minItems": 2, "maxItems": 2}
        return limit

    def _list(self, name: str, field: Field) -> Schema:
        written = {"type": "array", "minItems": 1, "items": {**self._literal(name, field)}}
        return any_of([written, *self._references(field, many=True)])

    def _operand(self, name: str, field: Field) -> Schema:
        options = [self._literal(name, field), *self._references(field, many=False)]
        return self.parts.ref(f"operand-{name}", any_of(options))

    def _literal(self, name: str, field: Field) -> Schema:
        """A value written out. A text that begins with one dollar sign would be a reference."""
        one = scalars.value(field)
        if field.type is FieldType.TEXT:
            one |= _NOT_A_REFERENCE
        return self.parts.ref(f"value-{name}", one)

    def _references(self, field: Field, *, many: bool) -> list[Schema]:
        """What may be named in place of a value: another fact's field, a parameter of the same type and unit."""
        found = [self.parts.ref("reference", _REFERENCE)]
        fitting = {
            f"$parameter.{one.name}": one.meaning
            for one in self.parameters.values()
            if one.many == many and _same(one, field) and (not one.unit or not field.unit or one.unit == field.unit)
        }
        if fitting:
            group = "text" if field.type in _TEXTS else field.type
            name = f"parameters-{group}{'s' if many else ''}-{field.unit or 'any'}".replace(" ", "-")
            found.append(self.parts.ref(name, {**words(fitting), "description": "A dated parameter"}))
        return found

    def _shifted(self, limit: Schema) -> Schema:
        items = [limit, {"type": ["number", "string"], "pattern": r"^[+-]?[0-9]+(\.[0-9]+)?$"}]
        pair = {"type": "array", "items": items, "minItems": 2, "maxItems": 2}
        return mapping({"plus": described(pair, "A limit, and by how much it is moved: [$name.field, -10]")}, ["plus"])

    def _tally(self, kind: TallyKind, meaning: str) -> Schema:
        """A tally of one fact type; that there is only one the check says, which a schema says badly."""
        numbers = kind is not TallyKind.COUNT
        limits = {
            operator.name: described(self._taken("count", COUNTED, operator), _meaning(operator))
            for operator in OPERATORS.values()
            if _fits(operator, COUNTED) and operator.takes is not Takes.PRESENCE
        }
        fields = sorted(
            {
                field.name
                for fact_type in self.vocabulary.types.values()
                for field in fact_type.fields.values()
                if not numbers or (field.type is FieldType.NUMBER and not field.many)
            }
        )
        properties = {
            "of": {"enum": fields, "description": "The field that is looked at."},
            "as": {**_NAME, "description": "A name for the value, which is then $name.value."},
            **limits,
            **self.unnamed,
        }
        form = {**mapping(properties, ["of"] if numbers else []), "minProperties": 2 + numbers}
        return described(self.parts.ref(f"tally-{'number' if numbers else 'count'}", form), meaning)

    def _concluded(self, fact_type: FactType) -> Schema:
        properties = {}
        for field in fact_type.fields.values():
            options = [self._literal(f"{fact_type.name}.{field.name}", field), self.parts.ref("reference", _REFERENCE)]
            properties[field.name] = described(any_of(options), describe(field))
        return described(self.parts.ref(f"conclude-{fact_type.name}", mapping(properties)), fact_type.meaning)


def _single(forms: Mapping[str, Schema]) -> Schema:
    """One of these names, and no more: each stands behind a `- ` of its own."""
    return {**mapping(forms), "minProperties": 1, "maxProperties": 1}


def _fits(operator: Operator, field: Field) -> bool:
    return {
        Takes.PRESENCE: True,
        Takes.SAME: not field.many,
        Takes.ONE_OF_LIST: not field.many,
        Takes.ORDER: field.has_order,
        Takes.LIST_FIELD: field.many,
    }[operator.takes]


def _same(parameter: Parameter, field: Field) -> bool:
    return parameter.type is field.type or (parameter.type in _TEXTS and field.type in _TEXTS)


def _meaning(operator: Operator) -> str:
    names = ("the first", "the second") if operator.operands > 1 else ("this",)
    return f"The value {operator.wording.format(*names)}."
