"""Calibration: a rate is really hidden, half of them are, and the errors are those that anybody would compute."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartpick_expert.chances.calibration import Band, Calibration, Verdict, calibrate, deviance
from smartpick_expert.chances.hiding import HiddenHalf, hide, needed
from smartpick_expert.chances.rates import Rate
from smartpick_expert.chances.reference import SIBLINGS, Reckoning
from smartpick_expert.language.facts import Fact, listed
from smartpick_expert.language.values import UNKNOWN, Slot
from tests.profiles import WORKSPACE

PROGRAM = WORKSPACE.vocabulary.types["program"]
RECKONING = Reckoning(200, 25, 15, 0.5, 2, 0.8)
SEEDS = st.integers(0, 1000)
SHARES = st.integers(0, 100).map(lambda hundredths: Decimal(hundredths) / 100)
RATES = st.one_of(st.just(UNKNOWN), SHARES)


def program(label: str, non_us: Slot, us: Slot = UNKNOWN, **fields: Slot) -> Fact:
    """A program in pediatrics with these rates."""
    values = {"id": label, "specialty": "pediatrics", "invited_non_us_img": non_us, "invited_us_img": us}
    return listed(PROGRAM, {**values, **fields}, 0)


@st.composite
def catalogues(draw: st.DrawFn) -> list[Fact]:
    rates = draw(st.lists(st.tuples(RATES, RATES), min_size=4, max_size=12))
    return [program(f"p{place}", *pair) for place, pair in enumerate(rates)]


def half_of(programs: list[Fact], seed: int = 1, kind: str = "non_us_img") -> HiddenHalf | None:
    return hide(programs, "pediatrics", kind, RECKONING, seed)


def predictions(half: HiddenHalf | None) -> dict[str, Rate]:
    return {} if half is None else {one.id: one.predicted for one in half.hidden}


def calibrated(programs: list[Fact]) -> Calibration:
    half = half_of(programs)
    assert half is not None
    return calibrate(half, (0.02, 0.1), RECKONING.own_cases, RECKONING.nominal)


@given(catalogues(), SEEDS, st.data())
def test_what_is_hidden_has_no_part_in_any_prediction(programs: list[Fact], seed: int, data: st.DataObject):
    half = half_of(programs, seed)
    hidden = set(predictions(half))
    changed = [
        replace(one, values=tuple((n, data.draw(SHARES) if n == "invited_non_us_img" else v) for n, v in one.values))
        if one.get("id") in hidden
        else one
        for one in programs
    ]
    assert predictions(half_of(changed, seed)) == predictions(half)


@given(catalogues(), SEEDS, st.data())
def test_the_order_of_rows_changes_nothing(programs: list[Fact], seed: int, data: st.DataObject):
    assert half_of(data.draw(st.permutations(programs)), seed) == half_of(programs, seed)


@given(catalogues(), SEEDS, st.sampled_from(sorted(SIBLINGS)))
def test_half_of_the_programs_that_state_the_rate_are_hidden_where_enough_do(
    programs: list[Fact], seed: int, kind: str
):
    stating = [one for one in programs if one.get(f"invited_{kind}") is not UNKNOWN]
    half = half_of(programs, seed, kind)
    assert (half is None) == (len(stating) < needed(RECKONING))
    if half is not None:
        assert (half.stated, len(half.hidden)) == (len(stating), len(stating) // 2)
        assert {one.id: one.stated for one in half.hidden}.items() <= {
            str(one.get("id")): float(one.get(f"invited_{kind}")) for one in stating
        }.items()


def test_another_seed_hides_other_programs_and_the_same_one_the_same():
    programs = [program(f"p{place}", Decimal("0.1")) for place in range(20)]
    hidden = [frozenset(predictions(half_of(programs, seed))) for seed in (1, 1, 2, 3)]
    assert hidden[0] == hidden[1]
    assert len(set(hidden)) == 3


@pytest.mark.parametrize(("least", "expected"), [(1, 2), (2, 3), (10, 19)])
def test_so_many_programs_are_needed_that_those_not_hidden_make_a_median(least: int, expected: int):
    assert needed(replace(RECKONING, least_programs=least)) == expected


def test_programs_of_other_specialties_and_rates_of_nobody_have_no_part():
    several = [program(f"p{place}", Decimal("0.1")) for place in range(6)]
    others = [program("x", Decimal("0.9"), specialty="neurology"), program("y", Decimal(0), applied_non_us_img=0)]
    assert half_of([*several, *others]) == half_of(several)


def test_errors_are_those_of_the_hidden_programs_ours_beside_the_medians():
    # All that are not hidden state 0.1, and those hidden 0.3; nothing is known to predict from but the median.
    flat = [program(f"p{place}", Decimal("0.1")) for place in range(8)]
    hidden = set(predictions(half_of(flat)))
    programs = [program(str(one.get("id")), Decimal("0.3")) if one.get("id") in hidden else one for one in flat]
    found = calibrated(programs)
    shown = {one.measure: (round(one.ours, 4), round(one.median, 4), one.verdict) for one in found.comparisons}
    assert shown == {
        "absolute": (0.2, 0.2, Verdict.SAME),
        "squared": (0.2, 0.2, Verdict.SAME),
        "deviance": (30.7327, 30.7327, Verdict.SAME),
    }
    assert (found.by_sibling, found.is_counted) == (0, False)
    assert found.bands == (Band(0.1, 1.0, 4, pytest.approx(0.1), pytest.approx(0.3), 0),)


def test_ours_is_better_where_the_siblings_rate_tells_the_hidden_one_and_worse_where_it_misleads():
    rates = [Decimal(n) / 100 for n in (1, 2, 4, 8, 16, 32) for _ in range(4)]
    alike = calibrated([program(f"p{place}", rate, rate) for place, rate in enumerate(rates)])
    opposed = calibrated([program(f"p{place}", rate, rates[-1 - place]) for place, rate in enumerate(rates)])
    assert [one.verdict for one in alike.comparisons] == [Verdict.BETTER] * 3
    assert alike.no_better == ()
    assert [one.verdict for one in opposed.no_better] == [Verdict.WORSE] * 3


def test_a_single_program_makes_no_difference_clear():
    several = [program(label, rate, rate) for label, rate in (("a", Decimal("0.1")), ("b", Decimal("0.4")))]
    one = hide(several, "pediatrics", "non_us_img", replace(RECKONING, least_programs=1), 1)
    assert one is not None
    found = calibrate(one, (), RECKONING.own_cases, RECKONING.nominal)
    assert [(each.verdict, each.ours < each.median) for each in found.comparisons] == [(Verdict.UNCLEAR, True)] * 3


def test_where_all_state_how_many_applied_these_weigh_in_the_deviance_alone():
    def found(large: int) -> list[float]:
        rates = [Decimal(n) / 100 for n in (2, 4, 10, 20, 40, 60)]
        several = [
            program(f"p{place}", rate, rate, applied_non_us_img=large if rate > Decimal("0.1") else 50)
            for place, rate in enumerate(rates)
        ]
        calibration = calibrated(several)
        assert calibration.is_counted
        return [round(one.ours, 6) for one in calibration.comparisons]

    even, uneven = found(50), found(5000)
    assert even[:2] == uneven[:2]
    assert even[2] != uneven[2]


@given(catalogues())
def test_every_hidden_program_stands_in_one_band(programs: list[Fact]):
    half = half_of(programs)
    if half is not None:
        found = calibrate(half, (0.02, 0.1), 200, 0.8)
        assert sum(band.programs for band in found.bands) == len(half.hidden) == found.all.programs
        assert sum(band.within for band in found.bands) == found.all.within
        assert [band for band in found.bands if not band.low <= band.predicted <= band.high] == []


@given(st.floats(0, 1), st.floats(0.001, 0.999))
def test_no_prediction_loses_less_than_what_is_stated(stated: float, predicted: float):
    assert deviance(stated, predicted) >= -1e-12
    assert deviance(predicted, predicted) == 0
