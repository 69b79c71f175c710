"""The schema of a profile, and of the facts of a case."""

from __future__ import annotations

from typing import Final

from smartpick_expert.authoring.schemas.definitions import Definitions
from smartpick_expert.authoring.schemas.scalars import (
    Schema,
    day,
    described,
    given,
    listed,
    mapping,
    optional,
    text,
    value,
    words,
)
from smartpick_expert.intake.notes import ABOUT, note_types
from smartpick_expert.intake.overrides import BUCKET, FIELDS, OVERRIDE, REQUIRED, names_of
from smartpick_expert.intake.profile import MAX_ENTRIES, VERIFIED
from smartpick_expert.language.vocabulary import FactType, Supplier, Vocabulary

_VERIFIED: Final = optional(
    mapping(
        {
            "by": text("Who saw it: a label of your own"),
            "on": optional(described(day(), "The day on which it was seen")),
        },
        ["by"],
        "Who saw proof of this entry, by a label and never by name, and when",
    )
)
_NOTED: Final = {
    "program_note": "What is known of a program this season",
    "school_note": "How a program stands to a school; counts for whoever comes from there",
    "writer_note": "How a program stands to a writer of letters; counts for whoever has a letter of theirs",
}


def profile(vocabulary: Vocabulary, parts: Definitions) -> Schema:
    """A profile: the sections that somebody fills in, and an advisor's overrides."""
    types = vocabulary.supplied_by(Supplier.PROFILE)
    required = [one.name for one in types if one.one and any(field.required for field in one.fields.values())]
    sections = {one.name: _section(one, parts, any_type=False, left_open=one.name not in required) for one in types}
    return mapping({**sections, OVERRIDE: _overrides(vocabulary)}, required)


def notes(vocabulary: Vocabulary, parts: Definitions) -> Schema:
    """The notes of a workspace: what is known of programs, schools and writers, for every applicant."""
    types = note_types(vocabulary)
    sections = {
        name: optional(
            described(listed(parts.ref(f"note-{name}", _entry(one, any_type=False)), most=MAX_ENTRIES), _NOTED[name])
        )
        for name, one in types.items()
    }
    return mapping({ABOUT: optional(text("What these notes are about.")), **sections})


def facts(vocabulary: Vocabulary, parts: Definitions) -> Schema:
    """Facts of every type, as a case for a single rule gives or demands them; nothing need be told of any."""
    return mapping({one.name: _section(one, parts, any_type=True, left_open=True) for one in vocabulary.types.values()})


def _section(fact_type: FactType, parts: Definitions, *, any_type: bool, left_open: bool) -> Schema:
    name = f"{'fact' if any_type else 'entry'}-{fact_type.name}"
    entry = parts.ref(name, _entry(fact_type, any_type=any_type))
    section = entry if fact_type.one else listed(entry, most=MAX_ENTRIES)
    assumed = f" Left out, this is assumed: {fact_type.assume}" if fact_type.assume and not any_type else ""
    found = described(section, f"{fact_type.meaning}{assumed}")
    return optional(found) if left_open else found


def _entry(fact_type: FactType, *, any_type: bool) -> Schema:
    fields = fact_type.fields.values() if any_type else fact_type.given_fields
    needed = [] if any_type else [field.name for field in fields if field.required]
    properties = {field.name: given(field, empty=field.name not in needed) for field in fields}
    return mapping({VERIFIED: _VERIFIED, **properties}, needed)


def _overrides(vocabulary: Vocabulary) -> Schema:
    properties = {name: described(value(field), field.meaning) for name, field in FIELDS.items()}
    properties["to"] = optional(described(words(names_of(BUCKET, vocabulary)), FIELDS["to"].meaning))
    properties["withdrawn"] = optional(properties["withdrawn"])
    properties["of"] = text(FIELDS["of"].meaning)
    meaning = "What an advisor judges otherwise than the rules, or takes out of the advice; the advice prints both."
    return optional(listed(mapping(properties, REQUIRED), meaning))
