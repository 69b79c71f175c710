"""Word documents that an advisor goes on editing: the blocks of a page placed by docxtpl into a Word template.

Headings, lists and tables are those of Word. The template is `reports/document.docx`; an office may open it in Word and change how each
kind of block looks. Colours and paper of the house style, and the logo, go over it.
"""

from __future__ import annotations

import base64
import re
import zipfile
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from jinja2 import TemplateError

from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.language.values import shorten
from smartpick_expert.report.formats.blocks import Block, Page, Paragraph, Picture, Run, Table, page_of
from smartpick_expert.report.formats.extras import library
from smartpick_expert.report.formats.packages import as_plain_zip, xml_text
from smartpick_expert.report.formats.picture import picture
from smartpick_expert.report.formats.word_template import FORM, NAME, STYLES
from smartpick_expert.report.sandbox import Bounded
from smartpick_expert.workspace import shipped_root

# The template among the files of a record, which are texts.
CARRIED: Final = f"{NAME}.base64"
MAX_BYTES: Final = 5_000_000
_MAX_UNPACKED: Final = 50_000_000
_PAPERS: Final = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
_HEADINGS: Final = ("Title", "Heading 1", "Bucket")
_LOGO_WIDTH: Final = 45.0
# Of drawings, in millimetres: one of their units, and the most that fits on a page.
_UNIT, _WIDEST = 0.27, 160.0
# Of names with what they mean, the share of the names; of other columns, letters: the least, and of a word that may be broken.
_NAMES, _LEAST, _WORD = 0.22, 7, 16
_TWIP: Final = 635
# What fits into the head of a page.
_LONGEST: Final = 70
# Marks that turn the direction of writing: cut off, they would turn what follows.
_UNSEEN: Final = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_PICTURE: Final = re.compile(r"data:image/(png|jpeg|svg\+xml);base64,(.*)", re.DOTALL)


def word(html: str, reports: Path) -> bytes:
    """The Word document of a page, by the template in a folder of templates, or the shipped one.

    Raises Problems where docxtpl is missing, or the template cannot be filled in.
    """
    page = page_of(html)
    docxtpl = library(FORM, "docxtpl")
    document = docxtpl.DocxTemplate(BytesIO(_checked(template_in(reports))))
    values: dict[str, object] = {
        "title": _cut(page.title),
        "organisation": next((_cut(one.text) for one in _paragraphs(page) if one.style == "House"), ""),
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
    _number_anew(document, page)
    _widen(document, page)
    _describe(document, page)
    _look(document, page.looks)
    stream = BytesIO()
    document.save(stream)
    return as_plain_zip(stream.getvalue())


def _cut(text: str) -> str:
    """As much of a text as fits into the head of a page."""
    plain = xml_text(" ".join(text.split()).translate(_UNSEEN))
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 1].rstrip()}…"


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


def _paragraphs(page: Page) -> Iterable[Paragraph]:
    return (block for block in page.blocks if isinstance(block, Paragraph))


def _filled(docxtpl: Any, document: Any, block: Block) -> Mapping[str, object]:
    """A block as the template knows it. A style that the template has no place for is that of plain words."""
    if isinstance(block, Paragraph):
        style = block.style if block.style in STYLES else "Normal"
        return {"style": style, "words": _rich(docxtpl, block.runs)}
    if isinstance(block, Picture):
        width_there = min(block.width * _UNIT, _WIDEST) or _WIDEST
        return {"style": "Picture", "picture": _image(docxtpl, document, picture(block.svg), width_there)}
    width = max(len(row) for row in (*block.head, *block.rows))
    head, rows = (
        [[_rich(docxtpl, cell) for cell in (*row, *([()] * (width - len(row))))] for row in several]
        for several in (block.head, block.rows)
    )
    return {"style": "Names" if block.is_list and width == 2 else "Table", "head": head, "rows": rows}  # noqa: PLR2004 - a name and what it means


def _rich(docxtpl: Any, runs: Iterable[Run]) -> Any:
    rich = docxtpl.RichText()
    for run in runs:
        style = "Code" if run.code else None
        rich.add(xml_text(run.text), bold=run.bold, italic=run.italic, style=style)
    return rich


def _logo(docxtpl: Any, document: Any, page: Page) -> Any:
    """The logo as Word takes it; one that is an SVG as a picture of it."""
    found = _PICTURE.fullmatch(page.logo)
    if found is None:
        return ""
    data = base64.b64decode(found[2])
    return _image(docxtpl, document, picture(data.decode("utf-8-sig")) if found[1] == "svg+xml" else data, _LOGO_WIDTH)


def _image(docxtpl: Any, document: Any, data: bytes, width: float) -> Any:
    """A picture of so many millimetres."""
    return docxtpl.InlineImage(document, BytesIO(data), width=library(FORM, "docx.shared").Mm(width))


def _describe(document: Any, page: Page) -> None:
    """Give each picture its words, for whom cannot see it."""
    organisation = next((one.text for one in _paragraphs(page) if one.style == "House"), "")
    words = [organisation] if _PICTURE.fullmatch(page.logo) else []
    words += [block.words for block in page.blocks if isinstance(block, Picture)]
    for placed, said in zip(document.docx.element.body.iter("{*}docPr"), words, strict=False):
        placed.set("descr", xml_text(said))


def _number_anew(document: Any, page: Page) -> None:
    """Let each numbered list begin at one: in Word all paragraphs of a style go on counting."""
    items = [block for block in _paragraphs(page) if block.numbered]
    placed = [one for one in document.docx.paragraphs if one.style.name.startswith("List Number")]
    if not items or len(items) != len(placed):
        return
    numbering = document.docx.part.numbering_part.numbering_definitions._numbering  # noqa: SLF001 - python-docx has no way to begin anew
    lists: dict[tuple[int, str], int] = {}
    for item, paragraph in zip(items, placed, strict=True):
        key = (item.numbered, paragraph.style.name)
        if key not in lists:
            of_style = paragraph.style.element.pPr.numPr.numId.val
            abstract = numbering.num_having_numId(of_style).abstractNumId.val
            number = numbering.add_num(abstract)
            number.add_lvlOverride(ilvl=0).add_startOverride(1)
            lists[key] = number.numId
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()  # noqa: SLF001 - as above
        properties.get_or_add_ilvl().val, properties.get_or_add_numId().val = 0, lists[key]


def _widen(document: Any, page: Page) -> None:
    """Give each column the width that its words take: Word itself would make all alike."""
    tables = [block for block in page.blocks if isinstance(block, Table)]
    placed = document.docx.tables
    if len(tables) != len(placed):
        return
    section = document.docx.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    for block, table in zip(tables, placed, strict=True):
        widths = [int(room * share / _TWIP) for share in _shares(block)]
        table.autofit = False
        for column, width in zip(table._tbl.tblGrid.iterchildren("{*}gridCol"), widths, strict=False):  # noqa: SLF001 - as above
            column.set(column.nsmap["w"].join("{}") + "w", str(width))
        for row in table._tbl.tr_lst:  # noqa: SLF001 - going through cells by python-docx takes seconds
            for cell, width in zip(row.tc_lst, widths, strict=False):
                cell.width = width * _TWIP


def _shares(table: Table) -> list[float]:
    """The share of the width that each column of a table gets: more where there is more to read, and room for its longest word."""
    if table.is_list:
        return [_NAMES, 1 - _NAMES]
    width = max(len(row) for row in (*table.head, *table.rows))
    texts = [
        ["".join(run.text for run in row[column]) for row in (*table.head, *table.rows) if column < len(row)]
        for column in range(width)
    ]
    weights = [
        max(_LEAST, min(max(len(word) for text in column for word in (text.split() or [""])), _WORD))
        + (sum(map(len, column)) / max(len(column), 1)) ** 0.75
        for column in texts
    ]
    return [weight / sum(weights) for weight in weights]


def _look(document: Any, looks: Mapping[str, str]) -> None:
    """Lay colours and paper over the template."""
    shared = library(FORM, "docx.shared")
    styles = {style.name: style for style in document.docx.styles}
    if "headings" in looks:
        for name in _HEADINGS:
            if name in styles:
                styles[name].font.color.rgb = shared.RGBColor.from_string(looks["headings"].removeprefix("#").upper())
    if "paper" in looks:
        width, height = _PAPERS[looks["paper"]]
        for section in document.docx.sections:
            section.page_width, section.page_height = shared.Mm(width), shared.Mm(height)
