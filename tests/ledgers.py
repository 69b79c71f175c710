"""What the tests of the ledger share: small entries, and the real ones of changed personas."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from smartpick_expert.audit.ledger import Entry, Finding, Ledger, Summary

RULES = "a" * 64


def entry(name: str = "aaaa-0001", **other: object) -> Entry:
    """An entry that takes part in nothing but the ledger."""
    values = {"label": f"label-{name}", "as_of": "2026-09-10", "bucket": "open", "rules": RULES}
    summary = Summary(**(values | {key: value for key, value in other.items() if key in Summary.__slots__}))
    rest = {key: value for key, value in other.items() if key not in Summary.__slots__}
    stored = {"fired": ("topic.rule",), "data": f"data of {name}".encode(), "shared": {}}
    return Entry(name, summary, **(stored | rest))


def ledger_of(path: Path, count: int) -> str:
    """A ledger with entries that are numbered from 1; its head."""
    with Ledger(path) as ledger:
        for number in range(1, count + 1):
            ledger.append(entry(f"aaaa-{number:04}"))
        return ledger.head()


def change(path: Path, *statements: str) -> None:
    """Change the file behind the ledger's back."""
    with closing(sqlite3.connect(path)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


def found_in(path: Path, head: str = "") -> list[tuple[str, int]]:
    """What verify finds, as kind and number."""
    with Ledger(path, must_exist=True) as ledger:
        return [(one.fault.value, one.number) for one in ledger.verify(head)]


def findings(path: Path) -> tuple[Finding, ...]:
    with Ledger(path, must_exist=True) as ledger:
        return ledger.verify()
