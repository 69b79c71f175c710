"""What was chosen, reckoned exactly: the programs with their signals, what they are worth and cost, by specialty and in all.

Nothing here trusts the solver: worth and cost are summed anew from the problem, and `faults` holds a choice against every
demand of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from smartpick_expert.knowledge.fees import Cost, applications_cost, total
from smartpick_expert.selection.problem import MILLION, NO_SIGNAL, Candidate, Problem

# What is not known where assistance is shared by specialties.
SHARED_ASSISTANCE = "assistance"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A program on the list, the kind of signal sent to it, and what it adds to the expected interviews."""

    id: str
    specialty: str
    signal: str
    worth: float


@dataclass(frozen=True, slots=True)
class SpecialtySum:
    """What is chosen in one specialty: programs, signals by kind (one an institution), fees for applying, expected interviews."""

    specialty: str
    programs: int
    signals: Mapping[str, int]
    cost: Cost
    worth: float


@dataclass(frozen=True, slots=True)
class Choice:
    """A list: those worth most first, then by id. `cost` has what is due once in it.

    `is_proven`: no list that keeps all demands is worth more, to a millionth an interview for each program. Otherwise none is
    worth more than this one and `gap` together.
    """

    chosen: tuple[Chosen, ...]
    worth: float
    cost: Cost
    by_specialty: tuple[SpecialtySum, ...]
    is_proven: bool
    gap: float

    @property
    def worths(self) -> tuple[float, ...]:
        """The chance of an interview at each program, in the order of the list."""
        return tuple(one.worth for one in self.chosen)


def choice_of(problem: Problem, signals: Mapping[str, str], *, gap: int = 0) -> Choice:
    """The choice of these ids with these kinds of signals; `gap` in millionths."""
    chosen = [one for one in problem.candidates if one.id in signals]
    listed = [
        Chosen(one.id, one.specialty, signals[one.id], one.millionths(signals[one.id]) / MILLION) for one in chosen
    ]
    sums = tuple(_sum(problem, name, chosen, signals) for name in problem.specialties)
    return Choice(
        chosen=tuple(sorted(listed, key=lambda one: (-one.worth, one.id))),
        worth=millionths(problem, signals) / MILLION,
        cost=cost_of(problem, Counter(one.specialty for one in chosen)),
        by_specialty=tuple(one for one in sums if one.programs),
        is_proven=gap == 0,
        gap=gap / MILLION,
    )


def millionths(problem: Problem, signals: Mapping[str, str]) -> int:
    """What a choice is worth, in millionths of an interview."""
    return sum(one.millionths(signals[one.id]) for one in problem.candidates if one.id in signals)


def cost_of(problem: Problem, programs: Mapping[str, int]) -> Cost:
    """What so many programs of each specialty cost, with what is due once."""
    chosen = {name: count for name, count in sorted(programs.items()) if count}
    costs = [_applications(problem, name, count) for name, count in chosen.items()]
    costs += [one.cost for one in problem.once if one.is_due(chosen)]
    helped = problem.assistance
    if helped is not None:
        counts = [count for name, count in chosen.items() if helped.helps(name)]
        if len(counts) > 1 and sum(counts) > helped.programs:
            costs.append(Cost(0, (SHARED_ASSISTANCE,)))
    return total(costs)


def is_affordable(problem: Problem, cost: Cost) -> bool:
    """Whether what is known of a cost is within the budget."""
    return problem.budget is None or Fraction(cost.amount) <= Fraction(problem.budget)


def faults(problem: Problem, signals: Mapping[str, str]) -> tuple[str, ...]:
    """What a choice of ids with their kinds of signals breaks of the problem; nothing where it may be believed."""
    chosen = [one for one in problem.candidates if one.id in signals]
    ids = {one.id for one in chosen}
    found = [f"{one} is no candidate" for one in sorted(set(signals) - ids)]
    found += [] if chosen else ["nothing is chosen"]
    found += [f"{one} is pinned and not chosen" for one in sorted(problem.pinned - ids)]
    found += [f"{one} is vetoed and chosen" for one in sorted(problem.vetoed & ids)]
    found += [
        f"{one.id} has no chance that is known" for one in chosen if not one.worth and one.id not in problem.pinned
    ]
    for bound in problem.bounds:
        count = sum(map(bound.holds, chosen))
        if count < bound.at_least or (bound.at_most is not None and count > bound.at_most):
            found.append(f"{count} programs have {bound.field} {bound.value}")
    cost = cost_of(problem, Counter(one.specialty for one in chosen))
    if not is_affordable(problem, cost):
        found.append(f"it costs {cost.amount}")
    return (*found, *_signal_faults(problem, chosen, signals))


def _applications(problem: Problem, specialty: str, programs: int) -> Cost:
    return applications_cost(specialty, problem.fee(specialty), programs)


def _sum(problem: Problem, specialty: str, chosen: Iterable[Candidate], signals: Mapping[str, str]) -> SpecialtySum:
    ours = [one for one in chosen if one.specialty == specialty]
    return SpecialtySum(
        specialty=specialty,
        programs=len(ours),
        signals=dict(sorted(Counter(kind for _, kind in _sent(ours, signals)).items())),
        cost=_applications(problem, specialty, len(ours)),
        worth=sum(one.millionths(signals[one.id]) for one in ours) / MILLION,
    )


def _sent(chosen: Iterable[Candidate], signals: Mapping[str, str]) -> set[tuple[str, str]]:
    """The signals of one specialty: whom each went to, and of which kind."""
    return {(one.institution or f"\0{one.id}", signals[one.id]) for one in chosen if signals[one.id] != NO_SIGNAL}


def _signal_faults(problem: Problem, chosen: list[Candidate], signals: Mapping[str, str]) -> list[str]:
    found = []
    for specialty in sorted({*problem.specialties, *(quota.specialty for quota in problem.quotas)}):
        ours = [one for one in chosen if one.specialty == specialty]
        sent = _sent(ours, signals)
        twice = [name for name, count in Counter(name for name, _ in sent).items() if count > 1]
        found += [f"{name} gets two kinds of signals in {specialty}" for name in sorted(twice)]
        kinds = dict(sent)
        for one in ours:
            kind, shared = signals[one.id], kinds.get(one.institution or f"\0{one.id}", NO_SIGNAL)
            if kind != NO_SIGNAL and kind not in one.worth:
                found.append(f"{one.id} takes no {kind} signal")
            elif shared in one.worth and kind != shared:
                found.append(f"{one.id} is without the signal of its institution")
        counts = Counter(kind for _, kind in sent)
        quotas = problem.signals(specialty)
        for kind in sorted({*counts, *quotas}):
            quota = quotas.get(kind)
            most = quota.count if quota else 0
            if counts[kind] > most or (quota and quota.all_used and counts[kind] != most):
                found.append(f"{counts[kind]} {kind} signals are sent in {specialty}, of {most}")
    return found
