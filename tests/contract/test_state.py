"""Facts, events and states in durable-rules: what is kept, what is refused, what is taken for the same."""

from __future__ import annotations

import json

import pytest

from tests.contract.core import ALWAYS, Ruleset, engine, in_child, joined, number_of, when

pytestmark = pytest.mark.measured

FIRST = {"id": "1", "k": 1}


def one_rule() -> Ruleset:
    return Ruleset({"r": when({"k": 1})})


def kept(ruleset: Ruleset) -> list[str]:
    """The ids of what is in memory."""
    return sorted(fact["id"] for fact in json.loads(engine.get_facts(ruleset.handle, "0")))


def test_a_fact_that_no_rule_looks_at_is_not_kept(rulesets: list[Ruleset]):
    rulesets.append(one_rule())
    assert (rulesets[0].code({"id": "2", "k": 2}), rulesets[0].code(FIRST)) == (1, 0)
    assert kept(rulesets[0]) == ["1", "boot"]


def test_two_equal_facts_without_ids_are_one(rulesets: list[Ruleset]):
    rulesets.append(one_rule())
    assert [rulesets[0].code({"k": 1}) for _ in range(2)] == [0, 2]


def test_a_batch_answers_for_the_last_member_that_was_not_welcome(rulesets: list[Ruleset]):
    rulesets.append(one_rule())
    assert rulesets[0].told({"k": 1}, {"k": 1})[0] == 2
    assert rulesets[0].told({"k": 1}, {"k": 2})[0] == 1
    assert rulesets[0].told({"k": 1}, {"k": 1, "x": 1})[0] == 2


def test_among_100000_facts_without_ids_some_are_taken_for_others():
    code = """
ruleset = Ruleset({"r": when({"$ex": {"subject": 1}})})
print([n for n in range(61_000) if ruleset.code('{"subject": %d}' % n) == 2])
"""
    assert in_child(code, cpu=20).output == "[53170, 60499]"


def test_decimal_ids_are_told_apart_up_to_797185(rulesets: list[Ruleset]):
    """An id is looked up by a hash of 32 bits; this is the first of the numbers from 0 that meets an earlier one."""
    rulesets.append(one_rule())
    assert _first_meeting() == (40_189, 797_186)
    assert [rulesets[0].code({"id": str(number), "k": 1}) for number in (40_189, 797_185, 797_186)] == [0, 0, 2]


def _first_meeting() -> tuple[int, int]:
    seen: dict[int, int] = {}
    prefixes: dict[int, int] = {}
    for number in range(1_000_000):
        prefix, digit = divmod(number, 10)
        before = prefixes[prefix] if prefix else 0x811C9DC5
        value = ((before ^ (48 + digit)) * 16_777_619) & 0xFFFFFFFF
        if number < 100_000:
            prefixes[number] = value
        if value in seen:
            return seen[value], number
        seen[value] = number
    return 0, 0


def test_ids_longer_than_20_letters_are_told_apart(rulesets: list[Ruleset]):
    rulesets.append(one_rule())
    assert [rulesets[0].code({"id": "a" * 30 + end, "k": 1}) for end in "xyx"] == [0, 0, 2]


def test_an_id_alone_takes_a_fact_back_and_what_waits_with_it(rulesets: list[Ruleset]):
    rulesets.append(one_rule())
    _, state = engine.assert_fact(rulesets[0].handle, json.dumps(FIRST))
    rulesets[0].retracted({"id": "1"})
    assert (engine.start_action_for_state(rulesets[0].handle, state), kept(rulesets[0])) == (None, ["boot"])


def test_a_fact_fires_every_rule_and_an_event_the_first(rulesets: list[Ruleset]):
    rules = {name: when({"k": 1}) for name in ("r", "q")}
    rulesets += [Ruleset(rules), Ruleset(rules)]
    _, state = engine.assert_event(rulesets[1].handle, json.dumps(FIRST))
    fired = [name for name, _ in rulesets[1].drained(state)]
    assert (rulesets[0].fired(FIRST), fired) == (["r", "q"], ["r"])


def test_sessions_do_not_see_each_other(rulesets: list[Ruleset]):
    rulesets.append(Ruleset({"r": joined(ALWAYS)}))
    facts = [{"id": "1", "t": 1, "_": True}, {"id": "2", "t": 2, "_": True, "sid": "other"}]
    assert rulesets[0].told(*facts) == (0, [])


@pytest.mark.parametrize("operator", ["$gt", "$neq"])
def test_an_inequality_with_a_field_that_the_first_fact_lacks_is_an_error(operator: str):
    facts = [{"id": "1", "t": 1, "_": True}, {"id": "2", "t": 2, "_": True, "b": 2}]
    for several in (facts, facts[::-1]):
        ruleset = Ruleset({"r": joined({operator: {"b": {"p0": "a"}}}, ALWAYS)})
        assert [ruleset.code(fact) for fact in several] == [0, 311]


def test_an_equality_with_a_field_that_a_fact_lacks_is_none(rulesets: list[Ruleset]):
    facts = [{"id": "1", "t": 1, "_": True}, {"id": "2", "t": 2, "_": True, "b": 2}]
    for several in (facts, facts[::-1]):
        rulesets.append(Ruleset({"r": joined({"b": {"p0": "a"}}, ALWAYS)}))
        assert rulesets[-1].told(*several) == (0, [])


def test_a_state_whose_action_was_not_completed_is_locked_until_it_is_abandoned(rulesets: list[Ruleset]):
    rulesets.append(one_rule())
    handle = rulesets[0].handle
    _, state = engine.assert_facts(handle, json.dumps([FIRST, {"id": "2", "k": 1}]))
    taken = [engine.start_action_for_state(handle, state) for _ in range(2)]
    engine.abandon_action(handle, state)
    assert (taken[0] is None, taken[1], engine.start_action_for_state(handle, state)) == (False, None, taken[0])


def test_a_locked_state_may_be_deleted(rulesets: list[Ruleset]):
    rulesets.append(one_rule())
    _, state = engine.assert_facts(rulesets[0].handle, json.dumps([FIRST]))
    engine.start_action_for_state(rulesets[0].handle, state)
    rulesets[0].forget()
    assert rulesets[0].fired({"id": "boot", "boot": True}, FIRST) == ["boot", "r"]


def test_a_state_that_is_not_there_and_a_ruleset_that_is_not_there_are_errors():
    with pytest.raises(engine.error) as no_state:
        engine.delete_state(one_rule().handle, "elsewhere")
    with pytest.raises(engine.error) as no_ruleset:
        engine.delete_ruleset(100_000)
    assert [number_of(no_state.value), number_of(no_ruleset.value)] == [309, 111]


def test_rulesets_are_freed_by_hand_alone():
    code = """
def grown(freed):
    before = held()
    for _ in range(20):
        one = Ruleset({f"r{n}": when({"$and": [{"t": n}, {"x": n}]}) for n in range(100)})
        one.forget()
        if freed:
            one.close()
    return held() - before
def held():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 1e6
grown(True)
print(grown(True) < 3 < 10 < grown(False))
"""
    assert in_child(code, cpu=20).output == "True"
