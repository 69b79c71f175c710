"""Makes the record of an advice: what it was made from and what it was, and around that what may differ between two runs."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from typing import Any

import msgspec

from smartpick_expert.audit.digests import digest, text_digest
from smartpick_expert.audit.made_from import files_of
from smartpick_expert.audit.program import source_fingerprint
from smartpick_expert.audit.record import (
    FORMAT,
    Body,
    Envelope,
    Inputs,
    LaidOut,
    ProfileInput,
    Record,
    RecordedOverride,
    body_digest,
)
from smartpick_expert.audit.traces import traced
from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.explain.trace import Trace
from smartpick_expert.report.entered import Entered
from smartpick_expert.report.formats.laid_out import Made
from smartpick_expert.report.published import Published
from smartpick_expert.report.redact import WITHHELD, cut_days
from smartpick_expert.report.view_model import OverrideView, View
from smartpick_expert.version import VERSION
from smartpick_expert.workspace import Workspace

_ENGINES = {"durable": "durable-rules"}


@dataclass(frozen=True, slots=True)
class Part:
    """One run of an advice: its consultation as it is shown, and its view."""

    consultation: Consultation
    view: View


def make_record(
    advisor: Part,
    applicant: Part | None,
    workspace: Workspace,
    engine: str,
    documents: Mapping[str, Made | str],
    *,
    with_drafts: bool,
    redacted: bool,
    entered: Entered | None = None,
    published: Published | None = None,
    signed_by: str = "",
) -> Record:
    """The record of an advice. `engine` is the name of the one that matched, `documents` are what was written, or texts, by file name."""
    profile = advisor.consultation.profile
    body = Body(
        as_of=str(advisor.consultation.as_of.year) if redacted else advisor.consultation.as_of.isoformat(),
        with_drafts=with_drafts,
        redacted=redacted,
        inputs=Inputs(
            ProfileInput("", "", "")
            if redacted
            else ProfileInput(text_digest(profile.text), form_of(profile.path), profile.text),
            *files_of(workspace),
        ),
        advisor=_trace(advisor, workspace),
        applicant=_trace(applicant, workspace) if applicant is not None else None,
        overrides=tuple(_override(override) for override in advisor.view.overrides),
        evidence_only=workspace.is_on_evidence,
    )
    if redacted:
        body = msgspec.convert(_without_days(msgspec.to_builtins(body)), Body)
    made = {name: Made(one.encode()) if isinstance(one, str) else one for name, one in documents.items()}
    now = datetime.now(UTC)
    envelope = Envelope(
        program=VERSION,
        engine=engine,
        engine_version=_version(_ENGINES[engine]) if engine in _ENGINES else VERSION,
        python=platform.python_version(),
        platform=platform.platform(terse=True),
        made_at=str(now.year) if redacted else now.isoformat(timespec="seconds"),
        profile=WITHHELD if redacted else profile.path,
        body_sha256=body_digest(body),
        documents={name: digest(made[name].data) for name in sorted(made)},
        laid_out={name: LaidOut(digest(one.source), one.by) for name, one in sorted(made.items()) if one.source},
        entered=entered,
        source_sha256=source_fingerprint(),
        published=published,
        signed_by=signed_by,
    )
    return Record(FORMAT, envelope, body)


def _without_days(data: Any) -> Any:
    """Plain data with every date in its texts cut to the year, as in the documents."""
    if isinstance(data, str):
        return cut_days(data)
    if isinstance(data, dict):
        return {name: _without_days(value) for name, value in data.items()}
    return [_without_days(value) for value in data] if isinstance(data, list | tuple) else data


def _trace(part: Part, workspace: Workspace) -> Trace:
    names, first = (
        tuple(advised.action.name for advised in several) for several in (part.view.actions, part.view.first_actions)
    )
    return traced(part.consultation, workspace, part.view.statements, names, first)


def _override(override: OverrideView) -> RecordedOverride:
    return RecordedOverride(
        of=override.of,
        to=override.to,
        by=override.by,
        on=override.on,
        because=override.because,
        state=override.state,
        engine=override.engine,
        statements=tuple(statement.id for statement in override.statements),
    )


def form_of(path: str) -> str:
    """The form of a profile, by the ending of its file."""
    return ".json" if path.lower().endswith(".json") else ".yaml"


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "unknown"
