"""Mutants of rules: which there are, which are caught, and that what is said to catch one does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from smartpick_expert.authoring.cases import read_cases, run_case
from smartpick_expert.authoring.mutation import in_parallel
from smartpick_expert.authoring.mutation.in_parallel import for_each
from smartpick_expert.authoring.mutation.made_cases import cases_text
from smartpick_expert.authoring.mutation.mutants import mutants_of
from smartpick_expert.authoring.mutation.mutating import RuleMutation, mutate
from smartpick_expert.authoring.mutation.own_cases import OwnCases
from smartpick_expert.authoring.mutation.rule_runs import firings_of, given, notices, ready_case
from smartpick_expert.cli.main import main
from smartpick_expert.engine.compiled import compile_rules
from smartpick_expert.engine.session import consult
from smartpick_expert.language.facts import concluded
from smartpick_expert.language.model import Rule, RuleSet, Status
from tests.small_base import CASES, LETTERS, SMALL, cases_of, small_base

WRITER = "letters.known-writer"
# Nothing is ever tried in this one: every mutant survives, or changes nothing.
WITHOUT_CASES = OwnCases(cases_of(SMALL).workspace, (), ())
LIVE = [rule for rule in WITHOUT_CASES.workspace.ruleset.rules if rule.status is not Status.RETIRED]


def smartpick(*words: str | Path) -> Result:
    """What a command does; a traceback is no way for one to end."""
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def mutated(root: Path, rule_id: str) -> RuleMutation:
    """What the cases of a rule notice."""
    own = cases_of(root)
    rule = own.workspace.ruleset.get(rule_id)
    assert rule is not None
    return mutate(rule, own)


def changes_of(when: str, tmp_path: Path) -> list[tuple[str, str]]:
    """The mutants of the flag for letters from abroad, under other conditions: the kind of each, and what becomes of it."""
    root = small_base(tmp_path, {LETTERS: (("- letter: {as: letter, us_based: false}", when),)})
    own = cases_of(root)
    rule = own.workspace.ruleset.get("letters.outside-us")
    assert rule is not None
    read = own.setting(rule, ()).ready(rule)
    return [(one.kind.value, one.becomes) for one in mutants_of(read, own.workspace.vocabulary)]


CONCLUDED = [("conclusion changed", "kind: not_waived"), ("conclusion dropped", "")]


# --- which mutants there are -----------------------------------------------------------------------------------------------


def test_a_test_is_turned_into_its_opposite_and_left_out(tmp_path: Path):
    assert changes_of("- letter: {as: letter, us_based: false}", tmp_path) == [
        ("operator flipped", "us based is not no"),
        ("test dropped", ""),
        *CONCLUDED,
    ]


def test_a_limit_is_moved_both_ways_from_where_its_parameter_puts_it(tmp_path: Path):
    when = "- letter: {as: letter, residents_sent: {at_least: $parameter.letters.track_record}}"
    assert changes_of(when, tmp_path) == [
        ("limit moved", "the limit 3 in place of letters.track_record"),
        ("limit moved", "the limit 1 in place of letters.track_record"),
        ("operator flipped", "residents sent is below 2 (parameter letters.track_record)"),
        ("test dropped", ""),
        *CONCLUDED,
    ]


def test_what_must_not_be_there_is_left_out_and_asked_for(tmp_path: Path):
    when = "- letter: {as: letter}\n      - not: {reason: {side: against}}"
    assert changes_of(when, tmp_path)[:4] == [
        ("operator flipped", "side is not “against”"),
        ("test dropped", ""),
        ("condition dropped", ""),
        ("condition negated", "there is a reason (side is “against”)"),
    ]


def test_each_branch_of_any_is_left_out_and_all_of_it(tmp_path: Path):
    when = "- letter: {as: letter}\n      - any: [{reason: {side: for}}, {bucket: {}}]"
    kinds = [kind for kind, _ in changes_of(when, tmp_path)]
    assert kinds[:3] == ["condition dropped", "branch dropped", "branch dropped"]


def test_a_tally_is_moved_flipped_and_left_out(tmp_path: Path):
    when = "- letter: {as: letter}\n      - count: {reason: {}, at_least: 2}"
    assert changes_of(when, tmp_path)[:4] == [
        ("limit moved", "the limit 3"),
        ("limit moved", "the limit 1"),
        ("operator flipped", "is below 2"),
        ("condition dropped", ""),
    ]


def test_what_the_rest_of_the_rule_looks_at_cannot_be_left_out(tmp_path: Path):
    kinds = {kind for kind, _ in changes_of("- letter: {as: letter}", tmp_path)}
    assert kinds == {"conclusion changed", "conclusion dropped"}


# --- running one rule alone ------------------------------------------------------------------------------------------------


def test_a_rule_run_alone_does_what_a_consultation_with_it_does():
    own = cases_of(SMALL)
    workspace = own.workspace
    for case in own.cases:
        rule = workspace.ruleset.get(case.rule_id)
        if case.whole or rule is None:
            continue
        ready = ready_case(case, rule, workspace)
        compiled = compile_rules(RuleSet((rule,), workspace.vocabulary), ready.given.parameters, case.as_of)
        derivation = consult(compiled, ready.given.facts, "plain")
        assert list(ready.firings.values()) == [firing.conclusions for firing in derivation.firings]


def test_a_rule_that_feeds_itself_is_run_to_its_end(tmp_path: Path):
    when = "- letter_flag: {as: letter, kind: outside_us}"
    root = small_base(
        tmp_path,
        {
            LETTERS: (
                ("- letter: {as: letter, us_based: false}", when),
                ("letter: $letter.id, kind: outside_us", "letter: $letter.letter, kind: not_waived"),
                ("{{ letter.id }} comes", "{{ letter.letter }} comes"),
            )
        },
    )
    own = cases_of(root)
    rule = own.workspace.ruleset.get("letters.outside-us")
    assert rule is not None
    flag = concluded("letter_flag", [("letter", "a"), ("kind", "outside_us")])
    found = firings_of(rule, given([flag], own.setting(rule, ()).as_of, {}))
    assert [[fact.get("kind") for fact in conclusions] for conclusions in found.values()] == [["not_waived"]]


# --- what is caught ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", LIVE, ids=lambda rule: rule.id)
def test_every_made_up_case_holds_and_catches_the_mutants_it_is_shown_for(rule: Rule, tmp_path: Path):
    workspace = WITHOUT_CASES.workspace
    result = mutate(rule, WITHOUT_CASES)
    path = tmp_path / "made.cases.yaml"
    path.write_text(cases_text(result.made), "utf-8")
    cases = read_cases(path, workspace)
    assert [run_case(case, workspace, "plain").failures for case in cases] == [()] * len(cases)
    ready = [ready_case(case, rule, workspace) for case in cases]
    damages = mutants_of(WITHOUT_CASES.setting(rule, ()).ready(rule), workspace.vocabulary)
    missed = [one for one in damages if not any(notices(case, one.of(case.rule), workspace) for case in ready)]
    assert len(missed) == len(result.equivalent)


def test_a_rule_without_a_case_has_none_of_its_mutants_caught():
    rule = WITHOUT_CASES.workspace.ruleset.get("letters.outside-us")
    assert rule is not None
    result = mutate(rule, WITHOUT_CASES)
    assert (result.cases, result.caught, len(result.survivors)) == (0, 0, 4)


def test_a_case_on_each_side_of_a_limit_catches_its_moves():
    survivors = {one.mutant.kind.value for one in mutated(SMALL, WRITER).survivors}
    assert "limit moved" not in survivors


def test_without_the_case_below_a_limit_the_move_downwards_survives_and_the_case_is_made_up(tmp_path: Path):
    root = small_base(tmp_path, {CASES: (("residents_sent: 1", "residents_sent: 0"),)})
    result = mutated(root, WRITER)
    moved = next(one for one in result.survivors if one.mutant.kind.value == "limit moved")
    made = result.made[moved.case]
    assert moved.mutant.becomes == "the limit 1 in place of letters.track_record"
    assert made.name == (
        "Of letters.known-writer no other case has letter.residents_sent 1, just below letters.track_record (2)"
    )
    assert (made.fires, dict(made.facts[1][2][0])["residents_sent"]) == (False, 1)


def test_a_move_that_no_value_can_tell_is_counted_apart(tmp_path: Path):
    when = "- letter: {as: letter, residents_sent: {at_most: 200}}"
    root = small_base(tmp_path, {LETTERS: (("- letter: {as: letter, us_based: false}", when),)})
    own = OwnCases(cases_of(root).workspace, (), ())
    rule = own.workspace.ruleset.get("letters.outside-us")
    assert rule is not None
    apart = [(one.mutant.kind.value, one.mutant.becomes) for one in mutate(rule, own).equivalent]
    assert apart == [("limit moved", "the limit 201")]


def test_a_test_that_another_makes_needless_is_counted_apart(tmp_path: Path):
    when = "- letter: {as: letter, us_based: false}\n      - not: {letter: {us_based: true}}"
    root = small_base(tmp_path, {LETTERS: (("- letter: {as: letter, us_based: false}", when),)})
    apart = [(one.mutant.kind.value, one.mutant.what) for one in mutated(root, "letters.outside-us").equivalent]
    assert apart == [("test dropped", "letter: us based is no")]


def test_whole_profiles_that_name_a_rule_are_cases_of_it(tmp_path: Path):
    root = small_base(tmp_path)
    (root / CASES).write_text(
        "cases:\n  - name: Known\n    profile:\n      applicant: {label: A, stage: preparing}\n"
        f"      letter: [{{id: a, us_based: true, waived: true, residents_sent: 2}}]\n    fires: [{WRITER}]\n",
        "utf-8",
    )
    result = mutated(root, WRITER)
    assert (result.cases, "limit moved" in {one.mutant.kind.value for one in result.survivors}) == (1, True)
    assert result.caught > 0


def test_two_processes_say_what_one_says(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(in_parallel, "_WORTH_IT", 2)
    own = cases_of(SMALL)
    rules = [rule for rule in own.workspace.ruleset.rules if rule.id.startswith("letters.")]
    assert for_each(mutate, rules, own, 2) == [mutate(rule, own) for rule in rules]


# --- the command -------------------------------------------------------------------------------------------------------------


def test_the_command_shows_survivors_with_the_cases_that_would_catch_them(golden):
    result = smartpick("rules", "mutate", SMALL / "rules" / "letters")
    assert result.exit_code == 1
    golden("rules/mutate.txt", result.output)


def test_the_command_gives_the_same_as_data():
    found = json.loads(smartpick("rules", "mutate", "--workspace", SMALL, "--format", "json").stdout)
    assert (found["format"], found["asked"], len(found["rules"])) == ("smartpick-mutation-1", 0.95, 5)
    assert found["caught"] == sum(rule["caught"] for rule in found["rules"])


def test_enough_is_what_is_asked_for():
    assert smartpick("rules", "mutate", "--workspace", SMALL, "--at-least", "10").exit_code == 0


def test_saved_cases_hold_and_leave_no_survivor(tmp_path: Path):
    root = small_base(tmp_path)
    saved = root / "rules" / "letters" / "made.cases.yaml"
    smartpick("rules", "mutate", "--workspace", root, "--save-cases", saved)
    assert smartpick("rules", "test", root, "--engine", "plain").exit_code == 0
    assert smartpick("rules", "mutate", "--workspace", root, "--at-least", "100").exit_code == 0


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path):
    kept = tmp_path / "mine.cases.yaml"
    kept.write_text("cases: []\n", "utf-8")
    result = smartpick("rules", "mutate", "--workspace", SMALL, "--save-cases", kept)
    assert (result.exit_code, "there already" in result.output, kept.read_text("utf-8")) == (2, True, "cases: []\n")


def test_a_name_that_is_no_case_file_is_refused(tmp_path: Path):
    result = smartpick("rules", "mutate", "--workspace", SMALL, "--save-cases", tmp_path / "cases.yaml")
    assert (result.exit_code, "its name ends in .cases.yaml" in result.output) == (2, True)


@pytest.mark.parametrize("command", ["mutate", "coverage"])
def test_a_rule_that_is_not_there_is_met_with_the_nearest(command: str):
    result = smartpick("rules", command, "--workspace", SMALL, "--rule", "letters.known-writers")
    assert (result.exit_code, "The nearest: letters.known-writer" in result.output) == (2, True)


@pytest.mark.parametrize("command", ["mutate", "coverage"])
def test_a_retired_rule_is_said_to_be_one(command: str):
    result = smartpick("rules", command, "--workspace", SMALL, "--rule", "bucket.weak")
    assert (result.exit_code, "is retired" in result.output) == (2, True)


@pytest.mark.parametrize("command", ["mutate", "coverage"])
def test_a_folder_without_rules_is_told_of(command: str):
    result = smartpick("rules", command, SMALL / "knowledge")
    assert (result.exit_code, "No rule stands in" in result.output) == (2, True)


@pytest.mark.parametrize("command", ["mutate", "coverage"])
def test_a_case_file_that_cannot_be_read_is_a_finding_and_the_others_serve(command: str, tmp_path: Path):
    root = small_base(tmp_path)
    (root / "rules" / "bucket" / "bucket.cases.yaml").write_text("cases: [{name: x, facts: {letters: []}}]", "utf-8")
    result = smartpick("rules", command, "--workspace", root)
    assert (result.exit_code, "bucket.cases.yaml:1:" in result.output) == (1, True)
    assert "letters.known-writer" in result.output


@pytest.mark.parametrize("command", ["mutate", "coverage"])
def test_a_case_that_does_not_hold_is_a_finding_and_counts_for_nothing(command: str, tmp_path: Path):
    root = small_base(tmp_path, {CASES: (("residents_sent: 1", "residents_sent: 2"),)})
    result = smartpick("rules", command, "--workspace", root)
    assert (result.exit_code, "case.failed" in result.output) == (1, True)


@pytest.mark.parametrize("command", ["mutate", "coverage"])
def test_a_workspace_with_errors_is_refused_with_them(command: str, tmp_path: Path):
    root = small_base(tmp_path, {LETTERS: (("us_based: false", "us_basd: false"),)})
    result = smartpick("rules", command, "--workspace", root)
    assert (result.exit_code, 'Did you mean "us_based"' in result.output or "us_based" in result.output) == (1, True)
