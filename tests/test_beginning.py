"""Rules begun: a draft that loads, asks for what is to be written, and is put where it belongs."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from smartpick_expert.authoring.review import check
from smartpick_expert.cli.main import main
from smartpick_expert.language.model import Kind, Status
from smartpick_expert.workspace import load_workspace
from tests.profiles import WORKSPACE

SMALL = Path(__file__).parent / "small"
DAY = date(2026, 9, 10)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace of the small base, of which anything may be changed."""
    return Path(shutil.copytree(SMALL, tmp_path / "small"))


def new(root: Path, *words: str) -> Result:
    command = ["rules", "new", *words, "--no-input", "--as-of", DAY.isoformat(), "--workspace", str(root)]
    result = CliRunner().invoke(main, command)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def texts(root: Path) -> dict[str, str]:
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in sorted(root.rglob("*.yaml"))}


def test_a_rule_that_is_begun_loads_as_a_draft_and_lacks_nothing_but_what_it_asks_for(root: Path):
    before, found = texts(root), set(check(root, DAY).findings)
    result = new(root, "letters.late", "--source", "letters-known-writer", "--title", "A letter: late")
    assert result.exit_code == 0, result.output
    rule = load_workspace(root).ruleset.get("letters.late")
    assert rule is not None
    assert (rule.status, rule.kind, rule.title) == (Status.DRAFT, Kind.PERCEPTION, "A letter: late")
    assert rule.sources == ("claim:letters-known-writer",)
    more = set(check(root, DAY).findings) - found
    assert {finding.code for finding in more} == {"rule.unfinished"}
    after = texts(root)
    for path in ("rules/letters/letters.yaml", "rules/letters/letters.cases.yaml"):
        assert after.pop(path).startswith(before.pop(path))
    assert after == before
    held = CliRunner().invoke(main, ["rules", "test", str(root / "rules"), "--engine", "plain"])
    assert held.exit_code == 0, held.output


def test_a_rule_on_figures_is_begun_in_the_shipped_base_with_a_bound_name(tmp_path: Path):
    for folder in ("rules", "knowledge", "reports"):
        shutil.copytree(WORKSPACE.root / folder, tmp_path / folder)
    evidence = min(WORKSPACE.knowledge.evidence)
    result = new(
        tmp_path, "late", "--topic", "letters", "--source", f"evidence:{evidence}", "--concludes", "letter_grade"
    )
    assert result.exit_code == 0, result.output
    text = (tmp_path / "rules/letters/grades.yaml").read_text("utf-8")
    assert "kind: measured" in text
    assert "- letter: {as: letter, " in text.partition("id: letters.late\n")[2]
    # What is told is what a check finds beyond what it found before.
    assert set(re.findall(r"(?:error|warning)\[([\w.-]+)\]", result.stderr)) == {"rule.unfinished"}
    rule = load_workspace(tmp_path).ruleset.get("letters.late")
    assert rule is not None
    assert rule.status is Status.DRAFT


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("letters.not-waived", "--source", "letters-known-writer"), "Rule id 'letters.not-waived' is taken."),
        (("lettres.late", "--source", "letters-known-writer"), "There is no topic 'lettres'. Did you mean 'letters'?"),
        (("letters.late", "--source", "claim:letters-known-riter"), "Did you mean 'letters-known-writer'?"),
        (("letters.late",), "A rule cites what it rests on"),
        (("Letters late", "--source", "letters-known-writer"), "is no id of a rule"),
        (
            ("letters.late", "--topic", "bucket", "--source", "letters-known-writer"),
            "is one of topic 'letters', not of 'bucket'",
        ),
        (("letters.late", "--source", "letters-known-writer", "--concludes", "buket"), "Did you mean 'bucket'?"),
        (
            ("letters.late", "--source", "letters-known-writer", "--file", "../x.yaml"),
            "is no rule file of topic 'letters'",
        ),
        (("letters.late", "--source", "letters-known-writer", "--kind", "measured"), "error["),
    ],
)
def test_what_cannot_be_begun_is_refused_and_nothing_is_written(root: Path, words: tuple[str, ...], said: str):
    before = texts(root)
    result = new(root, *words)
    assert (result.exit_code, said in result.stderr) == (1, True), result.stderr
    assert texts(root) == before
