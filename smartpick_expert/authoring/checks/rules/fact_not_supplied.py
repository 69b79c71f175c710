"""A stable rule waits for what nobody concludes, so that the condition can never be true, or a 'not' never false."""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.authoring.checks.supply import Supply, unsupplied
from smartpick_expert.diagnostics import Severity
from smartpick_expert.language.values import shorten

CODE = "fact.not-supplied"
FINDS = "A stable rule reads what no rule concludes."
SEVERITY = Severity.ERROR


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each condition of a stable rule that no rule's conclusion may match, whatever its status."""
    for rule, pattern in unsupplied(base, Supply.NOBODY):
        yield Finding(
            CODE,
            f"Rule '{shorten(rule.id)}' reads a '{pattern.fact_type}' that no rule concludes with these values.",
            "Correct the condition, or write the rule that concludes it.",
            pattern.location,
            rule=rule.id,
        )
