"""The best list: solved by HiGHS, held against every demand by our own sums, and of equally good lists the cheapest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor
from time import monotonic
from typing import Final

from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.language.values import Number, exact_quotient
from smartpick_expert.selection.choice import Choice, choice_of, cost_of, faults, millionths
from smartpick_expert.selection.conflicts import Conflict, conflict_of
from smartpick_expert.selection.highs import maximum
from smartpick_expert.selection.model import model_of, scale_of
from smartpick_expert.selection.money import tariffs
from smartpick_expert.selection.problem import NO_SIGNAL, Problem
from smartpick_expert.selection.settling import settled

# How long one question may take, in seconds; lists as long as there are programs take a tenth of it.
TIME_LIMIT: Final = 20.0


class SolverError(Exception):
    """The solver's answer breaks a demand of the problem: a mistake of ours, which must not become anybody's list."""


@dataclass(frozen=True, slots=True)
class Found:
    """A list by id and kind of signal, what it is worth after its cost, and by how much another may be worth more at the most.

    The last two are in millionths of an interview.
    """

    signals: Mapping[str, str]
    weighed: Fraction
    gap: int


def select(problem: Problem, time_limit: float = TIME_LIMIT) -> Choice | Conflict:
    """The list with the most expected interviews, or what cannot hold together. Raises Problems as `best` does."""
    choice = best(problem, time_limit)
    if choice is not None:
        return choice
    # Whether there is a list at all does not hang on what programs are worth. A pin stays one demand among others, though it
    # is what makes a program without a known chance a candidate.
    bare = [
        replace(one, worth=dict.fromkeys([*one.worth] or ([NO_SIGNAL] if one.id in problem.pinned else []), 0.0))
        for one in problem.candidates
    ]
    return conflict_of(replace(problem, candidates=tuple(bare)), lambda part: solved(part, time_limit) is not None)


def best(problem: Problem, time_limit: float = TIME_LIMIT, price: Fraction = Fraction(0)) -> Choice | None:
    """The list worth the most, each dollar of its cost weighed at `price` millionths of an interview, and the cheapest of those.

    None where no list keeps all demands. Raises Problems where HiGHS is missing, or the time is up before any list was found.
    """
    end = monotonic() + time_limit
    found = solved(problem, time_limit, price)
    if found is None:
        return None
    while found.gap == 0 and monotonic() < end:
        # A list as good for less is found within the next lower sum that fees come to, or not at all.
        less = replace(problem, budget=_less(problem, found))
        cheaper = solved(less, end - monotonic(), price, at_least=found.weighed)
        if cheaper is None or cheaper.weighed < found.weighed:
            break
        found = replace(cheaper, gap=0)
    return choice_of(problem, _believed(problem, settled(problem, found.signals)), gap=found.gap)


def solved(
    problem: Problem, seconds: float, price: Fraction = Fraction(0), *, at_least: Fraction | None = None
) -> Found | None:
    """The best list, each dollar of its cost weighed at `price` millionths of an interview; None where there is none.

    Lists that are worth less than `at_least` after their cost are of no use, and None may stand for them. Raises Problems where
    the time was up before it was known whether there is a list. What it returns keeps all demands.
    """
    if problem.pinned & problem.vetoed:
        return None
    problem = problem.ordered()
    model = model_of(problem, price)
    scale = scale_of(problem, price)
    solution = maximum(model.program, seconds, None if at_least is None else ceil(at_least * scale))
    if solution.values is None or solution.is_impossible:
        if solution.is_impossible or at_least is not None:
            return None
        message = f"No list was found within {seconds:.0f} seconds, and it was not shown that there is none."
        raise Problems(
            [Diagnostic("select.time", message, "Give it more time, or ask for less at once.", Location("list"))]
        )
    signals = _believed(problem, model.signals(solution.values))
    weighed = millionths(problem, signals) - price * _amount(problem, signals)
    return Found(signals, weighed, max(0, floor(Fraction(solution.bound, scale) - weighed)))


def _believed(problem: Problem, signals: dict[str, str]) -> dict[str, str]:
    """A list that keeps every demand. Raises SolverError for any other."""
    broken = faults(problem, signals)
    if broken:
        raise SolverError("; ".join(broken))
    return signals


def _amount(problem: Problem, signals: Mapping[str, str]) -> Fraction:
    counts = Counter(one.specialty for one in problem.candidates if one.id in signals)
    return Fraction(cost_of(problem, counts).amount)


def _less(problem: Problem, found: Found) -> Number:
    """The largest sum below the cost of a list that the fees could come to, in dollars; below nothing, less than nothing."""
    prices = tariffs(problem)
    most = Counter(one.specialty for one in filter(problem.can_be_chosen, problem.candidates))
    less = prices.below(int(_amount(problem, found.signals) / prices.unit), most) * prices.unit
    return exact_quotient(less.numerator, less.denominator)
