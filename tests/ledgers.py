"""What the tests of the ledger share: small entries, and the real ones of changed personas."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from random import Random

from smartpick_expert.audit.digests import digest
from smartpick_expert.audit.entry import Entry, Summary
from smartpick_expert.audit.ledger import Ledger
from smartpick_expert.diagnostics import Problems

# Processes that share nothing with this one but what it has imported, which takes the longest.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.ledgers"])
RULES = "a" * 64


def entry(name: str = "aaaa-0001", **other: object) -> Entry:
    """An entry that takes part in nothing but the ledger."""
    values = {
        "label": f"label-{name}",
        "as_of": "2026-09-10",
        "bucket": "open",
        "rules": RULES,
        "knowledge": RULES,
        "program": "0",
    }
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


def change(path: Path, *statements: str | tuple[str, ...]) -> None:
    """Change the file behind the ledger's back: statements, those with values in them as one with its values."""
    with closing(sqlite3.connect(path)) as database:
        for statement in statements:
            words, *values = (statement,) if isinstance(statement, str) else statement
            database.execute(words, values)
        database.commit()


def found_in(path: Path, head: str = "") -> list[tuple[str, int]]:
    """What verify finds, as kind and number."""
    with Ledger(path, must_exist=True) as ledger:
        return [(one.fault.value, one.number) for one in ledger.verify(head)]


def tell(place: str, line: str):
    """Add a line to a file, at once: what was told stays told if the process is killed."""
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    os.write(handle, f"{line}\n".encode())
    os.close(handle)


def in_processes(work: Callable[..., None], arguments: Iterable[tuple[object, ...]]) -> list[int | None]:
    """Do the work in a process for each of the arguments, all at once; their exit codes."""
    started = [PROCESSES.Process(target=work, args=one) for one in arguments]
    for process in started:
        process.start()
    for process in started:
        process.join(120)
    return [process.exitcode for process in started]


def read_only(path: str, told: str):
    """In a process of its own: read a ledger that may only be read, as somebody who is not the system's master."""
    if os.geteuid() == 0:
        os.setuid(65534)
    with Ledger(Path(path), must_exist=True) as ledger:
        tell(told, f"{len(ledger.entries())} entries, {len(ledger.verify())} findings")
        try:
            ledger.append(entry("later"))
        except Problems as problems:
            tell(told, problems.diagnostics[0].code)


def fill(path: str, told: str, limit: int):
    """In a process of its own: append until the disk is full."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        with Ledger(Path(path)) as ledger:
            for number in range(200):
                ledger.append(entry(f"full-{number}", data=Random(number).randbytes(5000)))
                tell(told, f"full-{number}")
    except Problems as problems:
        tell(told, problems.diagnostics[0].code)


def append(path: str, told: str, name: str, count: int):
    """In a process of its own: open the ledger for one entry after another."""
    for number in range(count):
        with Ledger(Path(path)) as ledger:
            ledger.append(entry(f"{name}-{number}", shared={digest("a text"): "a text"}))
        tell(told, f"{name}-{number}")


def append_until_killed(path: str, told: str, name: str, how: str, steps: int):
    """In a process of its own: append until it is killed, by its own hand after so many steps of a kind."""
    left = steps

    def step(*_: object):
        nonlocal left
        left -= 1
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    ledger = Ledger(Path(path))
    if how == "statement":
        ledger._file.database.set_trace_callback(step)
    elif how == "instruction":
        ledger._file.database.set_progress_handler(step, 1)
    for number in range(100_000):
        one = f"{name}-{number}"
        data = Random(number).randbytes(3000)
        ledger.append(entry(one, data=data, shared={digest(one): one}, written=(f"/{one}.html",)))
        tell(told, one)
