"""An advice into the ledger and out of it again: the record packed, and what an entry is found by."""

from __future__ import annotations

import lzma
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import platformdirs

from smartpick_expert.audit.digests import digest, text_digest
from smartpick_expert.audit.entry import Entry, Listed, Summary, maybe
from smartpick_expert.audit.inputs import files_by_hash
from smartpick_expert.audit.ledger import Ledger
from smartpick_expert.audit.packing import pack, shared_names, unpack
from smartpick_expert.audit.reading import record_from_data
from smartpick_expert.audit.record import Record, text_of_data
from smartpick_expert.diagnostics import Diagnostic, Location, Problems, closest
from smartpick_expert.explain.trace import Trace
from smartpick_expert.workspace import Workspace, shipped_root

OPEN = "open"
ENVIRONMENT = "SMARTPICK_LEDGER"


def default_path() -> Path:
    """Where the ledger is kept unless another is named: as the environment says, else the system's folder for a user's data."""
    named = os.environ.get(ENVIRONMENT)
    if named:
        return Path(named)
    return Path(platformdirs.user_data_dir("smartpick-expert", appauthor=False)) / "ledger.sqlite"


def is_shipped_persona(profile_text: str) -> bool:
    """Whether a profile is one of the fictional ones that the package ships, wherever a copy of it lies."""
    found = text_digest(profile_text)
    personas = (shipped_root() / "knowledge" / "personas").rglob("*.yaml")
    return any(text_digest(path.read_text(encoding="utf-8")) == found for path in personas)


def entry_of(
    name: str,
    record: Record,
    workspace: Workspace,
    written: Iterable[str] = (),
    texts: Mapping[str, bytes] | None = None,
) -> Entry:
    """The entry of a record that was made with this workspace.

    `written` are the places of its documents, `texts` what is written there, by name, the record itself included.
    """
    data, shared = pack(record)
    trace = record.body.advisor
    inputs = record.body.inputs
    documents = {file: digest(text) for file, text in texts.items()} if texts else record.envelope.documents
    return Entry(
        id=name,
        summary=Summary(
            label=_label(trace),
            as_of=record.body.as_of,
            bucket=bucket_in(trace),
            rules=inputs.rules.sha256,
            knowledge=inputs.knowledge.sha256,
            program=record.envelope.program,
            overrides=len(record.body.overrides),
            templates=inputs.templates.sha256,
            source=record.envelope.source_sha256,
            body=record.envelope.body_sha256,
            documents=dict(documents),
        ),
        fired=tuple(_fired(record)),
        data=data,
        shared={**shared, **files_by_hash(workspace)},
        written=tuple(written),
    )


def record_in(ledger: Ledger, name: str) -> Record:
    """The record of an entry. Raises Problems where there is none of that id, it was erased, or it is damaged."""
    listed = ledger.entry(name)
    place = Location(str(ledger.path))
    if listed is None:
        hint = closest(name, (one.link.id for one in ledger.entries())) or "'smartpick audit log' lists what there is."
        raise Problems([Diagnostic("ledger.no-entry", f"The ledger has no entry '{name}'.", hint, place)])
    return record_at(ledger, listed)


def record_at(ledger: Ledger, listed: Listed) -> Record:
    """The record of a listed entry. Raises Problems where it was erased or is damaged."""
    return record_from_data(_data_at(ledger, listed), Path(f"{ledger.path} ({listed.link.id})"))


def record_text_at(ledger: Ledger, listed: Listed) -> str:
    """The record of a listed entry as it was written, by whatever version of the program. Raises Problems as `record_at` does."""
    return text_of_data(_data_at(ledger, listed))


def _data_at(ledger: Ledger, listed: Listed) -> dict[str, Any]:
    place, name = Location(str(ledger.path)), listed.link.id
    data = ledger.data(listed.link.number)
    if data is None:
        message = f"Entry '{name}' was erased; that there was one is all that is kept."
        raise Problems([Diagnostic("ledger.erased", message, "Name another.", place)])
    try:
        return unpack(data, ledger.shared(shared_names(data)))
    except (KeyError, ValueError, TypeError, RecursionError, lzma.LZMAError):
        message = f"What is stored of entry '{name}' is damaged."
        raise Problems([Diagnostic("ledger.damaged", message, "Run 'smartpick audit verify'.", place)]) from None


def bucket_in(trace: Trace) -> str:
    """The engine's own conclusion: the bucket, or that it is open."""
    held = [fact for fact in trace.facts if fact.type == "bucket" and fact.certain]
    name = held[0].field("name") if held else None
    return str(name.value) if name is not None else OPEN


def _fired(record: Record) -> Iterable[str]:
    """The rules that fired in either run, and those that only may have: what the applicant was given may come from its own."""
    runs = [run for run in (record.body.advisor, record.body.applicant) if run is not None]
    certain = {firing.rule for run in runs for firing in run.firings if firing.certain}
    possible = {firing.rule for run in runs for firing in run.firings} | {rule for run in runs for rule in run.cut_off}
    return [*certain, *map(maybe, possible - certain)]


def _label(trace: Trace) -> str:
    applicant = next((fact for fact in trace.facts if fact.type == "applicant"), None)
    label = applicant.field("label") if applicant is not None else None
    return label.text if label is not None else ""
