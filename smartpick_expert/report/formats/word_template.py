"""The Word template that is shipped: `python -m smartpick_expert.authoring.word_template FILE` writes it.

It is a document that an office may open in Word and give other fonts, margins, a head and a foot. What stands between braces is filled in:
each kind of block has a paragraph here whose style can be changed, and no word of any advice stands in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any, Final

from smartpick_expert.report.formats.extras import library
from smartpick_expert.report.formats.packages import as_plain_zip

FORM: Final = "docx"
NAME: Final = "document.docx"
_BODY, _HEADS = "Calibri", "Calibri"
_INK, _SOFT, _LINE = "1C2126", "525C65", "D5D9DC"
# Size in points, space before and after, whether it keeps with what follows; of styles that Word has.
_BUILT_IN: Final = {
    "Title": (22, 0, 8, True),
    "Heading 1": (15, 16, 3, True),
    "Heading 2": (10.5, 10, 3, True),
    "Heading 3": (11, 8, 1, True),
    "List Bullet": (10.5, 0, 3, False),
    "List Bullet 2": (10.5, 0, 3, False),
    "List Bullet 3": (10.5, 0, 3, False),
    "List Number": (10.5, 0, 3, False),
    "List Number 2": (10.5, 0, 3, False),
    "List Number 3": (10.5, 0, 3, False),
    "List Continue": (10.5, 0, 3, False),
    "List Continue 2": (10.5, 0, 3, False),
    "List Continue 3": (10.5, 0, 3, False),
    "Caption": (9, 8, 4, True),
}
# The same of our own, with whether they are in italics and soft, and the line at their side: its kind and its colour.
_OWN: Final = {
    "House": (9, 0, 2, False, False, ""),
    "House Lines": (9, 0, 10, False, True, ""),
    "Bucket": (24, 0, 6, True, False, ""),
    "Label": (10, 6, 1, True, False, ""),
    "About": (10, 0, 4, True, True, ""),
    "Remark": (10, 0, 4, False, True, ""),
    "Mark": (8.5, 0, 6, False, True, ""),
    "Weighs": (8.5, 0, 1, True, True, ""),
    "Perception": (10.5, 0, 2, True, False, "dotted"),
    "Measured": (10.5, 0, 2, True, False, "single"),
    "Message": (9, 0, 8, False, False, "single"),
    "Table Head": (9, 2, 2, True, False, ""),
    "Table Text": (9, 1, 1, False, False, ""),
}
_SIDE: Final = {"dotted": "6D4F16", "single": "1D4A5F"}
STYLES: Final = (*_BUILT_IN, *(name for name in _OWN if not name.startswith("Table")), "Normal")


def template() -> bytes:
    """The template as a file. Raises Problems where what makes it is not installed."""
    docx = library(FORM, "docx")
    document = docx.Document()
    _style(document)
    _head_and_foot(document)
    body = document.element.body
    for paragraph in list(body.iterchildren("{*}p")):
        body.remove(paragraph)
    document.add_paragraph("{%p if logo %}")
    document.add_paragraph("{{ logo }}")
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p for block in blocks %}")
    for number, name in enumerate(STYLES):
        document.add_paragraph(f"{{%p {'elif' if number else 'if'} block.style == '{name}' %}}")
        document.add_paragraph("{{r block.words }}", style=name)
    document.add_paragraph("{%p elif block.style == 'Picture' %}")
    document.add_paragraph("{{ block.picture }}")
    document.add_paragraph("{%p elif block.style == 'Names' %}")
    _table(document, ("{%tr for row in block.rows %}", _names, "{%tr endfor %}"))
    document.add_paragraph("{%p elif block.style == 'Table' %}")
    _table(
        document,
        (
            "{%tr for row in block.head %}",
            _heading,
            "{%tr endfor %}",
            "{%tr for row in block.rows %}",
            _cells,
            "{%tr endfor %}",
        ),
    )
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p endfor %}")
    _without_dates(document)
    stream = BytesIO()
    document.save(stream)
    return as_plain_zip(stream.getvalue())


def _style(document: Any) -> None:
    docx_shared, oxml = library(FORM, "docx.shared"), library(FORM, "docx.oxml")
    kinds = library(FORM, "docx.enum.style").WD_STYLE_TYPE
    styles = document.styles
    normal = styles["Normal"]
    normal.font.name, normal.font.size = _BODY, docx_shared.Pt(10.5)
    normal.paragraph_format.space_after = docx_shared.Pt(5)
    normal.paragraph_format.widow_control = True
    for name, (size, before, after, keeps) in _BUILT_IN.items():
        _shape(styles[name], docx_shared, size, before, after, keeps=keeps)
    for name in ("Title", "Heading 1", "Heading 2", "Heading 3"):
        font = styles[name].font
        _name_font(styles[name], _HEADS)
        font.bold = name != "Title"
        font.color.rgb = docx_shared.RGBColor.from_string(_SOFT if name == "Heading 2" else _INK)
    styles["Caption"].font.bold, styles["Caption"].font.color.rgb = False, docx_shared.RGBColor.from_string(_SOFT)
    border = styles["Title"].element.get_or_add_pPr().find("{*}pBdr")
    if border is not None:
        border.getparent().remove(border)
    for name, (size, before, after, keeps, soft, side) in _OWN.items():
        style = styles.add_style(name, kinds.PARAGRAPH)
        style.base_style, style.quick_style = normal, True
        _shape(style, docx_shared, size, before, after, keeps=keeps)
        if soft:
            style.font.color.rgb = docx_shared.RGBColor.from_string(_SOFT)
            style.font.italic = name in {"About", "Remark"}
        style.font.bold = True if name in {"House", "Label", "Table Head"} else None
        if side:
            style.paragraph_format.left_indent = docx_shared.Pt(9)
            style.element.get_or_add_pPr().append(
                oxml.parse_xml(
                    f'<w:pBdr {oxml.ns.nsdecls("w")}><w:left w:val="{side}" w:sz="12" w:space="7" w:color="{_SIDE[side]}"/></w:pBdr>'
                )
            )
    code = styles.add_style("Code", kinds.CHARACTER)
    code.font.name, code.font.size = "Consolas", docx_shared.Pt(8.5)
    code.font.color.rgb = docx_shared.RGBColor.from_string(_SOFT)


def _shape(style: Any, shared: Any, size: float, before: float, after: float, *, keeps: bool) -> None:
    style.font.size = shared.Pt(size)
    style.paragraph_format.space_before, style.paragraph_format.space_after = shared.Pt(before), shared.Pt(after)
    style.paragraph_format.keep_with_next = keeps


def _name_font(style: Any, name: str) -> None:
    """Name a font for every script: Word's own headings take theirs from a theme, which goes before."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in list(fonts.keys()):
        del fonts.attrib[key]
    style.font.name = name


def _head_and_foot(document: Any) -> None:
    shared = library(FORM, "docx.shared")
    section = document.sections[0]
    section.page_width, section.page_height = shared.Mm(210), shared.Mm(297)
    section.left_margin = section.right_margin = shared.Mm(22)
    section.top_margin = section.bottom_margin = shared.Mm(20)
    section.different_first_page_header_footer = True
    head = section.header.paragraphs[0]
    head.text, head.style = "{{ organisation }}, {{ title }}", document.styles["Mark"]
    for foot in (section.footer.paragraphs[0], section.first_page_footer.paragraphs[0]):
        foot.style = document.styles["Mark"]
        foot.add_run("Page ")
        _field(foot, "PAGE")
        foot.add_run(" of ")
        _field(foot, "NUMPAGES")


def _field(paragraph: Any, code: str) -> None:
    """A number that Word itself reckons."""
    oxml = library(FORM, "docx.oxml")
    words = oxml.ns.nsdecls("w")
    paragraph._p.append(oxml.parse_xml(f'<w:fldSimple {words} w:instr="{code}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'))  # noqa: SLF001 - python-docx has no fields


def _table(document: Any, rows: Iterable[Any]) -> None:
    several, oxml = tuple(rows), library(FORM, "docx.oxml")
    table = document.add_table(rows=len(several), cols=2)
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{_LINE}"/>' for side in ("bottom", "insideH")
    )
    borders = oxml.parse_xml(f"<w:tblBorders {oxml.ns.nsdecls('w')}>{lines}</w:tblBorders>")
    table._tbl.tblPr.append(borders)  # noqa: SLF001 - python-docx has no borders
    for row, content in zip(table.rows, several, strict=True):
        if callable(content):
            content(document, row)
        else:
            row.cells[0].text = content


def _names(document: Any, row: Any) -> None:
    for cell, (text, style) in zip(
        row.cells, (("{{r row[0] }}", "Table Head"), ("{{r row[1] }}", "Table Text")), strict=True
    ):
        cell.paragraphs[0].text, cell.paragraphs[0].style = text, document.styles[style]
    _set_on(row, "cantSplit")


def _cells(document: Any, row: Any, style: str = "Table Text") -> None:
    texts = ("{%tc for cell in row %}", "{{r cell }}")
    for cell, text in zip(row.cells, texts, strict=True):
        cell.paragraphs[0].text, cell.paragraphs[0].style = text, document.styles[style]
    _set_on(row, "cantSplit")
    end = row._tr.add_tc()  # noqa: SLF001 - a third cell for the end of the loop, in a table of two columns
    paragraph = end.add_p()
    paragraph.add_r().text = "{%tc endfor %}"


def _heading(document: Any, row: Any) -> None:
    _cells(document, row, "Table Head")
    _set_on(row, "tblHeader")


def _set_on(row: Any, name: str) -> None:
    """Set on a row what python-docx has no name for: that it is a head, or does not break within, where it is read as two."""
    oxml = library(FORM, "docx.oxml")
    row._tr.get_or_add_trPr().append(oxml.parse_xml(f"<w:{name} {oxml.ns.nsdecls('w')}/>"))  # noqa: SLF001 - see above


def _without_dates(document: Any) -> None:
    """Take out when and by whom the file was made, which says nothing and differs each time."""
    core = document.core_properties._element  # noqa: SLF001 - a property can be set and not be taken out
    for child in list(core):
        core.remove(child)
