"""Texts and tables for a terminal: wrapped to its width, at most `WIDEST` columns; in bold only where it can show it."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence

import click

WIDEST = 100
NARROWEST = 40
# A last column narrower than this is read more easily on lines of its own.
_NARROW = 32


def width() -> int:
    """How many columns there are to write in: what COLUMNS says, else those of the terminal, else all that we use."""
    if not sys.stdout.isatty() and not os.environ.get("COLUMNS"):
        return WIDEST
    return max(NARROWEST, min(WIDEST, shutil.get_terminal_size((WIDEST, 24)).columns))


def heading(text: str) -> str:
    """A line that begins something."""
    return "\n".join(click.style(line, bold=True) for line in wrapped(text))


def wrapped(text: str, indent: int = 0, first: str = "") -> Iterator[str]:
    """The lines of a text, each after an indentation; `first` stands in that of the first line."""
    margin = " " * indent
    yield from textwrap.wrap(
        text,
        max(width(), indent + 20),
        initial_indent=first.ljust(indent),
        subsequent_indent=margin,
        break_on_hyphens=False,
    )


def table(rows: Iterable[Sequence[str]], indent: int = 2) -> Iterator[str]:
    """Rows in columns as wide as their longest entry; the last column wraps, below the others where there is no room.

    Where there is none even for the others, the last but one begins a line of its own.
    """
    everything = [tuple(row) for row in rows]
    if not everything:
        return
    widths = [max(len(entry) for entry in column) for column in zip(*everything, strict=True)][:-1]
    start = indent + sum(widths) + 2 * len(widths)
    for *entries, last in everything:
        begin = " " * indent + "".join(f"{entry:<{size}}  " for entry, size in zip(entries, widths, strict=True))
        if width() - start < _NARROW:
            if len(begin.rstrip()) <= width():
                yield begin.rstrip()
            else:
                yield from wrapped("  ".join(entries[:-1]), indent)
                yield from wrapped(entries[-1], indent)
            yield from wrapped(last, indent + 4)
        else:
            yield from wrapped(last, start, begin) if last else [begin.rstrip()]


def counted(number: int, word: str) -> str:
    """A number with the word for what is counted: `1 rule`, `2 rules`."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"
