"""Rules renamed and retired: everything that names them follows, nothing else changes, and nothing is half done."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from smartpick_expert.authoring.editing.changes import Change, make
from smartpick_expert.authoring.editing.mentions import mentions
from smartpick_expert.authoring.review import check
from smartpick_expert.cli.main import main
from smartpick_expert.diagnostics import Problems
from smartpick_expert.workspace import load_workspace

SMALL = Path(__file__).parent / "small"
DAY = "2026-09-10"
PROFILE = """\
applicant: {label: A, stage: preparing}
letter: [{id: chair, us_based: true, waived: true, residents_sent: 4}]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace of the small base, of which anything may be changed."""
    return Path(shutil.copytree(SMALL, tmp_path / "small"))


def rules(root: Path, *words: str) -> Result:
    result = CliRunner().invoke(main, ["rules", *words, "--workspace", str(root)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def texts(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): path.read_text("utf-8") for path in sorted(root.rglob("*")) if path.is_file()
    }


def findings(root: Path) -> tuple[object, ...]:
    return check(root, date(2026, 9, 10)).findings


def changed_lines(before: dict[str, str], after: dict[str, str]) -> list[tuple[str, str]]:
    """The lines that are new in each file, with the file."""
    return [
        (name, line.strip())
        for name, text in after.items()
        for line in text.splitlines()
        if line not in before.get(name, "").splitlines()
    ]


def test_a_renamed_rule_is_followed_everywhere_and_keeps_its_old_name(root: Path):
    (root / "reports").mkdir()
    (root / "reports/layout.yaml").write_text(
        "# letters.known-writer, not letters.known-writers\nsections: []\n", "utf-8"
    )
    (root / "README.md").write_text("See letters.known-writer.\n", "utf-8")
    before, found = texts(root), findings(root)

    result = rules(root, "rename", "letters.known-writer", "letters.trusted", "--as-of", DAY)

    assert result.exit_code == 0, result.output
    after = texts(root)
    for name, text in before.items():
        expected = text if name == "README.md" else text.replace("letters.known-writer", "letters.trusted")
        expected = expected.replace("letters.trusteds", "letters.known-writers")
        if name == "rules/letters/letters.yaml":
            expected = expected.replace(
                "- id: letters.trusted\n", "- id: letters.trusted\n    formerly: [letters.known-writer]\n"
            )
        assert after[name] == expected
    assert [str(one) for one in findings(root)] == [str(one) for one in found]
    assert "README.md:1" in result.stderr
    assert load_workspace(root).ruleset.now("letters.known-writer") == load_workspace(root).ruleset.get(
        "letters.trusted"
    )


def test_a_rule_renamed_back_is_as_it_was_but_for_the_name_between(root: Path):
    before = texts(root)
    rules(root, "rename", "letters.known-writer", "letters.trusted", "--as-of", DAY)
    rules(root, "rename", "letters.trusted", "letters.known-writer", "--as-of", DAY)
    assert changed_lines(before, texts(root)) == [("rules/letters/letters.yaml", "formerly: [letters.trusted]")]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("letters.known", "letters.x", "There is no rule 'letters.known'. The nearest: letters.known-writer"),
        ("letters.known-writer", "letters.not-waived", "Rule id 'letters.not-waived' is taken."),
        ("letters.known-writer", "bucket.writer", "would be a rule of another topic"),
        ("letters.known-writer", "Letters.Writer", "is no id of a rule"),
        ("letters.known-writer", "letters.../../x", "is no id of a rule"),
    ],
)
def test_a_name_that_cannot_be_is_refused_and_nothing_changes(root: Path, old: str, new: str, said: str):
    before = texts(root)
    result = rules(root, "rename", old, new)
    assert (result.exit_code, said in result.stderr) == (1, True), result.stderr
    assert texts(root) == before


def test_a_dry_run_shows_what_would_change_and_changes_nothing(root: Path):
    before = texts(root)
    result = rules(root, "rename", "letters.known-writer", "letters.trusted", "--dry-run", "--as-of", DAY)
    assert result.exit_code == 0
    assert "-  - id: letters.known-writer\n+  - id: letters.trusted\n" in result.stdout
    assert texts(root) == before


def test_what_rests_on_a_rule_keeps_it_from_being_retired(root: Path):
    before = texts(root)
    result = rules(root, "retire", "letters.known-writer", "--as-of", DAY, "--engine", "plain")
    assert result.exit_code == 1
    assert "Nothing was written." in result.stderr
    assert texts(root) == before


def test_a_retired_rule_keeps_its_cases_and_says_why_it_went(root: Path):
    before = texts(root)
    command = (
        "retire",
        "letters.known-writer",
        "--reason",
        "It was measured",
        "--force",
        "--as-of",
        DAY,
        "--engine",
        "plain",
    )
    result = rules(root, *command)
    assert result.exit_code == 0, result.output
    after = texts(root)
    assert "status: retired" in after["rules/letters/letters.yaml"]
    assert "Retired on 2026-09-10: It was measured." in " ".join(after["rules/letters/letters.yaml"].split())
    assert changed_lines(before, after) == [
        ("rules/letters/letters.cases.yaml", "fires: [bucket.known]"),
        ("rules/letters/letters.yaml", "status: retired"),
        ("rules/letters/letters.yaml", "Retired on 2026-09-10: It was measured."),
    ]
    assert "letters.known-writer" not in rules(root, "test", str(root / "rules/letters"), "--engine", "plain").stderr
    again = rules(root, *command)
    assert (again.exit_code, "is retired already" in again.stderr) == (1, True)


def test_a_file_changed_meanwhile_is_not_written_over(root: Path):
    path = "rules/letters/letters.yaml"
    with pytest.raises(Problems, match="changed by somebody else"):
        make(root, [Change("rules/new.yaml", None, "new"), Change(path, "as it was read", "new")])
    assert not (root / "rules/new.yaml").exists()


def test_a_name_is_not_found_in_longer_ones(root: Path):
    text = "# a.b a.b-c xa.b $parameter.a.b a.b.cases.yaml a.b[x]#2 (a.b). a.b_c\nformerly: [a.b]\n"
    (root / "rules/x.yaml").write_text(text, "utf-8")
    [found] = mentions(root, "a.b")
    assert [(one.start, one.within) for one in found.mentions] == [
        (2, "comment"),
        (text.index("a.b["), "comment"),
        (text.index("a.b)"), "comment"),
    ]


def test_a_renamed_rule_is_recalled_by_its_new_name_and_its_old_one(root: Path, tmp_path: Path):
    profile, ledger = tmp_path / "a.yaml", tmp_path / "ledger.db"
    profile.write_text(PROFILE, "utf-8")
    shutil.copytree(SMALL.parent.parent / "reports", root / "reports")
    layout = root / "reports/layout.yaml"
    # The small base knows two buckets.
    lines = layout.read_text("utf-8").splitlines(keepends=True)
    layout.write_text("".join(line for line in lines if "probably_safe" not in line), "utf-8")
    out = ("--out", str(tmp_path / "out"), "--ledger", str(ledger), "--engine", "plain", "--workspace", str(root))
    given = CliRunner().invoke(main, ["advise", str(profile), "--as-of", DAY, *out])
    assert given.exit_code == 0, given.output
    rules(root, "rename", "letters.known-writer", "letters.trusted", "--as-of", DAY)
    for name in ("letters.trusted", "letters.known-writer"):
        found = CliRunner().invoke(main, ["audit", "recall", "--rule", name, *out[2:]])
        assert found.stdout.splitlines()[-1] == "1 advice to look at again."
        assert "Rule 'letters.trusted' was called 'letters.known-writer' before" in found.stderr
