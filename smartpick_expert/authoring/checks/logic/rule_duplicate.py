"""Two rules that ask the same and conclude the same."""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.authoring.checks.logic._witnesses import both_fire
from smartpick_expert.authoring.logic.readied import readied
from smartpick_expert.authoring.logic.subsumption import duplicates
from smartpick_expert.diagnostics import Severity
from smartpick_expert.language.values import shorten

CODE = "rule.duplicate"
FINDS = "Two rules ask the same and conclude the same, up to names and order."
SEVERITY = Severity.WARNING


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for the later of two rules that are the same."""
    ready = readied(base.workspace, base.as_of)
    for one, other in duplicates(ready):
        yield Finding(
            CODE,
            f"Rules '{shorten(one.id)}' and '{shorten(other.id)}' ask the same and conclude the same.",
            "Make them one rule, with the sources of both; or correct one of them.",
            other.location,
            SEVERITY,
            related=((one.location, f"rule {one.id}"),),
            rule=other.id,
            witness=both_fire(ready, other, one),
        )
