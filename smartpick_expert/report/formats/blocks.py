"""What a Word document is made of, whatever it is read from: paragraphs with a style, lists, tables, columns and pictures.

Purpose: what is said (`page_blocks.py` reads it from a page) and how Word is told of it (`word.py`) have this between them, so that each
can be tried without the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Run:
    """A text of one look; `aside` is what stands back beside the rest: a remark, a gloss, a note in a table."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    aside: bool = False


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


Cell = tuple[Run, ...]
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: rows of a head that is repeated on every page, then rows; a cell is runs. `is_list` is one of names with what they mean."""

    head: tuple[Row, ...]
    rows: tuple[Row, ...]
    is_list: bool = False

    @property
    def width(self) -> int:
        """How many columns it has: as many as its longest row."""
        return max(len(row) for row in (*self.head, *self.rows))


@dataclass(frozen=True, slots=True)
class Columns:
    """Paragraphs side by side, read column by column; none of the columns is empty."""

    columns: tuple[tuple[Paragraph, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing: the SVG itself, its words for whom cannot see it, and its width in its own units (0 where it does not say)."""

    svg: str
    words: str
    width: float


Block = Paragraph | Table | Columns | Picture


@dataclass(frozen=True, slots=True)
class Page:
    """A document: its blocks, and what its head says: title, author, language, the address of its logo, colours and paper."""

    title: str
    blocks: tuple[Block, ...]
    logo: str = ""
    looks: Mapping[str, str] = field(default_factory=dict)
    author: str = ""
    language: str = ""

    @property
    def paragraphs(self) -> Iterator[Paragraph]:
        """All paragraphs but those of tables, in the order in which they are read."""
        for block in self.blocks:
            if isinstance(block, Paragraph):
                yield block
            elif isinstance(block, Columns):
                for column in block.columns:
                    yield from column

    def first(self, style: str) -> str:
        """The words of the first paragraph of a style, none where there is none."""
        return next((one.text for one in self.paragraphs if one.style == style), "")


def trimmed(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Runs without blanks at either end, none twice in a row or at the end of a line, no line empty, and no run empty."""
    found: list[Run] = []
    for run in runs:
        text = run.text
        if text.startswith("\n"):
            _cut_end(found)
            text = text if found else text.lstrip("\n")
        if not found or found[-1].text.endswith((" ", "\n")):
            text = text.lstrip(" ")
        if text:
            found.append(replace(run, text=text))
    _cut_end(found)
    return tuple(found)


def _cut_end(runs: list[Run]) -> None:
    """Take blanks and ends of lines off the end."""
    while runs and not runs[-1].text.strip():
        runs.pop()
    if runs:
        runs[-1] = replace(runs[-1], text=runs[-1].text.rstrip())


def side_by_side(columns: Sequence[Sequence[Block]]) -> tuple[Block, ...]:
    """Blocks side by side, or one after the other where a column has none or has more than paragraphs."""
    paragraphs = [tuple(one for one in column if isinstance(one, Paragraph)) for column in columns]
    fits = len(columns) > 1 and all(
        found and len(found) == len(column) for found, column in zip(paragraphs, columns, strict=True)
    )
    return (Columns(tuple(paragraphs)),) if fits else tuple(one for column in columns for one in column)
