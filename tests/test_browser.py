"""The documents as a person sees them: in a browser, wide, on a telephone and on paper, in light and dark, by keyboard alone.

`make test-browser` runs these; they take a Chromium and half a minute, so the other tests leave them out.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Self

import pytest

from smartpick_expert.advice import advise
from smartpick_expert.explain.told import in_documents
from smartpick_expert.explain.tree import Node
from smartpick_expert.report.answers import Answers, answers_of
from smartpick_expert.report.documents import Document
from smartpick_expert.report.why_nots import why_nots_of
from tests.advised import advice_on, traces_on
from tests.profiles import WORKSPACE

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
)
if not os.environ.get("SMARTPICK_BROWSER"):
    pytest.skip("in a browser: 'make test-browser' runs these", allow_module_level=True)
if not CHROMIUM:
    pytest.skip("there is no Chromium here: 'apt install chromium' on Debian", allow_module_level=True)
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install '.[browser]'")
axe = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="axe is not installed: pip install '.[browser]'"
)

SIZES = {"desktop": (1280, 900), "telephone": (390, 844), "print": (794, 1123)}
# Each document of a persona with much to tell, the report of one with little, and a list of programs.
DOCUMENTS = {
    "letter": ("high_risk", Document.LETTER),
    "report": ("high_risk", Document.REPORT),
    "memo": ("high_risk", Document.MEMO),
    "open": ("half_unknown", Document.REPORT),
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("documents")
    paths = {}
    for name, (persona, document) in DOCUMENTS.items():
        paths[name] = folder / f"{name}.html"
        paths[name].write_text(advice_on(persona).document("html", document), "utf-8")
    return paths


class Opened:
    """A page with everything that it complained of."""

    def __init__(self, browser: Any, path: Path, size: str, scheme: str = "light", *, scripts: bool = True) -> None:
        width, height = SIZES[size]
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, java_script_enabled=scripts, offline=True
        )
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on(
            "console", lambda one: self.complaints.append(one.text) if one.type in ("error", "warning") else None
        )
        self.page.on("pageerror", lambda one: self.complaints.append(str(one)))
        self.page.on(
            "request", lambda one: self.complaints.append(one.url) if not one.url.startswith("file:") else None
        )
        if size == "print":
            self.page.emulate_media(media="print", color_scheme=scheme)
        self.page.goto(path.as_uri())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()


def violations(page: Any) -> list[tuple[str, list[str]]]:
    # The page lets no script run but its own; axe is put in by the browser itself, past that rule.
    found = axe.Axe().run(page).response["violations"]
    return [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found]


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize(
    ("size", "scheme"), [*((size, "light") for size in SIZES), ("desktop", "dark"), ("telephone", "dark")]
)
def test_a_document_can_be_read_by_everybody(browser, pages, name: str, size: str, scheme: str):
    with Opened(browser, pages[name], size, scheme) as opened:
        opened.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        wide = opened.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (violations(opened.page), opened.complaints, wide) == ([], [], 0)


@pytest.mark.parametrize("name", ["report", "open"])
def test_no_word_of_a_drawing_lies_over_another_with_the_fonts_of_this_machine(browser, pages, name: str):
    script = """() => [...document.querySelectorAll('.drawing svg')].flatMap(svg => {
        const boxes = [...svg.querySelectorAll('text')].map(one => [one.textContent, one.getBBox()]);
        const frame = svg.viewBox.baseVal, found = [];
        boxes.forEach(([words, a], at) => {
            const right = a.x + a.width;
            if (a.x !== 0 && Math.min(a.x, frame.width + .5 - right) < -.5) { found.push(words); }
            boxes.slice(at + 1).forEach(([others, b]) => {
                const inside = .25 * Math.min(a.height, b.height);
                if (a.x < b.x + b.width && b.x < right && a.y + inside < b.y + b.height && b.y + inside < a.y + a.height) {
                    found.push(words + ' / ' + others);
                }
            });
        });
        return found;
    })"""
    with Opened(browser, pages[name], "desktop") as opened:
        assert opened.page.evaluate(script) == []


def shown(page: Any) -> list[str]:
    """The answer, as a person would read it: every line, the outermost first."""
    return page.evaluate(
        "[...document.querySelectorAll('#inquire .answer .tree :is(.line, .more, summary)')].map(one => one.textContent)"
    )


def lines_of(node: Node) -> list[str]:
    return [*node.lines, *(line for child in node.children for line in lines_of(child))]


def test_the_box_is_used_by_keyboard_alone_and_answers_as_the_commands_do(browser, pages):
    with Opened(browser, pages["report"], "desktop") as opened:
        page = opened.page
        page.locator("#inquire input[type=radio]").first.focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "ask-words"
        page.keyboard.type("bucket[name=high_risk]")
        assert page.locator("#ask-status").text_content() == "1 question."
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.textContent") == "Why: bucket: high risk"
        answers = answers_on("high_risk")
        question = next(one for one in answers.questions if one.name == "bucket[name=high_risk]")
        assert sorted(shown(page)) == sorted(line for root in question.roots for line in lines_of(answers.tree(root)))
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Shift+Tab")
        assert opened.complaints == []


def answers_on(persona: str) -> Answers:
    trace = in_documents(traces_on(persona)[-1], WORKSPACE)
    return answers_of(trace, why_nots_of(advice_on(persona).told.shown, WORKSPACE).asked, WORKSPACE, told=True)


@pytest.mark.parametrize(("kind", "words"), [("why-not", "known quantity"), ("what-if", "")])
def test_the_box_answers_why_not_and_what_if(browser, pages, kind: str, words: str):
    with Opened(browser, pages["report"], "telephone") as opened:
        page = opened.page
        page.locator(f"#inquire input[value={kind}]").check()
        page.locator("#ask-words").fill(words)
        page.locator("#ask-found button").first.click()
        assert len(shown(page)) > 1
        assert violations(page) == []
        assert opened.complaints == []


def test_a_mark_in_the_text_leads_to_its_answer(browser, pages):
    with Opened(browser, pages["report"], "desktop") as opened:
        page = opened.page
        page.locator(".statement .origin summary").first.click()
        link = page.locator(".statement .origin [data-ask]").first
        name = link.get_attribute("data-ask")
        link.click()
        assert page.evaluate("document.activeElement.textContent").startswith("Why: ")
        assert any(name.partition("[")[0] in line for line in shown(page))


def test_without_scripts_the_answers_that_matter_most_are_a_list(browser, pages):
    with Opened(browser, pages["report"], "desktop", scripts=False) as opened:
        page = opened.page
        assert page.locator("#inquire .with-script").is_hidden()
        assert page.locator("#inquire .without-script summary").first.is_visible()


def test_what_an_applicant_writes_is_never_run(browser, tmp_path: Path):
    text = (WORKSPACE.personas / "high_risk.yaml").read_text("utf-8")
    hostile = "</script><script>document.title='run'</script><img src=x onerror=document.title='run'>"
    text = text.replace(
        "experience:\n", f"experience:\n  - {{id: other, site: {json.dumps(hostile)}, weeks: 2, hands_on: no}}\n", 1
    )
    assert hostile in text
    profile, page_file = tmp_path / "hostile.yaml", tmp_path / "hostile.html"
    profile.write_text(text, "utf-8")
    page_file.write_text(advise(profile, WORKSPACE, date(2026, 7, 6), "plain").document("html"), "utf-8")
    with Opened(browser, page_file, "desktop") as opened:
        page = opened.page
        page.locator("#ask-words").fill(hostile)
        assert page.locator("#ask-status").text_content().startswith("Nothing of that name")
        page.locator("#ask-words").fill("other")
        page.locator("#ask-found button").first.click()
        assert hostile in page.locator("#given").text_content()
        assert page.title().startswith("Written advice")
        assert opened.complaints == []
