"""The chance of so many interviews: equal to going through every outcome, and under a correlation to what is known of it."""

from __future__ import annotations

from itertools import product
from math import asin, fsum, pi, prod

import pytest
from hypothesis import given
from hypothesis import strategies as some

from smartpick_expert.selection.spread import at_least, distribution

CHANCES = some.lists(some.floats(0, 1), max_size=7)


def by_outcome(chances: list[float]) -> list[float]:
    """The same, by going through what may come of each program."""
    found = [0.0] * (len(chances) + 1)
    for outcome in product((0, 1), repeat=len(chances)):
        found[sum(outcome)] += prod(one if yes else 1 - one for yes, one in zip(outcome, chances, strict=True))
    return found


@given(CHANCES)
def test_independent_chances_come_to_what_every_outcome_adds_up_to(chances: list[float]):
    assert distribution(chances) == pytest.approx(by_outcome(chances), abs=1e-12)


@given(some.lists(some.floats(0, 1), max_size=5), some.floats(0, 0.95))
def test_a_correlation_leaves_each_chance_as_it_was(chances: list[float], correlation: float):
    found = distribution(chances, correlation)
    assert fsum(found) == pytest.approx(1, abs=1e-9)
    assert fsum(count * one for count, one in enumerate(found)) == pytest.approx(sum(chances), abs=1e-8)
    for chance in chances[:1]:
        assert distribution([chance], correlation) == pytest.approx((1 - chance, chance), abs=1e-9)


@pytest.mark.parametrize("correlation", [0.1, 0.3, 0.5, 0.9])
def test_two_even_chances_come_true_together_as_often_as_the_known_formula_says(correlation: float):
    expected = 0.25 + asin(correlation) / (2 * pi)
    assert distribution([0.5, 0.5], correlation)[2] == pytest.approx(expected, abs=1e-10)


def test_what_hangs_together_makes_none_and_many_likelier_and_the_average_no_other():
    alone, together = distribution([0.1] * 20), distribution([0.1] * 20, 0.3)
    assert together[0] > alone[0]
    assert at_least([0.1] * 20, 8, 0.3) > at_least([0.1] * 20, 8)
    assert at_least([0.1] * 20, 1, 0.3) < at_least([0.1] * 20, 1)


def test_at_least_none_is_certain_and_more_than_there_are_programs_impossible():
    assert [at_least([0.3, 0.2], count, 0.2) for count in (-1, 0, 3)] == [1, pytest.approx(1, abs=1e-12), 0]
    assert distribution([]) == (1.0,)


@pytest.mark.parametrize(("chances", "correlation"), [([1.2], 0), ([-0.1], 0), ([0.5], -0.1), ([0.5], 1)])
def test_no_other_chance_or_correlation_is_taken(chances: list[float], correlation: float):
    with pytest.raises(ValueError, match="is not between 0 and"):
        distribution(chances, correlation)
