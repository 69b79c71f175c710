"""Why no list keeps all that is asked for: the fewest demands that cannot hold together, each in words.

A demand is one thing that could be asked otherwise: the budget, one side of a bound, a pin, a veto, signals that must all be sent.
Taken as given are the fees, the quotas, one signal an institution, and that a list has at least one program.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from smartpick_expert.knowledge.fees import money
from smartpick_expert.language.values import Number
from smartpick_expert.selection.choice import cost_of
from smartpick_expert.selection.problem import ALL, NO_SIGNAL, Bound, Candidate, Problem, Quota

# What is asked for: the budget, an id pinned or vetoed, a bound with one side, or a quota to be used up.
BUDGET = "budget"
PINNED = "pinned"
VETOED = "vetoed"
AT_LEAST = "at_least"
AT_MOST = "at_most"
ALL_USED = "all_used"
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing asked for: its kind (a constant of this module), what it is asked of (an id, a bound, a quota), and in words."""

    kind: str
    of: str | Bound | Quota | Number | None
    words: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Demands that cannot hold together, in the order they were asked; without any one of them, the others could."""

    demands: tuple[Demand, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """Each demand as a sentence."""
        return tuple(one.words for one in self.demands)


def conflict_of(problem: Problem, is_possible: Callable[[Problem], bool]) -> Conflict:
    """The conflict of a problem that no list answers, by asking which parts of it some list does."""
    every = demands(problem)
    if not any(map(only(problem, ()).can_be_chosen, problem.candidates)):
        return Conflict((Demand(NOBODY, None, _nobody(problem)),))
    least = _least((), every, lambda kept: is_possible(only(problem, kept)), is_open=True)
    return Conflict(tuple(one for one in every if one in least))


def demands(problem: Problem) -> tuple[Demand, ...]:
    """All that is asked for, in a fixed order."""
    found = [] if problem.budget is None else [Demand(BUDGET, problem.budget, _budget(problem, problem.budget))]
    for bound in problem.bounds:
        if bound.at_least:
            side = replace(bound, at_most=None)
            found.append(Demand(AT_LEAST, side, _bound(problem, side, f"at least {bound.at_least}")))
        if bound.at_most is not None:
            side = replace(bound, at_least=0)
            found.append(Demand(AT_MOST, side, _bound(problem, side, f"at most {bound.at_most}")))
    found += [Demand(PINNED, one, f"{one} is to be on the list.") for one in sorted(problem.pinned)]
    found += [Demand(VETOED, one, f"{one} is not to be on the list.") for one in sorted(problem.vetoed)]
    return (*found, *(Demand(ALL_USED, one, _used(problem, one)) for one in problem.quotas if one.all_used))


def only(problem: Problem, kept: Collection[Demand]) -> Problem:
    """The problem with these of its demands alone."""
    of = {kind: [one.of for one in kept if one.kind == kind] for kind in (BUDGET, PINNED, VETOED)}
    used = [one.of for one in kept if one.kind == ALL_USED]
    return replace(
        problem,
        budget=problem.budget if of[BUDGET] else None,
        bounds=tuple(one.of for one in kept if isinstance(one.of, Bound)),
        pinned=problem.pinned.intersection(one for one in of[PINNED] if isinstance(one, str)),
        vetoed=problem.vetoed.intersection(one for one in of[VETOED] if isinstance(one, str)),
        quotas=tuple(replace(one, all_used=one in used) for one in problem.quotas),
    )


def _least(
    held: tuple[Demand, ...],
    asked: Sequence[Demand],
    is_possible: Callable[[Collection[Demand]], bool],
    *,
    is_open: bool,
) -> tuple[Demand, ...]:
    """The fewest of `asked` that cannot hold with `held`; nothing where, not `is_open`, `held` alone cannot.

    Halves are taken in turn (QuickXplain), so that few are asked for where many do not matter.
    """
    if not is_open and not is_possible(held):
        return ()
    if len(asked) == 1:
        return tuple(asked)
    first, second = asked[: len(asked) // 2], asked[len(asked) // 2 :]
    of_second = _least((*held, *first), second, is_possible, is_open=False)
    of_first = _least((*held, *of_second), first, is_possible, is_open=not of_second)
    return (*of_first, *of_second)


def _budget(problem: Problem, budget: Number) -> str:
    known = [one for one in problem.candidates if problem.can_be_chosen(one)]
    costs = {name: cost_of(problem, {name: 1}) for name in sorted({one.specialty for one in known})}
    if not costs:
        return f"The budget is US$ {money(budget)}."
    name = min(costs, key=lambda one: Fraction(costs[one].amount))
    least = "at least " if costs[name].is_lower_bound else ""
    return (
        f"The budget is US$ {money(budget)}; one program of {_word(name)} costs {least}US$ {money(costs[name].amount)}."
    )


def _bound(problem: Problem, bound: Bound, count: str) -> str:
    of = "" if bound.field == ALL else f" of {bound.field.replace('_', ' ')} {_word(bound.value)}"
    ours = [one for one in problem.candidates if bound.holds(one)]
    free = sum(map(problem.can_be_chosen, ours))
    there = f"{free} can be chosen" if free == len(ours) else f"{free} of {len(ours)} can be chosen"
    asked = f"{count} program{'' if count.endswith(' 1') else 's'}{of}"
    return f"{bound.why}: {asked}; {there}." if bound.why else f"{asked[0].upper()}{asked[1:]}; {there}."


def _used(problem: Problem, quota: Quota) -> str:
    takers = {one.institution or f"\0{one.id}" for one in problem.candidates if _takes(problem, one, quota)}
    kind = "" if quota.kind == "single" else f" {quota.kind}"
    there = f"{len(takers)} institution{' takes' if len(takers) == 1 else 's take'} one"
    signals = f"The{kind} signal" if quota.count == 1 else f"All {quota.count}{kind} signals"
    return f"{signals} of {_word(quota.specialty)} {'is' if quota.count == 1 else 'are'} to be sent; {there}."


def _takes(problem: Problem, one: Candidate, quota: Quota) -> bool:
    return one.specialty == quota.specialty and quota.kind in one.worth and problem.can_be_chosen(one)


def _nobody(problem: Problem) -> str:
    unknown = sum(NO_SIGNAL not in one.worth for one in problem.candidates)
    if not unknown:
        return "There is no program to choose from."
    return f"There is no program to choose from: of {unknown} the chance of an interview is not known."


def _word(value: str) -> str:
    return value.replace("_", " ") or "not known"
