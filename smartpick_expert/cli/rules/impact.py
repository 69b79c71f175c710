"""`smartpick rules impact`: whose advice a change moves, statement by statement, before it is published."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path

import click

from smartpick_expert.audit.digests import digest, digests
from smartpick_expert.audit.versions import numbers_in
from smartpick_expert.authoring.changes import ACTIONS, changes_between, rules_concerned, with_files
from smartpick_expert.authoring.impact import Fate, How, Outcome, Person, look
from smartpick_expert.authoring.impact_data import impact_data
from smartpick_expert.authoring.impact_page import impact_page
from smartpick_expert.authoring.impact_people import made_up_people, people_in
from smartpick_expert.authoring.impact_sides import Named, last_published, named, working
from smartpick_expert.authoring.impact_summary import Impact, summed
from smartpick_expert.authoring.impact_text import bucket_text, name_of, person_nodes, side_problems, summary_nodes
from smartpick_expert.authoring.publishing.receipts import leave_receipt
from smartpick_expert.authoring.workspaces.files import told
from smartpick_expert.cli.layout import counted, heading
from smartpick_expert.cli.options import as_of_option, day_of, engine_option, matcher_of, workspace_option
from smartpick_expert.cli.output import FINDINGS, json_text, reporting, say
from smartpick_expert.explain.tree import Node, drawn, shown
from smartpick_expert.workspace import find_root
from smartpick_expert.writing import write_all

# So many people take long enough to say so.
_MANY = 200


@click.command()
@click.argument("old", required=False)
@click.argument("new", required=False)
@click.option(
    "--profiles",
    "folders",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A folder of profiles; may be repeated. [default: the workspace's personas]",
)
@click.option("--made-up", "number", type=click.IntRange(1, 100_000), help="So many made-up people as well.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes up the same people.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How it is printed.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write everything as a page of HTML too.")
@click.option("--full", is_flag=True, help="Show also which rules fire and which facts are at hand beneath.")
@click.option("--workers", type=click.IntRange(1, 64), help="So many processes. [default: one for each processor]")
@click.option("--with-drafts", is_flag=True, help="Let draft rules fire too, on both sides.")
@as_of_option
@engine_option
@workspace_option
def impact(
    old: str | None,
    new: str | None,
    folders: tuple[Path, ...],
    number: int | None,
    seed: int,
    form: str,
    out: Path | None,
    full: bool,
    workers: int | None,
    with_drafts: bool,
    as_of: datetime | None,
    engine: str | None,
    workspace: Path | None,
) -> None:
    """Show whose advice changes from OLD to NEW, and how: the sorting, actions and statements of every person.

    OLD and NEW are each a workspace, a folder of rules, the number of a published version, or "shipped". Without NEW it is
    the workspace as it stands; without OLD the version published last, or what the program ships where none was.

    Nothing is changed by this. Between the last version and the workspace as it stands, a note is left in the workspace
    that somebody looked, which 'smartpick rules publish' asks for. Exit code 1 where somebody can be given no advice.
    """
    with reporting("text"), ExitStack() as stack:
        root = workspace or find_root()
        day = day_of(as_of)
        after = named(new, root, stack) if new is not None else working(root)
        before = named(old, root, stack) if old is not None else last_published(root, stack)
        people, whom = _people(folders, number, seed, after, root, day)
        changes = changes_between(before.workspace, after.workspace)
        how = How(day, matcher_of(engine).name, with_drafts, frozenset(changes.of(ACTIONS).changed))
        if len(people) > _MANY:
            say(f"Looking at {len(people):,} people, each advised by both. This takes a while.")
        outcomes = list(look(people, before.workspace, after.workspace, how, workers or os.cpu_count() or 1))
        found = summed(
            outcomes,
            before.words,
            after.words,
            whom,
            day.isoformat(),
            with_files(changes, digests(before.templates), digests(after.templates)),
            rules_concerned(before.workspace, after.workspace, changes),
            {rule.id: rule.title for side in (before, after) for rule in side.workspace.ruleset.rules},
        )
        data = json_text(impact_data(found))
        if out is not None:
            with told(out, "The page cannot be written"):
                write_all({out: impact_page(found, root, full=full).encode("utf-8")}, private=True)
        if form == "json":
            click.echo(data)
        else:
            _print(found, out, full=full)
        _note(found, before, after, root, digest(data))
    if any(found.fates[fate] for fate in (Fate.LOST, Fate.NEITHER)):
        raise SystemExit(FINDINGS)


def _people(
    folders: tuple[Path, ...], number: int | None, seed: int, side: Named, root: Path, day: date
) -> tuple[tuple[Person, ...], str]:
    """Whom to look at, and who they are in words. Raises Problems."""
    several = folders or (root / "knowledge" / "personas",)
    people = [person for folder in several for person in people_in(folder)]
    of = "the workspace's personas" if not folders else ", ".join(str(folder) for folder in folders)
    whom = f"{counted(len(people), 'profile')} ({of})"
    if number is not None:
        people += made_up_people(side.workspace, seed, number, day)
        whom += f" and {number:,} made up by seed {seed}"
    return tuple(people), whom


def _print(found: Impact, out: Path | None, *, full: bool) -> None:
    click.echo(shown(f"From {found.old} to {found.new}. Looked at on {found.whom}, as of {found.as_of}.\n"))
    _trees(summary_nodes(found))
    unadvised = found.of(Fate.LOST, Fate.GAINED, Fate.NEITHER)
    if unadvised:
        click.echo(heading("Who cannot be advised") + "\n")
        for one in unadvised:
            lines = (Node((f"{side}: {p.location}", f"{p.message} {p.hint}")) for side, p in side_problems(one))
            _trees([Node((name_of(one),), tuple(lines))])
    moved = found.of(Fate.MOVED, Fate.AROUND)
    if moved:
        click.echo(heading("Every person whose advice moves") + "\n")
        _trees(_person(one, full=full) for one in moved)
    if out is not None:
        click.echo(shown(f"Written: {out} (keep it as privately as the profiles)"))


def _person(one: Outcome, *, full: bool) -> Node:
    return Node((f"{name_of(one)}: {bucket_text(one)}",), tuple(person_nodes(one, full=full)))


def _trees(nodes: Iterable[Node]) -> None:
    for node in nodes:
        click.echo("\n".join(drawn(node)) + "\n")


def _note(found: Impact, before: Named, after: Named, root: Path, report: str) -> None:
    """Leave the receipt that a publication asks for, where this is what it would publish."""
    is_last = before.version is not None and before.version.number == numbers_in(root)[-1]
    if not is_last or not after.is_working or before.content == after.content:
        return
    if not any(one.before.is_advised and one.after.is_advised for one in found.outcomes):
        say("Nobody here can be advised by both, so nothing was looked at; publishing asks for somebody who can.")
        return
    with told(root, "That this was looked at cannot be noted, so it cannot be published yet"):
        leave_receipt(root, before.content, after.content, found, report)
    say("Noted that this was looked at. If it is as you want it: smartpick rules publish --by NAME --reason TEXT")
