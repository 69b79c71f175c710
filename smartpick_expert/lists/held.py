"""Plans held against catalogues: for each, the programs of its specialty and kind of place, screened as if it were the one aimed at.

A profile aims at one specialty and one kind of place. For a plan beside that, the rules are asked again with the plan's in their stead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Final

from smartpick_expert.chances.chance import Chance, chances
from smartpick_expert.diagnostics import Diagnostic, Location, Problems, nearest
from smartpick_expert.engine.consultation import Consultation, consult_profile
from smartpick_expert.engine.session import Matcher
from smartpick_expert.explain.wording import value_text
from smartpick_expert.intake.edits import edited
from smartpick_expert.intake.kept import holds_what_is_kept
from smartpick_expert.intake.profile import Profile
from smartpick_expert.language.edits import SetField
from smartpick_expert.language.paths import Path
from smartpick_expert.language.values import UNKNOWN, Slot
from smartpick_expert.language.vocabulary import FactType
from smartpick_expert.lists.view_model import Named
from smartpick_expert.lists.wishes import Plan
from smartpick_expert.programs.catalogue import Catalogue
from smartpick_expert.programs.gate_words import GateWords
from smartpick_expert.programs.gates import PROGRAM
from smartpick_expert.programs.screen_view import CLOSED, ProgramView, program_view, status_of
from smartpick_expert.programs.screening import Screened, Screening, screen
from smartpick_expert.workspace import Workspace

TARGET, APPLICATIONS = "target", "application_plan"
_SPECIALTY, _TRACK = "specialty", "track"
# The kind of place that a further specialty is taken in where the plan names none: what most programs offer.
_MOST_OFFER: Final = "categorical"


@dataclass(frozen=True)
class Program:
    """A program of a plan: as it was screened, and its chance (None: closed, or nothing to reckon one from).

    `words` word its gates, and are those of its plan's consultation.
    """

    plan: Plan
    screened: Screened
    chance: Chance | None
    words: GateWords
    fact_type: FactType
    as_of: date

    @cached_property
    def view(self) -> ProgramView:
        """The program with all its gates in words; made when first asked for, as most programs of a catalogue are never shown so."""
        return program_view(self.screened, self.words, self.fact_type, self.as_of)

    @cached_property
    def named(self) -> Named:
        """What names it."""

        def text(name: str) -> str:
            slot = self.screened.listing.get(name)
            return value_text(slot, self.fact_type.fields[name]) if isinstance(slot, str) else ""

        place = ", ".join(part for part in (text("city"), text("state")) if part)
        return Named(self.id, text("name"), place, text("specialty"), text("setting"))

    @property
    def id(self) -> str:
        """Its id, which no other program of the catalogues has."""
        return self.screened.listing.id

    @property
    def is_closed(self) -> bool:
        """Whether something that it states closes it."""
        return status_of(self.screened) == CLOSED


@dataclass(frozen=True)
class Held:
    """All plans held against all catalogues. `consultations` are those of the plans, by plan.

    `noted` tells that something is noted in confidence, which counts here; `without` are plans of the profile in whose
    specialty no catalogue has a program.
    """

    consultation: Consultation
    workspace: Workspace
    catalogues: tuple[Catalogue, ...]
    plans: tuple[Plan, ...]
    programs: tuple[Program, ...]
    consultations: Mapping[Plan, Consultation]
    noted: bool
    without: tuple[Plan, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Program]:
        """The programs of the plans by their ids."""
        return {one.id: one for one in self.programs}

    def of(self, plan: Plan) -> tuple[Program, ...]:
        """The programs of a plan, in the order of the catalogues."""
        return tuple(one for one in self.programs if one.plan == plan)


def hold(
    consultation: Consultation,
    workspace: Workspace,
    catalogues: Sequence[Catalogue],
    plans: Iterable[Plan],
    engine: Matcher | str = "",
    *,
    with_drafts: bool = False,
) -> Held:
    """Hold plans against catalogues; without plans, those that the profile makes.

    Raises Problems where two programs have one id, where no catalogue has a specialty, and where no specialty is aimed at.
    """
    _check_ids(catalogues)
    fact_type = workspace.vocabulary.types[PROGRAM]
    asked = tuple(plans)
    meant = asked or plans_of(consultation.profile)
    wanted = _with_programs(meant, catalogues, fact_type, strictly=bool(asked))
    found: dict[str, Program] = {}
    consultations: dict[Plan, Consultation] = {}
    for plan in wanted:
        as_planned = _as_planned(consultation, plan, workspace, engine, with_drafts=with_drafts)
        consultations[plan] = as_planned
        for catalogue in catalogues:
            screening = screen(as_planned, _of_specialty(catalogue, plan.specialty), engine)
            for one in _programs(plan, screening, engine):
                # A program that says no kind of place belongs to the first plan that may mean it.
                found.setdefault(one.id, one)
    without = tuple(one for one in meant if one not in wanted)
    noted = holds_what_is_kept(consultation.profile, workspace.vocabulary)
    return Held(
        consultation, workspace, tuple(catalogues), wanted, tuple(found.values()), consultations, noted, without
    )


def plans_of(profile: Profile) -> tuple[Plan, ...]:
    """The plans that a profile makes: the specialty it aims at, then those that it means to apply in besides."""
    target = next((entry.values for entry in profile.of(TARGET)), {})
    applied = [entry.values.get(_SPECIALTY) for entry in profile.of(APPLICATIONS)]
    names = [one for one in (target.get(_SPECIALTY), *applied) if isinstance(one, str)]
    return tuple(Plan(name) for name in dict.fromkeys(names))


def _programs(plan: Plan, screening: Screening, engine: Matcher | str) -> Iterator[Program]:
    reckoned = chances(screening, engine)
    derivation = screening.consultation.derivation
    words, fact_type = GateWords(derivation), derivation.compiled.vocabulary.types[PROGRAM]
    for one in screening.programs:
        if not plan.track or one.fact.get(_TRACK) in (plan.track, UNKNOWN):
            chance = reckoned.get(one.listing.id)
            yield Program(plan, one, chance, words, fact_type, screening.consultation.as_of)


def _as_planned(
    consultation: Consultation, plan: Plan, workspace: Workspace, engine: Matcher | str, *, with_drafts: bool
) -> Consultation:
    """The consultation with the plan's specialty and kind of place aimed at; itself where these are what it aims at."""
    profile = consultation.profile
    target = next((entry.values for entry in profile.of(TARGET)), {})
    is_other = plan.specialty != target.get(_SPECIALTY)
    wanted: dict[str, Slot] = {_SPECIALTY: plan.specialty} if is_other else {}
    track = plan.track or (_MOST_OFFER if is_other else "")
    if track and track != target.get(_TRACK):
        wanted[_TRACK] = track
    if not wanted:
        return consultation
    edits = [SetField(Path(TARGET, name), value) for name, value in wanted.items()]
    changed = edited(profile, edits, workspace.vocabulary)
    return consult_profile(changed, workspace, consultation.as_of, engine, with_drafts=with_drafts)


def _of_specialty(catalogue: Catalogue, specialty: str) -> Catalogue:
    """The catalogue's programs of one specialty."""
    return replace(catalogue, listings=tuple(one for one in catalogue.listings if one.get(_SPECIALTY) == specialty))


def _with_programs(
    plans: tuple[Plan, ...], catalogues: Iterable[Catalogue], fact_type: FactType, *, strictly: bool
) -> tuple[Plan, ...]:
    """The plans whose specialty some catalogue has. Raises Problems where there is none, or (`strictly`) where one is missing."""
    several = tuple(catalogues)
    has = tuple(dict.fromkeys(name for one in several for name in one.specialties()))
    place = Location(", ".join(str(one.path) for one in several) or "--programs")
    if not plans:
        message = "The profile aims at no specialty, so there is nothing to choose a list in."
        hint = f"Name one with --specialty; the catalogue has: {', '.join(has) or 'none that says its specialty'}."
        raise Problems([Diagnostic("list.no-specialty", message, hint, place)])
    missing = [one.specialty for one in plans if one.specialty not in has]
    if missing and (strictly or len(missing) == len(plans)):
        words = fact_type.fields[_SPECIALTY]
        message = f"The catalogue has no program in {', '.join(value_text(name, words) for name in missing)}."
        hint = f"It has: {', '.join(has) or 'none that says its specialty'}. Name one of these with --specialty."
        raise Problems([Diagnostic("programs.specialty", message, hint, place)])
    return tuple(one for one in plans if one.specialty in has)


def _check_ids(catalogues: Iterable[Catalogue]) -> None:
    counts = Counter(name for one in catalogues for name in one.by_id)
    twice = sorted(name for name, count in counts.items() if count > 1)
    if twice:
        place = Location(", ".join(str(one.path) for one in catalogues))
        message = f"Two catalogues have a program '{twice[0]}', so it is not clear which is meant."
        hint = "Leave the program out of one of them, or give it another id there."
        raise Problems([Diagnostic("program.duplicate-id", message, hint, place)])


def check_named(held: Held, names: Iterable[str], option: str) -> None:
    """Raise Problems where a program that is named is none of the plans'."""
    problems = []
    for name in names:
        if name not in held.by_id:
            message = f"There is no program '{name}' in the specialties that a list is chosen in."
            hint = nearest(name, held.by_id) or "'smartpick programs screen --format csv' lists all ids."
            problems.append(Diagnostic("programs.unknown", message, hint, Location(option)))
    if problems:
        raise Problems(problems)
