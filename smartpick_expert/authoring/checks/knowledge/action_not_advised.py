"""An action that no rule advises is reviewed, dated and priced for nobody."""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.authoring.checks.reading import conclusions_of
from smartpick_expert.diagnostics import Severity
from smartpick_expert.language.model import Constant
from smartpick_expert.language.values import shorten

CODE = "action.not-advised"
FINDS = "No rule advises an action."
SEVERITY = Severity.WARNING
MAY_BE_SILENCED = False


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each action that no rule concludes which is not retired."""
    advised = [dict(conclusion.values).get("name") for _, conclusion in conclusions_of(base.kept).get("action", ())]
    if any(not isinstance(name, Constant) for name in advised):
        return
    names = {name.value for name in advised if isinstance(name, Constant)}
    for action in base.workspace.knowledge.actions.values():
        if action.name not in names:
            yield Finding(
                CODE,
                f"No rule advises action '{shorten(action.name)}', so no applicant ever reads of it.",
                "Conclude it in a rule, or delete it.",
                action.location,
                SEVERITY,
            )
