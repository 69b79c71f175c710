"""What a person names as SOURCE: a profile file, a record, a bundle, or the id of an entry in the ledger.

And for a record alone, which holds no files: those of a workspace, with the catalogues and the notes that the record names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from smartpick_expert.audit.bundle import is_bundle, read_bundle
from smartpick_expert.audit.digests import text_digest
from smartpick_expert.audit.entering import default_path, record_in
from smartpick_expert.audit.inputs import named_files, workspace_files
from smartpick_expert.audit.ledger import Ledger
from smartpick_expert.audit.reading import is_record, read_record
from smartpick_expert.audit.record import Record
from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.language.source import read_text
from smartpick_expert.programs.carried import FOLDER, TABLE
from smartpick_expert.programs.head import SUFFIX as HEAD
from smartpick_expert.programs.reading import read_texts
from smartpick_expert.workspace import NOTES, Workspace

# Wider than an id is, so that one with a slip in it is looked for, and the nearest is named.
_ID = re.compile(r"[0-9A-Za-z]{3,5}-[0-9A-Za-z]{3,5}")


@dataclass(frozen=True)
class Kept:
    """A record that was kept, with the files that it was made from, as far as they were kept with it, and its documents."""

    record: Record
    files: Mapping[str, str] | None
    documents: Mapping[str, bytes]


def open_kept(source: str, ledger: Path | None = None) -> Kept | None:
    """What was kept under this name; None where it names a file that is none of these (a profile, that is). Raises Problems."""
    path = Path(source)
    if not _ID.fullmatch(source) or path.exists():
        if is_bundle(path):
            bundle = read_bundle(path)
            return Kept(bundle.record, bundle.workspace, bundle.documents)
        return Kept(read_record(path), None, {}) if is_record(path) else None
    with Ledger(ledger or default_path(), must_exist=True) as opened:
        record = record_in(opened, source)
        return Kept(record, files_kept(opened, record), {})


def files_kept(ledger: Ledger, record: Record) -> dict[str, str]:
    """The files that a record was made from, as the ledger keeps them."""
    named = named_files(record.body.inputs)
    texts = ledger.shared(set(named.values()))
    return {name: texts[found] for name, found in named.items() if found in texts}


def files_beside(
    record: Record, workspace: Workspace, catalogues: Iterable[Path] = (), notes: Path | None = None
) -> dict[str, str]:
    """The files for a record that was kept without any: a workspace's, with the catalogues and notes that the record was made with.

    A record that names no notes was made without any, whatever the workspace has now. Raises Problems where a catalogue or notes
    are not, by content, what the record names.
    """
    named = named_files(record.body.inputs)
    files = workspace_files(workspace)
    if NOTES not in named:
        files.pop(NOTES, None)
    if notes is not None:
        files[NOTES] = _notes(notes, named.get(NOTES))
    for path in catalogues:
        texts = read_texts(path)
        table, head = text_digest(texts.table), text_digest(texts.head)
        alike = [
            name.removesuffix(TABLE)
            for name, found in named.items()
            if name.startswith(FOLDER) and name.endswith(TABLE) and found == table
        ]
        meant = next((name for name in alike if named.get(name + HEAD) == head), None)
        if meant is None:
            which = (
                f"the table is one of its, and '{path.stem}{HEAD}' beside it is not"
                if alike
                else "the table is another"
            )
            message = f"This is no catalogue that the record was made with: {which}."
            raise _not_of_then("replay.catalogue", message, path)
        files |= {meant + TABLE: texts.table, meant + HEAD: texts.head}
    return files


def _notes(path: Path, expected: str | None) -> str:
    text = read_text(path, str(path))
    if expected is None:
        raise _not_of_then("replay.notes", "The record was made without notes.", path, "Leave --notes out.")
    if text_digest(text) != expected:
        raise _not_of_then("replay.notes", "These are not the notes that the record was made with.", path)
    return text


def _not_of_then(code: str, message: str, path: Path, hint: str = "") -> Problems:
    hint = hint or "Name the file as it was then, the ledger's entry or a bundle: these keep it."
    return Problems([Diagnostic(code, message, hint, Location(str(path)))])
