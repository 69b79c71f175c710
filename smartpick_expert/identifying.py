"""The use case of proving what was given: a document, a record or a bundle held against the entries of a ledger, byte by byte."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path, PurePath
from typing import Any

from smartpick_expert.audit.bundle import RECORD, is_bundle, read_bundle
from smartpick_expert.audit.chain import START
from smartpick_expert.audit.digests import digest
from smartpick_expert.audit.entering import record_at, record_text_at
from smartpick_expert.audit.entry import Listed
from smartpick_expert.audit.ledger import Ledger
from smartpick_expert.audit.reading import MAX_BYTES, is_record
from smartpick_expert.audit.record import Record
from smartpick_expert.diagnostics import Problems
from smartpick_expert.explain.lines import differing_lines
from smartpick_expert.language.values import shorten
from smartpick_expert.replay import Runner
from smartpick_expert.sources import files_kept

_ID = re.compile(r"\b[2-9a-z]{4}-[2-9a-z]{4}\b")
_MARK = b"\xef\xbb\xbf"
_NOT_THERE = "(not there)"
_LONGEST = 160


class Kind(StrEnum):
    """What a file is, by its form."""

    DOCUMENT = "document"
    RECORD = "record"
    BUNDLE = "bundle"


_RECORD_OF = {Kind.RECORD: "It is the record", Kind.BUNDLE: "It holds the record"}


class Verdict(StrEnum):
    """What a ledger says of a file: it is that of an entry, it differs from it, or it is of no entry."""

    GIVEN = "given"
    DIFFERS = "differs"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Differing:
    """One thing in which a file differs: where, what stands there in the file, and what in the ledger."""

    where: str
    here: str
    given: str


@dataclass(frozen=True, slots=True)
class Identified:
    """What a file is: the entry that it is of or says it is of, and a sentence. `differs` is in what, as far as it can be told."""

    file: str
    kind: Kind
    verdict: Verdict
    entry: Listed | None
    message: str
    differs: tuple[Differing, ...] = ()


class Identifying:
    """Holds files against one ledger. Entries that an earlier version made are unpacked when they are asked for."""

    def __init__(self, ledger: Ledger, runner: Runner) -> None:
        self._ledger = ledger
        self._runner = runner
        self._entries = ledger.entries()
        self._by_id = {one.link.id: one for one in self._entries}

    def identify(self, path: Path) -> Identified:
        """What a file is. One that cannot be read is of no entry, and the sentence says why."""
        try:
            with path.open("rb") as stream:
                data = stream.read(MAX_BYTES + 1)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            return _none(path, Kind.DOCUMENT, f"It cannot be read: {reason}.")
        if is_bundle(path):
            return self._bundle(path)
        if len(data) > MAX_BYTES:
            return _none(path, Kind.DOCUMENT, f"It has more than {MAX_BYTES:,} bytes; nothing that was given has.")
        if is_record(path):
            return self._record(path, data, Kind.RECORD)
        return self._document(path, data)

    def _bundle(self, path: Path) -> Identified:
        try:
            bundle = read_bundle(path)
            with zipfile.ZipFile(path) as archive:
                data = archive.read(RECORD)
        except (Problems, OSError, zipfile.BadZipFile) as error:
            said = error.diagnostics[0].message if isinstance(error, Problems) else f"{error}."
            return Identified(
                str(path), Kind.BUNDLE, Verdict.DIFFERS, None, f"It is no bundle that was written: {said}"
            )
        found = self._record(path, data, Kind.BUNDLE)
        if found.verdict is Verdict.GIVEN:
            # Reading it held each file to the record.
            count = len(bundle.documents)
            holds = f"profile, rules, knowledge, templates and {count} document{'s' if count != 1 else ''}"
            message = f"{found.message} So are the {holds}, by their hashes."
            return Identified(found.file, found.kind, found.verdict, found.entry, message)
        return found

    def _record(self, path: Path, data: bytes, kind: Kind) -> Identified:
        known = self._exact(data)
        if known is not None:
            return self._given(path, kind, known[0], _RECORD_OF[kind])
        try:
            found = json.loads(data)
        except (ValueError, RecursionError):
            return _none(path, kind, "It is no record that can be read.")
        one = self._entry_of(found)
        if one is None:
            return _none(path, kind, "It is of no entry of this ledger.")
        if one.summary is None:
            return _gone(path, kind, one)
        try:
            given = record_text_at(self._ledger, one)
        except Problems as problems:
            return _differs(path, kind, one, problems.diagnostics[0].message)
        if given.encode("utf-8") == data:
            return self._given(path, kind, one, _RECORD_OF[kind])
        differs = tuple(_differing("", found, json.loads(given)))
        if differs:
            return _differs(path, kind, one, f"It is not the record of {_named(one)} as it was entered.", differs)
        message = (
            f"It says what the record of {_named(one)} says, and is written otherwise (blanks, order or line ends)."
        )
        return _differs(path, kind, one, message)

    def _entry_of(self, found: Any) -> Listed | None:
        """The entry that a record says it is, or else the one of its body."""
        envelope = found.get("envelope") if isinstance(found, dict) else None
        entered = envelope.get("entered") if isinstance(envelope, dict) else None
        name = entered.get("id") if isinstance(entered, dict) else None
        if isinstance(name, str) and name in self._by_id:
            return self._by_id[name]
        body = envelope.get("body_sha256") if isinstance(envelope, dict) else None
        bodies = (one for one in self._entries if one.summary is not None and one.summary.body == body != "")
        return next(bodies, None)

    def _document(self, path: Path, data: bytes) -> Identified:
        known = self._exact(data)
        if known is not None:
            return self._given(path, Kind.DOCUMENT, known[0], f"It is the document {known[1]}")
        plain = data.removeprefix(_MARK).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        known = self._exact(plain)
        if known is not None:
            message = (
                f"It has the words of the document {known[1]} of {_named(known[0])} and other line ends: another program "
                "saved it anew. Byte for byte it is not the file that was given."
            )
            return _differs(path, Kind.DOCUMENT, known[0], message)
        text = plain.decode("utf-8", "replace")
        # A document that is given anew names the one before it too, and never a later one.
        named = [self._by_id[name] for name in set(_ID.findall(text)) if name in self._by_id]
        if not named:
            return _none(path, Kind.DOCUMENT, "It is of no entry of this ledger, and names none.")
        one = max(named, key=lambda listed: listed.link.number)
        if one.summary is None:
            return _gone(path, Kind.DOCUMENT, one)
        return self._otherwise(path, text, one)

    def _otherwise(self, path: Path, text: str, one: Listed) -> Identified:
        """In what a document that names an entry differs from what was given with it."""
        said = f"It names {_named(one)} and is none of the documents that were given with it."
        try:
            record = record_at(self._ledger, one)
            made = self._runner.documents(record, files_kept(self._ledger, record))
        except Problems as problems:
            return _differs(path, Kind.DOCUMENT, one, f"{said} {problems.diagnostics[0].message}")
        names = [name for name in record.envelope.documents if PurePath(name).suffix == path.suffix]
        if not names:
            return _differs(path, Kind.DOCUMENT, one, f"{said} Nothing of the kind '{path.suffix}' was.")
        # A file that was renamed is held against the one that it is most like: a letter is not told by its name alone.
        name = path.name if path.name in names else max(names, key=lambda known: _likeness(text, made.get(known, b"")))
        if name not in made or digest(made[name]) != record.envelope.documents[name]:
            return _differs(
                path, Kind.DOCUMENT, one, f"{said} This program cannot make {name} as it was, to show in what."
            )
        if name in record.envelope.laid_out:
            return _differs(path, Kind.DOCUMENT, one, f"{said} In what it differs can only be seen by looking at both.")
        return _differs(path, Kind.DOCUMENT, one, said, tuple(_lines(text, made[name].decode())))

    def _exact(self, data: bytes) -> tuple[Listed, str] | None:
        """The entry with which exactly these bytes were written, and under which name."""
        found = digest(data)
        return next(((self._by_id[known], name) for known, name in self._written.get(found, ())), None)

    @cached_property
    def _written(self) -> dict[str, list[tuple[str, str]]]:
        """Each hash of a file that was written, with the entries and the names."""
        found: dict[str, list[tuple[str, str]]] = {}
        for one in self._entries:
            for name, sha in self._documents(one).items():
                found.setdefault(sha, []).append((one.link.id, name))
        return found

    def _documents(self, one: Listed) -> Mapping[str, str]:
        if one.summary is None or one.summary.documents:
            return one.summary.documents if one.summary is not None else {}
        try:
            return record_at(self._ledger, one).envelope.documents
        except Problems:
            return {}

    def _given(self, path: Path, kind: Kind, one: Listed, what: str) -> Identified:
        try:
            record = record_at(self._ledger, one)
        except Problems as problems:
            return _differs(path, kind, one, problems.diagnostics[0].message)
        if not self._stands_before(record, one):
            message = (
                f"{what} of {_named(one)}, and the head that it prints is of no entry before that one: the chain was made "
                "anew after it was given."
            )
            return _differs(path, kind, one, message)
        message = f"{what} of {_named(one)}, byte for byte."
        return Identified(str(path), kind, Verdict.GIVEN, one, message)

    def _stands_before(self, record: Record, one: Listed) -> bool:
        """Whether the head that an advice was given with is that of an entry before it."""
        entered = record.envelope.entered
        return entered is None or entered.head == START or 0 < self._ledger.number_of(entered.head) < one.link.number


def _differing(where: str, here: Any, given: Any) -> Iterator[Differing]:
    """Every place at which two plain data differ."""
    if isinstance(here, dict) and isinstance(given, dict):
        for name in sorted({*here, *given}):
            inner = f"{where}.{name}" if where else str(name)
            yield from _differing(inner, here.get(name, _NOT_THERE), given.get(name, _NOT_THERE))
    elif isinstance(here, list) and isinstance(given, list):
        for number in range(max(len(here), len(given))):
            sides = (side[number] if number < len(side) else _NOT_THERE for side in (here, given))
            yield from _differing(f"{where}[{number}]", *sides)
    elif here != given or type(here) is not type(given):
        yield Differing(where, _shown(here), _shown(given))


def _shown(value: Any) -> str:
    return shorten(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), _LONGEST)


def _lines(here: str, given: str) -> Iterator[Differing]:
    """The lines in which a document differs from the one that was given."""
    for number, then, now in differing_lines(given, here):
        yield Differing(f"line {number}", _cut(now), _cut(then))


def _likeness(here: str, given: bytes) -> int:
    """How many lines of a document stand in another, too."""
    return len(set(here.splitlines()) & set(given.decode("utf-8", "replace").splitlines()))


def _cut(text: str) -> str:
    return shorten(text, _LONGEST) or _NOT_THERE


def _named(one: Listed) -> str:
    about = f", on {one.summary.label} as of {one.summary.as_of}" if one.summary is not None else ""
    return f"entry {one.link.number} ({one.link.id}, entered {one.link.at}{about})"


def _none(path: Path, kind: Kind, message: str) -> Identified:
    return Identified(str(path), kind, Verdict.NONE, None, message)


def _gone(path: Path, kind: Kind, one: Listed) -> Identified:
    gone = "is damaged" if one.is_damaged else "was erased"
    return _differs(path, kind, one, f"It names {_named(one)}, which {gone}: nothing is left to hold it against.")


def _differs(path: Path, kind: Kind, one: Listed, message: str, differs: tuple[Differing, ...] = ()) -> Identified:
    return Identified(str(path), kind, Verdict.DIFFERS, one, message, differs)
