"""The shipped personas: fictional, of every kind, and each told the same thing every time."""

from __future__ import annotations

import pytest

from smartpick_expert.advice import FORMATS, Advice, advise
from smartpick_expert.language.model import Status
from smartpick_expert.report.view import CHECKS
from tests.advised import PERSONAS, advice_on, day_of
from tests.profiles import WORKSPACE

IN_MARKDOWN = ("graduate_needing_visa", "premed", "ranking")
IN_JSON = "graduate_needing_visa"
FORMS = (*FORMATS, "summary")


@pytest.fixture
def some_version(monkeypatch: pytest.MonkeyPatch):
    """A golden file is not to change with the number of a release."""
    monkeypatch.setattr("smartpick_expert.advice.VERSION", "0.0.0")


def advised(persona: str) -> Advice:
    """The advice on a persona, made from its file anew."""
    return advise(WORKSPACE.personas / f"{persona}.yaml", WORKSPACE, day_of(persona), "plain")


def written(advice: Advice) -> dict[str, str]:
    """Every document of an advice."""
    return {form: advice.document(form) for form in FORMS}


def test_there_are_enough_personas_to_show_what_the_program_does():
    assert len(PERSONAS) >= 6


def test_the_personas_together_fire_every_stable_rule():
    stable = {rule.id for rule in WORKSPACE.ruleset.rules if rule.status is Status.STABLE and rule.topic != CHECKS}
    fired = {firing.rule_id for persona in PERSONAS for firing in advice_on(persona).consultation.derivation.firings}
    assert stable - fired == set()


def test_each_bucket_and_the_open_one_has_its_persona():
    buckets = set(WORKSPACE.vocabulary.types["bucket"].fields["name"].values)
    assert {advice_on(persona).view.bucket for persona in PERSONAS} == buckets | {"open"}


@pytest.mark.parametrize("persona", PERSONAS)
def test_a_persona_says_that_it_is_fictional(persona: str):
    assert advice_on(persona).view.label.startswith("Fictional persona ")
    assert (WORKSPACE.personas / f"{persona}.yaml").read_text("utf-8").startswith("# A fictional persona.")


def test_no_two_personas_share_a_label():
    assert len({advice_on(persona).view.label for persona in PERSONAS}) == len(PERSONAS)


@pytest.mark.parametrize("persona", IN_MARKDOWN)
def test_the_advice_on_a_persona_reads_as_it_was_reviewed(golden, some_version, persona: str):
    golden(f"{persona}.md", advised(persona).document("md"))


def test_the_record_of_a_persona_is_as_it_was_reviewed(golden, some_version):
    golden(f"{IN_JSON}.json", advised(IN_JSON).document("json"))


@pytest.mark.parametrize("persona", PERSONAS)
def test_a_persona_is_told_the_same_twice(persona: str):
    assert written(advised(persona)) == written(advice_on(persona))


@pytest.mark.parametrize("persona", PERSONAS)
def test_a_persona_is_told_the_same_by_both_engines(persona: str):
    pytest.importorskip("durable_rules_engine", reason="durable-rules is not installed", exc_type=ImportError)
    assert written(advice_on(persona, "durable")) == written(advice_on(persona))
