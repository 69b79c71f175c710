"""Notes speak of programs by their ids, so that a slip in one makes a note that never counts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.diagnostics import Problems, Severity, nearest
from smartpick_expert.intake.notes import PROGRAM, notes_of
from smartpick_expert.language.values import shorten
from smartpick_expert.programs.columns import ID
from smartpick_expert.programs.head import head_path
from smartpick_expert.programs.table import csv_rows, read_table_text

CODE: Final = "notes.program"
FINDS: Final = "A note is on a program that neither the workspace nor a catalogue in its folder has."
SEVERITY: Final = Severity.WARNING
MAY_BE_SILENCED: Final = False


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each note on a program that nothing in the folder lists."""
    entries = notes_of(base.workspace).entries
    if not entries:
        return
    known = {*base.workspace.knowledge.programs, *_listed(base.workspace.root)}
    for one in entries:
        program = one.values.get(PROGRAM)
        if isinstance(program, str) and program not in known:
            message = f"Neither the workspace nor a catalogue in its folder has a program '{shorten(program)}'."
            hint = (
                nearest(program, known) or "Write its id as the catalogue has it; one kept elsewhere may have it still."
            )
            yield Finding(CODE, message, hint, one.places.get(PROGRAM, one.location), SEVERITY)


def _listed(root: Path) -> set[str]:
    """The ids in every catalogue in the folder of a workspace; what cannot be read is for `programs check` to tell."""
    found: set[str] = set()
    for path in sorted(root.rglob("*.csv")):
        hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
        if hidden or not head_path(path).is_file():
            continue
        try:
            rows = csv_rows(read_table_text(path), str(path))
        except Problems:
            continue
        head = rows[0].cells if rows else ()
        if ID in head:
            place = head.index(ID)
            found |= {row.cells[place] for row in rows[1:] if place < len(row.cells)}
    return found
