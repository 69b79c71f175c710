"""A table of programs read in memory, whichever it is: a catalogue, or a table from elsewhere as `programs import` reads it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from smartpick_expert.diagnostics import Diagnostic
from smartpick_expert.language.vocabulary import FactType
from smartpick_expert.programs.catalogue import Catalogue
from smartpick_expert.programs.columns import columns_of
from smartpick_expert.programs.head import head_path
from smartpick_expert.programs.importing.form import Form
from smartpick_expert.programs.importing.importer import Asked, import_table
from smartpick_expert.programs.reading import catalogue_from, read_texts
from smartpick_expert.programs.table import csv_rows


@dataclass(frozen=True)
class Opened:
    """The programs of a file and what is doubtful in it. `fields` has the field of each column by its place, or is empty there."""

    catalogue: Catalogue
    findings: tuple[Diagnostic, ...]
    fields: tuple[str, ...]
    is_catalogue: bool

    def about(self, fields: Iterable[str]) -> tuple[Diagnostic, ...]:
        """The findings on cells of some fields."""
        wanted = {place for place, field in enumerate(self.fields, start=1) if field in tuple(fields)}
        return tuple(one for one in self.findings if one.location.column in wanted)


def open_table(path: Path, form: Form, fact_type: FactType, specialty: str = "", mapping: Path | None = None) -> Opened:
    """The programs of a catalogue, which has a small file beside it, or of another table. Nothing is written. Raises Problems.

    `specialty` is that of the rows of a table that state none; a catalogue says its own. `mapping` is the file that `form` was read
    from, if any: standing beside a table it makes no catalogue of it.
    """
    beside = head_path(path)
    if not beside.is_file() or (mapping is not None and mapping.resolve() == beside.resolve()):
        made = import_table(path, form, fact_type, Asked(path, specialty))
        return Opened(made.catalogue, made.doubts, made.fields, is_catalogue=False)
    texts = read_texts(path)
    catalogue, findings = catalogue_from(texts, path, fact_type)
    known = columns_of(fact_type)
    named = (known.get(name) for name in csv_rows(texts.table, str(path))[0].cells)
    fields = tuple(column.field if column is not None else "" for column in named)
    return Opened(catalogue, findings, fields, is_catalogue=True)
