"""What an action would change is what the rules say of the profile with it, and the order of actions follows from it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from smartpick_expert.advice import advise
from smartpick_expert.engine.consultation import consult_profile
from smartpick_expert.intake.edits import edited
from smartpick_expert.knowledge.actions import Action
from smartpick_expert.language.operators import Truth
from smartpick_expert.planning.effects import Effect, GateTurn, ReasonTurn, Turn, effect_between
from smartpick_expert.planning.steps import Step, Unseen, steps_of
from smartpick_expert.report.advised_model import AdvisedAction
from smartpick_expert.workspace import Workspace
from tests.advised import PERSONAS, advice_of, advice_on, persona_data
from tests.profiles import AS_OF, WORKSPACE, profile_of

ACTIONS = WORKSPACE.knowledge.actions


# A day on which new work can still lead to a letter this season.
BUILDING = date(2026, 7, 6)


def steps(data: dict[str, Any], as_of: date = AS_OF, workspace: Workspace = WORKSPACE, engine: str = "plain"):
    """The steps of a profile, by name."""
    return steps_of(consult_profile(profile_of(data), workspace, as_of, engine), workspace, engine)


def of_persona(name: str, **sections: Any) -> dict[str, Step]:
    """The steps of a persona, some of whose sections are others."""
    return steps(persona_data(name) | sections)


def advised(name: str) -> list[AdvisedAction]:
    return list(advice_on(name).view.actions)


def with_action(action: Action) -> Workspace:
    """The shipped workspace with an action replaced."""
    knowledge = replace(WORKSPACE.knowledge, actions={**ACTIONS, action.name: action})
    return replace(WORKSPACE, knowledge=knowledge)


# --- what a step would change ------------------------------------------------------------------------------------------------


def test_a_step_changes_the_reasons_that_the_rules_give_with_it():
    assert of_persona("high_risk")["explain_record"].effect == Effect(
        ("high_risk",), ("high_risk",), (ReasonTurn("record", "against", Turn.WEAKENS, "moderate", "slight"),)
    )


def test_a_filter_that_would_be_passed_is_told():
    effect = steps(persona_data("stopped_by_filters"), BUILDING)["find_rotation_with_duties"].effect
    assert effect is not None
    assert effect.gates == (GateTurn("us_work", "failed", "passed"),)
    assert ReasonTurn("us_work", "against", Turn.GOES, "moderate", "") in effect.reasons


def test_an_examination_passed_has_no_particular_score():
    effect = of_persona("stopped_by_filters")["pass_step2"].effect
    assert effect is not None
    scores = {(turn.side, turn.turn) for turn in effect.reasons if turn.kind == "score"}
    assert scores == {("for", Turn.MAY_COME), ("against", Turn.MAY_COME)}


def test_a_sitting_that_was_failed_stays_in_the_count():
    """Whoever failed once has sat twice when the pass is there, so what speaks against that does not go."""
    effect = of_persona("reapplicant_failed_attempt")["pass_step2"].effect
    assert effect is not None
    assert [turn for turn in effect.reasons if turn.kind == "attempts"] == []


def test_an_action_that_changes_nothing_has_no_effect_and_says_what_it_is_good_for():
    found = {name: step for persona in PERSONAS for name, step in of_persona(persona).items()}
    assert [name for name, s in found.items() if s.action.changes_nothing and (s.effect or s.unseen)] == []


def test_a_step_whose_stage_is_past_changes_nothing():
    action = ACTIONS["explain_record"]
    assert (len(action.edits_at("preparing")), action.edits_at("interviewing")) == (2, ())


@pytest.mark.parametrize("engine", ["plain", "durable"])
def test_both_engines_show_the_same_steps_each_time(engine: str):
    if engine == "durable":
        pytest.importorskip("durable_rules_engine", reason="durable-rules is not installed", exc_type=ImportError)
    data = persona_data("high_risk")
    assert steps(data, engine=engine) == steps(data)


def test_the_effect_is_the_difference_of_two_consultations():
    profile = profile_of(persona_data("high_risk"))
    then = consult_profile(profile, WORKSPACE, BUILDING, "plain")
    step = steps_of(then, WORKSPACE, "plain")["find_rotation_with_duties"]
    changed = edited(profile, step.action.edits_at("reapplying"), WORKSPACE.vocabulary)
    now = consult_profile(changed, WORKSPACE, BUILDING, "plain")
    assert step.effect == effect_between(then.derivation, now.derivation, WORKSPACE.vocabulary)


def test_the_way_back_is_the_opposite():
    before, after = (
        consult_profile(profile_of(persona_data(name)), WORKSPACE, AS_OF, "plain").derivation
        for name in ("high_risk", "probably_safe")
    )
    there, back = (effect_between(*pair, WORKSPACE.vocabulary) for pair in ((before, after), (after, before)))
    opposite = {
        Turn.GOES: Turn.COMES,
        Turn.COMES: Turn.GOES,
        Turn.WEAKENS: Turn.STRENGTHENS,
        Turn.STRENGTHENS: Turn.WEAKENS,
    }
    sure = {(t.kind, t.side, opposite[t.turn], t.after, t.before) for t in there.reasons if t.turn.is_sure}
    assert sure == {(t.kind, t.side, t.turn, t.before, t.after) for t in back.reasons if t.turn.is_sure}
    assert (there.before, there.after) == (back.after, back.before)


def test_what_only_rules_for_the_advisor_conclude_is_not_told():
    """A letter that works against its bearer is the advisor's to know; its weight changes, and nothing says so."""
    hidden = {rule.id for rule in WORKSPACE.ruleset.rules if "applicant" not in rule.audience}
    for persona in PERSONAS:
        consultation = consult_profile(profile_of(persona_data(persona)), WORKSPACE, AS_OF, "plain")
        derivation = consultation.derivation
        told = {
            (str(fact.get("kind")), str(fact.get("side")))
            for fact, firings in derivation.possible_justifications.items()
            if fact.type == "reason" and {firing.rule_id for firing in firings} - hidden
        }
        named = {
            (turn.kind, turn.side)
            for step in steps_of(consultation, WORKSPACE, "plain").values()
            if step.effect is not None
            for turn in step.effect.reasons
            if turn.before
        }
        assert named - told == set(), persona


# --- what must be true first ---------------------------------------------------------------------------------------------------


def test_a_need_is_met_not_met_or_not_known():
    def exams(*found: dict[str, Any]) -> list[Truth]:
        certification = of_persona("stopped_by_filters", exam=list(found))["finish_certification"]
        return [truth for _, truth in certification.needs]

    passed = {"name": "step1", "result": "pass", "attempts": 1}, {"name": "step2_ck", "result": "pass", "attempts": 1}
    assert [exams(*passed)[0], exams(passed[0])[0], exams(passed[0], {"name": "step2_ck", "attempts": 1})[0]] == [
        Truth.YES,
        Truth.NO,
        Truth.UNKNOWN,
    ]


def test_what_no_fact_can_tell_is_not_known():
    assert [truth for _, truth in steps(persona_data("high_risk"), BUILDING)["find_rotation_with_duties"].needs] == [
        Truth.UNKNOWN
    ]


def test_what_a_step_changes_is_not_shown_before_what_it_needs_is_there():
    certification = of_persona("high_risk")["finish_certification"]
    assert (certification.effect, certification.unseen) == (None, Unseen.NEEDS)


def test_a_change_that_would_contradict_the_profile_is_not_shown():
    certification = replace(ACTIONS["finish_certification"], needs=())
    data = persona_data("stopped_by_filters")
    found = steps(data, workspace=with_action(certification))["finish_certification"]
    assert (found.effect, found.unseen) == (None, Unseen.CONTRADICTION)


# --- the order ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("persona", PERSONAS)
def test_official_requirements_come_first_and_what_is_sooner_comes_before_them(persona: str):
    words = list(WORKSPACE.vocabulary.types["action"].fields["when"].values.values())
    keys = [(words.index(a.when), not a.action.gate) for a in advised(persona)]
    assert keys == sorted(keys)


@pytest.mark.parametrize("persona", PERSONAS)
def test_the_first_of_each_group_is_called_so(persona: str):
    whens = [a.when for a in advised(persona)]
    assert [a.place.is_first for a in advised(persona)] == [n == whens.index(when) for n, when in enumerate(whens)]


def test_what_would_surely_change_a_reason_comes_before_what_changes_none():
    names = [a.action.name for a in advised("high_risk")]
    order = ["find_rotation_with_duties", "explain_record", "decide_on_waiver"]
    assert [name for name in names if name in order] == order


def test_where_nothing_else_differs_the_nearer_day_comes_first():
    places = [(a.action.name, a.place.because) for a in advised("ranking") if a.when == "now"]
    assert places == [("rank_in_true_order", "gate"), ("ask_supervisor_to_speak", "deadline")]
    days = [a for a in advised("graduate_needing_visa") if (a.when, a.place.because) == ("now", "deadline")]
    months = [a.until.day.split()[1] for a in days if a.until is not None]
    assert months == ["September", "March", "March", "March"]


def test_where_no_day_differs_what_takes_less_comes_first():
    efforts = [
        a.takes.high or 0 for a in advised("clinical_student") if (a.when, a.place.because) == ("next", "effort")
    ]
    assert efforts == sorted(efforts)


def test_every_action_that_is_advised_is_shown():
    for persona in PERSONAS:
        advice = advice_on(persona)
        concluded = {str(fact.get("name")) for fact in advice.consultation.derivation.of("action")}
        assert {a.action.name for a in advice.view.actions} == concluded


# --- days, times and costs --------------------------------------------------------------------------------------------------------


def shown(data: dict[str, Any], folder: Path, name: str, as_of: date = AS_OF) -> AdvisedAction:
    return next(a for a in advice_of(data, folder, as_of).view.actions if a.action.name == name)


@pytest.mark.parametrize(
    ("as_of", "name", "in_time"),
    [
        (date(2026, 8, 1), "plan_signals", "yes"),
        (date(2026, 9, 10), "plan_signals", "perhaps"),
        (date(2026, 9, 10), "complete_letters", "no"),
    ],
)
def test_a_day_is_held_against_the_time_a_step_takes(tmp_path: Path, as_of: date, name: str, in_time: str):
    until = shown(persona_data("high_risk"), tmp_path, name, as_of).until
    assert until is not None
    assert (until.day, until.in_time) == ("23 September 2026", in_time)


def test_whoever_is_in_no_season_yet_is_given_no_day_of_one(tmp_path: Path):
    data = persona_data("clinical_student")
    del data["applicant"]["season"]
    assert shown(data, tmp_path, "pass_step2").until is None


def test_a_day_of_a_season_that_nobody_has_published_is_not_known(tmp_path: Path):
    until = shown(persona_data("clinical_student"), tmp_path, "pass_step2").until
    assert until is not None
    assert (until.day, until.in_time) == ("", "")


def test_fees_are_added_and_those_that_may_be_due_make_a_range():
    costs = {a.action.name: a.costs for persona in PERSONAS for a in advised(persona)}
    assert (costs["pass_step2"].low, costs["pass_step2"].high) == (695, 930)
    assert (costs["pass_oet"].low, costs["pass_oet"].high) == (455, 455)
    assert (costs["finish_certification"].low, costs["finish_certification"].high) == (0, 1855)


def test_an_unknown_fee_makes_a_cost_the_least_it_can_be():
    oet = replace(WORKSPACE.knowledge.parameters["fees.oet"], seasons=())
    knowledge = replace(WORKSPACE.knowledge, parameters={**WORKSPACE.knowledge.parameters, "fees.oet": oet})
    view = advise(WORKSPACE.personas / "high_risk.yaml", replace(WORKSPACE, knowledge=knowledge), AS_OF, "plain").view
    (costs,) = [a.costs for a in view.actions if a.action.name == "pass_oet"]
    assert (costs.high, costs.is_lower_bound) == (0, True)


@pytest.mark.parametrize("form", ["html", "md"])
def test_each_figure_says_what_it_rests_on(form: str):
    # In a page the values are marked.
    text = re.sub(r"</?span[^>]*>", "", advice_on("high_risk").document(form))
    assert "8 to 40 weeks (our assumption, editorial)" in text
    assert "US$ 0 to 5,000 a month (Academic Medicine, volume 91, 2016, read at its source)" in text
    assert "US$ 455 in fees (season 2027, from a second-hand copy)" in text
    assert "3 March 2027 for this season (our assumption)" in text
