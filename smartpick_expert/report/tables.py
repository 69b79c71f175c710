"""Tables as CSV and as workbooks: cells that no spreadsheet takes for a formula, in files that are the same each time."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Final

from smartpick_expert.diagnostics import Diagnostic, Location, Problems

Cell = str | int | float | Decimal | None
# A spreadsheet takes a text that begins so for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_WIDEST: Final = 60
_NARROWEST: Final = 8


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a workbook: its name, its columns, its rows."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def safe(cell: Cell) -> Cell:
    """A cell that is shown as it is: a text that would be taken for a formula gets a mark before it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A table as CSV, with its headings."""
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue()


def workbook(sheets: Iterable[Sheet], made: datetime) -> bytes:
    """A workbook (XLSX) of these sheets, dated `made`. Raises Problems where openpyxl is not installed."""
    try:
        # An extra: most users read no workbooks.
        from openpyxl import Workbook  # noqa: PLC0415
        from openpyxl.styles import Alignment, Font  # noqa: PLC0415
        from openpyxl.utils import get_column_letter  # noqa: PLC0415
    except ImportError:
        message = "Writing a workbook needs openpyxl, which is not installed."
        hint = "Install it with pip install 'smartpick-expert[spreadsheets]', or write --format csv."
        raise Problems([Diagnostic("table.no-openpyxl", message, hint, Location("--format xlsx"))]) from None
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.created = book.properties.modified = made
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        page.append(sheet.columns)
        for row in sheet.rows:
            page.append([safe(cell) for cell in row])
        for cell in page[1]:
            cell.font = Font(bold=True)
        page.freeze_panes = "A2"
        for number, column in enumerate(sheet.columns, start=1):
            longest = max([len(column), *(len(str(row[number - 1] or "")) for row in sheet.rows)])
            page.column_dimensions[get_column_letter(number)].width = min(_WIDEST, max(_NARROWEST, longest + 2))
            if longest > _WIDEST:
                for row in page.iter_rows(min_row=2, min_col=number, max_col=number):
                    row[0].alignment = Alignment(wrap_text=True, vertical="top")
    out = BytesIO()
    book.save(out)
    return out.getvalue()
