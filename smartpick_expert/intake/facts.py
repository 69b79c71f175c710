"""Profile and knowledge to facts: what is listed, what is open, what is assumed; plain computed fields filled in once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from smartpick_expert.intake.profile import Entry, Profile
from smartpick_expert.knowledge.seasons import running_season
from smartpick_expert.language.facts import Fact, listed, open_fact
from smartpick_expert.language.values import ABSENT, UNKNOWN, Slot, exact_difference
from smartpick_expert.language.vocabulary import FactType, Supplier, Vocabulary

TODAY = "today"


@dataclass(frozen=True)
class Assumption:
    """What is taken for granted because the profile leaves a section out."""

    type: str
    sentence: str


@dataclass(frozen=True)
class Intake:
    """All facts that a consultation starts from, and where those of the profile came from."""

    facts: tuple[Fact, ...]
    assumptions: tuple[Assumption, ...] = ()
    entries: Mapping[Fact, Entry] = field(default_factory=dict)


def make_facts(
    profile: Profile, vocabulary: Vocabulary, supplied: Iterable[Fact], as_of: date, season: int | None = None
) -> Intake:
    """The facts of a profile as of a day. `supplied` are the facts that the knowledge adds."""
    facts: list[Fact] = []
    assumptions: list[Assumption] = []
    entries: dict[Fact, Entry] = {}
    stage = next((entry.values.get("stage") for entry in profile.of("applicant")), None)
    for fact_type in vocabulary.supplied_by(Supplier.PROFILE):
        for entry in profile.of(fact_type.name):
            fact = entry_fact(entry, fact_type)
            entries[fact] = entry
            facts.append(fact)
        if fact_type.name in profile.sections:
            continue
        if fact_type.one:
            facts.append(listed(fact_type, {}, 0))
        elif fact_type.assume is not None:
            # What does not matter at this stage need not be said, though it holds.
            if not fact_type.stages or stage in fact_type.stages:
                assumptions.append(Assumption(fact_type.name, fact_type.assume))
        else:
            facts.append(open_fact(fact_type))
    facts += supplied
    facts += consultation_facts(vocabulary, as_of, season)
    return Intake(tuple(facts), tuple(assumptions), entries)


def consultation_facts(vocabulary: Vocabulary, as_of: date, season: int | None = None) -> list[Fact]:
    """What the consultation itself knows: the day, the season it is about (by default the one under way), and whether that runs."""
    today = vocabulary.types.get(TODAY)
    if today is None:
        return []
    running = running_season(as_of)
    asked = running if season is None else season
    known: dict[str, Slot] = {"date": as_of, "season": asked, "under_way": asked == running}
    return [listed(today, {name: value for name, value in known.items() if name in today.fields}, 0)]


def entry_fact(entry: Entry, fact_type: FactType) -> Fact:
    """The fact of one entry, computed fields included."""
    values = dict(entry.values)
    for one in fact_type.fields.values():
        if one.computed and one.name not in values:
            values[one.name] = _difference(*(values.get(name, UNKNOWN) for name in one.computed))
    return listed(fact_type, values, entry.position)


def _difference(first: Slot, second: Slot) -> Slot:
    if first is ABSENT or second is ABSENT:
        return ABSENT
    if isinstance(first, int | Decimal) and isinstance(second, int | Decimal):
        return exact_difference(first, second)
    return UNKNOWN
