"""A parameter that nothing reads is changed by people who think that it matters, unless it says why it is kept."""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.authoring.checks.reading import parameter_readers
from smartpick_expert.diagnostics import Severity
from smartpick_expert.language.values import shorten

CODE = "parameter.unread"
FINDS = "No rule, action or cost reads a parameter, and it does not say why it is kept."
SEVERITY = Severity.WARNING
MAY_BE_SILENCED = False


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each parameter without a reader and without `no_reader`."""
    readers = parameter_readers(base)
    for parameter in base.workspace.knowledge.parameters.values():
        if parameter.name not in readers and not parameter.no_reader:
            yield Finding(
                CODE,
                f"Nothing reads parameter '{shorten(parameter.name)}': no rule, no action and no cost.",
                "Name it where the number matters, delete it, or say with 'no_reader: ...' what it is kept for.",
                parameter.location,
                SEVERITY,
            )
