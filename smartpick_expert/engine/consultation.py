"""One consultation of a workspace's rules on a profile: what went in, what came out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from smartpick_expert.engine.compiled import CompiledRules, compile_rules
from smartpick_expert.engine.derivation import Derivation
from smartpick_expert.engine.session import Matcher, consult
from smartpick_expert.intake.facts import Intake, make_facts
from smartpick_expert.intake.profile import Profile
from smartpick_expert.knowledge.parameters import values_at
from smartpick_expert.workspace import Workspace


@dataclass(frozen=True)
class Consultation:
    """One run of the rules on one profile: what went in and what came out."""

    profile: Profile
    intake: Intake
    derivation: Derivation
    as_of: date


def consult_profile(
    profile: Profile,
    workspace: Workspace,
    as_of: date,
    engine: Matcher | str = "",
    *,
    with_drafts: bool = False,
) -> Consultation:
    """Fire the workspace's rules on a profile as of a day. Raises Problems for rules that cannot be ordered."""
    compiled = compiled_for(workspace, as_of, with_drafts=with_drafts)
    supplied = [program.fact for program in workspace.knowledge.programs.values()]
    intake = make_facts(profile, workspace.vocabulary, supplied, as_of)
    return Consultation(profile, intake, consult(compiled, intake.facts, engine), as_of)


# The last few rule bases compiled, by identity; each is kept alive beside, so that an identity is never used again.
_COMPILED: dict[tuple[int, date, bool], tuple[Workspace, CompiledRules]] = {}
_MAX_COMPILED = 8


def compiled_for(workspace: Workspace, as_of: date, *, with_drafts: bool = False) -> CompiledRules:
    """The workspace's rules ready for a day, compiled once. Raises Problems for rules that cannot be ordered."""
    key = (id(workspace), as_of, with_drafts)
    if key not in _COMPILED:
        parameters = values_at(workspace.knowledge.parameters.values(), as_of)
        compiled = compile_rules(workspace.ruleset, parameters, as_of, with_drafts=with_drafts)
        while len(_COMPILED) >= _MAX_COMPILED:
            _COMPILED.pop(next(iter(_COMPILED)))
        _COMPILED[key] = (workspace, compiled)
    return _COMPILED[key][1]
