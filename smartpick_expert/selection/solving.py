"""The best list: solved by HiGHS, held against every demand by our own sums, and of equally good lists the cheapest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from time import monotonic
from typing import Final

from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.language.values import Number, exact_quotient
from smartpick_expert.selection.choice import Choice, choice_of, faults, millionths
from smartpick_expert.selection.conflicts import Conflict, conflict_of
from smartpick_expert.selection.highs import maximum
from smartpick_expert.selection.model import model_of, scale_of
from smartpick_expert.selection.money import tariffs
from smartpick_expert.selection.problem import NO_SIGNAL, Problem

# How long one question may take, in seconds; lists as long as there are programs take a tenth of it.
TIME_LIMIT: Final = 20.0


class SolverError(Exception):
    """The solver's answer breaks a demand of the problem: a mistake of ours, which must not become anybody's list."""


@dataclass(frozen=True, slots=True)
class Found:
    """A list by id and kind of signal, and by how many millionths another may be better at the most."""

    signals: Mapping[str, str]
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


def best(problem: Problem, time_limit: float = TIME_LIMIT) -> Choice | None:
    """The list with the most expected interviews, the cheapest of those; None where no list keeps all demands.

    Raises Problems where HiGHS is missing, or where the time is up before any list was found.
    """
    end = monotonic() + time_limit
    found = solved(problem, time_limit)
    if found is None:
        return None
    choice = choice_of(problem, found.signals, gap=found.gap)
    worth = millionths(problem, found.signals)
    while choice.is_proven and monotonic() < end:
        # A list of the same worth for less is found within the next lower sum that fees come to, or not at all.
        less = replace(problem, budget=_less(problem, choice))
        cheaper = solved(less, end - monotonic(), at_least=worth)
        if cheaper is None or millionths(problem, cheaper.signals) < worth:
            break
        choice = choice_of(problem, cheaper.signals)
    return choice


def solved(
    problem: Problem, seconds: float, price: Fraction = Fraction(0), *, at_least: int | None = None
) -> Found | None:
    """The best list, each dollar of its cost weighed at `price` millionths of an interview; None where there is none.

    Lists worth less than `at_least`, in the objective's units, are of no use, and None may stand for them. Raises Problems where
    the time was up before it was known whether there is a list. What it returns keeps all demands.
    """
    if problem.pinned & problem.vetoed:
        return None
    problem = problem.ordered()
    model = model_of(problem, price)
    solution = maximum(model.program, seconds, at_least)
    if solution.values is None or solution.is_impossible:
        if solution.is_impossible or at_least is not None:
            return None
        message = f"No list was found within {seconds:.0f} seconds, and it was not shown that there is none."
        raise Problems(
            [Diagnostic("select.time", message, "Give it more time, or ask for less at once.", Location("list"))]
        )
    signals = model.signals(solution.values)
    broken = faults(problem, signals)
    if broken:
        raise SolverError("; ".join(broken))
    objective = sum(factor * value for factor, value in zip(model.program.objective, solution.values, strict=True))
    return Found(signals, max(0, solution.bound - objective) // scale_of(problem, price))


def _less(problem: Problem, choice: Choice) -> Number:
    """The largest sum below the cost of a choice that the fees could come to, in dollars; below nothing, less than nothing."""
    prices = tariffs(problem)
    most = Counter(one.specialty for one in filter(problem.can_be_chosen, problem.candidates))
    less = prices.below(int(Fraction(choice.cost.amount) / prices.unit), most) * prices.unit
    return exact_quotient(less.numerator, less.denominator)
