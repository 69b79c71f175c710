"""The chance of an interview at a program: what it starts from, what moves it, and what never does."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartpick_expert.chances.chance import CLOSED, NO_RATE, Chance, Range, Reckoner, chances, why_none
from smartpick_expert.chances.chance_view import chance_views
from smartpick_expert.chances.concluded import CauseReader, Concluded, groups_in
from smartpick_expert.chances.odds import ODDS, Signal, Spread, with_signals
from smartpick_expert.chances.words import range_text
from smartpick_expert.diagnostics import Problems
from smartpick_expert.engine.consultation import consult_profile
from smartpick_expert.intake.profile import Profile, profile_from_text, read_profile, require
from smartpick_expert.language.model import Kind
from smartpick_expert.language.values import UNKNOWN, Slot
from smartpick_expert.programs.catalogue import Catalogue, Cited, Listing
from smartpick_expert.programs.reading import read_catalogue
from smartpick_expert.programs.screening import Screening, screen, with_programs
from smartpick_expert.workspace import Workspace, load_workspace, shipped_root

DAY = date(2026, 9, 10)
VERIFIED = date(2026, 9, 1)
LONG_AGO = date(2022, 9, 1)
SAMPLE = shipped_root() / "knowledge" / "catalogues" / "sample.csv"
# A file that no program states anything against, and all of whose fields that move a chance are known and move nothing.
PROFILE = {
    "applicant": "{label: A, stage: preparing, season: 2027, nrmp_type: non_us_citizen_img, work_authorization: permanent_resident, "
    "visa_sought: none, home_state: none, year_of_graduation: 2025}",
    "target": "{specialty: neurology, track: categorical}",
    "exam": "[{name: step1, result: pass, attempts: 1}, {name: step2_ck, result: pass, score: 245, attempts: 1}]",
    "ecfmg": "{status: certified}",
    "experience": "[{id: ward, hands_on: true, weeks: 60}]",
    "preference": "{states: [], divisions: []}",
    "letter": "[{id: one}, {id: two}, {id: three}, {id: four}]",
}
# A program that states all it asks for, and closes nothing.
OPEN = {
    "specialty": "neurology",
    "track": "categorical",
    "step2_floor": 200,
    "attempts_limit": 6,
    "graduation_limit": 20,
    "ecfmg_at_application": False,
    "hands_on_weeks": 0,
    "us_weeks": 0,
    "letters_min": 1,
    "takes_signals": False,
}
# What the rules on chances look at, and the rates that are reckoned with.
ASKED: dict[str, tuple[object, ...]] = {
    "specialty": ("neurology", "internal_medicine", "other"),
    "state": ("OH", "TX"),
    "division": ("pacific", "mountain"),
    "takes_signals": (True, False),
    "step2_invited_low": (230, 245, 250),
    "step2_invited_high": (240, 245, 260),
    "invited_us_img": (0, 0.05, 0.5, 1),
    "invited_non_us_img": (0, 0.03, 0.9, 1),
    "invited_signal": (0, 0.3, 1),
    "invited_gold": (0, 0.6, 1),
    "invited_silver": (0, 0.2, 1),
    "invited_no_signal": (0, 0.05, 1),
    "step2_floor": (200, 300),
    "accepts_j1": (True, False),
}
SAID: dict[str, tuple[str, ...]] = {
    "nrmp_type": ("us_citizen_img", "non_us_citizen_img"),
    "home_state": ("OH", "none"),
    "divisions": ("[]", "[pacific]"),
    "step1": ("{result: pass, attempts: 1}", "{result: pass, attempts: 2}", "{result: fail, attempts: 1}"),
    "step2_ck": (
        "{result: pass, score: 245, attempts: 1}",
        "{result: pass, score: 232, attempts: 3}",
        "{result: pending, attempts: 0}",
    ),
}


@cache
def workspace() -> Workspace:
    """The shipped one; no fixture, as hypothesis would print all of it."""
    return load_workspace(shipped_root())


def profile(**sections: str) -> Profile:
    """The file, with some of its sections otherwise."""
    text = "\n".join(f"{name}: {value}" for name, value in (PROFILE | sections).items())
    return require(*profile_from_text(text, "a.yaml", workspace().vocabulary))


def of_applicant(**said: str) -> str:
    """The section of the applicant, with some of it otherwise; what is said to be unknown is left out."""
    given = dict(pair.split(": ") for pair in PROFILE["applicant"].strip("{}").split(", ")) | said
    return "{" + ", ".join(f"{name}: {value}" for name, value in given.items() if value != "unknown") + "}"


def slot_of(value: object) -> Slot:
    """A value as a table holds it: shares are exact."""
    return Decimal(str(value)) if isinstance(value, float) else value  # type: ignore[return-value]


def catalogue_of(listings: list[dict[str, object]], verified: date = VERIFIED) -> Catalogue:
    made = [
        Listing(str(one["id"]), {name: Cited(slot_of(value), "Made up", verified) for name, value in one.items()}, row)
        for row, one in enumerate(listings, start=2)
    ]
    return Catalogue(Path("made_up.csv"), "Invented (fictional).", tuple(made), is_fictional=True)


def screening_of(person: Profile, *programs: dict[str, object], verified: date = VERIFIED) -> Screening:
    listings = [{"id": f"p{n}", "name": f"Program {n} (fictional)", **one} for n, one in enumerate(programs)]
    consultation = consult_profile(person, workspace(), DAY, "plain")
    return screen(consultation, catalogue_of(listings, verified), "plain")


def chance_at(person: Profile, **fields: object) -> Chance:
    """The chance at a program that is open to the file and states these fields too."""
    found = chances(screening_of(person, OPEN | fields), "plain")["p0"]
    assert found is not None
    return found


def odds(share: float) -> float:
    return share / (1 - share)


def moves(chance: Chance) -> dict[str, tuple[float, float]]:
    return {one.cause: (one.low, one.high) for one in chance.moves if one.signal is None}


def parameter(name: str) -> float:
    return float(workspace().knowledge.parameters[name].at(DAY, 2027).value)  # type: ignore[arg-type]


def ends(name: str) -> tuple[float, float]:
    return parameter(f"odds.{name}.low"), parameter(f"odds.{name}.high")


def test_without_anything_that_moves_it_the_chance_is_the_base_rate():
    chance = chance_at(profile(), invited_non_us_img=0.04)
    assert (chance.moves, chance.by_signal) == (
        (),
        {"": Range(chance.base.low, chance.base.expected, chance.base.high)},
    )
    assert (chance.base.of, chance.base.field, chance.base.expected) == ("own", "invited_non_us_img", 0.04)


@pytest.mark.parametrize(
    ("sections", "fields", "cause"),
    [
        ({"applicant": of_applicant(home_state="OH")}, {"state": "OH"}, "home_state"),
        (
            {"exam": PROFILE["exam"].replace("step1, result: pass, attempts: 1", "step1, result: pass, attempts: 2")},
            {},
            "step1_failed",
        ),
        ({"exam": PROFILE["exam"].replace("score: 245, attempts: 1", "score: 245, attempts: 2")}, {}, "step2_failed"),
        ({}, {"step2_invited_low": 246}, "score_below"),
        ({}, {"step2_invited_high": 244}, "score_above"),
    ],
)
def test_what_was_measured_moves_the_odds_by_what_its_parameters_say(
    sections: dict[str, str], fields: dict[str, object], cause: str
):
    chance = chance_at(profile(**sections), invited_non_us_img=0.04, **fields)
    low, high = ends(cause)
    assert moves(chance) == {cause: (low, high)}
    found = chance.without_signal
    assert [odds(found.low) / odds(chance.base.low), odds(found.high) / odds(chance.base.high)] == pytest.approx(
        [low, high]
    )
    assert odds(found.expected) / odds(chance.base.expected) == pytest.approx(math.sqrt(low * high))


def test_at_home_the_region_is_not_counted_a_second_time():
    person = profile(applicant=of_applicant(home_state="OH"), preference="{divisions: [east_north_central]}")
    at_home, near = (chance_at(person, state=state, division="east_north_central") for state in ("OH", "MI"))
    assert [list(moves(at_home)), list(moves(near))] == [["home_state"], ["preference"]]


def test_a_signal_lifts_above_the_rate_of_all_and_none_leaves_below_it():
    chance = chance_at(profile(), invited_non_us_img=0.04, takes_signals=True)
    low, high = ends("signal")
    ratio, share = math.sqrt(low * high), sum(ends("signal_share")) / 2
    none, single = chance.by_signal[""], chance.by_signal["single"]
    assert odds(single.expected) / odds(none.expected) == pytest.approx(ratio)
    mean = share * single.expected + (1 - share) * none.expected
    assert mean == pytest.approx(chance.base.expected)


def test_the_expected_odds_of_a_signal_lie_where_we_reckon_for_imgs():
    low, high = ends("signal")
    assert 3 <= math.sqrt(low * high) <= 4
    kept = sum(ends("own_rates")) / 2
    assert 3 <= high**kept <= 4


def test_a_program_s_own_rates_go_before_those_of_elsewhere():
    chance = chance_at(
        profile(), invited_non_us_img=0.04, takes_signals=True, invited_signal=0.2, invited_no_signal=0.1
    )
    ratio = odds(0.2) / odds(0.1)
    found = odds(chance.by_signal["single"].expected) / odds(chance.by_signal[""].expected)
    assert found == pytest.approx(ratio ** (sum(ends("own_rates")) / 2))


def test_own_rates_that_are_lower_with_a_signal_are_taken_for_no_difference():
    chance = chance_at(
        profile(), invited_non_us_img=0.04, takes_signals=True, invited_signal=0.02, invited_no_signal=0.3
    )
    assert chance.by_signal["single"].expected == pytest.approx(chance.by_signal[""].expected)


def test_where_nobody_says_whether_signals_are_read_less_is_expected_of_one():
    fields = {"invited_non_us_img": 0.04}
    said, unsaid = (chance_at(profile(), **fields, takes_signals=one) for one in (True, UNKNOWN))
    lifts = [odds(one.by_signal["single"].expected) / odds(one.by_signal[""].expected) for one in (said, unsaid)]
    assert lifts == pytest.approx([math.sqrt(math.prod(ends(name))) for name in ("signal", "signal_unsaid")])
    assert lifts[0] > lifts[1] > 1


def test_a_program_that_reads_no_signals_has_none_to_choose_from():
    assert list(chance_at(profile(), invited_non_us_img=0.04, takes_signals=False).by_signal) == [""]


def test_a_specialty_with_two_kinds_of_signals_has_both():
    chance = chance_at(profile(), specialty="internal_medicine", invited_non_us_img=0.04, takes_signals=True)
    assert list(chance.by_signal) == ["", "gold", "silver"]
    assert chance.by_signal["gold"].expected > chance.by_signal["silver"].expected > chance.by_signal[""].expected


def test_the_product_is_capped():
    person = profile(applicant=of_applicant(home_state="OH"))
    chance = chance_at(
        person,
        specialty="internal_medicine",
        invited_non_us_img=0.04,
        takes_signals=True,
        state="OH",
        step2_invited_high=240,
    )
    found = odds(chance.by_signal["gold"].expected) / odds(chance.base.expected)
    assert (chance.is_capped, found) == (True, pytest.approx(parameter("odds.cap")))


def test_a_closed_program_is_no_candidate_and_says_so():
    screening = screening_of(profile(), OPEN | {"invited_non_us_img": 0.4, "step2_floor": 300})
    assert (chances(screening, "plain"), why_none(screening.programs[0])) == ({"p0": None}, CLOSED)


def test_a_program_of_which_no_rate_is_known_has_no_chance():
    screening = screening_of(profile(), OPEN | {"specialty": "other"})
    assert (chances(screening, "plain"), why_none(screening.programs[0])) == ({"p0": None}, NO_RATE)


def test_a_program_that_waits_keeps_what_is_expected_and_begins_at_nothing():
    open_, waits = (chance_at(profile(), invited_non_us_img=0.04, letters_min=one) for one in (1, UNKNOWN))
    assert (open_.waits_for, waits.waits_for) == ((), ("letters",))
    assert waits.without_signal == Range(0.0, open_.without_signal.expected, open_.without_signal.high)


def test_an_unknown_type_of_applicant_ranges_over_both():
    fields = {"invited_us_img": 0.10, "invited_non_us_img": 0.01}
    us, other, open_ = (
        chance_at(profile(applicant=of_applicant(nrmp_type=one)), **fields)
        for one in ("us_citizen_img", "non_us_citizen_img", "unknown")
    )
    assert sorted(open_.groups) == ["non_us_citizen_img", "us_citizen_img"]
    assert (open_.base.low, open_.base.high) == (other.base.low, us.base.high)
    assert odds(open_.base.expected) == pytest.approx(math.sqrt(odds(us.base.expected) * odds(other.base.expected)))


def test_what_the_file_leaves_open_widens_the_range_and_moves_nothing():
    open_ = profile(applicant=of_applicant(home_state="unknown"))
    chance = chance_at(open_, invited_non_us_img=0.04, state="OH")
    (move,) = chance.moves
    assert (move.cause, move.is_settled, move.low, move.high) == ("home_state", False, 1.0, ends("home_state")[1])
    assert chance.without_signal.expected == pytest.approx(chance.base.expected)
    assert chance.without_signal.high > chance.base.high


def test_what_a_program_leaves_out_moves_nothing():
    person = profile(applicant=of_applicant(home_state="OH"))
    assert chance_at(person, invited_non_us_img=0.04).moves == ()


def test_figures_past_their_day_are_unknown():
    screening = screening_of(profile(), OPEN | {"invited_non_us_img": 0.4, "takes_signals": True}, verified=LONG_AGO)
    found = chances(screening, "plain")["p0"]
    assert found is not None
    assert found.base.of == "specialty"


def test_a_parameter_that_is_missing_is_named():
    screening = screening_of(profile(), OPEN)
    known = screening.consultation.figures
    figures = replace(known, by_name={name: one for name, one in known.by_name.items() if name != "odds.cap"})
    without = replace(screening, consultation=replace(screening.consultation, figures=figures))
    with pytest.raises(Problems) as refused:
        chances(without, "plain")
    assert [(one.code, "'odds.cap'" in one.message) for one in refused.value.diagnostics] == [
        ("chances.parameter", True)
    ]


def test_a_workspace_from_before_chances_is_told_what_it_lacks():
    screening = screening_of(profile(), OPEN)
    derivation = screening.consultation.derivation
    types = {name: one for name, one in derivation.compiled.vocabulary.types.items() if name != ODDS}
    compiled = replace(derivation.compiled, vocabulary=replace(derivation.compiled.vocabulary, types=types))
    older = replace(screening.consultation, derivation=replace(derivation, compiled=compiled))
    with pytest.raises(Problems) as refused:
        chances(replace(screening, consultation=older), "plain")
    assert [(one.code, "'odds'" in one.message) for one in refused.value.diagnostics] == [("chances.vocabulary", True)]


def test_only_measured_rules_conclude_what_moves_a_chance_and_on_no_opinion():
    rules = [rule for rule in workspace().ruleset.rules if any(one.fact_type == ODDS for one in rule.then)]
    assert {rule.kind for rule in rules} == {Kind.MEASURED}
    figures = [one for name, one in workspace().knowledge.parameters.items() if name.startswith("odds.")]
    assert {one.basis for one in figures} == {"assumption", "evidence"}


def test_three_personas_and_the_sample_together_fire_every_rule_on_odds():
    listed, _ = read_catalogue(SAMPLE, workspace().vocabulary.types["program"])
    fired: set[str] = set()
    for name in ("known_quantity", "us_citizen_img", "high_risk"):
        person = require(*read_profile(workspace().personas / f"{name}.yaml", workspace().vocabulary))
        screening = screen(consult_profile(person, workspace(), DAY, "plain"), listed, "plain")
        found = chances(screening, "plain")
        fired |= {
            move.rule for chance in found.values() if chance is not None for move in chance.moves if move.is_settled
        }
    rules = {rule.id for rule in workspace().ruleset.rules if any(one.fact_type == ODDS for one in rule.then)}
    assert rules - fired == set()


people = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in SAID.items()})
listings = st.lists(
    st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in ASKED.items()}),
    min_size=1,
    max_size=6,
)


def person_of(said: dict[str, str]) -> Profile:
    applicant = of_applicant(**{name: said.get(name, "unknown") for name in ("nrmp_type", "home_state")})
    exams = ", ".join(f"{{name: {name}, {said[name].strip('{')}" for name in ("step1", "step2_ck") if name in said)
    preference = f"{{divisions: {said['divisions']}}}" if "divisions" in said else "{}"
    return profile(applicant=applicant, exam=f"[{exams}]", preference=preference)


@settings(max_examples=15, deadline=None)
@given(said=people, programs=listings, place=st.integers(0, 5))
def test_a_chance_is_the_one_that_the_whole_rule_base_comes_to_on_the_program_alone(
    said: dict[str, str], programs: list[dict[str, object]], place: int
):
    person = person_of(said)
    screening = screening_of(person, *programs)
    one = screening.programs[place % len(programs)]
    found = chances(screening, "plain")[one.listing.id]
    alone = consult_profile(
        person, with_programs(workspace(), screening.catalogue, [one.listing.id], DAY), DAY, "plain"
    ).derivation
    concluded = Concluded(groups_in(alone), CauseReader(alone).causes(one.fact))
    assert found == (None if one.blocking is not None else Reckoner(screening).chance(one, concluded))


@settings(max_examples=15, deadline=None)
@given(said=people, programs=listings)
def test_a_chance_lies_within_its_ends_and_no_signal_or_failed_sitting_turns_it_the_wrong_way(
    said: dict[str, str], programs: list[dict[str, object]]
):
    found = chances(screening_of(person_of(said), *(OPEN | one for one in programs)), "plain")
    clean = {name: value for name, value in said.items() if name not in ("step1", "step2_ck")}
    passed = {"step1": SAID["step1"][0], "step2_ck": SAID["step2_ck"][0]}
    failed = {"step1": SAID["step1"][1], "step2_ck": "{result: pass, score: 245, attempts: 2}"}
    never, ever = (
        chances(screening_of(person_of(clean | exams), *(OPEN | one for one in programs)), "plain")
        for exams in (passed, failed)
    )
    cap = parameter("odds.cap") * (1 + 1e-9)
    for chance in filter(None, found.values()):
        for one in chance.by_signal.values():
            assert 0 <= one.low <= one.expected <= one.high <= 1
            assert 1 / cap <= odds(one.expected) / odds(chance.base.expected) <= cap
            none = chance.without_signal
            assert (one.low >= none.low, one.expected >= none.expected, one.high >= none.high) == (
                True,
                True,
                True,
            )
    for label, after in ever.items():
        before = never[label]
        if before is None or after is None:
            continue
        for kind, one in after.by_signal.items():
            other = before.by_signal[kind]
            assert (one.low <= other.low, one.expected <= other.expected, one.high <= other.high) == (True, True, True)


spreads = st.tuples(*[st.floats(0.001, 1.0)] * 3).map(lambda ends: Spread(*sorted(ends)))
kinds = st.lists(
    st.builds(
        lambda odds, share: Signal(
            "", Spread(*(1 + 1000 * end**4 for end in (odds.low, odds.expected, odds.high))), share
        ),
        spreads,
        spreads.map(lambda one: Spread(one.low / 4, one.expected / 4, one.high / 4)),
    ),
    max_size=3,
).map(lambda several: [replace(one, kind=f"kind {n}") for n, one in enumerate(several)])


@given(signals=kinds, rate=spreads)
def test_those_with_each_signal_and_those_without_come_back_to_the_rate_of_all(signals: list[Signal], rate: Spread):
    found = with_signals(signals, rate)

    def chance(kind: str) -> float:
        return 1 - 1 / (1 + odds(min(rate.expected, 1 - 1e-9)) * found[kind].expected)

    rest = 1 - sum(one.share.expected for one in signals)
    mean = rest * chance("") + sum(one.share.expected * chance(one.kind) for one in signals)
    assert mean == pytest.approx(rate.expected, rel=1e-6)
    for kind, one in found.items():
        assert (one.low <= one.expected * (1 + 1e-9), one.expected <= one.high * (1 + 1e-9), one.low > 0) == (
            True,
        ) * 3, kind


@pytest.mark.parametrize(
    ("chance", "text"),
    [
        (Range(0.001, 0.023, 0.0512), "about 2 in 100 (0 to 6)"),
        (Range(0.0, 0.004, 0.03), "fewer than 1 in 100 (0 to 3)"),
        (Range(0.1, 0.255, 0.4), "about 26 in 100 (10 to 40)"),
        (Range(0.9, 0.995, 1.0), "more than 99 in 100 (90 to 100)"),
        (Range(0.07, 0.07, 0.07), "about 7 in 100 (7 to 7)"),
    ],
)
def test_a_chance_in_words_is_rounded_outwards(chance: Range, text: str):
    assert range_text(chance) == text


def test_the_view_says_of_each_move_which_rule_is_behind_it_and_speaks_of_its_own_program():
    person = profile(applicant=of_applicant(home_state="OH"))
    ohio = OPEN | {"state": "OH", "invited_non_us_img": 0.04}
    views = chance_views(screening_of(person, ohio, ohio, OPEN | {"step2_floor": 300}), engine="plain")
    (move,) = views["p1"].moves
    assert (move.rule, move.title, move.text) == (
        "chances.odds-home-state",
        "your home state",
        "1.2 to 4.2 times the odds",
    )
    assert move.sentence.startswith("Program 1 (fictional) lies in OH")
    assert (views["p1"].groups, views["p2"].none, views["p2"].ranges) == (("non-US-citizen IMG",), CLOSED, ())
