"""`smartpick programs`: catalogues of programs, imported, checked, held against an applicant, and chosen from."""

from __future__ import annotations

import click

from smartpick_expert.cli.programs.calibrate import calibrate
from smartpick_expert.cli.programs.check import check
from smartpick_expert.cli.programs.importing import import_
from smartpick_expert.cli.programs.screen import screen
from smartpick_expert.cli.programs.select import select


@click.group()
def programs() -> None:
    """Catalogues of programs: import and check one, hold one against an applicant, choose from it, see how well rates are predicted."""


for command in (import_, check, screen, select, calibrate):
    programs.add_command(command)
