"""The audit record: everything an advice rested on and said, in one versioned JSON document.

The body is the same, byte for byte, for equal inputs, whatever the engine and the machine; what differs from run to run
(engine, versions, time, place) stands in the envelope. The schema of format 1 is docs/record-1.schema.json.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from smartpick_expert.audit.digests import canonical, digest
from smartpick_expert.explain.trace import Trace
from smartpick_expert.report.entered import Entered
from smartpick_expert.report.published import Published

FORMAT = "smartpick-record/1"


@dataclass(frozen=True, slots=True)
class ProfileInput:
    """The profile as it was read: its hash, its form (`.yaml`, `.json`) and its text. All empty in a redacted record."""

    sha256: str
    form: str
    text: str


@dataclass(frozen=True, slots=True)
class FilesInput:
    """A set of files: one hash for all of them, and the hash of each by its path."""

    sha256: str
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything the advice was made from, by content. Catalogues of programs that it was made with stand with the knowledge."""

    profile: ProfileInput
    rules: FilesInput
    knowledge: FilesInput
    templates: FilesInput


@dataclass(frozen=True, slots=True)
class RecordedOverride:
    """An advisor's override: of what, to what (empty: withdrawn), by whom, from which day, and why.

    `engine` is the engine's own conclusion in words, which stands in the trace whatever is overridden; `statements` are
    those that were withdrawn. `state` is stands, idle (there is nothing today that it would change) or not_yet.
    """

    of: str
    to: str
    by: str
    on: str
    because: str
    state: str
    engine: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Body:
    """What the advice was, the same for equal inputs.

    `advisor` is the run on everything the profile holds. `applicant` is the run that made the applicant's documents,
    where something is kept from them; None where it is the same run. `evidence_only` says that rules by perception had no part in
    either; where they had, nothing is noted, as before that could be asked for.
    """

    as_of: str
    with_drafts: bool
    redacted: bool
    inputs: Inputs
    advisor: Trace
    applicant: Trace | None
    overrides: tuple[RecordedOverride, ...]
    evidence_only: bool = False


@dataclass(frozen=True, slots=True)
class LaidOut:
    """What a document (PDF, Word, a workbook) was laid out from, as a hash, and by which versions of which library.

    Its bytes depend on these and on the fonts of the machine; what it says depends on what it was laid out from.
    """

    source_sha256: str
    by: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """What may differ between two runs on equal inputs. `documents` are the hashes of what was written with the record.

    `laid_out` says of those among them that a library laid out what they were made from.

    `entered` is where it stands in a ledger; None where it was entered in none. `source_sha256` is the fingerprint of the
    program's source, since a changed program may keep its version. `published` is the version of the workspace's rules
    that made it, None where none was published: it says nothing of what the advice is, which follows from the hashes in the body, and the
    same files may be published elsewhere under another number, or not at all. `signed_by` is the advisor's name that stands under the
    documents, empty where nobody was named.
    """

    program: str
    engine: str
    engine_version: str
    python: str
    platform: str
    made_at: str
    profile: str
    body_sha256: str
    documents: dict[str, str]
    entered: Entered | None = None
    source_sha256: str = ""
    published: Published | None = None
    laid_out: dict[str, LaidOut] = field(default_factory=dict)
    signed_by: str = ""

    @property
    def maker(self) -> str:
        """What made it, in words: program, engine, and the published version of the rules where there is one."""
        made = f"program {self.program}, engine {self.engine} {self.engine_version}"
        return f"{made}, {self.published.words}" if self.published is not None else made


@dataclass(frozen=True, slots=True)
class Record:
    """The whole document."""

    format: str
    envelope: Envelope
    body: Body


def record_text(record: Record) -> str:
    """The document as it is written: keys in order, one blank for each level."""
    return text_of_data(record_data(record))


def record_data(record: Record) -> dict[str, Any]:
    """A record as plain data, as it is written and stored."""
    data: dict[str, Any] = msgspec.to_builtins(record)
    return data | {"body": _body_data(data["body"])}


def _body_data(body: dict[str, Any]) -> dict[str, Any]:
    """A body without what earlier versions did not note, where it says nothing: so theirs keep their hashes."""
    return {name: value for name, value in body.items() if name != "evidence_only" or value}


def text_of_data(data: Mapping[str, Any]) -> str:
    """A record that is plain data as it is written."""
    return json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def body_digest(body: Body) -> str:
    """The hash of a body in its canonical form."""
    return digest(canonical(_body_data(msgspec.to_builtins(body))))
