"""What is kept for the advisor never reaches an applicant: not in words, and not by what is missing or comes out otherwise.

An applicant's documents are compared word for word with those of the same applicant about whom nothing is kept. The
entries that are tried are drawn from the vocabulary, so that a section that is to be kept is tried as soon as there is
one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner
from hypothesis import Phase, given, settings

from smartpick_expert.advice import Advice
from smartpick_expert.cli.main import main
from smartpick_expert.intake.kept import holds_what_is_kept, without_what_is_kept
from smartpick_expert.language.vocabulary import FieldType, Supplier
from smartpick_expert.report.documents import TEXTS, Document
from tests.advised import PERSONAS, advice_of, advice_on, day_of, persona_data
from tests.profiles import AS_OF, NAMED, SECTIONS, SEEDS, WORKSPACE, Data, complete_profile, partial_profile, profile_of

GIVEN = ("html", "md", "summary")
# The personas of whom each format is compared, redacted too; of the others what takes no second of answers to be embedded.
FEW = PERSONAS[::4]
KEPT_SECTIONS = [kind for kind in SECTIONS if kind.for_advisor]
TOLD_AS = [(kind, field) for kind in SECTIONS for field in kind.fields.values() if field.told_as]
CONFIDED = "Zq told in confidence"
# The programs an entry may be about: all that a profile may name, and others.
PROGRAMS = (*NAMED["program"], "Another program", "A third program")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("profiles")


def entry(kind, number: int, fill) -> Data:
    """An entry of a kept section: about a program each, and otherwise as `fill` says. That it is the office's stands in no profile."""
    given = [f for f in kind.given_fields if f.type is not FieldType.LABEL and f.name != "office"]
    values = {f.name: PROGRAMS[number % len(PROGRAMS)] if f.name == "program" else fill(f) for f in given}
    return {name: value for name, value in values.items() if value is not None}


def extreme(which: int):
    """Fields at one end of what they may be: the first or the last word, the least or the greatest number."""

    def fill(field):
        if field.type is FieldType.CHOICE:
            return list(field.values)[which]
        if field.type is FieldType.BOOLEAN:
            return which == -1
        if field.type is FieldType.NUMBER:
            return int(field.minimum) if which == 0 else 3
        return "2026-01-15" if field.type is FieldType.DATE else CONFIDED

    return fill


def kept_of_every_kind() -> dict[str, Data]:
    """What an advisor may have entered: in each section nothing, one entry, many, of one kind or the other, and half-known."""
    found: dict[str, Data] = {"sections left out": {}}
    for kind in KEPT_SECTIONS:
        for name, which in (("first", 0), ("last", -1)):
            for many in (1, len(PROGRAMS)):
                found[f"{kind.name}, {many} of the {name} words"] = {
                    kind.name: [entry(kind, number, extreme(which)) for number in range(many)]
                }
        found[f"{kind.name}, nothing known of an entry"] = {kind.name: [{}]}
    everything = {kind.name: [entry(kind, n, extreme(-1)) for n in range(len(PROGRAMS))] for kind in KEPT_SECTIONS}
    return found | {"everything at once": everything}


CASES = kept_of_every_kind()


def without(data: Data) -> Data:
    return {name: section for name, section in data.items() if name not in {kind.name for kind in KEPT_SECTIONS}}


def nothing_kept(data: Data) -> Data:
    return without(data) | {kind.name: [] for kind in KEPT_SECTIONS}


def given_of(advice: Advice, *, page: bool = True) -> dict[str, str]:
    """What an applicant is given; without the report as a page, unless that is asked for as well."""
    letters = {f"letter.{form}": advice.document(form, Document.LETTER) for form in TEXTS}
    return {form: advice.document(form) for form in GIVEN if page or form != "html"} | letters


def test_there_is_something_to_keep():
    assert {kind.name for kind in KEPT_SECTIONS} == {"school_relation", "program_note", "writer_note"}
    assert [(kind.name, field.name, dict(field.told_as)) for kind, field in TOLD_AS] == [
        ("letter", "residents_did", {"badly": "mixed"})
    ]


def in_full_and_redacted(personas: Iterable[str]) -> list[object]:
    """Each persona in full, and a few of them redacted as well."""
    return [
        pytest.param(persona, redacted, id=f"{persona}, redacted" if redacted else persona)
        for persona in personas
        for redacted in ((False, True) if persona in FEW else (False,))
    ]


@pytest.mark.parametrize(("persona", "redacted"), in_full_and_redacted(PERSONAS))
def test_a_persona_is_given_the_same_words_whatever_is_kept_from_it(persona: str, redacted: bool, folder: Path):
    data, day = persona_data(persona), day_of(persona)

    def given(kept: Data) -> dict[str, str]:
        return given_of(advice_of(without(data) | kept, folder, day, redacted=redacted), page=persona in FEW)

    plain = given(nothing_kept({}))
    assert [name for name in ("sections left out", "everything at once") if given(CASES[name]) != plain] == []


@pytest.mark.parametrize("persona", PERSONAS)
def test_the_run_behind_what_is_given_is_the_same_whatever_is_kept(persona: str, folder: Path):
    data, day = persona_data(persona), day_of(persona)

    def run(kept: Data) -> tuple[object, ...]:
        told = advice_of(without(data) | kept, folder, day).told.original
        return told.intake.facts, told.derivation.certain, told.derivation.possible, told.derivation.firings

    plain = run(nothing_kept({}))
    assert [name for name, kept in CASES.items() if run(kept) != plain] == []


@pytest.mark.parametrize("persona", PERSONAS)
def test_what_is_kept_would_otherwise_tell(persona: str, folder: Path):
    """The comparison above can fail: the rules do make something of what is kept."""
    data, day = persona_data(persona), day_of(persona)
    derived = set()
    for kept in (nothing_kept({}), CASES["everything at once"], *CASES.values()):
        facts = advice_of(without(data) | kept, folder, day).consultation.derivation.certain
        derived.add(
            frozenset(fact for fact in facts if WORKSPACE.vocabulary.types[fact.type].supplied_by is Supplier.RULES)
        )
        if len(derived) > 2:
            break
    assert len(derived) > 2


@pytest.mark.parametrize(
    ("persona", "redacted"), in_full_and_redacted(p for p in PERSONAS if persona_data(p).get("letter"))
)
def test_a_kept_word_is_given_as_the_one_told_in_its_place(persona: str, redacted: bool, folder: Path):
    data, day = nothing_kept(persona_data(persona)), day_of(persona)
    for kind, field in TOLD_AS:
        for word, told in field.told_as.items():

            def answered(one: str, kind=kind, field=field) -> Advice:
                entries = [entry | {"residents_sent": 4, field.name: one} for entry in data[kind.name]]
                return advice_of(data | {kind.name: entries}, folder, day, redacted=redacted)

            kept, plain = answered(word), answered(told)
            assert given_of(kept, page=persona in FEW) == given_of(plain, page=persona in FEW)
            assert kept.consultation.derivation.firings != plain.consultation.derivation.firings


@pytest.mark.unmeasured
@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(seed=SEEDS)
def test_a_made_up_applicant_is_given_the_same_words_whatever_is_kept(folder: Path, seed: int):
    chance = Random(seed)
    data = chance.choice([complete_profile, partial_profile])(chance)
    noted = complete_profile(chance)
    kept = {kind.name: noted[kind.name] for kind in KEPT_SECTIONS}
    redacted = chance.random() < 0.5
    plain = advice_of(nothing_kept(data), folder, redacted=redacted)
    assert given_of(advice_of(without(data) | kept, folder, redacted=redacted)) == given_of(plain)


@pytest.mark.parametrize("persona", PERSONAS)
def test_no_kept_section_is_named_to_an_applicant(persona: str):
    words = [kind.name for kind in KEPT_SECTIONS] + [field.name for _, field in TOLD_AS]
    document = advice_on(persona).document("md").partition("## What you told us")[2].partition("\n## ")[0]
    assert [word for word in words if word.replace("_", "\\_") in document] == []


def test_a_program_that_is_the_yardstick_gives_nothing_away(folder: Path):
    """What is said of the one program that a file is measured against is the plainest way in which a note could be told."""
    data = nothing_kept(persona_data("graduate_needing_visa")) | {"yardstick": [{"program": "harbor_bend"}]}
    note = {
        "school_relation": [{"program": "harbor_bend", "standing": "burned"}],
        "considered": [{"program": "harbor_bend"}],
    }
    told = advice_of(data | note | {"school_relation": []}, folder)
    kept = advice_of(data | note, folder)
    assert {str(f.get("at")) for f in kept.consultation.derivation.of("stop")} == {"school"}
    assert given_of(kept) == given_of(told)


def test_a_profile_about_which_nothing_is_kept_is_run_once():
    profile = profile_of(nothing_kept(persona_data("graduate_needing_visa")))
    assert not holds_what_is_kept(profile, WORKSPACE.vocabulary)
    assert without_what_is_kept(profile, WORKSPACE.vocabulary).entries == profile.entries


# --- the advisor's own -------------------------------------------------------------------------------------------------


def test_the_record_says_whose_it_is_and_holds_what_is_kept():
    advice = advice_on("reapplicant_failed_attempt")
    record = json.loads(advice.document("json"))
    rules = {statement["id"]: statement["origin"]["rule"] for statement in record["statements"]}
    assert record["for"].startswith("The advisor.")
    assert {"school.burned-alone", "school.tier-burned", "letters.harmful"} & {rules[name] for name in record["kept"]}
    assert "burned" in json.dumps(record["facts"])


def test_a_statement_that_an_applicant_may_be_told_is_not_listed_as_kept():
    for persona in PERSONAS:
        record = json.loads(advice_on(persona).document("json"))
        text = advice_on(persona).document("md")
        of_rules = [s for s in record["statements"] if s["id"] not in record["kept"] and s["origin"]["rule"]]
        assert [s["id"] for s in of_rules if f"`{s['origin']['rule']}`" not in text] == [], persona


def test_the_advisor_is_told_aside_where_the_applicant_is_given_another_bucket(tmp_path: Path):
    data = nothing_kept(persona_data("graduate_needing_visa"))
    trusted = [{"program": program, "standing": "trusted"} for program in PROGRAMS]
    profile = tmp_path / "profile.json"
    profile.write_text(json.dumps(data | {"school_relation": trusted}), "utf-8")
    command = ["advise", str(profile), "--as-of", AS_OF.isoformat(), "--engine", "plain", "--out", str(tmp_path)]
    result = CliRunner().invoke(main, [*command, "--workspace", str(WORKSPACE.root)])
    assert "Sorted as: PROBABLY SAFE" in result.stdout
    assert "For the advisor alone" not in result.stdout
    assert re.findall(r"sorted as (.+)\.", result.stderr) == ["known quantity"]


def test_an_answer_that_is_kept_is_asked_for_and_not_weighed(folder: Path):
    data = nothing_kept(persona_data("graduate_needing_visa"))
    letters = [one | {"residents_sent": 4} for one in data["letter"]]
    unknown = {name: value for name, value in letters[0].items() if name != "residents_did"}
    advice = advice_of(data | {"letter": [unknown, *letters[1:]]}, folder)
    outcomes = {said: a.outcome for q in advice.given.questions for a in q.answers for said in a.answers}
    assert outcomes["did badly"] == "for your advisor alone"
    everything = {said: a.outcome for q in advice.view.questions for a in q.answers for said in a.answers}
    assert everything["did badly"] in WORKSPACE.vocabulary.types["bucket"].fields["name"].values.values()
