"""What `smartpick programs select` prints, read as the applicant and the advisor read it, and what it says to bad input."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner

from smartpick_expert.cli.main import main
from tests.listing import PERSONA, catalogue, load_once, program, select
from tests.profiles import AS_OF, WORKSPACE

SAMPLE = WORKSPACE.root / "knowledge" / "catalogues" / "sample.csv"
LISTS = {
    "graduate_needing_visa": (),
    "known_quantity": ("--budget", "700", "--specialty", "internal_medicine:categorical"),
    "second_plan": ("--specialty", "internal_medicine:preliminary", "--specialty", "family_medicine", "--spend-all"),
}
WRONG = (
    ("--budget", "much"),
    ("--budget", "5"),
    ("--budget", "360"),
    ("--budget", "371", "--at-least", "all:3"),
    ("--budget", "900", "--at-least", "tier=safer:9"),
    ("--budget", "900", "--at-least", "state=GA:1", "--at-least", "state=LA:1", "--at-most", "all:1"),
    ("--budget", "900", "--at-most", "all:0"),
    ("--budget", "900", "--at-most", "prestige=high:1"),
    ("--budget", "900", "--pin", "ash_ferry_internal_medicine"),
    ("--budget", "900", "--pin", "fern_rise_internal_medicin"),
    ("--budget", "900", "--veto", "nowhere_at_all"),
    ("--budget", "900", "--pin", "fern_rise_internal_medicine", "--veto", "fern_rise_internal_medicine"),
    ("--budget", "900", "--specialty", "neurology"),
    ("--budget", "900", "--specialty", "neurolgy"),
    ("--budget", "900", "--signals", "internal_medicine.single=3"),
    ("--budget", "900", "--signals", "internal_medicine.gold=3", "--signals", "internal_medicine.gold=1"),
    ("--budget", "900", "--signals", "pediatrics.single=3"),
    ("--budget", "900", "--specialty", "family_medicine", "--signals", "family_medicine.gold=3"),
)


@pytest.fixture(autouse=True)
def loaded_once(monkeypatch: pytest.MonkeyPatch):
    """The workspace is read once for all lists."""
    load_once(monkeypatch)


def on_sample(persona: str, *options: str) -> tuple[int, str, str]:
    profile = WORKSPACE.personas / f"{persona}.yaml"
    command = ["programs", "select", str(profile), "--programs", str(SAMPLE), "--as-of", AS_OF.isoformat()]
    result = CliRunner().invoke(main, [*command, "--engine", "plain", "--workspace", str(WORKSPACE.root), *options])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("persona", LISTS)
def test_a_list_reads_as_it_was_reviewed(persona: str, golden: Callable[[str, str], None]):
    code, text, said = on_sample(persona, *LISTS[persona])
    assert (code, said) == (0, "")
    golden(f"lists/{persona}.txt", text)


def test_what_is_wrong_is_said_with_what_to_do(golden: Callable[[str, str], None]):
    told = []
    for options in WRONG:
        code, text, said = on_sample(PERSONA, *options)
        assert (code, text) == (1, ""), options
        told.append(f"$ programs select {' '.join(options)}\n{said.replace(str(SAMPLE), 'sample.csv')}")
    golden("lists/wrong.txt", "\n".join(told))


def test_without_any_budget_one_is_asked_for():
    code, _, said = on_sample("known_quantity")
    assert (code, "error[list.budget] No budget is named, and the profile names none" in said) == (1, True)


def test_a_time_limit_that_is_no_number_is_refused():
    code, _, said = on_sample(PERSONA, "--time-limit", "nan")
    assert (code, "'nan' is no number of seconds." in said) == (2, True)


def test_a_workbook_needs_a_file():
    code, _, said = on_sample(PERSONA, "--format", "xlsx")
    assert (code, "A workbook is written to a file: name it with --out list.xlsx." in said) == (2, True)


@pytest.mark.parametrize(
    ("module", "options", "expected"),
    [
        ("highspy", (), "pip install 'smartpick-expert[optimiser]'"),
        ("openpyxl", ("--format", "xlsx", "--out", "x.xlsx"), "pip install 'smartpick-expert[spreadsheets]'"),
    ],
)
def test_a_library_that_is_missing_is_one_line_with_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, options: tuple[str, ...], expected: str
):
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.chdir(tmp_path)
    catalogue(tmp_path, program("a"))
    result = select(tmp_path, "--budget", "500", *options)
    assert (result.exit_code, result.stdout, expected in result.stderr) == (1, "", True)
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".xlsx"] == []


def test_templates_of_an_earlier_release_that_lack_words_are_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    reports = tmp_path / "reports"
    copytree(WORKSPACE.reports, reports)
    words = reports / "partials" / "list.j2"
    words.write_text(words.read_text("utf-8").replace("macro late(", "macro then("), "utf-8")
    monkeypatch.setattr(type(WORKSPACE), "reports", property(lambda _: reports))
    catalogue(tmp_path, program("a"))
    result = select(tmp_path, "--budget", "500", "--format", "xlsx", "--out", str(tmp_path / "l.xlsx"))
    assert (result.exit_code, "error[report.template]" in result.stderr, "init --upgrade" in result.stderr) == (
        1,
        True,
        True,
    )


def test_a_profile_that_aims_at_nothing_is_asked_for_a_specialty(tmp_path: Path):
    catalogue(tmp_path, program("a"))
    profile = tmp_path / "premed.yaml"
    profile.write_text("applicant: {label: A-1, stage: preparing}\n", "utf-8")
    result = select(tmp_path, "--budget", "500", who=profile)
    assert (result.exit_code, "error[list.no-specialty]" in result.stderr) == (1, True)


def test_where_everything_is_closed_there_is_no_list(tmp_path: Path):
    catalogue(tmp_path, program("a", accepts_j1="no"))
    result = select(tmp_path, "--budget", "500")
    assert (result.exit_code, "error[list.nobody] There is no program to choose from" in result.stderr) == (1, True)


def test_a_cautious_list_of_programs_that_all_wait_says_so(tmp_path: Path):
    catalogue(tmp_path, program("a", hands_on_weeks="", us_weeks=""))
    result = select(tmp_path, "--budget", "500", "--maximise", "cautious")
    assert result.exit_code == 0
    assert "counted at the low end" in result.stdout


def test_two_catalogues_with_one_id_are_refused(tmp_path: Path):
    (tmp_path / "other").mkdir()
    catalogue(tmp_path, program("a"))
    other = catalogue(tmp_path / "other", program("a"))
    result = select(tmp_path, "--budget", "500", "--programs", str(other))
    assert (result.exit_code, "error[program.duplicate-id]" in result.stderr) == (1, True)


def test_the_readme_shows_what_comes():
    readme = (WORKSPACE.root / "README.md").read_text("utf-8")
    shown = readme.partition("On a fictional catalogue:")[2].split("```")[1].removeprefix("text\n")
    text = (Path(__file__).parent / "golden" / "lists" / "known_quantity.txt").read_text("utf-8")
    lines = [line.removeprefix("  ").removesuffix(" ...") for line in shown.splitlines() if line.strip()]
    assert [line for line in lines if line not in text] == []
    assert len(lines) > 5
