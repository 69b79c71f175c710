"""A rule that fires only where another does, and adds nothing to it."""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.authoring.checks.logic._witnesses import both_fire
from smartpick_expert.authoring.logic.readied import readied
from smartpick_expert.authoring.logic.subsumption import subsumed
from smartpick_expert.diagnostics import Severity
from smartpick_expert.language.values import shorten

CODE = "rule.subsumed"
FINDS = "A rule fires only where another one does, and concludes and cites nothing that the other does not."
SEVERITY = Severity.WARNING


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each rule that another one takes in."""
    ready = readied(base.workspace, base.as_of)
    for general, special in subsumed(ready):
        yield Finding(
            CODE,
            f"Wherever rule '{shorten(special.id)}' fires, '{shorten(general.id)}' fires and concludes as much.",
            f"Delete it; or give '{shorten(general.id)}' a condition that leaves these applicants to it.",
            special.location,
            SEVERITY,
            related=((general.location, f"rule {general.id}"),),
            rule=special.id,
            witness=both_fire(ready, special, general),
        )
