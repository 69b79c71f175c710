"""What a firing says it rests on is so, and what an open conclusion waits for would settle it; judged by the naive reading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from smartpick_expert.engine.derivation import Derivation, Firing
from smartpick_expert.engine.evaluator import Tallied, leaves
from smartpick_expert.explain.unknowns import PARAMETER, Tracer, Unknown, waiting_rules
from smartpick_expert.language.facts import Fact, Origin, listed, open_fact
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
    inner_patterns,
)
from smartpick_expert.language.model import Test as FieldTest
from smartpick_expert.language.operators import OPERATORS, Takes
from smartpick_expert.language.vocabulary import FactType, Field, FieldType, Supplier, Vocabulary
from tests import naive
from tests.completions import completed, where_nothing_is_none
from tests.drawing import Draw, draw_pools
from tests.generators import scenario_of
from tests.naive import YES, Names, World
from tests.readings import ALL, MAX_POSSIBLE, counting, derive
from tests.rule_maker import rule_of
from tests.scenarios import Scenario

SEEDS = st.integers(0, 2**62)
MANY = settings(
    deadline=None,
    max_examples=75,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def world_of(derivation: Derivation) -> World:
    return World(frozenset(derivation.certain), frozenset(derivation.possible))


def names_of(firing: Firing, rule: Rule, world: World) -> Names:
    """What the firing binds, tallies included, as the naive reading has it."""
    return naive._with_tallies(rule.when, dict(firing.bindings), world)


def some_firings(derivation: Derivation, draw: Draw) -> list[Firing]:
    return draw.some_of((*derivation.firings, *derivation.possible_firings), 8, 8)


@MANY
@given(seed=SEEDS)
def test_every_condition_of_a_rule_that_fires_surely_holds(seed: int):
    scenario = scenario_of(seed)
    rules = {rule.id: rule for rule in scenario.live_rules}
    derivation = derive(scenario, "plain")
    for firing in derivation.firings if derivation else ():
        rule, world = rules[firing.rule_id], world_of(derivation)
        names = names_of(firing, rule, world)
        assert [c for c in rule.when if naive._condition(c, names, world) is not YES] == []
        assert dict(firing.tallies) == {
            c.name: names[c.name].get("value") for c in rule.when if isinstance(c, Tally) and c.name
        }


@MANY
@given(seed=SEEDS)
def test_some_condition_of_a_rule_that_only_possibly_fires_only_possibly_holds(seed: int):
    scenario = scenario_of(seed)
    rules = {rule.id: rule for rule in scenario.live_rules}
    derivation = derive(scenario, "plain")
    for firing in derivation.possible_firings if derivation else ():
        rule, world = rules[firing.rule_id], world_of(derivation)
        names = names_of(firing, rule, world)
        assert min(naive._condition(c, names, world) for c in rule.when) is naive.MAYBE


def behind(condition: Condition, names: Names, world: World) -> Iterator[Fact]:
    """The facts that a condition rests on, besides those it names."""
    if isinstance(condition, AnyOf):
        for branch in condition.branches:
            for inner, truth in naive._solutions(branch, names, world):
                for part in branch if truth is YES else ():
                    named = isinstance(part, Pattern) and part.name
                    yield from [inner[part.name]] if named else behind(part, inner, world)
    elif not isinstance(condition, Negation):
        pattern = condition.pattern if isinstance(condition, Tally) else condition
        for fact in world.of_type(pattern.fact_type):
            if min(world.truth(fact), naive._tests(pattern.tests, fact, names)) is YES:
                yield fact


@MANY
@given(seed=SEEDS)
def test_the_support_of_a_firing_is_every_fact_it_rests_on(seed: int):
    scenario = scenario_of(seed)
    rules = {rule.id: rule for rule in scenario.live_rules}
    derivation = derive(scenario, "plain")
    for firing in derivation.firings if derivation else ():
        rule, world = rules[firing.rule_id], world_of(derivation)
        names = names_of(firing, rule, world)
        expected = {
            place: facts
            for place, condition in enumerate(rule.when)
            if not (isinstance(condition, Pattern) and condition.name)
            and (facts := frozenset(behind(condition, names, world)))
        }
        assert {support.condition: frozenset(support.facts) for support in firing.support} == expected


@MANY
@given(seed=SEEDS)
def test_every_leaf_is_what_the_naive_reading_says(seed: int):
    scenario, draw = scenario_of(seed), Draw(Random(seed))
    rules = {rule.id: rule for rule in scenario.live_rules}
    derivation = derive(scenario, "plain")
    for firing in some_firings(derivation, draw) if derivation else ():
        rule, world = rules[firing.rule_id], world_of(derivation)
        names = names_of(firing, rule, world)
        bound = {**dict(firing.bindings), **{name: Tallied(value) for name, value in firing.tallies}}
        for condition in rule.when:
            if isinstance(condition, AnyOf):
                continue
            pattern = condition if isinstance(condition, Pattern) else condition.pattern
            for fact in world.of_type(pattern.fact_type):
                inner = {**names, pattern.name: fact} if pattern.name else names
                assert [int(leaf.truth) for leaf in leaves(pattern, fact, bound)] == [
                    int(naive._tests([test], fact, inner)) for test in pattern.tests
                ]


# --- what an open conclusion waits for --------------------------------------------------------------------------------


def settled(scenario: Scenario, unknowns: frozenset[Unknown], draw: Draw) -> Scenario:
    """The scenario with these unknowns filled, and no others."""
    whole = completed(scenario, draw)
    fields = {(unknown.fact, unknown.field) for unknown in unknowns if unknown.fact is not None}
    sections = {unknown.type for unknown in unknowns if unknown.fact is None}
    facts: list[Fact] = []
    for fact in scenario.facts:
        if fact.origin is Origin.OPEN:
            answers = [one for one in whole.facts if one.type == fact.type]
            facts += answers if fact.type in sections else [fact]
        else:
            answer = next(one for one in whole.facts if (one.type, one.position) == (fact.type, fact.position))
            kind = scenario.vocabulary.types[fact.type]
            slots = {name: (answer if (fact, name) in fields else fact).get(name) for name in kind.fields}
            facts.append(replace(fact, values=naive.concluded(fact.type, sorted(slots.items())).values))
    named = {unknown.field for unknown in unknowns if unknown.type == PARAMETER}
    parameters = {**scenario.parameters, **{name: whole.parameters[name] for name in named}}
    return replace(scenario, facts=tuple(facts), parameters=parameters)


def places(firing: Firing) -> tuple[object, ...] | None:
    """The firing told by places in the profile, which stay when fields are filled; None where it names other facts."""
    if any(fact.origin is not Origin.LISTED for _, fact in firing.bindings):
        return None
    return firing.rule_id, tuple((name, fact.type, fact.position) for name, fact in firing.bindings)


def unsettled(scenario: Scenario, draw: Draw, most: int = MAX_POSSIBLE) -> list[object]:
    """Of some rules that possibly fire, those that wait in vain; rules are cut off past `most` possible firings."""
    with counting(most):
        derivation = derive(scenario, "plain")
    if derivation is None:
        return []
    tracer = Tracer(derivation)
    firings = draw.some_of(derivation.possible_firings, 4, 4)
    return [found for firing in firings if (found := waits_in_vain(scenario, tracer, firing, draw))]


def waits_in_vain(scenario: Scenario, tracer: Tracer, firing: Firing, draw: Draw) -> tuple[object, ...]:
    """A rule that waits for nothing, or waits still though everything it is said to wait for is known; else empty.

    Where a rule tests whether a field of the profile is known, filling that field changes an answer that was certain, so
    that another rule may come to be possible and bring questions of its own. Then it is asked again, of what is known by
    then: in the end there is nothing left to ask.
    """
    unknowns = tracer.behind_firing(firing)
    if not unknowns:
        return ("waits for nothing", firing)
    told = places(firing)
    if told is None:
        return ()
    answered = settled(scenario, unknowns, draw)
    with counting(ALL):
        after = derive(answered, "plain")
    still = [one for one in after.possible_firings if places(one) == told]
    if not still:
        return ()
    if {(one.type, one.field) for one in unknowns if one.fact is not None} & asked_about(scenario):
        return waits_in_vain(answered, Tracer(after), still[0], draw)
    return ("still waits", firing, unknowns)


def asked_about(scenario: Scenario) -> set[tuple[str, str]]:
    """The fields, with their types, of which some rule asks whether they are known."""
    patterns = [pattern for rule in scenario.live_rules for c in rule.when for pattern in inner_patterns(c)]
    return {(p.fact_type, t.field) for p in patterns for t in p.tests if t.operator.takes is Takes.PRESENCE}


@MANY
@given(seed=SEEDS)
def test_a_rule_that_possibly_fires_waits_for_something_that_settles_it(seed: int):
    assert unsettled(where_nothing_is_none(scenario_of(seed)), Draw(Random(seed))) == []


@MANY
@given(seed=SEEDS)
def test_a_rule_that_rests_on_one_that_is_cut_off_waits_for_something_that_settles_it(seed: int):
    assert unsettled(where_nothing_is_none(scenario_of(seed)), Draw(Random(seed)), most=1) == []


# --- what chance seldom makes ----------------------------------------------------------------------------------------

SIZE = Field("size", FieldType.NUMBER, "How large.")
GIVEN = FactType("given", "Given.", Supplier.PROFILE, {"size": SIZE, "weight": replace(SIZE, name="weight")})
FIRST, SECOND, LAST = (FactType(name, name, Supplier.RULES, {"size": SIZE}) for name in ("first", "second", "last"))
A_SIZE = Reference("a", "size")
IS_ONE = FieldTest("size", OPERATORS["is"], (Constant(1),))
IS_HEAVY = FieldTest("weight", OPERATORS["is"], (Constant(2),))


def made(facts: tuple[Fact, ...], *rules: tuple[tuple[Condition, ...], Conclusion], chance: int = 0) -> Scenario:
    """A few facts and rules; the rules are numbered."""
    numbered = tuple(
        replace(rule_of(when, (then,)), id=f"made.rule-{number}") for number, (when, then) in enumerate(rules)
    )
    vocabulary = Vocabulary({kind.name: kind for kind in (GIVEN, FIRST, SECOND, LAST)})
    return Scenario(vocabulary, numbered, facts, pools={**draw_pools(Draw(Random(chance))), FieldType.NUMBER: (1, 2)})


def waiting(facts: tuple[Fact, ...], *rules: tuple[tuple[Condition, ...], Conclusion], chance: int = 0) -> list[object]:
    """What is wrong with what the rules of a few facts wait for."""
    return unsettled(made(facts, *rules, chance=chance), Draw(Random(chance)))


def waits(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """What is waited for, by its path, with the rules that wait for it."""
    return {unknown.path(scenario.vocabulary): rules for unknown, rules in waiting_rules(derive(scenario, "plain"))}


def test_an_unknown_that_is_handed_round_is_asked_for_once():
    assert (
        waiting(
            (listed(GIVEN, {}, 0),),
            ((Pattern("given", (), "a"),), Conclusion("first", (("size", A_SIZE),))),
            ((Pattern("first", (), "a"),), Conclusion("second", (("size", A_SIZE),))),
            ((Pattern("second", (), "a"),), Conclusion("first", (("size", A_SIZE),))),
            ((Pattern("first", (IS_ONE,)),), Conclusion("last", ())),
        )
        == []
    )


def test_a_tally_of_conclusions_waits_for_what_would_tell_them_apart():
    just_one = FieldTest("", OPERATORS["is"], (Constant(1),))
    assert (
        waiting(
            (listed(GIVEN, {}, 0),),
            ((Pattern("given", (), "a"),), Conclusion("first", (("size", A_SIZE),))),
            ((Tally(TallyKind.COUNT, Pattern("first"), "", (just_one,)),), Conclusion("last", ())),
        )
        == []
    )


def test_a_conclusion_from_a_tally_waits_for_what_is_tallied():
    assert (
        waiting(
            (open_fact(GIVEN),),
            (
                (Tally(TallyKind.COUNT, Pattern("given"), "", (), "t"),),
                Conclusion("first", (("size", Reference("t", "value")),)),
            ),
            ((Pattern("first", (IS_ONE,)),), Conclusion("last", ())),
        )
        == []
    )


def test_an_unknown_concluded_twice_waits_for_both():
    scenario_waits = [
        waiting(
            (listed(GIVEN, {}, 0), listed(GIVEN, {"weight": 2}, 1)),
            ((Pattern("given", (IS_HEAVY,), "a"),), Conclusion("first", (("size", A_SIZE),))),
            ((Pattern("first", (IS_ONE,)),), Conclusion("last", ())),
            chance=seed,
        )
        for seed in range(20)
    ]
    assert [found for found in scenario_waits if found] == []


def test_an_answer_that_a_rule_asks_about_may_bring_another_question():
    not_weighed = FieldTest("weight", OPERATORS["unknown"], ())
    one_or_heavy = AnyOf(((Pattern("second", (IS_ONE,)),), (Pattern("given", (IS_HEAVY,)),)))
    rules = (
        ((Pattern("given", (not_weighed,)),), Conclusion("first", ())),
        ((Pattern("given", (), "a"), Negation(Pattern("first"))), Conclusion("second", (("size", A_SIZE),))),
        ((one_or_heavy,), Conclusion("last", ())),
    )
    assert waits(made((listed(GIVEN, {}, 0),), *rules)) == {"given[1].weight": ("made.rule-2",)}
    assert waits(made((listed(GIVEN, {"weight": 1}, 0),), *rules)) == {"given[1].size": ("made.rule-2",)}
    assert [waiting((listed(GIVEN, {}, 0),), *rules, chance=seed) for seed in range(20)] == [[]] * 20


def test_rules_that_are_cut_off_and_those_that_rest_on_them_wait_for_what_the_former_look_at():
    facts = (listed(GIVEN, {}, 0), listed(GIVEN, {"size": 1}, 1), listed(GIVEN, {"weight": 1}, 2))
    scenario = made(
        facts,
        ((Pattern("given", (IS_HEAVY,), "a"),), Conclusion("first", (("size", A_SIZE),))),
        ((Pattern("first", (IS_ONE,)),), Conclusion("last", ())),
    )
    with counting(1):
        assert waits(scenario) == dict.fromkeys(
            ("given[1].size", "given[1].weight", "given[2].weight"), ("made.rule-1", "made.rule-0")
        )
