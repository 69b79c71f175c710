"""The ledger: every advice given, in one SQLite file, entered once and chained by hash.

Entering is one transaction, written through to the disk before it is told of: what was acknowledged is there after a
power cut, and two processes wait for one another. What records of one rule base share is kept once by hash. Whoever
wants a shared database writes another class with these methods; nothing but this module and `ledger_file` knows of SQLite.
"""

from __future__ import annotations

import json
import secrets
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import msgspec

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
from smartpick_expert.audit.entry import Entry, Erasure, Listed, Summary, new_id
from smartpick_expert.audit.ledger_file import LedgerFile, problem
from smartpick_expert.audit.references import References, refers_to, unneeded

DOCUMENT = "document"
# Of a document between its entry and its being put in place: where that was broken off, it stays so.
BEGUN = "document (begun, and not known to be finished)"
# No text that records share is nearly as large; stored bytes that say otherwise are not ours.
_MAX_TEXT = 16 * 2**20
_MAX_TEXTS = 20_000


class Ledger:
    """A ledger in a file, made where there is none. Use it in a `with` statement. Raises Problems where it cannot be used."""

    def __init__(self, path: Path, *, must_exist: bool = False) -> None:
        self.path = path
        self._file = LedgerFile(path, must_exist=must_exist)
        self._run = self._file.run
        # They are the same from entry to entry.
        self._texts: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def head(self) -> str:
        """The hash of the last link; of an empty ledger the start."""
        with self._file.reporting():
            return self._last()[1]

    def length(self) -> int:
        """How many links there are, erasures among them."""
        with self._file.reporting():
            return self._last()[0]

    def append(self, entry: Entry) -> Link:
        """Enter an advice. When this returns the entry is on the disk."""
        summary = canonical(asdict(entry.summary))
        fired = canonical(sorted(set(entry.fired)))
        with self._file.transaction():
            refers = refers_to(self._numbered(entry.shared))
            link = self._enter(entry.id, Entered.ADVICE, summary, fired, entry.data, refers)
            for place in entry.written:
                self._note(link.number, BEGUN, place)
        return link

    def note_written(self, number: int) -> None:
        """Note that the documents of an entry are in place."""
        with self._file.transaction():
            self._run("UPDATE exported SET what = ? WHERE number = ? AND what = ?", (DOCUMENT, number, BEGUN))

    def note_unwritten(self, number: int) -> Link:
        """Enter that the documents of an entry could not be put in place, so that the advice was not given."""
        with self._file.transaction():
            names = [name for (name,) in self._run("SELECT id FROM link WHERE number = ?", (number,))]
            self._run("DELETE FROM exported WHERE number = ? AND what = ?", (number, BEGUN))
            return self._enter(new_id(), Entered.UNWRITTEN, "{}", "[]", canonical(names).encode("utf-8"))

    def entries(
        self, label: str = "", since: str = "", rule: str = "", *, overrides: bool = False
    ) -> tuple[Listed, ...]:
        """The advices, oldest first, narrowed by what is given: `since` is a day or a moment in UTC, as links have it.

        `rule` certainly fired in them; `maybe(rule)` are those in which it only may have. Erased ones are listed where
        nothing but a day narrows.
        Of one whose summary is damaged it cannot be told whose it is, so no label and no override leaves it out.
        """
        query = f"{_LISTED} WHERE what = ? AND at >= ? AND (? = '' OR fired IS NULL OR instr(fired, ?)) ORDER BY number"
        named = json.dumps(rule, ensure_ascii=False)
        with self._file.reporting():
            rows = self._run(query, (Entered.ADVICE.value, since, rule, named)).fetchall()
            unwritten = self._named_by(Entered.UNWRITTEN)
        listed = (_listed(row, unwritten) for row in rows)
        return tuple(one for one in listed if _is_wanted(one, label, rule, overrides=overrides))

    def entry(self, name: str) -> Listed | None:
        """The advice of that id, or None."""
        with self._file.reporting():
            row = self._run(f"{_LISTED} WHERE what = ? AND id = ?", (Entered.ADVICE.value, name)).fetchone()
            return None if row is None else _listed(row, self._named_by(Entered.UNWRITTEN))

    def erasures(self) -> tuple[Erasure, ...]:
        """Every erasure that was entered, oldest first, as far as it can be read."""
        with self._file.reporting():
            rows = self._run(f"{_NAMING} ORDER BY number", (Entered.ERASURE.value,)).fetchall()
        return tuple(Erasure(_link_of(row), _ids(row[7])) for row in rows)

    def data(self, number: int) -> bytes | None:
        """The stored bytes of an entry, as they were entered; None where they were erased. Raises Problems for other bytes."""
        with self._file.reporting():
            row = self._run(f"{_STORED} WHERE number = ?", (number,)).fetchone()
        if row is None:
            return None
        if commitment_of(_content(row)) != row[1]:
            message = f"What is stored of entry {number} is not what was entered."
            raise problem(self.path, "ledger.damaged", message, "Run 'smartpick audit verify'.")
        found: bytes = row[5]
        return found

    def shared(self, names: Iterable[str]) -> dict[str, str]:
        """The shared texts of these hashes, as far as they are there and are what they were."""
        wanted = set(names)
        if len(self._texts) > _MAX_TEXTS:
            self._texts.clear()
        with self._file.reporting():
            for name in wanted - self._texts.keys():
                row = self._run("SELECT data FROM shared WHERE hash = ?", (name,)).fetchone()
                text = _inflated(row[0]) if row is not None else None
                if text is not None and digest(text) == name:
                    self._texts[name] = text
        return {name: self._texts[name] for name in wanted & self._texts.keys()}

    def note_export(self, number: int, what: str, place: str) -> None:
        """Note that something of an entry was written elsewhere."""
        with self._file.transaction():
            self._note(number, what, place)

    def exports(self, numbers: Iterable[int]) -> tuple[tuple[str, str], ...]:
        """What was written elsewhere of these entries (what, place), in the order of time."""
        wanted = set(numbers)
        with self._file.reporting():
            rows = self._run("SELECT number, what, place FROM exported ORDER BY rowid").fetchall()
        return tuple((what, place) for number, what, place in rows if number in wanted)

    def erase(self, numbers: Iterable[int]) -> tuple[str, ...]:
        """Erase content and salt of advices, enter that it was done, and return the ids that are erased now.

        With them go the shared texts that no entry is left to need: which rules those are would tell of whom they fired for.
        The file is compacted, so that nothing of it is left in free pages or in the write-ahead log. Raises Problems where
        another process keeps that from being done; without numbers it is made up for.
        """
        wanted = sorted(set(numbers))
        with self._file.transaction():
            ids = [name for number in wanted for (name,) in self._run(_PRESENT, (number, Entered.ADVICE.value))]
            for number in wanted if ids else ():
                self._run("DELETE FROM content WHERE number = ?", (number,))
                self._run("DELETE FROM exported WHERE number = ?", (number,))
            if ids:
                self._enter(new_id(), Entered.ERASURE, "{}", "[]", canonical(ids).encode("utf-8"))
            self._drop_unneeded()
        self._file.compact(ids)
        return tuple(ids)

    def verify(self, head: str = "") -> tuple[Finding, ...]:
        """Everything that is wrong with the ledger; see `chain.check_chain` for what cannot be noticed without `head`."""
        # In one transaction, so that an entry made meanwhile is seen whole or not at all.
        with self._file.transaction("BEGIN"):
            links = [_link_of(row) for row in self._run("SELECT * FROM link ORDER BY number")]
            names = {link.number: link.id for link in links}
            references = self._references()

            def contents() -> Iterator[tuple[int, Content]]:
                for row in self._run(f"{_STORED} ORDER BY number"):
                    content = _content(row)
                    # What a changed content says that it needs cannot be believed.
                    if row[6] is not None and commitment_of(content) == row[1]:
                        references.hold(row[0], names[row[0]], row[6])
                    yield row[0], content

            found = list(check_chain(links, contents(), self._named_by(Entered.ERASURE), head))
            found += references.findings()
            found += [
                Finding(Fault.FILE, 0, "", f"The file is damaged: {said}.")
                for (said,) in self._run("PRAGMA integrity_check(10)")
                if said != "ok"
            ]
        return tuple(found)

    def without_references(self) -> int:
        """How many entries do not say which shared texts they refer to, since an earlier version made them."""
        with self._file.reporting():
            query = "SELECT count(*) FROM content JOIN link USING (number) WHERE refers IS NULL AND what = ?"
            (count,) = self._run(query, (Entered.ADVICE.value,)).fetchone()
            return int(count)

    def number_of(self, head: str) -> int:
        """The number of the link of that hash; 0 where there is none."""
        row = self._run("SELECT number FROM link WHERE hash = ?", (head,)).fetchone()
        return int(row[0]) if row else 0

    def _named_by(self, what: Entered) -> set[str]:
        """The ids that links of a kind name: what was erased, or not written."""
        return {name for row in self._run(_NAMING, (what.value,)) for name in _ids(row[7])}

    def _references(self) -> References:
        texts: dict[int, str] = {}
        changed: list[int] = []
        for number, name, data in self._run("SELECT number, hash, data FROM shared ORDER BY number"):
            texts[number] = str(name)
            text = _inflated(data)
            if text is None or digest(text) != name:
                changed.append(number)
        return References(texts, changed)

    def _drop_unneeded(self) -> None:
        texts = [number for (number,) in self._run("SELECT number FROM shared")]
        query = "SELECT CAST(refers AS BLOB) FROM content JOIN link USING (number) WHERE what = ?"
        entries = [refers for (refers,) in self._run(query, (Entered.ADVICE.value,))]
        for number in unneeded(texts, entries):
            self._run("DELETE FROM shared WHERE number = ?", (number,))

    def _enter(self, name: str, what: Entered, summary: str, fired: str, data: bytes, refers: str = "") -> Link:
        number, previous = self._last()
        salt = secrets.token_bytes(32)
        refers = refers or refers_to({})
        parts = (summary.encode("utf-8"), fired.encode("utf-8"), data, refers.encode("utf-8"))
        link = link_after(previous, number + 1, name, what, _now(), commitment_of(Content(salt, parts)))
        values = (link.number, link.id, what.value, link.at, link.commitment, link.previous, link.hash)
        self._run("INSERT INTO link VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        self._run("INSERT INTO content VALUES (?, ?, ?, ?, ?, ?)", (link.number, salt, summary, fired, data, refers))
        return link

    def _last(self) -> tuple[int, str]:
        row = self._run("SELECT number, hash FROM link ORDER BY number DESC LIMIT 1").fetchone()
        return (row[0], row[1]) if row else (0, START)

    def _numbered(self, shared: Mapping[str, str]) -> dict[int, str]:
        """The numbers of shared texts, with their hashes; those that are not kept yet are put by."""
        found: dict[int, str] = {}
        for name, text in shared.items():
            # Compressing those that are kept would take longer than asking.
            row = self._run("SELECT number FROM shared WHERE hash = ?", (name,)).fetchone()
            if row is None:
                values = (name, zlib.compress(text.encode("utf-8"), 6))
                row = (self._run("INSERT INTO shared (hash, data) VALUES (?, ?)", values).lastrowid,)
            found[row[0]] = name
        return found

    def _note(self, number: int, what: str, place: str) -> None:
        self._run("INSERT INTO exported VALUES (?, ?, ?, ?)", (number, what, place, _now()))


_PRESENT = "SELECT id FROM link JOIN content USING (number) WHERE number = ? AND what = ?"
_LISTED = "SELECT link.*, summary FROM link LEFT JOIN content USING (number)"
# What links of a kind name, in JSON.
_NAMING = "SELECT link.*, data FROM link JOIN content USING (number) WHERE what = ?"
# What a commitment is over, as the bytes that are stored; beside it the commitment, where there is a link.
_STORED = """
SELECT
    number, commitment, CAST(salt AS BLOB), CAST(summary AS BLOB), CAST(fired AS BLOB), CAST(data AS BLOB),
    CAST(refers AS BLOB)
FROM content LEFT JOIN link USING (number)
"""


def _content(row: tuple[Any, ...]) -> Content:
    """What a commitment is over. An entry of format 1 has no references."""
    return Content(row[2], row[3:6] if row[6] is None else row[3:7])


def _ids(data: Any) -> tuple[str, ...]:
    try:
        return tuple(map(str, json.loads(data)))
    except (ValueError, TypeError, RecursionError):
        # Its own commitment will not fit, and is told of.
        return ()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _inflated(data: Any) -> str | None:
    """The text that stored bytes hold; None where they hold none."""
    try:
        inflater = zlib.decompressobj()
        text = inflater.decompress(data, _MAX_TEXT)
        return text.decode("utf-8") if inflater.eof else None
    except (zlib.error, ValueError, TypeError):
        return None


def _listed(row: tuple[Any, ...], unwritten: Collection[str]) -> Listed:
    link, stored = _link_of(row), row[7]
    is_unwritten = link.id in unwritten
    if stored is None:
        return Listed(link, None, is_unwritten=is_unwritten)
    try:
        return Listed(link, msgspec.json.decode(stored, type=Summary), is_unwritten=is_unwritten)
    except (msgspec.DecodeError, TypeError, RecursionError):
        return Listed(link, None, is_damaged=True, is_unwritten=is_unwritten)


def _is_wanted(one: Listed, label: str, rule: str, *, overrides: bool) -> bool:
    if one.summary is None:
        return one.is_damaged or not (label or rule or overrides)
    return label in ("", one.summary.label) and (not overrides or one.summary.overrides > 0)


def _link_of(row: tuple[Any, ...]) -> Link:
    # As texts, whatever somebody made of them: what is no text then fits nothing.
    name, what, at, commitment, previous, found = map(str, row[1:7])
    return Link(row[0], name, what, at, commitment, previous, found)
