"""A parameter is looked at again by its day, since figures change by the season."""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.authoring.checks.overdue import passed
from smartpick_expert.diagnostics import Severity

CODE = "parameter.overdue"
FINDS = "The day by which a parameter was to be reviewed has passed."
SEVERITY = Severity.WARNING
MAY_BE_SILENCED = False
ALONE = True


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each parameter whose day has passed."""
    for parameter in base.workspace.knowledge.parameters.values():
        yield from passed("parameter", parameter.name, parameter.review_by, base.as_of, parameter.location)
