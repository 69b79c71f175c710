"""What entries of a profile are called in letter and memo: by what they say, and not by a label of the file."""

from __future__ import annotations

import re
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from smartpick_expert.diagnostics import Problems
from smartpick_expert.knowledge.phrasing import Phrasing
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.values import UNKNOWN
from smartpick_expert.report.documents import Document
from smartpick_expert.report.naming import Naming
from smartpick_expert.workspace import load_workspace
from tests.advised import PERSONAS, advice_on, persona_data
from tests.profiles import WORKSPACE

TITLES = {"harbor_bend": "Harbor Bend program (fictional)"}


def letter(label: str, position: int = 0, **values: Any) -> Fact:
    return Fact("letter", (("id", label), *values.items()), position=position)


def named(*facts: Fact, phrasing: Phrasing = WORKSPACE.knowledge.phrasing) -> list[str]:
    naming = Naming(facts, WORKSPACE.vocabulary, phrasing, TITLES)
    return [naming.of(fact) for fact in facts]


def test_an_entry_is_called_by_the_first_way_whose_fields_are_known():
    known = letter("spring-letter", writer="Writer 1", writer_role="chair")
    without_role = letter("spring-letter", writer="Writer 1", writer_role=UNKNOWN)
    without_writer = letter("spring-letter", writer_role="attending")
    assert [named(one) for one in (known, without_role, without_writer, letter("spring-letter"))] == [
        ["Letter from Writer 1 (department chair)"],
        ["Letter from Writer 1"],
        ["Letter (attending physician)"],
        ["spring-letter"],
    ]


def test_two_that_would_be_called_the_same_have_their_labels_behind():
    assert named(letter("first", writer="Writer 1"), letter("second", 1, writer="Writer 1")) == [
        "Letter from Writer 1, “first”",
        "Letter from Writer 1, “second”",
    ]


def test_a_program_is_called_by_its_name_where_the_knowledge_has_it():
    signals = [Fact("signal", (("id", name), ("program", name)), position=0) for name in ("harbor_bend", "program-22")]
    assert named(*signals) == ["Signal to Harbor Bend program (fictional)", "Signal to program-22"]


def test_what_somebody_wrote_at_length_is_cut():
    assert len(named(letter("long", writer="Writer " * 2_000))[0]) < 100


def test_without_the_table_the_label_stands():
    assert named(letter("spring-letter", writer="Writer 1"), phrasing=Phrasing()) == ["spring-letter"]


@pytest.mark.parametrize("persona", PERSONAS)
def test_neither_letter_nor_memo_begins_with_a_label_as_if_it_were_a_name(persona: str):
    labels = {
        entry[key]
        for section in persona_data(persona).values()
        if isinstance(section, list)
        for entry in section
        for key in ("id", "program")
        if key in entry
    }
    for document in (Document.LETTER, Document.MEMO):
        html = advice_on(persona).document("html", document)
        bold = {text.rstrip(":") for text in re.findall(r"<strong>([^<]*)</strong>", html)}
        assert bold & labels == set()


def test_a_redacted_document_names_no_writer():
    whole, redacted = (
        advice_on("graduate_needing_visa", redacted=hidden).document("html", Document.LETTER)
        for hidden in (False, True)
    )
    assert ("Writer 1" in whole, "Writer 1" in redacted) == (True, False)


def test_a_section_or_field_that_there_is_not_is_a_problem(tmp_path: Path):
    root = tmp_path / "office"
    for folder in ("knowledge", "rules", "reports"):
        copytree(WORKSPACE.root / folder, root / folder)
    (root / "knowledge" / "wording" / "entries.yaml").write_text(
        'entries:\n  - {of: lettr, called: ["{writer}"]}\n  - {of: letter, called: ["From {writter}"]}\n', "utf-8"
    )
    with pytest.raises(Problems) as caught:
        load_workspace(root)
    assert [(str(one.location), one.code, one.message, one.hint) for one in caught.value.diagnostics] == [
        (
            "knowledge/wording/entries.yaml:2:5",
            "name.fact-type",
            "There is no section 'lettr'.",
            "Did you mean 'letter'?",
        ),
        (
            "knowledge/wording/entries.yaml:3:27",
            "name.field",
            "'letter' has no field 'writter', so no entry can be called so.",
            "Did you mean 'writer'?",
        ),
    ]
