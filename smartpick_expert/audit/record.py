"""The audit record: everything an advice rested on and said, in one versioned JSON document.

The body is the same, byte for byte, for equal inputs, whatever the engine and the machine; what differs from run to run
(engine, versions, time, place) stands in the envelope. The schema of format 1 is docs/record-1.schema.json.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from typing import Any

import msgspec

from smartpick_expert.audit.digests import canonical, combined, digest, digests, text_digest
from smartpick_expert.audit.program import source_fingerprint
from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.explain.standing import standing_of
from smartpick_expert.explain.trace import Trace, TracedStatement
from smartpick_expert.explain.tracing import trace_of
from smartpick_expert.report.entered import Entered
from smartpick_expert.report.formats.laid_out import Made
from smartpick_expert.report.formats.word import CARRIED, as_carried, template_in
from smartpick_expert.report.formats.word_template import NAME as WORD
from smartpick_expert.report.house import house_files
from smartpick_expert.report.published import Published
from smartpick_expert.report.redact import WITHHELD, cut_days
from smartpick_expert.report.statements import Statement
from smartpick_expert.report.view_model import OverrideView, View
from smartpick_expert.version import VERSION
from smartpick_expert.workspace import Workspace

FORMAT = "smartpick-record/1"
_RULES = "rules/"
_TEMPLATES = (".j2", ".css", ".js", ".yaml")
_ENGINES = {"durable": "durable-rules"}


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


def files_of(workspace: Workspace) -> tuple[FilesInput, FilesInput, FilesInput]:
    """Rules, knowledge and templates of a workspace, by content: the first two as they were loaded.

    Catalogues that it carries are knowledge; its house style goes with the templates.
    """
    rules = {name: text for name, text in workspace.files.items() if name.startswith(_RULES)}
    knowledge = {name: text for name, text in workspace.files.items() if name not in rules}
    return _hashed(rules), _hashed(knowledge), _hashed(looks_of(workspace))


def looks_of(workspace: Workspace) -> dict[str, str]:
    """The texts that decide how documents look, by path: the templates, and the house style with its logo. Raises Problems."""
    return {**template_files(workspace), **house_files(workspace.root)}


def template_files(workspace: Workspace) -> dict[str, str]:
    """The texts that documents are made from, by path; whatever else lies in the folder has no part in them.

    The Word template stands there in base64. Raises Problems for one that is no text.
    """
    found: dict[str, str] = {}
    if (workspace.reports / WORD).is_file() or (workspace.reports / CARRIED).is_file():
        found[f"reports/{CARRIED}"] = as_carried(template_in(workspace.reports))
    for path in sorted(workspace.reports.rglob("*")):
        if path.is_file() and path.suffix in _TEMPLATES:
            name = f"reports/{path.relative_to(workspace.reports).as_posix()}"
            try:
                found[name] = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):
                message = "This file among the templates cannot be read as text."
                hint = "Take it out of the folder, or save it as UTF-8."
                raise Problems([Diagnostic("report.template", message, hint, Location(name))]) from None
    return found


def _hashed(files: Mapping[str, str]) -> FilesInput:
    found = digests(files)
    return FilesInput(combined(found), found)


def _without_days(data: Any) -> Any:
    """Plain data with every date in its texts cut to the year, as in the documents."""
    if isinstance(data, str):
        return cut_days(data)
    if isinstance(data, dict):
        return {name: _without_days(value) for name, value in data.items()}
    return [_without_days(value) for value in data] if isinstance(data, list | tuple) else data


def traced(
    consultation: Consultation,
    workspace: Workspace,
    statements: Iterable[Statement],
    actions: tuple[str, ...] = (),
    first_actions: tuple[str, ...] = (),
) -> Trace:
    """The trace of a run with the statements made of it."""
    rules = consultation.derivation.rules.values()
    standings = {rule.id: standing_of(rule, workspace.knowledge) for rule in rules}
    said = (_statement(statement) for statement in statements)
    return trace_of(consultation, workspace, standings, said, actions, first_actions)


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


def _statement(statement: Statement) -> TracedStatement:
    return TracedStatement(
        id=statement.id,
        title=statement.title,
        text=statement.text,
        kind=statement.kind,
        standing=statement.standing,
        audience=tuple(audience.value for audience in statement.audience),
        rule=statement.origin.rule,
        firings=statement.origin.firings,
    )


def form_of(path: str) -> str:
    """The form of a profile, by the ending of its file."""
    return ".json" if path.lower().endswith(".json") else ".yaml"


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "unknown"
