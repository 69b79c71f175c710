"""Who somebody is changes nothing: pairs that differ in a name, a country, a remark or a word are told the same.

What is changed and what may differ stands in `tests/fairness.py`; `python -m tests.fairness` prints the count of pairs.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from smartpick_expert.language.checks.protected import GUARDED, looks
from smartpick_expert.language.vocabulary import Supplier
from smartpick_expert.report.render import render
from tests.advised import PERSONAS, advice_of, day_of, persona_data
from tests.fairness import (
    COUNTRIES,
    ENTRY_RULES,
    FOLLOWING,
    FREE_TEXTS,
    IN_FULL,
    MADE_UP,
    NAMES,
    NEUTRAL,
    REMARKS,
    UNNAMED,
    WORDS,
    Pair,
    Told,
    counted,
    made_up_pairs,
    of_country,
    persona_pairs,
    told_alike,
    with_remark,
    with_texts,
)
from tests.profiles import AS_OF, SECTIONS, WORKSPACE

RULES = {rule.id: rule for rule in WORKSPACE.ruleset.rules}
# How many pairs are compared at least. A change that makes them fewer is one to be explained.
LEAST = 1500


def differing(pairs: list[Pair], day: date) -> list[tuple[str, str]]:
    """The pairs that are told two things."""
    found, plain = [], None
    for pair in pairs:
        if plain is None or pair.plain != plain[0]:
            plain = (pair.plain, Told(pair.plain, day))
        if not told_alike(plain[1], Told(pair.changed, day), by_view=pair.by_view):
            found.append((pair.what, pair.to))
    return found


@pytest.mark.parametrize("persona", PERSONAS, ids=[f"{name}, {len(persona_pairs(name))} pairs" for name in PERSONAS])
def test_a_persona_is_told_the_same_whoever_they_are(persona: str):
    assert differing(persona_pairs(persona), day_of(persona)) == []


@pytest.mark.unmeasured
@pytest.mark.parametrize("part", range(4))
def test_made_up_applicants_are_told_the_same_whoever_they_are(part: int):
    seeds = range(part, MADE_UP, 4)
    assert {seed: found for seed in seeds if (found := differing(made_up_pairs(seed), AS_OF))} == {}


def test_there_are_enough_pairs_of_every_kind(record_property):
    numbers = Counter[str]()
    for of_one in counted().values():
        numbers.update(of_one)
    record_property("fairness_pairs", sum(numbers.values()))
    assert set(numbers) == {"country", "name", "remark", *WORDS}
    assert (sum(numbers.values()) >= LEAST, min(numbers.values()) >= 80) == (True, True)


def test_every_country_is_tried_on_three_personas():
    for persona in IN_FULL:
        tried = {pair.to for pair in persona_pairs(persona) if pair.what == "country"}
        assert tried == set(COUNTRIES) - {NEUTRAL}


# --- that it could fail ----------------------------------------------------------------------------------------------------


@cache
def restricted() -> tuple[str, ...]:
    """The countries of the dated restrictions, as knowledge has them on the day."""
    figures = Told(persona_data(IN_FULL[0])).consultation.figures.by_name
    lists = (figures[f"visa.restricted_countries_{which}"].value for which in ("full", "partial"))
    return tuple(sorted({code for codes in lists if isinstance(codes, tuple) for code in codes}))


def test_what_may_differ_by_country_are_the_rules_on_entry_and_what_follows_from_them():
    """A rule that joins these has to be listed by somebody who says that it is lawful and dated."""
    looking = {rule.id for rule in RULES.values() if any(name == "citizenship" for name, _, _ in looks(rule))}
    personas = {persona: persona_data(persona) for persona in (IN_FULL[0], "answered_visa")}
    differing_by_country = {
        rule
        for persona, data in personas.items()
        for code in restricted()[::4]
        for rule in Told(of_country(data, code), day_of(persona)).entry
    }
    assert (looking, differing_by_country) == (ENTRY_RULES, ENTRY_RULES | FOLLOWING)


def test_what_rests_on_a_country_is_something_to_know_and_a_lawyer_to_ask():
    listed = [RULES[rule] for rule in ENTRY_RULES | FOLLOWING]
    conclusions = [conclusion for rule in listed for conclusion in rule.then]
    advised = {dict(c.values)["name"].value for c in conclusions if c.fact_type == "action"}
    assert {(rule.topic, rule.kind.value) for rule in listed} == {("visa", "measured")}
    assert {conclusion.fact_type for conclusion in conclusions} == {"notice", "action"}
    assert {name for name in advised if "lawyer" not in name} == set()


def test_the_restrictions_are_told_to_those_they_concern_and_to_nobody_else():
    assert 20 < len(restricted()) < len(COUNTRIES) / 2
    data, resident = persona_data(IN_FULL[0]), persona_data("green_card_holder")
    others = [code for code in COUNTRIES if code not in restricted()][::20]
    assert NEUTRAL not in restricted()
    assert {code: Told(of_country(data, code)).entry for code in others} == dict.fromkeys(others, frozenset())
    # Who needs no visa is told nothing of them, whatever the country.
    concerned = restricted()[::6]
    assert [bool(Told(of_country(data, code)).entry) for code in concerned] == [True] * len(concerned)
    assert {rule for code in concerned for rule in Told(of_country(resident, code)).entry} == set()


@pytest.mark.parametrize("persona", ["probably_safe", *IN_FULL])
def test_the_documents_themselves_are_the_same_for_another_name_and_another_country(persona: str, tmp_path: Path):
    """Word for word, save where they repeat the profile: the label at the head and the annex of what was told."""
    data, day = persona_data(persona), day_of(persona)

    def given(code: str, name: str) -> dict[str, str]:
        advice = advice_of(with_texts(of_country(data, code), name, (("applicant", "label"),)), tmp_path, day)
        shown = {
            form: render(replace(advice.given, given=(), label=""), form, WORKSPACE.reports) for form in ("html", "md")
        }
        record = json.loads(advice.document("json"))
        record["facts"] = [fact for fact in record["facts"] if fact["type"] not in {"citizenship", "applicant"}]
        record["advice"] |= {"given": None, "label": None}
        return shown | {"json": json.dumps(record)}

    plain = given(NEUTRAL, "Somebody")
    for code, name in (("PK", NAMES[0]), ("IL", NAMES[5])):
        assert code not in restricted()
        assert given(code, name) == plain


@pytest.mark.parametrize("persona", ["answered_visa", "graduate_needing_visa"])
def test_the_documents_themselves_are_the_same_for_other_words_on_who_somebody_is(persona: str, tmp_path: Path):
    data, day = persona_data(persona), day_of(persona)

    def given(text: str) -> dict[str, str]:
        advice = advice_of(with_texts(data, text, FREE_TEXTS), tmp_path, day, workspace=UNNAMED)
        shown = replace(advice.given, given=(), label="")
        return {form: render(shown, form, WORKSPACE.reports) for form in ("html", "md")}

    plain = given("Somebody")
    assert [words[0] for words in (REMARKS, *WORDS.values()) if given(words[0]) != plain] == []


def test_a_visa_or_a_remark_of_another_substance_does_make_a_difference():
    data = persona_data(IN_FULL[0])
    needing_none = data | {
        "applicant": data["applicant"] | {"work_authorization": "permanent_resident", "visa_sought": "none"}
    }
    assert not told_alike(Told(needing_none), Told(data), by_view=True)
    assert not told_alike(Told(needing_none), Told(data), by_view=False)
    remark, day = with_remark(persona_data("known_quantity"), REMARKS[0]), day_of("known_quantity")
    unclear = remark | {"interview_remark": [{"id": "passed-on", "kind": "unclear", "text": REMARKS[0]}]}
    assert not told_alike(Told(unclear, day), Told(remark, day), by_view=True)


# --- what there is to change ------------------------------------------------------------------------------------------------


def test_every_text_that_rules_may_not_compare_is_among_those_that_are_changed():
    compared = {(name, field) for rule in RULES.values() for name, field, _ in looks(rule)}
    texts = {
        (kind.name, field.name)
        for kind in SECTIONS
        for field in kind.given_fields
        if field.type == "text" and field.name not in {"program", "states", "home_state"}
    }
    assert texts - compared <= set(FREE_TEXTS)
    # A letter's writer is held against notes on writers and its institution against that of a program; both against nothing else.
    assert compared & set(FREE_TEXTS) == {("letter", "writer"), ("letter", "institution"), ("writer_note", "writer")}


def test_no_profile_is_asked_for_what_nobody_may_go_by():
    fields = {
        (kind.name, field) for kind in WORKSPACE.vocabulary.supplied_by(Supplier.PROFILE) for field in kind.fields
    }
    assert [name for name in fields if GUARDED & {*name[0].split("_"), *name[1].split("_")}] == []
