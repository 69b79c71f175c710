"""Tables as templates write them: a line for each cell, so that words stay with the templates and kinds with the data.

= Actions            a sheet
# What to do         a column of it
-                    a row
| Ask the writer     a cell with a text, which may be empty
|n 12                a cell with a number
|d 2026-09-23        a cell with a day
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

Cell = str | Decimal | date


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its name, its columns, and rows of cells."""

    name: str
    columns: list[str] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)


def sheets_of(text: str) -> tuple[Sheet, ...]:
    """The tables of a text in this form. Lines of another form are passed over; a number or day that is none is a text."""
    return tuple(_sheets(text))


def _sheets(text: str) -> Iterator[Sheet]:
    sheet: Sheet | None = None
    for line in text.splitlines():
        mark, _, rest = line.partition(" ")
        if mark == "=":
            if sheet is not None:
                yield sheet
            sheet = Sheet(rest.strip())
        elif sheet is not None and mark == "#":
            sheet.columns.append(rest.strip())
        elif sheet is not None and mark == "-" and not rest:
            sheet.rows.append([])
        elif sheet is not None and sheet.rows and mark in {"|", "|n", "|d"}:
            sheet.rows[-1].append(_cell(mark, rest.strip()))
    if sheet is not None:
        yield sheet


def _cell(mark: str, text: str) -> Cell:
    try:
        if mark == "|n" and text:
            number = Decimal(text)
            return number if number.is_finite() else text
        if mark == "|d" and text:
            return date.fromisoformat(text)
    except (InvalidOperation, ValueError):
        pass
    return text
