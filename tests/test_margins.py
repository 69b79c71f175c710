"""Where to stop: every figure equal to the difference of the best lists that trying all of them out finds."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings

from smartpick_expert.knowledge.fees import Cost
from smartpick_expert.selection.margins import NextFee, NextSignal, Point, frontier, next_fees, next_signals, stop_line
from smartpick_expert.selection.problem import MILLION, NO_SIGNAL, Candidate, Once, Problem, Quota
from smartpick_expert.selection.solving import best
from tests.lists import ERAS, by_trial, problems


def listed(worths: list[float], budget: int | None = None) -> Problem:
    ours = tuple(Candidate(f"p{number}", "im", worth={NO_SIGNAL: one}) for number, one in enumerate(worths))
    return Problem(ours, {"im": ERAS}, budget=budget)


@settings(max_examples=60, deadline=None)
@given(problems())
def test_every_point_of_the_frontier_is_the_best_list_for_its_cost_and_dearer_ones_are_worth_more(problem: Problem):
    tried = by_trial(problem)
    points = frontier(problem, 4)
    for point in points:
        within = [worth for worth, cost in tried if cost <= Fraction(point.cost.amount)]
        assert (round(point.worth * MILLION), point.gap) == (max(within), 0)
    assert list(points) == sorted(points, key=lambda one: Fraction(one.cost.amount))
    assert all(less.worth < more.worth for less, more in pairwise(points))
    assert [round(one.worth * MILLION) for one in points[-1:]] == [worth for worth, _ in tried[:1]]


@settings(max_examples=60, deadline=None)
@given(problems())
def test_the_list_at_the_stop_line_is_worth_the_most_after_its_cost(problem: Problem):
    free = replace(problem, budget=None)
    found = stop_line(problem, 600)
    weighed = [(worth - cost * MILLION / 600, -cost) for worth, cost in by_trial(free)]
    if not weighed:
        assert found is None
        return
    cost = Fraction(found.cost.amount)
    here = (round(found.worth * MILLION) - cost * MILLION / 600, -cost)
    assert here == max(weighed)


@settings(max_examples=60, deadline=None)
@given(problems())
def test_the_next_fee_and_the_next_signal_are_worth_what_the_best_list_with_them_is_worth_more(problem: Problem):
    choice = best(problem)
    if choice is None:
        return
    for one in next_fees(problem, choice):
        budget = Fraction(choice.cost.amount) + Fraction(one.fee)
        more = [worth for worth, cost in by_trial(replace(problem, budget=None)) if cost <= budget]
        assert round(one.worth * MILLION) == max(more) - round(choice.worth * MILLION)
    found = next_signals(problem, choice)
    assert [(one.specialty, one.kind) for one in found] == [(one.specialty, one.kind) for one in problem.quotas]
    for one, quota in zip(found, problem.quotas, strict=True):
        wider = replace(quota, count=quota.count + 1, all_used=False)
        quotas = tuple(wider if other == quota else other for other in problem.quotas)
        most = by_trial(replace(problem, quotas=quotas))[0][0]
        assert round(one.worth * MILLION) == most - round(choice.worth * MILLION)


def test_beyond_the_stop_line_thirty_dollars_buy_less_than_a_twentieth_of_an_interview():
    falling = [0.2 - number / 400 for number in range(80)]
    found = stop_line(listed(falling, budget=400), 600)
    # The 61st is worth 0.05, which is no more than 30 dollars at 600 an interview.
    assert (len(found.chosen), found.cost) == (60, Cost(330 + 30 * 30))


def test_in_the_cheap_step_less_is_enough():
    # 0.02 for 11 dollars is more than 0.05 for 30.
    assert len(stop_line(listed([0.02] * 40), 600).chosen) == 30


def test_the_next_program_of_a_second_specialty_is_the_cheap_one_and_what_is_due_once_is_counted_once():
    ours = (*listed([0.1] * 31).candidates, Candidate("q", "fm", worth={NO_SIGNAL: 0.04}))
    problem = Problem(ours, {"im": ERAS, "fm": ERAS}, once=(Once(Cost(80)), Once(Cost(5), ("fm",))), budget=410)
    choice = best(problem)
    assert choice.cost == Cost(410)
    assert next_fees(problem, choice) == (NextFee("fm", 16, 0.04), NextFee("im", 30, 0.1))


def test_a_fee_past_the_last_known_step_is_not_said():
    problem = replace(listed([0.1] * 3), fees={"im": ERAS.__class__(ERAS.steps[:1])}, budget=22)
    assert next_fees(problem, best(problem)) == (NextFee("im", 11, 0.1),)
    unknown = replace(problem, fees={})
    assert next_fees(unknown, best(unknown)) == ()


def test_the_next_signal_goes_where_it_gains_the_most():
    ours = tuple(
        Candidate(f"p{one}", "im", worth={"": 0.1, "gold": 0.1 + one / 10, "silver": 0.15}) for one in range(1, 4)
    )
    problem = Problem(ours, {"im": ERAS}, budget=33, quotas=(Quota("im", "gold", 1), Quota("im", "silver", 0)))
    assert next_signals(problem, best(problem)) == (NextSignal("im", "gold", 0.2), NextSignal("im", "silver", 0.05))


def test_a_frontier_has_a_point_where_the_fee_changes_and_ends_at_the_budget():
    points = frontier(replace(listed([0.1] * 40, budget=450), once=(Once(Cost(80)),)), 5)
    assert points == (
        Point(Cost(91), 1, 0.1, 0),
        Point(Cost(168), 8, 0.8, 0),
        Point(Cost(256), 16, 1.6, 0),
        Point(Cost(344), 24, 2.4, 0),
        Point(Cost(410), 30, 3.0, 0),
        Point(Cost(440), 31, 3.1, 0),
    )


def test_nothing_that_can_be_afforded_has_no_frontier_and_no_stop_line_in_cents_is_lost():
    assert frontier(listed([0.1], budget=10)) == ()
    assert stop_line(listed([0.1, 0.01], budget=10), Decimal("109.99")).worth == 0.1
    assert len(stop_line(listed([0.1, 0.05]), Decimal("110.01")).chosen) == 1
