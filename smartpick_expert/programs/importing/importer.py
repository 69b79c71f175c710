"""The use case: a table from elsewhere in, a catalogue and everything doubtful about it out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from smartpick_expert.diagnostics import Diagnostic, Location, Problems, Severity
from smartpick_expert.language.literals import read_label
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.values import Slot, ValueProblem, shorten
from smartpick_expert.language.vocabulary import FactType, FieldType
from smartpick_expert.programs.catalogue import Catalogue, Cited, Listing
from smartpick_expert.programs.checking import out_of_order
from smartpick_expert.programs.columns import ID, Says, columns_of
from smartpick_expert.programs.importing.cells import Cells, Doubt
from smartpick_expert.programs.importing.form import Column, Form, plain_heading
from smartpick_expert.programs.importing.naming import near_cities, new_ids
from smartpick_expert.programs.importing.sheets import read_sheet
from smartpick_expert.programs.table import Row

_FORMULA: Final = ("=", "+", "-", "@")
# So many rows may stand above the one that names the columns.
_TITLES: Final = 10
_WORDS = re.compile(r"[^a-z]+")


@dataclass(frozen=True)
class Imported:
    """A catalogue that was made, what is doubtful in it in the order of the file, and what became of the table's columns.

    `fields` has the field of each column by its place, empty where it has none or several.
    """

    catalogue: Catalogue
    doubts: tuple[Diagnostic, ...]
    taken: tuple[str, ...]
    left: tuple[str, ...]
    personal: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What whoever imports says of the table: its specialty, source and day where the table does not, and where the catalogue goes."""

    out: Path
    specialty: str = ""
    source: str = ""
    verified: date | None = None


def import_table(path: Path, form: Form, fact_type: FactType, asked: Asked) -> Imported:
    """Make a catalogue of a table. Nothing is written. Raises Problems where there is nothing to make one of."""
    reader = Reader()
    rows = read_sheet(path, form.sheet, reader)
    if not rows:
        raise Problems([Diagnostic("file.empty", "The table is empty.", "Name another.", Location(str(path)))])
    return _Importer(path, form, fact_type, asked, reader).imported(rows)


class _Importer:
    def __init__(self, path: Path, form: Form, fact_type: FactType, asked: Asked, reader: Reader) -> None:
        self.path = path
        self.form = form
        self.fact_type = fact_type
        self.asked = asked
        self.reader = reader
        self.cells = Cells(fact_type, form.blank)

    def imported(self, rows: tuple[Row, ...]) -> Imported:
        above = self._above(rows)
        head, rows = rows[above], rows[above:]
        personal = tuple(text for text in head.cells if text and self.form.is_personal(text))
        columns = self._columns(head, personal)
        found = list(self._programs(rows[1:], columns, head))
        listings = self._named(found)
        catalogue = Catalogue(
            self.asked.out,
            f"Programs imported from {self.path.name}.",
            tuple(listings),
            source=self._source(),
            verified=self._verified(),
        )
        self.reader.problems += out_of_order(catalogue, self.form.in_order)
        taken = tuple(text for text, column in zip(head.cells, columns, strict=True) if column is not None)
        left = tuple(text for text in head.cells if text and text not in taken and text not in personal)
        self._doubt_catalogue(head, left)
        doubts = tuple(sorted(set(self.reader.problems), key=Diagnostic.sort_key))
        fields = tuple(column.field if column is not None else "" for column in columns)
        return Imported(catalogue, doubts, taken, left, personal, fields)

    def _above(self, rows: tuple[Row, ...]) -> int:
        """How many rows stand above the one that names the columns: titles, as exports have them. They are told of."""
        for place, row in enumerate(rows[:_TITLES]):
            columns = (self.form.columns.get(plain_heading(text)) for text in row.cells if text)
            if any(column is not None and column.field == "name" for column in columns):
                if place:
                    lines = f"rows {rows[0].line} to" if place > 1 else "row"
                    message = f"The columns are named in row {row.line}; {lines} {rows[place - 1].line} above it was taken for a title."
                    self._doubt(rows[0], 0, "import.title", message, "Check that nothing is missing.")
                return place
        return 0

    def _source(self) -> str:
        return self.asked.source or self.form.source or self.path.name

    def _verified(self) -> date | None:
        return self.asked.verified or self.form.verified

    def _columns(self, head: Row, personal: tuple[str, ...]) -> list[Column | None]:
        """What each column means; None for one that is not taken over. Raises Problems where names are missing."""
        headings = {plain_heading(text) for text in head.cells}
        missing = [name for name in self.form.named if plain_heading(name) not in headings]
        if missing:
            message = f"The mapping names {_several('column', missing)} that the table does not have."
            hint = f"It has: {', '.join(shorten(text) for text in head.cells if text)}."
            raise Problems([Diagnostic("import.mapping", message, hint, Location(str(self.path), head.line, 1))])
        found: list[Column | None] = []
        for text in head.cells:
            column = self.form.columns.get(plain_heading(text)) if text and text not in personal else None
            means = column is not None and (column.field or column.range or column.words)
            found.append(column if means else None)
        if not any(column is not None and column.field == "name" for column in found):
            message = "The table has no column that is known to hold the names of programs."
            hint = "Name it in a mapping file: columns: [{headings: [Its heading], field: name}]."
            raise Problems([Diagnostic("import.no-name", message, hint, Location(str(self.path), head.line, 1))])
        return found

    def _programs(
        self, rows: tuple[Row, ...], columns: list[Column | None], head: Row
    ) -> Iterator[tuple[Row, dict[str, Slot]]]:
        """Each row with the values that it gives; rows that cannot be read or that stand there twice are told of."""
        seen: dict[tuple[str, ...], int] = {}
        for row in rows:
            cells = row.cells[: len(columns)] + ("",) * (len(columns) - len(row.cells))
            if any(row.cells[len(columns) :]):
                message = (
                    f"Row {row.line} has {len(row.cells)} cells, and the table {len(columns)} columns; it is left out."
                )
                self._doubt(row, 0, "table.cells", message, "Check the commas and quotes of this row.")
                continue
            if cells in seen:
                message = f"Row {row.line} says the same as row {seen[cells]}; it is left out."
                self._doubt(row, 0, "import.same-row", message, "Nothing to do, if one program is meant.")
                continue
            seen[cells] = row.line
            values = self._values(row, cells, columns, head)
            if "name" not in values:
                self._doubt(
                    row, 0, "import.nameless", f"Row {row.line} names no program; it is left out.", "Fill in a name."
                )
                continue
            yield row, values

    def _values(self, row: Row, cells: tuple[str, ...], columns: list[Column | None], head: Row) -> dict[str, Slot]:
        values: dict[str, Slot] = {}
        two: set[str] = set()
        for place, (column, text) in enumerate(zip(columns, cells, strict=True)):
            if column is None:
                continue
            meaning = self.cells.meaning(column, text)
            doubts = [*meaning.doubts]
            for name, slot in meaning.values:
                if isinstance(slot, str) and slot.startswith(_FORMULA) and self._is_text(name):
                    message = f"'{shorten(slot)}' begins as a formula does and was left out"
                    doubts.append(Doubt("import.formula", message, "Write it without its first sign."))
                elif values.setdefault(name, slot) != slot:
                    two.add(name)
                    left = "the first is kept" if name == "name" else "it is left unknown"
                    message = f"this says something else of {name} than another column of the row; {left}"
                    doubts.append(Doubt("import.two-values", message, "Correct one of them."))
            for doubt in doubts:
                words = f"Row {row.line}, column '{shorten(head.cells[place])}': {doubt.message}."
                self._doubt(row, place, doubt.code, words, doubt.hint)
        # Neither of two is known to be right; only a program without a name could not be kept at all.
        known = {name: slot for name, slot in values.items() if name not in two or name == "name"}
        said = (
            pair for name, slot in known.items() for pair in self.form.follows.get((name, str(slot).casefold()), ())
        )
        return {**{name: slot for name, slot in said if name not in two}, **known}

    def _is_text(self, name: str) -> bool:
        return self.fact_type.fields[name].type is FieldType.TEXT

    def _named(self, found: list[tuple[Row, dict[str, Slot]]]) -> Iterator[Listing]:
        """The programs with their ids, and what their names and cities leave doubtful."""
        specialty = self._specialty()
        taken: dict[str, Row] = {}
        for row, values in found:
            label = values.get(ID)
            if isinstance(label, str) and not self._is_usable(label, row, taken):
                del values[ID]
        places = [(_text(values, "name"), _text(values, "city")) for _, values in found if ID not in values]
        ids = iter(new_ids(places, list(taken)))
        self._doubt_names(found)
        for row, values in found:
            label = _text(values, ID) or next(ids)
            said = {"specialty": specialty} if specialty else {}
            cells = {name: Cited(slot, self._source(), self._verified()) for name, slot in {**said, **values}.items()}
            cells[ID] = Cited(label, self._source(), self._verified())
            yield Listing(label, cells, row.line)

    def _is_usable(self, label: str, row: Row, taken: dict[str, Row]) -> bool:
        try:
            read_label(label)
        except ValueProblem as problem:
            words = f"Row {row.line}: {problem.message} It was given one of its own."
            self._doubt(row, 0, "import.id", words, problem.hint)
            return False
        if label in taken:
            message = f"Row {row.line}: the id '{shorten(label)}' is that of row {taken[label].line}; it was given one of its own."
            self._doubt(row, 0, "program.duplicate-id", message, "Give one of them another id.")
            return False
        taken[label] = row
        return True

    def _doubt_names(self, found: list[tuple[Row, dict[str, Slot]]]) -> None:
        by_name: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row, values in found:
            by_name[_text(values, "name").casefold(), _text(values, "specialty")].append(row)
        for (name, _), rows in by_name.items():
            for row in rows[1:]:
                message = f"Row {row.line} has the name of row {rows[0].line} ('{shorten(name)}') and says something else; both are kept."
                self._doubt(row, 0, "import.same-name", message, "Delete one of them, if one program is meant.")
        places = [(_text(values, "city"), _text(values, "state")) for _, values in found]
        for number, other in near_cities(places):
            row = found[number][0]
            near = f"is spelt nearly as '{shorten(other)}' in the same state; it is kept"
            message = f"Row {row.line}: the city '{shorten(places[number][0])}' {near}."
            self._doubt(row, 0, "import.city", message, "Correct it, if the same city is meant.")

    def _doubt_catalogue(self, head: Row, left: tuple[str, ...]) -> None:
        """Sources and days of single figures are not taken over, though a catalogue has columns for them."""
        of_catalogue = columns_of(self.fact_type)
        own = [
            text for text in left if (column := of_catalogue.get(text)) is not None and column.says is not Says.VALUE
        ]
        if own:
            message = f"The table has columns of a catalogue ('{shorten(own[0])}'); days and sources of single figures are not taken over."
            hint = "A catalogue needs no import: 'smartpick programs check' reads it."
            self._doubt(head, 0, "import.catalogue", message, hint)

    def _specialty(self) -> str:
        """The specialty of all rows: as asked, by the mapping, or by the name of the file, which is told of."""
        if self.asked.specialty or self.form.specialty:
            return self.asked.specialty or self.form.specialty
        stem = f" {' '.join(_WORDS.split(self.path.stem.casefold()))} "
        words = self.fact_type.fields["specialty"].values
        named = [word for word in words if f" {word.replace('_', ' ')} " in stem]
        longest = [word for word in named if not any(word in other and word != other for other in named)]
        if len(longest) != 1:
            return ""
        message = f"The specialty, {words[longest[0]]}, was taken from the name of the file, for rows that state none."
        hint = "Name it with --specialty to be sure."
        self.reader.problem(Location(str(self.path)), "import.specialty", message, hint, severity=Severity.WARNING)
        return longest[0]

    def _doubt(self, row: Row, place: int, code: str, message: str, hint: str) -> None:
        here = Location(str(self.path), row.line, place + 1)
        self.reader.problem(here, code, message, hint, severity=Severity.WARNING)


def _text(values: Mapping[str, Slot], name: str) -> str:
    slot = values.get(name, "")
    return slot if isinstance(slot, str) else ""


def _several(what: str, names: list[str]) -> str:
    return f"{what}{'s' if len(names) > 1 else ''} {', '.join(repr(shorten(name)) for name in names)}"
