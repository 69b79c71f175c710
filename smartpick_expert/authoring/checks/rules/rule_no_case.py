"""A stable rule has a case of its own where it fires and one where it does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from smartpick_expert.authoring.cases import SUFFIX
from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.diagnostics import Severity
from smartpick_expert.language.model import Status
from smartpick_expert.language.values import shorten

CODE = "rule.no-case"
FINDS = "No case of its own shows where a stable rule fires, or where it does not."
SEVERITY = Severity.ERROR
MAY_BE_SILENCED = False


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each stable rule that a case is missing of; none where the cases cannot be read."""
    if not base.cases_read:
        return
    own = [case.expected for case in base.cases if not case.whole]
    fires = {rule_id for expected in own for rule_id in expected.fires}
    rests = {rule_id for expected in own for rule_id in expected.does_not_fire}
    for rule in base.workspace.ruleset.rules:
        missing = [word for word, tried in (("fires", fires), ("does not fire", rests)) if rule.id not in tried]
        if missing and rule.status is Status.STABLE:
            file = Path(rule.location.path).stem + SUFFIX
            yield Finding(
                CODE,
                f"Rule '{shorten(rule.id)}' is stable, and no case of its own shows where it {' or where it '.join(missing)}.",
                f"Write one into {file}, or make the rule a draft.",
                rule.location,
                rule=rule.id,
            )
