"""Made-up entries tried with the engine: what one rule does on them, and what the whole rule base does.

Nothing is reported on the strength of reckoning where it can be shown: every witness has been through here, in the very
form in which it may be saved as a case.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from smartpick_expert.authoring.cases import Case, Expected, run_case
from smartpick_expert.authoring.logic.domains import domain_of
from smartpick_expert.authoring.logic.models import Entries, GivenFact
from smartpick_expert.diagnostics import Location, Problems
from smartpick_expert.engine.consultation import consult_profile
from smartpick_expert.engine.derivation import Derivation
from smartpick_expert.explain.limits import ANYTHING_ELSE
from smartpick_expert.intake.profile import Entry, Profile, reference_problems
from smartpick_expert.intake.profile_text import value_as_written
from smartpick_expert.language.model import Rule, RuleSet
from smartpick_expert.language.values import ABSENT, Slot
from smartpick_expert.language.vocabulary import FactType, FieldType, Supplier, Vocabulary
from smartpick_expert.workspace import Workspace

# What is made up stands in no file.
_MADE_UP = Location("(made up)")
# Small made-up profiles: starting durable-rules would take longer than matching them.
_ENGINE = "plain"


def profile_of(entries: Entries, sections: Iterable[str] = ()) -> Profile:
    """The entries as a profile that gives these sections besides, empty."""
    places: Counter[str] = Counter()
    found = []
    for one in entries:
        found.append(Entry(one.type, places[one.type], dict(one.values), _MADE_UP))
        places[one.type] += 1
    return Profile(_MADE_UP.path, tuple(found), frozenset((*places, *sections)))


def fires(rule: Rule, entries: Entries, workspace: Workspace, as_of: date) -> bool:
    """Whether a rule by itself fires on these facts, as in a case beside the rules."""
    alone = replace(workspace, ruleset=RuleSet((rule,), workspace.vocabulary))
    case = Case("made up", _MADE_UP, as_of, profile_of(entries), False, (), Expected(fires=(rule.id,)))  # noqa: FBT003
    try:
        return run_case(case, alone, _ENGINE).failures == ()
    except Problems:
        return False


def completed(entries: Entries, vocabulary: Vocabulary) -> Entries:
    """The entries with one added for each label that is named and that no entry bears, so that a profile may hold them."""
    borne = {(one.type, one.values.get(vocabulary.types[one.type].label)) for one in entries}
    added: list[GivenFact] = []
    for one in entries:
        for name, field in vocabulary.types[one.type].fields.items():
            label: Slot = one.values.get(name, ABSENT)
            target = vocabulary.types.get(field.of) if field.type is FieldType.LABEL else None
            if target is None or target.supplied_by is not Supplier.PROFILE or not isinstance(label, str):
                continue
            if (target.name, label) not in borne:
                borne.add((target.name, label))
                added.append(GivenFact(target.name, {target.label: label}))
    return (*entries, *added)


def whole_profile(entries: Entries, vocabulary: Vocabulary) -> Profile:
    """A profile with these entries and no others: whatever would be open is given as empty."""
    types = vocabulary.supplied_by(Supplier.PROFILE)
    given = {fact_type.name for fact_type in types}
    own = tuple(one for one in entries if one.type in given)
    own = (*own, *(_least(t) for t in types if _must_be_given(t) and not any(one.type == t.name for one in own)))
    closed = [fact_type.name for fact_type in types if not fact_type.one and fact_type.assume is None]
    return profile_of(completed(own, vocabulary), closed)


def _must_be_given(fact_type: FactType) -> bool:
    """Whether no profile can leave the section out."""
    return fact_type.one and any(field.required for field in fact_type.fields.values())


def _least(fact_type: FactType) -> GivenFact:
    """The least that a profile can say in a section."""
    required = [field for field in fact_type.fields.values() if field.required]
    domains = {field.name: domain_of(fact_type, field.name, ()) for field in required}
    values = {name: domain.known[0] for name, domain in domains.items() if domain is not None}
    return GivenFact(fact_type.name, {n: "made-up" if v == ANYTHING_ELSE else v for n, v in values.items()})


def given_text(entries: Entries, vocabulary: Vocabulary) -> str:
    """Made-up facts as a case for single rules holds them, each type on a line of its own."""
    lines = []
    for name in dict.fromkeys(one.type for one in entries):
        facts = [_braced(one) for one in entries if one.type == name]
        listed = f"[{', '.join(facts)}]"
        lines.append(f"{name}: {facts[0] if vocabulary.types[name].one else listed}")
    return "\n".join(lines)


def profile_given(profile: Profile, vocabulary: Vocabulary) -> str:
    """A made-up profile as a case for all rules holds it, sections without entries among the lines."""
    entries = tuple(GivenFact(entry.type, entry.values) for entry in profile.entries)
    empty = [
        f"{t.name}: []" for t in vocabulary.types.values() if t.name in profile.sections and not profile.of(t.name)
    ]
    return "\n".join([given_text(entries, vocabulary), *empty])


def _braced(one: GivenFact) -> str:
    return "{" + ", ".join(f"{name}: {value_as_written(slot)}" for name, slot in one.values.items()) + "}"


def derived(entries: Entries, workspace: Workspace, as_of: date) -> Derivation | None:
    """What all rules make of a profile with these entries and nothing else; None where they are no valid profile."""
    profile = whole_profile(entries, workspace.vocabulary)
    if reference_problems(profile, workspace.vocabulary):
        return None
    try:
        return consult_profile(profile, workspace, as_of, _ENGINE, with_drafts=True).derivation
    except Problems:
        return None
