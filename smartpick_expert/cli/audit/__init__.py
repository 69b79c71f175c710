"""`smartpick audit`: the ledger of advices given: looked through, verified, replayed, recalled, erased."""

from __future__ import annotations

import click

from smartpick_expert.cli.audit.again import compare, export, recall_command, replay
from smartpick_expert.cli.audit.erasing import erase
from smartpick_expert.cli.audit.looking import log, show
from smartpick_expert.cli.audit.verifying import verify


@click.group()
def audit() -> None:
    """The ledger of advices given: look, verify, replay, recall, compare, export, erase."""


for command in (log, show, verify, export, replay, recall_command, compare, erase):
    audit.add_command(command)
