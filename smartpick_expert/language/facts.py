"""Facts: what is known of an applicant, and what rules conclude.

A fact gives each field of its type a value, leaves it unknown, or is without it (absent). How it came about matters in
one way only: each entry of a profile is its own fact even if two read alike, while equal conclusions are one fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from smartpick_expert.language.values import ABSENT, UNKNOWN, Slot, order_key
from smartpick_expert.language.vocabulary import FactType, Vocabulary


class Origin(Enum):
    """How a fact came about.

    LISTED: an entry of the profile or the knowledge. OPEN: stands for whatever a section that was left out would hold.
    CONCLUDED: a conclusion of a rule.
    """

    LISTED = "listed"
    OPEN = "open"
    CONCLUDED = "concluded"


@dataclass(frozen=True)
class Fact:
    """One fact. `values` holds the fields that are not absent, by name; `position` tells listed facts apart.

    `slots` are the same values by field, and `has_unknown` says whether any of them is unknown.
    """

    type: str
    values: tuple[tuple[str, Slot], ...]
    origin: Origin = Origin.CONCLUDED
    position: int = -1

    # Worked out once, since a consultation asks for them at every test.
    slots: Mapping[str, Slot] = field(init=False, repr=False, compare=False)
    has_unknown: bool = field(init=False, repr=False, compare=False)
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        slots = dict(self.values)
        object.__setattr__(self, "slots", slots)
        object.__setattr__(self, "has_unknown", UNKNOWN in slots.values())
        object.__setattr__(self, "_hash", hash((self.type, self.values, self.position)))

    def __hash__(self) -> int:
        return self._hash

    @property
    def is_settled(self) -> bool:
        """Whether an unknown field of this fact will stay one: only where a profile lists the fact."""
        return self.origin is Origin.LISTED

    @property
    def may_be_several(self) -> bool:
        """Whether this one may stand for any number of facts."""
        return self.origin is not Origin.LISTED and self.has_unknown

    def get(self, field: str) -> Slot:
        """The value of a field, UNKNOWN or ABSENT."""
        return self.slots.get(field, ABSENT)


def concluded(type_name: str, values: Iterable[tuple[str, Slot]]) -> Fact:
    """A conclusion: absent fields fall away, the rest is put in order."""
    return Fact(type_name, tuple(sorted((pair for pair in values if pair[1] is not ABSENT), key=lambda pair: pair[0])))


def listed(fact_type: FactType, values: Mapping[str, Slot], position: int) -> Fact:
    """An entry of a profile or the knowledge: what it leaves out is unknown, what it calls `none` is absent."""
    slots = ((name, values.get(name, UNKNOWN)) for name in sorted(fact_type.fields))
    return Fact(fact_type.name, tuple(pair for pair in slots if pair[1] is not ABSENT), Origin.LISTED, position)


def open_fact(fact_type: FactType) -> Fact:
    """What stands for a section left out: any number of facts with every field unknown."""
    return Fact(fact_type.name, tuple((name, UNKNOWN) for name in sorted(fact_type.fields)), Origin.OPEN)


def fact_order(vocabulary: Vocabulary, fact: Fact) -> tuple[object, ...]:
    """The one order in which facts are shown: type, place in the profile, fields."""
    fields = tuple((name, order_key(slot)) for name, slot in fact.values)
    return (vocabulary.order.get(fact.type, len(vocabulary.order)), fact.position, fact.origin.value, fields)


def fact_id(vocabulary: Vocabulary, fact: Fact) -> str:
    """The name of a fact in records: `letter[letter-1]`, or `letter_grade[grade=trusted letter=letter-1]`."""
    fact_type = vocabulary.types.get(fact.type)
    if fact.origin is Origin.OPEN:
        return f"{fact.type}[?]"
    if fact_type is not None and fact_type.one and fact.origin is Origin.LISTED:
        return fact.type
    if fact_type is not None and fact_type.label and fact.origin is Origin.LISTED and not fact_type.for_advisor:
        label = fact.get(fact_type.label)
        return f"{fact.type}[{label if isinstance(label, str) else fact.position + 1}]"
    if fact.origin is Origin.LISTED:
        return f"{fact.type}[{fact.position + 1}]"
    return (
        f"{fact.type}[{' '.join(f'{name}={_shown(vocabulary, fact.type, name, slot)}' for name, slot in fact.values)}]"
    )


def _shown(vocabulary: Vocabulary, type_name: str, field_name: str, slot: Slot) -> str:
    """A value as a name shows it; the label of something kept for the advisor is not shown."""
    fact_type = vocabulary.types.get(type_name)
    field = fact_type.fields.get(field_name) if fact_type is not None else None
    named = vocabulary.types.get(field.of) if field is not None else None
    return "kept" if named is not None and named.for_advisor else _word(slot)


def _word(slot: Slot) -> str:
    return "?" if slot is UNKNOWN else str(slot)
