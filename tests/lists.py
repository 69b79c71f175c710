"""Made-up problems of choosing a list, small enough that every list can be tried out."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import product

from hypothesis import strategies as some

from smartpick_expert.knowledge.fees import Cost, Step, Steps
from smartpick_expert.language.values import UNKNOWN
from smartpick_expert.selection.choice import choice_of, faults, millionths
from smartpick_expert.selection.problem import FIELDS, NO_SIGNAL, Assistance, Bound, Candidate, Once, Problem, Quota

ERAS = Steps((Step(30, 11), Step(None, 30)))
# Small tables of the shapes that fees have had: dearer from some number on, cheaper, flat to begin with, an end, cents.
SHAPES = (
    Steps((Step(2, 11), Step(None, 30))),
    Steps((Step(1, 30), Step(None, 11))),
    Steps((Step(2, 99, flat=True), Step(3, 19), Step(None, 27))),
    Steps((Step(1, 5), Step(3, 40, flat=True), Step(None, Decimal("2.5")))),
    Steps((Step(1, 11), Step(3, 30), Step(None, 2))),
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


def lists_by_trial(problem: Problem) -> list[tuple[int, Fraction, dict[str, str]]]:
    """Every list that keeps all demands: what it is worth and costs, and its ids with their signals; best and then cheapest first."""
    options = [(None, NO_SIGNAL, *(kind for kind in sorted(one.worth) if kind)) for one in problem.candidates]
    found = []
    for picked in product(*options):
        pairs = zip(problem.candidates, picked, strict=True)
        signals = {one.id: kind for one, kind in pairs if kind is not None}
        if faults(problem, signals) == ():
            cost = choice_of(problem, signals).cost.amount
            found.append((millionths(problem, signals), Fraction(cost), signals))
    return sorted(found, key=lambda one: (-one[0], one[1], sorted(one[2].items())))


def by_trial(problem: Problem) -> list[tuple[int, Fraction]]:
    """What every list that keeps all demands is worth and costs, best and then cheapest first."""
    return [(worth, cost) for worth, cost, _ in lists_by_trial(problem)]
