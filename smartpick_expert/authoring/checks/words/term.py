"""Words for people and things that hurt or mislead where a plain name is at hand."""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.authoring.checks.wording import words_of
from smartpick_expert.diagnostics import Severity

CODE = "wording.term"
FINDS = "A text uses a word that hurts or misleads."
SEVERITY = Severity.WARNING


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each such word."""
    yield from words_of(base, "term", CODE, "a word that hurts or misleads")
