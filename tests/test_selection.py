"""The list: equal to trying every list out, whatever is asked for; its fees to the cent; its answer the same in any order."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from smartpick_expert.knowledge.fees import Cost, Step, Steps
from smartpick_expert.language.values import UNKNOWN
from smartpick_expert.selection.choice import choice_of, faults, millionths
from smartpick_expert.selection.conflicts import NOBODY, Conflict, only
from smartpick_expert.selection.problem import (
    FIELDS,
    NO_SIGNAL,
    Assistance,
    Bound,
    Candidate,
    Once,
    Problem,
    Quota,
)
from smartpick_expert.selection.solving import best, select

ERAS = Steps((Step(30, 11), Step(None, 30)))
# Small tables of the shapes that fees have had: dearer from some number on, cheaper, flat to begin with, an end, cents.
SHAPES = (
    Steps((Step(2, 11), Step(None, 30))),
    Steps((Step(1, 30), Step(None, 11))),
    Steps((Step(2, 99, flat=True), Step(3, 19), Step(None, 27))),
    Steps((Step(1, 5), Step(3, 40, flat=True), Step(None, Decimal("2.5")))),
    Steps((Step(2, Decimal("4.40")),)),
    UNKNOWN,
)
WORTHS = (0.0, 0.05, 0.1, 0.1, 0.125, 0.3)


@some.composite
def candidates(draw, number: int) -> Candidate:
    specialty = draw(some.sampled_from("ab"))
    plain = draw(some.sampled_from(WORTHS))
    kinds = draw(some.sampled_from(((), ("gold",), ("gold", "silver"))))
    worth = {NO_SIGNAL: plain} | {kind: plain + draw(some.sampled_from((-0.0, 0.02, 0.1, 0.2))) for kind in kinds}
    return Candidate(
        id=f"p{number}",
        specialty=specialty,
        institution=draw(some.sampled_from(("", "x", "y"))),
        tier=draw(some.sampled_from(("reach", "safer"))),
        state=draw(some.sampled_from(("NY", "TX"))),
        setting=draw(some.sampled_from(("community", ""))),
        worth=draw(some.sampled_from((worth, worth, worth, worth, {}))),
    )


@some.composite
def bounds(draw) -> Bound:
    field = draw(some.sampled_from(FIELDS))
    values = {
        "tier": ("reach",),
        "state": ("NY", "TX"),
        "setting": ("community",),
        "specialty": ("a", "b"),
        "all": ("",),
    }
    at_least = draw(some.sampled_from((0, 0, 1, 2)))
    return Bound(field, draw(some.sampled_from(values[field])), at_least, draw(some.sampled_from((None, 1, 2, 3))))


@some.composite
def problems(draw) -> Problem:
    count = draw(some.integers(1, 6))
    ours = tuple(draw(candidates(number)) for number in range(count))
    ids = some.frozensets(some.sampled_from([one.id for one in ours]), max_size=1)
    quotas = tuple(
        Quota(name, kind, draw(some.integers(0, 2)), all_used=draw(some.sampled_from((False, False, False, True))))
        for name in draw(some.sampled_from(("", "a", "ab")))
        for kind in draw(some.sampled_from((("gold",), ("gold", "silver"))))
    )
    once = (Once(Cost(80)), Once(Cost(Decimal("12.5")), ("a",)), Once(Cost(0, ("token",))))
    helped = draw(some.sampled_from((None, None, Assistance(Decimal("0.6"), 2), Assistance(Decimal("0.6"), 1, ("a",)))))
    return Problem(
        candidates=tuple(draw(some.permutations(ours))),
        fees={"a": draw(some.sampled_from(SHAPES)), "b": draw(some.sampled_from(SHAPES))},
        once=draw(some.sampled_from(((), once[:1], once))),
        assistance=helped,
        budget=draw(some.sampled_from((None, 0, 20, 41, 71, 100, 130, Decimal("150.4"), 250))),
        quotas=quotas,
        bounds=tuple(draw(some.lists(bounds(), max_size=2))),
        pinned=draw(ids),
        vetoed=draw(ids),
    )


def by_trial(problem: Problem) -> list[tuple[int, Fraction]]:
    """What every list that keeps all demands is worth and costs, best and then cheapest first."""
    options = [(None, NO_SIGNAL, *(kind for kind in sorted(one.worth) if kind)) for one in problem.candidates]
    found = []
    for picked in product(*options):
        pairs = zip(problem.candidates, picked, strict=True)
        signals = {one.id: kind for one, kind in pairs if kind is not None}
        if faults(problem, signals) == ():
            cost = choice_of(problem, signals).cost.amount
            found.append((millionths(problem, signals), Fraction(cost)))
    return sorted(found, key=lambda one: (-one[0], one[1]))


@settings(max_examples=250, deadline=None)
@given(problems())
def test_the_list_is_the_best_of_all_that_keep_every_demand_and_the_cheapest_of_those(problem: Problem):
    tried = by_trial(problem)
    choice = best(problem)
    if not tried:
        assert choice is None
        return
    signals = {one.id: one.signal for one in choice.chosen}
    assert faults(problem, signals) == ()
    assert (millionths(problem, signals), Fraction(choice.cost.amount)) == tried[0]
    assert (choice.is_proven, choice.gap) == (True, 0)


@settings(max_examples=40, deadline=None)
@given(problems(), some.randoms())
def test_the_answer_does_not_depend_on_the_order_of_anything(problem: Problem, chance):
    ours, quotas, bounds_ = (list(part) for part in (problem.candidates, problem.quotas, problem.bounds))
    for part in (ours, quotas, bounds_):
        chance.shuffle(part)
    mixed = Problem(
        tuple(ours),
        dict(reversed(problem.fees.items())),
        problem.once,
        problem.assistance,
        problem.budget,
        tuple(quotas),
        tuple(bounds_),
        problem.pinned,
        problem.vetoed,
    )
    assert best(mixed) == best(problem)


@settings(max_examples=120, deadline=None)
@given(problems())
def test_what_conflicts_cannot_hold_together_and_without_any_one_of_it_could(problem: Problem):
    answer = select(problem)
    assert isinstance(answer, Conflict) == (by_trial(problem) == [])
    if not isinstance(answer, Conflict):
        return
    given_chance = {NO_SIGNAL: 0.0}
    ours = [
        replace(one, worth=one.worth or (given_chance if one.id in problem.pinned else {}))
        for one in problem.candidates
    ]
    problem = replace(problem, candidates=tuple(ours))
    if answer.demands[0].kind == NOBODY:
        assert by_trial(only(problem, ())) == []
        return
    assert by_trial(only(problem, answer.demands)) == []
    for left_out in answer.demands:
        rest = [one for one in answer.demands if one != left_out]
        assert by_trial(only(problem, rest)) != []


def alike(specialty: str, count: int) -> tuple[Candidate, ...]:
    return tuple(Candidate(f"{specialty}{number}", specialty, worth={NO_SIGNAL: 0.1}) for number in range(count))


@pytest.mark.parametrize(
    ("counts", "cost"),
    [({"im": 30}, 330), ({"im": 43, "fm": 7}, 797), ({"im": 32, "fm": 32}, 780), ({"im": 50}, 930)],
)
def test_the_fee_examples_of_the_service_come_to_its_sums(counts: dict[str, int], cost: int):
    ours = tuple(one for name, count in counts.items() for one in alike(name, count))
    within = best(Problem(ours, dict.fromkeys(counts, ERAS), budget=cost))
    assert (len(within.chosen), within.cost) == (sum(counts.values()), Cost(cost))
    short = best(Problem(ours, dict.fromkeys(counts, ERAS), budget=cost - 1))
    assert len(short.chosen) == sum(counts.values()) - 1


def test_fee_assistance_takes_558_dollars_off_fifty_programs():
    helped = Assistance(Decimal("0.6"), 50)
    choice = best(Problem(alike("im", 51), {"im": ERAS}, assistance=helped, budget=930 - 558 + 30))
    assert (len(choice.chosen), choice.cost) == (51, Cost(402))
