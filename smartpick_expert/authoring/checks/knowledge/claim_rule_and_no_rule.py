"""What a claim says about why there is no rule for it must be true."""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.authoring.catalogue import coverage
from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.diagnostics import Severity
from smartpick_expert.language.values import shorten

CODE = "claim.rule-and-no-rule"
FINDS = "A claim says why there is no rule for it, and there is one."
SEVERITY = Severity.ERROR
MAY_BE_SILENCED = False


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each claim with both, one for each way in which a rule takes it up."""
    for row in coverage(base.workspace):
        for rules, does, key in (
            (row.carried_by, "carries it", "sources"),
            (row.warned_against_by, "warns against it", "warns_against"),
        ):
            if row.claim.no_rule and rules:
                yield Finding(
                    CODE,
                    f"Claim '{shorten(row.claim.id)}' says why there is no rule for it, and '{rules[0].id}' {does}.",
                    f"Delete 'no_rule', or take the claim out of the rule's '{key}'.",
                    row.claim.location,
                    related=((rules[0].location, f"the rule that {does}"),),
                )
