"""Where the article and the figures disagree, an advice says so in a statement of its own, and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smartpick_expert.advice import Advice
from smartpick_expert.knowledge.claims import Standing
from smartpick_expert.language.model import Audience, Kind
from smartpick_expert.report.disagreements import disagreements_of
from smartpick_expert.report.render import markdown_text
from smartpick_expert.report.statements import firing_ids
from tests.advised import PERSONAS, advice_of, advice_on, persona_data
from tests.profiles import WORKSPACE

CLAIMS = WORKSPACE.knowledge.claims
HEADING = "Where the article and the figures disagree"


@pytest.fixture(params=PERSONAS)
def advice(request: pytest.FixtureRequest) -> Advice:
    return advice_on(request.param)


def claims_of(advice: Advice) -> list[str]:
    return [one.claim for one in advice.view.disagreements]


def test_what_is_said_of_watching_stands_beside_what_those_who_matched_had_done():
    found = {one.claim: one for one in advice_on("high_risk").view.disagreements}
    watching = found["us-experience-observing"]
    assert {s.origin.rule for s in watching.carried} == {"us_experience.observed"}
    assert [s.origin.rule for s in watching.measured] == ["us_experience.observing-counts-a-little"]
    assert [finding.id for finding in watching.findings] == ["us-experience-ama"]
    assert (watching.sorts, watching.advises) == ("both", "neither")
    assert watching.origin.sources == (
        "claim:us-experience-observing",
        "evidence:us-experience-before-matching-2016",
        "evidence:us-experience-ama",
    )


def test_an_advice_without_a_claim_in_dispute_has_no_such_section(tmp_path: Path):
    data = persona_data("stopped_by_filters") | {"letter": [], "experience": []}
    advice = advice_of(data, tmp_path)
    assert claims_of(advice) == []
    assert [form for form in ("html", "md") if HEADING in advice.document(form)] == []


def test_without_the_measured_rule_only_what_evidence_contradicts_is_in_dispute():
    view = advice_on("high_risk").view
    derivation = advice_on("high_risk").consultation.derivation
    said = [s for s in view.statements if s.origin.rule != "us_experience.observing-counts-a-little"]
    before = {one.claim for one in view.disagreements}
    after = {one.claim for one in disagreements_of(said, derivation.rules, WORKSPACE.knowledge)}
    assert before - after == {"us-experience-checkbox", "phrases-only-watched"}
    assert {"us-experience-observing", "us-experience-scale-near-zero"} <= after


def test_both_sides_of_a_disagreement_fired_and_deal_with_its_claim(advice: Advice):
    rules = advice.consultation.derivation.rules
    for one in advice.view.disagreements:
        carrying = [rules[s.origin.rule] for s in one.carried]
        warning = [rules[s.origin.rule] for s in one.measured]
        assert carrying
        assert {rule.kind for rule in carrying} == {Kind.PERCEPTION}
        assert [rule.id for rule in carrying if one.claim not in rule.carries()] == []
        assert {rule.kind for rule in warning} <= {Kind.MEASURED}
        assert [rule.id for rule in warning if one.claim not in rule.warns_against] == []
        assert warning or CLAIMS[one.claim].standing is Standing.CONTRADICTED


def test_no_claim_in_dispute_is_left_out(advice: Advice):
    rules = advice.consultation.derivation.rules
    shown = [s for s in advice.view.statements if s.origin.rule and Audience.APPLICANT in s.audience]
    said = [rules[s.origin.rule] for s in shown]
    carried = {claim for rule in said if rule.kind is Kind.PERCEPTION for claim in rule.carries()}
    warned = {claim for rule in said if rule.kind is Kind.MEASURED for claim in rule.warns_against}
    contradicted = {claim for claim in carried if CLAIMS[claim].standing is Standing.CONTRADICTED}
    assert set(claims_of(advice)) == carried & (warned | contradicted)


def test_a_disagreement_names_the_firings_of_both_sides_and_its_claim(advice: Advice):
    numbers = set(firing_ids(advice.consultation).values())
    for one in advice.view.disagreements:
        both = {number for s in (*one.carried, *one.measured) for number in s.origin.firings}
        assert set(one.origin.firings) == both
        assert both <= numbers
        assert one.origin.sources[0] == f"claim:{one.claim}"
    ids = [one.id for one in advice.view.disagreements]
    assert sorted(set(ids)) == sorted(ids)


def test_nothing_that_is_for_the_advisor_alone_stands_in_a_disagreement(advice: Advice):
    stated = [s for one in advice.view.disagreements for s in (*one.carried, *one.measured)]
    assert [s.id for s in stated if Audience.APPLICANT not in s.audience] == []


def test_every_document_states_each_disagreement(advice: Advice):
    html, text = advice.document("html"), advice.document("md")
    record = json.loads(advice.document("json"))["advice"]["disagreements"]
    assert [one["id"] for one in record] == [one.id for one in advice.view.disagreements]
    assert [one.id for one in advice.view.disagreements if f'data-disagreement="{one.id}"' not in html] == []
    assert [one.id for one in advice.view.disagreements if f"says:** {markdown_text(one.says)}" not in text] == []


def test_the_type_of_applicant_is_read_by_measured_rules_on_chances_and_visas_alone():
    reading = {
        (rule.topic, rule.kind)
        for rule in WORKSPACE.ruleset.rules
        if rule.topic != "intake" and "nrmp_type" in f"{rule.when}"
    }
    assert reading == {("chances", Kind.MEASURED), ("visa", Kind.MEASURED)}


def test_signals_of_every_specialty_whose_number_is_known_are_facts():
    facts = [f for f in advice_on("probably_safe").consultation.intake.facts if f.type == "signal_count"]
    counts = {(f.get("specialty"), f.get("tier")): (f.get("count"), f.get("season")) for f in facts}
    assert counts["internal_medicine", "gold"] == (3, 2026)
    # Of neurology no later table was seen, so that of 2025 stands in, and says so.
    assert counts["neurology", "single"] == (8, 2025)
    assert ("other", "single") not in counts
    assert len(counts) == len(facts)
