"""Terms explained at their first use: behind the whole of a longer name, at the end of a bracket, and never one inside another."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartpick_expert.knowledge.phrasing import Term
from smartpick_expert.report.documents import Document
from smartpick_expert.report.explained import explained
from tests.advised import PERSONAS, advice_on
from tests.profiles import WORKSPACE

ECFMG = Term("ECFMG", (), "the body that certifies", within=("certification", "data"))
STEP = Term("Step 2 CK", ("Step 2",), "the examination in knowledge", within=("score of #", "score"))
IMG = Term("IMG", ("IMGs",), "an international graduate", "international graduates", within=("files",))
USMLE = Term("USMLE", (), "the licensing examinations", within=("Step 2 CK",))
TERMS = (ECFMG, STEP, IMG, USMLE)
GLOSS = re.compile(r'<span class="gloss">.*?</span>')
SHIPPED = WORKSPACE.knowledge.phrasing.terms


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Write to ECFMG this week.", "Write to ECFMG (the body that certifies) this week."),
        ("Finish ECFMG certification first.", "Finish ECFMG certification (ECFMG: the body that certifies) first."),
        ("Look at ECFMG's page today.", "Look at ECFMG's page (ECFMG: the body that certifies) today."),
        ("Ask ECFMG's.", "Ask ECFMG's (ECFMG: the body that certifies)."),
        ("A Step 2 score of 247 is high.", "A Step 2 score of 247 (Step 2: the examination in knowledge) is high."),
        ("It takes IMGs.", "It takes IMGs (international graduates)."),
        (
            "It is counted (by ECFMG data, 2026).",
            "It is counted (by ECFMG data, 2026; ECFMG: the body that certifies).",
        ),
        ("For ECFMG (in 2026) too.", "For ECFMG (in 2026; ECFMG: the body that certifies) too."),
        ("USMLE Step 2 CK", "USMLE Step 2 CK (USMLE: the licensing examinations)"),
        (
            "(IMG files, ECFMG)",
            "(IMG files, ECFMG; IMG: an international graduate; ECFMG: the body that certifies)",
        ),
        ("ECFMG, then ECFMG data.", "ECFMG (the body that certifies), then ECFMG data."),
        ("**ECFMG first.** ECFMG asks.", "**ECFMG first.** ECFMG (the body that certifies) asks."),
    ],
)
def test_an_explanation_parts_neither_a_name_nor_a_bracket(text: str, said: str):
    assert explained(text, "md", TERMS) == said


def test_in_html_what_stands_in_bold_or_folded_is_passed_over():
    html = "<p><strong>ECFMG</strong> <code>ECFMG</code> <em>ECFMG</em> data</p><details>IMG</details>"
    assert explained(html, "html", TERMS) == html.replace(
        "<em>ECFMG</em>", '<em>ECFMG<span class="gloss"> (the body that certifies)</span></em>'
    )


def test_the_words_of_an_explanation_are_not_explained():
    nested = (Term("ERAS", (), "the service of IMG files"), IMG)
    assert explained("ERAS is used.", "md", nested) == "ERAS (the service of IMG files) is used."


WORDS = (
    "ECFMG",
    "ECFMG's",
    "certification",
    "data",
    "Step 2 CK",
    "score",
    "of",
    "247",
    "(",
    ")",
    "IMGs",
    "files",
    "a&amp;b",
    ".",
    "<b>",
    "</b>",
)


@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
def test_nothing_but_explanations_is_added_and_each_term_is_explained_once_at_most(text: str):
    made = explained(text, "html", TERMS)
    assert GLOSS.sub("", made) == text
    glosses = "".join(GLOSS.findall(made))
    often = {one.term: sum(map(glosses.count, {one.means, one.several} - {""})) for one in TERMS}
    assert [name for name, count in often.items() if count > 1] == []


@pytest.mark.parametrize("persona", PERSONAS)
def test_in_no_letter_does_an_explanation_stand_before_words_that_belong_to_the_name(persona: str):
    html = advice_on(persona).document("html", Document.LETTER)
    belonging = {word.split()[0] for term in SHIPPED for word in term.within}
    names = "|".join(re.escape(spelling) for term in SHIPPED for spelling in term.spellings)
    parted = re.findall(rf"(?:{names})(?:'s|&#39;s)?<span class=\"gloss\">.*?</span> (\w+)", html)
    assert [word for word in parted if word in belonging] == []
