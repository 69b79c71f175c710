"""Nothing is said without an origin, templates only place what is said, and nobody's text becomes markup."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from smartpick_expert.advice import Advice
from smartpick_expert.diagnostics import Problems
from smartpick_expert.language.facts import fact_id
from smartpick_expert.language.model import Audience
from smartpick_expert.language.vocabulary import Supplier
from smartpick_expert.report.documents import TEXTS, Document
from smartpick_expert.report.render import markdown_text, render, template_of
from smartpick_expert.report.statements import Origin, Statement, firing_ids
from tests.advised import PERSONAS, advice_of, advice_on, persona_data, without_explanations
from tests.profiles import WORKSPACE, Data

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# Each reads as markup somewhere: in HTML, in Markdown, in a template, in a terminal.
FRAGMENTS = (
    "<script>alert(1)</script>", "</p>", "<img src=x onerror=y>", "<!--", "]]>", '"', "'", ">", "&", "&#60;b&#62;", "&lt;",
    "](javascript:alert(1))", "[a](b)", "![a](b)", "[a]: b", "<https://a.example>", "https://a.example", "www.a.example", "a@b.example",
    "`", "```", "~~~", "~~", "*", "**", "_", "__", "#", "# ", "- ", "+ ", "1. ", "1) ", "> ", "|", "| a | b |", "---", "===",
    "\\", "\n", "\n\n", "\n    ", "\t", "{{7*7}}", "{% raw %}", "{# #}", "\u202e", "\u200f", "\u2028", "\u00a0", "e\u0301", "A",
)  # fmt: skip
EVERYTHING = " A ".join(FRAGMENTS)
# Where a template may put a text.
PLACES = "# TEXT\n\nTEXT\n\n**TEXT** (TEXT)\n\n- TEXT\n\n1. TEXT\n    TEXT\n\n> TEXT\n\n| a | b |\n| --- | --- |\n| TEXT | TEXT |\n"
# A profile refuses control characters and halves of characters, so those never come this far.
CHARACTERS = st.characters(exclude_categories=["Cc", "Cs"])
nasty = (
    st.lists(st.sampled_from(FRAGMENTS) | st.text(CHARACTERS, max_size=3), min_size=1, max_size=8)
    .map("".join)
    .filter(str.strip)
)
# Shrinking would run the rules hundreds of times more, and the texts are short as they are.
a_few = settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])


@pytest.fixture(params=PERSONAS)
def advice(request: pytest.FixtureRequest) -> Advice:
    return advice_on(request.param)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("profiles")


@dataclass
class Page(HTMLParser):
    """What a reader of HTML sees: tags with attributes, texts, and the texts within each `data-statement`."""

    tags: list[tuple[str, tuple[tuple[str, str | None], ...]]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    stated: list[tuple[str, list[str]]] = field(default_factory=list)
    _open: list[tuple[str, list[str] | None]] = field(default_factory=list)

    def __post_init__(self):
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, tuple(attrs)))
        statement = dict(attrs).get("data-statement")
        inside = None
        if statement is not None:
            inside = []
            self.stated.append((statement, inside))
        if tag not in VOID:
            self._open.append((tag, inside))
        for _, texts in self._open:
            if texts is not None and tag == "p":
                texts.append("")

    def handle_endtag(self, tag):
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop()[0] == tag

    def handle_comment(self, data):
        self.tags.append(("comment", ((data, None),)))

    def handle_data(self, data):
        self.texts.append(data)
        for _, texts in self._open:
            if texts is not None:
                texts[-1:] = [(texts[-1] if texts else "") + data]

    @property
    def text(self) -> str:
        return in_one_line("".join(self.texts))


def page_of(html: str) -> Page:
    page = Page()
    page.feed(html)
    page.close()
    return page


def in_one_line(text: str) -> str:
    """The words of a text, without the marks that keep a direction of writing to itself."""
    return " ".join(text.translate(dict.fromkeys(range(0x2066, 0x206A))).split())


def markdown_structure(text: str) -> list[object]:
    """Everything a reader of Markdown makes of a text, except the words."""

    def shape(token: Token) -> object:
        return (token.type, token.tag, token.attrs, [shape(t) for t in token.children or [] if t.type != "text"])

    return [shape(token) for token in READER.parse(text)]


def markdown_words(text: str) -> list[str]:
    """The words a reader of Markdown sees, a piece for each paragraph, cell or heading."""
    return ["".join(part.content for part in token.children) for token in READER.parse(text) if token.children]


def with_texts(text: str) -> Data:
    """A persona with one text in every private field that the documents show."""
    data = persona_data("graduate_needing_visa")
    data["applicant"]["label"] = text
    data["letter"][0] |= {"writer": text, "institution": text, "verified": {"by": text, "on": "2026-09-01"}}
    data["experience"][0]["site"] = text
    data["school"]["name"] = text
    return data


def document(text: str, form: str, folder: Path) -> str:
    return advice_of(with_texts(text), folder).document(form)


@cache
def harmless(form: str, folder: Path) -> str:
    return document("A text", form, folder)


def reports_with(folder: Path, form: str, template: str) -> Path:
    """A folder of templates of which one is replaced."""
    (folder / "style.css").write_text("", "utf-8")
    (folder / template_of(Document.REPORT, form)).write_text(template, "utf-8")
    return folder


# --- origin --------------------------------------------------------------------------------------------------------------


def test_a_statement_names_the_firings_it_comes_from_or_the_section_left_out(advice: Advice):
    firings = {number: firing for firing, number in firing_ids(advice.consultation).items()}
    given_sections = advice.consultation.profile.sections
    for statement in advice.view.statements:
        origin = statement.origin
        if origin.firings:
            assert {firings[number].rule_id for number in origin.firings} == {origin.rule}
            assert origin.sources == advice.consultation.derivation.rules[origin.rule].sources
        else:
            assert (statement.topic, origin.rule) == ("assumption", "")
            assert WORKSPACE.vocabulary.types[origin.vocabulary].supplied_by is Supplier.PROFILE
            assert origin.vocabulary not in given_sections


def test_a_statement_rests_on_facts_and_parameters_that_there_are(advice: Advice):
    derivation = advice.consultation.derivation
    known = {fact_id(WORKSPACE.vocabulary, fact) for fact in derivation.certain}
    for statement in advice.view.statements:
        assert set(statement.origin.facts) <= known
        assert dict(statement.origin.parameters).items() <= derivation.compiled.parameters.items()


def test_every_firing_is_behind_exactly_one_statement(advice: Advice):
    stated = Counter(number for statement in advice.view.statements for number in statement.origin.firings)
    assert stated == Counter(firing_ids(advice.consultation).values())


def test_no_two_statements_share_an_id(advice: Advice):
    assert [name for name, times in Counter(s.id for s in advice.view.statements).items() if times > 1] == []


def test_a_statement_without_an_origin_cannot_be_made():
    with pytest.raises(ValueError, match=r"statement a\.b has no origin"):
        Statement("a.b", "a", "A title", "A text.", "perception", "supported", (Audience.APPLICANT,), Origin())


# --- documents -----------------------------------------------------------------------------------------------------------


def test_the_page_says_each_statement_in_its_own_words(advice: Advice):
    statements = {statement.id: statement for statement in advice.given.statements}
    page = page_of(without_explanations(advice.document("html")))
    for name, texts in page.stated:
        assert any(in_one_line(statements[name].text) in in_one_line(text) for text in texts), name
        assert Audience.APPLICANT in statements[name].audience


def test_the_page_says_every_statement_meant_for_the_applicant(advice: Advice):
    stated = {name for name, _ in page_of(advice.document("html")).stated}
    assert {s.id for s in advice.given.statements if Audience.APPLICANT in s.audience} - stated == set()


def test_the_markdown_says_every_statement_meant_for_the_applicant(advice: Advice):
    # Where a term is explained inside a bracket, commas part it from the rest.
    text = without_explanations(advice.document("md")).replace(",", "")
    applicants = [s for s in advice.given.statements if Audience.APPLICANT in s.audience]
    assert [s.id for s in applicants if markdown_text(s.text).replace(",", "") not in text] == []


def test_an_action_is_advised_with_its_reasons_beside_it(advice: Advice):
    assert [a.action.name for view in (advice.view, advice.given) for a in view.actions if not a.reasons] == []


# --- templates -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [*TEXTS, "summary"])
@pytest.mark.parametrize("template", ["{{ nothing }}", "{{ view.nothing }}", "{% for a in view.nothing %}{% endfor %}"])
def test_a_template_that_names_what_is_not_there_makes_no_document(tmp_path: Path, form: str, template: str):
    with pytest.raises(Problems, match=r"reports/.*:1:1: error.report.template. .*nothing"):
        render(advice_on("premed").view, form, reports_with(tmp_path, form, template))


@pytest.mark.parametrize("form", [*TEXTS, "summary"])
@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ view.__class__ }}",
        "{{ view.__init__.__globals__ }}",
        "{{ ''['__class__'] }}",
        "{{ ''|attr('__class__') }}",
    ],
)
def test_a_template_cannot_reach_out_of_its_sandbox(tmp_path: Path, form: str, template: str):
    with pytest.raises(Problems, match=r"is unsafe|has no attribute"):
        render(advice_on("premed").view, form, reports_with(tmp_path, form, template))


# --- escaping ------------------------------------------------------------------------------------------------------------


@a_few
@given(text=nasty)
@example(text=EVERYTHING)
def test_a_text_of_a_profile_is_only_ever_text_in_html(folder: Path, text: str):
    page = page_of(document(text, "html", folder))
    assert page.tags == page_of(harmless("html", folder)).tags
    assert in_one_line(normalize("NFC", text)) in page.text


@a_few
@given(text=nasty)
@example(text=EVERYTHING)
def test_a_text_of_a_profile_is_only_ever_text_in_markdown(folder: Path, text: str):
    assert markdown_structure(document(text, "md", folder)) == markdown_structure(harmless("md", folder))


@settings(deadline=None)
@given(text=nasty)
@example(text=EVERYTHING)
def test_a_text_is_only_ever_text_wherever_it_stands_in_markdown(text: str):
    written, harmless = PLACES.replace("TEXT", markdown_text(text)), PLACES.replace("TEXT", "A text")
    assert markdown_structure(written) == markdown_structure(harmless)
    # A table drops the cells that are too many, so the words are looked at too.
    assert [in_one_line(words) for words in markdown_words(written)] == [
        words.replace("A text", in_one_line(text)) for words in markdown_words(harmless)
    ]


@settings(deadline=None)
@given(text=nasty)
def test_markdown_of_a_text_is_one_line_without_an_address(text: str):
    written = markdown_text(text)
    assert len(written.splitlines()) <= 1
    assert [address for address in ("://", "www.", "@") if address in written] == []


@a_few
@given(text=nasty)
@example(text=EVERYTHING)
def test_a_text_of_a_profile_moves_nothing_in_a_terminal(folder: Path, text: str):
    summary = document(text, "summary", folder)
    assert [character for character in summary if not character.isprintable() and character != "\n"] == []
    assert len(summary.split("\n")) == len(harmless("summary", folder).split("\n"))
