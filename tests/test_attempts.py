"""Attempts of made-up rules: what is said of each condition is what the engine makes of it."""

from __future__ import annotations

from random import Random

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from smartpick_expert.engine.derivation import Derivation
from smartpick_expert.engine.match import check, holds
from smartpick_expert.engine.store import Mode
from smartpick_expert.explain.attempts import Attempt, attempts_of
from smartpick_expert.explain.binding_search import Search
from smartpick_expert.language.model import Pattern, Rule
from smartpick_expert.language.operators import Truth
from tests.drawing import Draw
from tests.generators import scenario_of
from tests.readings import derive, shuffled

SEEDS = st.integers(0, 2**62)
GENERATED = settings(
    deadline=None,
    max_examples=150,
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
