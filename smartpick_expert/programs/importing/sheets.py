"""The rows of a table from elsewhere: CSV, tab-separated or XLSX, in whatever encoding; what had to be repaired is noted."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from ftfy import fix_encoding

from smartpick_expert.diagnostics import Diagnostic, Location, Problems, Severity
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.values import normal_number, shorten
from smartpick_expert.programs.table import MAX_ROWS, Row, read_bytes, rows_of

_XLSX: Final = (".xlsx", ".xlsm")
_DELIMITERS: Final = ",;\t|"
_BEFORE: Final = 12
_ZIP: Final = b"PK\x03\x04"


def read_sheet(path: Path, sheet: str, reader: Reader) -> tuple[Row, ...]:
    """The rows of a table, blank ones left out; `sheet` names one of a workbook (by default its first).

    What was repaired is noted in `reader`. Raises Problems where it cannot be read.
    """
    data = read_bytes(path)
    if path.suffix.lower() in _XLSX or data.startswith(_ZIP):
        rows = tuple(row for row in _workbook_rows(path, data, sheet) if not row.is_blank)
    else:
        text = _text(data, path, reader)
        rows = rows_of(text, str(path), _delimiter(text))
    return tuple(_repaired(row, path, reader) for row in rows)


def _text(data: bytes, path: Path, reader: Reader) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"The file is not in UTF-8 (byte {error.start + 1:,}, line {line}); it was read as Windows-1252."
        hint = "Look at names with accents; save the table as UTF-8 to be sure of them."
        reader.problem(Location(str(path), line, 1), "import.encoding", message, hint, severity=Severity.WARNING)
        return data.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    """The sign between cells, by the first line that has one twice: a title above the headings has none."""
    head = next((line for line in text.splitlines() if max(map(line.count, _DELIMITERS)) > 1), text.partition("\n")[0])
    return max(_DELIMITERS, key=head.count)


def _repaired(row: Row, path: Path, reader: Reader) -> Row:
    """The row with texts mended that were read in the wrong encoding before they came to us."""
    cells = list(row.cells)
    for place, cell in enumerate(cells):
        if cell.isascii():
            continue
        mended = " ".join(fix_encoding(cell).split())
        if mended != cell:
            cells[place] = mended
            before, after = _around(cell, mended)
            read_as = f"seems to have gone through a wrong encoding and was read as '{shorten(after)}'"
            message = f"Row {row.line}, column {place + 1}: '{shorten(before)}' {read_as}."
            here = Location(str(path), row.line, place + 1)
            reader.problem(here, "import.repaired", message, "Check it.", severity=Severity.WARNING)
    return Row(row.line, tuple(cells))


def _around(cell: str, mended: str) -> tuple[str, str]:
    """Two texts from shortly before where they begin to differ, so that the difference is seen where they are long."""
    same = next((place for place, pair in enumerate(zip(cell, mended, strict=False)) if pair[0] != pair[1]), 0)
    start = same - _BEFORE if same > _BEFORE else 0
    sign = "..." if start else ""
    return f"{sign}{cell[start:]}", f"{sign}{mended[start:]}"


def _workbook_rows(path: Path, data: bytes, sheet: str) -> Iterator[Row]:
    try:
        openpyxl: Any = importlib.import_module("openpyxl")
    except ImportError:
        message = "Reading a workbook takes a library that is not installed."
        hint = "Run: pip install 'smartpick-expert[spreadsheets]'. Or save the sheet as CSV."
        raise Problems([Diagnostic("import.extra", message, hint, Location(str(path)))]) from None
    try:
        book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True)
    except Exception as error:  # noqa: BLE001 - a broken workbook raises whatever its parts raise
        message = f"The workbook cannot be read: {type(error).__name__}."
        hint = "Open it in a spreadsheet program, and save it again or as CSV."
        raise Problems([Diagnostic("import.workbook", message, hint, Location(str(path)))]) from None
    if sheet and sheet not in book.sheetnames:
        message = f"The workbook has no sheet '{shorten(sheet)}'."
        hint = f"It has: {', '.join(shorten(str(name)) for name in book.sheetnames)}."
        raise Problems([Diagnostic("import.sheet", message, hint, Location(str(path)))])
    page = book[sheet] if sheet else book.worksheets[0]
    for line, cells in enumerate(page.iter_rows(), start=1):
        if line > MAX_ROWS + 1:
            message = f"The sheet has more than {MAX_ROWS:,} rows; no list of programs is so long."
            hint = "Check that it is the right sheet."
            raise Problems([Diagnostic("table.too-long", message, hint, Location(str(path), line, 1))])
        yield Row(line, tuple(_cell(cell.value, str(cell.number_format or "")) for cell in cells))


def _cell(value: object, shown_as: str) -> str:
    """A cell of a workbook as text: whole numbers without a point, days as year-month-day, truth as yes or no.

    A number that the workbook shows with a percent sign has one: 0.45 under such a format is 45%.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float) and "%" in shown_as:
        return f"{normal_number(round(Decimal(repr(value)) * 100, 6)):f}%"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return " ".join(str(value).split())
