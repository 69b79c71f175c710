"""The vocabulary: which fact types exist, which fields they have, and what each means.

Everything that reads or checks a profile, a rule or a conclusion goes by this. It is read from YAML
(`knowledge/vocabulary/`), so a new fact is a few lines there and none in Python.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from smartpick_expert.diagnostics import Location
from smartpick_expert.language.values import Number

_NOWHERE = Location("")


class FieldType(StrEnum):
    """The types a field can have. A choice is one of listed words; a label names an entry of a section."""

    BOOLEAN = "boolean"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    CHOICE = "choice"
    LABEL = "label"


class Supplier(StrEnum):
    """Who supplies the facts of a type."""

    PROFILE = "profile"
    KNOWLEDGE = "knowledge"
    CONSULTATION = "consultation"
    RULES = "rules"


@dataclass(frozen=True, slots=True)
class Readers:
    """The rules that may look at a field: those of one kind, in some topics. An empty one means any."""

    kind: str
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a fact type.

    `values` maps the allowed words of a choice to their wording, in their declared order. `computed` names the two
    fields whose difference this one is. `protected` lists the topics whose rules may test the field (empty: none);
    None means that it is not protected. `step` is by how much a number is moved in tests. `unit` is a plural noun.
    `shelf_life` is after how many months a value is no longer relied on; None means that it keeps. `asked` is the
    question to whoever can tell it, as a message puts it. `for_advisor` keeps the value out of what the applicant is
    given, which is made as if it were unknown. `told_as` does so for single words of a choice, each with the word that is
    read in its place there. `read_by` limits which rules may look at the field.
    `lasting` names the stages from which on the value does not change in a person's life (empty: any); None means that it may.
    """

    name: str
    type: FieldType
    meaning: str
    unit: str = ""
    whole: bool = False
    minimum: Number | None = None
    maximum: Number | None = None
    step: Number = 1
    many: bool = False
    values: MappingType[str, str] = field(default_factory=dict)
    values_from: str = ""
    of: str = ""
    required: bool = False
    private: bool = False
    may_be_none: bool = False
    shelf_life: int | None = None
    asked: str = ""
    for_advisor: bool = False
    told_as: MappingType[str, str] = field(default_factory=dict)
    computed: tuple[str, str] | None = None
    protected: tuple[str, ...] | None = None
    read_by: Readers | None = None
    lasting: tuple[str, ...] | None = None
    location: Location = _NOWHERE

    @property
    def has_order(self) -> bool:
        """Whether values can be compared by size: numbers and dates only."""
        return self.type in (FieldType.NUMBER, FieldType.DATE) and not self.many


@dataclass(frozen=True)
class FactType:
    """One kind of fact.

    `one` types have exactly one fact in every consultation. `label` is the field that names an entry. `assume` is the
    sentence that is assumed where a profile leaves the section out; None means that the section is then open.
    `one_per` lists the fields within whose values two different facts are a conflict; None means no such limit.
    `from_protected` lets a conclusion rest on a protected field: only such types may, and what rests on them in turn.
    `for_advisor` keeps its facts out of what the applicant is given. `counted_only` lets rules count its facts and ask
    whether there are any, and tell none from another. `said` lets rules conclude its facts for what their words say, so
    that no other rule has to read them. `measured` keeps opinion out of its facts: none of them rests on a perception.
    """

    name: str
    meaning: str
    supplied_by: Supplier
    fields: MappingType[str, Field]
    one: bool = False
    label: str = ""
    assume: str | None = None
    one_per: tuple[str, ...] | None = None
    stages: tuple[str, ...] = ()
    for_advisor: bool = False
    from_protected: bool = False
    counted_only: bool = False
    said: bool = False
    measured: bool = False
    location: Location = _NOWHERE

    @cached_property
    def given_fields(self) -> tuple[Field, ...]:
        """The fields that somebody supplies, as against those computed here."""
        return tuple(f for f in self.fields.values() if f.computed is None)


@dataclass(frozen=True)
class Vocabulary:
    """All fact types by name, in the order of their files, and the words that no rule may test under any name.

    `listed` holds the labels of what the knowledge lists, by type: a profile may refer to those without an entry of its own.
    """

    types: MappingType[str, FactType]
    protected_words: frozenset[str] = frozenset()
    listed: MappingType[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def order(self) -> MappingType[str, int]:
        """The place of each type, for showing facts in one order."""
        return {name: place for place, name in enumerate(self.types)}

    def supplied_by(self, *suppliers: Supplier) -> tuple[FactType, ...]:
        """The types supplied by any of these."""
        return tuple(t for t in self.types.values() if t.supplied_by in suppliers)

    def rank(self, type_name: str, field_name: str, word: object) -> int:
        """The place of a choice's word in its declared order; unknown words come last."""
        values = tuple(self.types[type_name].fields[field_name].values)
        return values.index(word) if isinstance(word, str) and word in values else len(values)
