"""Fees by steps, and sums of them: exact, growing with the programs, and a lower bound as soon as a part is not known."""

from __future__ import annotations

from decimal import Decimal
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartpick_expert.knowledge.fees import Cost, Step, Steps, applications_cost, assisted, fee_cost, total
from smartpick_expert.language.values import UNKNOWN
from tests.profiles import WORKSPACE

ERAS = {season.season: season.value for season in WORKSPACE.knowledge.parameters["fees.eras_applications"].seasons}
FEES = st.integers(0, 10_000) | st.decimals(0, 1_000, places=2, allow_nan=False)
NAMES = st.sampled_from(["fees.one", "fees.two", "fees.three"])
COSTS = st.builds(Cost, FEES, st.lists(NAMES, max_size=2, unique=True).map(tuple))
PROGRAMS = st.integers(0, 400)


@st.composite
def steps(draw: st.DrawFn, *, endless: bool | None = None) -> Steps:
    """A table of steps; without an end where that is asked for."""
    widths = draw(st.lists(st.integers(1, 60), min_size=1, max_size=4))
    ends: list[int | None] = list(accumulate(widths))
    if draw(st.booleans()) if endless is None else endless:
        ends[-1] = None
    return Steps(tuple(Step(end, draw(FEES), draw(st.booleans())) for end in ends))


def one_by_one(table: Steps, programs: int) -> tuple[Decimal, bool]:
    """What it comes to when each program is charged by itself, and whether there was a fee for every one."""
    amount, charged, begun = Decimal(0), 0, set()
    for number in range(1, programs + 1):
        step = next((s for s in table.steps if s.up_to is None or number <= s.up_to), None)
        if step is None:
            return amount, False
        if not (step.flat and step in begun):
            amount += step.fee
        begun.add(step)
        charged += 1
    return amount, charged == programs


@given(steps(), PROGRAMS)
def test_a_cost_by_steps_is_what_the_programs_cost_one_by_one(table: Steps, programs: int):
    cost = applications_cost("fees.one", table, programs)
    assert (cost.amount, not cost.is_lower_bound) == one_by_one(table, programs)


@given(steps(), PROGRAMS, PROGRAMS)
def test_more_programs_never_cost_less(table: Steps, programs: int, more: int):
    assert (
        applications_cost("fees.one", table, programs).amount
        <= applications_cost("fees.one", table, programs + more).amount
    )


@given(steps(), PROGRAMS)
def test_what_the_steps_charge_for_adds_up_to_the_programs(table: Steps, programs: int):
    end = table.steps[-1].up_to
    charged = sum(charge.programs for charge in table.charges(programs))
    assert charged == (programs if end is None else min(programs, end))


@given(st.lists(COSTS), st.lists(COSTS))
def test_sums_of_costs_add_up(some: list[Cost], others: list[Cost]):
    assert total([*some, *others]) == total(some) + total(others)


@given(st.lists(COSTS))
def test_a_sum_is_a_lower_bound_if_one_of_its_parts_is(costs: list[Cost]):
    assert total(costs).is_lower_bound == any(cost.is_lower_bound for cost in costs)


@given(st.lists(COSTS), NAMES)
def test_an_unknown_fee_adds_its_name_and_nothing_else(costs: list[Cost], name: str):
    with_it = total([*costs, fee_cost(name, UNKNOWN)])
    assert (with_it.amount, set(with_it.unknown)) == (total(costs).amount, {*total(costs).unknown, name})


@given(steps(endless=True), PROGRAMS, PROGRAMS)
def test_every_specialty_starts_again_at_the_first_step(table: Steps, programs: int, others: int):
    both = total(applications_cost("fees.one", table, number) for number in (programs, others))
    assert both.amount == one_by_one(table, programs)[0] + one_by_one(table, others)[0]


@pytest.mark.parametrize("season", [2025, 2026, 2027])
@pytest.mark.parametrize(("programs", "cost"), [(30, 330), (60, 1230), (100, 2430), (150, 3930), (200, 5430)])
def test_applications_through_eras_cost_what_was_published(season: int, programs: int, cost: int):
    assert applications_cost("fees.eras_applications", ERAS[season], programs) == Cost(cost)


@pytest.mark.parametrize(("programs", "cost"), [(1, 99), (10, 99), (11, 118), (20, 289), (30, 519), (31, 546)])
def test_the_first_ten_of_2024_cost_one_sum(programs: int, cost: int):
    assert applications_cost("fees.eras_applications", ERAS[2024], programs) == Cost(cost)


def test_an_unknown_fee_or_number_of_programs_leaves_a_lower_bound_of_nothing():
    assert [
        applications_cost("fees.one", UNKNOWN, 20),
        applications_cost("fees.one", Steps((Step(None, 11),)), None),
    ] == [Cost(0, ("fees.one",))] * 2


def test_past_the_last_step_the_cost_is_a_lower_bound():
    assert applications_cost("fees.one", Steps((Step(20, 0), Step(300, 30))), 301) == Cost(8400, ("fees.one",))


def test_cents_are_kept():
    table = Steps((Step(3, Decimal("0.1")), Step(None, Decimal("33.33"))))
    assert applications_cost("fees.one", table, 6) == Cost(Decimal("100.29"))


ASSISTED = [
    (Steps((Step(30, 11), Step(None, 30))), 50, [Step(30, Decimal("4.4")), Step(50, 12), Step(None, 30)]),
    (Steps((Step(30, 11), Step(None, 30))), 30, [Step(30, Decimal("4.4")), Step(None, 30)]),
    (Steps((Step(30, 11),)), 50, [Step(30, Decimal("4.4"))]),
    (Steps((Step(30, 11),)), 0, [Step(30, 11)]),
    (Steps((Step(10, 100, flat=True), Step(None, 20))), 20, [Step(10, 40, flat=True), Step(20, 8), Step(None, 20)]),
    (Steps((Step(10, 100, flat=True), Step(None, 20))), 5, [Step(10, 100, flat=True), Step(None, 20)]),
]


@pytest.mark.parametrize(("steps", "programs", "expected"), ASSISTED)
def test_assistance_takes_its_share_off_the_first_programs_and_parts_the_step_they_end_in(steps, programs, expected):
    assert assisted(steps, Decimal("0.6"), programs) == Steps(tuple(expected))
