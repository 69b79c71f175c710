"""Values and `because` texts as people read them; the vocabulary says how a value is worded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from smartpick_expert.engine.evaluator import Bindings
from smartpick_expert.knowledge.phrases import day_text, said, unit_text
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import ParameterReference, Reference, Words
from smartpick_expert.language.values import ABSENT, UNKNOWN, Slot, decimal_text
from smartpick_expert.language.vocabulary import Field, FieldType, Vocabulary


def value_text(slot: Slot, field: Field | None = None) -> str:
    """A slot in words: `yes`, `10 September 2026`, the wording of a choice, `not known`, `none`."""
    if slot is UNKNOWN:
        return said("not_known")
    if slot is ABSENT:
        return said("none")
    if isinstance(slot, bool):
        return said("yes" if slot else "no")
    if isinstance(slot, date):
        return day_text(slot)
    if isinstance(slot, Decimal):
        return decimal_text(slot)
    if isinstance(slot, tuple):
        return ", ".join(value_text(item, field) for item in slot) or said("none")
    if isinstance(slot, str) and field is not None:
        return field.values.get(slot, slot)
    return str(slot)


def plain_text(value: object) -> str:
    """A value for a terminal: on one line, control characters dropped."""
    text = str(value)
    if not text.isprintable():
        text = "".join(c for c in text if c.isprintable() or c in " \n\t")
    return " ".join(text.split())


def with_unit(slot: Slot, field: Field) -> str:
    """A value with the unit it is counted in, where it has one that is read aloud."""
    text = value_text(slot, field)
    counted = isinstance(slot, int | Decimal) and not isinstance(slot, bool)
    if not counted or not field.unit or field.unit in ("year", "rank"):
        return text
    return said("with_unit", number=text, unit=unit_text(field.unit, is_one=slot == 1))


def because_text(words: Words, bindings: Bindings, parameters: Mapping[str, Slot], vocabulary: Vocabulary) -> str:
    """A `because` text with every name filled in."""
    pieces: list[str] = []
    for part in words.parts:
        if isinstance(part, str):
            pieces.append(part)
        elif isinstance(part, ParameterReference):
            pieces.append(value_text(parameters.get(part.name, UNKNOWN)))
        else:
            pieces.append(_reference_text(part, bindings, vocabulary))
    return "".join(pieces)


def _reference_text(reference: Reference, bindings: Bindings, vocabulary: Vocabulary) -> str:
    bound = bindings[reference.name]
    field = vocabulary.types[bound.type].fields.get(reference.field) if isinstance(bound, Fact) else None
    slot = bound.get(reference.field)
    # A label is the applicant's own word; marks around it keep it from running into the sentence.
    return (
        said("label", label=slot)
        if field is not None and field.type is FieldType.LABEL and isinstance(slot, str)
        else value_text(slot, field)
    )
