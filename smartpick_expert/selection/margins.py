"""Where to stop: what the next dollars and the next signal would buy, the line beyond which they buy too little, cost against interviews.

Every figure is the difference of two lists that are each the best for what it may cost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from smartpick_expert.knowledge.fees import Cost, applications_cost
from smartpick_expert.language.values import Missing, Number, exact_difference, exact_sum
from smartpick_expert.selection.choice import Choice, choice_of, cost_of, millionths
from smartpick_expert.selection.problem import MILLION, Problem
from smartpick_expert.selection.solving import TIME_LIMIT, Found, best, solved

# How many points a frontier has beside those where a fee changes.
_POINTS: Final = 10


@dataclass(frozen=True, slots=True)
class NextFee:
    """What the list is worth more, were it to cost `fee` more: what one more program of `specialty` costs."""

    specialty: str
    fee: Number
    worth: float


@dataclass(frozen=True, slots=True)
class NextSignal:
    """What the list is worth more, were there one signal more of a kind in a specialty."""

    specialty: str
    kind: str
    worth: float


@dataclass(frozen=True, slots=True)
class Point:
    """The best list for its cost. Where it is not proven, none for it is worth more than `worth` and `gap` together."""

    cost: Cost
    programs: int
    worth: float
    gap: float


def next_fees(problem: Problem, choice: Choice, time_limit: float = TIME_LIMIT) -> tuple[NextFee, ...]:
    """For each specialty whose next fee is known: what that much more money would buy, wherever it is best spent."""
    counts = {one.specialty: one.programs for one in choice.by_specialty}
    found = []
    for specialty in problem.specialties:
        fee = _next_fee(problem, counts, specialty)
        if fee is not None:
            more = replace(problem, budget=exact_sum(choice.cost.amount, fee))
            found.append(NextFee(specialty, fee, _gain(choice, more, solved(more, time_limit))))
    return tuple(found)


def next_signals(problem: Problem, choice: Choice, time_limit: float = TIME_LIMIT) -> tuple[NextSignal, ...]:
    """For each quota, what one signal more would be worth for the same money."""
    found = []
    for quota in problem.quotas:
        wider = replace(quota, count=quota.count + 1, all_used=False)
        more = replace(problem, quotas=tuple(wider if one is quota else one for one in problem.quotas))
        found.append(NextSignal(quota.specialty, quota.kind, _gain(choice, more, solved(more, time_limit))))
    return tuple(found)


def stop_line(problem: Problem, most_per_interview: Number, time_limit: float = TIME_LIMIT) -> Choice | None:
    """The list at which to stop, were money no object: beyond it one more expected interview costs `most_per_interview` or more.

    This holds of every dearer list, of all that it costs more together. And every cheaper one gives up an interview for each
    `most_per_interview` that it saves, or more. None where no list keeps the demands. The budget is left out of it.
    """
    return best(replace(problem, budget=None), time_limit, Fraction(MILLION) / Fraction(most_per_interview))


def frontier(problem: Problem, points: int = _POINTS, time_limit: float = TIME_LIMIT) -> tuple[Point, ...]:
    """What more money buys: the best list for each of some budgets up to the problem's, cheapest first; each is worth more than the last.

    There is one for the first program of a specialty, one where its fee changes, and so many more evenly between. Without a budget
    it ends at the list that leaves out nothing of worth.
    """
    choice = best(problem, time_limit)
    if choice is None:
        return ()
    most = Fraction(choice.cost.amount)
    found = [Point(choice.cost, len(choice.chosen), choice.worth, choice.gap)]
    budgets = {int(most * step / points) for step in range(1, points)} | _changes(problem)
    for budget in sorted(one for one in budgets if one < most):
        within = replace(problem, budget=budget)
        cheaper = solved(within, time_limit)
        if cheaper is not None:
            one = choice_of(within, cheaper.signals, gap=cheaper.gap)
            found.append(Point(one.cost, len(one.chosen), one.worth, one.gap))
    return tuple(_rising(found))


def _rising(points: Iterable[Point]) -> Iterator[Point]:
    """By cost, without those that are worth no more than a cheaper one."""
    most = -1.0
    for point in sorted(points, key=lambda one: (Fraction(one.cost.amount), -one.worth)):
        if point.worth > most:
            most = point.worth
            yield point


def _changes(problem: Problem) -> set[Number]:
    """The costs of one program of each specialty, and of as many as each of its steps ends with."""
    found: set[Number] = set()
    for specialty in problem.specialties:
        steps = problem.fee(specialty)
        ends = [] if isinstance(steps, Missing) else [step.up_to for step in steps.steps if step.up_to is not None]
        found |= {cost_of(problem, {specialty: count}).amount for count in (1, *ends)}
    return found


def _next_fee(problem: Problem, counts: Mapping[str, int], specialty: str) -> Number | None:
    """What one more program of a specialty costs; None where that is not known, or there is none."""
    now = counts.get(specialty, 0)
    there = sum(one.specialty == specialty for one in filter(problem.can_be_chosen, problem.candidates))
    if now >= there or applications_cost(specialty, problem.fee(specialty), now + 1).is_lower_bound:
        return None
    return exact_difference(cost_of(problem, {**counts, specialty: now + 1}).amount, cost_of(problem, counts).amount)


def _gain(choice: Choice, problem: Problem, found: Found | None) -> float:
    if found is None:
        return 0.0
    return (millionths(problem, found.signals) - round(choice.worth * MILLION)) / MILLION
