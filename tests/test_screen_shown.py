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


def test_in_match_week_no_message_is_printed_and_it_is_said_why():
    code, text, _ = run("match_week", "--program", "yarrow_ferry_internal_medicine")
    assert (code, "Dear Program Coordinator" in text) == (0, False)
    assert (
        "No message to yarrow_ferry_internal_medicine: in Match Week, by NRMP's rules, nobody may contact a program"
        in text
    )


def test_by_the_calendar_it_is_match_week_whatever_the_profile_says_of_its_stage():
    code, text, _ = run("graduate_needing_visa", "--program", "yarrow_ferry_internal_medicine", "--as-of", "2027-03-16")
    assert (code, "Dear Program Coordinator" in text, "in Match Week" in text) == (0, False, True)


def test_programs_that_wait_come_in_the_order_of_how_much_is_not_known_of_them():
    code, text, _ = run("graduate_needing_visa", "--all")
    waiting = text.partition("\nWaiting\n")[2].partition("\nClosed\n")[0]
    counts = [line.count(";") for line in waiting.splitlines() if line.startswith("      not known: ")]
    assert code == 0
    assert len(counts) > 3
    by_id = {one["id"]: one for one in json.loads(run("graduate_needing_visa", "--format", "json")[1])["programs"]}
    shown = [
        line.strip().partition(":")[0] for line in waiting.splitlines() if line.startswith("  ") and line[2] != " "
    ]
    unknown = [len({path for gate in by_id[one]["waits_for"] for path, _ in gate["missing"]}) for one in shown]
    assert unknown == sorted(unknown)


def test_while_a_result_is_pending_the_filter_for_the_score_is_not_known_and_not_gone():
    code, text, _ = run("waiting_for_step2", "--format", "json")
    data = json.loads(text)
    assert code == 0
    assert [step["name"] for step in data["filters"]] == [
        "school",
        "visa",
        "score",
        "attempts",
        "graduation",
        "us_work",
    ]
    score = [gate for one in data["programs"] for gate in one["filters"] if gate["name"] == "score"]
    assert ({gate["result"] for gate in score}, len(score)) == ({"unknown"}, len(data["programs"]))
    assert [one for gate in score for one in gate["sentences"] if "not known before a result arrives" not in one] == []


@pytest.mark.parametrize(
    ("persona", "fields"),
    [
        ("graduate_needing_visa", ["invited_non_us_img", "img_share"]),
        ("us_citizen_img", ["invited_us_img", "img_share"]),
        ("premed", ["invited_us_img", "invited_non_us_img", "img_share"]),
    ],
)
def test_the_rate_for_the_applicants_type_is_shown_and_all_of_them_where_the_type_is_not_known(
    persona: str, fields: list[str]
):
    data = json.loads(run(persona, "--format", "json", "--specialty", "all")[1])
    assert [[figure["field"] for figure in one["figures"]] for one in data["programs"]] == [fields] * 126


def test_a_figure_that_is_blank_or_too_old_is_said_to_be_not_known(tmp_path: Path):
    table = (
        "id,name,specialty,img_share,img_share_verified,invited_non_us_img\n"
        "new,New (fictional),internal_medicine,0.4,2026-08-01,0.035\n"
        "old,Old (fictional),internal_medicine,0.4,2020-08-01,\n"
    )
    head = "about: Invented (fictional).\nfictional: true\nsource: A made-up table\nverified: 2026-09-01\n"
    (tmp_path / "list.csv").write_text(table, "utf-8")
    (tmp_path / "list.yaml").write_text(head, "utf-8")
    listed = ("--programs", str(tmp_path / "list.csv"))
    text = run("graduate_needing_visa", *listed, "--program", "new", "--program", "old")[1]
    old_ = "what is stated is of 2020-08-01 and too old to be relied on"
    assert [line.strip() for line in text.splitlines() if line.strip().startswith("Share of")] == [
        "Share of its non-US-citizen IMG applicants that it invited: 3.5% (A made-up table, looked up 2026-09-01)",
        "Share of international graduates among its residents: 40% (A made-up table, looked up 2026-08-01)",
        "Share of its non-US-citizen IMG applicants that it invited: not known (not stated)",
        f"Share of international graduates among its residents: not known ({old_})",
    ]
    new, old = csv.DictReader(run("graduate_needing_visa", *listed, "--format", "csv")[1].splitlines())
    assert [new[f"invited_non_us_img{part}"] for part in ("", "_source", "_verified")] == [
        "0.035",
        "A made-up table",
        "2026-09-01",
    ]
    assert [old[f"img_share{part}"] for part in ("", "_source", "_verified")] == ["", "A made-up table", "2020-08-01"]
