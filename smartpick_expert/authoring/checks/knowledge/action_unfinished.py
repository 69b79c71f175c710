"""An action says what it changes, needs, takes and costs, or that this is not known; silence says neither."""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.diagnostics import Severity
from smartpick_expert.language.values import shorten

CODE = "action.unfinished"
FINDS = "An action does not say what it changes, needs, takes or costs."
SEVERITY = Severity.ERROR
MAY_BE_SILENCED = False


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each action that leaves something out."""
    for action in base.workspace.knowledge.actions.values():
        if action.lacks:
            yield Finding(
                CODE,
                f"Action '{shorten(action.name)}' does not say: {', '.join(action.lacks)}.",
                "Fill them in; 'changes_nothing: ...', 'needs: []', 'until: none' and 'unknown' are answers too.",
                action.location,
            )
