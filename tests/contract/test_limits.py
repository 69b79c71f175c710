"""Where durable-rules ends: some limits are said by number, some hang, some kill."""

from __future__ import annotations

import pytest

from tests.contract.core import (
    ALWAYS,
    ENDLESS,
    KILLED,
    Ruleset,
    engine,
    in_child,
    joined,
    number_of,
    refusal,
    when,
)

pytestmark = pytest.mark.measured


def steps(number: int) -> dict[str, object]:
    """So many rules, each with a first condition of its own; a fact with a large x meets them all."""
    return {f"r{n}": when({"$gte": {"x": n}}) for n in range(number)}


def test_512_first_conditions_are_one_too_many_and_the_513th_never_returns():
    create = "Ruleset({f'r{n}': when({'k': n}) for n in range(%d)})"
    assert in_child(create % 509 + ".fired({'id': '1', 'k': 508})").how == ""
    assert in_child(create % 511 + ".fired({'id': '1', 'k': 510})").how == ENDLESS
    assert in_child(create % 513).how == ENDLESS


def test_512_tested_fields_never_return():
    assert in_child("Ruleset({f'r{n}': when({f'k{n}': 1}) for n in range(513)})").how == ENDLESS


def test_a_fact_that_meets_65_first_conditions_is_refused_and_the_next_one_served(rulesets: list[Ruleset]):
    rulesets += [Ruleset(steps(64)), Ruleset(steps(65))]
    facts = [{"id": "1", "x": 100}, {"id": "2", "x": 3}]
    assert [one.code(facts[0]) for one in rulesets] == [0, 303]
    assert rulesets[1].fired(facts[1]) == ["r3", "r2", "r1", "r0"][::-1]


@pytest.mark.parametrize("place", [0, 1])
def test_a_joined_pattern_counts_for_each_rule_even_where_it_is_the_same(place: int, rulesets: list[Ruleset]):
    rulesets += [Ruleset({f"r{n}": joined(ALWAYS) for n in range(number)}) for number in (64, 65)]
    facts = [{"id": "1", "t": 1, "_": True}, {"id": "2", "t": 2, "_": True}]
    assert [one.code(facts[place]) for one in rulesets] == [0, 303 if place else 0]


def test_256_rules_with_one_last_condition_end_the_process_and_257_are_refused():
    """The 256th fills a list to its end, and what stands behind it decides; filled memory makes that the same each time."""
    filled = {"MALLOC_PERTURB_": "165"}
    rules = "{f'r{n}': when({'k': 1}) for n in range(%d)}"
    told = f"print(len(Ruleset({rules}).fired({{'id': '1', 'k': 1}})))"
    assert [in_child(told % 255).output, in_child(told % 256, **filled).how] == ["255", KILLED]
    assert in_child(f"print(refusal({rules % 257}))", **filled).output == "108"


@pytest.mark.parametrize(("number", "code"), [(16, 0), (17, 304)])
def test_17_joined_facts_are_too_many(number: int, code: int, rulesets: list[Ruleset]):
    chain = [{"$and": [{"t": n}, *([ALWAYS] if n else [])]} for n in range(number)]
    rulesets.append(Ruleset({"r": when(*chain, dist=0)}))
    facts = [{"id": str(n), "t": n, "_": True} for n in range(number)]
    codes = [rulesets[0].code(fact) for fact in facts]
    assert codes == [0] * (number - 1) + [code]


@pytest.mark.parametrize(("number", "code"), [(251, 0), (252, 302)])
def test_a_fact_of_more_than_254_fields_is_refused_when_it_comes_alone(number: int, code: int, rulesets: list[Ruleset]):
    rulesets.append(Ruleset({"r": when({"k": 1})}))
    assert rulesets[0].code({"id": "1", "k": 1, **{f"x{n}": 1 for n in range(number)}}) == code


def test_a_fact_of_too_many_fields_ends_its_batch_without_a_word(rulesets: list[Ruleset]):
    rulesets.append(Ruleset({"r": when({"k": 1})}))
    wide = {f"x{n}": 1 for n in range(252)}
    code, batches = rulesets[0].told({"id": "1", "k": 1}, {"id": "2", "k": 1, **wide}, {"id": "3", "k": 1})
    assert (code, batches) == (0, [("r", [{"p0": "1"}])])


def test_a_field_within_a_field_counts_and_so_does_the_outer_one(rulesets: list[Ruleset]):
    rulesets.append(Ruleset({"r": when({"k": 1})}))
    codes = [
        rulesets[0].code({"id": str(number), "k": 1, "in": {f"x{n}": 1 for n in range(number)}})
        for number in (250, 251)
    ]
    assert codes == [0, 302]


def test_100_and_more_conditions_on_one_fact_are_fine(rulesets: list[Ruleset]):
    rulesets.append(Ruleset({"r": when({"$and": [{f"x{n}": n} for n in range(200)]})}))
    assert rulesets[0].fired({"id": "1", **{f"x{n}": n for n in range(200)}}) == ["r"]


@pytest.mark.parametrize(("number", "code"), [(29, 0), (30, 113)])
def test_30_joins_of_one_pattern_are_too_many(number: int, code: int):
    assert refusal({"r": joined(*({f"b{n}": {"p0": f"a{n}"}} for n in range(number)))}) == code


@pytest.mark.parametrize(("number", "code"), [(128, 0), (129, 107)])
def test_129_absent_fields_as_first_conditions_are_refused(number: int, code: int):
    assert refusal({f"r{n}": when({"$nex": {f"f{n}": 1}}) for n in range(number)}) == code


@pytest.mark.parametrize(("number", "code"), [(4_096, 0), (4_097, 106)])
def test_a_ruleset_has_no_room_for_more_than_4096_rules(number: int, code: int):
    assert refusal({f"r{n}": when({"$and": [{"t": n % 100}, {"x": n}]}) for n in range(number)}) == code


def test_the_1025th_session_finds_no_memory():
    code = """
ruleset = Ruleset({"r": when({"k": 1})})
fact = '{"id": "1", "k": 1, "sid": "%d"}'
print([ruleset.code(fact % n) for n in range(1_024)] == [0] * 1_024)
ruleset.code(fact % 1_024)
"""
    child = in_child(code)
    assert (child.output, child.errors.splitlines()[-1]) == ("True", "MemoryError")


def test_a_refused_batch_stays_refused_from_where_it_failed(rulesets: list[Ruleset]):
    rulesets.append(Ruleset(steps(65)))
    facts = [{"id": "1", "x": 2}, {"id": "2", "x": 100}, {"id": "3", "x": 1}]
    with pytest.raises(engine.error) as caught:
        rulesets[0].told(*facts)
    assert number_of(caught.value) == 303
    assert rulesets[0].told({"id": "4", "x": -1}) == (1, [(f"r{n}", [{"p0": "1"}]) for n in range(3)])


def test_a_text_of_16_megabytes_is_refused(rulesets: list[Ruleset]):
    """Its quotes count."""
    rulesets.append(Ruleset({"r": when({"$ex": {"x": 1}})}))
    codes = [rulesets[0].code({"id": str(n), "x": "y" * (2**24 - n)}) for n in (1, 2)]
    assert codes == [314, 0]
