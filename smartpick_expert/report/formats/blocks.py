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

_VOID: Final = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
_BLOCKS: Final = frozenset(
    {
        *(
            "address",
            "article",
            "aside",
            "blockquote",
            "body",
            "dd",
            "details",
            "div",
            "dl",
            "dt",
            "figcaption",
            "figure",
        ),
        *("footer", "h1", "h2", "h3", "h4", "header", "html", "li", "main", "ol", "p", "section", "summary", "ul"),
    }
)
_LEFT_OUT: Final = frozenset({"head", "nav", "script", "style", "svg", "template"})
_HEADINGS: Final = {"figcaption": "Caption", "h1": "Title", "h2": "Heading 1", "h3": "Heading 2", "h4": "Heading 3"}
# Classes of our templates that have a style of their own in Word; of several around a text the innermost counts.
_CLASSES: Final = {
    "house": "House",
    "contact": "House Lines",
    "bucket": "Bucket",
    "about": "About",
    "framing": "Remark",
    "reference": "Remark",
    "source-id": "Mark",
    "origin": "Mark",
    "weighs": "Weighs",
    "leads": "Mark",
    "label": "Label",
    "why-heading": "Label",
    "message": "Message",
    "perception": "Perception",
    "measured": "Measured",
}
# What stands apart on a page by how it is drawn is set apart by a sign.
_BEFORE: Final = {"when": "· ", "stage": " · ", "rule": "· ", "numbers": "· ", "done": "\n"}
# A line to write on is drawn on a page; here it is typed.
_TO_WRITE_ON: Final = "_" * 32
# Lists whose order is no number.
_UNNUMBERED: Final = frozenset({"reasons", "scale", "sources"})
_BULLETS, _NUMBERS, _GOES_ON = "List Bullet", "List Number", "List Continue"
_DEEPEST, _WIDEST = 3, 50
_SVG: Final = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_DRAWN: Final = "drawing-number-"
_BLANKS: Final = re.compile(r"[ \t\r\n\f]+")


@dataclass(frozen=True, slots=True)
class Run:
    """A text of one look."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `style` is the name of its style. Items of one numbered list have the same `numbered`, which is 0 elsewhere."""

    style: str
    runs: tuple[Run, ...]
    numbered: int = 0

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: rows of a head that is repeated on every page, then rows; a cell is runs. `is_list` is one of names with what they mean."""

    head: tuple[tuple[tuple[Run, ...], ...], ...]
    rows: tuple[tuple[tuple[Run, ...], ...], ...]
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing: the SVG itself, its words for whom cannot see it, and its width in its own units (0 where it does not say)."""

    svg: str
    words: str
    width: float


Block = Paragraph | Table | Picture


@dataclass(frozen=True, slots=True)
class Page:
    """A document: its title, its blocks, the address of its logo, and what its style sheet says of colours and paper."""

    title: str
    blocks: tuple[Block, ...]
    logo: str = ""
    looks: Mapping[str, str] = field(default_factory=dict)


def page_of(html: str) -> Page:
    """The blocks of a document of ours."""
    drawings: list[Picture] = []

    def kept(found: re.Match[str]) -> str:
        drawings.append(_picture(found[0]))
        return f'<img class="{_DRAWN}{len(drawings) - 1}">'

    reading = _Reading(drawings)
    reading.feed(_SVG.sub(kept, html))
    reading.close()
    reading.end_paragraph()
    return Page(reading.title, tuple(reading.blocks), reading.logo, _looks(reading.style))


def _picture(svg: str) -> Picture:
    words = (re.search(rf"<{part}[^>]*>(.*?)</{part}>", svg, re.DOTALL) for part in ("title", "desc"))
    said = " ".join(". ".join(unescape(one[1]).strip().rstrip(".") for one in words if one is not None).split())
    width = re.search(r'<svg[^>]*\swidth="([0-9.]+)"', svg)
    return Picture(svg, said, float(width[1]) if width else 0.0)


def _looks(style: str) -> dict[str, str]:
    """The last word of a style sheet on colours and paper."""
    found = {
        name: re.findall(rf"{pattern}:\s*(#[0-9a-f]{{6}}|a4|letter)\s*[;}}]", style)
        for name, pattern in (("headings", "--headings"), ("accent", "--accent"), ("paper", "size"))
    }
    return {name: said[-1] for name, said in found.items() if said}


@dataclass(slots=True)
class _Open:
    tag: str
    classes: tuple[str, ...]
    hidden: bool


class _Reading(HTMLParser):
    def __init__(self, drawings: Sequence[Picture]) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._drawings = drawings
        self.title = self.style = self.logo = ""
        self._open: list[_Open] = []
        self._runs: list[Run] = []
        self._lists: list[int] = []
        self._numbered = 0
        self._fresh_item = False
        self._tables: list[_Rows] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element: one that begins a block ends the paragraph before it."""
        given = {name: value or "" for name, value in attrs}
        if tag in _VOID:
            self._void(tag, given)
            return
        says_no_more = tag == "details" and self._says_no_more(given)
        hidden = says_no_more or tag in _LEFT_OUT or given.get("aria-hidden") == "true"
        hidden = hidden or "skip" in given.get("class", "").split()
        folded = bool(self._open) and self._open[-1].tag == "details" and tag != "summary"
        if tag in _BLOCKS or tag in {"table", "tr", "td", "th"}:
            self.end_paragraph()
        self._open.append(_Open(tag, tuple(given.get("class", "").split()), hidden or folded or self._hidden))
        if not self._hidden:
            self._begin(tag, int(given["colspan"]) if given.get("colspan", "").isdecimal() else 1)
            if tag == "span":
                self._runs += [Run(_BEFORE[name]) for name in self._open[-1].classes if name in _BEFORE]

    def _says_no_more(self, given: Mapping[str, str]) -> bool:
        """Whether what is folded is left out with its summary: findings on a source, and the table of a drawing."""
        return "numbers" in given.get("class", "") or any("sources" in one.classes for one in self._open)

    def _begin(self, tag: str, columns: int) -> None:
        if tag in {"ol", "ul"}:
            is_numbered = tag == "ol" and not _UNNUMBERED & set(self._open[-1].classes)
            self._numbered += is_numbered
            self._lists.append(self._numbered if is_numbered else 0)
        elif tag == "li":
            self._fresh_item = True
        elif tag in {"table", "dl"}:
            self._tables.append(_Rows(is_list=tag == "dl"))
        elif self._tables:
            self._tables[-1].begin(tag, min(columns, _WIDEST))

    def _void(self, tag: str, given: Mapping[str, str]) -> None:
        if self._hidden:
            return
        drawn = re.fullmatch(rf"{_DRAWN}([0-9]+)", given.get("class", ""))
        if drawn and not self._tables and int(drawn[1]) < len(self._drawings):
            self.end_paragraph()
            self.blocks.append(self._drawings[int(drawn[1])])
        elif tag == "br":
            self._runs.append(Run("\n"))
        elif tag == "img" and "logo" in given.get("class", ""):
            self.logo = given.get("src", "")
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

    def _end(self, one: _Open) -> None:
        if one.hidden:
            return
        if one.tag in _BLOCKS or one.tag in {"table", "tr", "td", "th"}:
            if "line" in one.classes and not _trimmed(self._runs):
                self._runs = [Run(_TO_WRITE_ON)]
            self.end_paragraph()
        if one.tag in {"ol", "ul"}:
            self._lists.pop()
        elif one.tag in {"table", "dl"}:
            table = self._tables.pop().table()
            if table.head or table.rows:
                self.blocks.append(table)

    def handle_data(self, data: str) -> None:
        """Take up a text in its look, or what the head says."""
        inside = self._open[-1].tag if self._open else ""
        if inside == "title":
            self.title += data
        elif inside == "style":
            self.style += data
        elif not self._hidden:
            self._add(data if any("message" in one.classes for one in self._open) else _BLANKS.sub(" ", data))

    @property
    def _hidden(self) -> bool:
        return bool(self._open) and self._open[-1].hidden

    def _add(self, text: str) -> None:
        tags = {one.tag for one in self._open}
        look = Run(text, bool(tags & {"strong", "b"}), bool(tags & {"em", "i"}), "code" in tags)
        self._runs.append(look)

    def end_paragraph(self) -> None:
        """Make a paragraph, or a line of a cell, of what was taken up since the last one ended."""
        runs, self._runs = _trimmed(self._runs), []
        if not runs:
            return
        if self._tables:
            self._tables[-1].add(runs)
            return
        style = self._style()
        numbered = self._lists[-1] if self._lists and style.startswith(_NUMBERS) else 0
        self.blocks.append(Paragraph(style, runs, numbered))

    def _style(self) -> str:
        for one in reversed(self._open):
            if one.tag in _HEADINGS:
                return _HEADINGS[one.tag]
            known = [_CLASSES[name] for name in one.classes if name in _CLASSES and one.tag != "span"]
            if known:
                return known[-1]
            if one.tag == "li":
                base = _GOES_ON if not self._fresh_item else _NUMBERS if self._lists[-1] else _BULLETS
                self._fresh_item = False
                depth = min(len(self._lists), _DEEPEST)
                return base if depth == 1 else f"{base} {depth}"
        return "Normal"


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


def _trimmed(runs: list[Run]) -> tuple[Run, ...]:
    """Runs without blanks at either end, none twice in a row, and none that is empty."""
    found: list[Run] = []
    for run in runs:
        text = run.text
        if not found or found[-1].text.endswith((" ", "\n")):
            text = text.lstrip(" ")
        if text:
            found.append(Run(text, run.bold, run.italic, run.code))
    while found and not found[-1].text.strip():
        found.pop()
    if found:
        last = found[-1]
        found[-1] = Run(last.text.rstrip(), last.bold, last.italic, last.code)
    return tuple(found)
