"""A claim that no rule carries or warns against is a hole, unless it says why."""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.authoring.catalogue import Uptake, coverage
from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.diagnostics import Severity
from smartpick_expert.language.values import shorten

CODE = "claim.no-rule"
FINDS = "No rule carries a claim or warns against it, and the claim does not say why."
SEVERITY = Severity.ERROR
MAY_BE_SILENCED = False


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each hole."""
    for row in coverage(base.workspace):
        if row.uptake is Uptake.HOLE:
            yield Finding(
                CODE,
                f"No rule carries claim '{shorten(row.claim.id)}' or warns against it, so no advice takes note of it.",
                "Cite it in a rule's 'sources' or 'warns_against', or say why there is none with 'no_rule: ...'.",
                row.claim.location,
            )
