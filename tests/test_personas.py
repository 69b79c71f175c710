"""The shipped personas: fictional, of every kind, and each told the same thing every time."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from smartpick_expert.advice import Advice, advise
from smartpick_expert.cli.main import main
from smartpick_expert.diagnostics import Problems
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import Status
from smartpick_expert.language.values import UNKNOWN
from smartpick_expert.language.vocabulary import Field
from smartpick_expert.report.documents import DOCUMENTS, FORMATS, TEXTS, Document, written
from smartpick_expert.report.view import CHECKS
from smartpick_expert.version import VERSION
from tests.advised import PERSONAS, advice_on, day_of
from tests.profiles import WORKSPACE

IN_MARKDOWN = ("graduate_needing_visa", "premed", "ranking")
IN_HTML = ("half_unknown", "high_risk")
IN_JSON = "graduate_needing_visa"
# Who stands where. A stage without anybody is one whose advice nobody has read.
STAGES = {
    "premed": {"premed", "comparing_schools"},
    "preclinical": {"preclinical_student"},
    "clinical": {"clinical_student"},
    "graduate": {"graduate_abroad"},
    "preparing": {
        "graduate_needing_visa", "green_card_holder", "h1b_only", "open_question", "probably_safe", "stopped_by_filters", "twelve_years_on",
        "half_unknown", "excellent_file", "second_plan",
    },
    "applied": {"attempts_used_up", "waiting_for_step2"},
    "interviewing": {"answered_visa", "known_quantity"},
    "ranking": {"ranking", "ranking_long_list", "ranking_short_list"},
    "match_week": {"match_week"},
    "reapplying": {"high_risk", "reapplicant_failed_attempt", "us_citizen_img"},
}  # fmt: skip


@pytest.fixture
def some_version(monkeypatch: pytest.MonkeyPatch):
    """A golden file is not to change with the number of a release."""
    monkeypatch.setattr("smartpick_expert.advice.VERSION", "0.0.0")


def advised(persona: str, engine: str = "plain") -> Advice:
    """The advice on a persona, made from its file anew."""
    return advise(WORKSPACE.personas / f"{persona}.yaml", WORKSPACE, day_of(persona), engine)


def made(advice: Advice) -> dict[str, str]:
    """Every document of an advice."""
    documents = {one.name("advice"): advice.document(one.form, one.document) for one in written(DOCUMENTS, FORMATS)}
    return documents | {"summary": advice.document("summary")}


def test_there_are_enough_personas_to_show_what_the_program_does():
    assert len(PERSONAS) >= 12


def test_every_stage_of_the_way_has_its_personas():
    stages = {stage: set() for stage in WORKSPACE.vocabulary.types["applicant"].fields["stage"].values}
    for persona in PERSONAS:
        stages[str(advice_on(persona).consultation.derivation.of("applicant")[0].get("stage"))].add(persona)
    assert stages == STAGES


def test_each_persona_has_a_letter_of_its_own():
    letters = [
        advice_on(persona).view.label.removeprefix("Fictional persona ").partition(",")[0] for persona in PERSONAS
    ]
    assert sorted(letters) == sorted({letter for letter in letters if letter.isupper() and len(letter) <= 2})


def test_half_of_what_a_first_talk_could_have_told_is_unknown():
    facts = advice_on("half_unknown").consultation.intake.entries
    told = [fact.get(field.name) is not UNKNOWN for fact in facts for field in fields_of(fact) if not field.computed]
    assert 0.4 <= told.count(True) / len(told) <= 0.6
    advice = advice_on("half_unknown").given
    # Nothing is sorted, weighed or advised from what is not known; what would settle it is asked.
    assert (advice.bucket, advice.reasons, "meet_advisor" in {a.action.name for a in advice.actions}) == (
        "open",
        (),
        True,
    )
    assert len(advice.questions) > 5


def fields_of(fact: Fact) -> tuple[Field, ...]:
    return tuple(WORKSPACE.vocabulary.types[fact.type].fields.values())


def test_an_excellent_file_is_told_little_and_nothing_twice():
    advice = advice_on("excellent_file").given
    most = min(len(advice_on(persona).given.actions) for persona in PERSONAS if persona_stage(persona) == "preparing")
    assert (advice.bucket, len(advice.actions)) == ("known_quantity", most)
    assert len(advice.actions) <= 3
    assert [reason.about for reason in advice.reasons if reason.strength == "strong" and reason.side == "against"] == []
    phrases = [s.origin.rule for s in advice.statements if s.topic == "phrases"]
    assert [rule for rule, times in Counter(phrases).items() if times > 1] == []


def persona_stage(persona: str) -> str:
    return str(advice_on(persona).consultation.derivation.of("applicant")[0].get("stage"))


# --- the one that gets no advice -------------------------------------------------------------------------------------


def test_hints_about_a_visa_that_contradict_one_another_are_named_in_place_of_an_advice(tmp_path: Path):
    """Three contradictions, each with both its places; nothing is written, and nothing is guessed."""
    path = WORKSPACE.personas / "contradictory" / "visa_hints.yaml"
    assert path.read_text("utf-8").startswith("# A fictional persona.")
    with pytest.raises(Problems) as caught:
        advise(path, WORKSPACE, day_of("visa_hints"), "plain")
    found = caught.value.diagnostics
    assert {d.code for d in found} == {"profile.contradiction"}
    assert [(d.location.line, [place.line for place, _ in d.related]) for d in found] == [(7, [8]), (9, [8]), (10, [8])]
    assert [d.message for d in found] == [
        (
            "You give your NRMP type as US-citizen IMG (applicant, nrmp_type), but your right to work is entered as: needs a visa to train "
            "(work_authorization). NRMP goes by citizenship, so please correct one of the two."
        ),
        (
            "You say under applicant that you need a visa to train (work_authorization) and that no visa is needed (visa_sought). Please "
            "decide which of the two is right."
        ),
        (
            "You say under applicant that you have a lasting right to live in the United States (location) and that you need a visa to "
            "train (work_authorization). Please correct one of the two."
        ),
    ]


def test_of_contradictory_hints_no_document_is_written(tmp_path: Path):
    path = WORKSPACE.personas / "contradictory" / "visa_hints.yaml"
    command = ["advise", str(path), "--out", str(tmp_path), "--engine", "plain", "--workspace", str(WORKSPACE.root)]
    result = CliRunner().invoke(main, command)
    assert (result.exit_code, list(tmp_path.iterdir())) == (1, [])
    assert "3 problems found; nothing was written." in result.stderr


def test_the_personas_together_fire_every_stable_rule():
    stable = {rule.id for rule in WORKSPACE.ruleset.rules if rule.status is Status.STABLE and rule.topic != CHECKS}
    advices = [
        *(advice_on(persona) for persona in PERSONAS),
        # Stage and day disagree: a rank list in Match Week, and Match Week after it.
        advise(WORKSPACE.personas / "ranking.yaml", WORKSPACE, date(2027, 3, 16), "plain"),
        advise(WORKSPACE.personas / "match_week.yaml", WORKSPACE, date(2027, 3, 25), "plain"),
    ]
    fired = {firing.rule_id for advice in advices for firing in advice.consultation.derivation.firings}
    # What is about the programs of a catalogue fires on the sample one (test_screening.py, test_chances.py).
    only_there = {"catalogued", "stated_signal_rates"}
    of_a_catalogue = {
        rule.id for rule in WORKSPACE.ruleset.rules if only_there & {one.fact_type for one in rule.patterns()}
    }
    assert stable - fired - of_a_catalogue == set()


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


@pytest.mark.parametrize("document", [Document.LETTER, Document.MEMO])
@pytest.mark.parametrize("persona", PERSONAS)
def test_the_letter_and_the_memo_on_a_persona_read_as_they_were_reviewed(golden, persona: str, document: Document):
    advice = advice_on(persona)
    for form in TEXTS if persona in IN_HTML else ("md",):
        text = advice.document(form, document).replace(f"SmartPick Expert {VERSION}", "SmartPick Expert 0.0.0")
        golden(f"documents/{persona}.{document}.{form}", text)


def test_the_record_of_a_persona_is_as_it_was_reviewed(golden, some_version):
    golden(f"{IN_JSON}.json", advised(IN_JSON).document("json"))


@pytest.mark.parametrize("persona", PERSONAS)
def test_a_persona_is_told_the_same_a_second_time_and_by_the_other_engine(persona: str):
    # Without a name it is durable-rules, and where that is not to be had the plain engine once more.
    assert made(advised(persona, "")) == made(advice_on(persona))


def test_the_plain_engine_tells_a_persona_the_same_twice():
    assert made(advised(IN_JSON)) == made(advice_on(IN_JSON))
