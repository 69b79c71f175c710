"""Directions: what must never get worse is read with its places, searched for on pairs, and shown with the rules behind it."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from smartpick_expert.authoring.directions.ground import Ground, types_of
from smartpick_expert.authoring.directions.model import Direction
from smartpick_expert.authoring.directions.outcomes import may_be_worse, what_is_worse
from smartpick_expert.authoring.directions.reading import FOLDER, directions_of, read_directions
from smartpick_expert.authoring.directions.search import Searched, search
from smartpick_expert.intake.profile import Profile, profile_from_text, require
from smartpick_expert.workspace import Workspace, load_workspace
from tests.test_cli import smartpick

SMALL = Path(__file__).parent / "small"
AS_OF = date(2026, 9, 10)
MODEST = 30

SCALES = """\
scales:
  bucket:
    of: bucket.name
    worst_to_best: [high_risk, nothing, known_quantity]
  grades:
    of: letter_grade.grade
    each: [letter]
    worst_to_best: [weak, nothing, trusted]
"""
MORE_RESIDENTS = """\
  - id: more-residents
    says: A writer who sent more residents never worsens the bucket.
    because: The more a writer has sent, the better the name is known.
    change: {raise: "letter[*].residents_sent"}
    where: {us_based: true}
    never_worse: [bucket, grades]
"""
WAIVED = """\
  - id: waived
    says: To waive the right never makes a reader pause.
    because: The portal says so.
    change: {set: {"letter[*].waived": true}}
    never_worse: [bucket]
    never_comes: [{letter_flag: {kind: not_waived}}]
"""
ONE_MORE = """\
  - id: one-more-letter
    says: One more letter never hurts.
    because: It is one more.
    change: {add: {letter: {id: more, us_based: true, waived: true, residents_sent: 9}}}
    never_worse: [bucket]
"""
ONE_LESS = """\
  - id: one-letter-less
    says: A letter from abroad less never hurts.
    because: Nobody reads it.
    change: {remove: letter}
    where: {us_based: false}
    never_worse: [bucket]
"""


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A small base of somebody's own."""
    shutil.copytree(SMALL, tmp_path / "own")
    return tmp_path / "own"


def declare(base: Path, *directions: str) -> None:
    folder = base / FOLDER
    folder.mkdir(exist_ok=True)
    (folder / "all.yaml").write_text(f"{SCALES}directions:\n{''.join(directions)}", "utf-8")


def damage(base: Path, old: str, new: str) -> None:
    path = base / "rules" / "letters" / "letters.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def searched(base: Path, pairs: int = 60, seed: int = 1) -> tuple[Searched, ...]:
    workspace = load_workspace(base)
    return search(workspace, read_directions(workspace).directions, pairs, seed, AS_OF)


def only(base: Path) -> tuple[Workspace, Direction]:
    workspace = load_workspace(base)
    (direction,) = read_directions(workspace).directions
    return workspace, direction


# --- the shipped ones ----------------------------------------------------------------------------------------------------


def test_the_shipped_rules_hold_every_direction(workspace: Workspace, as_of: date):
    found = search(workspace, read_directions(workspace).directions, MODEST, 1, as_of)
    assert [(one.direction.id, one.violation) for one in found if one.worse] == []
    assert [one.direction.id for one in found if not one.pairs] == []


def test_at_least_twenty_ship_and_each_says_why_and_of_what_it_never_worsens(workspace: Workspace):
    directions = read_directions(workspace).directions
    assert len(directions) >= 20
    assert [one.id for one in directions if not one.because or not (one.scales or one.never_comes)] == []


def test_a_shipped_rule_that_no_longer_knows_high_scores_is_noticed(tmp_path: Path):
    for folder in ("rules", "knowledge"):
        shutil.copytree(SMALL.parent.parent / folder, tmp_path / folder)
    path = tmp_path / "rules" / "visa" / "need.yaml"
    text = path.read_text("utf-8")
    limit = "score: {at_least: {plus: [$program.step2_comfortable, 10]}}"
    assert limit in text
    path.write_text(text.replace(limit, "score: {between: [245, 262]}"), "utf-8")
    damaged = load_workspace(tmp_path)
    directions = [one for one in read_directions(damaged).directions if one.id == "exams.higher-step2"]
    (found,) = search(damaged, directions, 200, 1, AS_OF)
    assert found.violation is not None
    assert {(worse.about, worse.before, worse.after) for worse in found.violation.worse} == {
        ("reasons against (the visa)", "slight", "moderate")
    }


# --- the search ----------------------------------------------------------------------------------------------------------


def test_a_sound_base_holds_what_is_declared_of_it(base: Path):
    declare(base, MORE_RESIDENTS, WAIVED, ONE_MORE, ONE_LESS)
    found = searched(base)
    assert [(one.direction.id, one.worse) for one in found] == [
        ("more-residents", 0),
        ("one-letter-less", 0),
        ("one-more-letter", 0),
        ("waived", 0),
    ]
    assert [one.direction.id for one in found if one.pairs < 5] == []


LIMIT = "residents_sent: {at_least: $parameter.letters.track_record}"
NOT_WAIVED = "letter: {as: letter, waived: false}\n    then"
DEFECTS = {
    "more_residents": (MORE_RESIDENTS, LIMIT, "residents_sent: {between: [2, 9]}"),
    "waived": (WAIVED, NOT_WAIVED, "letter: {as: letter, waived: true}\n    then"),
    "one_more_letter": (ONE_MORE, "- not: {letter_flag: {letter: $letter.id, kind: not_waived}}", "- count: {letter: {}, at_most: 1}"),
    "one_letter_less": (ONE_LESS, "- not: {letter_flag: {letter: $letter.id, kind: not_waived}}", "- letter: {us_based: false}"),
}  # fmt: skip


@pytest.mark.parametrize("name", DEFECTS)
def test_a_rule_that_goes_the_wrong_way_is_caught_and_shown(name: str, base: Path, golden):
    direction, old, new = DEFECTS[name]
    declare(base, direction)
    damage(base, old, new)
    result = smartpick("rules", "directions", "--pairs", "60", "--as-of", "2026-09-10", "--workspace", base)
    assert result.exit_code == 1
    golden(f"directions/{name}.txt", result.output)


def test_what_is_shown_is_as_small_as_it_goes(base: Path):
    declare(base, MORE_RESIDENTS)
    damage(base, LIMIT, "residents_sent: {between: [2, 9]}")
    (found,) = searched(base)
    assert found.violation is not None
    values = {entry.type: dict(entry.values) for entry in found.violation.before.entries}
    assert set(values) == {"applicant", "letter"}
    assert set(values["letter"]) == {"id", "us_based", "waived", "residents_sent"}


def test_the_same_seed_finds_the_same(base: Path):
    declare(base, MORE_RESIDENTS)
    damage(base, LIMIT, "residents_sent: {between: [2, 9]}")
    assert searched(base) == searched(base)
    assert searched(base) != searched(base, seed=2)


def test_a_direction_that_applies_to_nobody_is_a_finding(base: Path):
    declare(base, MORE_RESIDENTS.replace("{us_based: true}", "{us_based: true, residents_sent: {above: 200}}"))
    result = smartpick("rules", "directions", "--pairs", "20", "--as-of", "2026-09-10", "--workspace", base)
    assert result.exit_code == 1
    assert "error[direction.untested] Direction 'more-residents' applied to none of the profiles" in result.output


def test_circumstances_are_those_of_the_profile(base: Path):
    declare(base, MORE_RESIDENTS + "    when: [{applicant: {stage: ranking}}]\n")
    damage(base, LIMIT, "residents_sent: {between: [2, 9]}")
    (found,) = searched(base)
    # The damaged rule fires at another stage only.
    assert (found.worse, found.pairs > 5) == (0, True)


# --- what is worse -------------------------------------------------------------------------------------------------------


def profile(workspace: Workspace, text: str) -> Profile:
    return require(
        *profile_from_text(f"applicant: {{label: A, stage: preparing}}\n{text}", "a.yaml", workspace.vocabulary)
    )


def compared(base: Path, before: str, after: str) -> tuple[list[tuple[str, str, str]], bool]:
    """What surely is worse, and whether anything perhaps is."""
    declare(base, MORE_RESIDENTS)
    workspace, direction = only(base)
    grounds = [Ground(profile(workspace, text), workspace, AS_OF, types_of((direction,))) for text in (before, after)]
    stores = [one.stores for one in grounds]
    parameters = grounds[0].parameters
    sure = what_is_worse(direction, *stores, workspace.vocabulary, parameters)
    return [(one.about, one.before, one.after) for one in sure], may_be_worse(
        direction, *stores, workspace.vocabulary, parameters
    )


KNOWN = "letter: [{id: chair, us_based: true, waived: true, residents_sent: 4}]"
NOT_KNOWN = "letter: [{id: chair, us_based: true, waived: true, residents_sent: 1}]"
OPEN = "letter: [{id: chair, us_based: true, waived: true}]"


def test_a_bucket_that_goes_is_worse(base: Path):
    worse = [("bucket", "known quantity", "nothing"), ("grades (chair)", "trusted", "nothing")]
    assert compared(base, KNOWN, NOT_KNOWN) == (worse, True)


def test_what_comes_is_no_worse_and_neither_is_what_stays(base: Path):
    assert compared(base, NOT_KNOWN, KNOWN) == ([], False)
    assert compared(base, KNOWN, KNOWN) == ([], False)


def test_what_is_settled_and_then_open_is_only_perhaps_worse(base: Path):
    assert compared(base, KNOWN, OPEN) == ([], True)
    assert compared(base, NOT_KNOWN, OPEN) == ([], False)


def test_what_is_open_and_then_settled_at_its_worst_is_only_perhaps_worse(base: Path):
    assert compared(base, OPEN, NOT_KNOWN) == ([], True)


# --- the files -----------------------------------------------------------------------------------------------------------

MISTAKES = {
    "unknown_field": MORE_RESIDENTS.replace("residents_sent", "residents_send", 1),
    "no_order": MORE_RESIDENTS.replace("letter[*].residents_sent", "letter[*].waived"),
    "label_of_one_profile": MORE_RESIDENTS.replace("letter[*]", "letter[chair]"),
    "unknown_scale": MORE_RESIDENTS.replace("[bucket, grades]", "[buckets]"),
    "nothing_measured": MORE_RESIDENTS.replace("    never_worse: [bucket, grades]\n", ""),
    "two_changes": MORE_RESIDENTS.replace("{raise:", "{lower: letter, raise:"),
    "where_of_an_addition": ONE_MORE + "    where: {us_based: true}\n",
    "unknown_condition": MORE_RESIDENTS + "    when: [{letters: {}}]\n",
    "unknown_source": MORE_RESIDENTS + '    sources: ["claim:letters-known-writers"]\n',
    "no_reason": MORE_RESIDENTS.replace("    because: The more a writer has sent, the better the name is known.\n", ""),
    "not_a_conclusion": WAIVED.replace("{letter_flag: {kind: not_waived}}", "{not: {letter_flag: {}}}"),
    "what_there_is_one_of": ONE_LESS.replace("remove: letter", "remove: applicant").replace("us_based: false", "stage: ranking"),
    "twice": WAIVED + WAIVED,
    "id_that_names_no_file": WAIVED.replace("id: waived", "id: a/b"),
    "unknown_key": WAIVED.replace("because:", "why:"),
}  # fmt: skip
WRONG_SCALES = {
    "scale_of_what_is_given": "scales: {s: {of: letter.waived, worst_to_best: [a]}}",
    "scale_of_no_choice": "scales: {s: {of: letter_grade.letter, worst_to_best: [a]}}",
    "scale_without_a_word": "scales: {s: {of: bucket.name, worst_to_best: [high_risk]}}",
    "scale_with_a_strange_word": "scales: {s: {of: bucket.name, worst_to_best: [high_risk, know_quantity, known_quantity]}}",
    "scale_of_nothing": "scales: {s: {worst_to_best: [a]}}",
    "scale_of_strange_things": "scales: {s: {of: bucket.name, each: [kind], worst_to_best: [high_risk, known_quantity]}}",
    "no_mapping": "[1]",
    "no_yaml": "scales: {",
}


@pytest.mark.parametrize("name", [*MISTAKES, *WRONG_SCALES])
def test_mistakes_are_found_with_their_places(name: str, base: Path, golden):
    if name in MISTAKES:
        declare(base, MISTAKES[name])
    else:
        (base / FOLDER).mkdir()
        (base / FOLDER / "all.yaml").write_text(WRONG_SCALES[name], "utf-8")
    _, problems = directions_of(load_workspace(base))
    assert problems != ()
    golden(f"directions/mistakes/{name}.txt", "".join(f"{problem}\n" for problem in problems))


def test_a_review_of_the_base_finds_them_too(base: Path):
    declare(base, MISTAKES["unknown_scale"])
    result = smartpick("rules", "check", "--workspace", base, "--as-of", "2026-09-10")
    assert "knowledge/directions/all.yaml:15:19: error[direction.scale] There is no scale 'buckets'." in result.output


# --- the command ---------------------------------------------------------------------------------------------------------


def test_the_profiles_of_a_pair_are_saved_and_can_be_read_again(base: Path, tmp_path: Path):
    declare(base, MORE_RESIDENTS)
    damage(base, LIMIT, "residents_sent: {between: [2, 9]}")
    folder = tmp_path / "pairs"
    smartpick("rules", "directions", "--pairs", "60", "--save", folder, "--workspace", base)
    texts = {path.name: path.read_text("utf-8") for path in folder.iterdir()}
    assert sorted(texts) == ["more-residents.after.yaml", "more-residents.before.yaml"]
    workspace = load_workspace(base)
    for name, text in texts.items():
        assert text.startswith("# Made up to show that this does not hold:")
        require(*profile_from_text(text, name, workspace.vocabulary))


def test_data_names_the_rules_and_both_profiles(base: Path):
    declare(base, MORE_RESIDENTS, WAIVED)
    damage(base, LIMIT, "residents_sent: {between: [2, 9]}")
    words = ("--pairs", "60", "--format", "json", "--only", "more-residents", "--workspace", base)
    result = smartpick("rules", "directions", *words)
    (one,) = json.loads(result.stdout)
    assert (one["id"], one["got_worse"] > 0) == ("more-residents", True)
    assert one["violation"]["rules"] == ["bucket.known", "letters.known-writer"]
    assert one["violation"]["before"] != one["violation"]["after"]


def test_an_unknown_direction_is_named_with_the_nearest(base: Path):
    declare(base, WAIVED)
    result = smartpick("rules", "directions", "--only", "wavied", "--workspace", base)
    assert result.exit_code == 2
    assert "There is no direction 'wavied'. Did you mean 'waived'?" in result.output


def test_a_base_without_directions_is_told_so(base: Path):
    result = smartpick("rules", "directions", "--workspace", base)
    assert result.exit_code == 1
    assert "knowledge/directions: error[direction.none] This workspace declares no directions" in result.output
