"""Made-up profiles of the shipped vocabulary: complete ones, the same with holes, and the holes filled again.

Everything is drawn from the vocabulary, so a new field is tried as soon as it exists. What an even draw would hardly
ever meet (a file that passes every filter) is made likely by `LEANINGS`. A profile is a dict as it stands in a file.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any, Final

from hypothesis import strategies as st

from smartpick_expert.intake.profile import Profile, profile_from_node, require
from smartpick_expert.language.source import parse
from smartpick_expert.language.vocabulary import FactType, Field, FieldType, Supplier, Vocabulary
from smartpick_expert.workspace import load_workspace

AS_OF: Final = date(2026, 9, 10)
WORKSPACE: Final = load_workspace()
SECTIONS: Final = WORKSPACE.vocabulary.supplied_by(Supplier.PROFILE)

Data = dict[str, Any]

# What most applicants would write. A leaning profile takes these, any other the whole range.
LEANINGS: Final[dict[tuple[str, str], st.SearchStrategy[Any]]] = {
    ("applicant", "season"): st.just(2027),
    ("applicant", "year_of_graduation"): st.integers(2023, 2027),
    ("applicant", "visa_sought"): st.sampled_from(["j1", "j1_or_h1b", "none"]),
    ("exam", "result"): st.just("pass"),
    ("exam", "score"): st.integers(231, 270),
    ("exam", "attempts"): st.just(1),
    ("experience", "kind"): st.sampled_from(["core_clerkship", "elective", "sub_internship", "externship"]),
    ("experience", "hands_on"): st.just(value=True),
    ("experience", "weeks"): st.integers(4, 16),
    ("letter", "us_based"): st.just(value=True),
    ("letter", "residents_sent"): st.integers(0, 4),
    ("letter", "residents_did"): st.sampled_from(["well", "well", "mixed", "none"]),
    ("letter", "weeks_observed"): st.integers(3, 12),
    ("clarity_rating", "rating"): st.integers(6, 10),
    ("research", "months"): st.integers(0, 24),
    ("gap", "months"): st.integers(1, 12),
    ("gap", "explained"): st.just(value=True),
    ("school_relation", "standing"): st.just("trusted"),
}
# What a text is where it matters; other texts are all alike to the rules.
TEXTS: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("applicant", "home_state"): ("TX", "NY"),
    ("preference", "states"): ("TX", "NY", "OH"),
    ("citizenship", "country"): ("Portugal", "Canada", "Iran", "Cuba"),
}
# Listing a third examination or a fourth letter makes no new kind of file.
MOST_ENTRIES: Final = {"exam": 3, "letter": 3}
DAYS: Final = st.integers(0, 2500).map(lambda days: (date(2020, 1, 1) + timedelta(days=days)).isoformat())


def profile_of(data: Data, vocabulary: Vocabulary = WORKSPACE.vocabulary) -> Profile:
    """The profile that a file with this data would be. Raises Problems."""
    return require(*profile_from_node(parse(json.dumps(data), "profile"), "profile", vocabulary))


@st.composite
def complete_profiles(draw: st.DrawFn) -> Data:
    """Profiles that leave nothing open: every section and every field is there, and nothing contradicts itself."""
    leaning = draw(st.booleans())
    labels = {fact_type.name: draw(_labels(fact_type)) for fact_type in SECTIONS if not fact_type.one}
    return reconciled({fact_type.name: draw(_section(fact_type, labels, leaning)) for fact_type in SECTIONS})


@st.composite
def partial_profiles(draw: st.DrawFn) -> tuple[Data, Data]:
    """A profile with holes, and a complete one from which it was made."""
    whole = draw(complete_profiles())
    keep = draw(st.sampled_from([0.5, 0.8, 0.95]))
    chance = draw(st.randoms(use_true_random=False))
    # Nobody may refer to an entry of a section that is left out.
    dropped = {s.name for s in SECTIONS if not _needed(s) and chance.random() > (1 + keep) / 2}

    def stays(field: Field, value: Any) -> bool:
        return field.required or (chance.random() < keep and not (field.of in dropped and value != "none"))

    def with_holes(fact_type: FactType, entry: Data) -> Data:
        given = {name: (fact_type.fields[name], value) for name, value in entry.items()}
        return {
            name: value for name, (field, value) in given.items() if _names(fact_type, field) or stays(field, value)
        }

    partial = {
        fact_type.name: _each(whole[fact_type.name], lambda entry, kind=fact_type: with_holes(kind, entry))
        for fact_type in SECTIONS
        if fact_type.name not in dropped
    }
    return partial, whole


@st.composite
def completed(draw: st.DrawFn, partial: Data) -> Data:
    """A partial profile with every hole filled by anything; a section that is assumed empty stays so."""
    leaning = draw(st.booleans())
    labels = {}
    for fact_type in SECTIONS:
        if not fact_type.one and fact_type.name in partial:
            labels[fact_type.name] = [entry[fact_type.label] for entry in partial[fact_type.name]]
        elif not fact_type.one:
            labels[fact_type.name] = [] if fact_type.assume is not None else draw(_labels(fact_type))
    filled = {}
    for fact_type in SECTIONS:
        fresh = draw(_section(fact_type, labels, leaning))
        given = partial.get(fact_type.name)
        if isinstance(given, list):
            fresh = [{**new, **entry} for new, entry in zip(fresh, given, strict=True)]
        elif given is not None:
            fresh |= given
        filled[fact_type.name] = fresh
    return filled


def reconciled(data: Data) -> Data:
    """A complete profile without what the rules of topic `intake` would object to."""
    applicant = data["applicant"]
    if applicant["work_authorization"] == "needs_visa":
        if applicant["visa_sought"] == "none":
            applicant["visa_sought"] = "j1"
        if applicant["location"] == "us_citizen_or_resident":
            applicant["location"] = "abroad"
    else:
        applicant["visa_sought"] = "none"
    citizen = applicant["work_authorization"] == "us_citizen"
    applicant["nrmp_type"] = "us_citizen_img" if citizen else "non_us_citizen_img"
    applicant["year_of_graduation"] = min(applicant["year_of_graduation"], applicant["season"])
    for exam in data["exam"]:
        taken = exam["result"] != "not_taken"
        exam["attempts"] = max(exam["attempts"], 1) if taken else 0
        if taken and exam["taken_on"] != "none":
            exam["taken_on"] = min(exam["taken_on"], AS_OF.isoformat())
        if exam["name"] == "step2_ck" and exam["result"] == "pass" and applicant["stage"] in ("premed", "preclinical"):
            applicant["stage"] = "clinical"
        if (
            exam["name"] in ("step1", "step2_ck")
            and exam["result"] != "pass"
            and data["ecfmg"]["status"] == "certified"
        ):
            data["ecfmg"]["status"] = "in_progress"
    for period in data["experience"]:
        period["hands_on"] = period["hands_on"] and period["kind"] not in ("observership", "shadowing")
    for letter in data["letter"]:
        if letter["residents_sent"] == 0:
            letter["residents_did"] = "none"
    return data


def _needed(fact_type: FactType) -> bool:
    return fact_type.one and any(field.required for field in fact_type.fields.values())


def _names(fact_type: FactType, field: Field) -> bool:
    return field.name == fact_type.label


def _each(section: Any, change: Any) -> Any:
    return [change(entry) for entry in section] if isinstance(section, list) else change(section)


def _labels(fact_type: FactType) -> st.SearchStrategy[list[str]]:
    """Distinct labels for the entries of a section, and so their number."""
    most = MOST_ENTRIES.get(fact_type.name, 2)
    field = fact_type.fields[fact_type.label]
    if field.type is FieldType.LABEL:
        return st.integers(0, most).map(lambda number: [f"{fact_type.name}-{place + 1}" for place in range(number)])
    words = tuple(field.values) or TEXTS[fact_type.name, field.name]
    some = st.lists(st.sampled_from(words), unique=True, max_size=most)
    return some | st.just(list(words[:most])) if fact_type.name == "exam" else some


@st.composite
def _section(draw: st.DrawFn, fact_type: FactType, labels: dict[str, list[str]], leaning: bool) -> Any:
    if fact_type.one:
        return draw(_entry(fact_type, labels, leaning, ""))
    return [draw(_entry(fact_type, labels, leaning, label)) for label in labels[fact_type.name]]


@st.composite
def _entry(draw: st.DrawFn, fact_type: FactType, labels: dict[str, list[str]], leaning: bool, label: str) -> Data:
    return {
        field.name: label if _names(fact_type, field) else draw(_value(fact_type, field, labels, leaning))
        for field in fact_type.given_fields
    }


def _value(fact_type: FactType, field: Field, labels: dict[str, list[str]], leaning: bool) -> st.SearchStrategy[Any]:
    any_value = _any_value(fact_type, field, labels)
    likely = LEANINGS.get((fact_type.name, field.name))
    if leaning and likely is not None:
        return st.integers(0, 9).flatmap(lambda number: likely if number else any_value)
    if field.may_be_none:
        return st.just("none") | any_value
    return any_value


def _any_value(fact_type: FactType, field: Field, labels: dict[str, list[str]]) -> st.SearchStrategy[Any]:
    if field.of:
        return st.sampled_from([*labels[field.of], "none"])
    one = {
        FieldType.BOOLEAN: st.booleans(),
        FieldType.NUMBER: st.integers(int(field.minimum or 0), int(field.maximum or 100)),
        FieldType.DATE: DAYS,
        FieldType.CHOICE: st.sampled_from([*field.values] or ["none"]),
        FieldType.TEXT: st.sampled_from(TEXTS.get((fact_type.name, field.name), ("A text",))),
    }[field.type]
    return st.lists(one, unique=True, max_size=3) if field.many else one
