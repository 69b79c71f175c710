"""`smartpick programs`: catalogues of programs, imported, checked, and held against an applicant."""

from __future__ import annotations

import click

from smartpick_expert.cli.programs.calibrate import calibrate
from smartpick_expert.cli.programs.check import check
from smartpick_expert.cli.programs.importing import import_
from smartpick_expert.cli.programs.screen import screen


@click.group()
def programs() -> None:
    """Catalogues of programs: import a table, check one, hold one against an applicant, see how well rates are predicted."""


for command in (import_, check, screen, calibrate):
    programs.add_command(command)
