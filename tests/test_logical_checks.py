"""Checks of what follows from rules by themselves: what each witness shows is so, and the shipped rules have none of it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from smartpick_expert.authoring.cases import read_cases, run_case
from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.authoring.checks.logic import rule_opposed
from smartpick_expert.authoring.checks.registry import all_checks
from smartpick_expert.authoring.logic.holes import _groups
from smartpick_expert.authoring.logic.opposition import pairs
from smartpick_expert.authoring.logic.readied import readied
from smartpick_expert.authoring.review import check
from smartpick_expert.authoring.witness_cases import save_witnesses
from smartpick_expert.language.model import Constant, Negation
from smartpick_expert.workspace import Workspace, load_workspace, shipped_root
from tests.test_review import DAY, SMALL

HERE = Path(__file__).parent
# What happens to each rule on the applicants made up for its finding.
SHOWN = {
    "condition.redundant": {"letters.asked-twice": "fires"},
    "limits.hole": {"letters.sent-few": "rests", "letters.sent-many": "rests"},
    "rule.duplicate": {"letters.from-abroad": "fires", "letters.outside-us": "fires"},
    "rule.never-fires": {"letters.here-and-not-here": "rests", "letters.dead-choice": "fires"},
    "rule.opposed": {"letters.many": "fires", "letters.few": "fires"},
    "rule.subsumed": {"letters.waived-from-abroad": "fires", "letters.outside-us": "fires"},
    "test.always": {"letters.any-number": "fires"},
    "test.contradiction": {"letters.more-and-fewer": "rests"},
    "test.never": {"letters.more-than-there-can-be": "rests"},
    "test.redundant": {"letters.some": "fires"},
}


@pytest.fixture(scope="module")
def shipped() -> Workspace:
    return load_workspace(shipped_root())


@pytest.mark.parametrize("code", sorted(SHOWN))
def test_a_witness_that_is_saved_is_a_case_that_shows_what_the_finding_says(code: str, tmp_path: Path):
    root = Path(shutil.copytree(HERE / "seeded" / code, shutil.copytree(SMALL, tmp_path / "base"), dirs_exist_ok=True))
    checked = check(root, DAY)
    assert checked.workspace is not None
    saved = tmp_path / "saved.cases.yaml"
    save_witnesses(checked.findings, checked.workspace, DAY, saved, "plain")
    cases = read_cases(saved, checked.workspace)
    shown = {
        rule: word
        for case in cases
        for word, rules in (("fires", case.expected.fires), ("rests", case.expected.does_not_fire))
        for rule in rules
    }
    assert shown == SHOWN[code]
    failures = [failure for case in cases for failure in run_case(case, checked.workspace, "plain").failures]
    # A conflict fails every case in which it comes about, until the rules are mended.
    assert [f for f in failures if code != "rule.opposed" or "only one can be so" not in f] == []
    assert bool(failures) is (code == "rule.opposed")


@pytest.mark.parametrize("day", [DAY, date(2027, 2, 1)], ids=str)
def test_nothing_of_the_kind_is_found_in_the_shipped_rules(day: date, shipped: Workspace):
    base = Base(shipped, (), day)
    found = [str(f) for one in all_checks() if one.code in SHOWN for f in one.run(base)]
    assert found == []


def test_grades_of_a_letter_that_no_longer_exclude_one_another_are_found_through_what_they_rest_on(shipped: Workspace):
    strong = next(rule for rule in shipped.ruleset.rules if rule.id == "letters.strong")
    trusted = Constant("trusted")
    without = tuple(
        condition
        for condition in strong.when
        if not (isinstance(condition, Negation) and any(trusted in t.operands for t in condition.pattern.tests))
    )
    rules = tuple(replace(rule, when=without) if rule is strong else rule for rule in shipped.ruleset.rules)
    changed = replace(shipped, ruleset=replace(shipped.ruleset, rules=rules))
    [finding] = rule_opposed.check(Base(changed, (), DAY))
    assert finding.witness is not None
    assert (finding.rule, set(finding.witness.rules)) == ("letters.strong", {"letters.strong", "letters.trusted"})


def test_there_is_much_in_the_shipped_rules_of_which_it_might_be_found(shipped: Workspace):
    ready = readied(shipped, DAY)
    assert len(list(pairs(ready))) > 100
    assert sorted(len(group) for group in _groups(ready)) == [2, 7]


def test_a_hole_that_another_rule_may_fill_is_none(tmp_path: Path):
    root = Path(
        shutil.copytree(HERE / "seeded" / "limits.hole", shutil.copytree(SMALL, tmp_path / "base"), dirs_exist_ok=True)
    )
    rules = root / "rules" / "letters" / "more.yaml"
    middle = """
  - id: letters.sent-some
    title: A writer who has sent some
    kind: perception
    status: draft
    sources: [claim:letters-from-home]
    owner: editorial
    review_by: 2027-06-01
    when:
      - letter: {as: letter, us_based: true, residents_sent: {known: true}}
      - not: {letter: {id: $letter.id, residents_sent: {below: $parameter.letters.few}}}
    then:
      - letter_class: {letter: $letter.id, name: few}
    because: Your letter is one of some.
    rationale: The made-up article says so.
"""
    rules.write_text(rules.read_text("utf-8") + middle, "utf-8")
    assert [f for f in check(root, DAY).findings if isinstance(f, Finding) and f.code == "limits.hole"] == []
