"""Negation in durable-rules: right only where the blocking fact came first."""

from __future__ import annotations

from string import ascii_lowercase

import pytest

from tests.contract.core import Ruleset, fires

pytestmark = pytest.mark.measured

THERE, BLOCKER = {"id": "1", "k": 1}, {"id": "2", "k": 2}


def unless(alias: str = "a", blocker: str = "b") -> dict[str, object]:
    """A rule that fires on k = 1 unless there is a fact k = 2."""
    return {"r": {"all": [{alias: {"k": 1}}, {f"{blocker}$not": {"k": 2}}]}}


def test_a_blocker_that_came_first_blocks(rulesets: list[Ruleset]):
    rulesets += [Ruleset(unless()), Ruleset(unless())]
    rulesets[0].told(BLOCKER)
    assert [rulesets[0].fired(THERE), rulesets[1].fired(BLOCKER, THERE)] == [[], []]


def test_a_blocker_later_in_the_same_batch_does_not_block(rulesets: list[Ruleset]):
    rulesets.append(Ruleset(unless()))
    assert rulesets[0].fired(THERE, BLOCKER) == ["r"]


def test_a_blocker_that_a_rule_of_higher_priority_brings_does_not_block(rulesets: list[Ruleset]):
    late = {"r": {**unless()["r"], "pri": 2}, "q": {"all": [{"m": {"k": 1}}], "pri": 1}}
    rulesets.append(Ruleset(late))
    assert rulesets[0].fired(THERE, BLOCKER) == ["q", "r"]


def test_a_late_blocker_blocks_two_of_26_aliases(rulesets: list[Ruleset]):
    rulesets += [Ruleset(unless(alias, "blocker")) for alias in ascii_lowercase]
    fired = [one.fired(THERE, BLOCKER) for one in rulesets]
    assert [alias for alias, rules in zip(ascii_lowercase, fired, strict=True) if not rules] == ["e", "u"]


def test_a_negation_that_stands_first_or_alone_never_fires(rulesets: list[Ruleset]):
    rulesets += [
        Ruleset({"r": {"all": [{"b$not": {"k": 2}}, {"a": {"k": 1}}]}}),
        Ruleset({"r": {"all": [{"b$not": {"k": 2}}]}}),
    ]
    assert [one.fired(THERE) for one in rulesets] == [[], []]


def test_taking_the_blocker_back_fires_the_rule():
    ruleset = Ruleset(unless())
    ruleset.told(BLOCKER, THERE)
    assert ruleset.drained(ruleset.retracted({"id": "2"})) == [("r", [{"a": "1"}])]


def test_a_missing_field_beside_another_condition_is_found(rulesets: list[Ruleset]):
    pattern = {"$and": [{"k": 1}, {"$or": [{"$lte": {"x": 5}}, {"$nex": {"x": 1}}]}]}
    assert [fires(pattern, {"k": 1, **more}) for more in ({"x": 4}, {"x": 6}, {})] == [True, False, True]


def test_a_bare_missing_field_is_met_by_the_session_itself(rulesets: list[Ruleset]):
    rulesets.append(Ruleset({"r": {"all": [{"m": {"$nex": {"x": 1}}}]}}))
    assert rulesets[0].first == [("boot", [{"boot": "boot"}]), ("r", [{"m": "sid-0"}]), ("r", [{"m": "boot"}])]
    assert rulesets[0].told({"id": "1", "k": 1}) == (0, [("r", [{"m": "1"}])])
