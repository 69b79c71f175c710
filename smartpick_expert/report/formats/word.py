"""Word documents that an advisor goes on editing: the blocks of a page placed by docxtpl into a Word template.

Headings, lists and tables are those of Word. The template is `reports/document.docx`; an office may open it in Word and change how each
kind of block looks. Colours and paper of the house style, and the logo, go over it.
"""

from __future__ import annotations

import base64
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from jinja2 import TemplateError

from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.language.values import shorten
from smartpick_expert.report.formats.blocks import Block, Columns, Page, Paragraph, Picture, Row, Run, Table
from smartpick_expert.report.formats.extras import library
from smartpick_expert.report.formats.packages import as_plain_zip, line_of, xml_text
from smartpick_expert.report.formats.page_blocks import page_of
from smartpick_expert.report.formats.picture import picture, size
from smartpick_expert.report.formats.word_finish import finish
from smartpick_expert.report.formats.word_styles import FORM, HOUSE, STYLES
from smartpick_expert.report.formats.word_template import NAME, NAMED
from smartpick_expert.report.sandbox import Bounded
from smartpick_expert.workspace import shipped_root

# The template among the files of a record, which are texts.
CARRIED: Final = f"{NAME}.base64"
MAX_BYTES: Final = 5_000_000
_MAX_UNPACKED: Final = 50_000_000
# Of drawings, in millimetres: one of their units, and the most that fits on a page; of a logo, the most it is wide and high.
_UNIT, _WIDEST = 0.27, 160.0
_LOGO: Final = (45.0, 12.0)
# Names with what they mean stand two in a row where there are so many and none takes more letters than half a page is wide.
_MANY, _SHORT = 4, 44
# What of a title and of a name fits side by side into the head of a page.
_TITLE, _NAME = 88, 40
_PICTURE: Final = re.compile(r"data:image/(png|jpeg|svg\+xml);base64,(.*)", re.DOTALL)


def word(html: str, reports: Path) -> bytes:
    """The Word document of a page, by the template in a folder of templates, or the shipped one.

    Raises Problems where docxtpl is missing, or the template cannot be filled in.
    """
    page = _in_two(page_of(html))
    docxtpl = library(FORM, "docxtpl")
    document = docxtpl.DocxTemplate(BytesIO(_checked(template_in(reports))))
    values: dict[str, object] = {
        "title": line_of(page.title, _TITLE),
        "organisation": line_of(page.first(HOUSE), _NAME),
    }
    try:
        document.init_docx()
        values["logo"] = _logo(docxtpl, document, page)
        values["blocks"] = [_filled(docxtpl, document, block) for block in page.blocks]
        document.render(values, Bounded(autoescape=True))
    except (TemplateError, Problems) as error:
        # Its lines are those of XML, which nobody sees.
        why = error.diagnostics[0].message if isinstance(error, Problems) else f"{error.message or error}"
        raise _broken(why.partition(": ")[2] or why, "Correct what stands between braces in it.") from None
    except Exception as error:  # noqa: BLE001 - a template that Word mangled makes the libraries raise whatever they meet
        raise _broken(
            f"{type(error).__name__}: {error}", "Open it in Word and correct it, or take the shipped one."
        ) from None
    finish(document.docx, page, has_logo=bool(values["logo"]))
    stream = BytesIO()
    document.save(stream)
    return as_plain_zip(stream.getvalue())


def template_in(reports: Path) -> bytes:
    """The Word template of a folder of templates, or what a record carries of it, else the shipped one. Raises Problems."""
    own, carried = reports / NAME, reports / CARRIED
    try:
        if own.is_file() or not carried.is_file():
            return (own if own.is_file() else shipped_root() / "reports" / NAME).read_bytes()
        return base64.b64decode(carried.read_bytes())
    except (OSError, ValueError) as error:
        raise _broken(f"it cannot be read ({error})", "Take the shipped one in its place.") from None


def as_carried(data: bytes) -> str:
    """A Word template as a text, as a record carries it."""
    return base64.encodebytes(data).decode("ascii")


def _checked(data: bytes) -> bytes:
    """The template, if it is a Word document of sane size. Raises Problems."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            is_word = "word/document.xml" in archive.namelist()
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _broken(f"it cannot be read ({error})", "Take the shipped one in its place.") from None
    if not is_word:
        raise _broken("it is no Word document (.docx)", "Save it in Word as .docx.")
    if len(data) > MAX_BYTES or unpacked > _MAX_UNPACKED:
        raise _broken("it is larger than any template needs to be", "Take pictures out of it.")
    return data


def _broken(why: str, hint: str) -> Problems:
    message = f"The Word template cannot be filled in: {shorten(why, 200)}."
    return Problems([Diagnostic("report.word", message.replace("..", "."), hint, Location(f"reports/{NAME}"))])


def _in_two(page: Page) -> Page:
    """The page with long tables of short names and meanings folded, so that two of them stand in a row."""
    return replace(page, blocks=tuple(_folded(one) if isinstance(one, Table) else one for one in page.blocks))


def _folded(table: Table) -> Table:
    rows = table.rows
    is_short = all(len(row) == NAMED and sum(len(run.text) for cell in row for run in cell) <= _SHORT for row in rows)
    if not table.is_list or len(rows) < _MANY or not is_short:
        return table
    pairs = (rows[number : number + 2] for number in range(0, len(rows), 2))
    return replace(table, rows=tuple((*pair[0], *(pair[1] if len(pair) > 1 else ((), ()))) for pair in pairs))


def _filled(docxtpl: Any, document: Any, block: Block) -> Mapping[str, object]:
    """A block as the template knows it. A style that the template has no place for is that of plain words."""
    if isinstance(block, Paragraph):
        style = block.style if block.style in STYLES else "Normal"
        return {"style": style, "words": _rich(docxtpl, block.runs)}
    if isinstance(block, Columns):
        return {
            "style": "Columns",
            "columns": [[_filled(docxtpl, document, part) for part in column] for column in block.columns],
        }
    if isinstance(block, Picture):
        width_there = min(block.width * _UNIT, _WIDEST) or _WIDEST
        return {"style": "Picture", "picture": _image(docxtpl, document, picture(block.svg), width_there)}
    head, rows = (_rows(docxtpl, several, block.width) for several in (block.head, block.rows))
    names = {NAMED: "Names", 2 * NAMED: "Names Twice"} if block.is_list else {}
    return {"style": names.get(block.width, "Table"), "head": head, "rows": rows}


def _rows(docxtpl: Any, rows: Sequence[Row], width: int) -> list[list[Any]]:
    return [[_rich(docxtpl, cell) for cell in (*row, *([()] * (width - len(row))))] for row in rows]


def _rich(docxtpl: Any, runs: Iterable[Run]) -> Any:
    """Words in Word's own styles for a few of them; where two looks meet, the second is laid over the first."""
    rich = docxtpl.RichText()
    for run in runs:
        looks = {"Code": run.code, "Aside": run.aside, "Strong": run.bold, "Emphasis": run.italic}
        style = next((name for name, is_so in looks.items() if is_so), None)
        rich.add(
            xml_text(run.text),
            style=style,
            bold=run.bold and style != "Strong",
            italic=run.italic and style != "Emphasis",
        )
    return rich


def _logo(docxtpl: Any, document: Any, page: Page) -> Any:
    """The logo as Word takes it, no wider and no higher than there is room for; one that is an SVG as a picture of it."""
    found = _PICTURE.fullmatch(page.logo)
    if found is None:
        return ""
    data = base64.b64decode(found[2])
    drawn = picture(data.decode("utf-8-sig")) if found[1] == "svg+xml" else data
    wide, high = size(drawn)
    return _image(docxtpl, document, drawn, min(_LOGO[0], _LOGO[1] * wide / high))


def _image(docxtpl: Any, document: Any, data: bytes, width: float) -> Any:
    """A picture of so many millimetres."""
    return docxtpl.InlineImage(document, BytesIO(data), width=library(FORM, "docx.shared").Mm(width))
