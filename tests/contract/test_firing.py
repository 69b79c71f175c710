"""The order in which durable-rules fires, and how often."""

from __future__ import annotations

import pytest

from tests.contract.core import Ruleset, when

pytestmark = pytest.mark.measured


def test_rules_fire_by_priority_which_is_a_number_without_sign_of_16_bits(rulesets: list[Ruleset]):
    priorities = {"zero": 0, "negative": -1, "two": 2, "wrapped": 65_537, "one": 1}
    rulesets.append(Ruleset({name: when({"x": 1}, pri=number) for name, number in priorities.items()}))
    assert rulesets[0].fired({"id": "1", "x": 1}) == ["zero", "wrapped", "one", "two", "negative"]


def test_rules_of_one_priority_fire_as_they_were_defined(rulesets: list[Ruleset]):
    rulesets.append(Ruleset({name: when({"x": 1}) for name in "cab"}))
    assert rulesets[0].fired({"id": "1", "x": 1}) == ["c", "a", "b"]


def test_the_newest_fact_fires_first(rulesets: list[Ruleset]):
    rulesets.append(Ruleset({"r": when({"x": 1})}))
    _, batches = rulesets[0].told(*({"id": str(n), "x": 1} for n in range(3)))
    assert [match["p0"] for _, batch in batches for match in batch] == ["2", "1", "0"]


def test_an_or_fires_once_for_each_branch_that_holds(rulesets: list[Ruleset]):
    one = {"$or": [{"x": 1}, {"y": 1}]}
    both = {"$and": [one, {"$or": [{"z": 1}, {"w": 1}]}]}
    rulesets += [Ruleset({"r": when(pattern)}) for pattern in (one, both)]
    assert [len(ruleset.fired({"id": "1", "x": 1, "y": 1, "z": 1, "w": 1})) for ruleset in rulesets] == [2, 4]


def test_any_fires_for_either_and_again_for_both(rulesets: list[Ruleset]):
    rulesets.append(Ruleset({"r": {"any": [{"p": {"x": 1}}, {"q": {"y": 1}}]}}))
    _, batches = rulesets[0].told({"id": "1", "x": 1}, {"id": "2", "y": 1})
    assert batches == [("r", [{"q": "2"}]), ("r", [{"p": "1", "q": "2"}]), ("r", [{"p": "1"}])]
