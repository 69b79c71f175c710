"""Both engines and the naive reading make the same of generated rules and facts, in whatever order these come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from smartpick_expert.diagnostics import Problems
from smartpick_expert.engine import session
from smartpick_expert.engine.compiled import compile_rules
from smartpick_expert.engine.derivation import Derivation
from smartpick_expert.engine.session import MAX_POSSIBLE, consult
from smartpick_expert.language.facts import Fact, Origin
from smartpick_expert.language.model import RuleSet
from smartpick_expert.language.values import UNKNOWN
from tests.generators import Scenario, describe_fact, reduced, scenarios
from tests.naive import NaiveResult, NotStratifiableError, consult_naively

AS_OF = date(2026, 9, 10)
# Hypothesis knows nothing of rules and takes minutes to shrink them; `reduced` does, and takes seconds.
GENERATED = settings(
    deadline=None,
    max_examples=300,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
FEWER = settings(GENERATED, max_examples=100)
PARTS = ("certain", "possible", "firings", "possible_firings")


@pytest.fixture(params=["plain", "durable"], scope="module")
def engine(request: pytest.FixtureRequest) -> str:
    if request.param == "durable":
        pytest.importorskip("durable_rules_engine", reason="durable-rules is not installed", exc_type=ImportError)
    return request.param


def derive(scenario: Scenario, engine: str) -> Derivation | None:
    """What an engine makes of the scenario; None if it refuses the rules as a circle."""
    try:
        compiled = compile_rules(RuleSet(scenario.rules, scenario.vocabulary), {}, AS_OF)
    except Problems as problems:
        if {problem.code for problem in problems.diagnostics} == {"rule.circle"}:
            return None
        raise
    return consult(compiled, scenario.facts, engine=engine)


def derive_naively(scenario: Scenario) -> NaiveResult | None:
    """The same, naively."""
    try:
        return consult_naively(scenario.rules, scenario.vocabulary, scenario.facts)
    except NotStratifiableError:
        return None


def as_naive(derivation: Derivation | None) -> NaiveResult | None:
    """What an engine derived, in the naive reading's form."""

    def firings(several):
        return frozenset((f.rule_id, tuple(sorted(f.bindings, key=lambda pair: pair[0]))) for f in several)

    return derivation and NaiveResult(
        frozenset(derivation.certain),
        frozenset(derivation.possible),
        firings(derivation.firings),
        firings(derivation.possible_firings),
    )


def in_order(derivation: Derivation | None) -> list[object]:
    """All that an engine derived, support included, in its order."""
    return [getattr(derivation, part, None) for part in PARTS]


def is_crowded(possibly_fired: Iterable[str], most: int = MAX_POSSIBLE) -> bool:
    """Whether some rule possibly fires so often that the engines stop counting, which the naive reading never does."""
    return max(Counter(possibly_fired).values(), default=0) > most


def disagreement(scenario: Scenario, engine: str) -> str:
    """How an engine differs from the naive reading; empty if it does not."""
    naive = derive_naively(scenario)
    try:
        ours = as_naive(derive(scenario, engine))
    except Exception as exception:  # noqa: BLE001 - a crash is a disagreement too, and is to be reduced like one
        return f"  {engine} fails: {exception!r}"
    if naive is not None and is_crowded(rule_id for rule_id, _ in naive.possible_firings):
        return ""
    if naive is None or ours is None:
        return "" if naive is ours else f"  only the {'naive reading' if naive is None else engine} sees a circle"

    def words(item):
        if not isinstance(item, tuple):
            return describe_fact(item, scenario.vocabulary)
        rule_id, bindings = item
        return ", ".join([rule_id, *(f"{name} = {words(fact)}" for name, fact in bindings)])

    return "\n".join(
        f"  {part}, {label} only: {words(item)}"
        for part in PARTS
        for label, items in (
            ("naive", getattr(naive, part) - getattr(ours, part)),
            (engine, getattr(ours, part) - getattr(naive, part)),
        )
        for item in items
    )


def is_bad(scenario: Scenario, engine: str) -> bool:
    """Whether rules that make sense (each name is bound) are read in two ways."""
    try:
        derive_naively(scenario)
    except KeyError:
        return False
    return bool(disagreement(scenario, engine))


@GENERATED
@given(scenario=scenarios())
def test_an_engine_agrees_with_the_naive_reading(engine: str, scenario: Scenario):
    if disagreement(scenario, engine):
        smallest = reduced(scenario, lambda smaller: is_bad(smaller, engine))
        pytest.fail(f"{smallest}\n{disagreement(smallest, engine)}")


@FEWER
@given(scenario=scenarios(), chance=st.randoms(use_true_random=False))
def test_the_order_of_rules_and_facts_changes_nothing_for_an_engine(engine: str, scenario: Scenario, chance):
    shuffled = replace(
        scenario,
        rules=tuple(chance.sample(scenario.rules, len(scenario.rules))),
        facts=tuple(chance.sample(scenario.facts, len(scenario.facts))),
    )
    assert in_order(derive(shuffled, engine)) == in_order(derive(scenario, engine))


@FEWER
@given(scenario=scenarios())
def test_both_engines_yield_one_derivation_support_included(scenario: Scenario):
    pytest.importorskip("durable_rules_engine", reason="durable-rules is not installed", exc_type=ImportError)
    assert in_order(derive(scenario, "durable")) == in_order(derive(scenario, "plain"))


@FEWER
@given(scenario=scenarios(), chance=st.randoms(use_true_random=False))
def test_a_rule_that_is_cut_off_is_so_in_every_order_and_nothing_false_becomes_certain(scenario: Scenario, chance):
    shuffled = replace(scenario, facts=tuple(chance.sample(scenario.facts, len(scenario.facts))))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "MAX_POSSIBLE", 1)
        few, shuffled_few = derive(scenario, "plain"), derive(shuffled, "plain")
    assert in_order(shuffled_few) == in_order(few)
    naive = derive_naively(scenario)
    if naive is not None:
        assert [fact for fact in few.certain if not any(stands_for(fact, one) for one in naive.certain)] == []
        assert [fact for fact in naive.possible if not any(stands_for(one, fact) for one in few.possible)] == []


def stands_for(vague: Fact, other: Fact) -> bool:
    """Whether one fact says of another nothing but what is so, perhaps less: an unknown may also turn out absent."""
    if vague.origin is Origin.OPEN:
        return vague.type == other.type
    names = {*vague.slots, *other.slots}
    return vague.type == other.type and all(vague.get(name) in (UNKNOWN, other.get(name)) for name in names)
