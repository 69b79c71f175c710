"""How many programs of a list each gate leaves: by what they state, and by the filters of the article."""

from __future__ import annotations

from smartpick_expert.programs.screen_view import ScreenView, Step
from smartpick_expert.report.drawings.model import Gate, ProgramsView


def programs_of(screen: ScreenView) -> tuple[ProgramsView, ...]:
    """The two funnels of a screening, what is stated first; nothing without programs or gates."""
    total = len(screen.programs)
    both = ((screen.requirements, False), (screen.filters, True))
    return tuple(
        ProgramsView(total, is_opinion, tuple(_gate(step) for step in steps))
        for steps, is_opinion in both
        if total and steps
    )


def _gate(step: Step) -> Gate:
    return Gate(step.title, step.arrived, step.unknown, step.left)
