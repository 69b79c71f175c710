"""A catalogue's table and head read into a `Catalogue`: every doubtful cell is noted with its row and column, none is guessed.

Equal words in a column are read once: a catalogue of thousands of rows has few of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from smartpick_expert.diagnostics import Diagnostic, Location, Problems, Severity
from smartpick_expert.language.literals import read_field
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Scalar
from smartpick_expert.language.values import Slot, ValueProblem, read_date, shorten
from smartpick_expert.language.vocabulary import FactType
from smartpick_expert.programs.catalogue import Catalogue, Cited, Listing
from smartpick_expert.programs.columns import ID, Column, Says, columns_of
from smartpick_expert.programs.head import Head, head_from_text, read_head_text
from smartpick_expert.programs.table import Row, csv_rows, read_table_text

_REQUIRED = (ID, "name")


@dataclass(frozen=True, slots=True)
class Texts:
    """The two files of a catalogue as texts: the table, and the head beside it."""

    table: str
    head: str


def read_texts(path: Path) -> Texts:
    """The texts of a catalogue's two files, with their line ends as one character. Raises Problems where one cannot be read."""
    head = read_head_text(path)
    return Texts(_plain(read_table_text(path)), _plain(head))


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")


def read_catalogue(path: Path, fact_type: FactType) -> tuple[Catalogue, tuple[Diagnostic, ...]]:
    """A catalogue and what is doubtful in it, in the order of the file. `fact_type` is the vocabulary's type of programs.

    A cell with a problem is left out, and so unknown. Raises Problems where nothing of it can be read.
    """
    return catalogue_from(read_texts(path), path, fact_type)


def catalogue_from(texts: Texts, path: Path, fact_type: FactType) -> tuple[Catalogue, tuple[Diagnostic, ...]]:
    """The catalogue that these texts make, as `read_catalogue` reads it; `path` is what it is called. Raises Problems."""
    reader = Reader()
    head = head_from_text(texts.head, path, fact_type, reader)
    rows = csv_rows(texts.table, str(path))
    if head is None or not rows:
        if not rows:
            reader.problem(
                Location(str(path), 1, 1), "file.empty", "The file is empty.", "Fill it in, or name another."
            )
        raise Problems(reader.problems)
    table = _Table(path, head, fact_type, reader)
    listings = table.listings(rows)
    catalogue = Catalogue(path, head.about, listings, head.is_fictional, head.source, head.verified)
    return catalogue, tuple(sorted(set(reader.problems), key=Diagnostic.sort_key))


class _Table:
    def __init__(self, path: Path, head: Head, fact_type: FactType, reader: Reader) -> None:
        self.path = path
        self.head = head
        self.fact_type = fact_type
        self.reader = reader
        self._slots: dict[tuple[str, str], tuple[Slot | None, tuple[Diagnostic, ...]]] = {}
        self._days: dict[str, date | ValueProblem] = {}
        self._shared = {name: Cited(slot, head.source, head.verified) for name, slot in head.shared.items()}

    def listings(self, rows: tuple[Row, ...]) -> tuple[Listing, ...]:
        """The programs of all rows below the first, which names the columns. Raises Problems where it names none."""
        columns = self._columns(rows[0])
        found: dict[str, Listing] = {}
        for row in rows[1:]:
            listing = self._listing(row, columns)
            if listing is None:
                continue
            first = found.get(listing.id)
            if first is not None:
                place = self._place(row.line, columns, ID)
                message = (
                    f"Row {row.line}: the id '{shorten(listing.id)}' is taken by row {first.row}; this row is left out."
                )
                related = ((self._place(first.row, columns, ID), "the first one"),)
                self.reader.problem(place, "program.duplicate-id", message, "Give one of them another id.", related)
                continue
            found[listing.id] = listing
        return tuple(found.values())

    def _columns(self, head: Row) -> tuple[Column | None, ...]:
        known = columns_of(self.fact_type)
        found: list[Column | None] = []
        for number, name in enumerate(head.cells, start=1):
            place = Location(str(self.path), head.line, number)
            column = known.get(name)
            if column is None:
                hint = self.reader.nearest(name, known) or "Correct its name, or delete the column."
                self.reader.problem(
                    place, "program.column", f"Column {number}, '{shorten(name)}', is none of a catalogue's.", hint
                )
            elif column in found:
                message = f"The column '{name}' stands twice, and only one can count."
                self.reader.problem(place, "program.column", message, "Delete one of them.")
                column = None
            found.append(column)
        missing = [name for name in _REQUIRED if known[name] not in found]
        if missing:
            message = f"The table has no column {' and none '.join(repr(name) for name in missing)}."
            hint = "A catalogue needs both; 'smartpick programs import' makes one from another table."
            place = Location(str(self.path), head.line, 1)
            raise Problems([*self.reader.problems, Diagnostic("program.no-column", message, hint, place)])
        return tuple(found)

    def _listing(self, row: Row, columns: tuple[Column | None, ...]) -> Listing | None:
        if len(row.cells) != len(columns):
            message = (
                f"Row {row.line} has {len(row.cells)} cells, and the table has {len(columns)} columns; it is left out."
            )
            hint = "Check the commas and quotes of this row; a text with a comma stands between quotes."
            self.reader.problem(Location(str(self.path), row.line, 1), "table.cells", message, hint)
            return None
        texts = {column: text for column, text in zip(columns, row.cells, strict=True) if column is not None and text}
        cells = dict(self._shared)
        for column, text in texts.items():
            if column.says is Says.VALUE:
                slot = self._slot(column, text, row, columns)
                if slot is not None:
                    cells[column.field] = self._cited(column.field, slot, texts, row, columns)
            elif Column(column.field, Says.VALUE) not in texts:
                message = f"Row {row.line}, column '{column.name}': there is no value that it could be about."
                place = self._place(row.line, columns, column.name)
                self.reader.problem(
                    place, "program.no-value", message, "Fill in the value, or delete this.", severity=Severity.WARNING
                )
        missing = [name for name in _REQUIRED if name not in cells]
        if missing:
            message = f"Row {row.line} has no {' and no '.join(missing)}; it is left out."
            hint = "Every program has both."
            self.reader.problem(self._place(row.line, columns, missing[0]), "program.incomplete", message, hint)
            return None
        return Listing(str(cells[ID].value), cells, row.line)

    def _cited(
        self, name: str, slot: Slot, texts: dict[Column, str], row: Row, columns: tuple[Column | None, ...]
    ) -> Cited:
        source = texts.get(Column(name, Says.SOURCE), self.head.source)
        verified = self.head.verified
        written = texts.get(Column(name, Says.VERIFIED), "")
        if written:
            day = self._day(written)
            if isinstance(day, ValueProblem):
                self._value_problem(day, f"{name}{Says.VERIFIED}", row, columns)
                verified = None
            else:
                verified = day
        return Cited(slot, source, verified)

    def _slot(self, column: Column, text: str, row: Row, columns: tuple[Column | None, ...]) -> Slot | None:
        key = (column.field, text)
        if key not in self._slots:
            reader = Reader()
            slot = read_field(
                Scalar(text, quoted=False, location=Location("")), self.fact_type.fields[column.field], reader
            )
            self._slots[key] = (slot, tuple(reader.problems))
        slot, problems = self._slots[key]
        for problem in problems:
            place = self._place(row.line, columns, column.name)
            message = f"Row {row.line}, column {problem.message[:1].lower()}{problem.message[1:]}"
            self.reader.problem(place, problem.code, message, f"{problem.hint} Until then it is unknown.")
        return slot

    def _day(self, text: str) -> date | ValueProblem:
        if text not in self._days:
            try:
                self._days[text] = read_date(text)
            except ValueProblem as problem:
                self._days[text] = problem
        return self._days[text]

    def _value_problem(self, problem: ValueProblem, name: str, row: Row, columns: tuple[Column | None, ...]) -> None:
        message = f"Row {row.line}, column {name}: {problem.message}"
        self.reader.problem(self._place(row.line, columns, name), problem.code, message, problem.hint)

    def _place(self, line: int, columns: tuple[Column | None, ...], name: str) -> Location:
        numbers = (
            number for number, column in enumerate(columns, start=1) if column is not None and column.name == name
        )
        return Location(str(self.path), line, next(numbers, 1))


def undated(catalogue: Catalogue, fact_type: FactType) -> Iterator[Diagnostic]:
    """For each field with a shelf life that has values without a day: how many, since none of them can be relied on."""
    for name, one in fact_type.fields.items():
        rows = [
            listing.row
            for listing in catalogue.listings
            if one.shelf_life is not None and name in listing.cells and listing.cells[name].verified is None
        ]
        if rows:
            count = f"{len(rows)} value{'s' if len(rows) > 1 else ''}"
            message = f"'{name}' has {count} without the day on which it was verified (first in row {rows[0]}), so it counts as unknown."
            hint = f"Fill in '{name}{Says.VERIFIED}', or 'verified' for the whole catalogue in the file beside it."
            yield Diagnostic(
                "program.undated", message, hint, Location(str(catalogue.path), rows[0], 1), Severity.WARNING
            )


def read_usable(path: Path, fact_type: FactType) -> tuple[Catalogue, int]:
    """A catalogue to work with, and how many findings there are in it. What is doubtful in it is unknown, and so harmless.

    Raises Problems where nothing of it can be read, or where rows have one id.
    """
    return usable_from(read_texts(path), path, fact_type)


def usable_from(texts: Texts, path: Path, fact_type: FactType) -> tuple[Catalogue, int]:
    """The catalogue that these texts make, to work with, as `read_usable` reads it. Raises Problems."""
    catalogue, found = catalogue_from(texts, path, fact_type)
    worse = [one for one in found if one.code == "program.duplicate-id"]
    if worse:
        raise Problems(worse)
    return catalogue, len(found) + sum(1 for _ in undated(catalogue, fact_type))
