"""What cases exercise: a part counts where it made the difference, and what is missing is told with a case."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smartpick_expert.authoring.cases import read_cases
from smartpick_expert.authoring.coverage import RuleCoverage, State, counted, cover
from smartpick_expert.authoring.mutation.made_cases import cases_text
from smartpick_expert.authoring.mutation.own_cases import OwnCases
from smartpick_expert.language.model import Status
from tests.small_base import CASES, LETTERS, SMALL, cases_of, small_base
from tests.test_mutate import smartpick

WRITER = "letters.known-writer"
FLAG = "- letter: {as: letter, us_based: false}"


def covered(root: Path, rule_id: str) -> RuleCoverage:
    """What is exercised of a rule."""
    own = cases_of(root)
    rule = own.workspace.ruleset.get(rule_id)
    assert rule is not None
    return cover(rule, own)


def missing(root: Path, rule_id: str, kind: str) -> list[str]:
    """What is missing of one kind of part."""
    return [side.words for part, side in covered(root, rule_id).missing if part.kind == kind]


def with_cases(tmp_path: Path, when: str, *cases: str) -> Path:
    """The base with other conditions for the flag, and with these cases of it alone: facts, and whether it fires."""
    root = small_base(tmp_path, {LETTERS: ((FLAG, when),)})
    lines = []
    for number, case in enumerate(cases):
        facts, _, does = case.partition(" -> ")
        lines.append(f"  - name: Case {number}\n    facts: {{{facts}}}\n    {does}: letters.outside-us\n")
    (root / CASES).write_text("cases:\n" + "".join(lines), "utf-8")
    return root


def test_a_limit_with_a_case_on_each_side_is_exercised():
    assert missing(SMALL, WRITER, "limit") == []


@pytest.mark.parametrize(
    ("instead", "words"),
    [
        (
            ("residents_sent: 1", "residents_sent: 0"),
            "has letter.residents_sent 1, just below letters.track_record (2)",
        ),
        (("residents_sent: 2", "residents_sent: 3"), "has letter.residents_sent 2, on letters.track_record (2)"),
    ],
)
def test_a_case_further_off_than_a_step_leaves_the_side_missing(instead: tuple[str, str], words: str, tmp_path: Path):
    assert missing(small_base(tmp_path, {CASES: (instead,)}), WRITER, "limit") == [words]


def test_a_value_beside_a_limit_counts_only_where_the_rest_is_met(tmp_path: Path):
    root = small_base(tmp_path, {CASES: (("us_based: true, residents_sent: 1", "us_based: false, residents_sent: 1"),)})
    assert missing(root, WRITER, "limit") == ["has letter.residents_sent 1, just below letters.track_record (2)"]


def test_both_ends_of_between_are_limits(tmp_path: Path):
    when = "- letter: {as: letter, residents_sent: {between: [2, 5]}}"
    low, high = "letter: [{id: a, residents_sent: 2}] -> fires", "letter: [{id: a, residents_sent: 6}] -> does_not_fire"
    root = with_cases(tmp_path, when, low, high)
    assert missing(root, "letters.outside-us", "limit") == [
        "has letter.residents_sent 1, just below the limit 2",
        "has letter.residents_sent 5, on the limit 5",
    ]


def test_the_limit_of_a_count_has_two_sides_too(tmp_path: Path):
    when = "- letter: {as: letter}\n      - count: {reason: {side: against}, at_least: 2}"
    root = with_cases(tmp_path, when, "letter: [{id: a}] -> does_not_fire")
    assert missing(root, "letters.outside-us", "limit") == [
        "has a count of reason (side is “against”) of 2, on the limit 2",
        "has a count of reason (side is “against”) of 1, just below the limit 2",
    ]


def test_a_branch_is_exercised_where_no_other_holds(tmp_path: Path):
    when = "- letter: {as: letter}\n      - any: [{reason: {side: for}}, {bucket: {name: high_risk}}]"
    both = "letter: [{id: a}], reason: [{side: for}], bucket: [{name: high_risk}]"
    root = with_cases(tmp_path, when, f"{both} -> fires", "letter: [{id: a}], bucket: [{name: high_risk}] -> fires")
    assert missing(root, "letters.outside-us", "branch") == [
        "holds through this branch of 'any' and no other: there is a reason (side is “for”)"
    ]


def test_what_must_not_be_there_is_exercised_by_what_is_there_and_by_a_near_miss(tmp_path: Path):
    when = "- letter: {as: letter}\n      - not: {reason: {side: against}}"
    root = with_cases(tmp_path, when, "letter: [{id: a}], reason: [{side: against}] -> does_not_fire")
    assert missing(root, "letters.outside-us", "test") == [
        "has all that 'not' forbids except this: reason: side is “against”"
    ]


def test_a_rule_without_a_case_is_missing_both_its_firing_and_its_rest():
    own = OwnCases(cases_of(SMALL).workspace, (), ())
    rule = own.workspace.ruleset.get(WRITER)
    assert rule is not None
    result = cover(rule, own)
    assert [side.words for side in result.parts[0].sides] == ["lets it fire", "lets it rest"]


def test_a_side_that_no_value_reaches_is_out_of_reach_and_not_counted(tmp_path: Path):
    when = "- letter: {as: letter, residents_sent: {at_most: 200}}"
    result = covered(
        with_cases(tmp_path, when, "letter: [{id: a, residents_sent: 200}] -> fires"), "letters.outside-us"
    )
    limit = next(part for part in result.parts if part.kind == "limit")
    assert [side.state for side in limit.sides] == [State.OUT_OF_REACH, State.COVERED]
    assert limit.state is State.COVERED


def test_the_cases_that_are_told_exercise_everything(tmp_path: Path):
    """All that is missing, taken up as cases: then nothing is."""
    workspace = cases_of(SMALL).workspace
    nothing = OwnCases(workspace, (), ())
    live = [rule for rule in workspace.ruleset.rules if rule.status is not Status.RETIRED]
    made = [side.made for rule in live for _, side in cover(rule, nothing).missing if side.made is not None]
    path = tmp_path / "made.cases.yaml"
    path.write_text(cases_text(made), "utf-8")
    own = OwnCases(workspace, read_cases(path, workspace), ())
    assert [side.words for rule in live for part, side in cover(rule, own).missing if part.kind != "rule"] == []


def test_figures_count_parts_whose_sides_are_all_exercised():
    assert counted([covered(SMALL, "letters.outside-us")]) == {
        "rule": (1, 1),
        "condition": (0, 0),
        "test": (1, 1),
        "branch": (0, 0),
        "limit": (0, 0),
    }


# --- the command -------------------------------------------------------------------------------------------------------------


def test_the_command_tells_what_is_missing_topic_by_topic(golden):
    result = smartpick("rules", "coverage", SMALL / "rules" / "letters")
    assert result.exit_code == 0
    golden("rules/coverage.txt", result.output)


def test_the_page_shows_the_rules_as_written_with_signs_and_words(golden):
    page = smartpick("rules", "coverage", SMALL / "rules" / "letters", "--format", "html").stdout
    assert (page.count("http"), "<script" in page) == (1, False)  # "http-equiv" and no address
    golden("rules/coverage.html", page.replace(page[page.rindex("SmartPick Expert") :], "SmartPick Expert\n"))


def test_the_command_gives_the_same_as_data():
    found = json.loads(smartpick("rules", "coverage", "--workspace", SMALL, "--format", "json").stdout)
    assert found["counted"]["limit"] == {"covered": 1, "of": 1}
    states = {side["state"] for rule in found["rules"] for part in rule["parts"] for side in part["sides"]}
    assert states == {"covered", "missing"}


@pytest.mark.parametrize(("kinds", "code"), [("limit", 0), ("limit,test", 1)])
def test_what_is_required_decides_the_exit_code(kinds: str, code: int):
    assert smartpick("rules", "coverage", SMALL / "rules" / "letters", "--require", kinds).exit_code == code


def test_a_kind_that_is_none_is_refused():
    result = smartpick("rules", "coverage", "--workspace", SMALL, "--require", "lines")
    assert (result.exit_code, "'lines' is none of" in result.output) == (2, True)


def test_a_case_file_stands_for_the_rules_beside_it():
    result = smartpick("rules", "coverage", SMALL / CASES)
    assert (result.exit_code, "bucket" in result.output, "letters.known-writer" in result.output) == (0, False, True)


def test_the_page_is_written_into_the_file_that_is_named(tmp_path: Path):
    out = tmp_path / "coverage.html"
    result = smartpick("rules", "coverage", "--workspace", SMALL, "--format", "html", "--out", out)
    assert (result.exit_code, out.read_text("utf-8").startswith("<!doctype html>"), result.stdout) == (0, True, "")
