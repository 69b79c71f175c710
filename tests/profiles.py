"""Made-up profiles of the shipped vocabulary: complete ones, the same with holes, and the holes filled again.

Everything is drawn from the vocabulary, so a new field is tried as soon as it exists. What an even draw would hardly
ever meet (a file that passes every filter) is made likely by `LEANINGS`. A profile is a dict as it stands in a file.
Hypothesis draws a seed and no more: two hundred draws a profile would take it longer than the rules take.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from hypothesis import strategies as st

from smartpick_expert.intake.profile import Profile, profile_from_node, require
from smartpick_expert.language.source import parse
from smartpick_expert.language.vocabulary import FactType, Field, FieldType, Supplier, Vocabulary
from smartpick_expert.workspace import load_workspace

Data = dict[str, Any]

AS_OF: Final = date(2026, 9, 10)
WORKSPACE: Final = load_workspace(Path(__file__).parent.parent)
SECTIONS: Final = WORKSPACE.vocabulary.supplied_by(Supplier.PROFILE)
SEEDS: Final = st.integers(0, 2**32 - 1)

# What most applicants would write. A leaning profile nearly always takes these, any other the whole range.
LEANINGS: Final[dict[tuple[str, str], tuple[Any, ...]]] = {
    ("applicant", "stage"): ("preparing", "applied", "interviewing", "clinical", "graduate"),
    ("applicant", "season"): (2027,),
    ("applicant", "year_of_graduation"): (2023, 2024, 2025, 2026),
    ("applicant", "visa_sought"): ("j1", "j1_or_h1b"),
    ("target", "setting"): ("community", "community", "university_affiliated", "university"),
    ("exam", "result"): ("pass",),
    ("exam", "score"): tuple(range(228, 270)),
    ("exam", "attempts"): (1,),
    ("experience", "kind"): ("core_clerkship", "elective", "sub_internship", "externship"),
    ("experience", "hands_on"): (True,),
    ("experience", "setting"): ("inpatient", "clinic"),
    ("experience", "weeks"): (4, 6, 8, 12),
    ("letter", "writer_role"): ("program_director", "core_faculty", "attending", "chair"),
    ("letter", "us_based"): (True,),
    ("letter", "residents_sent"): (0, 0, 0, 1, 4),
    ("letter", "residents_did"): ("well", "mixed"),
    ("letter", "weeks_observed"): (4, 6, 8, 12),
    ("letter", "comparative"): (True,),
    ("letter", "detailed"): (True,),
    ("letter", "waived"): (True,),
    ("clarity_rating", "rating"): (7, 8, 9, 10),
    ("interview_remark", "kind"): ("clear", "connected"),
    ("research", "months"): (0, 3, 6, 12, 24),
    ("gap", "months"): (1, 3, 6, 12),
    ("gap", "explained"): (True,),
    ("red_flag", "explained"): (True,),
    ("school_relation", "standing"): ("trusted", "burned"),
}
# Sections that a leaning profile mostly leaves empty, since an entry in them settles much by itself.
SELDOM: Final = frozenset({"school_relation", "alumni", "red_flag", "connection"})
# What the knowledge lists and a profile may name, a few of many. Notes name programs by these labels, or others by any text.
NAMED: Final = {"program": ("harbor_bend", "cedar_hollow", "windy_gap", "quarry_lake", "typical_community")}
# What a text is where it matters; other texts are all alike to the rules.
TEXTS: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("applicant", "home_state"): ("TX", "NY"),
    ("preference", "states"): ("TX", "NY", "OH"),
    ("citizenship", "country"): ("Portugal", "Canada", "Iran", "Cuba"),
    **{
        (kind.name, "program"): (*NAMED["program"], "Another program")
        for kind in SECTIONS
        if "program" in kind.fields and not kind.fields["program"].of
    },
}
# The stages at which examinations are not behind the applicant.
EARLY: Final = frozenset({"premed", "preclinical"})


def complete_profiles() -> st.SearchStrategy[Data]:
    """Profiles that leave nothing open: every section and every field is there, and nothing contradicts itself."""
    return SEEDS.map(lambda seed: complete_profile(Random(seed)))


def partial_profiles() -> st.SearchStrategy[Data]:
    """Complete profiles with few or many holes: fields and whole sections left out."""
    return SEEDS.map(lambda seed: partial_profile(Random(seed)))


def profile_of(data: Data, vocabulary: Vocabulary = WORKSPACE.vocabulary) -> Profile:
    """The profile that a file with this data would be. Raises Problems."""
    return require(*profile_from_node(parse(json.dumps(data), "profile"), "profile", vocabulary))


def complete_profile(chance: Random) -> Data:
    """One profile that leaves nothing open."""
    return reconciled(completed({}, chance))


def partial_profile(chance: Random) -> Data:
    """One profile with holes."""
    whole = complete_profile(chance)
    keep = chance.choice([0.5, 0.8, 0.95, 0.99])
    left_out = {kind.name for kind in SECTIONS if chance.random() > keep and not is_required(kind)}

    def stays(field: Field, value: Any) -> bool:
        refers_to_nothing = field.of in left_out and value != "none"
        return field.required or (chance.random() < keep and not refers_to_nothing)

    def with_holes(kind: FactType, entry: Data) -> Data:
        return {name: value for name, value in entry.items() if name == kind.label or stays(kind.fields[name], value)}

    return {
        kind.name: each(whole[kind.name], lambda entry, kind=kind: with_holes(kind, entry))
        for kind in SECTIONS
        if kind.name not in left_out
    }


def completed(partial: Data, chance: Random) -> Data:
    """A profile with every hole filled by anything. What a section left out is assumed to be, it then is."""
    leaning = chance.random() < 0.75
    labels = {}
    for kind in SECTIONS:
        if kind.one:
            continue
        if kind.name in partial:
            labels[kind.name] = [entry[kind.label] for entry in partial[kind.name]]
        elif partial and kind.assume is not None:
            labels[kind.name] = []
        else:
            labels[kind.name] = _labels(kind, chance, leaning=leaning)

    def filled(kind: FactType, entry: Data) -> Data:
        fresh = {field.name: _value(kind, field, labels, chance, leaning=leaning) for field in kind.given_fields}
        return fresh | entry

    return {
        kind.name: filled(kind, partial.get(kind.name, {}))
        if kind.one
        else [
            filled(kind, entry)
            for entry in partial.get(kind.name, [{kind.label: label} for label in labels[kind.name]])
        ]
        for kind in SECTIONS
    }


def reconciled(data: Data) -> Data:
    """A complete profile without what the rules of topic `intake` would object to."""
    applicant, ecfmg = data["applicant"], data["ecfmg"]
    if applicant["work_authorization"] != "needs_visa":
        applicant["visa_sought"] = "none"
    elif applicant["visa_sought"] == "none":
        applicant["visa_sought"] = "j1"
    if applicant["work_authorization"] == "needs_visa" and applicant["location"] == "us_citizen_or_resident":
        applicant["location"] = "abroad"
    citizen = applicant["work_authorization"] == "us_citizen"
    applicant["nrmp_type"] = "us_citizen_img" if citizen else "non_us_citizen_img"
    applicant["year_of_graduation"] = min(applicant["year_of_graduation"], applicant["season"])
    for exam in data["exam"]:
        taken = exam["result"] != "not_taken"
        exam["attempts"] = max(exam["attempts"], 1) if taken else 0
        exam["score"] = exam["score"] if taken else "none"
        exam["taken_on"] = min(exam["taken_on"], AS_OF.isoformat()) if exam["taken_on"] != "none" else "none"
    if applicant["stage"] == "reapplying":
        applicant["earlier_matches"] = max(applicant["earlier_matches"], 1)
    for note in data["program_note"]:
        note["j1_places_used"] = min(note["j1_places_used"], note["j1_places"])
    results = {exam["name"]: exam["result"] for exam in data["exam"]}
    if results.get("step2_ck") == "pass" and applicant["stage"] in EARLY:
        applicant["stage"] = "clinical"
    if ecfmg["status"] == "certified" and {results.get("step1", "pass"), results.get("step2_ck", "pass")} != {"pass"}:
        ecfmg["status"] = "in_progress"
    for period in data["experience"]:
        period["hands_on"] = period["hands_on"] and period["kind"] not in ("observership", "shadowing")
    # What is not stated of a named program leaves a complete profile open too.
    data["yardstick"] = []
    for letter in data["letter"]:
        if letter["residents_sent"] == 0:
            letter["residents_did"] = "none"
    return data


def is_required(kind: FactType) -> bool:
    """Whether no profile may leave a section out."""
    return kind.one and any(field.required for field in kind.fields.values())


def each(section: Any, change: Callable[[Data], Data]) -> Any:
    """A section with its entry, or each of its entries, changed."""
    return [change(entry) for entry in section] if isinstance(section, list) else change(section)


def _labels(kind: FactType, chance: Random, *, leaning: bool) -> list[str]:
    """Distinct labels for the entries of a section, and so their number."""
    if leaning and kind.name in SELDOM and chance.random() < 0.9:
        return []
    field = kind.fields[kind.label]
    if field.of:
        return chance.sample(NAMED[field.of], chance.randint(0, len(NAMED[field.of])))
    if field.type is FieldType.LABEL:
        return [f"{kind.name}-{place + 1}" for place in range(chance.choice([0, 1, 1, 2, 3]))]
    words = tuple(field.values) or TEXTS[kind.name, field.name]
    if leaning and kind.name == "exam":
        return list(words)
    return chance.sample(words, chance.randint(0, min(len(words), 4)))


def _value(kind: FactType, field: Field, labels: dict[str, list[str]], chance: Random, *, leaning: bool) -> Any:
    likely = LEANINGS.get((kind.name, field.name))
    if leaning and likely and chance.random() < 0.97:
        return chance.choice(likely)
    if field.may_be_none and chance.random() < 0.3:
        return "none"
    if field.of:
        return chance.choice([*labels.get(field.of, NAMED.get(field.of, ())), "none"])
    if field.many:
        return [_single(kind, field, chance) for _ in range(chance.randint(0, 3))]
    return _single(kind, field, chance)


def _single(kind: FactType, field: Field, chance: Random) -> Any:
    if field.type is FieldType.BOOLEAN:
        return chance.random() < 0.5
    if field.type is FieldType.NUMBER:
        return chance.randint(int(field.minimum), int(field.maximum))
    if field.type is FieldType.DATE:
        return (date(2020, 1, 1) + timedelta(days=chance.randrange(3000))).isoformat()
    return chance.choice([*field.values] or TEXTS.get((kind.name, field.name), ("A text",)))
