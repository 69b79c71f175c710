"""A rule may silence a check with a reason: it is told with every check, and cannot hide what makes a base unusable."""

from __future__ import annotations

from pathlib import Path

import pytest

from smartpick_expert.authoring.review import check
from smartpick_expert.language.model import Silence
from smartpick_expert.workspace import load_workspace
from tests.test_fixing import LETTERS, laid_over, rules_check
from tests.test_review import DAY, small  # noqa: F401 - a fixture

REASON = "A law says twelve, and has done so since 1965."


def silenced(base: Path, seed: str, code: str, reason: str = REASON) -> Path:
    """The small base with a seeded rule that silences a check."""
    laid_over(base, seed)
    file = base / LETTERS
    text = file.read_text("utf-8").partition("    silence:")[0]
    file.write_text(f"{text}    silence:\n      - {{check: {code}, reason: '{reason}'}}\n", "utf-8")
    return base


def test_a_silenced_finding_is_not_among_the_findings_and_is_told_with_its_reason(small: Path):  # noqa: F811
    result = rules_check("--workspace", silenced(small, "rule.number", "rule.number"))
    assert (result.exit_code, result.stderr.splitlines()) == (
        0,
        [
            "7 rules in 2 topics, 4 claims: no findings.",
            "1 finding is silenced:",
            f"  rules/letters/more.yaml:18:9: letters.many-sent silences rule.number: {REASON}",
        ],
    )


def test_a_silence_is_for_its_own_rule_alone(small: Path):  # noqa: F811
    laid_over(small, "rule.number")
    other = small / "rules" / "letters" / "letters.yaml"
    text = other.read_text("utf-8")
    before = "    rationale: It is on the form.\n"
    other.write_text(text.replace(before, f"{before}    silence: [{{check: rule.number, reason: Ours.}}]\n"), "utf-8")
    assert [f.code for f in check(small, DAY).findings] == ["silence.idle", "rule.number"]


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("rule.no-case", "'rule.no-case' cannot be silenced"),
        ("rule.protected", "there is no check 'rule.protected' that a rule can silence"),
        ("rule.number", "'rule.number' finds nothing here"),
    ],
)
def test_what_cannot_be_silenced_is_found_all_the_same(code: str, why: str, small: Path):  # noqa: F811
    found = [f.message for f in check(silenced(small, "rule.no-case", code), DAY).findings]
    assert len(found) == 2
    assert [message for message in found if why in message] == [f"Rule 'letters.home' silences a check, and {why}."]


def test_a_rule_that_looks_at_what_is_protected_is_refused_whatever_it_silences(small: Path):  # noqa: F811
    vocabulary = small / "knowledge" / "vocabulary" / "all.yaml"
    words = vocabulary.read_text("utf-8")
    field = "      waived: {type: boolean"
    vocabulary.write_text(words.replace(field, f"      nationality: {{type: text, meaning: Whose}}\n{field}"), "utf-8")
    file = silenced(small, "rule.number", "rule.protected") / LETTERS
    file.write_text(file.read_text("utf-8").replace("residents_sent: {at_least: 12}", "nationality: X"), "utf-8")
    checked = check(small, DAY)
    assert ([f.code for f in checked.findings], checked.reviewed) == (["rule.protected"], False)


def test_a_silence_without_a_reason_is_refused(small: Path):  # noqa: F811
    found = check(silenced(small, "rule.number", "rule.number", reason=""), DAY).findings
    assert [(f.code, f.location.line) for f in found] == [("form.missing-key", 18)]


def test_silences_change_nothing_that_a_rule_means(small: Path):  # noqa: F811
    laid_over(small, "rule.number")
    plain = load_workspace(small).ruleset.rules
    after = load_workspace(silenced(small, "rule.number", "rule.number")).ruleset
    rule = after.get("letters.many-sent")
    assert rule is not None
    assert (after.rules, rule.silences) == (plain, (Silence("rule.number", REASON),))
