"""`smartpick rules check --fix`: what has one safe repair is repaired, and the change is shown line by line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from difflib import unified_diff
from pathlib import Path

import click

from smartpick_expert.authoring.fixing import MeaningChangedError, fix
from smartpick_expert.cli.layout import counted
from smartpick_expert.cli.output import FINDINGS, say
from smartpick_expert.diagnostics import Diagnostic
from smartpick_expert.explain.tree import shown


def repair(root: Path, day: date, form: str, concerns: Callable[[Diagnostic], bool]) -> None:
    """Repair the findings of a workspace that `concerns` lets through; ends the command where that cannot be done."""
    try:
        fixed = fix(root, day, concerns)
    except OSError as error:
        say(f"Nothing was repaired: {error.strerror or error}.")
        raise SystemExit(FINDINGS) from None
    except MeaningChangedError as error:
        say(
            f"Nothing was repaired: a repair of {error} would change what a rule means. That is a fault of this program."
        )
        raise SystemExit(FINDINGS) from None
    for path, before, after in fixed.files if form == "text" else ():
        for line in unified_diff(before.splitlines(), after.splitlines(), path, f"{path} (repaired)", lineterm=""):
            click.echo(shown(line))
    if fixed.repaired:
        codes = ", ".join(sorted({finding.code for finding in fixed.repaired}))
        say(f"{counted(len(fixed.repaired), 'repair')} in {counted(len(fixed.files), 'file')}: {codes}.\n")
    else:
        say("Nothing here has a repair that is safe to make.\n")
