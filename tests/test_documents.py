"""The three documents of one advice: what each holds, that none says another thing than the others, and that each keeps to its pages."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from html import unescape
from pathlib import Path

import pytest

from smartpick_expert.advice import Advice, advise
from smartpick_expert.audit.record import record_text
from smartpick_expert.authoring.wording import KINDS, wording_of
from smartpick_expert.diagnostics import Problems
from smartpick_expert.explain.why_not_data import to_data
from smartpick_expert.explain.why_not_text import sentences, tree_lines
from smartpick_expert.inquiry import Inquiry
from smartpick_expert.language.model import Audience
from smartpick_expert.language.reading_grade import reading_grade
from smartpick_expert.language.vocabulary import FactType
from smartpick_expert.report.budget import fitting
from smartpick_expert.report.documents import DOCUMENTS, Document, Written, written, written_as
from smartpick_expert.report.layout import Budget, read_layout
from smartpick_expert.report.letter import letter_view
from smartpick_expert.report.view_model import View
from smartpick_expert.workspace import on_evidence
from tests.advised import PERSONAS, advice_of, advice_on, day_of, persona_data
from tests.profiles import AS_OF, SECTIONS, WORKSPACE, Data, each

PAGES = {Document.LETTER: 2, Document.MEMO: 3}
# As years of school: every letter reads at most so, whatever is in it.
HARDEST = 10
SAID = re.compile(r'data-statement="([^"]*)"(?:(?!data-statement=).)*?class="says">(.*?)</(?:p|span)>', re.DOTALL)
# What a value is of, and its words.
VALUE = re.compile(r'data-value="([^"]*)"[^>]*>(.*?)</', re.DOTALL)
GLOSS = re.compile(r'<span class="gloss">.*?</span>')
ORIGIN = re.compile(r'<details class="origin">.*?</details>', re.DOTALL)
# A step of the letter, by its name.
STEP = re.compile(r'<tr data-action="([^"]*)">(.*?)</tr>', re.DOTALL)
# Paragraphs, items and what is said of a step; not the small lines that say how something is known, nor a line to sign on.
PROSE = re.compile(
    r'<(?:p(?! class="(?:known|note|line|role)")|li(?! class="statement)|span class="do")[^>]*>(.*?)</(?:p|li|span)>',
    re.DOTALL,
)


def plain(markup: str) -> str:
    """The text of some HTML as the rules and templates have it: without explanations and tags, on one line."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", GLOSS.sub("", markup))).split())


def said_in(html: str) -> set[tuple[str, str]]:
    """Every statement that a document prints in full, by its id and its words."""
    return {(unescape(name), plain(text)) for name, text in SAID.findall(GLOSS.sub("", html))}


def named_in(html: str) -> set[str]:
    """The ids of all statements of a document."""
    return {unescape(name) for name in re.findall(r'data-statement="([^"]*)"', html)}


def values_in(html: str) -> dict[str, set[str]]:
    """What a document gives as the value of each thing."""
    found: dict[str, set[str]] = {}
    for name, text in VALUE.findall(html):
        found.setdefault(name, set()).add(plain(text).lower())
    return found


def letter_of(advice: Advice, form: str = "html") -> str:
    return advice.document(form, Document.LETTER)


def memo_of(advice: Advice, form: str = "html") -> str:
    return advice.document(form, Document.MEMO)


# --- none says another thing -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("persona", PERSONAS)
def test_the_letter_says_nothing_that_the_report_does_not_say_and_that_nothing_that_the_record_does_not(persona: str):
    advice = advice_on(persona)
    letter, report = letter_of(advice), advice.document("html")
    in_record = {(one.id, " ".join(one.text.split())) for one in advice.given.statements}
    assert said_in(letter) - in_record == set()
    assert named_in(letter) - named_in(report) == set()
    assert named_in(report) - {name for name, _ in in_record} == set()
    in_report = plain(report)
    assert [text for _, text in said_in(letter) if text not in in_report] == []


@pytest.mark.parametrize("persona", PERSONAS)
def test_no_value_is_given_twice_and_differently(persona: str):
    advice = advice_on(persona)
    letter, report = values_in(letter_of(advice)), values_in(advice.document("html"))
    assert {name: found for name, found in (letter | report).items() if len(found) != 1} == {}
    assert {name: (found, report.get(name)) for name, found in letter.items() if report.get(name) != found} == {}
    assert letter["bucket"] == {(advice.given.bucket_name or "open").lower()}


@pytest.mark.parametrize("persona", PERSONAS)
def test_the_memo_says_nothing_that_the_record_does_not_say(persona: str):
    advice = advice_on(persona)
    memo = memo_of(advice)
    assert said_in(memo) - {(one.id, " ".join(one.text.split())) for one in advice.view.statements} == set()
    assert named_in(memo) - {one.id for one in advice.view.statements} == set()
    assert values_in(memo)["bucket"] == {(advice.view.bucket_name or "open").lower()}


@pytest.mark.parametrize("persona", PERSONAS)
def test_markdown_holds_what_html_holds(persona: str):
    advice = advice_on(persona)
    for document in (Document.LETTER, Document.MEMO):
        html, text = (advice.document(form, document) for form in ("html", "md"))
        bare = re.sub(r"\\(.)", r"\1", unescape(text).replace("&#58;", ":"))
        titles = {plain(title) for title in re.findall(r"<h[1-3][^>]*>(.*?)</h", html)}
        # Only a page can be asked.
        assert [title for title in titles - {"Ask this advice"} if title not in bare] == []
        assert {said for _, said in said_in(html)} - {
            said for _, said in said_in(html) if opening(said) in bare
        } == set()


def opening(said: str) -> str:
    """How a statement begins, as far as no term is explained in it."""
    return " ".join(said.split()[:3])


# --- each is of its own ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("persona", PERSONAS)
def test_the_letter_answers_first_and_has_its_parts(persona: str):
    headings = re.findall(r"<h2[^>]*>(.*?)</h2>", letter_of(advice_on(persona)))
    has_numbers = advice_on(persona).given.costs is not None
    assert headings == [
        "Our advice in brief",
        "Where you stand",
        "What to do first",
        *(["Your list in numbers"] if has_numbers else []),
        "What could change this",
        "What this letter is, and is not",
    ]


@pytest.mark.parametrize("form", ["html", "md"])
def test_a_memo_says_before_all_else_whom_it_is_for(form: str):
    text = memo_of(advice_on("known_quantity"), form)
    body = text.partition("<body")[2] if form == "html" else text
    assert re.sub(r"<[^>]*>|\*|class=\"\w+\">", "", body).split()[:4] in (
        ["For", "the", "advisor", "alone"],
        ["FOR", "THE", "ADVISOR", "ALONE."],
    )


def test_only_the_memo_says_that_it_is_for_the_advisor():
    for persona in PERSONAS:
        for form in ("html", "md"):
            for document in (Document.LETTER, Document.REPORT):
                text = advice_on(persona).document(form, document)
                assert ("For the advisor alone" in text, "FOR THE ADVISOR" in text) == (False, False), persona


def test_the_memo_tells_what_is_kept_and_the_letter_does_not(tmp_path: Path):
    data = persona_data("graduate_needing_visa")
    data["letter"] = [{**entry, "residents_did": "badly", "residents_sent": "4"} for entry in data["letter"]]
    advice = advice_of(data, tmp_path)
    kept = {(one.id, " ".join(one.text.split())) for one in advice.view.statements} - {
        (one.id, " ".join(one.text.split())) for one in advice.given.statements
    }
    assert said_in(memo_of(advice)) & kept
    assert said_in(letter_of(advice)) & kept == set()
    assert "No document for the applicant holds" in memo_of(advice)


# --- every statement with its origin ------------------------------------------------------------------------------------


@pytest.mark.parametrize("persona", PERSONAS)
def test_each_step_of_a_letter_says_what_it_rests_on_and_folds_it_out(persona: str):
    given = advice_on(persona).given
    rows = dict(STEP.findall(letter_of(advice_on(persona))))
    by_name = {one.action.name: one for one in given.actions}
    assert set(rows) <= set(by_name)
    for name, row in rows.items():
        first, folded = by_name[name].reasons[0], "".join(ORIGIN.findall(row))
        line = plain("".join(re.findall(r'<p class="known".*?</p>', row)))
        assert line.startswith(f"{plain(first.title)}. This {given.phrasing.verb(first.standing)}.")
        assert [one.origin.rule for one in by_name[name].reasons if one.origin.rule not in folded] == []
        assert [source for source in first.origin.sources if source not in folded] == []
        assert {"<dt>Time</dt>", "<dt>Cost</dt>", "<dt>As of</dt>"} <= set(re.findall(r"<dt>.*?</dt>", folded))


@pytest.mark.parametrize("persona", PERSONAS)
def test_what_a_letter_counts_or_tries_says_how(persona: str):
    sections = dict(re.findall(r'<section id="(\w+)"(.*?)</section>', letter_of(advice_on(persona)), re.DOTALL))
    bare = [name for name in ("numbers", "change") if name in sections and 'class="known"' not in sections[name]]
    assert bare == []


def without_what_is_kept(data: Data) -> Data:
    """A profile as the applicant may know it: nothing that is the advisor's, and words that are told otherwise as they are told."""
    kinds = {kind.name: kind for kind in SECTIONS}

    def told(kind: FactType, entry: Data) -> Data:
        own = {name: value for name, value in entry.items() if name == "verified" or not kind.fields[name].for_advisor}
        return {
            name: kind.fields[name].told_as.get(value, value)
            if name != "verified" and isinstance(value, str)
            else value
            for name, value in own.items()
        }

    return {
        name: each(section, lambda entry, kind=kinds[name]: told(kind, entry))
        for name, section in data.items()
        if not kinds[name].for_advisor
    }


def test_where_what_turns_the_sorting_differs_the_memo_says_so_and_why_and_the_letter_does_not(tmp_path: Path):
    advice = advice_on("reapplicant_failed_attempt")
    memo, letter = (" ".join(plain(document).split()) for document in (memo_of(advice), letter_of(advice)))
    assert (
        "The applicant's letter and report say it otherwise, because they are made as if what you noted in confidence were not there. "
        "They say of USMLE Step 2 CK (the latest result): with passed it would be open, and could be probably safe or high risk. "
        "With what you noted, it stays high risk."
    ) in memo
    assert "Were it passed, it would be open, and could be probably safe or high risk." in letter
    bare = advice_of(
        without_what_is_kept(persona_data("reapplicant_failed_attempt")), tmp_path, day_of("reapplicant_failed_attempt")
    )
    assert letter_of(bare) == letter_of(advice)
    assert "say it otherwise" not in memo_of(bare)


@pytest.mark.parametrize("persona", PERSONAS)
def test_a_memo_is_silent_on_a_difference_where_nothing_is_kept(persona: str):
    advice = advice_on(persona)
    if advice.told is advice.run:
        assert "say it otherwise" not in memo_of(advice)


def test_a_name_stands_under_the_letter_and_over_the_memo_but_in_no_redacted_one():
    for redacted in (False, True):
        advice = replace(advice_on("known_quantity", redacted=redacted), advisor="Jane Roe")
        letter, memo = letter_of(advice), memo_of(advice)
        assert ("Jane Roe" in letter, "Jane Roe" in memo) == (not redacted, not redacted)
        assert advice.record({}).envelope.signed_by == ("" if redacted else "Jane Roe")


def test_a_workspace_of_before_makes_the_report_and_says_how_to_have_the_rest(tmp_path: Path):
    advice = advice_on("known_quantity")
    older = replace(advice, layout=replace(advice.layout, budgets={}))
    assert [one for one in DOCUMENTS if older.makes(one)] == [Document.REPORT]
    with pytest.raises(Problems) as caught:
        letter_of(older)
    assert [d.code for d in caught.value.diagnostics] == ["report.document"]


# --- names -----------------------------------------------------------------------------------------------------------


def test_each_document_has_a_name_of_its_own_and_is_known_by_it():
    several = list(written(DOCUMENTS, ("html", "md", "json")))
    names = [one.name("A-017") for one in several]
    assert names == [
        *("A-017.letter.html", "A-017.letter.md", "A-017.html", "A-017.md"),
        *("A-017.memo.html", "A-017.memo.md", "A-017.json"),
    ]
    assert [written_as(name) for name in names] == several


def test_a_file_of_no_known_form_is_no_document():
    assert [written_as(name) for name in ("A-017.txt", "html", ".html", "A-017")] == [None] * 4
    assert written_as("A-017.memo.json") == Written(Document.REPORT, "json")


# --- how much ---------------------------------------------------------------------------------------------------------


BUDGET = Budget(words=7, most={"a": 3, "b": 2}, least={"b": 0, "a": 1})


def test_parts_give_way_in_turn_the_last_entry_first():
    parts = {"a": ["one two", "three four", "five six", "seven"], "b": ["x y", "z"]}
    assert fitting(parts, BUDGET, lambda text: len(text.split())) == {"a": ("one two", "three four"), "b": ("x y",)}


def test_the_least_stays_whatever_it_takes():
    parts = {"a": ["one " * 40, "two " * 40], "b": ["three " * 9]}
    assert fitting(parts, BUDGET, lambda text: len(text.split())) == {"a": ("one " * 40,), "b": ()}


@cache
def longest(document: Document, count: int = 5) -> tuple[str, ...]:
    """The personas whose document could be the longest on paper: those with the most words, and those with the most lines begun."""
    printed = {persona: advice_on(persona).document("print", document).partition("<body")[2] for persona in PERSONAS}
    words, lines = (
        sorted(PERSONAS, key=lambda persona: -size(printed[persona]))
        for size in (
            lambda page: len(plain(page).split()),
            lambda page: len(re.findall(r"<(?:p|li|h\d|tr|dt)\b", page)),
        )
    )
    return tuple(dict.fromkeys([*words[:count], *lines[:count]]))


@pytest.mark.unmeasured
@pytest.mark.parametrize("document", PAGES)
@pytest.mark.parametrize("paper", ["Letter", "A4"])
def test_the_longest_letters_and_memos_keep_to_their_pages(document: Document, paper: str):
    weasyprint = pytest.importorskip("weasyprint", reason="weasyprint is not installed")
    sheet = weasyprint.CSS(string=f"@page {{ size: {paper} }}")
    # The American sheet is the shorter one; what keeps to it keeps to A4 (tried on those with the most words).
    personas = longest(document) if paper == "Letter" else longest(document)[:3]
    pages = {
        persona: len(
            weasyprint.HTML(string=advice_on(persona).document("print", document)).render(stylesheets=[sheet]).pages
        )
        for persona in personas
    }
    assert {persona: count for persona, count in pages.items() if count > PAGES[document]} == {}


# --- how it reads -----------------------------------------------------------------------------------------------------


def running_text(html: str) -> str:
    """The running text of a document: what stands in its paragraphs and items, and what is said of its steps; no origin folded in."""
    body = ORIGIN.sub("", GLOSS.sub("", html)).partition("<main>")[2].partition("</main>")[0]
    return " ".join(plain(piece) for piece in PROSE.findall(body))


@pytest.mark.parametrize("persona", PERSONAS)
def test_the_letter_reads_as_easily_as_it_must(persona: str):
    assert reading_grade(running_text(letter_of(advice_on(persona)))) <= HARDEST


@pytest.mark.parametrize("persona", PERSONAS)
def test_the_letter_has_no_word_that_blames_promises_or_hurts(persona: str):
    wording, _ = wording_of(WORKSPACE.root)
    text = running_text(letter_of(advice_on(persona)))
    assert [found for kind in KINDS for found in wording.found_in(text, kind)] == []


def test_json_is_the_same_whatever_document_is_asked_for():
    advice = advice_on("known_quantity")
    assert len({advice.document("json", document) for document in DOCUMENTS}) == 1
    assert json.loads(advice.document("json"))["advice"]["bucket"] == "known_quantity"


def test_nothing_of_how_documents_are_worded_is_in_the_data():
    view = json.loads(advice_on("known_quantity").document("json"))["advice"]
    assert {"phrasing", "weighed"} & set(view) == set()
    assert {"phrasing", "weighed"} <= set(View.__dataclass_fields__)


# --- on evidence alone ------------------------------------------------------------------------------------------------

EVIDENCE = on_evidence(WORKSPACE)
FEW = ("graduate_needing_visa", "known_quantity", "open_question", "high_risk")


@cache
def on_evidence_alone(persona: str) -> Advice:
    return advise(WORKSPACE.personas / f"{persona}.yaml", EVIDENCE, day_of(persona), "plain")


@pytest.mark.parametrize("persona", FEW)
def test_nothing_that_rests_on_perception_is_left_not_even_by_a_detour(persona: str):
    for view in (on_evidence_alone(persona).view, on_evidence_alone(persona).given):
        assert {one.kind for one in view.statements} <= {"measured", "assumption"}
        assert {firing.kind for firing in view.firings} <= {"measured"}
        sources = [one.origin.sources for one in view.statements if one.origin.sources]
        assert [cited for cited in sources if all(source.startswith("claim:") for source in cited)] == []
        assert (view.bucket, view.disagreements) == ("open", ())


@pytest.mark.parametrize("persona", FEW)
def test_what_fell_away_is_what_all_rules_say_and_evidence_does_not(persona: str):
    fell, full, left = (
        on_evidence_alone(persona).given.fell_away,
        advice_on(persona).given,
        on_evidence_alone(persona).given,
    )
    said, still = (
        {(one.origin.rule, one.text) for one in view.statements if Audience.APPLICANT in one.audience}
        for view in (full, left)
    )
    gone = [
        name
        for name in (one.action.title for one in full.actions)
        if name not in {one.action.title for one in left.actions}
    ]
    assert fell is not None
    assert fell.statements == len(said - still)
    assert (fell.sorts, sorted(fell.actions)) == (full.bucket != "open", sorted(gone))
    assert full.fell_away is None


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("form", ["html", "md"])
def test_each_document_says_what_fell_away_with_the_article(document: Document, form: str):
    advice = on_evidence_alone("graduate_needing_visa")
    fell = (advice.view if document is Document.MEMO else advice.given).fell_away
    assert fell is not None
    text = " ".join(advice.document(form, document).split())
    assert f"What fell away with that: {fell.statements} statements, with them how the file would be sorted" in text
    assert "because something that decides it is not known" not in text


OPTION = "this advice counts evidence alone (--evidence-only)"


def asked_on_evidence(persona: str) -> Inquiry:
    """The commands' questions, of an advice on evidence alone."""
    return Inquiry(
        WORKSPACE.personas / f"{persona}.yaml", EVIDENCE, day_of(persona), "plain", with_drafts=False, told=False
    )


def test_why_not_says_of_a_rule_by_perception_that_evidence_alone_counts():
    answer = asked_on_evidence("graduate_needing_visa").why_not("letters.trusted")
    said = f"was left out: it rests on perception, and {OPTION}"
    assert tree_lines(answer)[2:] == [f"  it {said}"]
    assert [line.endswith(f") {said}.") for line in sentences(answer)] == [True]
    assert to_data(answer)["not_live"] == f"it rests on perception, and {OPTION}"


def test_why_not_names_the_rules_that_evidence_alone_leaves_out_where_they_could_conclude_it():
    answer = asked_on_evidence("graduate_needing_visa").why_not("known_quantity")
    counted = f"1 rule by perception that could conclude it was left out: {OPTION}"
    assert tree_lines(answer)[-2:] == [
        f"  {counted}",
        "    bucket.known-quantity: Vouched for, and no filter in the way",
    ]
    assert sentences(answer)[-1] == f"{counted}: bucket.known-quantity."
    data = json.loads(json.dumps(to_data(answer)))
    assert [(one["id"], one["kind"]) for one in data["left_out"]] == [("bucket.known-quantity", "perception")]


@pytest.mark.parametrize(
    "name", ["bucket", "letters.strong[ward-letter]", "letters.trusted", "action[name=speaking_practice]"]
)
def test_why_says_of_what_fell_away_that_evidence_alone_counts(name: str):
    with pytest.raises(Problems) as raised:
        asked_on_evidence("graduate_needing_visa").why(name)
    (one,) = raised.value.diagnostics
    assert (one.code, one.message.startswith(f"'{name}' fell away: "), OPTION in one.message) == (
        "why.fell-away",
        True,
        True,
    )


def test_why_goes_on_answering_for_what_is_left_on_evidence_alone():
    assert asked_on_evidence("graduate_needing_visa").why("list_by_visa_policy").asked == "list_by_visa_policy"


def test_the_box_of_a_report_says_of_each_rule_by_perception_that_it_was_left_out():
    page = on_evidence_alone("graduate_needing_visa").document("html")
    data = json.loads(re.findall(r'<script type="application/json" id="answers">(.*?)</script>', page, re.DOTALL)[0])
    roots = {name: roots for kind, _, name, roots in data["asked"] if kind == "why-not"}
    below = [data["nodes"][one][0] for one in data["nodes"][roots["letters.trusted"][0]][1]]
    last = data["lines"][below[-1][-1]]
    assert last == "it was left out: it rests on perception, and this advice counts evidence alone"
    of_advisors = {rule.id for rule in EVIDENCE.left_out if Audience.APPLICANT not in rule.audience}
    assert (of_advisors & set(roots), len(set(roots) & {rule.id for rule in EVIDENCE.left_out}) > 100) == (set(), True)


def test_an_advice_by_all_rules_notes_nothing_of_evidence_alone():
    """So that records of earlier versions keep their hashes."""
    assert "evidence_only" not in record_text(advice_on("premed").record({}))
    assert '"evidence_only": true' in record_text(on_evidence_alone("open_question").record({}))


def test_an_override_of_a_rule_by_perception_is_idle_and_no_mistake(tmp_path: Path):
    data = persona_data("graduate_needing_visa")
    data["override"] = [
        {
            "of": "school.unknown-answered",
            "withdrawn": "yes",
            "by": "advisor-1",
            "on": "2026-01-01",
            "because": "Known here.",
        }
    ]
    path = tmp_path / "profile.json"
    path.write_text(json.dumps(data), "utf-8")
    states = [
        [one.state for one in advise(path, workspace, AS_OF, "plain").view.overrides]
        for workspace in (WORKSPACE, EVIDENCE)
    ]
    assert states == [["stands"], ["idle"]]


# --- the letter's drawing ---------------------------------------------------------------------------------------------

DRAWING = re.compile(r'<figure class="drawing both" id="drawing-steps">.*?</figure>', re.DOTALL)


@pytest.mark.parametrize("persona", PERSONAS)
def test_the_small_calendar_shows_steps_of_the_letter_by_their_numbers_and_says_them_in_words(persona: str):
    html = letter_of(advice_on(persona))
    rows = [name for name, _ in STEP.findall(html)]
    by_name = {one.action.name: one for one in advice_on(persona).given.actions}
    for drawn in DRAWING.findall(html):
        numbers = [int(number) for number in re.findall(r">Step (\d)<", drawn)]
        assert numbers == sorted(set(numbers))
        described = unescape(re.findall(r"<desc[^>]*>(.*?)</desc>", drawn, re.DOTALL)[0])
        assert [rows[number - 1] for number in numbers if by_name[rows[number - 1]].action.title not in described] == []
        assert re.findall(r"<svg[^>]* role=\"img\" aria-labelledby", drawn)


def test_the_small_calendar_gives_way_before_anything_else():
    drawn = {persona: bool(DRAWING.search(letter_of(advice_on(persona)))) for persona in PERSONAS}
    assert {True, False} == set(drawn.values())
    advice = advice_on("open_question")
    budget = advice.layout.budgets["letter"]
    fewer = [letter_view(advice.given, replace(budget, words=words)) for words in (budget.words, budget.words - 150)]
    assert [(one.calendar is not None, len(one.actions), len(one.strengths)) for one in fewer] == [
        (True, 4, 3),
        (False, 4, 3),
    ]


def test_a_layout_of_before_has_no_drawing_and_is_no_mistake(tmp_path: Path):
    text = (WORKSPACE.reports / "layout.yaml").read_text("utf-8")
    (tmp_path / "layout.yaml").write_text(text.replace("drawing: 1, ", "").replace("drawing: 0, ", ""), "utf-8")
    advice = advice_on("open_question")
    layout = read_layout(tmp_path, ("known_quantity", "probably_safe", "high_risk"))
    assert letter_view(advice.given, layout.budgets["letter"]).calendar is None
