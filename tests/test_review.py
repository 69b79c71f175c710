"""Each file of `bad_bases/`, added to the small base, trips the findings that it expects, worded as `golden/bad_bases/` has them.

The small base is a workspace made up for the tests, with no findings of its own.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from smartpick_expert.authoring.review import check
from smartpick_expert.cli.main import main
from smartpick_expert.diagnostics import render
from smartpick_expert.workspace import load_workspace

HERE = Path(__file__).parent
SMALL = HERE / "small"
BAD_BASES = sorted((HERE / "bad_bases").glob("*.yaml"))
DAY = date(2026, 9, 10)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A copy of the small base."""
    return Path(shutil.copytree(SMALL, tmp_path / "small"))


def add(path: Path, base: Path) -> str:
    """Add a bad example to a base; what it expects."""
    text = path.read_text("utf-8")
    expects, added_as = (line.partition(": ")[2] for line in text.splitlines()[:2])
    (base / added_as).write_text(text, "utf-8")
    return expects


def rules_check(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["rules", "check", "--as-of", str(DAY), *map(str, words)])


def example(name: str) -> Path:
    return HERE / "bad_bases" / f"{name}.yaml"


def test_the_small_base_has_no_findings():
    assert check(SMALL, DAY).findings == ()


@pytest.mark.parametrize("path", BAD_BASES, ids=lambda path: path.stem)
def test_a_bad_base_has_the_findings_that_it_expects(path: Path, small: Path, golden):
    expects = add(path, small)
    found = check(small, DAY).findings
    assert ", ".join(sorted({finding.code for finding in found})) == expects
    golden(f"bad_bases/{path.stem}.txt", "".join(f"{render(finding)}\n\n" for finding in found))


@pytest.mark.parametrize("path", BAD_BASES, ids=lambda path: path.stem)
def test_every_finding_says_what_to_do_and_ends_its_sentences(path: Path, small: Path):
    add(path, small)
    found = check(small, DAY).findings
    assert [f for f in found if not f.message.endswith(".") or not f.hint.endswith((".", "?"))] == []


@pytest.mark.parametrize(
    "name",
    [
        "cases_of_no_rule",
        "claim_standings_without_evidence",
        "claim_warned_against_with_reason",
        "claim_without_rule",
        "evidence_of_no_year",
        "parameters_without_a_value",
        "rules_overdue",
        "stable_rules_without_cases",
    ],
)
def test_what_only_a_review_finds_keeps_no_advice_from_being_written(name: str, small: Path):
    add(example(name), small)
    assert load_workspace(small).warnings == ()


def test_a_base_that_cannot_be_loaded_is_not_reviewed(small: Path):
    """A rule that could not be read would leave its claims without a rule, and the finding would be a false alarm."""
    add(example("claim_without_rule"), small)
    rules = small / "rules" / "letters" / "letters.yaml"
    rules.write_text("topic: letters\nabout: It breaks off [\nrules:\n  - id: 'letters", "utf-8")
    checked = check(small, DAY)
    assert ({f.code for f in checked.findings}, checked.reviewed) == ({"yaml.syntax"}, False)


def test_one_broken_file_hides_the_findings_of_no_other(small: Path):
    """Each file of the bad rules beside the good ones: its own findings are told, with line and column, and theirs are too."""
    bad = sorted((HERE / "bad_rules").glob("*.yaml"))
    broken = {"half.yaml": "topic: [", "none.yaml": "# Nothing.\n", "bytes.yaml": "topic: a\x00"}
    folder = small / "rules" / "broken"
    folder.mkdir()
    for path in bad:
        shutil.copy(path, folder / path.name)
    for name, text in broken.items():
        (folder / name).write_text(text, "utf-8")
    checked = check(small, date(2026, 12, 2))
    assert {p.name for p in bad} | set(broken) >= {Path(f.location.path).name for f in checked.findings} - {
        "letters.yaml"
    }
    without = {p.stem for p in bad} - {Path(f.location.path).stem for f in checked.findings}
    # Circles are looked for once everything else is in order.
    assert {name for name in without if not name.startswith("circle")} == set()
    assert [f for f in checked.findings if not f.location.line and f.code != "file.binary"] == []
    assert ("rule.overdue", "rules/letters/letters.yaml") in {(f.code, f.location.path) for f in checked.findings}


def test_a_claim_whose_last_rule_is_retired_is_left_without_one(small: Path):
    rules = small / "rules" / "letters" / "letters.yaml"
    before, warning, after = rules.read_text("utf-8").partition("id: letters.not-waived")
    rules.write_text(before + warning + after.replace("status: stable", "status: retired", 1), "utf-8")
    found = [(finding.code, str(finding.location)) for finding in check(small, DAY).findings]
    assert found == [
        ("claim.no-rule", "knowledge/claims/all.yaml:17:5"),
        ("vocabulary.never-said", "knowledge/vocabulary/all.yaml:29:7"),
        ("rule.rests-on-draft", "rules/letters/letters.yaml:49:15"),
    ]


def test_what_is_overdue_is_told_although_errors_keep_the_base_from_being_reviewed(small: Path):
    add(example("rules_overdue"), small)
    add(example("evidence_half_written"), small)
    checked = check(small, DAY)
    found = sorted((f.code, f.severity.value) for f in checked.findings)
    missing = [("form.missing-key", "error")] * 3
    assert (found, checked.reviewed) == ([*missing, ("rule.overdue", "warning")], False)


def test_a_day_of_a_past_season_is_a_warning_and_a_number_that_rules_miss_an_error(small: Path):
    add(example("parameters_without_a_value"), small)
    found = [(f.severity.value, f.message.split("'")[1]) for f in check(small, DAY).findings]
    assert found == [("error", "letters.track_record"), ("warning", "letters.deadline")]


def test_a_parameter_has_a_value_on_the_last_of_its_days(small: Path):
    add(example("parameters_without_a_value"), small)
    assert [f.message.split("'")[1] for f in check(small, date(2026, 9, 9)).findings] == ["letters.deadline"]


def test_a_parameter_that_only_a_retired_rule_reads_may_be_without_a_value(small: Path):
    add(example("parameters_without_a_value"), small)
    rules = small / "rules" / "letters" / "letters.yaml"
    before, name, after = rules.read_text("utf-8").partition("id: letters.known-writer")
    rules.write_text(before + name + after.replace("status: stable", "status: retired", 1), "utf-8")
    found = {f.message.split("'")[1] for f in check(small, DAY).findings if f.code == "parameter.no-value"}
    assert found == {"letters.deadline"}


def test_an_error_ends_the_command_with_1_and_a_warning_alone_with_0(small: Path):
    add(example("rules_overdue"), small)
    warned = rules_check("--workspace", small)
    add(example("claim_without_rule"), small)
    failed = rules_check("--workspace", small)
    assert (warned.exit_code, warned.stderr.splitlines()[-1]) == (0, "1 finding: 1 warning.")
    assert (failed.exit_code, failed.stderr.splitlines()[-1]) == (1, "2 findings: 1 error, 1 warning.")


def test_the_day_of_the_check_decides_what_is_overdue(small: Path):
    late = rules_check("--workspace", small, "--as-of", "2026-12-02")
    assert (late.exit_code, late.stderr.splitlines()[-1]) == (0, "1 finding: 1 warning.")


# --- a folder of a workspace ---------------------------------------------------------------------------------------------


def test_a_folder_shows_its_own_findings_and_counts_the_others(small: Path):
    add(example("claim_without_rule"), small)
    add(example("stable_rules_without_cases"), small)
    result = rules_check(small / "rules" / "letters")
    assert (result.exit_code, result.stdout) == (1, "")
    assert [line for line in result.stderr.splitlines() if "error[" in line and "error[rule.no-case]" not in line] == []
    assert result.stderr.splitlines()[-2:] == ["1 finding: 1 error.", "1 more elsewhere in the workspace."]


def test_a_folder_without_findings_passes_whatever_a_review_finds_elsewhere(small: Path):
    add(example("claim_without_rule"), small)
    result = rules_check(small / "rules" / "bucket")
    assert (result.exit_code, result.stderr.splitlines()) == (
        0,
        ["6 rules in 2 topics, 6 claims: no findings here.", "1 elsewhere in the workspace."],
    )


def test_how_documents_look_is_checked_before_an_advice_is_written(small: Path):
    reports = small / "reports"
    (reports / "partials").mkdir(parents=True)
    (small / "house.yaml").write_text("logo: logo.png\ncolours: {headings: '#ffff00'}\n", "utf-8")
    (small / "logo.png").write_bytes(b"no picture")
    (reports / "letter.md.j2").write_text("As of {{ view.as_of }}.\n{% if view.label %}\n", "utf-8")
    (reports / "memo.md.j2").write_text("{{ view.label | shouted }}\n", "utf-8")
    (reports / "advice.md.j2").write_text("\n{% include 'partials/gone.j2' %}\n", "utf-8")
    (reports / "deep.md.j2").write_text(f"{{{{ {'(' * 5_000}1{')' * 5_000} }}}}", "utf-8")
    (reports / "latin.md.j2").write_bytes(b"Gr\xfc\xdfe\n")
    (reports / "drawings.yaml").write_text("scores: [{exam: step2_ck, lines: [{title: Nothing}]}]\n", "utf-8")
    checked = check(small, DAY)
    found = [(f.location.path, f.location.line, f.code) for f in checked.findings]
    assert (checked.reviewed, found) == (
        True,
        [
            ("house.yaml", 1, "house.logo"),
            ("house.yaml", 2, "house.colour"),
            ("reports/advice.md.j2", 2, "report.template"),
            ("reports/deep.md.j2", 0, "report.template"),
            ("reports/drawings.yaml", 1, "drawings.line"),
            ("reports/latin.md.j2", 1, "file.encoding"),
            ("reports/letter.md.j2", 2, "report.template"),
            ("reports/memo.md.j2", 1, "report.template"),
        ],
    )


def test_a_folder_does_not_pass_while_errors_elsewhere_keep_it_from_being_reviewed(small: Path):
    add(example("evidence_half_written"), small)
    result = rules_check(small / "rules" / "bucket")
    assert (result.exit_code, result.stderr.splitlines()) == (
        1,
        [
            "6 rules in 2 topics, 4 claims: no findings here.",
            "3 elsewhere in the workspace; correct those first, nothing could be reviewed.",
        ],
    )


def test_a_single_file_may_be_named_too(small: Path):
    add(example("stable_rules_without_cases"), small)
    good = rules_check(small / "rules" / "letters" / "letters.yaml")
    bad = rules_check(small / "rules" / "letters" / "more.yaml")
    assert (good.exit_code, bad.exit_code) == (0, 1)


def test_a_folder_in_no_workspace_is_said_to_be_none(tmp_path: Path):
    result = rules_check(tmp_path)
    assert (result.exit_code, "error[workspace.none]" in result.stderr) == (1, True)


def test_a_folder_outside_the_workspace_that_is_named_is_a_wrong_usage(small: Path, tmp_path: Path):
    result = rules_check(tmp_path, "--workspace", small)
    assert (result.exit_code, result.stdout, "is not in the workspace" in result.stderr) == (2, "", True)


def test_a_folder_that_is_not_there_is_a_wrong_usage(tmp_path: Path):
    assert rules_check(tmp_path / "nowhere").exit_code == 2
