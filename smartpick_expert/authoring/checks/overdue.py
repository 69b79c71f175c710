"""What was to be looked at again before the day. A warning: yesterday's base does not break overnight."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from smartpick_expert.authoring.checks.base import Finding
from smartpick_expert.diagnostics import Location, Severity
from smartpick_expert.language.values import shorten


def passed(
    what: str, name: str, review_by: date | None, as_of: date, place: Location, rule: str = ""
) -> Iterator[Finding]:
    """The finding on a rule or parameter that was to be reviewed by a day before `as_of`, with the code `what.overdue`."""
    if review_by is not None and review_by < as_of:
        yield Finding(
            f"{what}.overdue",
            f"{what.capitalize()} '{shorten(name)}' was to be reviewed by {review_by}, which is before {as_of}.",
            "Read its sources again, correct what has changed, and set a new day under 'review_by'.",
            place,
            Severity.WARNING,
            rule=rule,
        )
