"""YAML text with the exact place of everything in it, for whoever changes a file and keeps the rest byte for byte.

Purpose: `source.py` reads a text in Unicode's composed form and keeps where each node begins. Here the text stays as it is
on the disk (byte order mark, line ends and uncomposed letters included), and each node has its start and end in it, as have
the comments. Nodes are found by the nodes that `source.py` makes of the same file, even in another run: their place names
them. Nothing is changed here; `rewriting.py` does that.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, Protocol

import yaml
from yaml.events import (
    CollectionEndEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.language.decoding import decode
from smartpick_expert.language.source import Mapping, Node, Scalar, Sequence, parse, read_bytes, yaml_events

BREAKS: Final = "\r\n\x85\u2028\u2029"
_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
# Between two values the parser takes every '#' for the beginning of a comment, whatever stands before it.
_COMMENT = re.compile(rf"#[^{BREAKS}]*")
_MARK: Final = "\ufeff"
_BLOCK_STYLES: Final = ("|", ">")


@dataclass(frozen=True, slots=True)
class Span:
    """Where a node stands: from `start` up to, not including, `end`, in characters of the text.

    `style` is `plain`, `'`, `"`, `|` or `>` of a scalar, and `flow` or `block` of a list or mapping. The span of a block
    list begins at its first dash; that of a block scalar ends with its last word, or where it keeps (`+`) the empty lines
    behind it, with these.
    """

    start: int
    end: int
    style: str

    @property
    def is_flow(self) -> bool:
        """Whether brackets or braces hold it; or a pair in a list that stands without braces, `[a: b]`."""
        return self.style == "flow"


class SpannedText:
    """One file's text with its nodes and their spans.

    `text` is what the file holds, character for character; `root` what `source.py` reads in it.
    """

    def __init__(self, text: str, name: str) -> None:
        """Raises Problems where the text cannot be read."""
        self.text = text
        self.name = name
        self.root: Node = parse(unicodedata.normalize("NFC", text.removeprefix(_MARK)), name)
        self._spans: dict[tuple[type[Node], int, int], Span] = {}
        try:
            self._walk()
        except (yaml.YAMLError, StopIteration, _OtherShapeError):
            hint = "Save the file with its letters in Unicode's composed form (NFC), and try again."
            raise Problems(
                [
                    Diagnostic(
                        "file.uncomposed",
                        "As its letters are written, this file would be something else once they are composed.",
                        hint,
                        Location(name),
                    )
                ]
            ) from None

    def span(self, node: Node) -> Span:
        """The span of a node of this file; of `root` or of another reading of the same text. Raises KeyError for others."""
        return self._spans[_key(node)]

    def source(self, node: Node) -> str:
        """The text of a node as the file has it."""
        span = self.span(node)
        return self.text[span.start : span.end]

    def is_in_flow(self, node: Node) -> bool:
        """Whether a node stands between brackets or braces of another."""
        span = self.span(node)
        return any(
            one.is_flow and one.start <= span.start and span.end <= one.end and one != span
            for one in self._spans.values()
        )

    @cached_property
    def comments(self) -> tuple[Span, ...]:
        """Every comment, from its `#` to the end of its line, in the order of the file."""
        found: list[Span] = []
        at = 0
        for span in sorted(self._scalars(), key=lambda one: (one.start, one.end)):
            found += self._comments_between(at, span.start)
            if span.style in _BLOCK_STYLES:
                # Behind the `|` or `>` a comment may stand; below it everything is text.
                found += self._comments_between(span.start, self.line_end(span.start))
            at = max(at, span.end)
        found += self._comments_between(at, len(self.text))
        return tuple(found)

    def comments_in(self, start: int, end: int) -> tuple[str, ...]:
        """The comments that stand between two places."""
        return tuple(self.text[one.start : one.end] for one in self.comments if start <= one.start < end)

    @property
    def newline(self) -> str:
        """What ends the lines of this file."""
        found = _BREAK.search(self.text)
        return found.group() if found else "\n"

    def line_start(self, at: int) -> int:
        """Where the line that holds this place begins."""
        return self._lines[bisect_right(self._lines, at) - 1]

    def line_end(self, at: int) -> int:
        """Where the line that holds this place ends, before its line break."""
        found = _BREAK.search(self.text, at)
        return found.start() if found else len(self.text)

    def next_line(self, at: int) -> int:
        """Where the line after the one that holds this place begins, or the end of the text."""
        found = _BREAK.search(self.text, at)
        return found.end() if found else len(self.text)

    def column(self, at: int) -> int:
        """How many characters stand before this place in its line."""
        return at - self.line_start(at)

    @cached_property
    def _lines(self) -> list[int]:
        first = len(_MARK) if self.text.startswith(_MARK) else 0
        return [first, *(found.end() for found in _BREAK.finditer(self.text))]

    def _scalars(self) -> Iterator[Span]:
        return (span for (kind, _, _), span in self._spans.items() if kind is Scalar)

    def _comments_between(self, start: int, end: int) -> Iterator[Span]:
        for found in _COMMENT.finditer(self.text, start, end):
            yield Span(found.start(), found.end(), "comment")

    def _walk(self) -> None:
        skipped = len(_MARK) if self.text.startswith(_MARK) else 0
        kinds = (ScalarEvent, SequenceStartEvent, MappingStartEvent, CollectionEndEvent)
        events = (event for event in yaml_events(self.text[skipped:]) if isinstance(event, kinds))
        self._place(self.root, next(events), events, skipped)

    def _place(self, node: Node, event: Event, events: Iterator[Event], skipped: int) -> Span:
        start, end = _index(event.start_mark) + skipped, _index(event.end_mark) + skipped
        if isinstance(node, Scalar) and isinstance(event, ScalarEvent):
            span = self._scalar_span(start, end, event.style or "plain")
        elif isinstance(node, Sequence) and isinstance(event, SequenceStartEvent):
            span = self._collection_span(start, event, node.items, events, skipped)
        elif isinstance(node, Mapping) and isinstance(event, MappingStartEvent):
            parts = tuple(part for pair in node.pairs for part in pair)
            span = self._collection_span(start, event, parts, events, skipped)
        else:
            raise _OtherShapeError
        self._spans[_key(node)] = span
        return span

    def _collection_span(
        self,
        start: int,
        event: SequenceStartEvent | MappingStartEvent,
        parts: tuple[Node, ...],
        events: Iterator[Event],
        skipped: int,
    ) -> Span:
        last = start
        for part in parts:
            last = self._place(part, next(events), events, skipped).end
        closing = next(events)
        if not isinstance(closing, CollectionEndEvent):
            raise _OtherShapeError
        if not event.flow_style:
            return Span(start, last, "block")
        # A pair without braces in a list ends where its value does; its closing event lies where the next thing begins.
        closes = _index(closing.end_mark)
        has_braces = closes > _index(closing.start_mark)
        return Span(start, closes + skipped if has_braces else last, "flow")

    def _scalar_span(self, start: int, end: int, style: str) -> Span:
        if style in _BLOCK_STYLES and "+" not in self.text[start : self.line_end(start)].split("#")[0]:
            # The parser reads on to the next thing; the empty lines on the way are no part of the value.
            end = start + len(self.text[start:end].rstrip(BREAKS))
        return Span(start, end, style)


class _Mark(Protocol):
    """What both of the library's parsers say of a place."""

    index: int


class _OtherShapeError(Exception):
    """The text as it is and the text in composed form are not the same tree."""


def _index(mark: _Mark | None) -> int:
    if mark is None:
        raise _OtherShapeError
    return mark.index


def _key(node: Node) -> tuple[type[Node], int, int]:
    return (type(node), node.location.line, node.location.column)


def read_spanned(path: Path, shown_as: str | None = None) -> SpannedText:
    """A YAML file with its spans. `shown_as` is the path that messages print. Raises Problems."""
    name = shown_as or str(path)
    data = read_bytes(path, name)
    decode(data, name)
    return SpannedText(data.decode("utf-8"), name)
