"""A catalogue held against an applicant: gate by gate and group by group comes to what the whole rule base says of each program alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartpick_expert.consulting import consult_checked
from smartpick_expert.engine.consultation import consult_profile
from smartpick_expert.intake.profile import Profile, profile_from_text, read_profile, require
from smartpick_expert.programs.catalogue import Catalogue, Cited, Listing
from smartpick_expert.programs.gates import FILTER, KNOWN, REQUIREMENT, Gate, GateReader, Result
from smartpick_expert.programs.reading import read_catalogue
from smartpick_expert.programs.screening import Screening, screen, with_programs
from smartpick_expert.workspace import NOTES, Workspace, load_workspace, shipped_root

DAY = date(2026, 9, 10)
VERIFIED = date(2026, 9, 1)
SAMPLE = shipped_root() / "knowledge" / "catalogues" / "sample.csv"
REQUIREMENTS = "requirements"
PERSONAS = (
    "graduate_needing_visa",
    "half_unknown",
    "h1b_only",
    "known_quantity",
    "reapplicant_failed_attempt",
    "premed",
    "waiting_for_step2",
)
# What the rules of some gate look at, each with values on both sides of what the personas have.
ASKED: dict[str, tuple[object, ...]] = {
    "specialty": ("internal_medicine", "pediatrics"),
    "track": ("categorical", "preliminary"),
    "step2_floor": (200, 241, 260),
    "step2_preferred": (230, 260),
    "step2_comfortable": (220, 250),
    "attempts_limit": (1, 2, 4),
    "attempts_preferred": (1, 3),
    "graduation_limit": (2, 5, 15),
    "graduation_preferred": (1, 5),
    "accepts_j1": (True, False),
    "accepts_h1b": (True, False),
    "step3_for_h1b": (True, False),
    "ecfmg_at_application": (True, False),
    "hands_on_weeks": (0, 8, 40),
    "hands_on_weeks_preferred": (4, 12),
    "us_weeks": (4, 20),
    "letters_min": (1, 3, 5),
}


@cache
def workspace() -> Workspace:
    """The shipped one; no fixture, as hypothesis would print all of it."""
    return load_workspace(shipped_root())


@cache
def persona(name: str) -> Profile:
    return require(*read_profile(workspace().personas / f"{name}.yaml", workspace().vocabulary))


def screened(name: str, listings: list[dict[str, object]], engine: str = "plain") -> Screening:
    return screen(consult_profile(persona(name), workspace(), DAY, engine), catalogue_of(listings), engine)


def catalogue_of(listings: list[dict[str, object]]) -> Catalogue:
    made = [
        Listing(str(one["id"]), {name: Cited(value, "Made up", VERIFIED) for name, value in one.items()}, row)  # type: ignore[arg-type]
        for row, one in enumerate(listings, start=2)
    ]
    return Catalogue(Path("made_up.csv"), "Invented (fictional).", tuple(made), is_fictional=True)


def seen(gates: tuple[Gate, ...]) -> list[tuple[object, ...]]:
    """What a gate is, with the rules behind it and the fields it waits for, whoever the program is that stands for its group."""
    return [
        (
            one.sequence,
            one.name,
            one.is_strict,
            one.result,
            one.opened_by,
            tuple(firing.rule_id for firing in one.firings),
            tuple((fact.type, field) for fact, field in one.missing),
        )
        for one in gates
    ]


programs = st.lists(
    st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in ASKED.items()}),
    min_size=1,
    max_size=8,
).map(lambda several: [{"id": f"p{n}", "name": f"Program {n} (fictional)", **one} for n, one in enumerate(several)])


@settings(max_examples=25, deadline=None)
@given(listings=programs, name=st.sampled_from(PERSONAS), place=st.integers(0, 7))
def test_a_program_of_a_catalogue_comes_to_what_the_whole_rule_base_says_of_it_alone(
    listings: list[dict[str, object]], name: str, place: int
):
    screening = screened(name, listings)
    one = screening.programs[place % len(listings)]
    with_it = with_programs(workspace(), screening.catalogue, [one.listing.id], DAY)
    alone = consult_profile(persona(name), with_it, DAY, "plain").derivation
    (itself,) = (fact for fact in alone.certain if fact.type == "program" and fact.get("id") == one.listing.id)
    expected = {sequence: seen(GateReader(alone, sequence).gates(itself)) for sequence in (REQUIREMENT, FILTER, KNOWN)}
    found = {REQUIREMENT: seen(one.requirements), FILTER: seen(one.filters), KNOWN: seen(one.known)}
    assert found == expected


def test_the_sample_is_fictional_throughout_and_large_enough_to_try_things_on():
    catalogue, found = read_catalogue(SAMPLE, workspace().vocabulary.types["program"])
    assert found == ()
    assert [one.id for one in catalogue.listings if "(fictional)" not in str(one.get("name"))] == []
    assert (catalogue.is_fictional, len(catalogue.listings) >= 120, len(catalogue.specialties())) == (True, True, 4)


def test_the_personas_and_the_sample_together_fire_every_rule_on_catalogues():
    catalogue, _ = read_catalogue(SAMPLE, workspace().vocabulary.types["program"])
    fired = set()
    for path in sorted(workspace().personas.glob("*.yaml")):
        screening = screen(consult_profile(persona(path.stem), workspace(), DAY, "plain"), catalogue, "plain")
        gates = [gate for one in screening.programs for gate in (*one.requirements, *one.filters, *one.known)]
        fired |= {firing.rule_id for gate in gates if gate.is_decided for firing in gate.firings}
    assert {rule.id for rule in workspace().ruleset.rules if rule.topic == REQUIREMENTS} - fired == set()


def test_both_engines_screen_alike():
    listings: list[dict[str, object]] = [
        {"id": "a", "name": "A", "accepts_j1": True, "step2_floor": 230},
        {"id": "b", "name": "B", "accepts_j1": False, "graduation_limit": 1},
        {"id": "c", "name": "C"},
    ]

    def gates(engine: str) -> list[tuple[object, object]]:
        programs = screened("graduate_needing_visa", listings, engine).programs
        return [(seen(one.requirements), seen(one.filters)) for one in programs]

    assert gates("") == gates("plain")


def test_the_first_strict_requirement_that_is_not_met_blocks_and_a_preference_never_does():
    listings: list[dict[str, object]] = [
        {"id": "floor", "name": "A", "step2_floor": 300, "graduation_limit": 0},
        {"id": "wish", "name": "B", "step2_preferred": 300},
    ]
    screening = screened("graduate_needing_visa", listings)
    blocking = [one.blocking for one in screening.programs]
    assert [one and (one.name, one.opened_by) for one in blocking] == [("step2_score", "program"), None]
    wished = next(one for one in screening.by_id["wish"].requirements if not one.is_strict)
    assert (wished.name, wished.result) == ("step2_score", Result.BLOCKED)


def test_a_value_past_its_shelf_life_blocks_nobody():
    assert workspace().vocabulary.types["program"].fields["accepts_j1"].shelf_life == 12
    old = Cited(value=False, source="Made up", verified=date(2025, 9, 9))
    listing = Listing("a", {"id": Cited("a"), "name": Cited("A"), "accepts_j1": old})
    catalogue = Catalogue(Path("made_up.csv"), "Invented (fictional).", (listing,))
    consultation = consult_profile(persona("graduate_needing_visa"), workspace(), DAY, "plain")
    (one,) = screen(consultation, catalogue, "plain").programs
    visa = next(gate for gate in one.requirements if gate.name == "visa")
    assert (visa.result, list(visa.missing)) == (Result.UNKNOWN, [(one.fact, "accepts_j1")])


# An applicant who would train on either visa, and one program that states all that the filters go by and closes nothing.
FILE = """\
applicant: {label: A, stage: preparing, season: 2027, year_of_graduation: 2025, work_authorization: needs_visa, visa_sought: VISA}
school: {name: Somewhere}
exam: [{name: step2_ck, result: pass, score: 240, attempts: 1}]
ecfmg: {status: certified}
letter: [LETTER]
experience: [{id: ward, hands_on: true, weeks: 12}]
"""
TRUSTED = (
    "{id: l, us_based: true, writer_role: chair, residency_tie: true, residents_sent: 5, residents_did: well, detailed: true, "
    "comparative: true, weeks_observed: 12, waived: true}"
)
STATED: dict[str, object] = {
    "id": "harbor",
    "name": "Harbor (fictional)",
    "accepts_j1": True,
    "accepts_h1b": True,
    "step2_floor": 220,
    "step2_comfortable": 250,
    "attempts_limit": 3,
    "graduation_limit": 5,
    "hands_on_weeks": 8,
}


def told_of(noted: str, visa: str = "j1", letter: str = "") -> tuple[dict[str, str], set[str]]:
    """What each filter does at that program with what an advisor noted, and the rules behind those that block and known names."""
    text = FILE.replace("VISA", visa).replace("LETTER", letter) + noted
    profile = require(*profile_from_text(text, "file.yaml", workspace().vocabulary))
    consultation = consult_profile(profile, workspace(), DAY, "plain")
    (one,) = screen(consultation, catalogue_of([STATED]), "plain").programs
    with_it = with_programs(workspace(), catalogue_of([STATED]), ["harbor"], DAY)
    fired = {firing.rule_id for firing in consult_profile(profile, with_it, DAY, "plain").derivation.firings}
    return {gate.name: gate.result.value for gate in one.filters if gate.result is not Result.PASSED}, fired


@pytest.mark.parametrize(
    ("noted", "visa", "letter", "blocked", "by"),
    [
        ("", "j1", "", {}, "programs.visa-taken"),
        (
            "program_note: [{id: n, program: harbor, j1_places: 2, j1_places_used: 2, h1b_denial: no, board_trouble: no}]",
            "j1",
            "",
            {"visa": "blocked"},
            "programs.j1-closed",
        ),
        (
            "program_note: [{id: n, program: harbor, j1_places: 2, j1_places_used: 1, h1b_denial: yes, board_trouble: no}]",
            "h1b",
            "",
            {"visa": "blocked"},
            "programs.h1b-closed",
        ),
        (
            "program_note: [{id: n, program: harbor, j1_places: 2, j1_places_used: 1, h1b_denial: no, board_trouble: yes}]",
            "j1",
            "",
            {"score": "blocked"},
            "programs.scores-read-strictly",
        ),
        (
            "school_relation: [{id: s, program: harbor, standing: burned}]",
            "j1",
            "",
            {"school": "blocked"},
            "programs.school-remembered",
        ),
        (
            "school_relation: [{id: s, program: harbor, standing: burned}]",
            "j1",
            TRUSTED,
            {},
            "programs.school-answered",
        ),
        ("", "j1", TRUSTED, {}, "programs.known-by-letter"),
        ("school_relation: [{id: s, program: harbor, standing: trusted}]", "j1", "", {}, "programs.known-by-school"),
    ],
    ids=["nothing", "places", "denial", "warning", "burned", "burned_and_trusted", "trusted_writer", "trusted_school"],
)
def test_what_an_advisor_knows_of_a_program_closes_or_opens_its_filters(
    noted: str, visa: str, letter: str, blocked: dict[str, str], by: str
):
    found, fired = told_of(noted, visa, letter)
    assert (found, by in fired) == (blocked, True)


# The same applicant, with a letter by a writer of no renown, and what the office has noted for everybody.
PLAIN_LETTER = (
    "{id: l, writer: Writer 7, us_based: true, residents_sent: 0, residents_did: none, detailed: true, waived: true}"
)
TRUSTED_BY_WRITER_7 = TRUSTED.replace("{id: l,", "{id: l, writer: Writer 7,")

BURNED_AND_TRUSTED = """\
school_note: [{program: harbor, school: Somewhere, standing: burned}]
writer_note: [{program: harbor, writer: writer 7, standing: trusted}]
"""


def noted_of(notes: str, visa: str, letter: str) -> tuple[dict[str, str], set[str], set[str]]:
    """What each filter does at that program with the notes of a workspace, the rules that fired, and what makes a known name."""
    noting = replace(workspace(), files={**workspace().files, NOTES: notes})
    profile = require(
        *profile_from_text(FILE.replace("VISA", visa).replace("LETTER", letter), "file.yaml", noting.vocabulary)
    )
    catalogue = catalogue_of([STATED, {**STATED, "id": "other", "name": "Other (fictional)"}])
    (one, other) = screen(consult_checked(profile, noting, DAY, "plain"), catalogue, "plain").programs
    with_it = with_programs(noting, catalogue, ["harbor"], DAY)
    fired = {firing.rule_id for firing in consult_checked(profile, with_it, DAY, "plain").derivation.firings}
    filters = {gate.name: gate.result.value for gate in one.filters if gate.result is not Result.PASSED}
    # Nothing that is noted of one program touches another.
    assert [gate for gate in other.filters if gate.result is not Result.PASSED] == []
    return filters, fired, {gate.name for gate in one.known if gate.result is Result.PASSED}


@pytest.mark.parametrize(
    ("notes", "visa", "letter", "blocked", "by", "known"),
    [
        ("program_note: [{program: harbor, j1_places: 2, j1_places_used: 2}]", "j1", "", {"visa"}, "programs.j1-closed", set()),
        ("program_note: [{program: harbor, h1b_denial: yes}]", "h1b", "", {"visa"}, "programs.h1b-closed", set()),
        ("program_note: [{program: harbor, board_trouble: yes}]", "j1", "", {"score"}, "programs.scores-read-strictly", set()),
        (
            "school_note: [{program: harbor, school: SOMEWHERE, standing: burned}]",
            "j1", PLAIN_LETTER, {"school"}, "programs.school-remembered", set(),
        ),
        (
            BURNED_AND_TRUSTED,
            "j1", PLAIN_LETTER, set(), "programs.school-answered", {"letter"},
        ),
        (
            "writer_note: [{program: harbor, writer: Writer 7, standing: trusted}]",
            "j1", PLAIN_LETTER, set(), "programs.known-by-own-writer", {"letter"},
        ),
        (
            "writer_note: [{program: harbor, writer: Writer 7, standing: burned}]",
            "j1", TRUSTED_BY_WRITER_7, set(), "programs.writer-doubted", set(),
        ),
        (
            "school_note: [{program: harbor, school: Somewhere, standing: trusted}]",
            "j1", PLAIN_LETTER, set(), "programs.known-by-school", {"school"},
        ),
        ("school_note: [{program: harbor, school: Elsewhere, standing: burned}]", "j1", "", set(), "programs.visa-taken", set()),
    ],
    ids=["places", "denial", "warning", "burned", "answered", "trusted_writer", "doubted_writer", "trusted_school", "elsewhere"],
)  # fmt: skip
def test_what_an_office_notes_of_a_program_closes_or_opens_its_filters_for_every_applicant(
    notes: str, visa: str, letter: str, blocked: set[str], by: str, known: set[str]
):
    filters, fired, through = noted_of(notes, visa, letter)
    assert (set(filters), by in fired, through) == (blocked, True, known)
