"""A workbook of tables, for those who sort, filter and tick off: openpyxl lays it out. No cell is ever a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, Final, Protocol
from zipfile import ZIP_DEFLATED, ZipFile

from smartpick_expert.report.formats.extras import library
from smartpick_expert.report.formats.lines import sheets_of
from smartpick_expert.report.formats.packages import as_plain_zip, xml_text

FORM: Final = "xlsx"
Value = str | int | float | Decimal | date | None


class Table(Protocol):
    """A sheet: its name, the headings of its columns, and rows of values."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def columns(self) -> Sequence[str]:
        """The headings."""

    @property
    def rows(self) -> Sequence[Sequence[Value]]:
        """The rows, each of as many values as there are columns, or fewer."""


# What a cell can hold, and a sheet be called.
_MAX_CELL: Final = 32_000
_MAX_NAME: Final = 31
_NOT_IN_NAMES: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
# Of a column, in letters: at least, at the most.
_NARROW, _WIDE = 8, 48
_FORMULA: Final = ("=", "+", "-", "@")
_DAY: Final = "yyyy-mm-dd"
_NO_DAY: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook knows no zones


def workbook(text: str) -> bytes:
    """The workbook of tables as `lines.py` reads them. Raises Problems where openpyxl is missing."""
    return workbook_of(sheets_of(text))


def workbook_of(sheets: Iterable[Table]) -> bytes:
    """The workbook of these tables, the same bytes for the same tables. Raises Problems where openpyxl is missing."""
    openpyxl = library(FORM, "openpyxl")
    book = openpyxl.Workbook()
    book.remove(book.active)
    taken: set[str] = set()
    for sheet in sheets:
        _fill(book.create_sheet(_name(sheet.name, taken)), sheet)
    # Saving would write the moment into it; a day that says nothing is better than one that differs each time.
    book.properties.created = book.properties.modified = _NO_DAY
    book.properties.creator = None
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        library(FORM, "openpyxl.writer.excel").ExcelWriter(book, archive).write_data()
    return as_plain_zip(stream.getvalue())


def _fill(made: Any, sheet: Table) -> None:
    styles, letters = library(FORM, "openpyxl.styles"), library(FORM, "openpyxl.utils").get_column_letter
    plain = styles.Alignment(vertical="top", wrap_text=True)
    for number, column in enumerate(sheet.columns, start=1):
        cell = made.cell(1, number)
        _put(cell, column, plain)
        cell.font = styles.Font(bold=True)
        cell.fill = styles.PatternFill("solid", start_color="E8EBEC")
    for row_number, row in enumerate(sheet.rows, start=2):
        for number, value in enumerate(row, start=1):
            _put(made.cell(row_number, number), value, plain)
    width = len(sheet.columns)
    for number in range(1, width + 1):
        values = (row[number - 1] for row in sheet.rows if number <= len(row))
        texts = [sheet.columns[number - 1], *("" if value is None else str(value) for value in values)]
        made.column_dimensions[letters(number)].width = _width(texts)
    if sheet.columns:
        made.freeze_panes = "A2"
        made.auto_filter.ref = f"A1:{letters(width)}{max(len(sheet.rows) + 1, 2)}"
        made.print_title_rows = "1:1"
    made.page_setup.orientation = "landscape"
    made.page_setup.fitToWidth, made.page_setup.fitToHeight = 1, 0
    made.sheet_properties.pageSetUpPr.fitToPage = True


def _put(cell: Any, value: Value, look: Any) -> None:
    cell.alignment = look
    if isinstance(value, date):
        cell.value, cell.number_format = value, _DAY
    elif isinstance(value, int | float | Decimal):
        cell.value = int(value) if value == int(value) else float(value)
    elif value:
        text = xml_text(value)[:_MAX_CELL]
        # Whatever a text begins with, it stays a text, also when it is edited and left again.
        cell.value, cell.data_type = text, "s"
        if text.startswith(_FORMULA):
            cell.quotePrefix = True


def _width(texts: list[str]) -> float:
    """Room for a line of the longest text, or for some lines of it."""
    longest = max(map(len, texts))
    return max(_NARROW, min(longest, _WIDE)) + 2


def _name(name: str, taken: set[str]) -> str:
    """A name that a sheet can have and no other has."""
    plain = " ".join(xml_text(name).translate(_NOT_IN_NAMES).split())[:_MAX_NAME].strip() or "Sheet"
    number, found = 1, plain
    while found.casefold() in taken:
        number += 1
        found = f"{plain[: _MAX_NAME - 4]} {number}"
    taken.add(found.casefold())
    return found
