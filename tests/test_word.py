"""Word documents: made of the page, with Word's own headings, lists and tables, and of one template that an office may change."""

from __future__ import annotations

import base64
import zipfile
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import hypothesis
import pytest
from hypothesis import strategies as st
from markupsafe import escape

from smartpick_expert.diagnostics import Problems
from smartpick_expert.report.formats.blocks import Columns, Paragraph, Run, Table
from smartpick_expert.report.formats.page_blocks import page_of
from smartpick_expert.report.formats.word import CARRIED, MAX_BYTES, as_carried, word
from smartpick_expert.report.formats.word_template import NAME, template
from tests.advised import advice_on
from tests.profiles import WORKSPACE
from tests.test_house import png

REPORTS = WORKSPACE.reports
PAGE = (
    '<html><head><title>T</title><style>{style}</style></head><body><img class="logo" src="{logo}">{body}</body></html>'
)
Runs = tuple[Run, ...]


def page(body: str, style: str = "", logo: str = "") -> str:
    return PAGE.format(body=body, style=style, logo=logo)


def document(body: str, style: str = "", logo: str = "", reports: Path = REPORTS) -> Any:
    """The Word document of a page, read again."""
    return docx.Document(BytesIO(word(page(body, style, logo), reports)))


def lines(read: Any) -> list[tuple[str, str]]:
    """Each paragraph with its style."""
    return [(one.style.name, one.text) for one in read.paragraphs if one.text]


@cache
def advised(persona: str) -> Any:
    return docx.Document(BytesIO(advice_on(persona).made("docx").data))


# --- blocks --------------------------------------------------------------------------------------------------------------


def test_what_a_page_has_becomes_what_a_word_processor_has():
    body = """
    <nav><p>Contents</p></nav><p class="house">House</p><h1>Title</h1><h2>One</h2><p class="about">About it.</p>
    <div class="statement measured"><h4>Said</h4><p>Some <strong>bold</strong> and <em>soft</em> <code>x.y</code>.</p>
      <details class="origin"><summary><span class="mark">Measured</span> <span class="rule">a.b</span></summary>
      <dl><dt>folded</dt></dl></details></div>
    <ol><li>first</li><li>second<ul><li>inner</li></ul></li></ol><ol><li>another<p>and more</p></li></ol>
    <p>a<br>b<span aria-hidden="true">hidden</span></p>
    """
    assert page_of(page(body)).blocks == (
        Paragraph("House", (Run("House"),)),
        Paragraph("Title", (Run("Title"),)),
        Paragraph("Heading 1", (Run("One"),)),
        Paragraph("About", (Run("About it."),)),
        Paragraph("Heading 3", (Run("Said"),)),
        Paragraph(
            "Measured",
            (
                *(Run("Some "), Run("bold", bold=True), Run(" and "), Run("soft", italic=True), Run(" ")),
                *(Run("x.y", code=True), Run(".")),
            ),
        ),
        Paragraph("Mark", (Run("Measured"), Run(" "), Run("· "), Run("a.b"))),
        Paragraph("List Number", (Run("first"),), numbered=1),
        Paragraph("List Number", (Run("second"),), numbered=1),
        Paragraph("List Bullet 2", (Run("inner"),)),
        Paragraph("List Number", (Run("another"),), numbered=2),
        Paragraph("List Continue", (Run("and more"),)),
        Paragraph("Normal", (Run("a"), Run("\n"), Run("b"))),
    )


def test_tables_and_names_with_what_they_mean_become_tables():
    body = """
    <table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>1</td><td><ul><li>x</li><li>y</li></ul></td></tr></tbody></table>
    <dl><div><dt>For</dt><dd>Ann</dd></div><div><dt>On</dt><dd></dd></div></dl>
    """
    found = page_of(page(body)).blocks
    assert found == (
        Table((((Run("A"),), (Run("B"),)),), (((Run("1"),), (Run("x"), Run("\n"), Run("y"))),)),
        Table((), (((Run("For"),), (Run("Ann"),)), ((Run("On"),), ())), is_list=True),
    )


def test_what_stands_side_by_side_becomes_columns_and_what_a_column_cannot_hold_does_not():
    side = '<div class="side for"><h3>{}</h3><ul>{}</ul></div>'
    one, other = side.format("For", "<li>a</li>"), side.format("Against", "<li>b</li>")
    said = [
        (Paragraph("Heading 2", (Run(head),)), Paragraph("List Bullet", (Run(item),)))
        for head, item in (("For", "a"), ("Against", "b"))
    ]
    assert page_of(page(f'<div class="sides">{one}{other}</div>')).blocks == (Columns(tuple(said)),)
    assert page_of(page(f'<div class="sides">{one}<div class="side"></div></div>')).blocks == said[0]
    assert page_of(page(f'<div class="sides">{one}')).blocks == said[0]


def test_a_note_in_a_table_and_the_words_of_a_banner_stand_on_a_line_of_their_own():
    body = """
    <p class="banner"><strong>For the advisor alone</strong> <span>Do not hand it on.</span></p>
    <table class="steps"><tr><td><span>3 March 2027</span> <span class="note">our assumption</span></td></tr></table>
    """
    note = Run("our assumption", aside=True)
    assert page_of(page(body)).blocks == (
        Paragraph("Banner", (Run("For the advisor alone", bold=True), Run("\n"), Run("Do not hand it on."))),
        Table((), (((Run("3 March 2027"), Run("\n"), note),),)),
    )


@pytest.mark.parametrize(("document_", "style"), [("letter", "Normal"), ("memo", "Normal"), ("report", "Measured")])
def test_statements_have_a_line_beside_them_where_they_do_on_a_page(document_: str, style: str):
    body = f'<div class="{document_}"><div class="statement measured"><p>Said.</p></div></div>'
    assert page_of(page(body)).blocks == (Paragraph(style, (Run("Said."),)),)


def test_what_a_step_rests_on_stands_back_in_its_cell():
    body = '<table class="steps"><tr><td><p>Do it.</p><p class="known">This is said.</p></td></tr></table>'
    said = (Run("Do it."), Run("\n"), Run("This is said.", aside=True))
    assert page_of(page(body)).blocks == (Table((), ((said,),)),)


def test_what_is_looked_up_in_an_annex_is_one_small_paragraph_each():
    body = '<ul class="sources"><li><p>Said.</p><p class="reference">A book.</p></li><li><p>More.</p></li></ul>'
    assert page_of(page(body)).blocks == (
        Paragraph("Entry", (Run("Said."), Run(" "), Run("A book.", aside=True))),
        Paragraph("Entry", (Run("More."),)),
    )


def test_what_is_hidden_on_a_page_is_no_part_of_a_document():
    assert page_of(page("<p hidden>open</p><p>x</p>")).blocks == (Paragraph("Normal", (Run("x"),)),)


def test_colours_and_paper_are_the_last_that_the_style_sheet_names():
    style = ":root { --headings: var(--ink); --accent: #111111; } :root { --headings: #003366; }"
    style += " @page { size: A4; } @page { size: letter; }"
    assert page_of(page("", style)).looks == {"headings": "#003366", "accent": "#111111", "paper": "letter"}


@hypothesis.settings(max_examples=60, deadline=None)
@hypothesis.given(st.text(st.sampled_from("<>/abp =\"'&;!-lituordh "), max_size=80))
def test_no_page_is_too_broken_to_be_read(text: str):
    assert "<" not in "".join(b.style for b in page_of(text).blocks if isinstance(b, Paragraph))


# --- in Word -------------------------------------------------------------------------------------------------------------


def test_the_document_has_the_headings_lists_and_tables_of_word():
    read = document(
        "<h1>T</h1><h2>One</h2><ul><li>a</li></ul><table><tr><td>x</td><td>y</td></tr></table><p>End &lt;b&gt; {{ 7 * 7 }}</p>"
    )
    assert lines(read) == [
        ("Title", "T"),
        ("Heading 1", "One"),
        ("List Bullet", "a"),
        ("Normal", "End <b> {{ 7 * 7 }}"),
    ]
    assert [[cell.text for cell in row.cells] for table in read.tables for row in table.rows] == [["x", "y"]]


def test_each_numbered_list_begins_at_one():
    read = document("<ol><li>a</li><li>b</li></ol><p>between</p><ol><li>c</li></ol>")
    numbers = [one._p.pPr.numPr.numId.val for one in read.paragraphs if one.style.name == "List Number"]
    numbering = read.part.numbering_part.numbering_definitions._numbering
    starts = [numbering.num_having_numId(n).lvlOverride_lst[0].startOverride.val for n in numbers]
    assert (numbers[0] == numbers[1] != numbers[2], starts) == (True, [1, 1, 1])


def test_the_head_of_a_table_is_repeated_on_every_page():
    read = document("<table><thead><tr><th>A</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>")
    assert [bool(row._tr.xpath("./w:trPr/w:tblHeader")) for row in read.tables[0].rows] == [True, False]


def test_no_row_of_a_table_breaks_within():
    rows = [row for table in advised("premed").tables for row in table.rows]
    assert [row for row in rows if "w:cantSplit" not in row._tr.xml] == []


def test_a_letter_without_a_name_has_a_line_to_sign_on():
    read = document('<div class="signed"><p class="line"> </p><p class="role">Name of your advisor</p></div>')
    assert [text for _, text in lines(read)] == ["_" * 32, "Name of your advisor"]


def test_the_house_style_goes_over_the_template():
    logo = f"data:image/png;base64,{base64.b64encode(png()).decode()}"
    read = document("<h1>T</h1>", ":root { --headings: #003366; --accent: #660000; } @page { size: letter; }", logo)
    section = read.sections[0]
    assert str(read.styles["Heading 1"].font.color.rgb) == "003366"
    line = read.styles["Measured"].element.find(".//{*}left")
    assert line.get(line.nsmap["w"].join("{}") + "color") == "660000"
    assert (round(section.page_width.inches, 2), round(section.page_height.inches, 2)) == (8.5, 11)
    assert [part for part in read.part.package.iter_parts() if part.partname.startswith("/word/media")] != []


def test_a_word_document_says_what_the_page_says():
    read = advised("graduate_needing_visa")
    said = "\n".join(
        [*(one.text for one in read.paragraphs), *(c.text for t in read.tables for r in t.rows for c in r.cells)]
    )
    words, given = " ".join(said.split()), advice_on("graduate_needing_visa").given
    # On paper; what a page for screens says besides is held against it elsewhere.
    shown = advice_on("graduate_needing_visa").document("pdf")
    texts = [one.text for one in given.statements if escape(one.text) in shown]
    assert ([text for text in texts if " ".join(text.split()) not in words], len(texts) > 50) == ([], True)
    assert [a.action.title for a in given.actions if a.action.title not in words] == []


def test_what_speaks_for_and_against_stands_side_by_side():
    body = '<div class="sides"><div class="side"><h3>For</h3><p>a</p></div><div class="side"><h3>Against</h3><p>b</p></div></div>'
    (table,) = document(body).tables
    cells = [[(one.style.name, one.text) for one in cell.paragraphs] for cell in table.rows[0].cells]
    assert (table.style.name, cells) == (
        "Advice Columns",
        [[("Heading 2", "For"), ("Normal", "a")], [("Heading 2", "Against"), ("Normal", "b")]],
    )


def test_many_short_names_with_what_they_mean_stand_two_in_a_row():
    names = "".join(f"<div><dt>n{number}</dt><dd>m{number}</dd></div>" for number in range(5))
    (table,) = document(f"<dl>{names}</dl>").tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["n0", "m0", "n1", "m1"],
        ["n2", "m2", "n3", "m3"],
        ["n4", "m4", "", ""],
    ]


def test_the_same_page_makes_the_same_bytes():
    assert word(page("<p>Words.</p>"), REPORTS) == word(page("<p>Words.</p>"), REPORTS)


def test_what_xml_cannot_hold_is_left_out():
    assert lines(document("<p>a\x00b\x0bc\ufffed\U0001f600</p>")) == [("Normal", "abcd\U0001f600")]


# --- the template --------------------------------------------------------------------------------------------------------


def test_the_template_that_is_shipped_is_the_one_that_the_module_makes():
    assert (REPORTS / NAME).read_bytes() == template()


def with_template(folder: Path, change: Any) -> Path:
    """A folder with a template in which the text of the document's part is changed."""
    made, stream = zipfile.ZipFile(BytesIO(template())), BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in made.namelist():
            data = made.read(name)
            archive.writestr(name, change(data.decode()).encode() if name == "word/document.xml" else data)
    (folder / NAME).write_bytes(stream.getvalue())
    return folder


def test_a_template_of_ones_own_is_used_and_so_is_one_that_a_record_carries(tmp_path: Path):
    with_template(
        tmp_path, lambda text: text.replace("{{ logo }}", "Own words").replace("{%p if logo %}", "{%p if 1 %}")
    )
    own = word(page("<p>x</p>"), tmp_path)
    carried = tmp_path / "again"
    carried.mkdir()
    (carried / CARRIED).write_text(as_carried((tmp_path / NAME).read_bytes()), encoding="utf-8")
    assert lines(docx.Document(BytesIO(own))) == [("Logo", "Own words"), ("Normal", "x")]
    assert word(page("<p>x</p>"), carried) == own


def test_what_word_writes_of_a_template_is_not_said_of_what_is_made_by_it(tmp_path: Path):
    own = docx.Document(BytesIO(template()))
    own.core_properties.last_modified_by, own.core_properties.comments = "A. Clerk", "Draft"
    for related in own.part.package.rels.values():
        if related.reltype.endswith("/extended-properties"):
            related.target_part._blob = b"<Properties><Company>Somebody else</Company></Properties>"
    own.save(str(tmp_path / NAME))
    with zipfile.ZipFile(BytesIO(word(page("<p>x</p>"), tmp_path))) as made:
        said = b"".join(made.read(name) for name in made.namelist() if name.startswith("docProps/"))
    assert [word for word in (b"Clerk", b"Draft", b"Somebody") if word in said] == []


BAD = {
    "no zip": (lambda folder: (folder / NAME).write_bytes(b"words"), "it cannot be read"),
    "another zip": (lambda folder: _zip(folder, {"a.txt": "a"}), "it is no Word document"),
    "half a document": (lambda folder: _zip(folder, {"word/document.xml": "<a/>"}), "cannot be filled in"),
    "too large": (
        lambda folder: _zip(folder, {"word/document.xml": " " * (60_000_000)}),
        "it is larger than any template",
    ),
    "a name that is not there": (
        lambda folder: with_template(
            folder, lambda text: text.replace("{{ logo }}", "{{ nothing }}").replace("if logo", "if 1")
        ),
        "'nothing' is undefined",
    ),
    "Python's internals": (
        lambda folder: with_template(
            folder, lambda text: text.replace("{{ logo }}", "{{ title.__class__ }}").replace("if logo", "if 1")
        ),
        "is unsafe",
    ),
    "no end": (
        lambda folder: with_template(
            folder, lambda text: text.replace("{{ logo }}", "{{ 'a' * 9999999999 }}").replace("if logo", "if 1")
        ),
        "has no end",
    ),
    "no template": (
        lambda folder: with_template(folder, lambda text: text.replace("{{ logo }}", "{{ logo")),
        "cannot be filled in",
    ),
}


def _zip(folder: Path, files: dict[str, str]) -> None:
    with zipfile.ZipFile(folder / NAME, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    assert (folder / NAME).stat().st_size < MAX_BYTES


@pytest.mark.parametrize("name", BAD)
def test_a_broken_template_is_told(tmp_path: Path, name: str):
    make, message = BAD[name]
    make(tmp_path)
    with pytest.raises(Problems) as caught:
        word(page("<p>x</p>"), tmp_path)
    found = caught.value.diagnostics[0]
    assert (str(found.location), found.code, message in found.message) == (f"reports/{NAME}", "report.word", True), (
        found.message
    )


# --- pictures ------------------------------------------------------------------------------------------------------------

DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="560" viewBox="0 0 560 40"><title>A bar</title>'
    '<desc>It is &lt;half&gt; full.</desc><rect width="280" height="40"/></svg>'
)


def test_a_drawing_becomes_a_picture_with_its_caption_and_its_words():
    folded = "<details class='numbers'><summary>The same as a table</summary></details>"
    read = document(f"<figure class='drawing both'><figcaption>Caption.</figcaption>{DRAWING}{folded}</figure>")
    (picture,) = read.inline_shapes
    described = [one.get("descr") for one in read.element.body.iter("{*}docPr")]
    assert (lines(read), described) == ([("Caption", "Caption.")], ["A bar. It is <half> full"])
    assert (round(picture.width.mm), round(picture.height.mm, 1)) == (151, 10.8)


def test_a_logo_that_is_an_svg_becomes_a_picture_too():
    logo = f"data:image/svg+xml;base64,{base64.b64encode(DRAWING.encode()).decode()}"
    read = document("<p class='house'>House</p>", logo=logo)
    described = [one.get("descr") for one in read.element.body.iter("{*}docPr")]
    assert (described, len(list(read.element.body.iter("{*}blip")))) == (["House"], 1)


def test_the_drawings_of_an_advice_are_all_in_its_word_document():
    shown = advice_on("graduate_needing_visa").document("html").count("<svg")
    assert (len(advised("graduate_needing_visa").inline_shapes), shown > 2) == (shown, True)
