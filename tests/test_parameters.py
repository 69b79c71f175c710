"""How a parameter is read: by the day, or by the season the advice is about, with an earlier one standing in."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartpick_expert.engine.consultation import compiled_for, consult_profile
from smartpick_expert.knowledge.parameter_reader import read_parameters
from smartpick_expert.knowledge.parameters import Figure, Parameter, figures_at
from smartpick_expert.knowledge.seasons import running_season, season_asked
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import parse
from smartpick_expert.language.values import UNKNOWN, Missing
from tests.profiles import AS_OF, WORKSPACE, profile_of

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
SHIPPED = tuple(WORKSPACE.knowledge.parameters.values())


def parameter(values: str, kind: str = "number") -> Parameter:
    """A parameter with these values."""
    text = (
        f"parameters:\n  - {{name: fees.test, meaning: A test., type: {kind}, basis: official, source: S, owner: O, "
        f"values: [{values}]}}\n"
    )
    reader = Reader()
    (found,) = read_parameters(parse(text, "test.yaml"), reader)
    assert reader.problems == []
    return found


@pytest.mark.parametrize(
    ("day", "season"),
    [
        (date(2026, 5, 31), 2026),
        (date(2026, 6, 1), 2027),
        (date(2026, 12, 31), 2027),
        (date(2027, 1, 1), 2027),
        (date(2027, 3, 19), 2027),
        (date(2027, 6, 1), 2028),
    ],
)
def test_a_season_turns_on_the_first_of_june(day: date, season: int):
    assert running_season(day) == season


@pytest.mark.parametrize(("named", "asked"), [(2027, 2027), (2029, 2029), (2026, 2027), (UNKNOWN, 2027)], ids=str)
def test_an_advice_is_about_the_season_named_unless_that_is_over(named: int | Missing, asked: int):
    assert season_asked(named, date(2026, 9, 10)) == asked


def test_a_value_by_season_is_that_of_the_season_asked_for():
    two = parameter("{season: 2025, value: 1}, {season: 2026, value: 2, basis: evidence, source: T}")
    assert [two.at(AS_OF, season) for season in (2025, 2026)] == [
        Figure("fees.test", 1, "official", "S", 2025, 2025),
        Figure("fees.test", 2, "evidence", "T", 2026, 2026),
    ]


def test_the_latest_earlier_season_that_is_known_stands_in():
    stated = parameter("{season: 2024, value: 1}, {season: 2025, value: 2}, {season: 2026, value: }")
    figure = stated.at(AS_OF, 2028)
    assert (figure.value, figure.asked, figure.season, figure.stands_in) == (2, 2028, 2025, True)


def test_a_later_season_never_stands_in():
    figure = parameter("{season: 2026, value: 1}").at(AS_OF, 2025)
    assert (figure.value, figure.season, figure.stands_in) == (UNKNOWN, None, False)


def test_a_day_of_an_earlier_season_never_stands_in():
    figure = parameter("{season: 2026, value: 2026-03-20}", "date").at(AS_OF, 2027)
    assert (figure.value, figure.season, figure.stands_in) == (UNKNOWN, None, False)


def test_behind_its_last_day_a_value_by_days_is_not_known_and_nothing_stands_in():
    dated = parameter("{from: 2025-09-21, to: 2026-09-20, value: 1}")
    found = [
        dated.at(day, 2027) for day in (date(2025, 9, 20), date(2025, 9, 21), date(2026, 9, 20), date(2026, 9, 21))
    ]
    assert [(f.value, f.season, f.stands_in) for f in found] == [
        (UNKNOWN, None, False),
        (1, None, False),
        (1, None, False),
        (UNKNOWN, None, False),
    ]


@given(DAYS, st.integers(2015, 2045))
def test_no_shipped_figure_is_of_a_later_season_than_asked_for(day: date, season: int):
    figures = figures_at(SHIPPED, day, season).by_name.values()
    assert [f for f in figures if f.season is not None and f.season > season] == []


@given(DAYS, st.integers(2015, 2045))
def test_no_shipped_visa_parameter_and_no_day_ever_stands_in(day: date, season: int):
    figures = figures_at(SHIPPED, day, season).by_name
    standing_in = [name for name, figure in figures.items() if figure.stands_in]
    assert [n for n in standing_in if n.startswith(("visa.", "calendar.", "actions."))] == []


def test_the_day_changes_no_figure_by_season():
    of_2027 = [
        figures_at(SHIPPED, day, 2027).by_name for day in (date(2026, 1, 1), date(2026, 9, 10), date(2028, 1, 1))
    ]
    seasonal = [{n: f for n, f in figures.items() if f.asked is not None} for figures in of_2027]
    assert seasonal[0] == seasonal[1] == seasonal[2]


def test_rules_read_the_figures_of_the_season_the_profile_names():
    name = "actions.rank_list_deadline"
    read = {
        season: consult_profile(
            profile_of({"applicant": {"label": "A", "stage": "preparing", "season": season}}), WORKSPACE, AS_OF, "plain"
        ).derivation.compiled.parameters[name]
        for season in (2026, 2027, 2028)
    }
    assert read == {2026: date(2027, 3, 3), 2027: date(2027, 3, 3), 2028: UNKNOWN}


def test_rules_are_compiled_once_for_seasons_that_read_alike():
    def compiled(season: int):
        profile = profile_of({"applicant": {"label": "A", "stage": "preparing", "season": season}})
        return consult_profile(profile, WORKSPACE, AS_OF, "plain").derivation.compiled

    assert compiled(2027) is compiled_for(WORKSPACE, AS_OF)
    assert compiled(2030) is compiled(2031)
    assert compiled(2030) is not compiled(2027)
