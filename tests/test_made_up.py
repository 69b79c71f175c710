"""Made-up profiles: valid, without contradictions, alike on every machine, and of every kind."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from smartpick_expert.authoring.drawn_values import DrawnValues
from smartpick_expert.authoring.made_up import made_up, made_up_text
from smartpick_expert.authoring.usual import FOLDER, Usual, read_usual, usual_of
from smartpick_expert.diagnostics import Problems
from smartpick_expert.engine.consultation import consult_profile
from smartpick_expert.explain.contradictions import contradictions
from smartpick_expert.intake.profile import Profile, profile_from_text, require
from smartpick_expert.language.values import ABSENT, Slot
from smartpick_expert.language.vocabulary import FieldType, Supplier
from smartpick_expert.workspace import Workspace, load_workspace

SEED, NUMBER = 20260910, 400
MANY_WORDS = 12
SMALL = Path(__file__).parent / "small"


@pytest.fixture(scope="module")
def some() -> tuple[Profile, ...]:
    workspace = load_workspace(Path(__file__).parent.parent)
    return tuple(made_up(workspace, SEED, NUMBER, date(2026, 9, 10)))


def said(profile: Profile) -> list[tuple[str, int, dict[str, Slot]]]:
    """What a profile says, without its places."""
    return [(entry.type, entry.position, dict(entry.values)) for entry in profile.entries]


def values_met(profiles: Iterable[Profile], type_name: str, field: str) -> set[Slot]:
    """The values of a field that some profile has; of a list, each of its words."""
    slots = [entry.values[field] for one in profiles for entry in one.of(type_name) if field in entry.values]
    return {one for slot in slots for one in (slot if isinstance(slot, tuple) else (slot,))}


def test_the_text_of_each_reads_as_the_very_profile(some: tuple[Profile, ...], workspace: Workspace):
    for profile in some[:150]:
        text = made_up_text(profile, workspace.vocabulary)
        read = require(*profile_from_text(text, profile.path, workspace.vocabulary))
        assert (read.sections, sorted(said(read), key=str)) == (profile.sections, sorted(said(profile), key=str))


def test_each_says_in_its_text_and_in_its_label_that_it_is_made_up(some: tuple[Profile, ...], workspace: Workspace):
    assert [profile.of("applicant")[0].values["label"] for profile in some[:2]] == [
        f"Made-up profile {SEED}-0001",
        f"Made-up profile {SEED}-0002",
    ]
    assert made_up_text(some[0], workspace.vocabulary).startswith("# A made-up profile")


def test_none_contradicts_itself(some: tuple[Profile, ...], workspace: Workspace, as_of: date):
    found = [
        (profile.path, contradictions(consult_profile(profile, workspace, as_of, "plain"), workspace))
        for profile in some[:150]
    ]
    assert [one for one in found if one[1]] == []


def test_every_word_of_every_short_choice_is_met(some: tuple[Profile, ...], workspace: Workspace):
    never = [
        f"{kind.name}.{field.name}: {word}"
        for kind in workspace.vocabulary.supplied_by(Supplier.PROFILE)
        for field in kind.given_fields
        if field.type is FieldType.CHOICE and len(field.values) <= MANY_WORDS
        for word in field.values
        if word not in values_met(some, kind.name, field.name)
    ]
    # A premed's section is given seldom, as most of them are at other stages.
    assert [one for one in never if not one.startswith("school_answer.")] == []


def test_every_section_is_given_by_some_and_left_out_by_some(some: tuple[Profile, ...], workspace: Workspace):
    kinds = workspace.vocabulary.supplied_by(Supplier.PROFILE)
    given = {kind.name: sum(kind.name in profile.sections for profile in some) for kind in kinds}
    assert [name for name, count in given.items() if name != "applicant" and not 0 < count < NUMBER] == []


@pytest.mark.parametrize(
    ("place", "both_sides"),
    [
        (("exam", "score"), {219, 220, 221, 229, 230, 231}),
        (("experience", "weeks"), {3, 4, 5}),
        (("gap", "months"), {5, 6, 7}),
        (("exam", "attempts"), {1, 2, 3, 4}),
    ],
)
def test_values_lie_on_both_sides_of_limits(some: tuple[Profile, ...], place: tuple[str, str], both_sides: set[Slot]):
    assert both_sides - values_met(some, *place) == set()


def test_years_since_graduation_lie_on_both_sides_of_their_limit(some: tuple[Profile, ...]):
    people = [profile.of("applicant")[0].values for profile in some]
    since = {one["season"] - one["year_of_graduation"] for one in people if {"season", "year_of_graduation"} <= {*one}}
    assert {4, 5, 6} - since == set()


def test_few_of_a_seed_are_the_first_of_many(some: tuple[Profile, ...], workspace: Workspace, as_of: date):
    assert [said(one) for one in made_up(workspace, SEED, 3, as_of)] == [said(one) for one in some[:3]]


def test_another_seed_makes_others(some: tuple[Profile, ...], workspace: Workspace, as_of: date):
    assert said(next(made_up(workspace, SEED + 1, 1, as_of))) != said(some[0])


def test_they_do_not_depend_on_how_texts_are_hashed(some: tuple[Profile, ...], workspace: Workspace, as_of: date):
    code = (
        "import hashlib, sys; from datetime import date; from pathlib import Path\n"
        "from smartpick_expert.authoring.made_up import made_up, made_up_text\n"
        "from smartpick_expert.workspace import load_workspace\n"
        "w = load_workspace(Path(sys.argv[1]))\n"
        f"t = ''.join(made_up_text(p, w.vocabulary) for p in made_up(w, {SEED}, 5, date(2026, 9, 10)))\n"
        "print(hashlib.sha256(t.encode()).hexdigest())"
    )
    ours = "".join(made_up_text(one, workspace.vocabulary) for one in some[:5])
    found = subprocess.run(
        [sys.executable, "-c", code, str(workspace.root)],
        env={**os.environ, "PYTHONHASHSEED": "77"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert found.stdout.strip() == hashlib.sha256(ours.encode()).hexdigest()


def test_a_base_without_a_file_on_them_has_made_up_profiles_too(as_of: date):
    small = load_workspace(SMALL)
    assert read_usual(small, as_of) == Usual()
    assert len(list(made_up(small, 1, 20, as_of))) == 20


def test_a_number_is_drawn_at_the_limits_of_a_difference(workspace: Workspace, as_of: date):
    values, kind = DrawnValues(workspace, as_of), workspace.vocabulary.types["applicant"]
    years = values.at_limits(kind, kind.fields["year_of_graduation"], {"season": 2027})
    assert {2021, 2022, 2023} <= set(years)


def wrong(tmp_path: Path, workspace: Workspace, text: str) -> list[str]:
    folder = tmp_path / FOLDER
    folder.mkdir(parents=True)
    (folder / "usual.yaml").write_text(text, encoding="utf-8")
    elsewhere = Workspace(tmp_path, workspace.vocabulary, workspace.knowledge, workspace.ruleset)
    usual, problems = usual_of(elsewhere, date(2026, 9, 10))
    if problems:
        with pytest.raises(Problems):
            read_usual(elsewhere, date(2026, 9, 10))
    return [str(problem) for problem in problems] or [str(sorted(usual.values.items(), key=str))]


@pytest.mark.parametrize(
    "text",
    [
        "entries: {letters: [1]}",
        "entries: {applicant: [1]}",
        "entries: {letter: [-1]}",
        "entries: {letter: []}",
        "usual: {exam.scores: [1]}",
        "usual: {exam.score: [400]}",
        "usual: {exam.score: {between: [10]}}",
        "usual: {exam.score: {about: 10}}",
        "usual: {letter.waived: {between: [1, 2]}}",
        "usual: {exam.score: {from_today: [1]}}",
        "usual: [1]",
        "unusual: {}",
        "usual: {",
    ],
)
def test_mistakes_in_the_file_on_them_are_found_with_their_places(
    text: str, tmp_path: Path, workspace: Workspace, golden
):
    name = "".join(c if c.isalnum() else "_" for c in text).strip("_")
    golden(f"made_up/{name}.txt", "\n".join(wrong(tmp_path, workspace, text)) + "\n")


def test_none_is_a_usual_value_where_there_may_be_none(tmp_path: Path, workspace: Workspace):
    found = wrong(tmp_path, workspace, "usual: {applicant.home_state: [none, TX]}")
    assert found == [str([(("applicant", "home_state", ""), (ABSENT, "TX"))])]
