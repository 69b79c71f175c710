"""Words of promise: no rule knows what will come of one file, and an office that promises it is held to it."""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.authoring.checks.wording import words_of
from smartpick_expert.diagnostics import Severity

CODE = "wording.promise"
FINDS = "A text promises what nobody can know."
SEVERITY = Severity.WARNING


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each such word."""
    yield from words_of(base, "promise", CODE, "which promises what nobody can know")
