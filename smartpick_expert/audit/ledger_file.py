"""The file of a ledger: SQLite with a write-ahead log, made, opened, compacted, and what goes wrong with it put in words.

A file that is not a ledger is refused before anything is written to it. What a transaction wrote is on the disk when it
returns, and a process that finds the file in use waits.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.language.values import shorten

FORMAT = "smartpick-ledger/2"
_FORMER = "smartpick-ledger/1"
_WAIT_SECONDS = 60
_MAGIC = b"SQLite format 3\0"
_TABLES = frozenset({"meta", "link", "content", "exported", "shared"})
_CHECKPOINT = "PRAGMA wal_checkpoint(TRUNCATE)"
_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE link (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, what TEXT NOT NULL, at TEXT NOT NULL,
    commitment TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL
);
CREATE TABLE content (
    number INTEGER PRIMARY KEY, salt BLOB NOT NULL, summary TEXT NOT NULL, fired TEXT NOT NULL, data BLOB NOT NULL,
    refers TEXT
);
CREATE TABLE exported (number INTEGER NOT NULL, what TEXT NOT NULL, place TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE shared (number INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, data BLOB NOT NULL);
"""
# From format 1: shared texts get numbers, and entries to come say which they refer to. The chain stays as it is.
_BROUGHT_UP = """
ALTER TABLE content ADD COLUMN refers TEXT;
ALTER TABLE shared RENAME TO former;
CREATE TABLE shared (number INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, data BLOB NOT NULL);
INSERT INTO shared (hash, data) SELECT hash, data FROM former ORDER BY hash;
DROP TABLE former;
"""


def _bare(statement: object) -> str:
    """A statement without its blanks, which are others after a table was altered."""
    return "".join(str(statement).split())


_TABLES_AS_MADE = frozenset(map(_bare, _SCHEMA.split(";"))) - {""}


def problem(path: Path, code: str, message: str, hint: str) -> Problems:
    """What is wrong with a ledger."""
    return Problems([Diagnostic(code, message, hint, Location(str(path)))])


class LedgerFile:
    """The open file, made where there is none unless it `must_exist`. Raises Problems where it cannot be used."""

    def __init__(self, path: Path, *, must_exist: bool = False) -> None:
        self.path = path
        if must_exist and not path.exists():
            raise _none(path)
        with self.reporting():
            if not must_exist:
                _make_file(path)
            if _is_of_something_else(path):
                raise _foreign(path)
            self.database = sqlite3.connect(_address(path), timeout=_WAIT_SECONDS, isolation_level=None, uri=True)
        try:
            with self.reporting():
                self._prepare(must_exist=must_exist)
        except BaseException:
            self.database.close()
            raise

    def close(self) -> None:
        """Close it; the last process to do so puts the write-ahead log away."""
        self.database.close()

    def run(self, statement: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        """Run one statement. Outside of a transaction it is one by itself."""
        return self.database.execute(statement, tuple(values))

    def compact(self, erased: Sequence[str]) -> None:
        """Leave nothing in the file of what was deleted: `erased` by name. Raises Problems where that cannot be done."""
        run = self.database.execute
        try:
            busy = [run(pragma).fetchone() for pragma in (_CHECKPOINT, "VACUUM", _CHECKPOINT)][-1][0]
        except sqlite3.Error as error:
            busy = str(error)
        if busy:
            done = f"Erased: {', '.join(erased)}. But t" if erased else "T"
            message = f"{done}he file could not be compacted, so traces of what was erased may be left in it."
            hint = "Erase again once no other process uses the ledger and there is room on the disk."
            raise problem(self.path, "ledger.traces", message, hint)

    def _prepare(self, *, must_exist: bool) -> None:
        run = self.database.execute
        # A letter that was damaged is to be told of as such, not to keep the rest from being read.
        self.database.text_factory = lambda data: data.decode("utf-8", "replace")
        run("PRAGMA trusted_schema = OFF")
        # Nothing is written to a file before it is known to be ours.
        if not self._names():
            if must_exist:
                raise _none(self.path)
            run("PRAGMA journal_mode = WAL").fetchall()
            with self.transaction():
                # Another process may have made it while this one waited.
                for statement in _SCHEMA.split(";") if not self._names() else ():
                    run(statement)
                run("INSERT OR IGNORE INTO meta VALUES ('format', ?)", (FORMAT,))
        if self._names() != _TABLES:
            raise _foreign(self.path)
        form = self._format()
        if form == _FORMER:
            self._bring_up()
            form = self._format()
        if form != FORMAT:
            message = f"This ledger is of format '{shorten(str(form))}'; this program keeps '{FORMAT}'."
            raise problem(self.path, "ledger.format", message, "Use the version of the program that made it.")
        # A table that was made otherwise would hold what a ledger cannot.
        if {_bare(sql) for (sql,) in run("SELECT sql FROM sqlite_master WHERE sql NOT NULL")} != _TABLES_AS_MADE:
            message = "The ledger's tables are not as this program makes them, so the file was changed."
            raise problem(self.path, "ledger.damaged", message, "Take it from a copy.")
        for pragma in ("synchronous = FULL", "secure_delete = ON"):
            run(f"PRAGMA {pragma}").fetchall()

    def _format(self) -> str:
        (form,) = self.run("SELECT value FROM meta WHERE name = 'format'").fetchone() or ("",)
        return str(form)

    def _bring_up(self) -> None:
        """Make a file of the former format one of this; all of it or nothing."""
        if not _can_be_written(self.path):
            message = f"This ledger is of format '{_FORMER}', and cannot be brought up to '{FORMAT}' where it lies."
            hint = "Copy it to where it can be written, and name the copy with --ledger."
            raise problem(self.path, "ledger.former", message, hint)
        with self.transaction():
            # Another process may have done it while this one waited.
            for statement in _BROUGHT_UP.split(";") if self._format() == _FORMER else ():
                self.run(statement)
            self.run("UPDATE meta SET value = ? WHERE name = 'format'", (FORMAT,))

    def _names(self) -> frozenset[str]:
        """Tables, and whatever else somebody put beside them: a trigger would take part in what is written."""
        return frozenset(name for (name,) in self.database.execute("SELECT name FROM sqlite_master WHERE sql NOT NULL"))

    @contextmanager
    def transaction(self, begin: str = "BEGIN IMMEDIATE") -> Iterator[None]:
        """All that is run within, or nothing of it. Raises Problems as `reporting` does."""
        with self.reporting():
            self.database.execute(begin)
            try:
                yield
                self.database.execute("COMMIT")
            except BaseException:
                # After some errors, such as a full disk, SQLite has rolled back by itself.
                if self.database.in_transaction:
                    self.database.execute("ROLLBACK")
                raise

    @contextmanager
    def reporting(self) -> Iterator[None]:
        """Turn what SQLite and the system say into Problems."""
        try:
            yield
        except sqlite3.Error as error:
            damaged = "malformed" in str(error) or "not a database" in str(error)
            code = "ledger.damaged" if damaged else "ledger.unusable"
            hint = (
                "Take it from a copy; nothing was written to it."
                if damaged
                else "Check that there is room on the disk and that you may write there, or name another with --ledger."
            )
            raise problem(self.path, code, f"The ledger cannot be used: {error}.", hint) from None
        except OSError as error:
            message = f"The ledger cannot be used: {error.strerror or error}."
            raise problem(self.path, "ledger.unusable", message, "Name another with --ledger.") from None


def _make_file(path: Path) -> None:
    """Make the file where there is none, for nobody else's eyes: it names people."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)


def _is_of_something_else(path: Path) -> bool:
    """Whether a file has a content that is not SQLite's, which takes a very short one for empty and writes over it."""
    with path.open("rb") as stream:
        return (stream.read(len(_MAGIC)) or _MAGIC) != _MAGIC


def _can_be_written(path: Path) -> bool:
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def _address(path: Path) -> str:
    """How SQLite is to open the file. Where nothing can be written beside it (a medium put by), it is read as it stands."""
    address = path.absolute().as_uri()
    is_put_by = not os.access(path.parent, os.W_OK) and not path.with_name(f"{path.name}-wal").exists()
    return f"{address}?mode=ro&immutable=1" if is_put_by else f"{address}?mode=rw"


def _foreign(path: Path) -> Problems:
    message = "This is no ledger: it holds something else, or more than a ledger does."
    return problem(path, "ledger.foreign", message, "Name another with --ledger.")


def _none(path: Path) -> Problems:
    message = "There is no ledger here: no advice was entered yet."
    return problem(path, "ledger.none", message, "Name another with --ledger.")
