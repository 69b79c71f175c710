"""The fact types as CLIPS templates: which fields are read at all, and which can be absent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from smartpick_expert.engine.compiled import CompiledRules
from smartpick_expert.language.model import (
    AnyOf,
    Condition,
    Constant,
    Pattern,
    Reference,
    Tally,
    inner_patterns,
    inner_tests,
)
from smartpick_expert.language.values import ABSENT
from smartpick_expert.language.vocabulary import Supplier
from tests.bench.clips_words import NOTHING


class Shapes:
    """The template of each type, a slot for each field that some rule reads or concludes."""

    def __init__(self, compiled: CompiledRules) -> None:
        read = _fields_read(compiled)
        self.types = compiled.vocabulary.types
        self.slots = {name: {one: f"f{place}" for place, one in enumerate(fields)} for name, fields in read.items()}
        self.templates = {name: f"t{place}" for place, name in enumerate(read)}
        self._absent = _absent_fields(compiled)

    def constructs(self) -> list[str]:
        """The templates; `n` tells entries of a profile apart."""
        return [
            f"(deftemplate {template} (slot n (default -1)) {' '.join(self._slot(name, one) for one in self.slots[name])})"
            for name, template in self.templates.items()
        ]

    def _slot(self, type_name: str, field_name: str) -> str:
        kind = "multislot" if self.many(type_name, field_name) else "slot"
        return f"({kind} {self.slots[type_name][field_name]} (default {NOTHING}))"

    def is_one(self, type_name: str) -> bool:
        """Whether there is exactly one fact of the type."""
        return self.types[type_name].one

    def many(self, type_name: str, field_name: str) -> bool:
        """Whether the field is a list."""
        return self.types[type_name].fields[field_name].many

    def may_be_absent(self, type_name: str, field_name: str) -> bool:
        """Whether some fact of the type can be without the field."""
        return (type_name, field_name) in self._absent


def _fields_read(compiled: CompiledRules) -> dict[str, dict[str, None]]:
    """The fields of each type that some rule reads or concludes; what no rule looks at stays out of CLIPS."""
    fields: dict[str, dict[str, None]] = {}
    for rule in compiled.rules:
        names = _note_fields(rule.when, {}, fields)
        for conclusion in rule.then:
            fields.setdefault(conclusion.fact_type, {}).update({name: None for name, _ in conclusion.values})
            for _, operand in conclusion.values:
                if isinstance(operand, Reference) and operand.name in names:
                    fields[names[operand.name]][operand.field] = None
    return fields


def _note_fields(
    conditions: Sequence[Condition], outer: dict[str, str], fields: dict[str, dict[str, None]]
) -> dict[str, str]:
    """Note what the conditions read; the types of the names that may be used beside them."""
    names = outer | {c.name: c.fact_type for c in conditions if isinstance(c, Pattern) and c.name}
    for condition in conditions:
        if isinstance(condition, AnyOf):
            for branch in condition.branches:
                _note_fields(branch, names, fields)
            continue
        pattern = next(iter(inner_patterns(condition)))
        inner = names | ({pattern.name: pattern.fact_type} if pattern.name else {})
        read = fields.setdefault(pattern.fact_type, {})
        read.update({test.field: None for test in pattern.tests})
        if isinstance(condition, Tally) and condition.of:
            read[condition.of] = None
        for reference in (reference for test in inner_tests(condition) for reference in test.references()):
            if reference.name in inner:
                fields.setdefault(inner[reference.name], {})[reference.field] = None
    return names


def _absent_fields(compiled: CompiledRules) -> set[tuple[str, str]]:
    """The fields that some fact can be without, as far as the vocabulary and the conclusions tell."""
    absent = {
        (kind.name, one.name)
        for kind in compiled.vocabulary.types.values()
        if kind.supplied_by is not Supplier.RULES
        for one in kind.fields.values()
        if one.may_be_none or one.computed
    }
    while True:
        more = set(_conclusions_without(compiled, absent)) - absent
        if not more:
            return absent
        absent |= more


def _conclusions_without(compiled: CompiledRules, absent: set[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for rule in compiled.rules:
        types = {p.name: p.fact_type for p in rule.patterns() if p.name}
        for conclusion in rule.then:
            values = dict(conclusion.values)
            for name in compiled.vocabulary.types[conclusion.fact_type].fields:
                value = values.get(name)
                left_out = value is None or (isinstance(value, Constant) and value.value is ABSENT)
                taken = isinstance(value, Reference) and (types.get(value.name, ""), value.field) in absent
                if left_out or taken:
                    yield conclusion.fact_type, name
