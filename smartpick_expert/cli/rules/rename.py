"""`smartpick rules rename` and `retire`: a rule changed together with everything that names it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import click

from smartpick_expert.authoring.editing.changes import Change, difference, make
from smartpick_expert.authoring.editing.mentions import Mention
from smartpick_expert.authoring.editing.renaming import Renaming, renaming
from smartpick_expert.authoring.editing.retiring import Retiring, retiring
from smartpick_expert.cli.layout import counted, heading, table, wrapped
from smartpick_expert.cli.options import as_of_option, day_of, engine_option, matcher_of, workspace_option
from smartpick_expert.cli.output import FINDINGS, reporting, say, show_findings
from smartpick_expert.cli.served import own_root
from smartpick_expert.language.model import Rule
from smartpick_expert.workspace import load_workspace

_dry_run = click.option("--dry-run", is_flag=True, help="Write nothing; print what would be changed, as a diff.")


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@_dry_run
@as_of_option
@workspace_option
def rename(old: str, new: str, as_of: datetime | None, workspace: Path | None, *, dry_run: bool) -> None:
    """Give rule OLD the id NEW, wherever the workspace names it: rules, cases, overrides, notes, comments, templates.

    The ledger keeps the old id. The rule keeps it too, under `formerly`, so that `audit recall` goes on finding it.
    """
    with reporting():
        loaded = load_workspace(own_root(workspace))
        found = renaming(loaded, old, new, day_of(as_of))
        if _written(loaded.root, found.changes, dry_run=dry_run):
            _say_renamed(found)


def _say_renamed(found: Renaming) -> None:
    click.echo(heading(f"{found.rule.id} is now {found.new}"))
    _list_places(found.places)
    click.echo(f"{counted(len(found.places), 'place')} in {counted(len(found.changes), 'file')}.")
    if found.keeps_old:
        recall = f"'smartpick audit recall --rule {found.new}' looks for both"
        _paragraph(f"The ledger keeps '{found.rule.id}'; so does the rule, under 'formerly', and {recall}.")
    if found.by_hand:
        _paragraph(f"Pages beside the rules name it too; change them by hand: {', '.join(found.by_hand)}.")
    _paragraph("Next: smartpick rules check, then smartpick rules test.")


@click.command()
@click.argument("rule_id", metavar="ID")
@click.option(
    "--reason",
    default="",
    metavar="TEXT",
    help="Why. Goes into the rule's rationale, and to claims left without a rule.",
)
@click.option("--force", is_flag=True, help="Retire it although something rests on it, and repair that afterwards.")
@_dry_run
@as_of_option
@engine_option
@workspace_option
def retire(
    rule_id: str,
    reason: str,
    as_of: datetime | None,
    engine: str | None,
    workspace: Path | None,
    *,
    force: bool,
    dry_run: bool,
) -> None:
    """Retire rule ID: it stays in its file with its cases, and fires in no advice any more.

    Refused where something rests on it, which is listed: rules that nothing else feeds, cases that would no longer hold,
    whatever 'rules check' would find.
    """
    with reporting():
        loaded = load_workspace(own_root(workspace))
        found = retiring(loaded, rule_id, " ".join(reason.split()), day_of(as_of), matcher_of(engine))
        if not found.is_safe:
            _say_what_rests(found)
            if not force and not dry_run:
                _paragraph("Nothing was written. See to these first; or retire it with --force, and see to them then.")
                raise SystemExit(FINDINGS)
        if _written(loaded.root, found.changes, dry_run=dry_run):
            _say_retired(found, reason)


def _say_what_rests(found: Retiring) -> None:
    show_findings(found.findings, "text")
    for failure in found.failures:
        say(failure)
    if found.starved:
        say("Rules of which a condition would be met by nothing any more; change or retire them first:")
        _list_rules(found.starved)
    parts = [
        f"{len(items)} {word}{'s' if len(items) != 1 else ''}"
        for items, word in ((found.findings, "finding"), (found.failures, "case failure"), (found.starved, "rule"))
        if items
    ]
    say(f"{found.rule.id} carries something: {', '.join(parts)}.")


def _say_retired(found: Retiring, reason: str) -> None:
    click.echo(heading(f"{found.rule.id} is retired"))
    for change in found.changes:
        click.echo(f"  {change.path}")
    if found.also_read:
        _paragraph("Rules that read what it concluded, and are fed by others still:")
        for line in table((rule.id, rule.title) for rule in found.also_read):
            click.echo(line)
    if found.places:
        _paragraph("These still name it; see whether they should:")
        _list_places(found.places)
    if not reason:
        _paragraph(
            "No reason was given (--reason); whoever reads the rule later would be glad of one in its rationale."
        )
    _paragraph(
        f"Advices given before keep what it said. Whom it touched: smartpick audit recall --rule {found.rule.id}. "
        "Next: smartpick rules check, then smartpick rules test."
    )


def _written(root: Path, changes: Sequence[Change], *, dry_run: bool) -> bool:
    """Make the changes, or show them where nothing is to be written; whether they were made."""
    if dry_run:
        click.echo(difference(changes), nl=False)
        say(f"{counted(len(changes), 'file')} would change; nothing was written.")
        return False
    make(root, changes)
    return True


def _list_places(places: Iterable[Mention]) -> None:
    for line in table((str(one), one.within, one.excerpt) for one in places):
        click.echo(line)


def _list_rules(rules: Iterable[Rule]) -> None:
    for line in table((rule.id, rule.title) for rule in rules):
        say(line)


def _paragraph(text: str) -> None:
    for line in wrapped(text):
        say(line)
