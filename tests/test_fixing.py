"""`rules check --fix`: repairs change no meaning and lose no comment, are made once, and are written together or not at all."""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from smartpick_expert.authoring import fixing
from smartpick_expert.authoring.checks import registry
from smartpick_expert.authoring.fixing import Fixed, MeaningChangedError, fix
from smartpick_expert.authoring.normal_form import normal_rules
from smartpick_expert.authoring.review import check
from smartpick_expert.cli.main import main
from smartpick_expert.language.model import RuleSet
from smartpick_expert.workspace import load_workspace
from tests.test_review import DAY, SMALL, small  # noqa: F401 - a fixture
from tests.test_seeded import SEEDS

SEEDED = Path(__file__).parent / "seeded"
LETTERS = "rules/letters/more.yaml"


def laid_over(base: Path, seed: str) -> Path:
    return Path(shutil.copytree(SEEDED / seed, base, dirs_exist_ok=True))


def rules_check(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["rules", "check", "--as-of", str(DAY), *map(str, words)])


def comments(text: str) -> list[str]:
    return sorted(re.findall(r"#.*", text))


# Each list is written with an item again, each after another comment or none.
ITEMS = {
    "sources": [
        "claim:letters-from-home",
        '"claim:letters-from-home"',
        "claim:letters-known-writer",
        "evidence:letters-survey",
    ],
    "stages": ["preparing", "ranking", "'preparing'"],
    "audience": ["advisor", "applicant"],
    "when": [
        "letter: {us_based: false, waived: true}",
        "letter: {waived: true, us_based: false}",
        "not: {letter_grade: {grade: weak}}",
        "any: [{letter: {us_based: true}}, {letter_grade: {grade: {in: [weak, trusted, weak]}}}]",
        "count: {letter: {residents_sent: {not_in: [1, 1, 0]}}, at_least: 1}",
    ],
    "then": [
        "letter_flag: {letter: $letter.id, kind: outside_us}",
        "letter_flag: {kind: outside_us, letter: $letter.id}",
        "bucket: {name: high_risk}",
    ],
}


@st.composite
def written_lists(draw: st.DrawFn) -> str:
    """A rule file whose lists may say anything several times, in lines or in brackets, with comments anywhere."""
    lines = [
        "topic: letters",
        "about: Made up.",
        "rules:",
        "  - id: letters.made-up",
        "    title: Made up",
        "    kind: perception",
    ]
    lines += ["    status: stable", "    owner: editorial # Whoever that is.", "    review_by: 2027-06-01"]
    for key, items in ITEMS.items():
        chosen = draw(st.lists(st.sampled_from(items), min_size=1, max_size=4))
        if key == "sources" and not any("claim" in one for one in chosen):
            chosen.append(items[0])
        fixed = ["letter: {as: letter}"] if key == "when" else []
        if key != "when" and draw(st.booleans()):
            flow = [one if key != "then" else f"{{{one}}}" for one in chosen]
            lines.append(f"    {key}: [{', '.join(flow)}]{draw(st.sampled_from(['', ' # In brackets.']))}")
            continue
        lines.append(f"    {key}:")
        for one in [*fixed, *chosen]:
            if draw(st.booleans()):
                lines.append(f"      # Before {len(lines)}.")
            lines.append(f"      - {one}{draw(st.sampled_from(['', f' # Beside {len(lines)}.']))}")
    return "\n".join([*lines, "    because: Made up for {{ letter.id }}.", "    rationale: None.", "# The end.", ""])


@given(written_lists())
@settings(max_examples=25, deadline=None)
def test_a_repair_changes_no_meaning_loses_no_comment_and_is_made_once(text: str):
    with tempfile.TemporaryDirectory() as folder:
        base = Path(shutil.copytree(SMALL, Path(folder) / "base"))
        file = base / LETTERS
        file.write_text(text, "utf-8")
        before = load_workspace(base)
        fix(base, DAY)
        after = load_workspace(base)
        repaired = file.read_text("utf-8")
        assert normal_rules(after.ruleset.rules) == normal_rules(before.ruleset.rules)
        assert comments(repaired) == comments(text)
        assert [f.code for f in check(base, DAY).findings if f.code == "rule.said-twice"] == []
        assert (fix(base, DAY), file.read_text("utf-8")) == (Fixed(), repaired)


def test_what_was_said_twice_is_said_once(small: Path, golden):  # noqa: F811 - the fixture
    laid_over(small, "rule.said-twice")
    result = rules_check("--workspace", small, "--fix")
    assert (result.exit_code, result.stderr.splitlines()[0]) == (0, "4 repairs in 1 file: rule.said-twice.")
    golden("fixed/said_twice.diff", result.stdout)
    again = rules_check("--workspace", small, "--fix")
    assert (again.exit_code, again.stdout, again.stderr.splitlines()[0]) == (
        0,
        "",
        "Nothing here has a repair that is safe to make.",
    )


def test_a_silence_that_silences_nothing_goes(small: Path):  # noqa: F811
    laid_over(small, "silence.idle")
    before = (small / LETTERS).read_text("utf-8")
    assert [finding.code for finding in fix(small, DAY).repaired] == ["silence.idle"]
    assert (small / LETTERS).read_text("utf-8") == before[: before.index("    silence:")]


def test_a_silence_of_a_check_that_there_is_not_is_left_for_its_author(small: Path):  # noqa: F811
    laid_over(small, "silence.idle")
    file = small / LETTERS
    file.write_text(file.read_text("utf-8").replace("rule.number", "rule.numbers"), "utf-8")
    assert fix(small, DAY) == Fixed()
    assert "Did you mean 'rule.number'?" in rules_check("--workspace", small).stderr


def test_only_the_folder_that_is_named_is_repaired(small: Path):  # noqa: F811
    laid_over(small, "rule.said-twice")
    before = (small / LETTERS).read_bytes()
    rules_check(small / "rules" / "bucket", "--fix")
    assert (small / LETTERS).read_bytes() == before


def test_a_base_with_errors_is_left_alone(small: Path):  # noqa: F811
    laid_over(small, "rule.said-twice")
    before = (small / LETTERS).read_bytes()
    (small / "rules" / "letters" / "broken.yaml").write_text("topic: [", "utf-8")
    assert (rules_check("--workspace", small, "--fix").exit_code, (small / LETTERS).read_bytes()) == (1, before)


def test_a_repair_that_would_change_a_meaning_is_not_written(small: Path, monkeypatch: pytest.MonkeyPatch):  # noqa: F811
    laid_over(small, "rule.number")
    before = (small / LETTERS).read_bytes()

    def wrong(of, finding):
        at = of.text.index("12")
        return (fixing.Replacement(at, at + 2, "13"),)

    checks = tuple(replace(one, repair=wrong) if one.code == "rule.number" else one for one in registry.all_checks())
    monkeypatch.setattr(fixing, "all_checks", lambda: checks)
    monkeypatch.setattr(fixing, "_ROUNDS", 1)
    with pytest.raises(MeaningChangedError, match=r"rule\.number"):
        fix(small, DAY)
    assert (small / LETTERS).read_bytes() == before


def test_no_two_repairs_fall_over_one_another_wherever_the_seeds_put_them(small: Path):  # noqa: F811
    """All seeds in one base, as far as they can stand together: whatever is repaired, the rules stay what they were."""
    for number, seed in enumerate(SEEDS):
        for path in sorted(seed.rglob("more.yaml")):
            if "rules" in path.parts:
                text = re.sub(r"(- id: \w+\.[\w-]+)", rf"\1-{number}", path.read_text("utf-8"))
                (small / "rules" / "letters" / f"{seed.name}.yaml").write_text(text, "utf-8")
    before = normal_rules(as_read(small).rules)
    fix(small, DAY)
    assert normal_rules(as_read(small).rules) == before


def as_read(base: Path) -> RuleSet:
    workspace = fixing.read_workspace(base)[0]
    assert workspace is not None
    return workspace.ruleset
