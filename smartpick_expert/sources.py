"""What a person names as SOURCE: a profile file, a record, a bundle, or the id of an entry in the ledger."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from smartpick_expert.audit.bundle import is_bundle, read_bundle
from smartpick_expert.audit.entering import default_path, record_in
from smartpick_expert.audit.inputs import named_files
from smartpick_expert.audit.ledger import Ledger
from smartpick_expert.audit.reading import is_record, read_record
from smartpick_expert.audit.record import Record

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
