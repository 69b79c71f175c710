"""Attempts: what is said of each condition is what the engine makes of it, and the nearest comes first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from smartpick_expert.engine.derivation import Derivation
from smartpick_expert.engine.match import check, holds
from smartpick_expert.engine.store import Mode
from smartpick_expert.explain.attempts import Attempt, attempts_of
from smartpick_expert.explain.binding_search import WIDTH, Search
from smartpick_expert.explain.nearness import Gap, gap_between
from smartpick_expert.language.facts import Fact, listed
from smartpick_expert.language.model import (
    AnyOf,
    Conclusion,
    Condition,
    Constant,
    Negation,
    Pattern,
    Reference,
    Rule,
    Tally,
    TallyKind,
)
from smartpick_expert.language.model import Test as FieldTest
from smartpick_expert.language.operators import OPERATORS, Truth
from smartpick_expert.language.values import UNKNOWN
from smartpick_expert.language.vocabulary import FactType, Field, FieldType, Supplier, Vocabulary
from tests.drawing import Draw
from tests.generators import scenario_of
from tests.readings import derive, shuffled
from tests.rule_maker import rule_of
from tests.scenarios import Scenario

SEEDS = st.integers(0, 2**62)
GENERATED = settings(
    deadline=None,
    max_examples=80,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


def derivation_of(seed: int) -> Derivation | None:
    return derive(scenario_of(seed), "plain")


def fired(derivation: Derivation, rule: Rule) -> bool:
    return any(firing.rule_id == rule.id for firing in derivation.firings)


def possibly_fired(derivation: Derivation, rule: Rule) -> bool:
    return fired(derivation, rule) or any(firing.rule_id == rule.id for firing in derivation.possible_firings)


def is_complete(rule: Rule, attempt: Attempt) -> bool:
    return {pattern.name for pattern in rule.bound()} <= {
        name for name, fact in attempt.bound.items() if hasattr(fact, "type")
    }


@GENERATED
@given(seed=SEEDS)
def test_nothing_is_amiss_in_the_nearest_attempt_exactly_where_the_rule_fired(seed: int):
    derivation = derivation_of(seed)
    if derivation is None:
        return
    search = Search(derivation)
    for rule in derivation.rules.values():
        nearest = attempts_of(rule, search).found[0]
        truths = {condition.truth for condition in nearest.conditions} | {Truth.YES}
        assert (truths == {Truth.YES}) == fired(derivation, rule)
        assert (Truth.NO not in truths) == (possibly_fired(derivation, rule) or rule.id in derivation.cut_off)
        assert nearest.truth == min(truths)


@GENERATED
@given(seed=SEEDS)
def test_what_is_said_of_a_condition_is_what_the_engine_makes_of_it(seed: int):
    derivation = derivation_of(seed)
    if derivation is None:
        return
    search = Search(derivation)
    for rule in derivation.rules.values():
        for attempt in attempts_of(rule, search, most=None, full=True).found:
            if not is_complete(rule, attempt):
                continue
            for result in attempt.conditions:
                if isinstance(result.condition, Pattern) and result.condition.name:
                    (tried,) = result.tried
                    surely = tried.is_certain and all(test.truth is Truth.YES for test in tried.tests)
                    possibly = all(test.truth is not Truth.NO for test in tried.tests)
                else:
                    surely = holds(result.condition, attempt.bound, search.stores, Mode.CERTAIN)
                    possibly = holds(result.condition, attempt.bound, search.stores, Mode.POSSIBLE)
                assert result.truth == (Truth.YES if surely else Truth.UNKNOWN if possibly else Truth.NO)
            allowed = check(rule.when, attempt.bound, search.stores, Mode.POSSIBLE) is not None
            assert allowed == (attempt.truth is not Truth.NO)


@GENERATED
@given(seed=SEEDS)
def test_attempts_come_nearest_first_and_each_once(seed: int):
    derivation = derivation_of(seed)
    if derivation is None:
        return
    search = Search(derivation)
    for rule in derivation.rules.values():
        found = attempts_of(rule, search, most=None, full=True).found
        assert [one.miss for one in found] == sorted(one.miss for one in found)
        assert len({tuple(sorted((k, str(v)) for k, v in one.bound.items())) for one in found}) == len(found)
        assert attempts_of(rule, search).found[0].miss == found[0].miss


@GENERATED
@given(seed=SEEDS)
def test_attempts_are_the_same_whatever_the_order_of_rules_and_facts(seed: int):
    scenario = scenario_of(seed)
    derivation = derive(scenario, "plain")
    if derivation is None:
        return
    other = derive(shuffled(scenario, Draw(Random(seed))), "plain")
    search, second = Search(derivation), Search(other)
    for rule in derivation.rules.values():
        assert attempts_of(rule, search) == attempts_of(other.rules[rule.id], second)


# --- the nearest of a few, by hand -------------------------------------------------------------------------------------

FIELDS = {
    "id": Field("id", FieldType.LABEL, "A label."),
    "weeks": Field("weeks", FieldType.NUMBER, "How long.", unit="weeks"),
    "on_ward": Field("on_ward", FieldType.BOOLEAN, "Whether on a ward."),
    "began": Field("began", FieldType.DATE, "When it began."),
}
STAY = FactType("stay", "A stay.", Supplier.PROFILE, FIELDS, label="id")
NOTE = FactType(
    "note",
    "A note on a stay.",
    Supplier.PROFILE,
    {
        "id": Field("id", FieldType.LABEL, "A label."),
        "stay": Field("stay", FieldType.LABEL, "The stay.", of="stay"),
        "good": Field("good", FieldType.BOOLEAN, "Whether it is good."),
    },
    label="id",
)
LAST = FactType("last", "Last.", Supplier.RULES, {"of": FIELDS["id"]})
TYPES = Vocabulary({"stay": STAY, "note": NOTE, "last": LAST})


def stays(*entries: dict[str, object]) -> list[Fact]:
    return [listed(STAY, {"id": f"s{place}"} | entry, place) for place, entry in enumerate(entries)]


def asks(name: str, operator: str, *values: object) -> FieldTest:
    operands = tuple(value if isinstance(value, Reference) else Constant(value) for value in values)
    return FieldTest(name, OPERATORS[operator], operands)


def stay(*tests: FieldTest, name: str = "stay") -> Pattern:
    return Pattern("stay", tests, name)


def tried(when: tuple[Condition, ...], facts: list[Fact], *, most: int | None = 3) -> tuple[Attempt, ...]:
    rule = replace(rule_of(when, (Conclusion("last", ()),)), id="made.rule")
    derivation = derive(Scenario(TYPES, (rule,), tuple(facts)), "plain")
    return attempts_of(derivation.rules["made.rule"], Search(derivation), most=most).found


def bound_to(attempts: tuple[Attempt, ...], name: str = "stay") -> list[str]:
    return [dict(attempt.binding)[name] for attempt in attempts]


def test_the_fact_that_falls_short_by_least_is_the_nearest():
    facts = stays({"weeks": 1}, {"weeks": 3}, {"weeks": 2})
    assert bound_to(tried((stay(asks("weeks", "at_least", 4)),), facts)) == ["stay[s1]", "stay[s2]", "stay[s0]"]


def test_one_failed_test_is_nearer_than_two_however_far_it_fails():
    facts = stays({"weeks": 3, "on_ward": False}, {"weeks": 0, "on_ward": True})
    found = tried((stay(asks("weeks", "at_least", 4), asks("on_ward", "is", True)),), facts)
    assert bound_to(found) == ["stay[s1]", "stay[s0]"]


def test_what_is_unknown_is_nearer_than_what_fails():
    facts = stays({"weeks": 3}, {})
    found = tried((stay(asks("weeks", "at_least", 4)),), facts)
    assert [(dict(one.binding)["stay"], one.truth) for one in found] == [
        ("stay[s1]", Truth.UNKNOWN),
        ("stay[s0]", Truth.NO),
    ]


def test_a_condition_that_fails_weighs_more_than_one_that_is_unknown():
    note = listed(NOTE, {"id": "n", "stay": "s0", "good": True}, 0)
    when = (stay(asks("weeks", "at_least", 4)), Pattern("note", (asks("stay", "is", Reference("stay", "id")),)))
    assert bound_to(tried(when, [*stays({}, {"weeks": 9}), note])) == ["stay[s0]", "stay[s1]"]


def test_a_fact_about_another_entry_is_no_attempt_where_there_is_one_about_the_right_one():
    about = asks("stay", "is", Reference("stay", "id"))
    when = (stay(), Pattern("note", (about, asks("good", "is", True)), "note"))
    notes = [
        listed(NOTE, {"id": "right", "stay": "s0", "good": False}, 0),
        listed(NOTE, {"id": "wrong", "stay": "s9", "good": True}, 1),
    ]
    assert bound_to(tried(when, [*stays({}), *notes]), "note") == ["note[right]"]
    assert bound_to(tried(when, [*stays({}), notes[1]]), "note") == ["note[wrong]"]


def test_what_a_test_found_says_by_how_much_it_fails():
    facts = stays({"weeks": Decimal("2.5"), "began": date(2026, 3, 1)})
    limit = date(2026, 2, 1)
    (attempt,) = tried((stay(asks("weeks", "at_least", 4), asks("began", "at_most", limit)),), facts)
    (only,) = attempt.conditions[0].tried
    assert [(test.field, test.found, test.truth, test.gap) for test in only.tests] == [
        ("weeks", Decimal("2.5"), Truth.NO, Gap(Decimal("1.5"), "weeks", too_low=True)),
        ("began", date(2026, 3, 1), Truth.NO, Gap(28, "days", too_low=False)),
    ]


@pytest.mark.parametrize(
    ("operator", "found", "operands", "expected"),
    [
        ("at_least", 3, (5,), Gap(2, "weeks", too_low=True)),
        ("above", 5, (5,), Gap(0, "weeks", too_low=True)),
        ("at_most", 7, (5,), Gap(2, "weeks", too_low=False)),
        ("below", 5, (5,), Gap(0, "weeks", too_low=False)),
        ("between", 1, (2, 5), Gap(1, "weeks", too_low=True)),
        ("between", 9, (2, 5), Gap(4, "weeks", too_low=False)),
        ("is", 4, (5,), Gap(1, "weeks", too_low=True)),
        ("is", 6, (5,), Gap(1, "weeks", too_low=False)),
        ("is", True, (False,), None),
        ("is", "a", ("b",), None),
        ("in", 4, ((5, 6),), None),
    ],
)
def test_a_gap_goes_by_the_operator(operator: str, found: object, operands: tuple[object, ...], expected: Gap | None):
    assert gap_between(operator, found, operands, "weeks") == expected


def test_a_negation_names_the_facts_in_its_way_and_no_others():
    facts = stays({"weeks": 9}, {"weeks": 1}, {"weeks": 5})
    (attempt,) = tried((Negation(stay(asks("weeks", "at_least", 4), name="")),), facts)
    assert [fact.name for fact in attempt.conditions[0].tried] == ["stay[s0]", "stay[s2]"]


def test_a_tally_says_what_it_comes_to_and_by_how_much_a_limit_is_missed():
    facts = stays({"weeks": 2}, {"weeks": UNKNOWN}, {"weeks": 9})
    counted = Tally(TallyKind.COUNT, stay(asks("weeks", "at_least", 4), name=""), "", (asks("", "at_least", 5),))
    (attempt,) = tried((counted,), facts)
    (result,) = attempt.conditions
    assert result.reckoned is not None
    assert (result.reckoned.low, result.reckoned.high) == (1, 2)
    assert [limit.gap for limit in result.reckoned.limits] == [Gap(3, "", too_low=True)]
    assert [(fact.name, fact.truth) for fact in result.tried] == [
        ("stay[s2]", Truth.YES),
        ("stay[s1]", Truth.UNKNOWN),
        ("stay[s0]", Truth.NO),
    ]


def test_the_nearest_branch_of_an_any_comes_first_and_keeps_its_number():
    far, near = (stay(asks("weeks", "at_least", limit), name="") for limit in (50, 4))
    (attempt,) = tried((AnyOf(((far,), (near,))),), stays({"weeks": 3}))
    assert [branch.number for branch in attempt.conditions[0].branches] == [2, 1]


def test_where_there_is_no_fact_whatever_asks_about_it_says_so():
    when = (stay(), Pattern("note", (asks("stay", "is", Reference("stay", "id")),), "note"), Negation(Pattern("note")))
    (attempt,) = tried(when, [])
    assert attempt.binding == (("stay", ""), ("note", ""))
    assert [(one.truth, one.waits_for) for one in attempt.conditions] == [
        (Truth.NO, ()),
        (Truth.NO, ("stay",)),
        (Truth.YES, ()),
    ]


def test_a_rule_that_fired_is_told_by_its_own_binding_and_then_by_what_came_near():
    found = tried((stay(asks("weeks", "at_least", 4)),), stays({"weeks": 1}, {"weeks": 5}))
    assert [(dict(one.binding)["stay"], one.truth) for one in found] == [
        ("stay[s1]", Truth.YES),
        ("stay[s0]", Truth.NO),
    ]


def test_a_reference_to_a_name_that_is_bound_later_is_followed():
    longer = stay(asks("weeks", "above", Reference("other", "weeks")))
    facts = stays({"weeks": 1, "on_ward": False}, {"weeks": 5, "on_ward": False})
    nearest = tried((longer, stay(asks("on_ward", "is", True), name="other")), facts)[0]
    assert nearest.binding == (("stay", "stay[s1]"), ("other", "stay[s0]"))


def test_the_search_is_bounded_and_still_judges_exactly():
    facts = stays(*({"weeks": number} for number in range(60)))
    names = "abcde"
    when = tuple(stay(asks("weeks", "above", 100 + place), name=name) for place, name in enumerate(names))
    found = tried(when, facts, most=None)
    assert len(found) == WIDTH
    assert dict(found[0].binding) == dict.fromkeys(names, "stay[s59]")
