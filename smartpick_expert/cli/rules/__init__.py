"""`smartpick rules`: check the rule base, run its cases, look things up in it, change it, see what a change does, publish it."""

from __future__ import annotations

import click

from smartpick_expert.cli.rules.book import book
from smartpick_expert.cli.rules.cases import test
from smartpick_expert.cli.rules.check import check
from smartpick_expert.cli.rules.coverage import coverage
from smartpick_expert.cli.rules.directions import directions
from smartpick_expert.cli.rules.graph import graph
from smartpick_expert.cli.rules.impact import impact
from smartpick_expert.cli.rules.listing import list_
from smartpick_expert.cli.rules.mutate import mutate
from smartpick_expert.cli.rules.new import new
from smartpick_expert.cli.rules.publish import publish, restore, versions
from smartpick_expert.cli.rules.rename import rename, retire
from smartpick_expert.cli.rules.schema import schema
from smartpick_expert.cli.rules.show import show


@click.group()
def rules() -> None:
    """Check, test, read and change the rules; see what a change would do, and publish it."""


_COMMANDS = (
    check,
    test,
    coverage,
    mutate,
    directions,
    list_,
    show,
    new,
    rename,
    retire,
    graph,
    book,
    schema,
    impact,
    publish,
    restore,
    versions,
)
for command in _COMMANDS:
    rules.add_command(command)
