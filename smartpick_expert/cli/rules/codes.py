"""`smartpick rules check --list`: every code that a check can print."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from smartpick_expert.authoring.checks.codes import all_codes
from smartpick_expert.cli.layout import table


def show_codes(form: str) -> None:
    """Print every code with its severity and what it finds; whether it can be silenced or repaired, and its page, as JSON."""
    codes = all_codes()
    if form == "json":
        data = [{**asdict(one), "severity": one.severity.value} for one in codes]
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
        return
    for line in table([(one.code, one.severity.value, one.finds) for one in codes], 0):
        click.echo(line)
    click.echo(f"\n{len(codes)} checks. Each has a page in docs/checks/: what to avoid, what to prefer, and why.")
