"""The Word template that is shipped: `python -m smartpick_expert.authoring.word_template FILE` writes it.

It is a document that an office may open in Word and give other fonts, margins, a head and a foot. What stands between braces is filled in:
each kind of block has a paragraph here whose style can be changed, and no word of any advice stands in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any, Final

from smartpick_expert.report.formats.extras import library
from smartpick_expert.report.formats.packages import as_plain_zip
from smartpick_expert.report.formats.word_properties import properties
from smartpick_expert.report.formats.word_styles import COLUMNS, FORM, LOGO, NAMES, STYLES, TABLE, style

NAME: Final = "document.docx"
# What a table of names holds in a row: a name and what it means, once or twice.
NAMED, NAMED_TWICE = 2, 4
_MODE: Final = "15"


def template() -> bytes:
    """The template as a file. Raises Problems where what makes it is not installed."""
    docx = library(FORM, "docx")
    document = docx.Document()
    style(document)
    _set_up(document)
    _head_and_foot(document)
    body = document.element.body
    for paragraph in list(body.iterchildren("{*}p")):
        body.remove(paragraph)
    document.add_paragraph("{%p if logo %}")
    document.add_paragraph("{{ logo }}", style=LOGO)
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p for block in blocks %}")
    _styled(document.add_paragraph, "block")
    document.add_paragraph("{%p elif block.style == 'Picture' %}")
    document.add_paragraph("{{ block.picture }}")
    document.add_paragraph("{%p elif block.style == 'Columns' %}")
    _table(document, COLUMNS, (_columns,))
    for count, name in ((NAMED, "Names"), (NAMED_TWICE, "Names Twice")):
        document.add_paragraph(f"{{%p elif block.style == '{name}' %}}")
        _table(document, NAMES, ("{%tr for row in block.rows %}", _names, "{%tr endfor %}"), count)
    document.add_paragraph("{%p elif block.style == 'Table' %}")
    _table(
        document,
        TABLE,
        (
            *("{%tr for row in block.head %}", _heading, "{%tr endfor %}"),
            *("{%tr for row in block.rows %}", _cells, "{%tr endfor %}"),
        ),
    )
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p endfor %}")
    stream = BytesIO()
    document.save(stream)
    return as_plain_zip(stream.getvalue())


def _set_up(document: Any) -> None:
    """Take out of python-docx's own template when and by whom it was made and a picture of it; let Word of today open it as such."""
    properties(document)
    package = document.part.package
    for key, related in list(package.rels.items()):
        if related.reltype.endswith("/thumbnail"):
            package.rels.pop(key)
    for key, related in list(document.part.rels.items()):
        if related.reltype.endswith(("/customXml", "/stylesWithEffects")):
            document.part.rels.pop(key)
    settings = document.settings.element
    words = settings.nsmap["w"].join("{}")
    for one in settings.iter(f"{words}compatSetting"):
        if one.get(f"{words}name") == "compatibilityMode":
            one.set(f"{words}val", _MODE)
    for one in settings.iter(f"{words}zoom"):
        one.attrib.clear()
        one.set(f"{words}percent", "100")


def _head_and_foot(document: Any) -> None:
    shared = library(FORM, "docx.shared")
    section = document.sections[0]
    section.page_width, section.page_height = shared.Mm(210), shared.Mm(297)
    section.left_margin = section.right_margin = shared.Mm(19)
    section.top_margin, section.bottom_margin = shared.Mm(16), shared.Mm(16)
    section.header_distance = section.footer_distance = shared.Mm(8)
    section.different_first_page_header_footer = True
    head = section.header.paragraphs[0]
    head.text, head.style = "{{ organisation }}\t{{ title }}", document.styles["Header"]
    for foot in (section.footer.paragraphs[0], section.first_page_footer.paragraphs[0]):
        foot.style = document.styles["Footer"]
        foot.add_run("\tPage ")
        _field(foot, "PAGE")
        foot.add_run(" of ")
        _field(foot, "NUMPAGES")


def _field(paragraph: Any, code: str) -> None:
    """A number that Word itself reckons."""
    oxml = library(FORM, "docx.oxml")
    words = oxml.ns.nsdecls("w")
    paragraph._p.append(oxml.parse_xml(f'<w:fldSimple {words} w:instr="{code}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'))  # noqa: SLF001 - python-docx has no fields


def _styled(add: Callable[..., Any], name: str) -> None:
    """A paragraph for each style; what follows adds other kinds of blocks, and the end."""
    for number, known in enumerate(STYLES):
        add(f"{{%p {'elif' if number else 'if'} {name}.style == '{known}' %}}")
        add(f"{{{{r {name}.words }}}}", style=known)


def _table(document: Any, look: str, rows: Iterable[Any], columns: int = 2) -> None:
    several = tuple(rows)
    table = document.add_table(rows=len(several), cols=columns)
    table.style = document.styles[look]
    for row, content in zip(table.rows, several, strict=True):
        if callable(content):
            content(document, row)
        else:
            row.cells[0].text = content


def _names(document: Any, row: Any) -> None:
    for number, cell in enumerate(row.cells):
        cell.paragraphs[0].text = f"{{{{r row[{number}] }}}}"
        cell.paragraphs[0].style = document.styles["Table Text" if number % 2 else "Table Name"]
    _set_on(row, "cantSplit")


def _columns(document: Any, row: Any) -> None:
    """Cells with paragraphs of every style, since one stands beside the other what else stands below it."""
    _end_of_cells(row, "{%tc for column in block.columns %}")
    cell = row.cells[1]
    cell.paragraphs[0].text = "{%p for part in column %}"

    def add(text: str, style: str | None = None) -> None:
        cell.add_paragraph(text, style=document.styles[style] if style else None)

    _styled(add, "part")
    add("{%p endif %}")
    add("{%p endfor %}")


def _cells(document: Any, row: Any, look: str = "Table Text") -> None:
    _end_of_cells(row, "{%tc for cell in row %}")
    cell = row.cells[1].paragraphs[0]
    cell.text, cell.style = "{{r cell }}", document.styles[look]
    _set_on(row, "cantSplit")


def _end_of_cells(row: Any, loop: str) -> None:
    """A loop over cells: begun in the first, ended in a third of a table of two columns."""
    row.cells[0].paragraphs[0].text = loop
    row._tr.add_tc().add_p().add_r().text = "{%tc endfor %}"  # noqa: SLF001 - python-docx adds no cell to a row alone


def _heading(document: Any, row: Any) -> None:
    _cells(document, row, "Table Head")
    _set_on(row, "tblHeader")


def _set_on(row: Any, name: str) -> None:
    """Set on a row what python-docx has no name for: that it is a head, or does not break within, where it is read as two."""
    oxml = library(FORM, "docx.oxml")
    row._tr.get_or_add_trPr().append(oxml.parse_xml(f"<w:{name} {oxml.ns.nsdecls('w')}/>"))  # noqa: SLF001 - see above
