"""What is certain while something is unknown stays so whatever it turns out to be, and what comes out was possible."""

from __future__ import annotations

from collections import Counter
from random import Random

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.completions import completed, without_counterpart, without_presence
from tests.drawing import Draw
from tests.generators import scenario_of
from tests.naive import NaiveResult
from tests.readings import as_naive, derive, is_crowded, read_naively
from tests.scenarios import Scenario

SEEDS = st.integers(0, 2**62)
MANY = settings(
    deadline=None,
    max_examples=400,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def completions(scenario: Scenario, draw: Draw) -> list[Scenario]:
    """Two wholly filled, one with holes left."""
    return [completed(scenario, draw, wholly=wholly) for wholly in (True, True, False)]


def read_plainly(scenario: Scenario) -> NaiveResult | None:
    derivation = derive(scenario, "plain")
    return derivation and as_naive(derivation)


@MANY
@given(seed=SEEDS)
def test_the_meaning_is_monotone_in_knowledge(seed: int):
    scenario = without_presence(scenario_of(seed))
    before = read_naively(scenario)
    if before is not None:
        for fuller in completions(scenario, Draw(Random(seed))):
            assert (without_counterpart(before, read_naively(fuller)), fuller) == ([], fuller)


@MANY
@given(seed=SEEDS)
def test_the_engine_is_monotone_in_knowledge(seed: int):
    scenario = without_presence(scenario_of(seed))
    before = read_plainly(scenario)
    if before is not None:
        counted = not is_crowded(Counter(rule_id for rule_id, _ in before.possible_firings), most=999)
        for fuller in completions(scenario, Draw(Random(seed))):
            assert (without_counterpart(before, read_plainly(fuller), firings=counted), fuller) == ([], fuller)
