"""Scenarios as a profile tells them: every section written, or left out for the intake to make something of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from random import Random

from smartpick_expert.intake.facts import Intake
from smartpick_expert.intake.profile import profile_from_node, require
from smartpick_expert.language.facts import Fact, Origin, listed, open_fact
from smartpick_expert.language.source import parse
from smartpick_expert.language.values import ABSENT, UNKNOWN, Slot
from smartpick_expert.language.vocabulary import FactType, Supplier
from tests.drawing import Draw
from tests.generators import scenario_of
from tests.scenarios import AS_OF, Scenario
from tests.spelling import mapping, sequence, spelt

MakeFacts = Callable[..., Intake]


def as_told(scenario: Scenario) -> Scenario:
    """The scenario with facts that a profile can tell: a list without items where a fact has no list."""
    facts = tuple(
        replace(fact, values=_told(scenario.vocabulary.types[fact.type], fact))
        if fact.origin is Origin.LISTED
        else fact
        for fact in scenario.facts
    )
    return replace(scenario, facts=facts)


def _told(kind: FactType, fact: Fact) -> tuple[tuple[str, Slot], ...]:
    slots = {f.name: () if f.many and fact.get(f.name) is ABSENT else fact.get(f.name) for f in kind.fields.values()}
    return tuple(sorted((name, slot) for name, slot in slots.items() if slot is not ABSENT))


def profile_file(scenario: Scenario, draw: Draw, *, leave_out: Iterable[str] = ()) -> str:
    """The text of the profile that lists the scenario's facts; sections that are open, or to be left out, are not there."""
    sections: dict[str, str] = {}
    for kind in draw.shuffled(scenario.vocabulary.supplied_by(Supplier.PROFILE)):
        facts = [fact for fact in scenario.facts if fact.type == kind.name]
        if kind.name in leave_out or any(fact.origin is Origin.OPEN for fact in facts):
            continue
        entries = [_entry(kind, fact, draw) for fact in sorted(facts, key=lambda fact: fact.position)]
        sections[kind.name] = entries[0] if kind.one else sequence(entries)
    return mapping(sections) + "\n"


def _entry(kind: FactType, fact: Fact, draw: Draw) -> str:
    words: dict[str, str] = {}
    for name in draw.shuffled(tuple(kind.fields)):
        slot = fact.get(name)
        if slot is UNKNOWN:
            words |= {name: "~"} if draw.often(3) else {}
        else:
            words[name] = "none" if slot is ABSENT else spelt(slot, draw)
    return mapping(words)


# --- what the intake is to make of it ---------------------------------------------------------------------------------


def misread_whole(seed: int, make_facts: MakeFacts) -> list[Fact]:
    """The facts in which the scenario and its written profile differ."""
    scenario = as_told(scenario_of(seed))
    return _difference(
        _taken_in(scenario, profile_file(scenario, Draw(Random(seed))), make_facts).facts, scenario.facts
    )


def misread_left_out(seed: int, make_facts: MakeFacts) -> list[object]:
    """What is wrong with the facts where sections are left out, and with the assumptions that this makes.

    A section left out is assumed to be empty, or one fact that is unknown throughout, or open; what is assumed may as well
    be written.
    """
    scenario, draw = as_told(scenario_of(seed)), Draw(Random(seed))
    left_out = draw.some_of(scenario.vocabulary.supplied_by(Supplier.PROFILE), 1, 4)
    names = {kind.name for kind in left_out}
    assumed = {kind.name for kind in left_out if kind.assume}
    intake = _taken_in(scenario, profile_file(scenario, draw, leave_out=names), make_facts)
    stand_ins = [listed(kind, {}, 0) if kind.one else open_fact(kind) for kind in left_out if not kind.assume]
    told = replace(scenario, facts=tuple(fact for fact in scenario.facts if fact.type not in assumed))
    written = _taken_in(told, profile_file(told, draw, leave_out=names - assumed), make_facts)
    return [
        *_difference((fact for fact in intake.facts if fact.type in names), stand_ins),
        *_difference(intake.facts, written.facts),
        *assumed.symmetric_difference(assumption.type for assumption in intake.assumptions),
        *(assumption for assumption in written.assumptions if assumption.type in assumed),
    ]


def _taken_in(scenario: Scenario, text: str, make_facts: MakeFacts) -> Intake:
    profile = require(*profile_from_node(parse(text, "profile.yaml"), "profile.yaml", scenario.vocabulary))
    return make_facts(profile, scenario.vocabulary, (), AS_OF)


def _difference(facts: Iterable[Fact], others: Iterable[Fact]) -> list[Fact]:
    return sorted(set(facts) ^ set(others), key=lambda fact: (fact.type, fact.position))
