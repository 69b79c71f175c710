"""A catalogue of programs as data: what each is stated to ask for, by whom, and when somebody last looked.

A blank is unknown and never no. A value is relied on for the shelf life that the vocabulary gives its field, counted from the day
it was verified; after that it is unknown again, and so is a value of a field with a shelf life that nobody dated.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from smartpick_expert.language.facts import Fact, listed
from smartpick_expert.language.values import UNKNOWN, Slot
from smartpick_expert.language.vocabulary import FactType, Field

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Cited:
    """One value with what it rests on. `source` and `verified` are those of the cell, else those of the whole catalogue."""

    value: Slot
    source: str = ""
    verified: date | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """One program of a catalogue. `row` is its line in the file, counted from 1; a field that is left out is unknown."""

    id: str
    cells: Mapping[str, Cited]
    row: int = 0

    def get(self, name: str) -> Slot:
        """The value of a field as it stands in the catalogue, however old; unknown where it is blank."""
        found = self.cells.get(name)
        return UNKNOWN if found is None else found.value


@dataclass(frozen=True)
class Catalogue:
    """All programs of one file, in its order. `about` says what they are; `is_fictional` goes into every print of them."""

    path: Path
    about: str
    listings: tuple[Listing, ...]
    is_fictional: bool = False
    source: str = ""
    verified: date | None = None

    @cached_property
    def by_id(self) -> Mapping[str, Listing]:
        """The programs by their ids."""
        return {listing.id: listing for listing in self.listings}

    def specialties(self) -> tuple[str, ...]:
        """The specialties that its programs state, each once, in the order of the file."""
        found = (listing.get("specialty") for listing in self.listings)
        return tuple(dict.fromkeys(one for one in found if isinstance(one, str)))


def last_day(verified: date, months: int) -> date:
    """The last day on which a value verified on a day is relied on, a number of months later (at most the end of the month)."""
    number = verified.month - 1 + months
    year, month = verified.year + number // _MONTHS, number % _MONTHS + 1
    return date(year, month, min(verified.day, calendar.monthrange(year, month)[1]))


def is_fresh(cited: Cited, one: Field, as_of: date) -> bool:
    """Whether a value may be relied on as of a day."""
    if one.shelf_life is None:
        return True
    return cited.verified is not None and as_of <= last_day(cited.verified, one.shelf_life)


def stale(listing: Listing, fact_type: FactType, as_of: date) -> Iterator[tuple[str, Cited]]:
    """The fields of a program whose value is too old, or undated, to be relied on, in the order of the vocabulary."""
    for name, one in fact_type.fields.items():
        cited = listing.cells.get(name)
        if cited is not None and not is_fresh(cited, one, as_of):
            yield name, cited


def fact_of(listing: Listing, fact_type: FactType, as_of: date, position: int = 0) -> Fact:
    """The program as rules see it on a day: what is blank or too old is unknown."""
    values = {
        name: cited.value for name, cited in listing.cells.items() if is_fresh(cited, fact_type.fields[name], as_of)
    }
    return listed(fact_type, values, position)
