"""A catalogue written as the two files that it is read from: what is read back is what was written.

Columns without any cell are left out, and a source or a day that all cells share stands in the head alone.
"""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import yaml

from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.language.values import Missing, Slot, decimal_text
from smartpick_expert.language.vocabulary import FactType
from smartpick_expert.programs.catalogue import Catalogue, Cited, Listing
from smartpick_expert.programs.columns import Column, Says, columns_of
from smartpick_expert.programs.head import head_path
from smartpick_expert.writing import write_all


def write_catalogue(catalogue: Catalogue, fact_type: FactType) -> tuple[Path, Path]:
    """Write table and head of a catalogue, both or neither. Raises Problems where they cannot be written."""
    table, head = catalogue.path, head_path(catalogue.path)
    texts = {table: table_text(catalogue, fact_type), head: head_text(catalogue)}
    try:
        write_all({path: text.encode("utf-8") for path, text in texts.items()})
    except OSError as error:
        message = f"The catalogue cannot be written: {error.strerror or error}."
        hint = "Name another place with --out."
        raise Problems([Diagnostic("output.file", message, hint, Location(str(table)))]) from None
    return table, head


def table_text(catalogue: Catalogue, fact_type: FactType) -> str:
    """The table in CSV: the columns in the order of the vocabulary, the programs in their own."""
    columns = [column for column in columns_of(fact_type).values() if _is_used(column, catalogue)]
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in columns])
    writer.writerows([_cell(column, listing, catalogue) for column in columns] for listing in catalogue.listings)
    return out.getvalue()


def head_text(catalogue: Catalogue) -> str:
    """The head in YAML."""
    said: dict[str, object] = {"about": catalogue.about}
    if catalogue.is_fictional:
        said["fictional"] = True
    if catalogue.source:
        said["source"] = catalogue.source
    if catalogue.verified is not None:
        said["verified"] = catalogue.verified
    text: str = yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=120)
    return text


def _is_used(column: Column, catalogue: Catalogue) -> bool:
    return any(_cell(column, listing, catalogue) for listing in catalogue.listings)


def _cell(column: Column, listing: Listing, catalogue: Catalogue) -> str:
    cited = listing.cells.get(column.field)
    if cited is None:
        return ""
    if column.says is Says.VALUE:
        return _text(cited.value)
    return _own(column, cited, catalogue.source, catalogue.verified)


def _own(column: Column, cited: Cited, source: str, verified: date | None) -> str:
    """What a cell says of itself that the head does not say for it."""
    if column.says is Says.SOURCE:
        return "" if cited.source == source else cited.source
    return "" if cited.verified in (verified, None) else str(cited.verified)


def _text(slot: Slot) -> str:
    if isinstance(slot, bool):
        return "yes" if slot else "no"
    if isinstance(slot, Decimal):
        return decimal_text(slot)
    return "" if isinstance(slot, Missing) else str(slot)
