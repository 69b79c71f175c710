"""A catalogue held against one applicant by the rules: each gate of each program passes, blocks, or is not known.

Two sequences, never mixed up: what programs state (`requirement`), and the filters by which committees are said to go
(`program_filter`, as perception). Which gates there are, and what each comes to, is decided by rules; this module runs them, gate
by gate, and once for programs that no rule of a gate can tell apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.engine.session import Matcher
from smartpick_expert.engine.slices import slice_for
from smartpick_expert.intake.profile import Profile
from smartpick_expert.language.facts import Fact, listed
from smartpick_expert.programs.asked import CATALOGUED, Asking
from smartpick_expert.programs.catalogue import Catalogue, Listing, fact_of
from smartpick_expert.programs.gate_rules import NAME, Wanted, rules_for
from smartpick_expert.programs.gates import FILTER, KNOWN, PROGRAM, REQUIREMENT, Gate, GateReader, Result
from smartpick_expert.workspace import Workspace


@dataclass(frozen=True)
class Screened:
    """One program of the catalogue with its gates. `fact` is the program as the rules saw it, stale values unknown.

    `known` are the gates under which the file is a known name there (passed, or not known), by what makes it one.
    """

    listing: Listing
    fact: Fact
    requirements: tuple[Gate, ...]
    filters: tuple[Gate, ...]
    known: tuple[Gate, ...]

    @cached_property
    def blocking(self) -> Gate | None:
        """The first strict requirement that is not met, in the vocabulary's order."""
        return next((gate for gate in self.requirements if gate.is_strict and gate.result is Result.BLOCKED), None)

    @cached_property
    def unknown(self) -> tuple[Gate, ...]:
        """The requirements of which it is not known whether they are met."""
        return tuple(gate for gate in self.requirements if gate.result is Result.UNKNOWN)

    @cached_property
    def stop(self) -> Gate | None:
        """The first filter that the file does not surely pass, in the vocabulary's order."""
        return next((gate for gate in self.filters if gate.result is not Result.PASSED), None)


@dataclass(frozen=True)
class Screening:
    """A whole catalogue held against one applicant as of a day, in the order of the catalogue."""

    catalogue: Catalogue
    consultation: Consultation
    programs: tuple[Screened, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Screened]:
        """The programs by their ids."""
        return {one.listing.id: one for one in self.programs}


def screen(consultation: Consultation, catalogue: Catalogue, engine: Matcher | str = "") -> Screening:
    """Hold each program of a catalogue against the applicant of a consultation, as of its day. Raises Problems."""
    program_type = consultation.derivation.compiled.vocabulary.types[PROGRAM]
    facts = [
        fact_of(listing, program_type, consultation.as_of, place) for place, listing in enumerate(catalogue.listings)
    ]
    gates = _Screener(consultation, catalogue, facts, engine)
    requirements, filters, known = gates.of(REQUIREMENT), gates.of(FILTER), gates.of(KNOWN)
    screened = (
        Screened(listing, fact, tuple(requirements[place]), tuple(filters[place]), tuple(known[place]))
        for place, (listing, fact) in enumerate(zip(catalogue.listings, facts, strict=True))
    )
    return Screening(catalogue, consultation, tuple(screened))


def specialties_of(profile: Profile) -> tuple[str, ...]:
    """The specialty that a profile aims at, as programs state theirs; none where it names none."""
    target = next((entry.values.get("specialty") for entry in profile.of("target")), None)
    return (target,) if isinstance(target, str) else ()


def facts_without(consultation: Consultation, catalogue: Catalogue) -> tuple[Fact, ...]:
    """The facts of an applicant's consultation, without programs that the catalogue speaks of itself."""
    return tuple(
        fact for fact in consultation.intake.facts if fact.type != PROGRAM or fact.get("id") not in catalogue.by_id
    )


def with_programs(workspace: Workspace, catalogue: Catalogue, labels: Iterable[str], as_of: date) -> Workspace:
    """The workspace with some programs of a catalogue in it, as they are known on a day, so that they can be asked about."""
    program_type = workspace.vocabulary.types[PROGRAM]
    catalogued = workspace.vocabulary.types[CATALOGUED]
    added: list[Fact] = []
    for place, label in enumerate(dict.fromkeys(labels)):
        fact = fact_of(catalogue.by_id[label], program_type, as_of, len(workspace.knowledge.programs) + place)
        added += [fact, listed(catalogued, {PROGRAM: label}, place)]
    return replace(workspace, added=tuple(added))


class _Screener:
    """Goes through the gates of one applicant and one catalogue."""

    def __init__(
        self, consultation: Consultation, catalogue: Catalogue, programs: Sequence[Fact], engine: Matcher | str
    ) -> None:
        self.compiled = slice_for(consultation.derivation.compiled, (REQUIREMENT, FILTER, KNOWN))
        self.programs = programs
        self.asking = Asking(self.compiled, facts_without(consultation, catalogue), programs, engine)

    def of(self, sequence: str) -> list[list[Gate]]:
        """The gates of one sequence, for each program."""
        found: list[list[Gate]] = [[] for _ in self.programs]
        names = self.compiled.vocabulary.types[sequence].fields.get(NAME)
        for name in names.values if names is not None else ("",):
            wanted = Wanted(sequence, name)
            for derivation, groups in self.asking.runs(rules_for(self.compiled, wanted)):
                reader = GateReader(derivation, wanted.fact_type)
                for group in groups:
                    gates = reader.gates(self.programs[group[0]])
                    for place in group:
                        found[place] += gates
        return found
