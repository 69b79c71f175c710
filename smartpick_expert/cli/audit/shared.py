"""What the commands on the ledger share: options, the ledger opened, an entry as a line and as data, days."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, TypeVar

import click

from smartpick_expert.audit.entering import default_path
from smartpick_expert.audit.entry import Listed
from smartpick_expert.audit.ledger import Ledger
from smartpick_expert.audit.settings import NAME, read_settings
from smartpick_expert.cli.output import say
from smartpick_expert.explain.wording import plain_text
from smartpick_expert.workspace import find_root

_F = TypeVar("_F", bound=Callable[..., Any])


def since_option(command: _F) -> _F:
    """`--since DATE`."""
    return click.option(
        "--since",
        type=click.DateTime(["%Y-%m-%d"]),
        default=None,
        help="Only advices made on this day or later, by the clock here.",
    )(command)


def format_option(command: _F) -> _F:
    """`--format text|json`."""
    return click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)(
        command
    )


def opened(path: Path | None) -> Ledger:
    """The ledger that is named, or the user's. Raises Problems where there is none."""
    return Ledger(path or default_path(), must_exist=True)


def print_json(data: object) -> None:
    """Print data in one form."""
    click.echo(json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False))


def written_since(day: datetime | None) -> str:
    """The moment in UTC at which a day begins where the advisor is; empty without one."""
    return beginning_of(day.date()) if day is not None else ""


def beginning_of(day: date) -> str:
    """The moment in UTC at which a day begins where the advisor is, as links of a ledger have it."""
    try:
        return datetime.combine(day, time()).astimezone().astimezone(UTC).isoformat(timespec="seconds")
    except (OverflowError, ValueError, OSError):
        # At the ends of the calendar there is no other clock.
        return day.isoformat()


def kept_since(workspace: Path | None) -> str:
    """The moment in UTC from which on advices are kept, by the workspace's settings; empty where all are, which is said."""
    settings = read_settings(workspace or find_root())
    if settings.keep_months is None:
        say(f"No '{NAME}' of the workspace says how long advices are kept, so they are kept for ever.")
        return ""
    return beginning_of(settings.kept_since(date.today()))  # noqa: DTZ011 - the day where the advisor is


def entry_line(one: Listed) -> str:
    """An entry as one line of the log."""
    link, summary = one.link, one.summary
    start = f"{link.number:>6}  {link.id}  {link.at}"
    if summary is None:
        return f"{start}  ({'damaged' if one.is_damaged else 'erased'})"
    overrides = f", {summary.overrides} overridden" if summary.overrides else ""
    said = plain_text(f"{summary.label}, as of {summary.as_of}: {summary.bucket}{overrides}")
    return f"{start}  {said}{' (not given: its documents could not be written)' if one.is_unwritten else ''}"


def entry_data(one: Listed) -> dict[str, object]:
    """An entry as data."""
    summary = asdict(one.summary) if one.summary is not None else None
    return {
        "link": asdict(one.link),
        "summary": summary,
        "is_damaged": one.is_damaged,
        "is_unwritten": one.is_unwritten,
    }
