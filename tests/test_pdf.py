"""PDF: tagged, numbered, fetched from nowhere, the same bytes for the same document, and told apart in a replay."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
import pytest
from click.testing import CliRunner, Result
from markupsafe import escape

from smartpick_expert.audit.digests import digest
from smartpick_expert.audit.inputs import workspace_files
from smartpick_expert.audit.record import LaidOut, Record
from smartpick_expert.cli.main import main
from smartpick_expert.diagnostics import Problems
from smartpick_expert.replay import Runner
from smartpick_expert.report.formats import extras
from smartpick_expert.report.formats.laid_out import Made
from smartpick_expert.report.formats.pdf import pdf
from tests.advised import PERSONAS, advice_on, without_explanations
from tests.installed import needs
from tests.pages import BODY, WHOLE, advice_with_programs, measured, printed
from tests.profiles import WORKSPACE

PERSONA = "premed"
pytestmark = needs("pdf")
PAGE = """<!DOCTYPE html><html lang="en"><head><title>T</title><style>@page {{ size: {} }}</style></head><body>{}</body></html>"""


@cache
def made() -> Made:
    """The PDF of a persona's advice."""
    return advice_on(PERSONA).made("pdf")


@cache
def pages() -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(made().data))


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


# What stands at the head and the foot of a page, which parts a sentence that goes on over it.
AROUND = re.compile(
    r"SmartPick Expert(?= Advice on)|Advice on the way to US residency, 10 September 2026|"
    r"No promise of a match, and no legal or immigration advice|Page [0-9]+ of [0-9]+"
)


def words(reader: pypdf.PdfReader) -> str:
    """All that is printed, save heads and feet, with one blank between words."""
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    return " ".join(AROUND.sub("", text).split())


def test_a_pdf_is_tagged_and_says_its_title_and_language():
    root: Any = pages().trailer["/Root"]
    about = pages().metadata
    assert (root["/MarkInfo"]["/Marked"], str(root["/Lang"]), "/StructTreeRoot" in root) == (True, "en", True)
    assert about is not None
    assert (about.title or "").startswith("Written advice: Fictional persona")


def test_every_page_has_its_number_and_those_after_the_first_a_head():
    texts = [" ".join(page.extract_text().split()) for page in pages().pages]
    count = len(texts)
    assert [f"Page {number} of {count}" in text for number, text in enumerate(texts, start=1)] == [True] * count
    assert ["Advice on the way to US residency, 10 September 2026" in text for text in texts[1:]] == [True] * (
        count - 1
    )


def test_a_pdf_says_what_the_page_says():
    laid_out, page, view = words(pages()).replace(" ", ""), printed(advice_on(PERSONA)), advice_on(PERSONA).given
    texts = [one.text for one in view.statements if escape(one.text) in page]
    texts += [advised.action.title for advised in view.actions]
    assert ([text for text in texts if "".join(text.split()) not in laid_out], len(texts) > 5) == ([], True)


def test_the_same_document_makes_the_same_bytes():
    page = PAGE.format("A4", "<h1>Head</h1><p>Words.</p>")
    assert pdf(page) == pdf(page)


@pytest.mark.parametrize(("size", "box"), [("a4", (595, 842)), ("letter", (612, 792))])
def test_the_paper_is_the_one_that_is_named(size: str, box: tuple[int, int]):
    page = pypdf.PdfReader(BytesIO(pdf(PAGE.format(size, "<p>Words.</p>")))).pages[0]
    assert (round(page.mediabox.width), round(page.mediabox.height)) == box


def test_what_would_be_said_in_the_room_is_as_wide_as_the_page_whatever_the_sides():
    # Too many for the rest of a page: there a grid with one side became a letter wide.
    style = "".join(text_of(WORKSPACE.reports / name) for name in ("style.css", "print.css"))
    said = "By the article's report it lowers a name where nobody present knows the school."
    voices = f'<div class="voices"><h3>Against you</h3>{f"<p>{said}</p>" * 60}</div>'
    page = PAGE.format("A4", f'<style>{style}</style><div class="room">{voices}</div>')
    reader = pypdf.PdfReader(BytesIO(pdf(page)))
    assert (len(reader.pages), words(reader).count(said)) == (2, 60)


# --- how long it is ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("persona", ["high_risk", "graduate_needing_visa"])
def test_the_longest_reports_keep_to_their_pages_and_waste_none(persona: str):
    found = measured(printed(advice_with_programs(persona)))
    assert (found.body <= BODY, found.pages <= WHOLE, found.wasted) == (True, True, ()), found


@pytest.mark.parametrize("persona", PERSONAS)
def test_paper_says_every_statement_that_the_page_says_each_with_its_code(persona: str):
    advice = advice_on(persona)
    page, paper = without_explanations(advice.document("html")), without_explanations(printed(advice))
    # On paper nothing can be asked.
    page = re.sub(r'<section id="inquire".*?</section>', "", page, flags=re.DOTALL)
    said = [one for one in advice.given.statements if escape(one.text) in page]
    assert [one.id for one in said if escape(one.text) not in paper] == []
    codes = {number for one in said for number in one.origin.firings}
    assert [number for number in codes if f'<a href="#{number}">{number}</a>' not in paper] == []
    assert re.findall('id="(F[0-9]+)"', paper) == re.findall('id="(F[0-9]+)"', page)


def test_the_contents_give_the_pages_that_the_bookmarks_lead_to():
    reader = pages()
    titles = {entry.title: reader.get_destination_page_number(entry) for entry in outline(reader.outline)}
    contents = " ".join(reader.pages[0].extract_text().split())
    assert {"What to do", "How to read this", "Annex A: What you told us", "Annex C: Every rule that fired"} <= set(
        titles
    )
    for title, number in titles.items():
        if title.startswith(("What to do", "How to", "Annex")):
            assert re.search(rf"{re.escape(title)} ?[. ]+{(number or 0) + 1}\b", contents), (title, number, contents)


def outline(entries: Any) -> Iterator[Any]:
    """The bookmarks of a document, those below others too."""
    for entry in entries:
        if isinstance(entry, list):
            yield from outline(entry)
        else:
            yield entry


@pytest.mark.parametrize("address", ["https://example.org/a.png", "seal.png", "file:///etc/hostname"])
def test_a_document_fetches_nothing(address: str):
    with pytest.raises(Problems) as caught:
        pdf(PAGE.format("A4", f'<p>Words.</p><img src="{address}" alt="">'))
    assert [one.code for one in caught.value.diagnostics] == ["report.fetches"]
    assert address.removeprefix("file:///") in caught.value.diagnostics[0].message


# --- without the library -------------------------------------------------------------------------------------------------


def asked_for(folder: Path, formats: str) -> Result:
    """`smartpick advise` on a persona for these formats."""
    persona = str(WORKSPACE.personas / f"{PERSONA}.yaml")
    return CliRunner().invoke(
        main, ["advise", persona, "--out", str(folder), "--format", formats, "--as-of", "2026-09-10"]
    )


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ImportError("none"), "Run: pip install 'smartpick-expert[pdf]'"),
        (OSError("cannot load library 'libpango-1.0-0'"), "apt install libpango-1.0-0"),
    ],
)
def test_what_is_missing_is_told_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
):
    def missing(name: str) -> Any:
        if name == "weasyprint":
            raise error
        return importlib.import_module(name)

    monkeypatch.setattr(extras.importlib, "import_module", missing)  # type: ignore[attr-defined]
    result = asked_for(tmp_path / "out", "html,pdf")
    assert (result.exit_code, said in result.stderr, (tmp_path / "out").exists()) == (1, True, False)


# --- made again ----------------------------------------------------------------------------------------------------------


@cache
def record() -> Record:
    return advice_on(PERSONA).record({"advice.pdf": made(), "advice.md": advice_on(PERSONA).document("md")})


FILES = workspace_files(WORKSPACE)


def test_a_pdf_is_made_again_byte_for_byte_on_the_same_machine():
    with Runner("plain") as runner:
        found = runner.replay(record(), FILES)
    assert (found.same_documents, found.same_content, found.laid_out, found.is_same) == (
        {"advice.md": True, "advice.pdf": True},
        {"advice.pdf": True},
        {},
        True,
    )


def test_other_bytes_of_the_same_content_are_told_apart_from_another_content(monkeypatch: pytest.MonkeyPatch):
    then = record().envelope
    elsewhere = replace(
        then,
        documents={**then.documents, "advice.pdf": digest("other bytes")},
        laid_out={"advice.pdf": LaidOut(then.laid_out["advice.pdf"].source_sha256, "weasyprint 69.0")},
    )
    monkeypatch.setattr(
        "smartpick_expert.replay.made_from", lambda text, form, _: made() if form == "pdf" else Made(text.encode())
    )
    with Runner("plain") as runner:
        found = runner.replay(replace(record(), envelope=elsewhere), FILES)
        other = replace(elsewhere, laid_out={"advice.pdf": LaidOut(digest("other words"), "weasyprint 69.0")})
        changed = runner.replay(replace(record(), envelope=other), FILES)
    assert (found.same_documents["advice.pdf"], found.same_content, found.is_same) == (
        False,
        {"advice.pdf": True},
        True,
    )
    assert found.laid_out["advice.pdf"].startswith("laid out by weasyprint 69.0 then, by weasyprint ")
    assert (changed.same_content, changed.is_same) == ({"advice.pdf": False}, False)
