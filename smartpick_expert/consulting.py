"""A profile in, a consultation on it out; one that contradicts itself, or that the rules conflict on, is refused with all its reasons."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from smartpick_expert.diagnostics import Diagnostic, Problems
from smartpick_expert.engine.conflicts import conflict_diagnostics
from smartpick_expert.engine.consultation import Consultation, consult_profile
from smartpick_expert.engine.session import Matcher
from smartpick_expert.explain.contradictions import contradictions
from smartpick_expert.intake.notes import notes_of, with_notes
from smartpick_expert.intake.overrides import override_problems
from smartpick_expert.intake.profile import Profile, read_profile
from smartpick_expert.workspace import Workspace


def consult_file(
    path: Path,
    workspace: Workspace,
    as_of: date,
    engine: Matcher | str = "",
    *,
    with_drafts: bool = False,
) -> Consultation:
    """Read a profile and run the rules on it. Raises Problems with all that is wrong with it, or with the rules on it."""
    profile, problems = read_profile(path, workspace.vocabulary)
    return consult_checked(profile, workspace, as_of, engine, problems=problems, with_drafts=with_drafts)


def consult_checked(
    profile: Profile,
    workspace: Workspace,
    as_of: date,
    engine: Matcher | str = "",
    *,
    problems: Iterable[Diagnostic] = (),
    with_drafts: bool = False,
) -> Consultation:
    """Run the rules on a profile with the office's notes on it; on one that is told without them.

    Raises Problems with those found before, with what is wrong with the notes, and with whatever it contradicts itself in.
    """
    noted = with_notes(profile, workspace)
    consultation = consult_profile(noted, workspace, as_of, engine, with_drafts=with_drafts)
    unreadable = () if profile.is_told else notes_of(workspace).problems
    found = [*problems, *unreadable, *contradictions(consultation, workspace)]
    found += override_problems(profile.overrides, workspace.all_rules)
    # On a profile with mistakes in it, a conflict of rules may be no more than their consequence.
    found = found or list(conflict_diagnostics(consultation.derivation))
    if found:
        raise Problems(found)
    return consultation
