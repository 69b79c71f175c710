"""Where a list ends: at the stop line, or at the budget; what more would buy, and what each sum buys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final

from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.explain.wording import value_text
from smartpick_expert.knowledge.fees import money, total
from smartpick_expert.language.values import Missing, Number
from smartpick_expert.language.vocabulary import Field
from smartpick_expert.lists.view_model import Further, Point, Stop
from smartpick_expert.selection.choice import Choice
from smartpick_expert.selection.conflicts import AT_LEAST, AT_MOST, BUDGET, NOBODY, PINNED, VETOED, Conflict
from smartpick_expert.selection.margins import Point as Bought
from smartpick_expert.selection.margins import frontier, next_fees, next_signals, stop_line
from smartpick_expert.selection.problem import Problem
from smartpick_expert.selection.solving import select

# The options by which each kind of demand was made.
_OPTIONS: Final = {
    BUDGET: "--budget",
    AT_LEAST: "--at-least",
    AT_MOST: "--at-most",
    PINNED: "--pin",
    VETOED: "--veto",
    NOBODY: "--programs",
}
_LIST, _PAST = "list", "past"


@dataclass(frozen=True, slots=True)
class Ended:
    """The list that is shown, and the one that the whole budget buys, which may be the same."""

    choice: Choice
    whole: Choice

    @property
    def is_stopped(self) -> bool:
        """Whether the stop line ends it, before the budget does."""
        return self.choice is not self.whole


def ended(problem: Problem, per_interview: Number | Missing, time_limit: float, *, spend_all: bool) -> Ended:
    """The best list within the budget, cut to the stop line unless all is to be spent. Raises Problems where there is none."""
    whole = _chosen(problem, time_limit)
    if spend_all or isinstance(per_interview, Missing):
        return Ended(whole, whole)
    line = stop_line(problem, per_interview, time_limit)
    if line is None or Fraction(line.cost.amount) >= Fraction(whole.cost.amount):
        return Ended(whole, whole)
    return Ended(line, whole)


def stop_of(
    problem: Problem, found: Ended, per_interview: Number | Missing, time_limit: float, specialties: Field
) -> Stop:
    """Why the list ends where it does, and what one more of each thing would add; `specialties` words them."""
    whole = found.whole
    could = Point(len(whole.chosen), whole.cost.amount, whole.worth, None, _PAST, whole.gap)
    fees = (
        Further(value_text(one.specialty, specialties), "", one.fee, one.worth)
        for one in next_fees(problem, found.choice, time_limit)
    )
    # The signals of a list are held against its own cost: more of them must not buy more programs.
    signals = (
        Further(value_text(one.specialty, specialties), one.kind, 0, one.worth)
        for one in next_signals(problem, found.choice, time_limit)
    )
    return Stop(
        None if isinstance(per_interview, Missing) else per_interview,
        found.is_stopped,
        could if found.is_stopped else None,
        whole.worth - found.choice.worth,
        (*fees, *signals),
    )


def points_of(problem: Problem, found: Ended, time_limit: float) -> tuple[Point, ...]:
    """The frontier up to the budget, the shown list among its points."""
    shown = Bought(found.choice.cost, len(found.choice.chosen), found.choice.worth, found.choice.gap)
    bought = {Fraction(one.cost.amount): one for one in (*frontier(problem, time_limit=time_limit), shown)}
    return tuple(_marked([bought[cost] for cost in sorted(bought)], Fraction(shown.cost.amount)))


def _marked(bought: list[Bought], shown: Fraction) -> Iterator[Point]:
    for before, one in pairwise([None, *bought]):
        if one is None:
            continue
        cost = Fraction(one.cost.amount)
        mark = _LIST if cost == shown else _PAST if cost > shown else ""
        yield Point(one.programs, one.cost.amount, one.worth, _each(before, one), mark, one.gap)


def _each(before: Bought | None, one: Bought) -> float | None:
    """What one interview more costs from one point to the next; None at the first, and where nothing is gained."""
    if before is None or one.worth <= before.worth:
        return None
    return float(Fraction(one.cost.amount) - Fraction(before.cost.amount)) / (one.worth - before.worth)


def _chosen(problem: Problem, time_limit: float) -> Choice:
    """The best list. Raises Problems with the demands that cannot hold together where there is none."""
    found = select(problem, time_limit)
    if not isinstance(found, Conflict):
        return found
    if found.demands[0].kind == NOBODY:
        hint = "'smartpick programs screen' says what closes each program; --pin takes one whose chance is not known."
        raise Problems([Diagnostic("list.nobody", found.words[0], hint, Location("--programs"))])
    options = tuple(dict.fromkeys(_OPTIONS[one.kind] for one in found.demands if one.kind in _OPTIONS))
    # What is due once is paid before the first application, which is easily overlooked.
    due = total(one.cost for one in problem.once).amount
    words = [
        f"{one.words} Of that, US$ {money(due)} is due once." if due and one.kind == BUDGET else one.words
        for one in found.demands
    ]
    if len(found.demands) == 1:
        message = f"This cannot be had: {words[0]}"
        hint = f"Ask for something else with {options[0]}, or leave it out." if options else "Leave it out."
    else:
        message = f"These cannot be had together: {' '.join(words)} Without any one of them the others could be."
        hint = f"Change or leave out one of {' and '.join(options)}."
    raise Problems([Diagnostic("list.conflict", message, hint, Location(", ".join(options) or "the list"))])
