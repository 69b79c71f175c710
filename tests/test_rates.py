"""Base rates: whose figure they rest on, what range they have, and that nothing else moves them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartpick_expert.chances.intervals import from_log_odds, interval, log_odds, within
from smartpick_expert.chances.rates import Rate, predicted, rate_of
from smartpick_expert.chances.reference import (
    PARAMETERS_READ,
    SIBLINGS,
    Reckoning,
    Reference,
    Typical,
    applicant_type_of,
    reckoning_of,
    reference_of,
)
from smartpick_expert.diagnostics import Problems
from smartpick_expert.knowledge.parameters import Figure, Figures, figures_at
from smartpick_expert.language.facts import Fact, listed
from smartpick_expert.language.values import UNKNOWN, Slot
from tests.profiles import AS_OF, WORKSPACE

FIGURES = figures_at(WORKSPACE.knowledge.parameters.values(), AS_OF)
PROGRAM = WORKSPACE.vocabulary.types["program"]
RECKONING = Reckoning(200, 25, 15, 0.5, 3, 0.8)
REFERENCE = Reference(
    RECKONING,
    {
        ("pediatrics", "us_img"): Typical(0.06, "invited.pediatrics.us_img", "evidence:a"),
        ("pediatrics", "non_us_img"): Typical(0.03, "invited.pediatrics.non_us_img", "evidence:b"),
    },
)
KINDS = st.sampled_from(sorted(SIBLINGS))
SHARES = st.integers(0, 100).map(lambda hundredths: Decimal(hundredths) / 100)


def program(**values: Slot | float) -> Fact:
    """A program in pediatrics with these fields; a float is held as a catalogue holds it."""
    read: dict[str, Slot] = {"id": "a", "name": "A (fictional)", "specialty": "pediatrics"}
    read |= {name: Decimal(str(value)) if isinstance(value, float) else value for name, value in values.items()}
    return listed(PROGRAM, read, 0)


@st.composite
def programs(draw: st.DrawFn) -> Fact:
    fields: dict[str, Slot] = {"specialty": draw(st.sampled_from(["pediatrics", "neurology", UNKNOWN]))}
    for kind in SIBLINGS:
        fields[f"invited_{kind}"] = draw(st.one_of(st.just(UNKNOWN), SHARES))
        fields[f"applied_{kind}"] = draw(st.one_of(st.just(UNKNOWN), st.integers(0, 3000)))
    return program(**fields)


def found(one: Fact, kind: str = "non_us_img") -> tuple[str, float, float, float] | None:
    """Whose figure the rate rests on, and its low end, itself and its high end in per cents."""
    rate = rate_of(one, kind, REFERENCE)
    return rate and (rate.of, round(100 * rate.low, 1), round(100 * rate.expected, 1), round(100 * rate.high, 1))


def test_a_programs_own_rate_stands_as_it_is_stated():
    one = program(invited_non_us_img=0.05, invited_us_img=0.4)
    assert rate_of(one, "non_us_img", REFERENCE) == Rate(
        0.05, *interval(0.05, 200, 0.8), of="own", field="invited_non_us_img", cases=None, source=""
    )
    assert found(one) == ("own", 3.2, 5.0, 7.2)


def test_without_it_the_median_moves_half_as_far_as_the_siblings_rate_lies_from_its_own():
    # The odds of 0.2 are 3.9 times those of the median 0.06, and half of that on the scale of log-odds is a factor of 1.98.
    assert found(program(invited_us_img=0.2)) == ("sibling", 1.3, 5.8, 13.1)
    assert found(program(invited_us_img=0.06)) == ("sibling", 0.2, 3.0, 8.9)


def test_without_either_the_specialtys_median_stands_with_a_wide_range():
    assert rate_of(program(), "non_us_img", REFERENCE) == Rate(
        0.03,
        *interval(0.03, 15, 0.8),
        of="specialty",
        field="invited.pediatrics.non_us_img",
        cases=None,
        source="evidence:b",
    )


def test_without_a_median_nothing_is_known_but_the_programs_own_rate():
    assert rate_of(program(specialty="neurology", invited_us_img=0.2), "non_us_img", REFERENCE) is None
    assert rate_of(program(specialty=UNKNOWN), "non_us_img", REFERENCE) is None
    assert found(program(specialty=UNKNOWN, invited_non_us_img=0.05)) == ("own", 3.2, 5.0, 7.2)


def test_a_stated_zero_is_a_small_chance_and_no_impossibility():
    assert found(program(invited_non_us_img=0)) == ("own", 0.0, 0.2, 0.9)


def test_a_rate_on_few_applicants_is_filled_up_with_what_would_be_expected_without_it():
    half = program(invited_non_us_img=0.5, applied_non_us_img=2)
    assert found(half) == ("own", 2.1, 9.3, 20.9)
    assert found(program(invited_non_us_img=0.5, applied_non_us_img=20)) == ("own", 35.9, 50.0, 64.1)
    rate = rate_of(half, "non_us_img", REFERENCE)
    assert rate is not None
    assert (rate.cases, rate.source) == (2, "evidence:b")


def test_a_rate_of_nobody_says_nothing():
    assert found(program(invited_non_us_img=0, applied_non_us_img=0)) == found(program())
    assert found(program(invited_us_img=0.9, applied_us_img=0)) == found(program())


def test_more_applicants_narrow_a_range_and_no_more_than_a_season_can_tell():
    def width(applied: int) -> float:
        rate = rate_of(program(invited_non_us_img=0.1, applied_non_us_img=applied), "non_us_img", REFERENCE)
        assert rate is not None
        return round(rate.high - rate.low, 3)

    assert [width(applied) for applied in (30, 100, 200, 5000)] == [0.139, 0.077, 0.054, 0.054]


def test_the_match_has_words_of_its_own_for_the_kinds_of_applicants():
    words = WORKSPACE.vocabulary.types["applicant"].fields["nrmp_type"].values
    assert {word: applicant_type_of(word) for word in (*words, UNKNOWN)} == {
        "us_citizen_img": "us_img",
        "non_us_citizen_img": "non_us_img",
        UNKNOWN: None,
    }


def test_every_published_median_is_of_a_specialty_that_programs_can_state():
    published = reference_of((), FIGURES).medians
    assert {specialty for specialty, _ in published} - set(PROGRAM.fields["specialty"].values) == set()
    assert {kind for _, kind in published} == set(SIBLINGS)
    assert published["internal_medicine", "non_us_img"] == Typical(
        0.02, "invited.internal_medicine.non_us_img", "evidence:invitations-internal-medicine"
    )


def test_the_published_median_goes_before_that_of_the_catalogue():
    several = [program(invited_us_img=0.5) for _ in range(50)]
    assert reference_of(several, FIGURES).typical("pediatrics", "us_img") == Typical(
        0.06, "invited.pediatrics.us_img", "evidence:invitations-pediatrics"
    )


def test_where_none_is_published_enough_programs_make_a_median_of_their_own():
    def typical(count: int) -> Typical | None:
        rates = (0.1, 0.2, 0.4, 0.8)[:count]
        several = [program(specialty="child_neurology", invited_us_img=rate) for rate in rates]
        figures = {**FIGURES.by_name, "chances.least_programs": Figure("", 3, "assumption", "")}
        return reference_of(several, Figures(2027, figures)).typical("child_neurology", "us_img")

    assert typical(2) is None
    assert typical(3) == Typical(0.2, "invited_us_img", "the median of 3 programs of the catalogue")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("chances.sibling_weight", Decimal("1.5"), "is 1.5, and it must be from 0 to 1."),
        ("chances.nominal_share", 1, "is 1, and it must be between 0 and 1, without them."),
        ("chances.own_cases", 0, "is 0, and it must be at least 1."),
        ("chances.own_cases", UNKNOWN, "has no value for this day, and no chance can be reckoned without it."),
    ],
)
def test_a_parameter_that_nothing_can_be_reckoned_with_is_refused(name: str, value: Slot, expected: str):
    figures = Figures(2027, {**FIGURES.by_name, name: Figure(name, value, "assumption", "")})
    with pytest.raises(Problems) as caught:
        reckoning_of(figures)
    assert [one.message for one in caught.value.diagnostics] == [f"The parameter '{name}' {expected}"]


def test_every_parameter_that_is_missing_is_named_at_once():
    with pytest.raises(Problems) as caught:
        reckoning_of(Figures(2027, {}))
    named = {one.message.split("'")[1] for one in caught.value.diagnostics}
    assert named == {name for name in PARAMETERS_READ if name != "chances.bands"}


@given(programs(), KINDS)
def test_every_rate_lies_in_its_range_and_every_range_between_none_and_all(one: Fact, kind: str):
    rate = rate_of(one, kind, REFERENCE)
    if rate is not None:
        assert 0 <= rate.low <= rate.expected <= rate.high <= 1
        assert 0 < rate.expected < 1


@given(programs(), KINDS)
def test_the_own_rate_wins_wherever_somebody_applied(one: Fact, kind: str):
    rate = rate_of(one, kind, REFERENCE)
    is_stated = one.get(f"invited_{kind}") is not UNKNOWN and one.get(f"applied_{kind}") != 0
    assert (rate is not None and rate.of == "own") == is_stated


@given(programs(), KINDS, st.one_of(st.just(UNKNOWN), SHARES))
def test_what_is_predicted_does_not_see_the_own_rate(one: Fact, kind: str, other: Slot):
    changed = replace(
        one, values=tuple((name, other if name == f"invited_{kind}" else slot) for name, slot in one.values)
    )
    assert predicted(changed, kind, REFERENCE) == predicted(one, kind, REFERENCE)


@given(programs(), KINDS, SHARES, SHARES)
def test_a_program_that_invites_more_never_has_a_lower_rate(one: Fact, kind: str, share: Decimal, other: Decimal):
    fields = dict(one.values) | {"specialty": "pediatrics"}
    for which in SIBLINGS:
        low, high = (
            rate_of(program(**{**fields, f"invited_{which}": value}), kind, REFERENCE)
            for value in sorted((share, other))
        )
        assert low is not None
        assert high is not None
        assert low.expected <= high.expected + 1e-12


@given(st.permutations([program(invited_us_img=rate) for rate in (0.0, 0.1, 0.1, 0.5, 0.9)]))
def test_the_order_of_programs_moves_no_median(several: list[Fact]):
    expected = reference_of(sorted(several, key=lambda one: str(one.get("invited_us_img"))), FIGURES)
    assert reference_of(several, FIGURES) == expected


@given(st.floats(0, 1), st.floats(1, 10_000), st.floats(0.01, 0.99))
def test_a_range_holds_its_share_and_fewer_cases_never_narrow_it(share: float, cases: float, nominal: float):
    low, high = interval(share, cases, nominal)
    lower, higher = interval(share, cases / 2, nominal)
    assert 0 <= low <= share <= high <= 1
    assert higher - lower >= high - low - 1e-9


@given(st.floats(0.001, 0.999), st.floats(1, 1000))
def test_log_odds_lead_back_to_the_share_and_no_share_stays_at_an_end(share: float, cases: float):
    assert abs(from_log_odds(log_odds(share)) - share) < 1e-9
    assert 0 < within(0.0, cases) <= within(share, cases) <= within(1.0, cases) < 1
