"""The commands, as somebody at a terminal meets them."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from smartpick_expert.cli.main import main
from tests.profiles import WORKSPACE

ROOT = WORKSPACE.root
SMALL = Path(__file__).parent / "small"
PERSONA = WORKSPACE.personas / "graduate_needing_visa.yaml"
STAGES = tuple(WORKSPACE.vocabulary.types["applicant"].fields["stage"].values)
HERE = ("--workspace", str(ROOT))
OWN_WORDS = "These are words of our own."
ON_THE_DAY = ("--as-of", "2026-09-10", "--engine", "plain")


def smartpick(*words: str | Path) -> Result:
    """What a command does; a traceback is no way for one to end."""
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A workspace of somebody's own, in which one rule is worded in another way."""
    for folder in ("rules", "knowledge", "reports"):
        shutil.copytree(ROOT / folder, tmp_path / "own" / folder)
    rules = tmp_path / "own" / "rules" / "bucket" / "typical.yaml"
    text = rules.read_text("utf-8")
    rules.write_text(text.replace("because: >-\n", f"because: >-\n      {OWN_WORDS}\n", 1), "utf-8")
    return tmp_path / "own"


# --- all of it -----------------------------------------------------------------------------------------------------------


def test_help_names_every_command():
    shown = smartpick("--help").output
    assert [name for name in ("advise", "profile", "rules", "why", "what-if") if f"  {name} " not in shown] == []


@pytest.mark.parametrize(
    "words",
    [
        ["advise"],
        ["advise", "a.yaml", "--nonsense"],
        ["advise", "a.yaml", "--format", "papyrus"],
        ["advise", "a.yaml", "--format", ""],
        ["advise", "a.yaml", "--as-of", "yesterday"],
        ["advise", "a.yaml", "--engine", "steam"],
        ["profile", "new"],
        ["profile", "new", "--stage", "retired"],
        ["profile", "check"],
        ["rules", "check", "--format", "pdf"],
        ["nonsense"],
    ],
)
def test_a_command_that_is_not_understood_ends_with_2(words: list[str]):
    result = smartpick(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error: " in result.stderr


# --- advise --------------------------------------------------------------------------------------------------------------


def test_advise_writes_the_documents_and_says_where(tmp_path: Path):
    out = tmp_path / "out"
    result = smartpick("advise", PERSONA, "--out", out, "--format", "html,md,json", *ON_THE_DAY, *HERE)
    assert result.exit_code == 0, result.output
    given = ["letter.html", "letter.md", "html", "md"]
    alone = ["memo.html", "memo.md", "json"]
    names = [f"graduate_needing_visa.{ending}" for ending in (*given, *alone, "record.json")]
    assert sorted(out.iterdir()) == sorted(out / name for name in names)
    assert result.stdout.splitlines()[-8:] == [
        *(f"Written: {out / name}" for name in names[:4]),
        *(f"Written: {out / name} (for the advisor alone)" for name in names[4:-1]),
        f"Written: {out / names[-1]} (the record: everything, for the advisor alone)",
    ]
    assert result.stdout.startswith("Fictional persona A, graduate needing a visa")


def test_advise_writes_the_documents_that_are_named_and_no_others(tmp_path: Path):
    asked = ("--document", "letter", "--format", "md", "--advisor", "  Dr.  Jane Roe ")
    result = smartpick("advise", PERSONA, "--out", tmp_path, *asked, *ON_THE_DAY, *HERE)
    assert result.exit_code == 0, result.output
    names = ["graduate_needing_visa.letter.md", "graduate_needing_visa.record.json"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert "Dr. Jane Roe, your advisor" in (tmp_path / names[0]).read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--document", "letter,poster"), "'poster' is no document. Known are: letter, report, memo."),
        (("--document", ","), "No document is named. Known are: letter, report, memo."),
        (("--advisor", "a" * 121), "A name is on one line, and of 120 letters at the most."),
        (("--advisor", "Jane\x1b[2J"), "A name is on one line, and of 120 letters at the most."),
    ],
)
def test_advise_says_what_it_does_not_understand(words: tuple[str, ...], said: str, tmp_path: Path):
    result = smartpick("advise", PERSONA, "--out", tmp_path / "out", *words, *HERE)
    assert (result.exit_code, (tmp_path / "out").exists()) == (2, False)
    assert said in " ".join(result.stderr.split())


@pytest.mark.parametrize("ending", ["letter", "memo"])
def test_a_profile_whose_report_would_be_taken_for_another_document_is_renamed_first(tmp_path: Path, ending: str):
    profile = tmp_path / f"smith.{ending}.yaml"
    profile.write_text("applicant: {label: A-1, stage: premed}\n", "utf-8")
    result = smartpick("advise", profile, "--out", tmp_path / "out", *ON_THE_DAY, *HERE)
    assert (result.exit_code, (tmp_path / "out").exists()) == (1, False)
    assert f"ends in '.{ending}' would have its report taken for a {ending}." in " ".join(result.stderr.split())


def test_advise_reads_json_as_it_reads_yaml(tmp_path: Path):
    profile = tmp_path / "profile.json"
    profile.write_text('{"applicant": {"label": "A-1", "stage": "premed"}}', "utf-8")
    assert smartpick("advise", profile, "--out", tmp_path, "--format", "md", *ON_THE_DAY, *HERE).exit_code == 0


def test_advise_on_a_profile_with_mistakes_names_them_all_and_writes_nothing(tmp_path: Path):
    profile = tmp_path / "profile.yaml"
    profile.write_text("applicant:\n  label: A\n  stage: premedd\nletters: []\n", "utf-8")
    result = smartpick("advise", profile, "--out", tmp_path / "out", *ON_THE_DAY, *HERE)
    assert result.exit_code == 1
    assert [code for code in ("value.choice", "profile.unknown-section") if code not in result.stderr] == []
    assert (result.stdout, (tmp_path / "out").exists()) == ("", False)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="folders are closed in another way here")
def test_a_folder_that_cannot_be_written_gets_one_message_and_no_half_written_file(tmp_path: Path):
    (tmp_path / "file").write_text("in the way", "utf-8")
    result = smartpick("advise", PERSONA, "--out", tmp_path / "file" / "out", "--format", "md,json", *ON_THE_DAY, *HERE)
    assert result.exit_code == 1
    assert result.stdout == ""
    message = "The folder cannot be written: Not a directory. Name another folder with --out."
    found = [line for line in result.stderr.splitlines() if "error[" in line]
    assert found == [f"{tmp_path / 'file' / 'out'}: error[output.folder] {message}"]
    assert [path.name for path in tmp_path.rglob("*")] == ["file"]


def test_a_document_in_whose_place_a_folder_stands_leaves_no_other_document(tmp_path: Path):
    (tmp_path / "graduate_needing_visa.md").mkdir()
    result = smartpick("advise", PERSONA, "--out", tmp_path, "--format", "md,json", *ON_THE_DAY, *HERE)
    assert (result.exit_code, result.stdout) == (1, "")
    assert [path.name for path in tmp_path.rglob("*")] == ["graduate_needing_visa.md"]


def test_the_day_decides_what_dated_parameters_say(tmp_path: Path):
    profile = tmp_path / "profile.yaml"
    text = PERSONA.read_text("utf-8").replace("visa_sought: j1", "visa_sought: h1b")
    profile.write_text(text, "utf-8")

    def notices(day: str) -> set[str]:
        out = tmp_path / day
        words = ("advise", profile, "--out", out, "--format", "json", "--as-of", day, "--engine", "plain", *HERE)
        assert smartpick(*words).exit_code == 0
        facts = json.loads((out / "profile.json").read_text("utf-8"))["facts"]
        return {fact["values"]["about"] for fact in facts if fact["type"] == "notice"}

    before, after = notices("2026-09-20"), notices("2026-09-21")
    assert (before - after, after - before) == ({"h1b_fee"}, {"h1b_fee_unsettled"})


# --- workspaces ----------------------------------------------------------------------------------------------------------


def test_a_workspace_of_ones_own_words_the_advice(tmp_path: Path, elsewhere: Path):
    words = ("advise", PERSONA, "--out", tmp_path / "out", "--format", "md", *ON_THE_DAY)
    assert smartpick(*words, "--workspace", elsewhere).exit_code == 0
    assert OWN_WORDS in (tmp_path / "out" / "graduate_needing_visa.md").read_text("utf-8")


def test_a_workspace_is_found_from_inside_it(elsewhere: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(elsewhere / "rules" / "bucket")
    assert smartpick("advise", PERSONA, "--out", "out", "--format", "md", *ON_THE_DAY).exit_code == 0
    assert OWN_WORDS in Path("out/graduate_needing_visa.md").read_text("utf-8")


def test_a_folder_that_is_no_workspace_is_said_to_be_none(tmp_path: Path):
    result = smartpick("advise", PERSONA, "--out", tmp_path / "out", *ON_THE_DAY, "--workspace", tmp_path)
    assert (result.exit_code, "workspace.none" in result.stderr) == (1, True)


# --- profile -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", STAGES)
def test_a_new_profile_is_one_that_the_check_accepts(tmp_path: Path, stage: str):
    path = tmp_path / "new.yaml"
    assert smartpick("profile", "new", "--stage", stage, "--out", path, *HERE).exit_code == 0
    result = smartpick("profile", "check", path, *HERE)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("Nothing is wrong with this profile.\n")


def test_a_new_profile_is_printed_where_no_file_is_named(tmp_path: Path):
    path = tmp_path / "new.yaml"
    day = ("--as-of", "2026-09-10")
    smartpick("profile", "new", "--stage", "premed", "--out", path, *day, *HERE)
    assert smartpick("profile", "new", "--stage", "premed", *day, *HERE).stdout == path.read_text("utf-8")


def test_a_new_profile_never_takes_the_place_of_a_file(tmp_path: Path):
    path = tmp_path / "mine.yaml"
    path.write_text("mine", "utf-8")
    result = smartpick("profile", "new", "--stage", "premed", "--out", path, *HERE)
    assert (result.exit_code, "error[output.exists]" in result.stderr) == (1, True)
    assert path.read_text("utf-8") == "mine"


def test_a_check_of_a_profile_is_told_in_json_too():
    complete = json.loads(smartpick("profile", "check", PERSONA, "--format", "json", *ON_THE_DAY[:2], *HERE).stdout)
    premed = WORKSPACE.personas / "premed.yaml"
    partial = json.loads(smartpick("profile", "check", premed, "--format", "json", *ON_THE_DAY[:2], *HERE).stdout)
    assert complete == {"problems": [], "missing": []}
    assert partial["problems"] == []
    assert {frozenset(entry) for entry in partial["missing"]} == {frozenset({"path", "meaning", "rules"})}


def test_what_is_wrong_with_a_profile_has_its_place_in_json(tmp_path: Path):
    path = tmp_path / "profile.yaml"
    path.write_text("applicant:\n  label: A\n  stage: premedd\n", "utf-8")
    result = smartpick("profile", "check", path, "--format", "json", *HERE)
    found = json.loads(result.stdout)["problems"]
    assert result.exit_code == 1
    assert [(entry["code"], entry["line"], entry["column"]) for entry in found] == [("value.choice", 3, 10)]


# --- rules ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def broken(elsewhere: Path) -> Path:
    """A workspace in which a rule has a misspelled operator, on line 1 of what it tests."""
    rules = elsewhere / "rules" / "bucket" / "weighing.yaml"
    rules.write_text(rules.read_text("utf-8").replace("at_least:", "at_leest:"), "utf-8")
    return elsewhere


def test_the_shipped_rules_pass_their_check():
    result = smartpick("rules", "check", *ON_THE_DAY[:2], *HERE)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.endswith(": no findings.\n")


def test_findings_are_told_in_text_with_the_line_they_speak_of(broken: Path):
    result = smartpick("rules", "check", "--workspace", broken)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "rules/bucket/weighing.yaml:" in result.stderr
    assert "at_leest: $parameter.bucket.strong_risks" in result.stderr


def test_findings_are_told_in_json_and_for_github(broken: Path):
    as_json = smartpick("rules", "check", "--format", "json", "--workspace", broken)
    for_github = smartpick("rules", "check", "--format", "github", "--workspace", broken)
    found = json.loads(as_json.stdout)
    assert (as_json.exit_code, for_github.exit_code, len(found) > 0) == (1, 1, True)
    assert [line.partition("::")[2].partition("::")[0] for line in for_github.stdout.splitlines()] == [
        f"{f['severity']} file={f['path']},line={f['line']},col={f['column']},title={f['code']}" for f in found
    ]


def test_a_check_without_findings_is_an_empty_list_in_json():
    result = smartpick("rules", "check", "--format", "json", *ON_THE_DAY[:2], "--workspace", SMALL)
    assert (result.exit_code, json.loads(result.stdout)) == (0, [])


def test_the_cases_of_a_rule_file_are_those_beside_it():
    results = [
        smartpick("rules", "test", SMALL / "rules" / "letters" / name, "--engine", "plain", "--format", "json").stdout
        for name in ("letters.yaml", "letters.cases.yaml")
    ]
    assert results[0] == results[1] != ""


def test_the_cases_of_a_folder_are_run():
    result = smartpick("rules", "test", ROOT / "rules" / "bucket", "--engine", "plain", *HERE)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.endswith(" hold, 0 do not.\n")


def test_the_cases_of_a_folder_try_the_rules_of_the_workspace_it_stands_in(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
):
    rules = elsewhere / "rules" / "bucket" / "typical.yaml"
    text = rules.read_text("utf-8").replace("status: stable", "status: stable\n    valid: {from: 2030-01-01}")
    rules.write_text(text, "utf-8")
    monkeypatch.chdir(ROOT)
    folder = elsewhere / "rules" / "bucket" / "typical.cases.yaml"
    own = smartpick("rules", "test", folder, "--engine", "plain")
    named = smartpick("rules", "test", folder, "--engine", "plain", *HERE)
    assert (own.exit_code, "does not fire" in own.stderr, named.exit_code) == (1, True, 0)


@pytest.mark.parametrize("name", ["reports", "knowledge/personas"])
def test_a_folder_without_cases_is_a_wrong_usage(name: str):
    result = smartpick("rules", "test", ROOT / name, "--engine", "plain")
    assert (result.exit_code, result.stdout, "No cases are there to be run" in result.stderr) == (2, "", True)


def test_a_file_of_no_cases_is_a_wrong_usage(elsewhere: Path):
    cases = elsewhere / "rules" / "bucket" / "typical.cases.yaml"
    cases.write_text("cases: []\n", "utf-8")
    result = smartpick("rules", "test", cases, "--engine", "plain")
    assert (result.exit_code, "No cases are there to be run" in result.stderr) == (2, True)


def test_a_case_that_does_not_hold_is_shown_with_its_place(elsewhere: Path):
    cases = elsewhere / "rules" / "bucket" / "typical.cases.yaml"
    cases.write_text(cases.read_text("utf-8").replace("  fires: ", "  does_not_fire: ", 1), "utf-8")
    result = smartpick("rules", "test", cases, "--engine", "plain", "--workspace", elsewhere)
    assert (result.exit_code, "error[case.failed]" in result.stderr) == (1, True)
    as_json = smartpick("rules", "test", cases, "--format", "json", "--engine", "plain", "--workspace", elsewhere)
    assert [bool(entry["failures"]) for entry in json.loads(as_json.stdout)].count(True) == 1
