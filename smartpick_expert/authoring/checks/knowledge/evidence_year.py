"""The year of a figure is one that has begun, so that an old figure is never taken for a new one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.diagnostics import Severity
from smartpick_expert.knowledge.evidence import NOT_RECORDED
from smartpick_expert.language.values import shorten

CODE = "evidence.year"
FINDS = "The year of a finding is no year, or has not begun."
SEVERITY = Severity.ERROR
MAY_BE_SILENCED = False
_YEAR: Final = re.compile(r"[0-9]{4}")
FIRST_YEAR: Final = 1900


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each entry of evidence without a year that has begun."""
    last = base.as_of.year
    for entry in base.workspace.knowledge.evidence.values():
        is_year = _YEAR.fullmatch(entry.year) is not None and FIRST_YEAR <= int(entry.year) <= last
        if not is_year and entry.year != NOT_RECORDED:
            yield Finding(
                CODE,
                f"Evidence '{shorten(entry.id)}' is of '{shorten(entry.year)}', which is no year from {FIRST_YEAR} to {last}.",
                f"Write one year that has begun, or 'year: {NOT_RECORDED}'.",
                entry.location,
            )
