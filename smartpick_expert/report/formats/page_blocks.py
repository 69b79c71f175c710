"""The HTML of a document as blocks that a word processor has: paragraphs with a style, lists and tables.

Purpose: Word documents are made from the same page as everything else, so that no word is written twice. Read is the HTML that our
templates make; what only a reader on a screen unfolds, navigation and drawings' insides are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Final

from smartpick_expert.report.formats.blocks import Block, Page, Paragraph, Picture, Run, Table, side_by_side, trimmed
from smartpick_expert.report.formats.page_styles import (
    BLOCKS,
    NUMBERS,
    VOID,
    Element,
    before,
    is_left_out,
    is_numbered,
    is_to_write_on,
    look,
    runs_on,
    style_of,
)

# A line to write on is drawn on a page; here it is typed.
_TO_WRITE_ON: Final = "_" * 32
_WIDEST: Final = 50
_SVG: Final = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_DRAWN: Final = "drawing-number-"
_BLANKS: Final = re.compile(r"[ \t\r\n\f]+")


def page_of(html: str) -> Page:
    """The blocks of a document of ours."""
    drawings: list[Picture] = []

    def kept(found: re.Match[str]) -> str:
        drawings.append(_picture(found[0]))
        return f'<img class="{_DRAWN}{len(drawings) - 1}">'

    reading = _Reading(drawings)
    reading.feed(_SVG.sub(kept, html))
    reading.close()
    return reading.page()


def _picture(svg: str) -> Picture:
    words = [re.search(rf"<{part}[^>]*>(.*?)</{part}>", svg, re.DOTALL) for part in ("title", "desc")]
    texts = [" ".join(unescape(one[1]).split()).rstrip(".") for one in words if one is not None]
    # On paper a title holds the description too.
    said = ". ".join(text for number, text in enumerate(texts) if not any(text in other for other in texts[:number]))
    width = re.search(r'<svg[^>]*\swidth="([0-9.]+)"', svg)
    return Picture(svg, said, float(width[1]) if width else 0.0)


def _looks(style: str) -> dict[str, str]:
    """The last word of a style sheet on colours and paper."""
    found = {
        name: re.findall(rf"{pattern}:\s*(#[0-9a-f]{{6}}|a4|letter)\s*[;}}]", style)
        for name, pattern in (("headings", "--headings"), ("accent", "--accent"), ("paper", "size"))
    }
    return {name: said[-1] for name, said in found.items() if said}


class _Reading(HTMLParser):
    def __init__(self, drawings: Sequence[Picture]) -> None:
        super().__init__(convert_charrefs=True)
        self._drawings = drawings
        self._head = {"title": "", "style": "", "author": "", "language": "", "logo": ""}
        self._blocks: list[Block] = []
        self._columns: list[list[list[Block]]] = []
        self._open: list[Element] = []
        self._runs: list[Run] = []
        self._lists: list[int] = []
        self._numbered = 0
        self._fresh_item = False
        self._tables: list[_Rows] = []

    def page(self) -> Page:
        """What was read."""
        self._end_paragraph()
        while self._columns:
            self._end_columns()
        head = self._head
        return Page(
            head["title"], tuple(self._blocks), head["logo"], _looks(head["style"]), head["author"], head["language"]
        )

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element: one that begins a block ends the paragraph before it."""
        given = {name: value or "" for name, value in attrs}
        if tag in VOID:
            self._void(tag, given)
            return
        if runs_on(tag, self._open):
            self._runs.append(Run(" "))
        elif tag in BLOCKS:
            self._end_paragraph()
        classes = tuple(given.get("class", "").split())
        says_hidden = given.get("aria-hidden") == "true" or "hidden" in given
        hidden = self._hidden or is_left_out(tag, classes, self._open, is_hidden=says_hidden)
        self._open.append(Element(tag, classes, hidden))
        if tag == "html":
            self._head["language"] = given.get("lang", "")
        if not hidden:
            self._begin(tag, int(given["colspan"]) if given.get("colspan", "").isdecimal() else 1)
            if typed := before(self._open):
                self._runs.append(Run(typed))

    def _begin(self, tag: str, columns: int) -> None:
        if tag in {"ol", "ul"}:
            counts = is_numbered(self._open[-1])
            self._numbered += counts
            self._lists.append(self._numbered if counts else 0)
        elif tag == "li":
            self._fresh_item = True
        elif tag in {"table", "dl"}:
            self._tables.append(_Rows(is_list=tag == "dl"))
        elif self._tables:
            self._tables[-1].begin(tag, min(columns, _WIDEST))
        elif "sides" in self._open[-1].classes:
            self._columns.append([])
        elif self._columns and "side" in self._open[-1].classes and tag == "div":
            self._columns[-1].append([])

    def _void(self, tag: str, given: Mapping[str, str]) -> None:
        if tag == "meta" and given.get("name") == "author":
            self._head["author"] = given.get("content", "")
        if self._hidden:
            return
        drawn = re.fullmatch(rf"{_DRAWN}([0-9]+)", given.get("class", ""))
        if drawn and not self._tables and int(drawn[1]) < len(self._drawings):
            self._end_paragraph()
            self._put(self._drawings[int(drawn[1])])
        elif tag == "br":
            self._runs.append(Run("\n"))
        elif tag == "img" and "logo" in given.get("class", ""):
            self._head["logo"] = given.get("src", "")
        elif tag == "img" and given.get("alt"):
            self._add(given["alt"])

    def handle_endtag(self, tag: str) -> None:
        """Close an element, with all inside it that was left open."""
        if tag not in {one.tag for one in self._open}:
            return
        while self._open:
            self._end(self._open[-1])
            if self._open.pop().tag == tag:
                return

    def _end(self, one: Element) -> None:
        if one.hidden:
            return
        if one.tag in BLOCKS and not runs_on(one.tag, self._open[:-1]):
            if is_to_write_on(self._open) and not trimmed(self._runs):
                self._runs = [Run(_TO_WRITE_ON)]
            self._end_paragraph()
        if one.tag in {"ol", "ul"}:
            self._lists.pop()
        elif one.tag in {"table", "dl"}:
            table = self._tables.pop().table()
            if table.head or table.rows:
                self._put(table)
        elif "sides" in one.classes and self._columns and not self._tables:
            self._end_columns()

    def _end_columns(self) -> None:
        for block in side_by_side(self._columns.pop()):
            self._put(block)

    def handle_data(self, data: str) -> None:
        """Take up a text in its look, or what the head says."""
        inside = self._open[-1].tag if self._open else ""
        if inside in {"title", "style"}:
            self._head[inside] += data
        elif not self._hidden:
            self._add(data if any("message" in one.classes for one in self._open) else _BLANKS.sub(" ", data))

    @property
    def _hidden(self) -> bool:
        return bool(self._open) and self._open[-1].hidden

    def _add(self, text: str) -> None:
        self._runs.append(Run(text, **look(self._open)))

    def _put(self, block: Block) -> None:
        """Add a block to the column that is open, or to the page."""
        (self._columns[-1][-1] if self._columns and self._columns[-1] else self._blocks).append(block)

    def _end_paragraph(self) -> None:
        """Make a paragraph, or a line of a cell, of what was taken up since the last one ended."""
        runs, self._runs = trimmed(self._runs), []
        if not runs:
            return
        if self._tables:
            self._tables[-1].add(runs)
            return
        style = style_of(self._open, self._lists, is_fresh=self._fresh_item)
        self._fresh_item = False
        numbered = self._lists[-1] if self._lists and style.startswith(NUMBERS) else 0
        self._put(Paragraph(style, runs, numbered))


@dataclass(slots=True)
class _Rows:
    """The rows of a table, or of a list of names with what they mean, as they are read."""

    is_list: bool
    head: list[list[list[Run]]] = field(default_factory=list)
    rows: list[list[list[Run]]] = field(default_factory=list)
    in_head: bool = False

    def begin(self, tag: str, columns: int) -> None:
        """Begin a row or a cell where an element does; what stands over several columns begins as many, the words in the last."""
        if tag in {"thead", "tbody", "tfoot"}:
            self.in_head = tag == "thead"
        elif tag == "tr" or (tag == "dt" and self.is_list):
            (self.head if self.in_head else self.rows).append([[]] if tag == "dt" else [])
        elif tag in {"td", "th", "dd"}:
            rows = self.head if self.in_head else self.rows
            if not rows:
                rows.append([])
            rows[-1] += [[] for _ in range(columns)]

    def add(self, runs: tuple[Run, ...]) -> None:
        """Add a line to the cell that is open."""
        rows = self.head if self.in_head else self.rows
        if not rows or not rows[-1]:
            return
        cell = rows[-1][-1]
        cell += [Run("\n"), *runs] if cell else runs

    def table(self) -> Table:
        """What was read."""
        head, rows = (
            tuple(tuple(tuple(cell) for cell in row) for row in several if row) for several in (self.head, self.rows)
        )
        return Table(head, rows, self.is_list)
