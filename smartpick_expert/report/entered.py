"""Where an advice stands in a ledger, and how it stands to those before it: data for documents and for the record."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SinceLine:
    """One thing that moved: the part of the advice (as in `explain.difference`), what it is about, and what became of it."""

    part: str
    about: str
    change: str


@dataclass(frozen=True, slots=True)
class SincePart:
    """What moved because of something; of several things where they could only be told together."""

    causes: tuple[str, ...]
    lines: tuple[SinceLine, ...]


@dataclass(frozen=True, slots=True)
class Since:
    """What moved since an applicant was last advised: the entry and the day of that advice, and the changes by cause."""

    entry: str
    as_of: str
    parts: tuple[SincePart, ...]


@dataclass(frozen=True, slots=True)
class ApartLine:
    """A field that does not change in a person's life, what it was in an earlier advice, and what it is now."""

    about: str
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class Apart:
    """An earlier advice under the same label that seems to be on somebody else: its entry and day, and what differs.

    `proceed` is what an advisor can do about it.
    """

    entry: str
    as_of: str
    lines: tuple[ApartLine, ...]
    proceed: str


@dataclass(frozen=True, slots=True)
class Entered:
    """Where an advice stands in a ledger: its id there, and the head of the ledger when it was made. Documents print both.

    `since` is what moved since the applicant was last advised; None where it is the first time. `apart` are later advices
    under the same label with which this one was not compared, for the advisor alone.
    """

    id: str
    head: str
    since: Since | None = None
    apart: tuple[Apart, ...] = ()
