"""A tree of lines as a terminal shows it. Whatever it obeys and does not show is dropped here, wherever it came from."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 110
# However deep a tree is, so much room is left for words.
_LEAST = 40


@dataclass(frozen=True, slots=True)
class Node:
    """A node: lines, each a paragraph of its own, and what hangs on it."""

    lines: tuple[str, ...]
    children: tuple[Node, ...] = ()


def drawn(node: Node, width: int = WIDTH) -> list[str]:
    """The tree in lines of at most so many characters, where it is not too deep for that and no word is longer."""
    return [*_paragraphs(node.lines, "", "", width), *_below(node.children, "", width)]


def wrapped(line: str, width: int = WIDTH) -> list[str]:
    """A line that says by its blanks how deep it stands, in lines of at most so many characters."""
    depth = len(line) - len(line.lstrip())
    return _paragraphs((line.strip(),), " " * depth, " " * (depth + 2), width)


def shown(line: str) -> str:
    """A line without control characters and marks of direction."""
    return "".join(c for c in line if c.isprintable() or c in "\n\t")


def _below(children: Sequence[Node], prefix: str, width: int) -> list[str]:
    found: list[str] = []
    for child in children:
        is_last = child is children[-1]
        first, rest = (prefix + "└─ ", prefix + "   ") if is_last else (prefix + "├─ ", prefix + "│  ")
        found += _paragraphs(child.lines, first, rest, width)
        found += _below(child.children, rest, width)
    return found


def _paragraphs(lines: tuple[str, ...], first: str, rest: str, width: int) -> list[str]:
    found: list[str] = []
    for line in lines:
        room = max(_LEAST, width - len(rest))
        for piece in textwrap.wrap(shown(line), room, break_long_words=False, break_on_hyphens=False) or [""]:
            found.append((rest if found else first) + piece)
    return found
