"""Paths are read as everybody writes them, and a profile after some edits is the same profile but for what they say."""

from __future__ import annotations

from typing import Any

import pytest

from smartpick_expert.intake.edits import edited
from smartpick_expert.language.edits import AddEntry, Edit, EditReader, SetField
from smartpick_expert.language.paths import Path, read_path
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Mapping, parse
from smartpick_expert.language.values import ABSENT, ValueProblem
from tests.profiles import WORKSPACE, profile_of

VOCABULARY = WORKSPACE.vocabulary
PREPARING = {"applicant": {"label": "A", "stage": "preparing"}}


def edits(text: str) -> list[Edit]:
    """Edits as they are written, a line each: `set: {...}` or `add: {...}`."""
    reader = Reader()
    found: list[Edit] = []
    for line in text.splitlines():
        node = parse(line, "edit")
        assert isinstance(node, Mapping)
        ((key, inner),) = node.pairs
        assert isinstance(inner, Mapping)
        read = EditReader(VOCABULARY, reader)
        found += read.settings(inner) if key.text == "set" else read.additions(inner)
    assert reader.problems == []
    return found


def after(data: dict[str, Any], text: str, section: str) -> list[dict[str, object]]:
    """The entries of a section after some edits."""
    return [dict(entry.values) for entry in edited(profile_of(PREPARING | data), edits(text), VOCABULARY).of(section)]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("ecfmg.status", Path("ecfmg", "status")),
        ("exam[step2_ck].score", Path("exam", "score", "step2_ck")),
        ("letter[first-letter].detailed", Path("letter", "detailed", "first-letter")),
        ("gap[*].explained", Path("gap", "explained", "*")),
    ],
)
def test_a_path_is_read_and_written_alike(text: str, path: Path):
    assert (read_path(text, VOCABULARY), str(path)) == (path, text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ecfmg", "path.form"),
        ("ecfmg.status.now", "path.form"),
        ("exam[].score", "path.form"),
        ("exams[step1].score", "name.fact-type"),
        ("exam[step1].scores", "name.field"),
        ("bucket.name", "path.not-given"),
        ("applicant.years_since_graduation", "path.not-given"),
        ("exam.score", "path.label"),
        ("exam[step9].score", "path.label"),
        ("ecfmg[a].status", "path.label"),
    ],
)
def test_what_is_no_path_is_refused(text: str, code: str):
    with pytest.raises(ValueProblem) as refused:
        read_path(text, VOCABULARY)
    assert refused.value.code == code


def test_a_field_that_is_set_changes_and_nothing_else():
    before = profile_of(
        PREPARING | {"ecfmg": {"status": "in_progress", "pathway": "pathway_1"}, "letter": [{"id": "a"}]}
    )
    now = edited(before, edits("set: {ecfmg.status: certified}"), VOCABULARY)
    assert [dict(entry.values) for entry in now.of("ecfmg")] == [{"status": "certified", "pathway": "pathway_1"}]
    assert (now.of("letter"), now.of("applicant")) == (before.of("letter"), before.of("applicant"))
    assert now.sections == before.sections


def test_an_entry_named_by_a_choice_is_found_by_it():
    exams = {"exam": [{"name": "step1", "result": "pass"}, {"name": "step2_ck", "result": "fail", "attempts": 1}]}
    text = 'set: {"exam[step2_ck].result": pass, "exam[step2_ck].attempts": {plus: 1}}'
    assert after(exams, text, "exam") == [
        {"name": "step1", "result": "pass"},
        {"name": "step2_ck", "result": "pass", "attempts": 2},
    ]


def test_an_entry_that_is_not_there_yet_is_made():
    text = 'set: {"exam[step2_ck].result": pass, "exam[step2_ck].attempts": {plus: 1}}'
    assert after({"exam": []}, text, "exam") == [{"name": "step2_ck", "result": "pass"}]


def test_each_entry_is_set_and_none_is_made_for_it():
    gaps = [{"id": "a", "months": 3, "explained": False}, {"id": "b", "months": 9}]
    text = 'set: {"gap[*].explained": yes}'
    assert after({"gap": gaps}, text, "gap") == [gaps[0] | {"explained": True}, gaps[1] | {"explained": True}]
    assert after({}, text, "gap") == []


def test_nothing_written_makes_a_field_unknown_and_none_takes_it_away():
    exams = {"exam": [{"name": "step2_ck", "result": "fail", "score": 200, "taken_on": "2026-01-01"}]}
    text = 'set: {"exam[step2_ck].score": , "exam[step2_ck].taken_on": none}'
    assert after(exams, text, "exam") == [{"name": "step2_ck", "result": "fail", "taken_on": ABSENT}]


def test_a_value_is_taken_over_from_the_profile():
    text = "add: {letter: {specialty: $target.specialty}}"
    assert after({"target": {"specialty": "neurology"}, "letter": []}, text, "letter") == [
        {"id": "letter-1", "specialty": "neurology"}
    ]
    assert after({"letter": []}, text, "letter") == [{"id": "letter-1"}]


def test_an_added_label_that_is_taken_gets_a_number_and_what_refers_to_it_follows():
    text = "add: {letter: {id: new}}\nadd: {experience: {letter: new}}"
    data = {"letter": [{"id": "new"}], "experience": []}
    assert after(data, text, "letter") == [{"id": "new"}, {"id": "new-2"}]
    assert after(data, text, "experience") == [{"id": "experience-1", "letter": "new-2"}]


@pytest.mark.parametrize(
    ("text", "section", "closes"),
    [
        ("add: {letter: {us_based: yes}}", "letter", False),
        ("add: {clarity_rating: {rating: 9}}", "clarity_rating", True),
        ("set: {ecfmg.status: certified}", "ecfmg", True),
    ],
    ids=["there may be other letters", "left out, there are no other ratings", "there is one"],
)
def test_a_section_left_out_stays_open_where_there_may_be_more(text: str, section: str, closes: bool):
    now = edited(profile_of(PREPARING), edits(text), VOCABULARY)
    assert (len(now.of(section)), section in now.sections) == (1, closes)


def test_what_was_verified_is_so_no_more_when_it_is_changed():
    data = {"ecfmg": {"status": "in_progress", "verified": {"by": "clerk", "on": "2026-09-01"}}}
    (entry,) = edited(profile_of(PREPARING | data), edits("set: {ecfmg.status: certified}"), VOCABULARY).of("ecfmg")
    assert entry.verified is None


def test_every_shipped_change_can_be_made_to_a_profile_that_says_nothing_else():
    for action in WORKSPACE.knowledge.actions.values():
        made = edited(profile_of(PREPARING), action.edits_at("preparing"), VOCABULARY)
        told = [one for one in action.edits_at("preparing") if isinstance(one, AddEntry) or one.path.label != "*"]
        expected = {one.path.type if isinstance(one, SetField) else one.type for one in told}
        assert {entry.type for entry in made.entries} - {"applicant"} == expected, action.name
