"""Word documents as Word itself is strict about: what it would repair on opening, and what an advisor who edits them would trip over."""

from __future__ import annotations

import base64
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from os.path import normpath
from pathlib import Path, PurePosixPath
from typing import Any, Final

import docx
import pytest
from lxml import etree

from smartpick_expert.report.documents import Document
from smartpick_expert.report.formats.word import word
from smartpick_expert.report.formats.word_template import template
from tests.advised import advice_on
from tests.profiles import WORKSPACE
from tests.test_house import png

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
# The order that ECMA-376 gives to what can stand in these.
ORDER: Final = {
    "pPr": (
        "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs suppressAutoHyphens "
        "kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid spacing ind "
        "contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr"
    ),
    "tblPr": (
        "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblInd tblBorders shd "
        "tblLayout tblCellMar tblLook tblCaption tblDescription"
    ),
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    "sectPr": (
        "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType pgNumType cols formProt "
        "vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid"
    ),
    "style": (
        "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked personal "
        "personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr"
    ),
    "rPr": (
        "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid vanish webHidden "
        "color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang"
    ),
}
DOCUMENTS: Final = ("letter", "report", "memo", "house")


@cache
def made(name: str) -> bytes:
    """A document of an advice with much to tell, or a page in the style of a house with a logo."""
    if name != "house":
        return advice_on("high_risk").made("docx", Document(name)).data
    logo = f"data:image/png;base64,{base64.b64encode(png()).decode()}"
    head = "<style>@page { size: letter; }</style><title>T</title><meta name='author' content='Dr. A. Sample'></head>"
    body = (
        f"<body><img class='logo' src='{logo}'><p class='house'>House</p><p class='contact'>Street</p><h1>T</h1></body>"
    )
    return word(f"<html lang='en'><head>{head}{body}</html>", WORKSPACE.reports)


def parts(data: bytes) -> dict[str, Any]:
    """The parts of a document that are XML, read."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {
            name: etree.fromstring(archive.read(name))
            for name in archive.namelist()
            if name.endswith((".xml", ".rels"))
        }


def named(element: Any) -> str:
    return str(etree.QName(element).localname)


def paragraphs(data: bytes) -> Iterator[Any]:
    for name, part in parts(data).items():
        if name.startswith("word/") and not name.endswith(".rels"):
            yield from part.iter(f"{W}p")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_stands_in_a_document_stands_in_the_order_of_the_format(name: str):
    wrong = []
    for part, root in parts(made(name)).items():
        for element in root.iter(*(f"{W}{one}" for one in ORDER)):
            order = ORDER[named(element)].split()
            places = [order.index(named(child)) for child in element]
            if places != sorted(places):
                wrong.append((part, named(element), [named(child) for child in element]))
    assert wrong == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_part_has_a_type_and_every_relationship_leads_to_one(name: str):
    data = made(name)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = set(archive.namelist())
    read = parts(data)
    types = read["[Content_Types].xml"]
    known = {one.get("Extension") or one.get("PartName").removeprefix("/") for one in types}
    assert [one for one in names - {"[Content_Types].xml"} if not {one, one.rpartition(".")[2]} & known] == []
    for rels in (one for one in names if one.endswith(".rels")):
        folder = PurePosixPath(rels).parent.parent
        given = {one.get("Id"): one for one in read[rels]}
        inside = [one for one in given.values() if one.get("TargetMode") != "External"]
        targets = {one.get("Target") for one in inside}
        assert {one for one in targets if normpath(folder / one).removeprefix("/") not in names} == set(), rels
        owner = str(folder / PurePosixPath(rels).stem)
        if owner in read:
            asked = {value for one in read[owner].iter() for key, value in one.attrib.items() if key.startswith(R)}
            assert asked - set(given) == set(), rels


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_style_that_is_used_is_there_and_of_its_kind(name: str):
    read = parts(made(name))
    kinds = {one.get(f"{W}styleId"): one.get(f"{W}type") for one in read["word/styles.xml"].iter(f"{W}style")}
    used = {
        (kind, one.get(f"{W}val"))
        for part in read.values()
        for tag, kind in (("pStyle", "paragraph"), ("rStyle", "character"), ("tblStyle", "table"))
        for one in part.iter(f"{W}{tag}")
    }
    assert {(kind, style) for kind, style in used if kinds.get(style) != kind} == set()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_tables_have_as_many_cells_as_columns_end_each_cell_with_a_paragraph_and_do_not_run_together(name: str):
    body = parts(made(name))["word/document.xml"]
    for table in body.iter(f"{W}tbl"):
        columns = len(table.find(f"{W}tblGrid"))
        assert {len(row.findall(f"{W}tc")) for row in table.iter(f"{W}tr")} == {columns}
        assert {named(cell[-1]) for cell in table.iter(f"{W}tc")} == {"p"}
        assert named(table.getnext()) in {"p", "sectPr"}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_paragraph_is_there_for_its_space_alone(name: str):
    in_text = [one for one in paragraphs(made(name)) if named(one.getparent()) != "tc"]
    empty = [one for one in in_text if not "".join(one.itertext()).strip() and one.find(f".//{W}drawing") is None]
    # The head of a first page has none, and a head is made of at least one.
    assert [named(one.getparent()) for one in empty if named(one.getparent()) != "hdr"] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_looks_come_from_styles(name: str):
    body = parts(made(name))["word/document.xml"]
    runs = {named(child) for one in body.iter(f"{W}r") for properties in one.findall(f"{W}rPr") for child in properties}
    of_paragraphs = {named(child) for one in body.iter(f"{W}pPr") for child in one}
    assert runs - {"rStyle", "b", "i"} == set()
    assert of_paragraphs - {"pStyle", "numPr", "keepNext"} == set()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_picture_has_a_number_of_its_own_and_words(name: str):
    body = parts(made(name))["word/document.xml"]
    drawn = [one for one in body.iter() if named(one) == "docPr"]
    assert len({one.get("id") for one in drawn}) == len(drawn)
    assert [one.get("name") for one in drawn if not (one.get("descr") or "").strip()] == []
    assert len(drawn) == {"letter": 0, "memo": 0, "house": 1}.get(name, len(drawn))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_says_its_title_author_and_language_and_nothing_of_the_machine(name: str):
    data = made(name)
    properties = parts(data)["docProps/core.xml"]
    said = {named(one): one.text for one in properties if one.text}
    title = {"letter": "Letter of advice", "report": "Written advice", "memo": "For the advisor alone", "house": "T"}[
        name
    ]
    assert set(said) - {"creator"} == {"title", "language"}
    assert (said["title"].startswith(title), said["language"]) == (True, "en")
    languages = {one.get(f"{W}val") for one in parts(data)["word/styles.xml"].iter(f"{W}lang")}
    assert languages == {"en-US"}
    with zipfile.ZipFile(BytesIO(data)) as archive:
        whole = b"\n".join(archive.read(one) for one in archive.namelist())
        dates = {entry.date_time for entry in archive.infolist()}
    machine = [str(Path.cwd()), str(Path.home()), "Macintosh", "python-docx"]
    assert ([one for one in machine if len(one) > 1 and one.encode() in whole], dates) == ([], {(1980, 1, 1, 0, 0, 0)})


def test_a_title_that_turns_the_direction_of_writing_or_is_too_long_is_told_plainly():
    turning = f"<html lang='en'><head><title>\u2068\u05e9\u202e.exe\u2069 {'w' * 300}</title></head><body><p>x</p></body></html>"
    title = docx.Document(BytesIO(word(turning, WORKSPACE.reports))).core_properties.title
    assert (title[:8], len(title)) == ("\u05e9.exe ww", 255)


def test_a_logo_stands_at_the_right_beside_the_name_of_the_house():
    body = parts(made("house"))["word/document.xml"]
    (anchor,) = (one for one in body.iter() if named(one) == "anchor")
    words = "".join(next(anchor.iterancestors(f"{W}p")).itertext("{*}t"))
    children = "simplePos positionH positionV extent effectExtent wrapSquare docPr cNvGraphicFramePr graphic"
    align = next(one.text for one in anchor.iter() if named(one) == "align")
    assert (words, " ".join(map(named, anchor)), align) == ("House", children, "right")


def test_the_author_is_the_advisor():
    read = docx.Document(BytesIO(made("house")))
    assert read.core_properties.author == "Dr. A. Sample"


def test_a_table_has_a_style_and_a_head_that_is_repeated():
    body = parts(made("memo"))["word/document.xml"]
    styles = [one.get(f"{W}val") for one in body.iter(f"{W}tblStyle")]
    heads = [bool(one.findall(f"{W}tr/{W}trPr/{W}tblHeader")) for one in body.iter(f"{W}tbl")]
    assert (set(styles), len(styles), all(heads)) == ({"AdviceTable"}, len(heads), True)


def test_pages_are_numbered_and_word_opens_the_document_as_one_of_today():
    read = parts(template())
    fields = {
        one.get(f"{W}instr") for name, part in read.items() if "footer" in name for one in part.iter(f"{W}fldSimple")
    }
    modes = {
        one.get(f"{W}val")
        for one in read["word/settings.xml"].iter(f"{W}compatSetting")
        if one.get(f"{W}name") == "compatibilityMode"
    }
    assert (fields, modes) == ({"PAGE", "NUMPAGES"}, {"15"})


def test_fonts_are_those_whose_stand_ins_take_the_same_room():
    used = {
        value
        for fonts in parts(template())["word/styles.xml"].iter(f"{W}rFonts")
        for key, value in fonts.attrib.items()
        if not re.search("theme", key, re.IGNORECASE)
    }
    assert used == {"Arial", "Courier New", "Times New Roman"}
