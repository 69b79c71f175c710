"""The styles of the Word template that is shipped: how each kind of block looks, in fonts that are laid out alike everywhere.

Fonts: Times New Roman, Arial and Courier New. Every Word has them, and what LibreOffice puts in their place (Liberation Serif, Sans and
Mono) takes the same room letter by letter, so that pages break alike in both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from smartpick_expert.report.formats.extras import library

FORM: Final = "docx"
SERIF, SANS, MONO = "Times New Roman", "Arial", "Courier New"
_INK, _SOFT, _LINE = "1C2126", "525C65", "C9CED2"
LOGO, HOUSE = "Logo", "House"
PERCEPTION, MEASURED = "6D4F16", "1D4A5F"


@dataclass(frozen=True, slots=True)
class Look:
    """How a paragraph looks: points of its letters, of the space before and after; the rest is off where it is not named.

    `keeps` holds it together with what follows; `side` is the line at its left (kind and colour) and `box` the width of a line
    around it, in eighths of a point.
    """

    size: float
    before: float = 0
    after: float = 0
    font: str = SERIF
    keeps: bool = False
    bold: bool = False
    italic: bool = False
    soft: bool = False
    side: tuple[str, str] | None = None
    box: int = 0


_ITEM: Final = Look(10, 0, 2)
LISTS: Final = tuple(
    f"{kind}{depth}" for kind in ("List Bullet", "List Number", "List Continue") for depth in ("", " 2", " 3")
)
# Styles that Word has, and after them our own.
BUILT_IN: Final = {
    "Title": Look(17, 4, 1, keeps=True),
    "Subtitle": Look(10, 0, 6, soft=True),
    "Heading 1": Look(12.5, 9, 3, keeps=True, bold=True),
    "Heading 2": Look(8.5, 6, 2, SANS, keeps=True, bold=True, soft=True),
    "Heading 3": Look(10.5, 5, 1, keeps=True, bold=True),
    **dict.fromkeys(LISTS, _ITEM),
    "Caption": Look(8.5, 6, 3, SANS, keeps=True, soft=True),
    "Header": Look(7.5, font=SANS, soft=True),
    "Footer": Look(7.5, font=SANS, soft=True),
    "Date": Look(8.5, 0, 0, SANS, soft=True),
    "Signature": Look(10, 20, 0, keeps=True),
}
OWN: Final = {
    LOGO: Look(8.5, font=SANS),
    HOUSE: Look(8.5, font=SANS, bold=True, soft=True),
    "House Lines": Look(8.5, font=SANS, soft=True),
    "Banner": Look(9, 0, 10, SANS, box=12),
    "Bucket": Look(20, 0, 4, keeps=True),
    "Answer": Look(11, 0, 4),
    "Label": Look(8.5, 5, 1, SANS, keeps=True, bold=True, soft=True),
    "About": Look(9.5, 0, 4, keeps=True, italic=True, soft=True),
    "Remark": Look(9.5, 3, 4, italic=True, soft=True),
    "Note": Look(8, 1, 4, SANS, soft=True),
    "Entry": Look(8.5, 0, 2),
    "Mark": Look(8, 0, 4, SANS, soft=True),
    "Weighs": Look(8, 0, 1, SANS, keeps=True, bold=True, soft=True),
    "Perception": Look(10, 0, 3, side=("dotted", PERCEPTION)),
    "Measured": Look(10, 0, 3, side=("single", MEASURED)),
    "Boxed": Look(9.5, 3, 5, box=6),
    "Message": Look(8, 0, 6, MONO, side=("single", _LINE)),
    "Table Head": Look(8, 2, 2, SANS, bold=True, soft=True),
    "Table Text": Look(9, 1, 1),
    "Table Name": Look(8, 2, 1, SANS, soft=True),
}
# Where blocks stand: all paragraph styles but those of parts of a page and of tables.
STYLES: Final = (
    *(name for name in BUILT_IN if name not in {"Header", "Footer"}),
    *(name for name in OWN if name != LOGO and not name.startswith("Table")),
    "Normal",
)
_LEFT: Final = 8
# The order in which the format wants properties of a paragraph, from the first that python-docx has no name for.
_ORDER: Final = (
    *(
        "framePr",
        "widowControl",
        "numPr",
        "suppressLineNumbers",
        "pBdr",
        "shd",
        "tabs",
        "suppressAutoHyphens",
        "kinsoku",
    ),
    *(
        "wordWrap",
        "overflowPunct",
        "topLinePunct",
        "autoSpaceDE",
        "autoSpaceDN",
        "bidi",
        "adjustRightInd",
        "snapToGrid",
    ),
    *(
        "spacing",
        "ind",
        "contextualSpacing",
        "mirrorIndents",
        "suppressOverlap",
        "jc",
        "textDirection",
        "textAlignment",
    ),
    *("textboxTightWrap", "outlineLvl", "divId", "cnfStyle", "rPr", "sectPr", "pPrChange"),
)
# Of tables: the lines, and the space in a cell to the left and right of its words, in twentieths of a point.
TABLE, NAMES, COLUMNS = "Advice Table", "Advice Names", "Advice Columns"
_LINES: Final = {TABLE: ("bottom", "insideH"), NAMES: (), COLUMNS: ()}
_CELL: Final = {TABLE: (0, 100), NAMES: (0, 100), COLUMNS: (0, 180)}


def style(document: Any) -> None:
    """Give a document these styles and no others."""
    shared, kinds = library(FORM, "docx.shared"), library(FORM, "docx.enum.style").WD_STYLE_TYPE
    styles = document.styles
    _name_default_fonts(styles.element)
    normal = styles["Normal"]
    _name_font(normal, SERIF)
    normal.font.size, normal.font.color.rgb = shared.Pt(10), shared.RGBColor.from_string(_INK)
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = shared.Pt(4), 1.04
    normal.paragraph_format.widow_control = True
    for name, look in {**BUILT_IN, **OWN}.items():
        known = {one.name for one in styles}
        made = styles[name] if name in known else styles.add_style(name, kinds.PARAGRAPH, builtin=name in BUILT_IN)
        if name not in LISTS:
            made.base_style = normal
        made.hidden, made.quick_style, made.unhide_when_used = False, True, False
        _shape(made, look, shared)
    for name in ("Header", "Footer"):
        tabs = styles[name].element.pPr.find("{*}tabs")
        if tabs is not None:
            tabs.getparent().remove(tabs)
        styles[name].paragraph_format.tab_stops.add_tab_stop(
            shared.Mm(172), library(FORM, "docx.enum.text").WD_TAB_ALIGNMENT.RIGHT
        )
    _characters(styles, kinds, shared)
    for name in _LINES:
        _table_style(styles, kinds, name)
    _leave_only(styles.element, {*BUILT_IN, *OWN, *_LINES, *_CHARACTERS, *_NEEDED})


def _leave_only(styles: Any, names: set[str]) -> None:
    """Take out the other styles that python-docx brings along, so that an office finds those that count."""
    value = styles.nsmap["w"].join("{}") + "val"
    wanted = {name.lower() for name in names}
    for one in list(styles.iterchildren("{*}style")):
        if one.find("{*}name").get(value).lower() not in wanted:
            styles.remove(one)
            continue
        # Looks of characters by the side of those of paragraphs are among what was taken out.
        for link in one.findall("{*}link"):
            one.remove(link)


def _shape(made: Any, look: Look, shared: Any) -> None:
    _name_font(made, look.font)
    made.font.size, made.font.bold, made.font.italic = shared.Pt(look.size), look.bold, look.italic
    made.font.color.rgb = shared.RGBColor.from_string(_SOFT if look.soft else _INK)
    for name in ("spacing", "kern"):
        old = made.element.rPr.find(f"{{*}}{name}")
        if old is not None:
            made.element.rPr.remove(old)
    form = made.paragraph_format
    form.space_before, form.space_after, form.keep_with_next = shared.Pt(look.before), shared.Pt(look.after), look.keeps
    properties = made.element.get_or_add_pPr()
    for name in ("pBdr", "contextualSpacing"):
        old = properties.find(f"{{*}}{name}")
        if old is not None:
            properties.remove(old)
    if look.side:
        form.left_indent = shared.Pt(_LEFT)
        kind, colour = look.side
        _insert(
            properties,
            f'<w:pBdr {{words}}><w:left w:val="{kind}" w:sz="12" w:space="6" w:color="{colour}"/></w:pBdr>',
        )
    if look.box:
        form.left_indent = form.right_indent = shared.Pt(_LEFT)
        lines = "".join(
            f'<w:{side} w:val="single" w:sz="{look.box}" w:space="5" w:color="{_INK}"/>'
            for side in ("top", "left", "bottom", "right")
        )
        _insert(properties, f"<w:pBdr {{words}}>{lines}</w:pBdr>")


def _insert(properties: Any, xml: str) -> None:
    """Put what python-docx has no name for among the properties of a paragraph, at the place that the format gives it."""
    oxml = library(FORM, "docx.oxml")
    made = oxml.parse_xml(xml.format(words=oxml.ns.nsdecls("w")))
    order = [f"w:{name}" for name in _ORDER]
    name = f"w:{made.tag.rpartition('}')[2]}"
    properties.insert_element_before(made, *order[order.index(name) + 1 :])


def _name_font(made: Any, name: str) -> None:
    """Name a font for every script: Word's own headings take theirs from a theme, which goes before."""
    fonts = made.element.get_or_add_rPr().get_or_add_rFonts()
    for key in list(fonts.keys()):
        del fonts.attrib[key]
    made.font.name = name
    fonts.set(fonts.nsmap["w"].join("{}") + "cs", name)


def _name_default_fonts(styles: Any) -> None:
    """Take the theme's fonts and spaces out of what styles begin with, so that a style says all of its look."""
    words = styles.nsmap["w"].join("{}")
    for fonts in styles.find("{*}docDefaults").iter(f"{words}rFonts"):
        fonts.attrib.clear()
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(words + script, SERIF)
    for spacing in styles.find("{*}docDefaults").iter(f"{words}spacing"):
        spacing.getparent().remove(spacing)


# What other styles begin with.
_NEEDED: Final = ("Normal", "Default Paragraph Font", "Normal Table", "No List")
_CHARACTERS: Final = ("Code", "Aside", "Strong", "Emphasis")


def _characters(styles: Any, kinds: Any, shared: Any) -> None:
    """Looks of a few words: `Strong` and `Emphasis` are Word's own."""
    code = styles.add_style("Code", kinds.CHARACTER)
    _name_font(code, MONO)
    code.font.size = shared.Pt(7.5)
    aside = styles.add_style("Aside", kinds.CHARACTER)
    for made in (code, aside):
        made.font.color.rgb = shared.RGBColor.from_string(_SOFT)
        made.quick_style = True


def _table_style(styles: Any, kinds: Any, name: str) -> None:
    oxml = library(FORM, "docx.oxml")
    made = styles.add_style(name, kinds.TABLE)
    made.base_style = styles["Normal Table"]
    made.quick_style = True
    sides = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{_LINE}"/>' for side in _LINES[name])
    left, right = _CELL[name]
    made.element.append(
        oxml.parse_xml(
            f"<w:tblPr {oxml.ns.nsdecls('w')}>{f'<w:tblBorders>{sides}</w:tblBorders>' if sides else ''}"
            f'<w:tblCellMar><w:left w:w="{left}" w:type="dxa"/><w:right w:w="{right}" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        )
    )
