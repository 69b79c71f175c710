"""What `smartpick programs calibrate` prints, and what it says to files it cannot work with."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from smartpick_expert.cli.main import main
from smartpick_expert.workspace import shipped_root

ROOT = shipped_root()
SAMPLE = ROOT / "knowledge" / "catalogues" / "sample.csv"


def run(*arguments: str | Path) -> tuple[int, str, str]:
    command = ["programs", "calibrate", *map(str, arguments), "--as-of", "2026-09-10", "--workspace", str(ROOT)]
    result = CliRunner().invoke(main, command)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout, result.stderr


def table(folder: Path, rows: int = 24, name: str = "pediatrics.csv", head: str = "US IMG,Non US IMG") -> Path:
    """A table of made-up programs as exports have it, each inviting as many of the one kind as of the other."""
    lines = [f"Program,{head},City"]
    lines += [f"Program {place} (fictional),{place / 100},{place / 100},Nowhere" for place in range(rows)]
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_calibration_of_the_fictional_sample_reads_as_it_was_reviewed(golden: Callable[[str, str], None]):
    code, text, said = run(SAMPLE)
    assert (code, said) == (0, "")
    golden("calibration/sample.txt", text)


def test_a_calibration_of_a_table_reads_as_it_was_reviewed(tmp_path: Path, golden: Callable[[str, str], None]):
    code, text, _ = run(table(tmp_path, 60), "--type", "us_img", "--seed", "7")
    assert code == 0
    golden("calibration/table.txt", text)


def test_the_same_seed_prints_the_same_and_another_hides_others():
    runs = [run(SAMPLE, "--type", "us_img", "--format", "json", "--seed", seed) for seed in ("3", "3", "4")]
    hidden = [[one["id"] for one in json.loads(text)["calibrations"][0]["programs"]] for _, text, _ in runs]
    assert runs[0] == runs[1]
    assert hidden[0] != hidden[2]


def test_the_order_of_rows_changes_nothing_that_is_printed(tmp_path: Path):
    path = table(tmp_path)
    before = run(path)
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    Random(0).shuffle(rows)
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    assert run(path)[:2] == before[:2]


def test_the_data_holds_every_hidden_program_and_says_that_no_person_is_validated():
    code, text, _ = run(SAMPLE, "--type", "non_us_img", "--format", "json")
    data = json.loads(text)
    assert (code, data["validates_a_person"], data["findings"]) == (0, False, [])
    for one in data["calibrations"]:
        assert len(one["programs"]) == one["hidden"] == one["stated"] // 2
        assert one["within"] == sum(each["within"] for each in one["programs"])
        assert [each["id"] for each in one["programs"] if not each["low"] <= each["predicted"] <= each["high"]] == []
    assert [(one["specialty"], one["type"]) for one in data["left_out"]] == [
        ("pediatrics", "non_us_img"),
        ("psychiatry", "non_us_img"),
    ]


def test_nothing_is_written(tmp_path: Path):
    path = table(tmp_path)
    run(path)
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_named_twice_is_calibrated_once(tmp_path: Path):
    path = table(tmp_path)
    assert run(path, path) == run(path)


def test_a_rate_above_one_is_named_with_its_place_and_has_no_part(tmp_path: Path):
    path = table(tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("0.23,0.23", "0.23,1.2"), encoding="utf-8")
    code, text, said = run(path, "--type", "non_us_img")
    assert (code, "23 programs state the rate" in text) == (0, True)
    assert f"{path}:25:3: warning[value.range] Row 25, column 'Non US IMG': 1.2 is not possible" in said


def test_a_column_under_another_heading_is_found_by_a_mapping(tmp_path: Path):
    path = table(tmp_path, head="US IMG,Abroad")
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("columns:\n  - {headings: [Abroad], field: invited_non_us_img, as: share}\n", encoding="utf-8")
    refused = run(path, "--type", "non_us_img")
    code, text, _ = run(path, "--type", "non_us_img", "--mapping", mapping)
    assert (refused[0], "error[calibrate.no-rate]" in refused[2]) == (1, True)
    assert (code, "24 programs state the rate" in text) == (0, True)


def test_a_mapping_beside_its_table_makes_no_catalogue_of_it(tmp_path: Path):
    path = table(tmp_path)
    path.with_suffix(".yaml").write_text("specialty: neurology\n", encoding="utf-8")
    code, text, _ = run(path, "--mapping", path.with_suffix(".yaml"))
    assert (code, "US-citizen IMGs in neurology (pediatrics.csv)" in text.splitlines()) == (0, True)


def test_where_no_program_states_the_siblings_rate_the_median_is_all_there_is(tmp_path: Path):
    code, text, _ = run(table(tmp_path, head="Other,Non US IMG"), "--type", "non_us_img")
    assert code == 0
    assert (
        "  None of these states its rate for US-citizen IMGs, so all are predicted by the median alone."
        in text.splitlines()
    )


@pytest.mark.parametrize(
    ("made", "options", "expected"),
    [
        (
            {"head": "MD,DO"},
            [],
            (
                "error[calibrate.no-rate] None of its 24 programs states 'invited_non_us_img' or 'invited_us_img', so there is "
                "nothing to hide and predict."
            ),
        ),
        (
            {"rows": 5},
            ["--type", "us_img"],
            (
                "error[calibrate.too-few] In no specialty do more than 5 of its programs state 'invited_us_img', and 19 are needed: "
                "half are hidden, and the rest must be 10 to make a median."
            ),
        ),
        (
            {"name": "rates.csv"},
            ["--type", "us_img"],
            (
                "error[calibrate.no-specialty] 24 of its programs state 'invited_us_img' and no specialty, and rates are compared "
                "within one. Name it with --specialty."
            ),
        ),
        ({}, ["--specialty", "paediatrics"], "Did you mean 'pediatrics'?"),
    ],
)
def test_a_table_that_cannot_be_calibrated_is_told_why(
    tmp_path: Path, made: dict[str, object], options: list[str], expected: str
):
    code, text, said = run(table(tmp_path, **made), *options)
    assert (code, text, expected in said) == (1, "", True)


def test_what_is_wrong_with_several_files_is_told_at_once(tmp_path: Path):
    missing = tmp_path / "missing.csv"
    (tmp_path / "empty.csv").write_text("", encoding="utf-8")
    code, text, said = run(table(tmp_path), missing, tmp_path / "empty.csv")
    assert (code, text) == (1, "")
    assert f"{missing}: error[file.unreadable]" in said
    assert "error[file.empty]" in said


def test_an_unknown_kind_of_applicant_is_wrong_usage(tmp_path: Path):
    code, text, said = run(table(tmp_path), "--type", "img")
    assert (code, text, "'img' is not one of 'non_us_img', 'us_img'" in said) == (2, "", True)


def test_a_file_to_calibrate_must_be_named():
    assert run()[0] == 2
