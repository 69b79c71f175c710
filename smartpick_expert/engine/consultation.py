"""One consultation of a workspace's rules on a profile: what went in, what came out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from smartpick_expert.engine.compiled import CompiledRules, compile_rules
from smartpick_expert.engine.derivation import Derivation
from smartpick_expert.engine.session import Matcher, consult
from smartpick_expert.intake.facts import Intake, make_facts
from smartpick_expert.intake.profile import Profile
from smartpick_expert.knowledge.parameters import Figures, figures_at
from smartpick_expert.knowledge.seasons import running_season, season_asked
from smartpick_expert.knowledge.signals import signal_facts
from smartpick_expert.language.values import UNKNOWN
from smartpick_expert.workspace import Workspace


@dataclass(frozen=True)
class Consultation:
    """One run of the rules on one profile: what went in, the figures it was read with, and what came out."""

    profile: Profile
    intake: Intake
    derivation: Derivation
    as_of: date
    figures: Figures


def consult_profile(
    profile: Profile,
    workspace: Workspace,
    as_of: date,
    engine: Matcher | str = "",
    *,
    with_drafts: bool = False,
) -> Consultation:
    """Fire the workspace's rules on a profile as of a day. Raises Problems for rules that cannot be ordered."""
    ready = prepare(profile, workspace, as_of, with_drafts=with_drafts)
    derivation = consult(ready.compiled, ready.intake.facts, engine)
    return Consultation(profile, ready.intake, derivation, as_of, ready.figures)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a consultation of a profile starts from: the rules of the day and the season, the facts, and the figures."""

    compiled: CompiledRules
    intake: Intake
    figures: Figures


def prepare(profile: Profile, workspace: Workspace, as_of: date, *, with_drafts: bool = False) -> Prepared:
    """What a consultation would start from; nothing is fired. Raises Problems for rules that cannot be ordered."""
    season = season_of(profile, as_of)
    ready = _ready(workspace, as_of, season, with_drafts=with_drafts)
    supplied = [program.fact for program in workspace.knowledge.programs.values()]
    supplied += signal_facts(ready.figures, workspace.vocabulary)
    supplied += workspace.added
    intake = make_facts(profile, workspace.vocabulary, supplied, as_of, season)
    return Prepared(ready.compiled, intake, ready.figures)


def season_of(profile: Profile, as_of: date) -> int:
    """The season an advice on this profile is about."""
    named = next((entry.values.get("season", UNKNOWN) for entry in profile.of("applicant")), UNKNOWN)
    return season_asked(named, as_of)


def compiled_for(workspace: Workspace, as_of: date, *, with_drafts: bool = False) -> CompiledRules:
    """The workspace's rules ready for a day, in an advice about the season that runs on it; compiled once.

    Raises Problems for rules that cannot be ordered.
    """
    return _ready(workspace, as_of, running_season(as_of), with_drafts=with_drafts).compiled


@dataclass(frozen=True, slots=True)
class _Ready:
    """A rule base ready for a day and a season. It keeps its workspace alive, so that an identity is never used again."""

    workspace: Workspace
    with_drafts: bool
    figures: Figures
    compiled: CompiledRules


# The last few, in the order in which they were made.
_READY: list[_Ready] = []
_MAX_READY = 32


def _ready(workspace: Workspace, as_of: date, season: int, *, with_drafts: bool) -> _Ready:
    """The rule base for a day and a season; compiled once for each set of values, as seasons not yet published read alike."""
    of_the_day = [
        one
        for one in _READY
        if one.workspace is workspace and one.compiled.as_of == as_of and one.with_drafts == with_drafts
    ]
    for one in of_the_day:
        if one.figures.season == season:
            return one
    figures = figures_at(workspace.knowledge.parameters.values(), as_of, season)
    slots = figures.slots
    compiled = next((one.compiled for one in of_the_day if one.compiled.parameters == slots), None)
    if compiled is None:
        compiled = compile_rules(workspace.ruleset, slots, as_of, with_drafts=with_drafts)
    _READY.append(_Ready(workspace, with_drafts, figures, compiled))
    del _READY[:-_MAX_READY]
    return _READY[-1]
