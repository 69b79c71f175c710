"""A record file to a `Record`: its version, its form and its hash checked before anything in it is believed."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from smartpick_expert.audit.digests import canonical, digest
from smartpick_expert.audit.record import FORMAT, Body, Record
from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.explain.trace import Trace, TracedFiring
from smartpick_expert.language.values import shorten

NAME = ".record.json"
_LOOKED_AT = 200
_START = re.compile(rb"\s*\{\s*\"body\"\s*:")
_NAME = re.compile(rb"\"format\"\s*:\s*\"smartpick-record/")
_AGAIN = "Take it from where it was kept, or make the advice again."
MAX_BYTES = 64 * 2**20


def is_record(path: Path) -> bool:
    """Whether a file is a record, or what is left of one: no profile begins with a body or ends with a record's format.

    So is a file that has a record's name, whatever is in it.
    """
    if path.name.endswith(NAME):
        return path.is_file()
    try:
        with path.open("rb") as stream:
            start = stream.read(_LOOKED_AT)
            stream.seek(max(0, path.stat().st_size - _LOOKED_AT))
            return _START.match(start) is not None or (start[:1] == b"{" and _NAME.search(stream.read()) is not None)
    except OSError:
        return False


def read_record(path: Path) -> Record:
    """Read a record. Raises Problems for another version, a form that no record has, and a body that was changed."""
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        message = f"The record cannot be read: {error.strerror or error}."
        raise _problem(path, "record.unreadable", message, "Check that it is there.") from None
    if len(data) > MAX_BYTES:
        message = f"The file has more than {MAX_BYTES:,} bytes; no record is so large."
        raise _problem(path, "record.size", message, "Check that it is the right file.")
    return record_from_bytes(data, path)


def record_from_bytes(data: bytes, path: Path) -> Record:
    """The record that these bytes are; `path` is named in messages. Raises Problems."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        message = f"The record is damaged: it is no JSON ({shorten(str(error), 80)})."
        raise _problem(path, "record.damaged", message, _AGAIN) from None
    return record_from_data(found, path)


def record_from_data(found: Any, path: Path) -> Record:
    """The record that this plain data is; `path` is named in messages. Raises Problems."""
    version = found.get("format") if isinstance(found, dict) else None
    if version != FORMAT:
        message = f"This record is of format '{shorten(str(version))}'; this program reads '{FORMAT}'."
        raise _problem(path, "record.format", message, "Explain it with the version of the program that made it.")
    try:
        record = msgspec.convert(found, Record)
        fits = digest(canonical(found["body"])) == record.envelope.body_sha256
    except (ValueError, RecursionError) as error:
        # Among them a number that is none, and half a character, of which there is no hash.
        raise _problem(path, "record.damaged", f"The record is damaged: {shorten(str(error), 120)}.", _AGAIN) from None
    if not fits:
        message = (
            "The record is damaged: its body does not fit the hash in its envelope, so something in it was changed."
        )
        raise _problem(path, "record.damaged", message, _AGAIN)
    if not _is_of_a_day(record.body):
        message = f"The record is damaged: it is of no day ('{shorten(record.body.as_of)}')."
        raise _problem(path, "record.damaged", message, _AGAIN)
    missing = _dangling(record)
    if missing:
        message = f"The record is damaged: it names '{shorten(missing)}', which is not in it."
        raise _problem(path, "record.damaged", message, _AGAIN)
    return record


def _is_of_a_day(body: Body) -> bool:
    """Whether its day is one, or a year where it is redacted."""
    try:
        date.fromisoformat(f"{body.as_of}-01-01" if body.redacted else body.as_of)
    except ValueError:
        return False
    return True


def _dangling(record: Record) -> str:
    """The first name that refers to nothing, or empty: explanations follow names without asking."""
    for trace in (record.body.advisor, record.body.applicant):
        if trace is None:
            continue
        for firing in trace.firings:
            lost = _lost(firing, trace)
            if lost:
                return lost
        for statement in trace.statements:
            lost = next((name for name in statement.firings if name not in trace.firing), "")
            if lost:
                return lost
        for rule in trace.rules:
            lost = next((name for name in rule.sources if name not in trace.source), "")
            if lost:
                return lost
    return ""


def _lost(firing: TracedFiring, trace: Trace) -> str:
    """The first name in a firing that refers to nothing, or empty."""
    rule = trace.rule.get(firing.rule)
    if rule is None:
        return firing.rule
    numbers = range(len(rule.conditions))
    names = [name for name in (*firing.premises(), *firing.conclusions) if name not in trace.fact]
    said = (*(one.condition for one in firing.support), *(one.condition for one in firing.open))
    conditions = [f"condition {number + 1}" for number in said if number not in numbers]
    return next(iter([*names, *conditions]), "")


def _problem(path: Path, code: str, message: str, hint: str) -> Problems:
    return Problems([Diagnostic(code, message, hint, Location(str(path)))])
