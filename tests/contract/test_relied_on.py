"""What our driver relies on in durable-rules, pinned on every platform: should the engine ever change, this says where."""

from __future__ import annotations

import sys
import threading
from decimal import Decimal
from typing import ClassVar

import pytest

from smartpick_expert.engine.durable import DurableMatcher
from tests.contract.core import ALWAYS, Ruleset, when


class Core(Ruleset):
    """One ruleset of the C core, spelt and started as our driver does it. `rules` maps names to lists of patterns."""

    boot_rule: ClassVar = when({"t": 0}, dist=0, cap=500)
    boot_fact: ClassVar = {"id": "0", "t": 0, "_": True}

    def __init__(self, rules: dict[str, list[object]], cap: int = 500) -> None:
        super().__init__({name: when(*patterns, dist=0, cap=cap) for name, patterns in rules.items()})


def test_a_match_is_told_as_rule_alias_and_fact(rulesets: list[Core]):
    rulesets.append(Core({"r": [{"$and": [{"t": 1}, {"a": 5}]}]}))
    assert rulesets[0].told({"id": "1", "t": 1, "_": True, "a": 5}) == (0, [("r", [{"p0": "1"}])])


def test_a_fact_that_no_rule_looks_at_is_code_1_and_harmless_after_the_boot_fact(rulesets: list[Core]):
    rulesets.append(Core({"r": [{"$and": [{"t": 1}, {"a": 5}]}]}))
    assert rulesets[0].told({"id": "1", "t": 1, "_": True, "a": 6}, {"id": "2", "t": 9, "_": True}) == (1, [])


def test_a_portion_with_one_matching_fact_and_others_loses_nothing(rulesets: list[Core]):
    rulesets.append(Core({"r": [{"$and": [{"t": 1}, {"a": 5}]}]}))
    facts = [{"id": str(n), "t": 1, "_": True, "a": n % 7} for n in range(1, 51)]
    matched = [fact["id"] for fact in facts if fact["a"] == 5]
    code, batches = rulesets[0].told(*facts)
    assert (code in (0, 1), sorted(m["p0"] for _, b in batches for m in b)) == (True, sorted(matched))


def test_facts_join_whichever_comes_first_and_only_where_the_join_holds(rulesets: list[Core]):
    second = {"$and": [{"t": 2}, {"$ex": {"b": 1}}, {"b": {"p0": "a"}}, ALWAYS]}
    left = [{"id": f"l{n}", "t": 1, "_": True, "a": f"v{n}"} for n in range(20)]
    right = [{"id": f"r{n}", "t": 2, "_": True, "b": f"v{n}"} for n in range(10, 30)]
    expected = [{"p0": f"l{n}", "p1": f"r{n}"} for n in range(10, 20)]
    for facts in (left + right, right + left):
        rulesets.append(Core({"r": [{"$and": [{"t": 1}, {"$ex": {"a": 1}}]}, second]}))
        matches = [match for _, batch in rulesets[-1].told(*facts)[1] for match in batch]
        assert sorted(matches, key=lambda match: match["p0"]) == expected


def test_a_fact_without_the_joined_field_is_passed_over(rulesets: list[Core]):
    second = {"$and": [{"t": 2}, {"$ex": {"b": 1}}, {"b": {"p0": "a"}}, ALWAYS]}
    rulesets.append(Core({"r": [{"$and": [{"t": 1}, {"$ex": {"a": 1}}]}, second]}))
    code, batches = rulesets[0].told(
        {"id": "1", "t": 1, "_": True}, {"id": "2", "t": 2, "_": True}, {"id": "3", "t": 1, "_": True, "a": "v"}
    )
    assert (code in (0, 1), batches) == (True, [])


@pytest.mark.parametrize(
    ("operator", "matched"), [("$neq", "013"), ("$gt", "3"), ("$gte", "23"), ("$lt", "01"), ("$lte", "012")]
)
def test_inequality_joins_hold_as_written(operator: str, matched: str, rulesets: list[Core]):
    second = {"$and": [{"t": 2}, {"$ex": {"b": 1}}, {operator: {"b": {"p0": "a"}}}, ALWAYS]}
    rulesets.append(Core({"r": [{"$and": [{"t": 1}, {"$ex": {"a": 1}}]}, second]}))
    facts = [{"id": f"b{n}", "t": 2, "_": True, "b": n} for n in range(4)]
    _, batches = rulesets[0].told({"id": "a", "t": 1, "_": True, "a": 2}, *facts)
    assert "".join(sorted(match["p1"][1:] for _, batch in batches for match in batch)) == matched


def test_matches_come_in_batches_up_to_the_cap_and_all_of_them_come(rulesets: list[Core]):
    rulesets.append(Core({"r": [{"t": 1}]}, cap=500))
    _, batches = rulesets[0].told(*({"id": str(n), "t": 1, "_": True} for n in range(1, 1_201)))
    assert [(name, len(batch)) for name, batch in batches] == [("r", 500), ("r", 500), ("r", 200)]
    assert len({match["p0"] for _, batch in batches for match in batch}) == 1_200


def test_one_fact_may_stand_for_several_patterns_of_a_rule(rulesets: list[Core]):
    rulesets.append(Core({"r": [{"t": 1}, {"$and": [{"t": 1}, ALWAYS]}]}))
    _, batches = rulesets[0].told({"id": "1", "t": 1, "_": True})
    assert batches == [("r", [{"p0": "1", "p1": "1"}])]


def test_facts_that_come_later_join_with_those_before(rulesets: list[Core]):
    rulesets.append(Core({"r": [{"t": 1}, {"$and": [{"t": 2}, ALWAYS]}]}))
    assert rulesets[0].told({"id": "1", "t": 1, "_": True})[1] == []
    assert rulesets[0].told({"id": "2", "t": 2, "_": True})[1] == [("r", [{"p0": "1", "p1": "2"}])]


def test_a_deleted_state_is_forgotten_and_its_ids_may_come_again(rulesets: list[Core]):
    rulesets.append(Core({"r": [{"t": 1}, {"$and": [{"t": 2}, ALWAYS]}]}))
    rulesets[0].told({"id": "1", "t": 1, "_": True})
    rulesets[0].forget()
    rulesets[0].told(Core.boot_fact)
    assert rulesets[0].told({"id": "1", "t": 2, "_": True})[1] == []
    assert rulesets[0].told({"id": "2", "t": 1, "_": True})[1] == [("r", [{"p0": "2", "p1": "1"}])]


def test_the_same_id_twice_is_refused(rulesets: list[Core]):
    rulesets.append(Core({"r": [{"t": 1}]}))
    rulesets[0].told({"id": "1", "t": 1, "_": True})
    assert rulesets[0].told({"id": "1", "t": 1, "_": True}) == (2, [])


@pytest.mark.parametrize(
    "value",
    [
        *(0, -1, 2**53, -(2**53), Decimal("0.1"), Decimal("0.000000000000001"), Decimal("-123456.789"), True, False),
        *("", "Zürich", 'say "low"\\', "北京 🩺", "a\nb", "1", "true", "$x", "x" * 1_000),
    ],
)
def test_a_value_equals_itself_in_tests_and_joins(value: object, rulesets: list[Core]):
    second = {"$and": [{"t": 2}, {"$ex": {"b": 1}}, {"b": {"p0": "a"}}, ALWAYS]}
    rulesets.append(
        Core({"same": [{"$and": [{"t": 1}, {"a": value}]}], "join": [{"$and": [{"t": 1}, {"$ex": {"a": 1}}]}, second]})
    )
    _, batches = rulesets[0].told(
        {"id": "1", "t": 1, "_": True, "a": value}, {"id": "2", "t": 2, "_": True, "b": value}
    )
    assert sorted(batches, key=str) == [("join", [{"p0": "1", "p1": "2"}]), ("same", [{"p0": "1"}])]


def test_neighbours_among_large_numbers_stay_apart(rulesets: list[Core]):
    rulesets.append(Core({"r": [{"$and": [{"t": 1}, {"a": 2**53}]}]}))
    assert rulesets[0].told({"id": "1", "t": 1, "_": True, "a": 2**53 - 1}) == (1, [])


def test_fifty_conditions_met_by_one_fact_are_all_told(rulesets: list[Core]):
    rulesets.append(Core({f"r{n}": [{"$and": [{"t": 1}, {"$gte": {"a": n}}]}] for n in range(50)}))
    _, batches = rulesets[0].told({"id": "1", "t": 1, "_": True, "a": 50})
    assert {name for name, _ in batches} == {f"r{n}" for n in range(50)}


def test_a_hundred_rules_may_share_their_last_condition(rulesets: list[Core]):
    rulesets.append(Core({f"r{n}": [{"$and": [{"t": 1}, {"a": 1}]}] for n in range(100)}))
    _, batches = rulesets[0].told({"id": "1", "t": 1, "_": True, "a": 1})
    assert {name for name, _ in batches} == {f"r{n}" for n in range(100)}


def test_nothing_starts_a_thread_of_its_own():
    before = threading.active_count()
    DurableMatcher().close()
    assert (threading.active_count(), "durable.engine" in sys.modules) == (before, False)
