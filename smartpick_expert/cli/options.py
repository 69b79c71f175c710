"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from smartpick_expert.cli.output import say
from smartpick_expert.engine.session import Matcher, make_matcher

_F = TypeVar("_F", bound=Callable[..., Any])


def workspace_option(command: _F) -> _F:
    """`--workspace DIR`."""
    return click.option(
        "--workspace",
        type=click.Path(path_type=Path),
        default=None,
        help="The workspace folder. [default: the one here, else the shipped one]",
    )(command)


def ledger_option(command: _F) -> _F:
    """`--ledger FILE`."""
    return click.option(
        "--ledger",
        type=click.Path(path_type=Path, dir_okay=False),
        default=None,
        help="The ledger's file. [default: the one in your data folder]",
    )(command)


def engine_option(command: _F) -> _F:
    """`--engine durable|plain`."""
    return click.option(
        "--engine",
        type=click.Choice(["durable", "plain"]),
        default=None,
        help="Which engine matches the rules; both give the same advice. [default: durable where installed]",
    )(command)


def workers_option(command: _F) -> _F:
    """`--workers N`."""
    return click.option(
        "--workers",
        type=click.IntRange(1, 64),
        default=None,
        help="How many processes share the work; what is printed is the same. [default: one for each processor]",
    )(command)


def as_of_option(command: _F) -> _F:
    """`--as-of DATE`."""
    return click.option(
        "--as-of",
        type=click.DateTime(["%Y-%m-%d"]),
        default=None,
        help="The day the advice speaks of. [default: today]",
    )(command)


def day_of(moment: datetime | None) -> date:
    """The day asked for, or today."""
    return moment.date() if moment else date.today()  # noqa: DTZ011 - the day where the advisor is


def matcher_of(engine: str | None) -> Matcher:
    """The engine asked for; without a wish durable-rules, or the plain matcher where it is not installed."""
    matcher = make_matcher(engine or "")
    if not engine and matcher.name == "plain":
        say("durable-rules is not installed here; the plain engine serves, with the same advice.")
    return matcher
