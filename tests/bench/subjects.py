"""What the engines are timed on: a rule base with the facts of several consultations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from smartpick_expert.engine.compiled import CompiledRules
from smartpick_expert.engine.consultation import compiled_for
from smartpick_expert.intake.facts import make_facts
from smartpick_expert.language.facts import Fact
from tests.profiles import AS_OF, WORKSPACE, complete_profile, profile_of

# An even draw gives an applicant half the countries of the world.
CITIZENSHIPS = 2


@dataclass(frozen=True)
class Subject:
    """A rule base and the facts of several consultations."""

    name: str
    compiled: CompiledRules
    consultations: tuple[tuple[Fact, ...], ...]


def shipped(many: int = 40) -> Subject:
    """The rule base as it is, and made-up applicants who leave nothing open."""
    supplied = [program.fact for program in WORKSPACE.knowledge.programs.values()]
    consultations = []
    for seed in range(many):
        data = complete_profile(Random(seed))
        data["citizenship"] = data["citizenship"][:CITIZENSHIPS]
        intake = make_facts(profile_of(data), WORKSPACE.vocabulary, supplied, AS_OF)
        consultations.append(intake.facts)
    return Subject("shipped", compiled_for(WORKSPACE, AS_OF), tuple(consultations))


def facts_a_consultation(subject: Subject) -> float:
    """How many facts a consultation starts from, on the whole."""
    return _mean([len(facts) for facts in subject.consultations])


def _mean(numbers: Sequence[int]) -> float:
    return sum(numbers) / len(numbers)
