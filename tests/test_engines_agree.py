"""Both engines and the naive reading make the same of generated rules and facts, in whatever order these come."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from smartpick_expert.engine import session
from smartpick_expert.language.facts import Fact, listed
from smartpick_expert.language.model import (
    Conclusion,
    Condition,
    Pattern,
    Reference,
    Shifted,
    Tally,
    TallyKind,
)
from smartpick_expert.language.model import Test as FieldTest
from smartpick_expert.language.operators import OPERATORS
from smartpick_expert.language.vocabulary import FactType, Field, FieldType, Supplier, Vocabulary
from tests.completions import stands_for
from tests.drawing import Draw
from tests.generators import scenario_of
from tests.readings import ENGINES, derive, in_order, is_bad, read, read_naively, shuffled
from tests.reducing import reduced
from tests.regressions import AGREEMENT, kept_seeds
from tests.rule_maker import rule_of
from tests.scenarios import Scenario

SEEDS = st.integers(0, 2**62)
# Hypothesis knows nothing of rules and takes minutes to shrink them; `reduced` does, and takes seconds.
GENERATED = settings(
    deadline=None,
    max_examples=1_000,  # `make soak` tries a hundred times as many, and keeps what it finds (tests/kept)
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
FEWER = settings(GENERATED, max_examples=100)


@pytest.fixture(scope="module")
def engines() -> tuple[str, ...]:
    """The engines there are: without durable-rules the plain one is held to the naive reading alone."""
    try:
        import durable_rules_engine  # noqa: F401, PLC0415 - to see whether it is there
    except ImportError:
        return ("plain",)
    return ENGINES


def require_agreement(seed: int, engines: tuple[str, ...]):
    """Fails with the smallest scenario that is still read in two ways. Returns the reading."""
    reading = read(scenario_of(seed), engines, seed)
    if reading.disagreement:
        smallest = reduced(scenario_of(seed), lambda smaller: is_bad(smaller, engines, seed))
        pytest.fail(f"seed {seed}\n{smallest}\n{read(smallest, engines, seed).disagreement}")
    return reading


@pytest.mark.unmeasured
@pytest.mark.parametrize("seed", kept_seeds(AGREEMENT))
def test_what_once_was_read_in_two_ways_is_read_in_one(seed: int, engines: tuple[str, ...]):
    require_agreement(seed, engines)


def test_engines_naive_reading_orders_and_bounds_agree(engines: tuple[str, ...]):
    met: Counter[str] = Counter()

    @GENERATED
    @given(seed=SEEDS)
    def agree(seed: int):
        reading = require_agreement(seed, engines)
        met.update(all=1, telling=reading.is_telling, circles=reading.naive is None)

    agree()
    # Most scenarios must come to something, or the agreement would be one about nothing; and some are circles.
    assert met["telling"] >= 0.8 * met["all"] >= 800
    assert met["circles"] > 0


@FEWER
@given(seed=SEEDS)
def test_a_rule_that_is_cut_off_is_so_in_every_order_and_nothing_false_becomes_certain(seed: int):
    scenario = scenario_of(seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "MAX_POSSIBLE", 1)
        few = derive(scenario, "plain")
        shuffled_few = derive(shuffled(scenario, Draw(Random(seed))), "plain")
    assert in_order(shuffled_few) == in_order(few)
    naive = read_naively(scenario)
    if naive is not None:
        assert [fact for fact in few.certain if not any(stands_for(fact, one) for one in naive.certain)] == []
        assert [fact for fact in naive.possible if not any(stands_for(one, fact) for one in few.possible)] == []


# --- numbers that need more digits than a decimal keeps of its own accord --------------------------------------------

SIZE = Field("size", FieldType.NUMBER, "How large.")
GIVEN = FactType("given", "Given.", Supplier.PROFILE, {"size": SIZE})
LAST = FactType("last", "Last.", Supplier.RULES, {"size": SIZE})
TINY = Decimal("0.000000000000001")


def sizes(condition: Condition, conclusion: Conclusion, *given: int | Decimal) -> Scenario:
    facts: list[Fact] = [listed(GIVEN, {"size": size}, position) for position, size in enumerate(given)]
    vocabulary = Vocabulary({"given": GIVEN, "last": LAST})
    return Scenario(vocabulary, (replace(rule_of((condition,), (conclusion,)), id="made.rule"),), tuple(facts))


def test_a_limit_is_moved_exactly():
    moved = FieldTest("size", OPERATORS["at_least"], (Shifted(Reference("a", "size"), TINY),))
    scenario = sizes(Pattern("given", (moved,), "a"), Conclusion("last", ()), 2**53)
    assert read(scenario, ("plain",)).disagreement == ""


def test_the_value_of_a_total_keeps_every_digit():
    total = Tally(TallyKind.TOTAL, Pattern("given"), "size", (), "t")
    scenario = sizes(total, Conclusion("last", (("size", Reference("t", "value")),)), 2**53, TINY)
    assert read(scenario, ("plain",)).disagreement == ""


# --- what is kept from the core because it could multiply there ---------------------------------------------------------


def test_what_is_matched_plainly_wakes_the_rules_that_wait_for_it():
    durable = pytest.importorskip("smartpick_expert.engine.durable")
    pytest.importorskip("durable_rules_engine", reason="durable-rules is not installed", exc_type=ImportError)
    pair = (Pattern("given", (), "a"), Pattern("given", (), "b"))
    rules = (
        replace(rule_of(pair, (Conclusion("middle", ()),)), id="made.first"),
        replace(rule_of((Pattern("middle"),), (Conclusion("last", ()),)), id="made.second"),
    )
    vocabulary = Vocabulary({"given": GIVEN, "middle": replace(LAST, name="middle"), "last": LAST})
    scenario = Scenario(vocabulary, rules, tuple(listed(GIVEN, {"size": 1}, position) for position in range(2)))
    with pytest.MonkeyPatch.context() as patch, closing(durable.DurableMatcher(max_rules=1)) as matcher:
        patch.setattr(durable, "MAX_MATCHES", 1)
        assert in_order(derive(scenario, matcher)) == in_order(derive(scenario, "plain"))
