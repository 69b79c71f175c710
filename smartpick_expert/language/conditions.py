"""The `when` and `then` of a rule: nodes to conditions and conclusions, each name and type checked against the vocabulary.

References are read here and resolved in `scope.py`, since a name may be bound further down.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingType

from smartpick_expert.language.model import (
    AnyOf,
    Conclusion,
    Condition,
    Constant,
    Negation,
    Pattern,
    Reference,
    Tally,
    TallyKind,
    Test,
)
from smartpick_expert.language.operands import OperandReader, ParameterType
from smartpick_expert.language.operators import OPERATORS, Takes
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Mapping, Node, Scalar, Sequence
from smartpick_expert.language.values import shorten
from smartpick_expert.language.vocabulary import FactType, Field, FieldType, Supplier, Vocabulary

# The number a count yields: no field of the vocabulary, so it is declared here.
COUNTED = Field("count", FieldType.NUMBER, "how many", minimum=0)
_TALLIES = tuple(kind.value for kind in TallyKind)
_WORDS = ("not", "any", *_TALLIES)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


_DERIVE = "Derive a part of it by a rule of its own."
# Where the words of the language belong, for those that stand elsewhere.
_PLACES = {
    "all": "Whatever is listed under 'when' must all hold anyway; 'all' stands only directly under 'any'.",
    **dict.fromkeys(_WORDS, f"It stands under 'when' or 'any', and not inside another condition. {_DERIVE}"),
}


class ConditionReader:
    """Reads conditions and conclusions of one file, collecting problems in `reader`."""

    def __init__(self, vocabulary: Vocabulary, parameters: MappingType[str, ParameterType], reader: Reader) -> None:
        self.vocabulary = vocabulary
        self.reader = reader
        self.operands = OperandReader(parameters, reader)

    def condition(self, node: Node) -> Condition | None:
        """One item of `when`."""
        pair = self._single(node, "A condition")
        if pair is None:
            return None
        key, value = pair
        if key.text == "not":
            inner = self._single(value, "'not'", "Each fact type needs a 'not' of its own.")
            pattern = self.pattern(*inner, named=False) if inner else None
            return Negation(pattern, key.location) if pattern else None
        if key.text == "any":
            return self._any(key, value)
        if key.text in _TALLIES:
            return self._tally(key, value)
        return self.pattern(key, value, words=(*_WORDS, "all"))

    def _single(
        self, node: Node, what: str, hint: str = "Put each on its own line that begins with '- '."
    ) -> tuple[Scalar, Node] | None:
        mapping = self.reader.mapping(node, what)
        if mapping is None:
            return None
        if len(mapping.pairs) != 1:
            self.reader.problem(
                mapping.location, "condition.form", f"{what} names one fact type, not {len(mapping.pairs) or 'none'}.",
                hint,
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
            if not parts:
                self.reader.problem(
                    item.location,
                    "condition.any",
                    "This branch of 'any' is empty, so it would always hold.",
                    "Write a condition in it, or delete it.",
                )
            branches.append(tuple(part for part in parts if part is not None))
        if isinstance(node, Sequence) and len(branches) < 2:  # noqa: PLR2004 - a choice of one is none
            self.reader.problem(
                key.location,
                "condition.any",
                "'any' needs at least two branches.",
                "Add one, or write it without 'any'.",
            )
        return AnyOf(tuple(branches), key.location)

    def fact_type(self, key: Scalar, words: tuple[str, ...] = ()) -> FactType | None:
        """The fact type a word names, or None after a problem. `words` of the language could stand here too."""
        known = self.vocabulary.types.get(key.text)
        if known is None and key.text in (*_WORDS, "all"):
            self.reader.problem(
                key.location,
                "condition.form",
                f"'{key.text}' cannot stand here; only a fact type can.",
                _PLACES[key.text],
            )
        elif known is None:
            hint = self.reader.nearest(key.text, [*self.vocabulary.types, *words]) or "Declare it in the vocabulary."
            self.reader.problem(key.location, "name.fact-type", f"There is no fact type '{shorten(key.text)}'.", hint)
        return known

    def field(self, owner: FactType, key: Scalar) -> Field | None:
        """The field a word names, or None after a problem."""
        known = owner.fields.get(key.text)
        if known is None:
            hint = self.reader.nearest(key.text, owner.fields) or "Declare it in the vocabulary."
            self.reader.problem(key.location, "name.field", f"'{owner.name}' has no field '{shorten(key.text)}'.", hint)
        return known

    def pattern(self, key: Scalar, node: Node, *, named: bool = True, words: tuple[str, ...] = ()) -> Pattern | None:
        """`letter: {as: letter, us_based: true}`."""
        owner = self.fact_type(key, words)
        mapping = self.reader.mapping(node, f"'{owner.name}'") if owner is not None else None
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
                tests += self.operands.tests(field, value)
        return Pattern(owner.name, tuple(tests), name, location=key.location)

    def _name(self, key: Scalar, node: Node, *, named: bool) -> str:
        if not named:
            self.reader.problem(
                key.location,
                "name.bound-inside",
                "A name cannot be given here: it could never be used.",
                "Delete 'as'.",
            )
            return ""
        if not isinstance(node, Scalar):
            self.reader.problem(node.location, "form.text", "'as' must be a single name.", "Write 'as: name'.")
            return ""
        name = node.text
        if not _NAME.fullmatch(name):
            self.reader.problem(
                node.location,
                "name.form",
                f"'{shorten(name)}' cannot be a name.",
                "Use letters without accents, digits and _.",
            )
            return ""
        return name

    def _tally(self, key: Scalar, node: Node) -> Tally | None:
        mapping = self.reader.mapping(node, f"'{key.text}'")
        if mapping is None:
            return None
        kind = TallyKind(key.text)
        known = {"of", "as", *OPERATORS}
        patterns = [(k, v) for k, v in mapping.pairs if k.text not in known]
        types = [pair for pair in patterns if pair[0].text in self.vocabulary.types]
        if len(types) == 1 < len(patterns):
            # Whatever else stands beside the fact type was meant for a limit.
            for extra, value in patterns:
                if extra.text not in self.vocabulary.types:
                    self.operands.test(COUNTED, extra, value)
            return None
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
        limits = [self.operands.test(measured, k, v) for k, v in mapping.pairs if k.text in OPERATORS]
        name = ""
        as_node = mapping.get("as")
        if as_node is not None:
            name = self._name(key, as_node, named=True)
        if not limits and not name:
            self.reader.problem(
                key.location,
                "condition.tally",
                f"This '{key.text}' has neither a limit nor a name, so it says nothing.",
                "Add a limit such as 'at_least: 2', or 'as: name' where its value is used.",
            )
        kept = tuple(Test("", t.operator, t.operands, t.location) for t in limits if t is not None)
        if any(t.operator.takes is Takes.PRESENCE for t in kept):
            self.reader.problem(
                key.location,
                "condition.tally",
                f"'{key.text}' yields a number, which is never simply known or unknown.",
                "Give it a limit such as 'at_least: 2'.",
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
                f"'{kind}' needs 'of', the field it looks at.",
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
        mapping = self.reader.mapping(value, f"'{owner.name}'") if owner is not None else None
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
            operand = self.operands.operand(field, field_node)
            if isinstance(operand, Constant | Reference):
                values.append((field.name, operand))
            elif operand is not None:
                self.reader.problem(
                    field_node.location, "conclusion.computed", "A conclusion takes words and bound fields; nothing is computed in it.",
                    "Test a limit under 'when', and conclude a word.",
                )  # fmt: skip
        return Conclusion(owner.name, tuple(sorted(values, key=lambda pair: pair[0])), key.location)
