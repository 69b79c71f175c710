"""Tables of text, row by row: read from CSV with every row's line, and never more than memory holds."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Final

from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.language.decoding import decode

# All residency programs of the country with every column filled are some ten megabytes.
MAX_BYTES: Final = 40_000_000
MAX_ROWS: Final = 50_000
_LONGEST_CELL: Final = 100_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it begins on, counted from 1, and its cells, without the blanks around them."""

    line: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return not any(self.cells)


def read_bytes(path: Path) -> bytes:
    """The bytes of a table of sane size. Raises Problems."""
    here = Location(str(path))
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        hint = "Check the name and the folder, and that you may read it."
        raise Problems([Diagnostic("file.unreadable", f"The file cannot be read: {reason}.", hint, here)]) from None
    if len(data) > MAX_BYTES:
        message = f"The file has more than {MAX_BYTES // 1_000_000} megabytes; no list of programs is so large."
        raise Problems([Diagnostic("file.too-large", message, "Check that it is the right file.", here)])
    return data


def read_table_text(path: Path) -> str:
    """The text of a table in UTF-8. Raises Problems."""
    return decode(read_bytes(path), str(path))


def csv_rows(text: str, name: str) -> tuple[Row, ...]:
    """The rows of a text in CSV, those without any text left out. Raises Problems.

    Spreadsheet programs of many countries write semicolons for commas; a first line without any comma tells.
    """
    head = text.partition("\n")[0]
    return rows_of(text, name, ";" if ";" in head and "," not in head else ",")


def rows_of(text: str, name: str, delimiter: str = ",") -> tuple[Row, ...]:
    """The rows of a text in CSV, those without any text left out. Raises Problems where it is none."""
    return tuple(row for row in _rows(text, name, delimiter) if not row.is_blank)


def _rows(text: str, name: str, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for count, cells in enumerate(reader):
            if count > MAX_ROWS:
                message = f"The table has more than {MAX_ROWS:,} rows; no list of programs is so long."
                raise Problems([_problem("table.too-long", message, "Check that it is the right file.", name, line)])
            yield Row(line, tuple(cell.strip() for cell in cells))
            line = reader.line_num + 1
    except csv.Error as error:
        message = f"This is no table in CSV: {error}."
        hint = "Check the quotes here and in the lines before; a quote inside a text is written twice."
        raise Problems([_problem("table.syntax", message, hint, name, line)]) from None


def _problem(code: str, message: str, hint: str, name: str, line: int) -> Diagnostic:
    return Diagnostic(code, message, hint, Location(name, line, 1))
