"""The `when` and `then` of a rule: nodes to conditions and conclusions, each name and type checked against the vocabulary.

References are read here and resolved in `scope.py`, since a name may be bound further down.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from dataclasses import dataclass

from smartpick_expert.diagnostics import Location, nearest
from smartpick_expert.language.literals import read_one
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
    Shifted,
    Tally,
    TallyKind,
    Test,
)
from smartpick_expert.language.operators import OPERATORS, Operator, Takes
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Mapping, Node, Scalar, Sequence
from smartpick_expert.language.values import ValueProblem, read_number, shorten
from smartpick_expert.language.vocabulary import FactType, Field, FieldType, Supplier, Vocabulary

# The number a count yields: no field of the vocabulary, so it is declared here.
COUNTED = Field("count", FieldType.NUMBER, "how many", minimum=0)
_TALLIES = tuple(kind.value for kind in TallyKind)


@dataclass(frozen=True, slots=True)
class ParameterType:
    """What a rule may know of a parameter: the type of its value."""

    type: FieldType
    unit: str = ""
    many: bool = False


class ConditionReader:
    """Reads conditions and conclusions of one file, collecting problems in `reader`."""

    def __init__(self, vocabulary: Vocabulary, parameters: MappingType[str, ParameterType], reader: Reader) -> None:
        self.vocabulary = vocabulary
        self.parameters = parameters
        self.reader = reader

    def condition(self, node: Node) -> Condition | None:
        """One item of `when`."""
        pair = self._single(node, "A condition")
        if pair is None:
            return None
        key, value = pair
        if key.text == "not":
            inner = self._single(value, "'not'")
            pattern = self.pattern(*inner, named=False) if inner else None
            return Negation(pattern, key.location) if pattern else None
        if key.text == "any":
            return self._any(key, value)
        if key.text in _TALLIES:
            return self._tally(key, value)
        return self.pattern(key, value)

    def _single(self, node: Node, what: str) -> tuple[Scalar, Node] | None:
        mapping = self.reader.mapping(node, what)
        if mapping is None:
            return None
        if len(mapping.pairs) != 1:
            self.reader.problem(
                mapping.location, "condition.form", f"{what} names one fact type, not {len(mapping.pairs)}.",
                "Put each on its own line that begins with '- '.",
            )  # fmt: skip
            return None
        return mapping.pairs[0]

    def _any(self, key: Scalar, node: Node) -> AnyOf | None:
        branches: list[tuple[Condition, ...]] = []
        for item in self.reader.sequence(node, "'any'"):
            if isinstance(item, Mapping) and len(item.pairs) == 1 and item.pairs[0][0].text == "all":
                parts = [self.condition(part) for part in self.reader.sequence(item.pairs[0][1], "'all'")]
            else:
                parts = [self.condition(item)]
            branches.append(tuple(part for part in parts if part is not None))
        if len(branches) < 2:  # noqa: PLR2004 - a choice of one is none
            self.reader.problem(
                key.location,
                "condition.any",
                "'any' needs at least two branches.",
                "Add one, or write it without 'any'.",
            )
        return AnyOf(tuple(branches), key.location)

    def fact_type(self, key: Scalar) -> FactType | None:
        """The fact type a word names, or None after a problem."""
        known = self.vocabulary.types.get(key.text)
        if known is None:
            hint = (
                nearest(key.text, [*self.vocabulary.types, "not", "any", *_TALLIES]) or "Declare it in the vocabulary."
            )
            self.reader.problem(key.location, "name.fact-type", f"There is no fact type '{shorten(key.text)}'.", hint)
        return known

    def field(self, owner: FactType, key: Scalar) -> Field | None:
        """The field a word names, or None after a problem."""
        known = owner.fields.get(key.text)
        if known is None:
            hint = nearest(key.text, owner.fields) or "Declare it in the vocabulary."
            self.reader.problem(key.location, "name.field", f"'{owner.name}' has no field '{shorten(key.text)}'.", hint)
        return known

    def pattern(self, key: Scalar, node: Node, *, named: bool = True) -> Pattern | None:
        """`letter: {as: letter, us_based: true}`."""
        owner = self.fact_type(key)
        mapping = self.reader.mapping(node, f"'{key.text}'")
        if owner is None or mapping is None:
            return None
        tests: list[Test] = []
        name = ""
        for field_key, value in mapping.pairs:
            if field_key.text == "as":
                name = self._name(field_key, value, named=named)
                continue
            field = self.field(owner, field_key)
            if field is not None:
                tests += self.tests(field, value)
        return Pattern(owner.name, tuple(tests), name, location=key.location)

    def _name(self, key: Scalar, node: Node, *, named: bool) -> str:
        name = self.reader.scalar_text(node, "'as'")
        if not named:
            self.reader.problem(
                key.location,
                "name.bound-inside",
                "A name cannot be given here: it could never be used.",
                "Delete 'as'.",
            )
            return ""
        if not name.isidentifier():
            self.reader.problem(
                node.location,
                "name.form",
                f"'{shorten(name)}' cannot be a name.",
                "Use letters, digits and _.",
            )
            return ""
        return name

    def tests(self, field: Field, node: Node) -> list[Test]:
        """The tests written behind a field's name."""
        if isinstance(node, Mapping):
            return [test for key, value in node.pairs if (test := self._test(field, key, value)) is not None]
        if isinstance(node, Sequence):
            self.reader.problem(
                node.location,
                "condition.list",
                f"'{field.name}' is followed by a bare list.",
                "Write {in: [...]}.",
            )
            return []
        operator = OPERATORS["is"]
        if not self._fits(field, operator, node.location):
            return []
        operand = self._operand(field, node)
        return [Test(field.name, operator, (operand,), node.location)] if operand is not None else []

    def _test(self, field: Field, key: Scalar, node: Node) -> Test | None:
        operator = OPERATORS.get(key.text)
        if operator is None:
            hint = nearest(key.text, OPERATORS) or f"Operators are: {', '.join(OPERATORS)}."
            self.reader.problem(key.location, "name.operator", f"There is no operator '{shorten(key.text)}'.", hint)
            return None
        if not self._fits(field, operator, key.location):
            return None
        operands = self._operands(field, operator, key, node)
        return Test(field.name, operator, operands, key.location) if operands is not None else None

    def _fits(self, field: Field, operator: Operator, place: Location) -> bool:
        takes = operator.takes
        if takes is Takes.PRESENCE:
            return True
        fine = {
            Takes.SAME: not field.many,
            Takes.ONE_OF_LIST: not field.many,
            Takes.ORDER: field.has_order,
            Takes.LIST_FIELD: field.many,
        }[takes]
        if not fine:
            kind = "a list" if field.many else f"a {field.type}"
            hint = "Use contains or lacks." if field.many else "Use is, is_not, in or not_in."
            self.reader.problem(
                place,
                "type.operator",
                f"'{operator.name}' compares {takes.value}; '{field.name}' is {kind}.",
                hint,
            )
        return fine

    def _operands(self, field: Field, operator: Operator, key: Scalar, node: Node) -> tuple[Operand, ...] | None:
        if operator.takes is Takes.PRESENCE:
            if not (isinstance(node, Scalar) and node.text == "true"):
                opposite = "unknown" if operator.name == "known" else "known"
                self.reader.problem(
                    node.location, "condition.presence", f"'{operator.name}' takes 'true' and nothing else.",
                    f"Write {{{operator.name}: true}}, or {{{opposite}: true}} for the opposite.",
                )  # fmt: skip
                return None
            return ()
        if operator.operands == 2:  # noqa: PLR2004 - between has two ends
            items = self.reader.sequence(node, f"'{operator.name}'")
            if len(items) != 2:  # noqa: PLR2004
                self.reader.problem(
                    key.location,
                    "condition.between",
                    "'between' takes two limits.",
                    "Write {between: [low, high]}.",
                )
                return None
            ends = [self._operand(field, item) for item in items]
            return None if None in ends else tuple(end for end in ends if end is not None)
        read = self._list_operand if operator.takes is Takes.ONE_OF_LIST else self._operand
        operand = read(field, node)
        return (operand,) if operand is not None else None

    def _list_operand(self, field: Field, node: Node) -> Operand | None:
        if isinstance(node, Sequence):
            items = [read_one(item, field, self.reader) for item in node.items]
            return None if None in items else Constant(tuple(item for item in items if item is not None))
        if isinstance(node, Scalar) and node.text.startswith("$") and not node.text.startswith("$$"):
            return self._reference(field, node, many=True)
        self.reader.problem(node.location, "condition.list", "'in' and 'not_in' take a list.", "Write [one, two].")
        return None

    def _operand(self, field: Field, node: Node) -> Operand | None:
        if isinstance(node, Mapping):
            return self._shifted(field, node)
        if isinstance(node, Scalar) and node.text.startswith("$$"):
            value = read_one(Scalar(node.text[1:], node.quoted, node.location), field, self.reader)
        elif isinstance(node, Scalar) and node.text.startswith("$"):
            return self._reference(field, node, many=False)
        else:
            value = read_one(node, field, self.reader)
        return Constant(value) if value is not None else None

    def _shifted(self, field: Field, node: Mapping) -> Shifted | None:
        items = self.reader.sequence(node.get("plus"), "'plus'")
        if (
            field.type is not FieldType.NUMBER
            or len(node.pairs) != 1
            or len(items) != 2  # noqa: PLR2004 - what is moved, and by how much
            or not isinstance(items[1], Scalar)
        ):
            self.reader.problem(
                node.location, "condition.plus", "A limit can be moved by a number and in no other way.",
                "Write {plus: [$name.field, -10]}.",
            )  # fmt: skip
            return None
        base = self._operand(field, items[0])
        try:
            by = read_number(items[1].text)
        except ValueProblem as problem:
            self.reader.value_problem(items[1].location, problem)
            return None
        return Shifted(base, by) if base is not None and not isinstance(base, Shifted) else None

    def _reference(self, field: Field, node: Scalar, *, many: bool) -> Operand | None:
        words = node.text[1:].split(".")
        if words[0] == "parameter":
            name = ".".join(words[1:])
            known = self.parameters.get(name)
            if known is None:
                hint = nearest(name, self.parameters) or "Declare it in knowledge/parameters."
                self.reader.problem(node.location, "name.parameter", f"There is no parameter '{shorten(name)}'.", hint)
                return None
            self._check_parameter(field, known, name, node, many=many)
            return ParameterReference(name)
        if len(words) != 2 or not all(word.isidentifier() for word in words):  # noqa: PLR2004 - name and field
            self.reader.problem(
                node.location,
                "name.form",
                f"'{shorten(node.text)}' is no reference.",
                "Write $name.field, or $$ for a text with a $.",
            )
            return None
        return Reference(words[0], words[1])

    def _check_parameter(self, field: Field, known: ParameterType, name: str, node: Scalar, *, many: bool) -> None:
        texts = (FieldType.TEXT, FieldType.CHOICE, FieldType.LABEL)
        if known.type is not field.type and not (known.type in texts and field.type in texts):
            self.reader.problem(
                node.location, "type.parameter", f"Parameter '{name}' is a {known.type}; '{field.name}' is a {field.type}.",
                "Compare things of one type.",
            )  # fmt: skip
        elif known.many != many:
            form = "a list" if known.many else "a single value"
            self.reader.problem(
                node.location,
                "type.parameter",
                f"Parameter '{name}' is {form}.",
                "Use in or not_in with a list, and with nothing else.",
            )
        elif known.unit and field.unit and known.unit != field.unit:
            self.reader.problem(
                node.location,
                "type.unit",
                f"Parameter '{name}' is in {known.unit}; '{field.name}' is in {field.unit}.",
                "Use one unit.",
            )

    def _tally(self, key: Scalar, node: Node) -> Tally | None:
        mapping = self.reader.mapping(node, f"'{key.text}'")
        if mapping is None:
            return None
        kind = TallyKind(key.text)
        known = {"of", "as", *OPERATORS}
        patterns = [(k, v) for k, v in mapping.pairs if k.text not in known]
        if len(patterns) != 1:
            self.reader.problem(
                key.location, "condition.tally", f"'{key.text}' takes one fact type, a limit and what is tallied.",
                f"Write {key.text}: {{letter: {{us_based: true}}, at_least: 2}}.",
            )  # fmt: skip
            return None
        pattern = self.pattern(*patterns[0], named=False)
        if pattern is None:
            return None
        owner = self.vocabulary.types[pattern.fact_type]
        of, measured = self._tallied(kind, owner, mapping, key)
        if measured is None:
            return None
        limits = [self._test(measured, k, v) for k, v in mapping.pairs if k.text in OPERATORS]
        name = ""
        as_node = mapping.get("as")
        if as_node is not None:
            name = self._name(key, as_node, named=True)
        kept = tuple(Test("", t.operator, t.operands, t.location) for t in limits if t is not None)
        if any(t.operator.takes is Takes.PRESENCE for t in kept):
            self.reader.problem(
                key.location,
                "condition.tally",
                "A tally is always a number.",
                "Give it a limit such as at_least.",
            )
        return Tally(kind, pattern, of, kept, name, key.location)

    def _tallied(self, kind: TallyKind, owner: FactType, mapping: Mapping, key: Scalar) -> tuple[str, Field | None]:
        of_node = mapping.get("of")
        if of_node is None:
            if kind is TallyKind.COUNT:
                return "", COUNTED
            self.reader.problem(
                key.location,
                "condition.tally",
                f"'{kind}' needs 'of:', the field it looks at.",
                "Add 'of: field'.",
            )
            return "", None
        if not isinstance(of_node, Scalar):
            self.reader.problem(of_node.location, "form.text", "'of' names a field.", "Write 'of: field'.")
            return "", None
        field = self.field(owner, of_node)
        if field is None or kind is TallyKind.COUNT:
            return of_node.text, COUNTED if field is not None else None
        if field.type is not FieldType.NUMBER or field.many:
            self.reader.problem(
                of_node.location,
                "type.tally",
                f"'{kind}' is made of numbers; '{field.name}' is none.",
                "Name a number field.",
            )
            return of_node.text, None
        return of_node.text, Field(field.name, FieldType.NUMBER, field.meaning, unit=field.unit)

    def conclusion(self, node: Node) -> Conclusion | None:
        """One item of `then`."""
        pair = self._single(node, "A conclusion")
        if pair is None:
            return None
        key, value = pair
        owner = self.fact_type(key)
        mapping = self.reader.mapping(value, f"'{key.text}'")
        if owner is None or mapping is None:
            return None
        if owner.supplied_by is not Supplier.RULES:
            self.reader.problem(
                key.location, "conclusion.undeclared", f"'{owner.name}' is supplied by the {owner.supplied_by}; rules cannot conclude it.",
                "Conclude a type whose vocabulary entry says 'supplied_by: rules'.",
            )  # fmt: skip
        values: list[tuple[str, Constant | Reference]] = []
        for field_key, field_node in mapping.pairs:
            field = self.field(owner, field_key)
            if field is None:
                continue
            operand = self._operand(field, field_node)
            if isinstance(operand, Constant | Reference):
                values.append((field.name, operand))
            elif operand is not None:
                self.reader.problem(
                    field_node.location, "conclusion.computed", "A conclusion takes words and bound fields; nothing is computed in it.",
                    "Test a limit under 'when', and conclude a word.",
                )  # fmt: skip
        return Conclusion(owner.name, tuple(sorted(values, key=lambda pair: pair[0])), key.location)
