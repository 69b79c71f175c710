"""`smartpick audit erase`: an applicant taken out of the ledger for good."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from smartpick_expert.audit.entry import near_labels
from smartpick_expert.audit.ledger import Ledger
from smartpick_expert.cli.audit.shared import (
    kept_since,
    opened,
)
from smartpick_expert.cli.options import ledger_option, workspace_option
from smartpick_expert.cli.output import FINDINGS, reporting, say, show_findings
from smartpick_expert.diagnostics import Problems, closest
from smartpick_expert.explain.wording import plain_text


@click.command()
@ledger_option
@workspace_option
@click.argument("label", required=False, default="")
@click.option("--expired", is_flag=True, help="Erase what was kept longer than the workspace's settings say.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(ledger: Path | None, workspace: Path | None, label: str, *, expired: bool, yes: bool) -> None:
    """Erase every advice on the applicant LABEL; that there were so many stays. What was written elsewhere is listed."""
    if bool(label) == expired:
        raise click.UsageError("Name a label, or --expired.")
    with reporting(), opened(ledger) as kept_ledger:
        limit = kept_since(workspace) if expired else ""
        numbers = [
            one.link.number
            for one in kept_ledger.entries(label)
            if one.summary is not None and (label or (limit and one.link.at < limit))
        ]
        if kept_ledger.verify():
            say("This ledger was changed, so that an advice to erase may be missed here. Run 'smartpick audit verify'.")
        if not numbers:
            # An erasure that could not be completed is, now.
            kept_ledger.erase(())
            before = "Nothing of what was erased before is left in the file." if kept_ledger.erasures() else ""
            click.echo(f"There is nothing to erase. {_meant(label, _labels(kept_ledger)) or before}".rstrip())
            return
        near = near_labels(label, _labels(kept_ledger)) if label else ()
        if near:
            say(f"Labels are matched as they are written. Not erased are advices under: {', '.join(near)}.")
        if not yes and not click.confirm(f"Erase {len(numbers)} for good?", err=True):
            raise SystemExit(FINDINGS)
        places = kept_ledger.exports(numbers)
        try:
            ids = kept_ledger.erase(numbers)
        except BaseException as error:
            # The ledger has lost the list by now where it has lost what it was of.
            if kept_ledger.data(numbers[0]) is None:
                _print_places(places)
                if isinstance(error, Problems):
                    show_findings(error.diagnostics, "text")
                    raise SystemExit(FINDINGS) from None
            raise
        head = kept_ledger.head()
    click.echo(f"Erased: {', '.join(ids)}. That they were is kept. Head: {head}")
    _print_places(places)


def _print_places(places: Iterable[tuple[str, str]]) -> None:
    for what, place in places:
        click.echo(plain_text(f"Delete by hand: {what}, {place}"))


def _labels(ledger: Ledger) -> set[str]:
    return {one.summary.label for one in ledger.entries() if one.summary is not None}


def _meant(label: str, labels: set[str]) -> str:
    near = near_labels(label, labels)
    return f"Did you mean '{near[0]}'?" if near else closest(label, labels)
