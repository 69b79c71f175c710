"""What is wrong with the notes of a workspace: what cannot be read, and what cannot both be right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from smartpick_expert.diagnostics import Diagnostic
from smartpick_expert.engine.consultation import consult_profile
from smartpick_expert.explain.contradictions import contradictions
from smartpick_expert.intake.notes import notes_of, with_notes
from smartpick_expert.intake.profile import Profile
from smartpick_expert.workspace import NOTES, Workspace


def note_problems(workspace: Workspace, as_of: date) -> tuple[Diagnostic, ...]:
    """Everything that would stop an advice by these notes, whoever it is on."""
    notes = notes_of(workspace)
    if notes.problems or not notes.entries:
        return notes.problems
    nobody = with_notes(Profile(NOTES, (), frozenset()), workspace)
    found = contradictions(consult_profile(nobody, workspace, as_of, "plain"), workspace)
    return tuple(replace(one, code=one.code.replace("profile.", "notes.", 1)) for one in found)
