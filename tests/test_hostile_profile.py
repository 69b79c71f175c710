"""A profile full of markup, templates, formulas, writing from right to left and words without an end: safe and legible in every format."""

from __future__ import annotations

import json
from copy import deepcopy
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import docx
import openpyxl
import pypdf
import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt

from smartpick_expert.advice import Advice, advise
from smartpick_expert.cli.main import main
from smartpick_expert.report.directions_of_writing import isolated
from smartpick_expert.report.documents import DOCUMENTS, Document
from smartpick_expert.report.formats.pdf import pdf
from tests.advised import advice_on, day_of, persona_data
from tests.installed import needs
from tests.profiles import WORKSPACE

PERSONA: Final = "graduate_needing_visa"
MARKUP: Final = '<script>alert(1)</script><img src=x onerror="alert(1)">&amp;'
TEMPLATE: Final = "{{ 7 * 7 }}{% for a in b %}{%p endfor %}{{r x }}{%tr endfor %}"
TURNING: Final = "\u05e9\u05dc\u05d5\u05dd \u202etxt.exe"
TEXTS: Final = (f"=HYPERLINK(A1) {MARKUP}", TEMPLATE, TURNING, "W" * 900, "@SUM(A1)", "-1+1", "[a](javascript:b) **c**")
# Fields of which a profile may hold any text, by section.
OPEN: Final = (("applicant", "label"), ("letter", "writer"), ("letter", "institution"), ("experience", "site"))


def profile(label: str) -> str:
    """The persona's profile with hostile texts wherever it may hold any."""
    data = deepcopy(persona_data(PERSONA))
    texts = iter((label, *(TEXTS * 5)))
    for section, field in OPEN:
        entries = data[section] if isinstance(data[section], list) else [data[section]]
        for entry in entries:
            if field in entry:
                entry[field] = next(texts)
    return json.dumps(data, ensure_ascii=False, default=str)


@cache
def hostile(label: str = TEXTS[0]) -> Advice:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "hostile.json"
        path.write_text(profile(label), encoding="utf-8")
        return advise(path, WORKSPACE, day_of(PERSONA), "plain")


class Seen(HTMLParser):
    """The tags and attributes of a page, without what its values are."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, tuple(name for name, _ in attrs)))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_page_has_the_elements_of_a_harmless_one(document: Document):
    tags = Seen(hostile().document("html", document)).tags
    assert tags == Seen(advice_on(PERSONA).document("html", document)).tags
    assert [tag for tag, _ in tags if tag == "img"] == []


def test_markdown_has_no_markup_of_the_profile():
    tokens = MarkdownIt("commonmark").enable("table").parse(hostile().document("md"))
    links = [
        one.attrs
        for token in tokens
        for one in token.children or ()
        if one.type in {"link_open", "image", "html_inline"}
    ]
    assert [one for one in links if "javascript" in str(one) or not one] == []


def test_what_runs_from_right_to_left_is_kept_to_itself():
    assert isolated("plain") == "plain"
    assert isolated(TURNING) == f"\u2068{TURNING}\u2069"
    assert isolated("\u2069a\u2067b\u05d0") == "\u2068a\u2067b\u05d0\u2069\u2069"
    assert isolated(TURNING) in hostile().document("html")


@needs("docx")
def test_a_word_document_holds_the_texts_as_texts():
    read = docx.Document(BytesIO(hostile().made("docx").data))
    said = "\n".join(
        [*(one.text for one in read.paragraphs), *(c.text for t in read.tables for r in t.rows for c in r.cells)]
    )
    wanted = [text for text in TEXTS if " ".join(text.split()) not in " ".join(said.split())]
    assert [text for text in wanted if not isolated(text).startswith("\u2068") or isolated(text) not in said] == []


@needs("docx")
def test_a_workbook_holds_no_formula():
    book = openpyxl.load_workbook(BytesIO(hostile().made("xlsx").data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert TEXTS[0] in [cell.value for cell in book["About"]["B"]]


def test_a_calendar_names_nobody_and_has_one_event_for_each_day():
    made, harmless = (one.document("ics") for one in (hostile(), advice_on(PERSONA)))
    assert (made.count("BEGIN:VEVENT"), "script" in made) == (harmless.count("BEGIN:VEVENT"), False)


@needs("pdf")
def test_a_letter_as_pdf_stays_on_its_pages_and_runs_nothing():
    read = pypdf.PdfReader(BytesIO(hostile("W" * 1_000).made("pdf", Document.LETTER).data))
    outward = [
        one.get_object()
        for page in read.pages
        for one in page.get("/Annots", [])
        if "/URI" in str(one.get_object().get("/A", ""))
    ]
    root = read.trailer["/Root"]
    assert (outward, "/OpenAction" in root, "/JavaScript" in str(root.get("/Names", ""))) == ([], False, False)
    assert len(read.pages) <= 2


@needs("pdf")
def test_a_word_of_ten_thousand_letters_is_broken_into_lines():
    page = "<html lang=en><title>T</title><style>p { overflow-wrap: anywhere }</style><p>" + "W" * 10_000
    read = pypdf.PdfReader(BytesIO(pdf(page)))
    lines = [line for one in read.pages for line in one.extract_text().splitlines()]
    assert (sum(line.count("W") for line in lines), max(map(len, lines)) < 200) == (10_000, True)


def test_a_name_of_ten_thousand_letters_is_refused_with_its_place(tmp_path: Path):
    path = tmp_path / "long.json"
    path.write_text(profile("W" * 10_000), encoding="utf-8")
    result = CliRunner().invoke(
        main, ["advise", str(path), "--out", str(tmp_path / "out"), "--format", "html,pdf,docx"]
    )
    assert (result.exit_code, (tmp_path / "out").exists()) == (1, False)
    assert f"{path}:1:" in result.stderr
    assert max(map(len, result.stderr.splitlines())) < 400
