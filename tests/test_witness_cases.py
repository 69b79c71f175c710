"""A witness becomes a case beside its rule: of what happens today, under a name that says that nobody is like this."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from smartpick_expert.authoring.cases import read_cases, run_case
from smartpick_expert.authoring.checks.base import Finding, Witness
from smartpick_expert.authoring.witness_cases import SavedCases, save_witnesses
from smartpick_expert.diagnostics import Location, Problems
from smartpick_expert.workspace import load_workspace
from tests.test_review import DAY, small  # noqa: F401 - a fixture

FILE = Path("rules") / "letters" / "letters.cases.yaml"
HOME = "letter: [{id: home, us_based: false, waived: true}]"


def found(*rules: str, given: str = HOME, whole: bool = False) -> Finding:
    witness = Witness("a letter from home: it counts for little.", given, rules, whole=whole)
    return Finding(
        "rule.example", "So.", "Do.", Location("rules/letters/letters.yaml", 4, 5), rule=rules[0], witness=witness
    )


def added(base: Path, *findings: Finding, day: date = DAY, where: Path | None = None) -> str:
    """What is added to the case file of the letters."""
    before = (base / FILE).read_text("utf-8")
    save_witnesses(findings, load_workspace(base), day, where, "plain")
    after = (base / FILE).read_text("utf-8")
    assert after.startswith(before.rstrip("\n"))
    return after[len(before.rstrip("\n")) :].strip("\n")


def test_a_witness_of_a_rule_that_fires_demands_what_it_concludes(small: Path):  # noqa: F811
    assert added(small, found("letters.outside-us")).splitlines() == [
        '  - name: "Made up, found by rule.example (letters.outside-us): a letter from home: it counts for little."',
        "    facts:",
        "      letter: [{id: home, us_based: false, waived: true}]",
        "    fires: letters.outside-us",
        "    concludes:",
        "      letter_flag: [{kind: outside_us, letter: home}]",
    ]


def test_a_witness_of_two_rules_is_a_case_for_each_and_all_of_them_hold(small: Path):  # noqa: F811
    text = added(small, found("letters.outside-us", "letters.not-waived"))
    assert [line.strip() for line in text.splitlines() if "fire" in line] == [
        "fires: letters.outside-us",
        "does_not_fire: letters.not-waived",
    ]
    workspace = load_workspace(small)
    cases = read_cases(small / FILE, workspace)
    assert [run_case(case, workspace, "plain").failures for case in cases] == [()] * 9


def test_a_whole_profile_is_one_case_for_all_its_rules(small: Path):  # noqa: F811
    given = f"applicant: {{label: A, stage: preparing}}\n{HOME}"
    text = added(small, found("letters.outside-us", "letters.not-waived", given=given, whole=True))
    assert (
        text.splitlines()[1:]
        == [
            "    profile:",
            "      applicant: {label: A, stage: preparing}",
            "      letter: [{id: home, us_based: false, waived: true}]",
            "    fires: [letters.outside-us]",
            "    does_not_fire: [letters.not-waived]",
            "    bucket: open",
        ]
        or text.splitlines()[-1] == "    does_not_fire: [letters.not-waived]"
    )


def test_saving_again_adds_nothing(small: Path):  # noqa: F811
    added(small, found("letters.outside-us"))
    before = (small / FILE).read_bytes()
    saved = save_witnesses([found("letters.outside-us")], load_workspace(small), DAY, None, "plain")
    assert (saved, (small / FILE).read_bytes()) == ((SavedCases(small / FILE, ()),), before)


def test_the_day_is_said_where_it_is_not_the_usual_one(small: Path):  # noqa: F811
    assert "    as_of: 2027-02-01" in added(small, found("letters.outside-us"), day=date(2027, 2, 1)).splitlines()


@pytest.mark.parametrize(
    ("where", "file"), [("kept", "kept/letters.cases.yaml"), ("kept/mine.cases.yaml", "kept/mine.cases.yaml")]
)
def test_a_folder_or_a_file_may_be_named_and_is_made(where: str, file: str, small: Path, tmp_path: Path):  # noqa: F811
    before = (small / FILE).read_bytes()
    workspace = load_workspace(small)
    saved = save_witnesses([found("letters.outside-us")], workspace, DAY, tmp_path / where, "plain")
    assert [(one.path, len(one.names)) for one in saved] == [(tmp_path / file, 1)]
    [case] = read_cases(tmp_path / file, workspace)
    assert (run_case(case, workspace, "plain").failures, (small / FILE).read_bytes()) == ((), before)


@pytest.mark.parametrize("text", ["cases: []\n", "about: None.\n", "cases: {a: b}\n", "cases: [\n", "[1]\n"])
def test_a_file_that_cannot_take_a_case_is_left_as_it_is(text: str, small: Path):  # noqa: F811
    (small / FILE).write_text(text, "utf-8")
    with pytest.raises(Problems):
        save_witnesses([found("letters.outside-us")], load_workspace(small), DAY, None, "plain")
    assert (small / FILE).read_text("utf-8") == text


def test_a_witness_that_no_case_can_hold_is_told_of_and_nothing_is_written(small: Path):  # noqa: F811
    before = (small / FILE).read_bytes()
    with pytest.raises(Problems, match="There is no section 'nothing'"):
        save_witnesses([found("letters.outside-us", given="nothing: []")], load_workspace(small), DAY, None, "plain")
    assert (small / FILE).read_bytes() == before
