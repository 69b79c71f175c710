"""What a parameter says about why nothing reads it must be true."""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.authoring.checks.reading import parameter_readers
from smartpick_expert.diagnostics import Severity
from smartpick_expert.language.values import shorten

CODE = "parameter.reader-and-no-reader"
FINDS = "A parameter says why nothing reads it, and something does."
SEVERITY = Severity.WARNING
MAY_BE_SILENCED = False


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each parameter with both."""
    readers = parameter_readers(base)
    for parameter in base.workspace.knowledge.parameters.values():
        if parameter.name in readers and parameter.no_reader:
            yield Finding(
                CODE,
                f"Parameter '{shorten(parameter.name)}' says why nothing reads it, and {readers[parameter.name]} does.",
                "Delete 'no_reader'.",
                parameter.location,
                SEVERITY,
            )
