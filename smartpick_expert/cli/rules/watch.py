"""`--watch`: something done again whenever a file of the workspace changes, until Ctrl-C."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from smartpick_expert.authoring.watching import changes
from smartpick_expert.cli.output import say

_NAMED = 3


def watch(root: Path, check: Callable[[], object]) -> None:
    """Call `check`, and again after each change; on a terminal each time on a clear screen. Returns on Ctrl-C."""
    try:
        for changed in changes(root):
            click.clear()
            say(f"{_heading(root, changed)}\n")
            try:
                check()
            except OSError as error:
                # A folder that is renamed while it is read: the change is noticed, and all is read again.
                say(f"A file could not be read: {error.strerror or error}.")
            say("\nWaiting for the next change; Ctrl-C ends this.")
    except KeyboardInterrupt:
        say("\nEnded.")


def _heading(root: Path, changed: tuple[str, ...]) -> str:
    now = datetime.now().astimezone().strftime("%H:%M:%S")
    if not changed:
        return f"{now}  {root}"
    more = f" and {len(changed) - _NAMED} more" if len(changed) > _NAMED else ""
    return f"{now}  {', '.join(changed[:_NAMED])}{more} changed"
