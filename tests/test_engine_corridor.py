"""Our driver stays clear of what durable-rules gets wrong: each fault of docs/durable-rules-contract.md that rules could meet."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from smartpick_expert.engine import durable
from smartpick_expert.engine.durable import DurableMatcher
from smartpick_expert.engine.encoding import RulesetCode, most_matches
from smartpick_expert.engine.session import consult
from smartpick_expert.engine.store import FactSet
from smartpick_expert.language.values import normal_number
from tests.contract.core import in_child
from tests.corridor import agreed, facts, fired, refused, rules

THING = {"thing": ["size", "other", "word:text", "open:boolean"]}


@pytest.fixture
def matcher() -> Iterator[DurableMatcher]:
    """The driver, to be used again and again."""
    one = DurableMatcher()
    yield one
    one.close()


# --- negation and order -------------------------------------------------------------------------------------------


def test_a_blocker_counts_whenever_it_comes():
    compiled = rules(THING, "{thing: {size: 1}}, not: {thing: {size: 2}}")
    both = facts(compiled, ("thing", {"size": 1}), ("thing", {"size": 2}))
    assert [fired(compiled, several) for several in (both, both[::-1], both[:1])] == [[], [], [0]]


def test_a_blocker_that_rules_conclude_in_several_steps_counts():
    compiled = rules(
        THING,
        "{thing: {size: 1}}, not: {late: {step: 2}}",
        "{thing: {size: 1}} -> {late: {step: 1}}",
        "{late: {step: 1}} -> {late: {step: 2}}",
        late=["step"],
    )
    assert fired(compiled, facts(compiled, ("thing", {"size": 1}))) == [1, 2]


def test_a_rule_with_two_branches_that_hold_fires_once():
    compiled = rules(THING, "any: [{thing: {size: 1}}, {thing: {other: 2}}]")
    assert fired(compiled, facts(compiled, ("thing", {"size": 1, "other": 2}))) == [0]


def test_rules_that_conclude_their_own_conditions_come_to_an_end():
    compiled = rules(
        {"thing": ["size"]},
        "{thing: {as: it}} -> {made: {size: $it.size}}",
        "{made: {as: it}} -> {made: {size: $it.size}}",
        made=["size"],
    )
    assert fired(compiled, facts(compiled, ("thing", {"size": 1}), ("thing", {"size": 2}))) == [0, 0, 1, 1]


def test_two_rules_may_conclude_the_same():
    compiled = rules(THING, *["{thing: {size: 1}} -> {fired: {rule: 7}}"] * 2, "{fired: {rule: 7}}")
    assert fired(compiled, facts(compiled, ("thing", {"size": 1}))) == [0, 1, 2]


def test_a_rule_without_patterns_fires_once():
    compiled = rules(THING, "not: {thing: {size: 1}}")
    assert [fired(compiled, facts(compiled, ("thing", {"size": n}))) for n in (1, 2)] == [[], [0]]


# --- facts --------------------------------------------------------------------------------------------------------


def test_two_equal_facts_are_two():
    compiled = rules(THING, "{thing: {as: one, size: 1}} -> {seen: {size: $one.size}}", seen=["size"])
    assert fired(compiled, facts(compiled, *[("thing", {"size": 1, "other": 2})] * 2)) == [0, 0]


def test_a_matcher_serves_more_consultations_than_there_are_sessions(matcher: DurableMatcher):
    compiled = rules(THING, "{thing: {size: 1}}")
    for number in range(1_500):
        several = facts(compiled, ("thing", {"size": number % 2}))
        assert fired(compiled, several, matcher) == [0] * (number % 2)


def test_a_consultation_that_no_rule_looks_at_leaves_the_next_one_well(matcher: DurableMatcher):
    compiled = rules(THING, "{thing: {size: 1}}")
    told = [
        fired(compiled, facts(compiled, *several), matcher)
        for several in ([], [("thing", {"size": 2})], [("thing", {"size": 1})])
    ]
    assert told == [[], [], [0]]


def test_consultations_on_one_matcher_at_a_time_do_not_mix(matcher: DurableMatcher):
    compiled = rules(THING, *(f"{{thing: {{size: {n}}}}}, {{thing: {{other: {n}}}}}" for n in range(8)))

    def told(number: int) -> list[int]:
        return fired(compiled, facts(compiled, ("thing", {"size": number}), ("thing", {"other": number})), matcher)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(told, [*range(8)] * 20)) == [[n] for n in range(8)] * 20


@pytest.mark.parametrize("test", ["is: $one.size", "is_not: $one.size", "above: $one.size", "at_most: $one.size"])
def test_a_join_with_a_field_that_is_unknown_is_no_error_and_no_match(test: str):
    compiled = rules(THING, f"{{thing: {{as: one, open: true}}}}, {{thing: {{open: false, other: {{{test}}}}}}}")
    lacking = [("thing", {"open": True}), ("thing", {"open": False, "other": 1}), ("thing", {"open": False})]
    whole = ("thing", {"open": True, "size": 1})
    for order in (1, -1):
        assert fired(compiled, facts(compiled, *lacking[::order])) == []
        assert agreed(compiled, facts(compiled, *[whole, *lacking][::order]))


@pytest.mark.parametrize(("operator", "other"), [("is", 2), ("is_not", 1), ("above", 1), ("below", 1)])
def test_a_join_that_stands_alone_and_is_false_does_nothing(operator: str, other: int):
    compiled = rules(
        THING, f"{{thing: {{as: one, open: true}}}}, {{thing: {{open: false, other: {{{operator}: $one.size}}}}}}"
    )
    assert (
        fired(
            compiled, facts(compiled, ("thing", {"open": True, "size": 1}), ("thing", {"open": False, "other": other}))
        )
        == []
    )


# --- values -------------------------------------------------------------------------------------------------------

TEXTS = ("1", "01", "1.0", "true", "TRUE", "null", "", "Zürich", "zürich", 'say "low"\\', "a/b", "北京 🩺")


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_equals_no_other(text: str):
    compiled = rules(
        {"thing": ["word:text", "open:boolean"]},
        "{thing: {as: one, open: true}}, {thing: {open: false, word: $one.word}}",
    )
    others = [("thing", {"open": False, "word": other}) for other in TEXTS]
    derivation = agreed(compiled, facts(compiled, ("thing", {"open": True, "word": text}), *others))
    assert len(derivation.firings) == 1


@pytest.mark.parametrize("spelling", ['"Z\\u00fcrich"', "Zürich", '"Zu\\u0308rich"'])
def test_a_text_means_the_same_however_a_rule_spells_it(spelling: str):
    compiled = rules(THING, f"{{thing: {{word: {spelling}}}}}")
    assert fired(compiled, facts(compiled, ("thing", {"word": "Zürich"}), ("thing", {"word": "Zurich"}))) == [0]


@pytest.mark.parametrize("length", [1_000, 65_535, 65_536, 65_540, 200_000])
def test_long_texts_are_compared_to_their_ends(length: int):
    compiled = rules(THING, "{thing: {as: one, open: true}}, {thing: {open: false, word: $one.word}}")
    long = "x" * length
    others = [("thing", {"open": False, "word": word}) for word in (long, long[:-1] + "y", "x" * (length % 65_536))]
    derivation = agreed(compiled, facts(compiled, ("thing", {"open": True, "word": long}), *others))
    assert len(derivation.firings) == 1


@pytest.mark.parametrize("number", ["0.0000001", "1e-07", "0.1", "-0.5", "1.0", "9007199254740992", "1.5e3"])
def test_a_number_equals_itself_in_whatever_spelling(number: str):
    exact = Decimal(number)
    compiled = rules(
        THING,
        f"{{thing: {{size: {exact:f}}}}}",
        "{thing: {as: one, open: true}}, {thing: {open: false, size: $one.size}}",
        f"{{thing: {{size: {{above: {exact:f}}}}}}}",
    )
    ours, theirs = (("thing", {"open": whose, "size": normal_number(exact)}) for whose in (True, False))
    assert fired(compiled, facts(compiled, ours, theirs)) == [0, 1]


def test_truth_and_falsehood_are_no_numbers():
    compiled = rules(THING, "{thing: {open: true}}", "{thing: {size: 1}}", "{thing: {word: 'true'}}")
    several = [("thing", {"open": True}), ("thing", {"size": 1}), ("thing", {"word": "true"})]
    assert [fired(compiled, facts(compiled, one)) for one in several] == [[0], [1], [2]]


# --- limits -------------------------------------------------------------------------------------------------------


def test_600_conditions_on_one_field():
    compiled = rules(THING, *(f"{{thing: {{size: {n}}}}}" for n in range(600)))
    assert fired(compiled, facts(compiled, ("thing", {"size": 599}), ("thing", {"size": 3}))) == [3, 599]


def test_a_fact_that_meets_70_conditions():
    compiled = rules(THING, *(f"{{thing: {{size: {{at_least: {n}}}}}}}" for n in range(70)))
    assert fired(compiled, facts(compiled, ("thing", {"size": 100}))) == list(range(70))


def test_300_rules_that_end_alike():
    compiled = rules(THING, *["{thing: {size: 1}}"] * 300)
    assert fired(compiled, facts(compiled, ("thing", {"size": 1}))) == list(range(300))


def test_200_fields():
    names = [f"x{n}" for n in range(200)]
    compiled = rules({"thing": names}, f"{{thing: {{{', '.join(f'{name}: 1' for name in names)}}}}}")
    whole = dict.fromkeys(names, 1)
    assert [fired(compiled, facts(compiled, ("thing", {**whole, **more}))) for more in ({}, {"x7": 2})] == [[0], []]


def test_14_patterns_are_matched_and_15_refused():
    types = {f"thing_{n}": ["size"] for n in range(15)}
    patterns = [f"{{{name}: {{size: 1}}}}" for name in types]
    compiled = rules(types, ", ".join(patterns[:14]))
    assert fired(compiled, facts(compiled, *((name, {"size": 1}) for name in types))) == [0]
    assert refused(types, ", ".join(patterns)) == ["rule.size"]


def test_26_joins_are_matched_and_27_refused():
    names = [f"x{n}" for n in range(27)]
    types = {"thing": names, "other": names}

    def joining(number: int) -> str:
        return f"{{thing: {{as: one}}}}, {{other: {{{', '.join(f'{name}: $one.{name}' for name in names[:number])}}}}}"

    compiled = rules(types, joining(26))
    whole = dict.fromkeys(names, 1)
    assert fired(compiled, facts(compiled, ("thing", whole), ("other", whole))) == [0]
    assert refused(types, joining(27)) == ["rule.size"]


def test_70_rules_that_join_on_fields_of_their_own():
    names = [f"x{n}" for n in range(70)]
    compiled = rules(
        {"thing": names, "other": ["size"]},
        *(f"{{thing: {{as: it}}}}, {{other: {{size: $it.{name}}}}}" for name in names),
    )
    assert len(fired(compiled, facts(compiled, ("thing", dict.fromkeys(names, 1)), ("other", {"size": 1})))) == 70


# --- limits that only the count of everything in a ruleset keeps; what would end the process is tried in another --------


def test_65_rules_with_the_same_second_pattern():
    compiled = rules({"thing": ["size"], "other": ["size"]}, *["{thing: {size: 1}}, {other: {size: 1}}"] * 65)
    assert len(fired(compiled, facts(compiled, ("thing", {"size": 1}), ("other", {"size": 1})))) == 65


def test_30_joins_of_two_patterns_with_a_third():
    names = [f"x{n}" for n in range(15)]
    joins = ", ".join(f"{name}: {{at_least: $one.{name}}}" for name in names)
    types = {"thing": names, "left": [*names, "size"], "right": [*names, "size"]}
    compiled = rules(types, f"{{thing: {{as: one}}}}, {{left: {{size: 1, {joins}}}}}, {{right: {{size: 1, {joins}}}}}")
    whole = dict.fromkeys(names, 1)
    side = {**whole, "size": 1}
    assert fired(compiled, facts(compiled, ("thing", whole), ("left", side), ("right", side))) == [0]


WIDE = """
from tests.corridor import *
names = [f"x{n}" for n in range(260)]
compiled = rules({"thing": names}, "{thing: {" + ", ".join(f"{name}: 1" for name in names) + "}}")
print(fired(compiled, facts(compiled, ("thing", dict.fromkeys(names, 1)))))
"""
MANY_TYPES = """
from tests.corridor import *
types = {f"thing_{n}": ["size"] for n in range(520)}
names = list(types)
whens = [", ".join(f"{{{name}: {{size: 1}}}}" for name in names[n : n + 13]) for n in range(0, 520, 13)]
compiled = rules(types, *whens)
print(fired(compiled, facts(compiled, *((name, {"size": 1}) for name in names[:13]))))
"""


def test_260_tested_fields():
    assert in_child(WIDE, cpu=20).output == "[0]"


def test_520_types():
    assert in_child(MANY_TYPES, cpu=20).output == "[0]"


# --- what must not outlast a consultation -----------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["before", "after"])
def test_an_interruption_while_a_consultation_is_forgotten_leaves_no_trace(place: str, monkeypatch: pytest.MonkeyPatch):
    compiled = rules({"thing": ["size"]}, "{thing: {size: 1}}", "{thing: {size: 2}}")
    matcher = DurableMatcher(max_rules=1)
    honest, calls = durable._Ruleset.end, []

    def interrupted(ruleset):
        calls.append(ruleset)
        if len(calls) == 3 and place == "before":
            raise KeyboardInterrupt
        honest(ruleset)
        if len(calls) == 3 and place == "after":
            raise KeyboardInterrupt

    monkeypatch.setattr(durable._Ruleset, "end", interrupted)
    with pytest.raises(KeyboardInterrupt):
        consult(compiled, facts(compiled, ("thing", {"size": 1}), ("thing", {"size": 2})), matcher)
    assert fired(compiled, facts(compiled, ("thing", {"size": 2})), matcher) == [1]
    matcher.close()


@pytest.mark.parametrize(
    ("when", "most"),
    [
        ("{thing: {as: a}}, {thing: {as: b, size: $a.size}}", 100),
        ("{thing: {as: a}}, {thing: {as: b, size: {is: {plus: [$a.size, 1]}}}}", 10_000),
        ("{thing: {as: a}}, {thing: {as: b, size: {above: $a.size}}}", 10_000),
    ],
    ids=["joined", "joined by a moved value", "joined by an order"],
)
def test_only_a_join_that_the_core_is_told_of_keeps_facts_from_multiplying(when: str, most: int):
    compiled = rules({"thing": ["size"]}, f"{when} -> {{pair: {{a: $a.size, b: $b.size}}}}", pair=["a", "b"])
    (spread,) = RulesetCode(compiled.rules).spreads
    several = FactSet(facts(compiled, *(("thing", {"size": n}) for n in range(100))))
    assert most_matches(spread, several) == most
