"""The fictional sample programs, the filters of programs that a profile names, and what of it an applicant is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from smartpick_expert.diagnostics import Problems
from smartpick_expert.engine.consultation import consult_profile
from smartpick_expert.engine.derivation import Derivation
from smartpick_expert.language.facts import Fact
from tests.advised import PERSONAS, advice_of, advice_on, persona_data
from tests.profiles import AS_OF, WORKSPACE, Data, profile_of

PROGRAMS = WORKSPACE.knowledge.programs
SAMPLES = {name: program for name, program in PROGRAMS.items() if program.fact.get("kind") == "sample"}
STOPS = set(WORKSPACE.vocabulary.types["stop"].fields["at"].values)


def derive(data: Data) -> Derivation:
    return consult_profile(profile_of(data), WORKSPACE, AS_OF, "plain").derivation


def by_program(facts: tuple[Fact, ...]) -> dict[str, set[str]]:
    """Of each program, the filters at which the file stops, or may stop."""
    found: dict[str, set[str]] = {}
    for fact in facts:
        found.setdefault(str(fact.get("program")), set()).add(str(fact.get("at")))
    return found


def naming(*programs: str, **sections: object) -> Data:
    """A persona that passes every filter of Harbor Bend, thinking of these programs, with some sections changed."""
    return (
        persona_data("graduate_needing_visa")
        | {"considered": [{"program": name} for name in programs], "school_relation": [], "program_note": []}
        | sections
    )


# --- the samples -----------------------------------------------------------------------------------------------------


def test_there_are_ten_samples_and_each_says_that_it_is_fictional():
    assert len(SAMPLES) == 10
    assert [name for name, one in SAMPLES.items() if not str(one.fact.get("name")).endswith("(fictional)")] == []
    assert [name for name, one in SAMPLES.items() if not one.assumption.startswith("Fictional, invented")] == []


def test_the_samples_show_every_visa_policy_and_figures_stated_and_not():
    policies = {(one.fact.get("accepts_j1"), one.fact.get("accepts_h1b")) for one in SAMPLES.values()}
    assert {str(j1) for j1, _ in policies} == {str(h1b) for _, h1b in policies} == {"True", "False", "Missing.UNKNOWN"}
    figures = ("step2_floor", "attempts_limit", "graduation_limit", "hands_on_weeks")
    shown = {name: {isinstance(one.fact.get(name), int) for one in SAMPLES.values()} for name in figures}
    assert [name for name, both in shown.items() if both != {True, False}] == []


def test_an_advice_without_named_programs_has_no_word_of_samples():
    document = advice_on("ranking").document("md")
    said = document.partition("## Annex")[0]
    assert [word for word in ("fictional)", "sample program", *SAMPLES) if word in said] == []


# --- where a file stops ------------------------------------------------------------------------------------------------


def test_the_personas_stop_at_every_filter_and_at_none_and_leave_some_open():
    derivations = [advice_on(persona).consultation.derivation for persona in PERSONAS]
    assert {str(fact.get("at")) for derivation in derivations for fact in derivation.of("stop")} == STOPS
    assert any(derivation.open_of("stop") for derivation in derivations)


def test_every_rule_on_programs_fires_for_some_persona():
    fired = {firing.rule_id for persona in PERSONAS for firing in advice_on(persona).consultation.derivation.firings}
    ours = {rule.id for rule in WORKSPACE.ruleset.rules if rule.topic == "programs"}
    assert ours - fired == {"programs.of-a-catalogue"}


def test_a_file_stops_at_the_first_filter_it_does_not_pass():
    relation = [{"program": "cedar_hollow", "standing": "burned"}]
    stops = derive(naming("harbor_bend", "cedar_hollow", "quarry_lake")).of("stop")
    with_relation = derive(naming("cedar_hollow", school_relation=relation)).of("stop")
    expected = {"harbor_bend": {"nowhere"}, "cedar_hollow": {"visa"}, "quarry_lake": {"graduation"}}
    assert by_program(stops) == expected | {"typical_community": {"nowhere"}}
    assert by_program(with_relation) == {"cedar_hollow": {"school"}, "typical_community": {"nowhere"}}


def test_what_is_not_stated_leaves_the_stop_open_from_there_on():
    derivation = derive(naming("windy_gap"))
    assert by_program(derivation.of("stop")) == {"typical_community": {"nowhere"}}
    assert by_program(derivation.open_of("stop")) == {"windy_gap": STOPS - {"school"}}


def test_a_note_on_a_program_that_is_not_told_leaves_named_programs_open_and_the_typical_one_alone():
    derivation = derive(naming("harbor_bend", school_relation=[{"standing": "burned"}]))
    assert by_program(derivation.of("stop")) == {"typical_community": {"nowhere"}}
    assert by_program(derivation.open_of("stop")) == {"harbor_bend": {"school", "nowhere"}}


@pytest.mark.parametrize(
    ("who", "stop"),
    [
        ([], "school"),
        ([{"role": "faculty", "program": "harbor_bend", "knows_work": True, "would_vouch": True}], "nowhere"),
        ([{"role": "faculty", "program": "cedar_hollow", "knows_work": True, "would_vouch": True}], "school"),
        ([{"role": "faculty", "program": "harbor_bend", "knows_work": False, "would_vouch": True}], "school"),
    ],
    ids=["nobody", "somebody there", "somebody elsewhere", "somebody who has not seen the work"],
)
def test_only_somebody_trusted_there_answers_for_a_school_that_is_remembered_badly(who: list[Data], stop: str):
    relation = [{"program": "harbor_bend", "standing": "burned"}]
    derivation = derive(naming("harbor_bend", school_relation=relation, connection=who))
    assert by_program(derivation.of("stop"))["harbor_bend"] == {stop}


@pytest.mark.parametrize(
    ("sought", "note", "stop"),
    [
        ("j1", {"j1_places": 2, "j1_places_used": 2}, "visa"),
        ("j1", {"j1_places": 2, "j1_places_used": 1}, "graduation"),
        ("h1b", {"h1b_denial": True}, "visa"),
        ("j1_or_h1b", {"h1b_denial": True}, "graduation"),
        ("j1_or_h1b", {"j1_places": 2, "j1_places_used": 2, "h1b_denial": False}, "graduation"),
        ("j1_or_h1b", {"j1_places": 2, "j1_places_used": 2, "h1b_denial": True}, "visa"),
        ("j1", {"j1_places": 9, "j1_places_used": 0, "h1b_denial": False, "board_trouble": True}, "score"),
    ],
)
def test_what_is_known_of_a_program_this_season_closes_its_filters(sought: str, note: Data, stop: str):
    unsaid = {"j1_places": 9, "j1_places_used": 0, "h1b_denial": False, "board_trouble": False}
    data = naming("quarry_lake", program_note=[unsaid | note | {"program": "quarry_lake"}])
    data["applicant"] = data["applicant"] | {"visa_sought": sought}
    assert by_program(derive(data).of("stop"))["quarry_lake"] == {stop}


def test_work_grows_with_the_programs_named_and_not_with_their_square():
    def fired(*programs: str) -> int:
        # That one of them is of another specialty is said apart.
        rules = (firing.rule_id for firing in derive(naming(*programs)).firings)
        return sum(rule.startswith("programs.") and rule != "programs.other-specialty" for rule in rules)

    # Programs that state the same: each takes as many firings as the other.
    none, one, two = fired(), fired("harbor_bend"), fired("harbor_bend", "lantern_hill")
    assert two - one == one - none


# --- what is named, and who is told ----------------------------------------------------------------------------------


def test_a_program_that_the_workspace_does_not_have_is_a_finding():
    with pytest.raises(Problems) as caught:
        profile_of(naming("harbour_bend", "nowhere_at_all"))
    assert [(d.code, d.message, d.hint) for d in caught.value.diagnostics] == [
        ("profile.reference", "There is no program 'harbour_bend'.", "Did you mean 'harbor_bend'?"),
        (
            "profile.reference",
            "There is no program 'nowhere_at_all'.",
            "Name one that knowledge/programs holds, or add it there.",
        ),
    ]


def test_a_program_is_named_once_and_by_its_label():
    with pytest.raises(Problems) as caught:
        profile_of(naming("harbor_bend", "harbor_bend") | {"considered": [{"program": "harbor_bend"}] * 2})
    assert [(d.code, d.hint) for d in caught.value.diagnostics] == [("profile.duplicate-label", "Make them one entry.")]
    with pytest.raises(Problems) as caught:
        profile_of(naming() | {"considered": [{}]})
    assert [d.code for d in caught.value.diagnostics] == ["profile.missing-field"]


def test_a_redacted_advice_does_not_say_which_programs_are_named(tmp_path: Path):
    person = [{"id": "a", "role": "faculty", "program": "harbor_bend", "knows_work": True, "would_vouch": True}]
    data = naming("harbor_bend", "cedar_hollow", connection=person)
    redacted = advice_of(data, tmp_path, redacted=True)
    said = {form: redacted.document(form) for form in ("md", "html", "json", "summary")}
    words = ("harbor_bend", "Harbor Bend", "cedar_hollow", "Cedar Hollow")
    assert [(form, word) for form, text in said.items() for word in words if word in text] == []
    assert "program-1" in said["md"]
