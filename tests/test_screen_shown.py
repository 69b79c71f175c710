"""What `smartpick programs screen` prints, read as the advisor reads it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from smartpick_expert.cli.main import main
from smartpick_expert.workspace import shipped_root

ROOT = shipped_root()
SAMPLE = ROOT / "knowledge" / "catalogues" / "sample.csv"


def run(persona: str, *options: str) -> tuple[int, str, str]:
    profile = ROOT / "knowledge" / "personas" / f"{persona}.yaml"
    command = [
        "programs",
        "screen",
        str(profile),
        "--programs",
        str(SAMPLE),
        "--as-of",
        "2026-09-10",
        "--engine",
        "plain",
    ]
    result = CliRunner().invoke(main, [*command, "--workspace", str(ROOT), *options])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("persona", ["graduate_needing_visa", "h1b_only"])
def test_a_screen_reads_as_it_was_reviewed(persona: str, golden: Callable[[str, str], None]):
    code, text, said = run(persona)
    assert (code, said) == (0, "")
    golden(f"screens/{persona}.txt", text)


def test_one_program_is_explained_with_every_gate_and_what_to_ask_it(golden: Callable[[str, str], None]):
    code, text, said = run("graduate_needing_visa", "--program", "russet_quay_internal_medicine")
    assert (code, said) == (0, "")
    golden("screens/one_program.txt", text)


def test_every_program_that_is_shut_out_names_its_gate_and_its_rule():
    code, text, _ = run("graduate_needing_visa", "--format", "json", "--specialty", "all")
    data = json.loads(text)
    closed = [one for one in data["programs"] if one["status"] == "closed"]
    assert code == 0
    assert [one["id"] for one in closed if not (one["blocking"]["rules"] and one["blocking"]["opened_by"])] == []
    assert sum(step["closed"] for step in data["requirements"]) == len(closed)


def test_the_table_has_a_row_for_each_program():
    code, text, _ = run("graduate_needing_visa", "--format", "csv", "--specialty", "all")
    rows = list(csv.DictReader(text.splitlines()))
    assert (code, len(rows), {row["status"] for row in rows}) == (0, 126, {"open", "waiting", "closed"})


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--specialty", "neurology"], "error[programs.specialty] The catalogue has no program in neurology."),
        (["--specialty", "neurolgy"], "Did you mean 'neurology'?"),
        (
            ["--program", "russet_quay"],
            "error[programs.unknown] There is no program 'russet_quay' among those that are shown.",
        ),
    ],
)
def test_what_the_catalogue_does_not_have_is_told(options: list[str], expected: str):
    code, text, said = run("graduate_needing_visa", *options)
    assert (code, text, expected in said) == (1, "", True)


def test_a_catalogue_with_two_rows_of_one_id_is_refused(tmp_path: Path):
    (tmp_path / "c.yaml").write_text("about: Made up (fictional).\n", encoding="utf-8")
    (tmp_path / "c.csv").write_text("id,name\na,A\na,B\n", encoding="utf-8")
    profile = str(ROOT / "knowledge" / "personas" / "premed.yaml")
    result = CliRunner().invoke(main, ["programs", "screen", profile, "--programs", str(tmp_path / "c.csv")])
    assert (result.exit_code, "program.duplicate-id" in result.stderr) == (1, True)


def screened(tmp_path: Path, rows: str, persona: str, *options: str) -> tuple[str, str]:
    """What a screen of a few made-up programs prints, and what it says besides."""
    (tmp_path / "c.yaml").write_text("about: Made up (fictional).\nverified: 2026-09-01\n", encoding="utf-8")
    (tmp_path / "c.csv").write_text(rows, encoding="utf-8")
    profile = ROOT / "knowledge" / "personas" / f"{persona}.yaml"
    command = ["programs", "screen", str(profile), "--programs", str(tmp_path / "c.csv"), "--as-of", "2026-09-10"]
    result = CliRunner().invoke(main, [*command, "--engine", "plain", "--workspace", str(ROOT), *options])
    return result.stdout, result.stderr


def test_programs_that_say_no_specialty_are_not_left_out_silently(tmp_path: Path):
    rows = "id,name,specialty\na,A (fictional),internal_medicine\nb,B (fictional),\n"
    text, _ = screened(tmp_path, rows, "graduate_needing_visa")
    assert "1 more say no specialty and are left out (--specialty all takes them in)." in text.splitlines()


def test_a_catalogue_without_programs_is_told_of(tmp_path: Path):
    assert "error[programs.none] There is no program in the catalogue." in screened(tmp_path, "id,name\n", "premed")[1]


def test_a_filter_that_stops_the_file_by_a_note_is_named_and_the_screen_kept_for_the_advisor(tmp_path: Path):
    rows = "id,name,specialty,accepts_j1\nsaltmarsh_point,Saltmarsh Point (fictional),internal_medicine,yes\n"
    text, _ = screened(tmp_path, rows, "graduate_needing_visa")
    stopped = (
        "      stopped by the filter for the visa, as committees are said to go (perception) [programs.filter-closed]"
    )
    kept = "For the advisor only: what you noted in confidence counts here, in the filters, and can be read from them."
    assert [line for line in text.splitlines() if line in (stopped, kept)] == [kept, stopped]


@pytest.mark.parametrize("persona", ["waiting_for_step2", "clinical_student"])
def test_a_result_that_is_still_to_come_neither_opens_nor_closes_a_program(tmp_path: Path, persona: str):
    rows = "id,name,specialty,step2_floor\na,A (fictional),pediatrics,250\n"
    text, _ = screened(tmp_path, rows, persona, "--format", "json")
    (one,) = json.loads(text)["programs"]
    gates = {gate["name"]: (gate["result"], gate["rules"]) for gate in one["requirements"]}
    assert (one["status"], gates["step2_pass"], gates["step2_score"]) == (
        "waiting",
        ("unknown", ["requirements.step2-awaited"]),
        ("unknown", ["requirements.score-awaited"]),
    )


@pytest.mark.parametrize("command", ["why", "why-not"])
def test_why_a_program_is_shut_out_and_by_how_much_is_explained_as_everything_else_is(
    command: str, golden: Callable[[str, str], None]
):
    profile = str(ROOT / "knowledge" / "personas" / "graduate_needing_visa.yaml")
    asked = [command, profile, "russet_quay_internal_medicine", "--programs", str(SAMPLE), "--as-of", "2026-09-10"]
    result = CliRunner().invoke(main, [*asked, "--engine", "plain", "--workspace", str(ROOT)])
    assert (result.exit_code, result.stderr) == (0, "")
    golden(f"screens/{command}_a_program.txt", result.stdout)


def test_a_question_that_names_no_program_of_the_catalogue_is_told_the_nearest():
    profile = str(ROOT / "knowledge" / "personas" / "premed.yaml")
    asked = ["why", profile, "russet_quay_internal_medicin", "--programs", str(SAMPLE), "--workspace", str(ROOT)]
    result = CliRunner().invoke(main, [*asked, "--engine", "plain"])
    assert (result.exit_code, "Did you mean 'russet_quay_internal_medicine'?" in result.stderr) == (1, True)
