"""What a Word document gets after its blocks are placed: numbers that begin anew, widths, words of pictures, house style, properties.

Purpose: docxtpl places words and can do none of this; python-docx has names for some of it. Nothing is added that says when or where
the file was made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from smartpick_expert.report.formats.blocks import Columns, Page, Picture, Table
from smartpick_expert.report.formats.extras import library
from smartpick_expert.report.formats.packages import xml_text
from smartpick_expert.report.formats.page_styles import NUMBERS
from smartpick_expert.report.formats.word_properties import properties
from smartpick_expert.report.formats.word_styles import FORM, HOUSE, LOGO, MEASURED

_PAPERS: Final = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
_HEADINGS: Final = ("Title", "Heading 1", "Heading 3", "Bucket")
# Of names with what they mean, the share of the names: the least, the most, and of a letter. Of other columns, letters: the space beside
# them, and the longest word that is not broken.
_NAMES, _MOST_NAMES, _LETTER = 0.16, 0.3, 0.01
_BESIDE, _WORD = 3, 22


_TWIP: Final = 635
# A picture at the right margin, level with its paragraph, with words to its left.
_ANCHOR: Final = (
    '<wp:anchor {words} distT="0" distB="0" distL="114300" distR="0" simplePos="0" relativeHeight="1" behindDoc="0" locked="0" '
    'layoutInCell="1" allowOverlap="0"><wp:simplePos x="0" y="0"/>'
    '<wp:positionH relativeFrom="margin"><wp:align>right</wp:align></wp:positionH>'
    '<wp:positionV relativeFrom="paragraph"><wp:posOffset>0</wp:posOffset></wp:positionV>'
    '<wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapSquare wrapText="left"/></wp:anchor>'
)


def finish(document: Any, page: Page, *, has_logo: bool) -> None:
    """Finish a document of python-docx in which the blocks of a page are placed."""
    _tidy(document)
    _number_anew(document, page)
    _describe(document, page, has_logo=has_logo)
    _float_logo(document)
    _look(document, page.looks)
    _widen(document, page)
    properties(document, page.title, page.author, page.language)


def _tidy(document: Any) -> None:
    """Take out runs without words, which placing leaves around each text."""
    for run in list(document.element.body.iter("{*}r")):
        content = [child for child in run if not child.tag.endswith("}rPr")]
        if all(child.tag.endswith("}t") and not child.text for child in content):
            run.getparent().remove(run)


def _number_anew(document: Any, page: Page) -> None:
    """Let each numbered list begin at one: in Word all paragraphs of a style go on counting."""
    items = [one for one in page.paragraphs if one.numbered]
    styles = {one.style_id: one for one in document.styles if one.name.startswith(NUMBERS)}
    placed = [one for one in document.element.body.iter("{*}p") if one.style in styles]
    if not items or len(items) != len(placed):
        return
    numbering = document.part.numbering_part.numbering_definitions._numbering  # noqa: SLF001 - python-docx has no way to begin anew
    lists: dict[tuple[int, str], int] = {}
    for item, paragraph in zip(items, placed, strict=True):
        key = (item.numbered, paragraph.style)
        if key not in lists:
            of_style = styles[paragraph.style].element.pPr.numPr.numId.val
            abstract = numbering.num_having_numId(of_style).abstractNumId.val
            number = numbering.add_num(abstract)
            number.add_lvlOverride(ilvl=0).add_startOverride(1)
            lists[key] = number.numId
        properties = paragraph.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val, properties.get_or_add_numId().val = 0, lists[key]


def _widen(document: Any, page: Page) -> None:
    """Give each column the width that its words take: Word itself would make all alike."""
    tables = [block for block in page.blocks if isinstance(block, Table | Columns)]
    placed = document.tables
    if len(tables) != len(placed):
        return
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    for block, table in zip(tables, placed, strict=True):
        widths = [int(room * share / _TWIP) for share in _shares(block)]
        table.autofit = False
        if isinstance(block, Columns):
            # That it keeps with what follows is taken by LibreOffice for the whole table, which then goes to the next page at once.
            table.cell(0, 0).paragraphs[0].paragraph_format.keep_with_next = False
        grid = table._tbl.tblGrid  # noqa: SLF001 - as above
        for _ in range(len(widths) - len(grid)):
            grid.add_gridCol()
        for column in list(grid)[len(widths) :]:
            grid.remove(column)
        for column, width in zip(grid, widths, strict=True):
            column.set(column.nsmap["w"].join("{}") + "w", str(width))
        for row in table._tbl.tr_lst:  # noqa: SLF001 - going through cells by python-docx takes seconds
            for cell, width in zip(row.tc_lst, widths, strict=False):
                cell.width = width * _TWIP


def _shares(block: Table | Columns) -> Sequence[float]:
    """The share of the width that each column gets: more where there is more to read, and room for its longest word."""
    if isinstance(block, Columns):
        return [1 / len(block.columns)] * len(block.columns)
    width = block.width
    if block.is_list:
        several = max(width // 2, 1)
        longest = max(sum(len(run.text) for run in row[0]) for row in block.rows)
        share = min(max(_NAMES, longest * _LETTER), _MOST_NAMES) if several == 1 else _NAMES
        return [share, 1 / several - share] * several
    texts = [
        ["".join(run.text for run in row[column]) for row in (*block.head, *block.rows) if column < len(row)]
        for column in range(width)
    ]
    weights = [
        min(max(len(word) for text in column for word in (text.split() or [""])), _WORD)
        + _BESIDE
        + (sum(map(len, column)) / max(len(column), 1)) ** 0.75
        for column in texts
    ]
    return [weight / sum(weights) for weight in weights]


def _describe(document: Any, page: Page, *, has_logo: bool) -> None:
    """Give each picture its words, for whom cannot see it, and a number of its own."""
    words = [page.first(HOUSE)] if has_logo else []
    words += [block.words for block in page.blocks if isinstance(block, Picture)]
    for number, (placed, said) in enumerate(zip(document.element.body.iter("{*}docPr"), words, strict=False), 1):
        placed.set("descr", xml_text(said))
        placed.set("id", str(number))
        placed.set("name", f"Picture {number}")


def _float_logo(document: Any) -> None:
    """Let the logo stand at the right beside the name of the house; a template that puts it anywhere else keeps it there."""
    ids = {style.name: style.style_id for style in document.styles}
    of_style = {
        name: [one for one in document.element.body.iterchildren("{*}p") if one.style == ids.get(name)]
        for name in (LOGO, HOUSE)
    }
    if not of_style[LOGO] or not of_style[HOUSE]:
        return
    paragraph, house = of_style[LOGO][0], of_style[HOUSE][0]
    for inline in list(paragraph.iter("{*}inline")):
        oxml = library(FORM, "docx.oxml")
        anchor = oxml.parse_xml(_ANCHOR.format(words=oxml.ns.nsdecls("wp")))
        for child in list(inline):
            (anchor.insert(3, child) if child.tag.endswith("}extent") else anchor.append(child))
        inline.getparent().replace(inline, anchor)
        house.insert(list(house).index(house.pPr) + 1, next(anchor.iterancestors("{*}r")))
    paragraph.getparent().remove(paragraph)


def _look(document: Any, looks: Mapping[str, str]) -> None:
    """Lay colours and paper over the template."""
    shared = library(FORM, "docx.shared")
    styles = {style.name: style for style in document.styles}
    if "headings" in looks:
        for name in _HEADINGS:
            if name in styles:
                styles[name].font.color.rgb = shared.RGBColor.from_string(looks["headings"].removeprefix("#").upper())
    if "accent" in looks:
        for line in document.styles.element.iter("{*}left"):
            key = line.nsmap["w"].join("{}") + "color"
            if line.get(key) == MEASURED:
                line.set(key, looks["accent"].removeprefix("#").upper())
    if "paper" in looks:
        width, height = _PAPERS[looks["paper"]]
        for section in document.sections:
            section.page_width, section.page_height = shared.Mm(width), shared.Mm(height)
