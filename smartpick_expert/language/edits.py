"""Edits of a profile as data: a field set, or an entry added; read and checked against the vocabulary.

A value is written as in a profile: a word or a number, nothing for what is then not known, `none` for what there is none
of. `$target.specialty`, without quotes, takes over what the profile itself says in a section that there is one of, and
`{plus: 1}` is so much more than the field says now.
"""

from __future__ import annotations

from dataclasses import dataclass

from smartpick_expert.language.literals import read_field, read_one
from smartpick_expert.language.model import Reference
from smartpick_expert.language.paths import Path, given_field, given_type, read_path
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Mapping, Node, Scalar
from smartpick_expert.language.values import UNKNOWN, Number, Slot, ValueProblem
from smartpick_expert.language.vocabulary import FactType, Field, FieldType, Vocabulary


@dataclass(frozen=True, slots=True)
class Raised:
    """So much more than now; what is not known stays so."""

    by: Number


@dataclass(frozen=True, slots=True)
class SetField:
    """A field that gets a value. Where no entry has the path's label, one is made; `EACH` changes only those there are."""

    path: Path
    value: Slot | Reference | Raised


@dataclass(frozen=True, slots=True)
class AddEntry:
    """An entry that is added; what it leaves out is not known of it."""

    type: str
    values: tuple[tuple[str, Slot | Reference], ...]


@dataclass(frozen=True, slots=True)
class Remove:
    """What is taken away: a field (then not known), an entry, or a section that there is one of (then left out).

    `field` is empty for an entry or a section, `label` too where there is one of the type.
    """

    type: str
    label: str = ""
    field: str = ""


Edit = SetField | AddEntry | Remove


class EditReader:
    """Reads edits, collecting problems in `reader`.

    What rules may not look at, or is the advisor's, nobody is advised to change; `anything` lets those be edited too.
    """

    def __init__(self, vocabulary: Vocabulary, reader: Reader, *, anything: bool = False) -> None:
        self.vocabulary = vocabulary
        self.reader = reader
        self.anything = anything

    def settings(self, mapping: Mapping) -> list[SetField]:
        """`{"exam[step2_ck].result": pass}`: a path and a value each."""
        return [one for key, value in mapping.pairs if (one := self._setting(key, value)) is not None]

    def additions(self, mapping: Mapping) -> list[AddEntry]:
        """`{letter: {id: new, us_based: yes}}`: a fact type and an entry each."""
        return [one for key, value in mapping.pairs if (one := self._addition(key, value)) is not None]

    def _setting(self, key: Scalar, node: Node) -> SetField | None:
        try:
            path = read_path(key.text, self.vocabulary)
        except ValueProblem as problem:
            self.reader.value_problem(key.location, problem)
            return None
        fact_type = self.vocabulary.types[path.type]
        field = fact_type.fields[path.field]
        if not self._may_change(fact_type, key, field):
            return None
        if not fact_type.one and field.name == fact_type.label:
            self.reader.problem(
                key.location, "edit.label", "An entry keeps the label it has.", "Add an entry instead, or set another field."
            )  # fmt: skip
            return None
        value = self._raised(node, field) if isinstance(node, Mapping) else self._value(node, field)
        return SetField(path, value) if value is not None else None

    def _addition(self, key: Scalar, node: Node) -> AddEntry | None:
        try:
            fact_type = given_type(key.text, self.vocabulary)
        except ValueProblem as problem:
            self.reader.value_problem(key.location, problem)
            return None
        if fact_type.one:
            self.reader.problem(
                key.location, "edit.one", f"There is one '{fact_type.name}', so none can be added.", "Set its fields with 'set'."
            )  # fmt: skip
            return None
        mapping = self.reader.mapping(node, f"'{fact_type.name}'")
        if mapping is None or not self._may_change(fact_type, key):
            return None
        values: list[tuple[str, Slot | Reference]] = []
        for field_key, field_node in mapping.pairs:
            try:
                field = given_field(fact_type, field_key.text)
            except ValueProblem as problem:
                self.reader.value_problem(field_key.location, problem)
                continue
            value = self._value(field_node, field) if self._may_change(fact_type, field_key, field) else None
            if value is not None:
                values.append((field.name, value))
        for field in fact_type.fields.values():
            if field.required and mapping.get(field.name) is None:
                self.reader.problem(
                    mapping.location, "form.missing-key", f"This entry of '{fact_type.name}' lacks '{field.name}' ({field.meaning}).",
                    f"Add '{field.name}:'.",
                )  # fmt: skip
        return AddEntry(fact_type.name, tuple(values))

    def _value(self, node: Node, field: Field) -> Slot | Reference | None:
        """The value written, or None after a problem."""
        if isinstance(node, Scalar) and node.is_empty:
            return UNKNOWN
        if isinstance(node, Scalar) and node.text.startswith("$") and not node.quoted:
            return self._reference(node, field)
        return read_field(node, field, self.reader)

    def _raised(self, node: Mapping, field: Field) -> Raised | None:
        written = node.get("plus")
        self.reader.known_keys(node, ("plus",), f"The value of '{field.name}'")
        if written is None or field.type is not FieldType.NUMBER or field.many:
            self.reader.problem(
                node.location, "edit.plus", f"'{field.name}' takes a single value, or {{plus: 1}} where it is a number.",
                "Write the value.",
            )  # fmt: skip
            return None
        by = read_one(written, Field("plus", FieldType.NUMBER, "", unit=field.unit, whole=field.whole), self.reader)
        return Raised(by) if isinstance(by, Number) else None

    def _reference(self, node: Scalar, field: Field) -> Reference | None:
        try:
            path = read_path(node.text.removeprefix("$"), self.vocabulary)
        except ValueProblem as problem:
            self.reader.value_problem(node.location, problem)
            return None
        other = self.vocabulary.types[path.type].fields[path.field]
        if path.label or (other.type, other.many, dict(other.values)) != (field.type, field.many, dict(field.values)):
            self.reader.problem(
                node.location, "type.reference", f"'{field.name}' cannot take over '{node.text}'.",
                "Name a field of the same type in a section that there is one of.",
            )  # fmt: skip
            return None
        return Reference(path.type, path.field)

    def _may_change(self, fact_type: FactType, key: Scalar, field: Field | None = None) -> bool:
        """Whether a field, or an entry of a type, is anything that an applicant can change."""
        looked_at = [field] if field is not None else list(fact_type.fields.values())
        if self.anything:
            return True
        kept = fact_type.for_advisor or all(one.for_advisor or one.protected is not None for one in looked_at)
        if kept:
            name = f"{fact_type.name}.{field.name}" if field is not None else fact_type.name
            message = f"'{name}' is nothing that an applicant is advised to change."
            self.reader.problem(key.location, "edit.protected", message, "Delete it.")
        return not kept
