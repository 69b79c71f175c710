"""What a catalogue states of a program in figures that no gate goes by: as measured there, with source and day, or not known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from smartpick_expert.explain.wording import with_unit
from smartpick_expert.knowledge.phrases import said
from smartpick_expert.language.values import UNKNOWN, Slot, decimal_text
from smartpick_expert.language.vocabulary import FactType, Field
from smartpick_expert.programs.catalogue import Cited, Listing, is_fresh

_OF_ONE = ", of one"
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class StatedFigure:
    """One figure: the field, what it says, the value as the catalogue writes it and in words, its source and day.

    Where it is not known, `value` and `text` are empty, and `unknown` says why.
    """

    field: str
    meaning: str
    value: str = ""
    text: str = ""
    source: str = ""
    verified: str = ""
    unknown: str = ""


def stated_figures(
    listing: Listing, fact_type: FactType, names: Iterable[str], as_of: date
) -> tuple[StatedFigure, ...]:
    """Some figures of a program as they may be relied on, on a day."""
    fields = (fact_type.fields[name] for name in names if name in fact_type.fields)
    return tuple(_figure(field, listing.cells.get(field.name), as_of) for field in fields)


def meaning_of(field: Field) -> str:
    """What a field means, as a sentence says it: of a share, without how it is written in a catalogue."""
    return field.meaning.removesuffix(_OF_ONE)


def _figure(field: Field, cited: Cited | None, as_of: date) -> StatedFigure:
    meaning = meaning_of(field)
    if cited is None or cited.value is UNKNOWN:
        return StatedFigure(field.name, meaning, unknown=said("not_stated"))
    source, verified = cited.source, cited.verified.isoformat() if cited.verified else ""
    if not is_fresh(cited, field, as_of):
        why = said("stated_too_old", day=verified) if verified else said("stated_without_day")
        return StatedFigure(field.name, meaning, source=source, verified=verified, unknown=why)
    return StatedFigure(field.name, meaning, _written(cited.value), _words(cited.value, field), source, verified)


def _written(slot: Slot) -> str:
    return decimal_text(slot) if isinstance(slot, Decimal) else str(slot)


def _words(slot: Slot, field: Field) -> str:
    """A share of one as a percentage, with the digits that it has."""
    if field.meaning.endswith(_OF_ONE) and isinstance(slot, int | Decimal):
        return f"{decimal_text((Decimal(slot) * _HUNDRED).normalize())}%"
    return with_unit(slot, field)
