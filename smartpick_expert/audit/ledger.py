"""The ledger: every advice given, in one SQLite file, entered once and chained by hash.

Entering is one transaction, written through to the disk before it is told of: what was acknowledged is there after a
power cut, and two processes wait for one another. What records of one rule base share is kept once by hash. Whoever
wants a shared database writes another class with these methods; nothing else knows of SQLite.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from smartpick_expert.audit.chain import (
    START,
    Content,
    Entered,
    Fault,
    Finding,
    Link,
    check_chain,
    commitment_of,
    link_after,
)
from smartpick_expert.audit.digests import canonical, digest
from smartpick_expert.diagnostics import Diagnostic, Location, Problems

FORMAT = "smartpick-ledger/1"
_WAIT_SECONDS = 60
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE link (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, what TEXT NOT NULL, at TEXT NOT NULL,
    commitment TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL
);
CREATE TABLE content (
    number INTEGER PRIMARY KEY, salt BLOB NOT NULL, summary TEXT NOT NULL, fired TEXT NOT NULL, data BLOB NOT NULL
);
CREATE TABLE exported (number INTEGER NOT NULL, what TEXT NOT NULL, place TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE shared (hash TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Summary:
    """What an entry is found by and listed with. `rules` is the hash of the rules, `bucket` the engine's own conclusion."""

    label: str
    as_of: str
    bucket: str
    rules: str
    overrides: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One advice to be entered: its summary, the rules that fired, its stored bytes, and the shared texts they refer to."""

    id: str
    summary: Summary
    fired: tuple[str, ...]
    data: bytes
    shared: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the log. An erased advice has its link and no summary."""

    link: Link
    summary: Summary | None


def new_id() -> str:
    """A name for an entry, given before it is entered so that documents can print it."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(2))


class Ledger:
    """A ledger in a file, made where there is none. Use it in a `with` statement. Raises Problems where it cannot be used."""

    def __init__(self, path: Path, *, must_exist: bool = False) -> None:
        self.path = path
        if must_exist and not path.is_file():
            message = "There is no ledger here: no advice was entered yet."
            raise _problem(path, "ledger.none", message, "Name another with --ledger.")
        with self._reporting():
            path.parent.mkdir(parents=True, exist_ok=True)
            self.database = sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None)
            self._prepare()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()

    def head(self) -> str:
        """The hash of the last link; of an empty ledger the start."""
        with self._reporting():
            return self._last()[1]

    def length(self) -> int:
        """How many links there are, erasures among them."""
        with self._reporting():
            return self._last()[0]

    def append(self, entry: Entry) -> Link:
        """Enter an advice. When this returns the entry is on the disk."""
        summary = canonical(asdict(entry.summary))
        fired = canonical(sorted(set(entry.fired)))
        with self._reporting(), self._transaction():
            rows = ((name, zlib.compress(text.encode("utf-8"), 6)) for name, text in self._new(entry.shared))
            self.database.executemany("INSERT OR IGNORE INTO shared VALUES (?, ?)", rows)
            return self._enter(entry.id, Entered.ADVICE, summary, fired, entry.data)

    def entries(self, label: str = "", since: str = "", rule: str = "", *, overrides: bool = False) -> Iterator[Listed]:
        """The advices, oldest first, narrowed by what is given. Erased ones are listed where nothing but a day narrows."""
        query = (
            "SELECT link.*, summary FROM link LEFT JOIN content USING (number) "
            "WHERE what = ? AND at >= ? AND (? = '' OR instr(fired, ?)) ORDER BY number"
        )
        named = json.dumps(rule, ensure_ascii=False)
        with self._reporting():
            for row in self.database.execute(query, (Entered.ADVICE.value, since, rule, named)):
                summary = Summary(**json.loads(row[7])) if row[7] is not None else None
                if (label or overrides or rule) and summary is None:
                    continue
                if summary is not None and (label not in ("", summary.label) or (overrides and not summary.overrides)):
                    continue
                yield Listed(_link_of(row), summary)

    def entry(self, name: str) -> Listed | None:
        """The advice of that id, or None."""
        query = "SELECT link.*, summary FROM link LEFT JOIN content USING (number) WHERE what = ? AND id = ?"
        with self._reporting():
            row = self.database.execute(query, (Entered.ADVICE.value, name)).fetchone()
        if row is None:
            return None
        return Listed(_link_of(row), Summary(**json.loads(row[7])) if row[7] is not None else None)

    def data(self, number: int) -> bytes | None:
        """The stored bytes of an entry; None where they were erased."""
        with self._reporting():
            row = self.database.execute("SELECT data FROM content WHERE number = ?", (number,)).fetchone()
        return row[0] if row else None

    def shared(self, names: Iterable[str]) -> dict[str, str]:
        """The shared texts of these hashes, as far as they are there."""
        found: dict[str, str] = {}
        with self._reporting():
            for name in names:
                row = self.database.execute("SELECT data FROM shared WHERE hash = ?", (name,)).fetchone()
                if row is not None:
                    found[name] = zlib.decompress(row[0]).decode("utf-8")
        return found

    def note_export(self, number: int, what: str, place: str) -> None:
        """Note that something of an entry was written elsewhere."""
        with self._reporting(), self._transaction():
            self.database.execute("INSERT INTO exported VALUES (?, ?, ?, ?)", (number, what, place, _now()))

    def exports(self, numbers: Iterable[int]) -> tuple[tuple[str, str], ...]:
        """What was written elsewhere of these entries (what, place), in the order of time."""
        wanted = set(numbers)
        with self._reporting():
            rows = self.database.execute("SELECT number, what, place FROM exported ORDER BY rowid").fetchall()
        return tuple((what, place) for number, what, place in rows if number in wanted)

    def erase(self, numbers: Iterable[int]) -> tuple[str, ...]:
        """Erase content and salt of advices, enter that it was done, and return the ids that are erased now.

        The file is compacted, so that nothing of it is left in free pages or in the write-ahead log.
        """
        wanted = sorted(set(numbers))
        run = self.database.execute
        with self._reporting():
            with self._transaction():
                ids = [name for number in wanted for (name,) in run(_PRESENT, (number, Entered.ADVICE.value))]
                for number in wanted if ids else ():
                    run("DELETE FROM content WHERE number = ?", (number,))
                    run("DELETE FROM exported WHERE number = ?", (number,))
                if ids:
                    self._enter(new_id(), Entered.ERASURE, "{}", "[]", canonical(ids).encode("utf-8"))
            for pragma in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                run(pragma).fetchall()
        return tuple(ids)

    def verify(self, head: str = "") -> tuple[Finding, ...]:
        """Everything that is wrong with the ledger; see `chain.check_chain` for what cannot be noticed without `head`."""
        run = self.database.execute
        with self._reporting():
            links = (_link_of(row) for row in run("SELECT * FROM link ORDER BY number"))
            rows = run("SELECT number, salt, summary, fired, data FROM content ORDER BY number")
            contents = ((row[0], _content(*row[1:])) for row in rows)
            found = list(check_chain(links, contents, self._erased(), head))
            for name, data in run("SELECT hash, data FROM shared ORDER BY hash"):
                found += _check_shared(name, data)
        return tuple(found)

    def _erased(self) -> set[str]:
        query = "SELECT data FROM content JOIN link USING (number) WHERE what = ?"
        found: set[str] = set()
        for (data,) in self.database.execute(query, (Entered.ERASURE.value,)):
            try:
                found.update(json.loads(data))
            except (ValueError, TypeError):
                # Its own commitment will not fit, and is told of.
                continue
        return found

    def _enter(self, name: str, what: Entered, summary: str, fired: str, data: bytes) -> Link:
        number, previous = self._last()
        salt = secrets.token_bytes(32)
        commitment = commitment_of(_content(salt, summary, fired, data))
        link = link_after(previous, number + 1, name, what, _now(), commitment)
        values = (link.number, link.id, link.what.value, link.at, link.commitment, link.previous, link.hash)
        self.database.execute("INSERT INTO link VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        self.database.execute("INSERT INTO content VALUES (?, ?, ?, ?, ?)", (link.number, salt, summary, fired, data))
        return link

    def _last(self) -> tuple[int, str]:
        row = self.database.execute("SELECT number, hash FROM link ORDER BY number DESC LIMIT 1").fetchone()
        return (row[0], row[1]) if row else (0, START)

    def _new(self, shared: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """The texts that are not kept yet: compressing those that are would take longer than asking."""
        for name, text in shared.items():
            if self.database.execute("SELECT 1 FROM shared WHERE hash = ?", (name,)).fetchone() is None:
                yield name, text

    def _prepare(self) -> None:
        run = self.database.execute
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "trusted_schema = OFF"):
            run(f"PRAGMA {pragma}").fetchall()
        if run("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone() is None:
            with self._transaction():
                # Another process may have made it while this one waited.
                if run("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone() is None:
                    for statement in _SCHEMA.split(";"):
                        run(statement)
                    run("INSERT INTO meta VALUES ('format', ?)", (FORMAT,))
        (form,) = run("SELECT value FROM meta WHERE name = 'format'").fetchone() or ("",)
        if form != FORMAT:
            message = f"This ledger is of format '{form}'; this program keeps '{FORMAT}'."
            raise _problem(self.path, "ledger.format", message, "Use the version of the program that made it.")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self.database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.database.execute("ROLLBACK")
            raise
        self.database.execute("COMMIT")

    @contextmanager
    def _reporting(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            damaged = "malformed" in str(error) or "not a database" in str(error)
            code = "ledger.damaged" if damaged else "ledger.unusable"
            hint = (
                "Take it from a copy; nothing was written to it."
                if damaged
                else "Check that there is room on the disk and that you may write there, or name another with --ledger."
            )
            raise _problem(self.path, code, f"The ledger cannot be used: {error}.", hint) from None
        except OSError as error:
            message = f"The ledger cannot be used: {error.strerror or error}."
            raise _problem(self.path, "ledger.unusable", message, "Name another with --ledger.") from None


_PRESENT = "SELECT id FROM link JOIN content USING (number) WHERE number = ? AND what = ?"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _content(salt: bytes, summary: str, fired: str, data: bytes) -> Content:
    return Content(salt, (summary.encode("utf-8"), fired.encode("utf-8"), data))


def _check_shared(name: str, data: bytes) -> Iterator[Finding]:
    try:
        fits = digest(zlib.decompress(data).decode("utf-8")) == name
    except (zlib.error, ValueError):
        fits = False
    if not fits:
        message = f"A text that records share was changed: its hash is not {name[:12]} any more."
        yield Finding(Fault.CONTENT, 0, "", message)


def _link_of(row: tuple[Any, ...]) -> Link:
    number, name, what, at, commitment, previous, found = row[:7]
    return Link(number, name, Entered(what) if what in tuple(Entered) else what, at, commitment, previous, found)


def _problem(path: Path, code: str, message: str, hint: str) -> Problems:
    return Problems([Diagnostic(code, message, hint, Location(str(path)))])
