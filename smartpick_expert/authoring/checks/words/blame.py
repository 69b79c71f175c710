"""Words of blame: whoever reads an advice is worried already, and needs to know what can be done."""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.authoring.checks.wording import words_of
from smartpick_expert.diagnostics import Severity

CODE = "wording.blame"
FINDS = "A text blames whoever reads it."
SEVERITY = Severity.WARNING


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each such word."""
    yield from words_of(base, "blame", CODE, "which lays blame on whoever reads it")
