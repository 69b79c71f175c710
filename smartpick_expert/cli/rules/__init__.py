"""`smartpick rules`: check the rule base, run its cases, look things up in it."""

from __future__ import annotations

import click

from smartpick_expert.cli.rules.cases import test
from smartpick_expert.cli.rules.check import check
from smartpick_expert.cli.rules.directions import directions
from smartpick_expert.cli.rules.listing import list_
from smartpick_expert.cli.rules.rename import rename, retire
from smartpick_expert.cli.rules.schema import schema
from smartpick_expert.cli.rules.show import show


@click.group()
def rules() -> None:
    """Check, test and read the rules."""


for command in (check, test, directions, list_, show, rename, retire, schema):
    rules.add_command(command)
