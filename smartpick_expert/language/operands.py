"""What stands behind a field's name in a rule: operators and operands to tests, each checked against the field's type.

References are read here and resolved in `scope.py`, since a name may be bound further down.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from dataclasses import dataclass

from smartpick_expert.diagnostics import Location
from smartpick_expert.language.literals import read_one
from smartpick_expert.language.model import Constant, Operand, ParameterReference, Reference, Shifted, Test
from smartpick_expert.language.operators import OPERATORS, Operator, Takes
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Mapping, Node, Scalar, Sequence
from smartpick_expert.language.values import Value, ValueProblem, order_key, read_number, shorten
from smartpick_expert.language.vocabulary import Field, FieldType


@dataclass(frozen=True, slots=True)
class ParameterType:
    """What a rule may know of a parameter: the type of its value; None where no rule can test it."""

    type: FieldType | None
    unit: str = ""
    many: bool = False


def _is_reference(node: Node) -> bool:
    return isinstance(node, Scalar) and node.text.startswith("$") and not node.text.startswith("$$")


def _unescaped(node: Node) -> Node:
    """A text that begins with a dollar sign is written with two."""
    if isinstance(node, Scalar) and node.text.startswith("$$"):
        return Scalar(node.text[1:], node.quoted, node.location)
    return node


def no_single_value(name: str) -> tuple[str, str]:
    """What to say of a rule that names a parameter which is a table: what is wrong, and what to do."""
    return (
        f"Parameter '{name}' is a table of steps, which no rule can test or print.",
        "Name a parameter that is one value or a list; steps are for costs.",
    )


class OperandReader:
    """Reads the tests of one file's rules, collecting problems in `reader`."""

    def __init__(self, parameters: MappingType[str, ParameterType], reader: Reader) -> None:
        self.parameters = parameters
        self.reader = reader

    def tests(self, field: Field, node: Node) -> list[Test]:
        """The tests written behind a field's name."""
        if isinstance(node, Mapping):
            return [test for key, value in node.pairs if (test := self.test(field, key, value)) is not None]
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
        operand = self.operand(field, node)
        return [Test(field.name, operator, (operand,), node.location)] if operand is not None else []

    def test(self, field: Field, key: Scalar, node: Node) -> Test | None:
        """One operator with what it takes, or None after a problem."""
        operator = OPERATORS.get(key.text)
        if operator is None:
            hint = self.reader.nearest(key.text, OPERATORS) or f"Operators are: {', '.join(OPERATORS)}."
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
                if isinstance(node, Sequence):
                    self.reader.problem(
                        key.location,
                        "condition.between",
                        "'between' takes two limits.",
                        "Write {between: [low, high]}.",
                    )
                return None
            return self._ends(field, items, key)
        read = self._list_operand if operator.takes is Takes.ONE_OF_LIST else self.operand
        operand = read(field, node)
        return (operand,) if operand is not None else None

    def _ends(self, field: Field, items: tuple[Node, ...], key: Scalar) -> tuple[Operand, ...] | None:
        ends = tuple(end for item in items if (end := self.operand(field, item)) is not None)
        if len(ends) != len(items):
            return None
        low, high = (end.value if isinstance(end, Constant) else None for end in ends)
        if low is not None and high is not None and order_key(low) > order_key(high):
            self.reader.problem(
                key.location,
                "condition.between",
                "The first limit of 'between' is above the second, so nothing is ever between them.",
                "Write the lower one first.",
            )
            return None
        return ends

    def _list_operand(self, field: Field, node: Node) -> Operand | None:
        if isinstance(node, Sequence) and node.items:
            items = [value for item in node.items if (value := self._list_item(field, item)) is not None]
            return Constant(tuple(items)) if len(items) == len(node.items) else None
        if isinstance(node, Scalar) and _is_reference(node):
            return self._reference(field, node, many=True)
        self.reader.problem(
            node.location, "condition.list", "'in' and 'not_in' take a list that is not empty.", "Write [one, two]."
        )
        return None

    def _list_item(self, field: Field, node: Node) -> Value | None:
        if _is_reference(node):
            self.reader.problem(
                node.location,
                "condition.list",
                "A list written out holds values; a reference cannot stand in it.",
                "Name a parameter or a field that is a list, without brackets; or write $$ for a text with a $.",
            )
            return None
        return read_one(_unescaped(node), field, self.reader)

    def operand(self, field: Field, node: Node) -> Operand | None:
        """A value of the field's type, a reference, or a moved limit; None after a problem."""
        if isinstance(node, Mapping):
            return self._shifted(field, node)
        if isinstance(node, Scalar) and _is_reference(node):
            return self._reference(field, node, many=False)
        value = read_one(_unescaped(node), field, self.reader)
        return Constant(value) if value is not None else None

    def _shifted(self, field: Field, node: Mapping) -> Shifted | None:
        items = self.reader.sequence(node.get("plus"), "'plus'")
        if (
            field.type is not FieldType.NUMBER
            or len(node.pairs) != 1
            or len(items) != 2  # noqa: PLR2004 - what is moved, and by how much
            or isinstance(items[0], Mapping)
            or not isinstance(items[1], Scalar)
        ):
            self.reader.problem(
                node.location, "condition.plus", "A limit can be moved by a number and in no other way.",
                "Write {plus: [$name.field, -10]}.",
            )  # fmt: skip
            return None
        base = self.operand(field, items[0])
        if base is None:
            return None
        try:
            by = read_number(items[1].text)
        except ValueProblem as problem:
            self.reader.value_problem(items[1].location, problem)
            return None
        return None if isinstance(base, Shifted) else Shifted(base, by)

    def _reference(self, field: Field, node: Scalar, *, many: bool) -> Operand | None:
        words = node.text[1:].split(".")
        if words[0] == "parameter":
            name = ".".join(words[1:])
            known = self.parameters.get(name)
            if known is None:
                hint = self.reader.nearest(name, self.parameters) or "Declare it in knowledge/parameters."
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
        if known.type is None:
            self.reader.problem(node.location, "type.parameter", *no_single_value(name))
        elif known.type is not field.type and not (known.type in texts and field.type in texts):
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
