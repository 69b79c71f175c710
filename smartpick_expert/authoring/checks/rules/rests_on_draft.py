"""A stable rule rests on rules that do not fire: drafts, or retired ones."""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.authoring.checks.supply import Supply, suppliers_of, unsupplied
from smartpick_expert.diagnostics import Severity
from smartpick_expert.language.values import shorten

CODE = "rule.rests-on-draft"
FINDS = "A stable rule reads what only drafts or retired rules conclude, which do not fire."
SEVERITY = Severity.ERROR


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each condition of a stable rule that only rules that do not fire could match."""
    for rule, pattern in unsupplied(base, Supply.OTHERS):
        others = suppliers_of(base, pattern)
        yield Finding(
            CODE,
            f"Rule '{shorten(rule.id)}' is stable and reads what only rules conclude that do not fire: "
            f"{', '.join(f'{other.id} ({other.status})' for other in others[:3])}{' ...' if len(others) > 3 else ''}.",  # noqa: PLR2004 - as many as a sentence bears
            "Make one of those stable, or take the condition out.",
            pattern.location,
            related=tuple((other.location, f"a {other.status} rule that concludes it") for other in others[:3]),
            rule=rule.id,
        )
