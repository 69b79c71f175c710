"""A rule is looked at again by its day, since what committees think and what is known of it change."""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.authoring.checks.overdue import passed
from smartpick_expert.diagnostics import Severity
from smartpick_expert.language.model import Status

CODE = "rule.overdue"
FINDS = "The day by which a rule was to be reviewed has passed."
SEVERITY = Severity.WARNING
MAY_BE_SILENCED = False
ALONE = True


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each rule that is not retired and whose day has passed."""
    for rule in base.workspace.ruleset.rules:
        if rule.status is not Status.RETIRED:
            yield from passed("rule", rule.id, rule.review_by, base.as_of, rule.location, rule.id)
