"""Which letters go to which program: the fittest by the rules, as many as can be sent, and none that is kept back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from smartpick_expert.consulting import consult_file
from smartpick_expert.engine.consultation import consult_profile
from smartpick_expert.intake.kept import without_what_is_kept
from smartpick_expert.language.facts import Fact, listed
from smartpick_expert.lists.letters import Letters, letters_for
from tests.advised import persona_data
from tests.profiles import AS_OF, WORKSPACE, Data

PERSONA = "graduate_needing_visa"
PLAIN: Data = {
    "writer": "Writer",
    "institution": "Elsewhere (fictional)",
    "setting": "community_teaching",
    "writer_role": "attending",
    "specialty": "internal_medicine",
    "us_based": True,
    "residency_tie": False,
    "residents_sent": 0,
    "residents_did": "none",
    "weeks_observed": 8,
    "comparative": False,
    "detailed": True,
    "waived": True,
}
STRONG: Data = {**PLAIN, "comparative": True}
TRUSTED: Data = {**STRONG, "residency_tie": True, "residents_sent": 3, "residents_did": "well"}
WEAK: Data = {**PLAIN, "detailed": False}
HARMFUL: Data = {**PLAIN, "residents_sent": 3, "residents_did": "badly"}


def program(**values: object) -> Fact:
    given: dict[str, Any] = {"id": "p", "name": "Harbor Bend (fictional)", "specialty": "internal_medicine", **values}
    return listed(WORKSPACE.vocabulary.types["program"], given, 0)


def sent(folder: Path, letters: Data, *programs: Fact) -> list[Letters]:
    """The letters of somebody with these letters (by label) for each program."""
    data = {**persona_data(PERSONA), "letter": [{"id": label, **one} for label, one in letters.items()]}
    data["experience"], data["research"], data["scholarly_work"] = [], [], []
    path = folder / "profile.json"
    path.write_text(json.dumps(data), "utf-8")
    found = letters_for(consult_file(path, WORKSPACE, AS_OF, "plain"), programs, "plain")
    return [found[one.get("id")] for one in programs]


def labels(letters: Letters) -> list[str]:
    return [one.letter for one in letters.assigned]


def test_a_writer_of_the_place_goes_first_then_a_trusted_one_then_one_of_the_specialty(tmp_path: Path):
    letters = {
        "plain": {**PLAIN, "specialty": "pediatrics"},
        "of-the-specialty": PLAIN,
        "trusted": {**TRUSTED, "specialty": "pediatrics"},
        "there": {**PLAIN, "specialty": "pediatrics", "institution": "Harbor Hospital (fictional)"},
    }
    (found,) = sent(tmp_path, letters, program(institution="Harbor Hospital (fictional)"))
    assert [(one.letter, one.grounds, one.rules) for one in found.assigned] == [
        ("there", ("its writer works there",), ("letters.fit-writer-there",)),
        ("trusted", ("a trusted letter",), ("letters.fit-trusted",)),
        ("of-the-specialty", ("of the program's specialty",), ("letters.fit-specialty",)),
        ("plain", (), ()),
    ]


def test_a_letter_with_one_more_ground_goes_before_one_without(tmp_path: Path):
    letters = {"plain": PLAIN, "strong": STRONG}
    assert labels(sent(tmp_path, letters, program())[0]) == ["strong", "plain"]


def test_each_program_of_a_specialty_gets_the_letters_of_that_specialty_first(tmp_path: Path):
    letters = {"medicine": PLAIN, "children": {**PLAIN, "specialty": "pediatrics"}}
    medicine, children = sent(tmp_path, letters, program(), program(id="q", specialty="pediatrics"))
    assert (labels(medicine), labels(children)) == (["medicine", "children"], ["children", "medicine"])


@pytest.mark.parametrize(("takes", "expected"), [(None, 4), (3, 3), (6, 4)])
def test_no_more_letters_are_sent_than_the_program_and_the_service_take(
    tmp_path: Path, takes: int | None, expected: int
):
    letters: Data = {f"letter-{n}": STRONG for n in range(6)}
    stated = {} if takes is None else {"letters_max": takes}
    (found,) = sent(tmp_path, letters, program(**stated))
    assert (labels(found), found.short_by) == ([f"letter-{n}" for n in range(expected)], 0)


@pytest.mark.parametrize(
    ("asks", "expected"),
    [(None, ["strong", "weak-1", "weak-2"]), (1, ["strong"]), (2, ["strong", "weak-1"]), (4, ["strong", "weak-1", "weak-2", "weak-3"])],
    ids=["as many as usual where it does not say", "one", "two", "four"],
)  # fmt: skip
def test_a_weak_letter_only_fills_the_number_that_is_asked_for(tmp_path: Path, asks: int | None, expected: list[str]):
    letters = {"weak-1": WEAK, "weak-2": WEAK, "weak-3": WEAK, "strong": STRONG}
    stated = {} if asks is None else {"letters_min": asks}
    assert labels(sent(tmp_path, letters, program(**stated))[0]) == expected


def test_a_letter_that_works_against_the_file_is_kept_back_and_then_lacking(tmp_path: Path):
    (found,) = sent(tmp_path, {"strong": STRONG, "warned": HARMFUL}, program(letters_min=2))
    assert (labels(found), found.short_by) == (["strong"], 1)


def test_what_is_noted_of_a_writer_at_one_program_counts_at_that_program_alone(tmp_path: Path):
    data = {**persona_data(PERSONA), "experience": [], "research": [], "scholarly_work": []}
    data["letter"] = [{"id": "strong", **STRONG}, {"id": "noted", **PLAIN, "writer": "Noted"}]
    data["writer_note"] = [
        {"id": "trusts", "program": "p", "writer": "Noted", "standing": "trusted"},
        {"id": "doubts", "program": "q", "writer": "Noted", "standing": "burned"},
    ]
    path = tmp_path / "profile.json"
    path.write_text(json.dumps(data), "utf-8")
    consultation = consult_file(path, WORKSPACE, AS_OF, "plain")
    # Which programs are held against a file is known by their standing in a catalogue.
    programs = [program(), program(id="q"), program(id="r")]
    found = letters_for(consultation, programs, "plain")
    assert {label: labels(one) for label, one in found.items()} == {
        "p": ["noted", "strong"],
        "q": ["strong"],
        "r": ["strong", "noted"],
    }


def test_that_it_works_against_the_file_never_reaches_what_the_applicant_is_given(tmp_path: Path):
    data = {**persona_data(PERSONA), "experience": [], "research": [], "scholarly_work": []}
    told = []
    for did in ("badly", "mixed"):
        data["letter"] = [{"id": "strong", **STRONG}, {"id": "other", **HARMFUL, "residents_did": did}]
        path = tmp_path / "profile.json"
        path.write_text(json.dumps(data), "utf-8")
        profile = without_what_is_kept(consult_file(path, WORKSPACE, AS_OF, "plain").profile, WORKSPACE.vocabulary)
        consultation = consult_profile(profile, WORKSPACE, AS_OF, "plain")
        told.append(letters_for(consultation, [program(letters_min=2)], "plain"))
    assert told[0] == told[1]
    assert [labels(one) for one in told[0].values()] == [["strong", "other"]]


def test_who_has_no_letters_gets_none_assigned(tmp_path: Path):
    assert sent(tmp_path, {}, program(letters_min=3)) == [Letters((), 3)]


def test_programs_that_no_rule_on_letters_tells_apart_get_sentences_of_their_own(tmp_path: Path):
    first, second = sent(tmp_path, {"plain": PLAIN}, program(), program(id="q", name="Twin Mills (fictional)"))
    assert "Harbor Bend (fictional)" in first.assigned[0].sentences[0]
    assert "Twin Mills (fictional)" in second.assigned[0].sentences[0]
