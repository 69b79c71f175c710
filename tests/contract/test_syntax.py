"""What durable-rules makes of rules that are written otherwise than it expects: little of it is said aloud."""

from __future__ import annotations

import pytest

from tests.contract.core import Ruleset, fires, refusal, when

pytestmark = pytest.mark.measured


def test_a_pattern_of_two_keys_tests_the_first_alone():
    assert [fires({"x": 1, "y": 2}, fact) for fact in ({"x": 1, "y": 3}, {"x": 1}, {"y": 2})] == [True, True, False]


def test_an_operator_that_is_not_known_is_taken_for_a_field_or_refused_by_a_number():
    assert fires({"$in": {"x": "a"}}, {"x": "a"}) is False
    assert [refusal({"r": when({"$in": {"x": value}})}) for value in (1, ["a"], True)] == [202, 202, 202]


def test_a_list_on_the_right_is_refused():
    assert refusal({"r": when({"x": ["a", "b"]})}) == 102


def test_unequal_asks_for_the_field_to_be_there():
    assert [fires({"$neq": {"x": 1}}, fact) for fact in ({"y": 1}, {"x": 2})] == [False, True]


def test_a_setting_it_does_not_know_is_refused():
    rules = [{"r": when({"x": 1}, **{key: 1})} for key in ("run", "span", "none", "foo")]
    assert [refusal(one) for one in (*rules, {"r": {"none": [{"p0": {"x": 1}}]}})] == [105] * 5


def test_an_alias_without_its_qualifier_and_a_rule_without_patterns_are_accepted():
    rules = ({"all": [{"p0$": {"x": 1}}]}, {"all": [{"p0$foo": {"x": 1}}]}, {"all": []}, {})
    assert [refusal({"r": rule}) for rule in rules] == [0, 0, 0, 0]


def test_a_name_with_a_dot_means_a_field_within_a_field_and_a_field_of_that_name():
    assert [fires({"a.b": 1}, fact) for fact in ({"a": {"b": 1}}, {"a.b": 1})] == [True, True]


def test_a_parenthesis_left_open_is_accepted_and_a_bracket_refused():
    assert fires({"$mt": {"x": "(ab"}}, {"x": "ab"}) is True
    assert refusal({"r": when({"$mt": {"x": "[ab"}})}) == 501


def test_a_regular_expression_matches_whole_texts_in_a_dialect_of_its_own():
    cases = [("ab", "abc"), ("ab.", "abc"), ("%d+", "12"), (r"[0-9]+", "12"), ("^ab", "ab")]
    assert [fires({"$mt": {"x": regex}}, {"x": text}) for regex, text in cases] == [False, True, True, True, False]


def test_one_fact_fills_two_patterns_of_a_rule_only_where_dist_is_off(rulesets: list[Ruleset]):
    rulesets += [Ruleset({"r": when({"x": 1}, {"y": 2}, **settings)}) for settings in ({}, {"dist": 0})]
    assert [one.fired({"id": "1", "x": 1, "y": 2}) for one in rulesets] == [[], ["r"]]


def test_count_and_cap_together_are_accepted_and_break_the_drain(rulesets: list[Ruleset]):
    rulesets.append(Ruleset({"r": when({"x": 1}, count=2, cap=4)}))
    with pytest.raises(Exception, match="error code: 307"):
        rulesets[0].told(*({"id": str(n), "x": 1} for n in range(5)))


def test_count_waits_for_so_many_and_cap_takes_at_most_so_many(rulesets: list[Ruleset]):
    facts = [{"id": str(n), "x": 1} for n in range(5)]
    rulesets += [Ruleset({"r": when({"x": 1}, **settings)}) for settings in ({"count": 2}, {"cap": 2})]
    batches = [[[match["p0"] for match in matches] for _, matches in one.told(*facts)[1]] for one in rulesets]
    assert batches == [[["4", "3"], ["2", "1"]], [["4", "3"], ["2", "1"], ["0"]]]
