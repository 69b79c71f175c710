"""A standing above or below `unsupported` names what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.diagnostics import Severity
from smartpick_expert.knowledge.claims import Standing
from smartpick_expert.language.values import shorten

CODE = "claim.standing"
FINDS = "A claim is said to be supported or contradicted, and names no evidence."
SEVERITY = Severity.ERROR
MAY_BE_SILENCED = False
_FOUNDED: Final = (Standing.SUPPORTED, Standing.PARTLY_SUPPORTED)


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each claim whose standing rests on nothing."""
    for claim in base.workspace.knowledge.claims.values():
        key = ""
        if claim.standing in _FOUNDED and not claim.evidence_for:
            key = "evidence_for"
        elif claim.standing is Standing.CONTRADICTED and not claim.evidence_against:
            key = "evidence_against"
        if key:
            yield Finding(
                CODE,
                f"Claim '{shorten(claim.id)}' is said to be {claim.standing.replace('_', ' ')}, and names nothing under '{key}'.",
                "Name the evidence, or let it stand as 'unsupported'.",
                claim.location,
            )
