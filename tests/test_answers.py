"""Origin on the spot: every statement says where it comes from, and the box answers what the commands answer, and nothing more."""

from __future__ import annotations

import json
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from smartpick_expert.advice import Advice
from smartpick_expert.audit.made_from import template_files
from smartpick_expert.explain.names import find
from smartpick_expert.explain.told import in_documents
from smartpick_expert.explain.tree import Node
from smartpick_expert.explain.why import why
from smartpick_expert.explain.why_not import why_not_conclusion, why_not_rule
from smartpick_expert.explain.why_not_names import AskedRule, read_asked
from smartpick_expert.explain.why_not_text import tree_lines
from smartpick_expert.explain.why_text import tree_of
from smartpick_expert.report.answers import WHY, WHY_NOT, Answers, answers_of
from smartpick_expert.report.documents import Document
from smartpick_expert.report.why_nots import WhyNotRun, why_nots_of
from tests.advised import advice_of, advice_on, persona_data, traces_of, traces_on
from tests.profiles import WORKSPACE

# The letter and the memo have no annex to lead to; all three say the same five things.
ROWS = {"Rule", "Section left out", "From", "With", "Resting on", "Standing", "As of"}
ALWAYS = {"Standing", "As of"}
MOST = 400_000


@cache
def answers_on(persona: str) -> Answers:
    """The answers of the applicant's report."""
    trace = in_documents(traces_on(persona)[-1], WORKSPACE)
    return answers_of(trace, why_nots_of(advice_on(persona).told.shown, WORKSPACE).asked, WORKSPACE, told=True)


# What a step tells of itself beside what its reasons rest on.
OF_STEPS = {"Would change", "Takes", "Costs", "Order", "By", "Time", "Cost"}


class Statements(HTMLParser):
    """Each statement of a page, with the rows that its mark folds out."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.rows: dict[str, set[str]] = {}
        self.is_row = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("meta", "link", "br", "wbr", "img", "input", "rect", "line", "circle", "path"):
            return
        of = dict(attrs).get("data-statement") or (self.open[-1][1] if self.open else "")
        self.open.append((tag, of))
        if of:
            self.rows.setdefault(of, set())
        self.is_row = tag == "dt"

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass
        self.is_row = False

    def handle_data(self, data: str) -> None:
        if self.is_row and self.open and self.open[-1][1]:
            self.rows[self.open[-1][1]].add(data)


@pytest.mark.parametrize("document", Document)
@pytest.mark.parametrize("persona", ["high_risk", "half_unknown", "graduate_needing_visa"])
def test_every_statement_of_every_document_folds_out_where_it_comes_from(persona: str, document: Document):
    advice = advice_on(persona)
    rows = Statements(advice.document("html", document)).rows
    view = advice.view if document is Document.MEMO else advice.given
    by_id = {one.id: one for one in view.statements}
    for name, found in rows.items():
        if name.startswith("disagreement."):
            continue
        origin = by_id[name].origin
        wanted = ALWAYS | ({"Rule"} if origin.rule else {"Section left out"})
        wanted |= ({"From"} if origin.facts else set()) | ({"Resting on"} if origin.sources else set())
        assert (name, wanted - found, found - ROWS - OF_STEPS) == (
            name,
            set(),
            set(),
        )
    assert rows


def embedded(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="answers">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


def plain(node: Node) -> Node:
    """A tree without what only a command can do."""
    lines = tuple(line.replace(" (--full)", "").replace(", or add --full", "") for line in node.lines)
    return Node(lines, tuple(map(plain, node.children)))


def flat(node: Node, depth: int = 0) -> list[str]:
    return [f"{'  ' * depth}{node.lines[0]}", *(line for child in node.children for line in flat(child, depth + 1))]


@pytest.mark.parametrize("persona", ["excellent_file", "high_risk"])
def test_why_is_answered_as_the_command_answers_it(persona: str):
    answers = answers_on(persona)
    trace = in_documents(traces_on(persona)[-1], WORKSPACE)
    questions = [one for one in answers.questions if one.kind == WHY]
    # Every statement that the applicant is told, and everything that was concluded.
    assert {one.id for one in trace.statements} <= {one.name for one in questions}
    assert {one.id for one in trace.facts if one.certain and one.supply == "rules"} <= {one.name for one in questions}
    for one in questions[::7]:
        told = [plain(node) for node in tree_of(why(find(one.name, trace), trace))]
        assert (one.name, [answers.tree(root) for root in one.roots]) == (one.name, told)


def test_why_not_is_answered_as_the_command_answers_it():
    advice = advice_on("excellent_file")
    trace = traces_on("excellent_file")[0]
    answers = answers_of(trace, why_nots_of(advice.run.shown, WORKSPACE).asked, WORKSPACE, told=False)
    questions = [one for one in answers.questions if one.kind == WHY_NOT]
    fired = {one.rule for one in trace.firings if one.certain}
    live = set(advice.run.shown.derivation.rules)
    assert {one.name for one in questions} >= live - fired
    for one in questions[::5]:
        asked = read_asked(one.name, WORKSPACE)
        found = (
            why_not_rule(asked.id, advice.run.shown, WORKSPACE)
            if isinstance(asked, AskedRule)
            else why_not_conclusion(asked.type, asked.fields, advice.run.shown, WORKSPACE)
        )
        lines = [line.replace(", or add --full", "") for line in tree_lines(found)]
        told = [line for root in one.roots for line in flat(answers.tree(root))]
        assert (one.name, told) == (one.name, lines)


@pytest.mark.parametrize("persona", ["known_quantity", "reapplicant_failed_attempt"])
def test_what_two_runs_have_alike_is_answered_once_and_the_same_in_both(persona: str):
    advice = advice_on(persona)
    told, own = advice.told.shown, advice.run.shown
    given = why_nots_of(told, WORKSPACE)
    alone, beside = why_nots_of(own, WORKSPACE), why_nots_of(own, WORKSPACE, given)
    assert beside == alone
    # Most of it is taken over, and not all: the two runs do differ.
    by_name = {one.name: one for one in given.asked}
    shared = [one for one in beside.asked if one.name in by_name and one.trees is by_name[one.name].trees]
    assert len(beside.asked) / 2 < len(shared) < len(beside.asked)
    assert beside != WhyNotRun(own, given.asked)


@pytest.mark.parametrize("persona", ["high_risk", "graduate_needing_visa"])
def test_the_page_holds_the_answers_and_is_not_too_large(persona: str):
    data = embedded(advice_on(persona).document("html"))
    answers = answers_on(persona)
    assert [tuple(one[2:3]) for one in data["asked"]] == [(one.name,) for one in answers.questions]
    assert len(answers.embedded) < MOST
    assert [mark for mark in "<>&" if mark in answers.embedded] == []


def test_the_applicants_box_knows_nothing_of_what_is_kept(tmp_path: Path):
    data = persona_data("high_risk")
    bare = {name: section for name, section in data.items() if name != "program_note"}
    # It stands before all else, so that whatever told of lines would tell.
    noted = {"program_note": [{"id": "n1", "program": "harbor_bend", "board_trouble": "yes"}], **bare}

    def page(one: dict[str, Any], name: str) -> str:
        folder = tmp_path / name
        folder.mkdir()
        advice: Advice = advice_of(one, folder)
        assert one is bare or len(traces_of(advice)) == 2
        return advice.document("html")

    assert page(noted, "noted") == page(bare, "bare")


@pytest.mark.parametrize("persona", ["high_risk", "twelve_years_on"])
def test_the_applicants_box_names_no_line_of_the_file_and_no_rule_on_what_is_kept(persona: str):
    answers = answers_on(persona)
    text = "\n".join(answers.lines)
    assert re.findall(r"\blines? \d+", text) == []
    kept = {one.rule for one in advice_on(persona).given.firings if one.kept}
    assert sorted(rule for rule in kept if re.search(rf"\b{re.escape(rule)}[: ]", text)) == []


def test_a_redacted_page_and_paper_have_no_box():
    advice = advice_on("high_risk")
    pages = [
        advice_on("high_risk", redacted=True).document("html"),
        advice.document("pdf"),
        advice.document("html", Document.LETTER),
    ]
    assert [page for page in pages if "<script" in page] == []


def test_a_page_lets_no_other_script_run_than_its_own():
    page = advice_on("high_risk").document("html")
    assert len(re.findall("<script>", page)) == 1
    script = re.search("<script>(.*?)</script>", page, re.DOTALL)
    assert script is not None
    assert script[1] == (WORKSPACE.reports / "ask.js").read_text("utf-8")
    assert "<" not in script[1]
    assert re.search(r"script-src 'sha256-[A-Za-z0-9+/=]{44}'\"", page) is not None


def test_all_that_a_page_is_made_from_goes_into_its_record():
    recorded = set(template_files(WORKSPACE))
    shipped = {
        f"reports/{one.relative_to(WORKSPACE.reports).as_posix()}"
        for one in WORKSPACE.reports.rglob("*")
        if one.is_file()
    }
    # The Word template goes in as text, under another name.
    assert {one for one in shipped - recorded if not one.endswith(".docx")} == set()
