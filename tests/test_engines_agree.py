"""Both engines and the naive reading make the same of generated rules and facts, in whatever order these come."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from smartpick_expert.diagnostics import Problems
from smartpick_expert.engine.compiled import compile_rules
from smartpick_expert.engine.derivation import Derivation
from smartpick_expert.engine.session import consult
from smartpick_expert.language.model import RuleSet
from tests.generators import Scenario, describe_fact, scenarios
from tests.naive import NaiveResult, NotStratifiableError, consult_naively

AS_OF = date(2026, 9, 10)
ENGINES = ("plain", "durable")
GENERATED = settings(
    deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@pytest.fixture(params=ENGINES, scope="module")
def engine(request: pytest.FixtureRequest) -> str:
    if request.param == "durable":
        pytest.importorskip("durable_rules_engine", reason="durable-rules is not installed", exc_type=ImportError)
    return request.param


def derive(scenario: Scenario, engine: str) -> Derivation:
    compiled = compile_rules(RuleSet(scenario.rules, scenario.vocabulary), {}, AS_OF)
    return consult(compiled, scenario.facts, engine=engine)


def result(derivation: Derivation) -> NaiveResult:
    """What an engine derived, in the naive reading's form."""

    def firings(several):
        return frozenset((f.rule_id, tuple(sorted(f.bindings, key=lambda pair: pair[0]))) for f in several)

    return NaiveResult(
        frozenset(derivation.certain),
        frozenset(derivation.possible),
        firings(derivation.firings),
        firings(derivation.possible_firings),
    )


def explain(scenario: Scenario, naive: NaiveResult, engine: NaiveResult) -> None:
    """Note both results where they differ, as a person reads them."""

    def words(item):
        if not isinstance(item, tuple):
            return describe_fact(item, scenario.vocabulary)
        rule_id, bindings = item
        return ", ".join([rule_id, *(f"{name}: {words(fact)}" for name, fact in bindings)])

    for part in ("certain", "possible", "firings", "possible_firings"):
        ours, theirs = getattr(naive, part), getattr(engine, part)
        for label, items in (("naive", ours - theirs), ("engine", theirs - ours)):
            for line in sorted(map(words, items)):
                note(f"{part}, {label} only: {line}")


@GENERATED
@given(scenario=scenarios())
def test_an_engine_agrees_with_the_naive_reading(engine: str, scenario: Scenario):
    try:
        expected = consult_naively(scenario.rules, scenario.vocabulary, scenario.facts)
    except NotStratifiableError:
        with pytest.raises(Problems, match="rule.circle"):
            derive(scenario, engine)
        return
    derivation = derive(scenario, engine)
    actual = result(derivation)
    explain(scenario, expected, actual)
    assert actual == expected
    for several in (derivation.certain, derivation.possible, derivation.firings, derivation.possible_firings):
        assert len(set(several)) == len(several)


@GENERATED
@given(scenario=scenarios(), chance=st.randoms(use_true_random=False))
def test_the_order_of_rules_and_facts_changes_nothing_for_an_engine(engine: str, scenario: Scenario, chance):
    shuffled = replace(
        scenario,
        rules=tuple(chance.sample(scenario.rules, len(scenario.rules))),
        facts=tuple(chance.sample(scenario.facts, len(scenario.facts))),
    )
    try:
        expected = derive(scenario, engine)
    except Problems:
        with pytest.raises(Problems):
            derive(shuffled, engine)
        return
    actual = derive(shuffled, engine)
    assert shown(actual) == shown(expected)


def shown(derivation: Derivation) -> tuple[object, ...]:
    return (derivation.certain, derivation.possible, derivation.firings, derivation.possible_firings)


@GENERATED
@given(scenario=scenarios())
def test_both_engines_yield_one_derivation(scenario: Scenario):
    pytest.importorskip("durable_rules_engine", reason="durable-rules is not installed", exc_type=ImportError)
    try:
        expected = derive(scenario, "plain")
    except Problems:
        return
    assert shown(derive(scenario, "durable")) == shown(expected)
