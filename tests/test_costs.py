"""What the advice says of the costs of a plan: by steps, with once-only fees, honest about what is not known."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from smartpick_expert.report.costs_model import CostsView
from tests.advised import PERSONAS, advice_of, advice_on, persona_data, without_explanations
from tests.profiles import AS_OF, Data

HEADING = "What applications would cost"
IM_100 = {"specialty": "internal_medicine", "programs": 100}
OBGYN_20 = {"specialty": "obstetrics_gynecology", "programs": 20}
ONCE = 185 + 80 + 85


def profile(*plan: Data, budget: int | None = None, season: int | None = 2027) -> Data:
    """A profile with a plan."""
    applicant = {"label": "A", "stage": "preparing"} | ({"season": season} if season is not None else {})
    data: Data = {"applicant": applicant, "application_plan": list(plan)}
    return data | ({"preference": {"budget_usd": budget}} if budget is not None else {})


def costs(folder: Path, *plan: Data, budget: int | None = None, as_of: date = AS_OF) -> CostsView:
    view = advice_of(profile(*plan, budget=budget), folder, as_of).view
    assert view.costs is not None
    return view.costs


def in_one_line(text: str) -> str:
    return " ".join(text.split())


def test_a_plan_costs_its_steps_and_the_fees_due_once(tmp_path: Path):
    found = costs(tmp_path, IM_100, {"specialty": "pediatrics", "programs": 25})
    assert [
        (line.specialty, [(c.programs, c.fee) for c in line.charges], line.amount) for line in found.specialties
    ] == [
        ("internal medicine", [(30, 11), (70, 30)], 2430),
        ("pediatrics", [(25, 11)], 275),
    ]
    assert {fee.name: fee.amount for fee in found.once} == {
        "fees.eras_token": 185,
        "fees.usmle_transcript": 80,
        "fees.nrmp_registration": 85,
    }
    assert (found.amount, found.is_lower_bound, found.unknown) == (2430 + 275 + ONCE, False, ())


@pytest.mark.parametrize(
    ("plan", "unknown"),
    [
        (OBGYN_20, "fees.residencycas_applications"),
        ({"specialty": "emergency_medicine", "programs": 20}, "fees.residencycas_applications"),
        ({"specialty": "other", "programs": 20}, "application_plan"),
        ({"specialty": "pediatrics"}, "application_plan"),
    ],
    ids=["ResidencyCAS since 2025", "ResidencyCAS since 2026", "a service not known", "a number not given"],
)
def test_what_is_not_known_makes_the_sum_a_lower_bound(plan: Data, unknown: str, tmp_path: Path):
    found = costs(tmp_path, IM_100, plan)
    assert (found.amount, found.is_lower_bound, found.unknown) == (2430 + ONCE, True, (unknown,))


def test_whoever_needs_no_eras_pays_none_of_its_fees(tmp_path: Path):
    found = costs(tmp_path, OBGYN_20)
    assert ([fee.name for fee in found.once], found.amount) == (["fees.nrmp_registration"], 85)


@pytest.mark.parametrize(
    ("plan", "budget", "said", "over_by"),
    [
        ([IM_100], None, "", None),
        ([IM_100], 2430 + ONCE, "within", None),
        ([IM_100], 2430 + ONCE - 1, "over", 1),
        ([IM_100, OBGYN_20], 2430 + ONCE, "open", None),
        ([IM_100, OBGYN_20], 2000, "over", 780),
    ],
)
def test_a_lower_bound_can_be_over_a_budget_and_never_surely_within(
    plan: list[Data], budget: int | None, said: str, over_by: int | None, tmp_path: Path
):
    found = costs(tmp_path, *plan, budget=budget)
    assert (found.against_budget, found.over_by) == (said, over_by)


def test_a_season_whose_fees_are_not_known_has_a_lower_bound(tmp_path: Path):
    data = profile(IM_100, season=2026)
    view = advice_of(data, tmp_path, date(2025, 9, 10)).view
    assert view.costs is not None
    assert (view.season.season, view.costs.amount, view.costs.unknown) == (
        2026,
        2430 + 80,
        ("fees.eras_token", "fees.nrmp_registration"),
    )


def test_every_document_shows_the_costs_the_seasons_and_how_the_fees_are_known(tmp_path: Path):
    advice = advice_of(profile(IM_100, OBGYN_20, budget=2500), tmp_path)
    for form in ("html", "md"):
        text = in_one_line(without_explanations(advice.document(form)))
        for words in (
            HEADING,
            "30 at 11 and 70 at 30",
            "through ResidencyCAS, whose fee is not known",
            "at least 2,780",
            "Even what is known of it is US$ 280 more than the US$ 2,500 you set aside",
            "3 gold (in 2026), 12 silver (in 2026)",
            "season 2026, standing in for 2027, from a second-hand copy",
            "Figures of the season 2026 stand in for those of 2027, which we do not know:",
            "Fee for the USMLE transcript, once",
        ):
            assert words in text, form
    record = json.loads(advice.document("json"))
    assert (record["season"], record["stand_ins"]["fees.usmle_transcript"]) == (2027, 2026)
    assert record["advice"]["costs"]["amount"] == 2780
    assert record["parameters"]["fees.eras_applications"] == [{"each": 11, "up_to": 30}, {"each": 30, "up_to": None}]
    assert [one["name"] for one in record["advice"]["season"]["stand_ins"]] == [
        "applications.residencycas_specialties",
        "applications.eras_specialties",
        "fees.usmle_transcript",
        "signals.internal_medicine.gold",
        "signals.internal_medicine.silver",
        "signals.obstetrics_gynecology.gold",
        "signals.obstetrics_gynecology.silver",
    ]


@pytest.mark.parametrize("form", ["html", "md"])
def test_a_season_far_ahead_is_not_said_to_have_fees_and_each_row_names_whose_they_are(form: str, tmp_path: Path):
    advice = advice_of(profile(IM_100, OBGYN_20, season=2030), tmp_path)
    text = in_one_line(without_explanations(advice.document(form)))
    shown = (
        "For the season 2030, in US dollars, from the numbers of programs you mean to apply to. Where the fee of that season is not known",
        "30 at 11 and 70 at 30 (fee of 2027, standing in)",
        "whose fee is not known",
        "Fee for the ERAS token that ECFMG issues to international graduates, once (fee of 2027, standing in)",
        "Fee for the USMLE transcript, once (fee of 2026, standing in)",
        "Together, with fees of earlier seasons among them",
    )
    assert [words for words in shown if words not in text] == []
    assert "fees of the season 2030" not in text
    assert "whose fee is not known (fee of" not in text


def test_a_row_whose_fee_is_of_the_season_is_not_marked(tmp_path: Path):
    found = costs(tmp_path, IM_100, OBGYN_20)
    assert [line.fee_of for line in found.specialties] == [None, None]
    assert {fee.name: fee.fee_of for fee in found.once} == {
        "fees.eras_token": None,
        "fees.usmle_transcript": 2026,
        "fees.nrmp_registration": None,
    }


def test_where_every_fee_is_of_the_season_none_is_said_to_stand_in(tmp_path: Path):
    text = in_one_line(advice_of(profile(OBGYN_20), tmp_path).document("md"))
    assert "with fees of the season 2027 as far as they are known" in text
    assert "| **Together** |" in text


def test_each_stand_in_is_named_once(tmp_path: Path):
    page = in_one_line(advice_of(profile(IM_100), tmp_path).document("html"))
    assert page.count("<code>fees.usmle_transcript</code>") == 1


def test_every_fee_that_is_shown_leads_to_its_source(tmp_path: Path):
    view = advice_of(profile(IM_100, OBGYN_20), tmp_path).view
    assert view.costs is not None
    shown = {fee.source for fee in (*view.costs.fees, *view.season.stand_ins)}
    assert shown - {citation.id for citation in view.citations} == set()


@pytest.mark.parametrize("persona", [p for p in PERSONAS if "application_plan" not in persona_data(p)])
def test_nothing_is_shown_of_costs_where_no_plan_was_given(persona: str):
    advice = advice_on(persona)
    assert advice.view.costs is None
    assert [form for form in ("html", "md") if HEADING in advice.document(form)] == []


def test_a_plan_of_nothing_costs_nothing_and_shows_nothing(tmp_path: Path):
    assert advice_of(profile(), tmp_path).view.costs is None


@pytest.mark.parametrize(
    ("season", "words"),
    [
        (
            None,
            "Your profile names no season, so figures that change by season are those of the one running now, the Match of 2027.",
        ),
        (
            2025,
            "The Match of 2025 that your profile names is over, so figures that change by season are those of the Match of 2027.",
        ),
    ],
    ids=["none named", "one that is over"],
)
@pytest.mark.parametrize("form", ["html", "md"])
def test_a_season_that_had_to_be_assumed_is_named(form: str, season: int | None, words: str, tmp_path: Path):
    assert words in in_one_line(advice_of(profile(IM_100, season=season), tmp_path).document(form))
