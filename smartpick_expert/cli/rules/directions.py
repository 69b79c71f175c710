"""`smartpick rules directions`: search for a change for the better after which the advice is worse."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from smartpick_expert.authoring.directions.model import Direction
from smartpick_expert.authoring.directions.reading import FOLDER, read_directions
from smartpick_expert.authoring.directions.search import PAIRS, SEED, Searched, search
from smartpick_expert.authoring.directions.text import data_of, files_of, lines_of, summary_of
from smartpick_expert.cli.options import as_of_option, day_of, workspace_option
from smartpick_expert.cli.output import FINDINGS, json_text, reporting, say, show_findings
from smartpick_expert.cli.served import served_root
from smartpick_expert.diagnostics import Diagnostic, Location, Problems, nearest
from smartpick_expert.explain.tree import shown
from smartpick_expert.workspace import Workspace, load_workspace
from smartpick_expert.writing import write_all


@click.command()
@click.option(
    "--pairs",
    type=click.IntRange(1, 100_000),
    default=PAIRS,
    show_default=True,
    help="Up to so many for each direction.",
)
@click.option("--seed", type=int, default=SEED, show_default=True, help="Another seed makes other profiles up.")
@click.option("--only", multiple=True, metavar="ID", help="Only this direction; may be given several times.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How results are printed.")
@click.option(
    "--save",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    metavar="DIR",
    help="Write both profiles of each pair that got worse into DIR.",
)
@as_of_option
@workspace_option
def directions(
    pairs: int,
    seed: int,
    only: tuple[str, ...],
    form: str,
    save: Path | None,
    as_of: datetime | None,
    workspace: Path | None,
) -> None:
    """Hold the rules against the directions of knowledge/directions: what must never get worse when something gets better.

    Pairs of profiles that differ by one change are made of the personas and of made-up profiles, and both are advised.
    The same seed makes the same pairs. Exit code 1 where an advice got worse, or where a direction applied to no profile.
    """
    with reporting(form):
        loaded = load_workspace(served_root(workspace))
        day = day_of(as_of)
        searched = search(loaded, _chosen(loaded, only), pairs, seed, day)
        if save is not None:
            _save(searched, loaded, save)
        if form == "json":
            click.echo(json_text([data_of(one, loaded, day) for one in searched]))
        else:
            # What does not hold stands last, where a terminal ends.
            for one in sorted(searched, key=lambda one: bool(one.worse)):
                click.echo(shown("\n".join(lines_of(one, loaded, day))))
        untested = [one.untested for one in searched if one.untested is not None]
        show_findings(untested, "text")
        say(summary_of(searched))
        if untested or any(one.worse for one in searched):
            raise SystemExit(FINDINGS)


def _chosen(workspace: Workspace, only: tuple[str, ...]) -> tuple[Direction, ...]:
    known = {one.id: one for one in read_directions(workspace).directions}
    if not known:
        message = "This workspace declares no directions, so there is nothing to search for."
        hint = "Declare one; docs/directions.md says how."
        raise Problems([Diagnostic("direction.none", message, hint, Location(FOLDER))])
    for name in only:
        if name not in known:
            hint = nearest(name, known) or f"They stand in {FOLDER}."
            raise click.BadParameter(f"There is no direction '{name}'. {hint}", param_hint="--only")
    return tuple(known[name] for name in dict.fromkeys(only)) if only else tuple(known.values())


def _save(searched: tuple[Searched, ...], workspace: Workspace, folder: Path) -> None:
    files = {folder / name: data for name, data in files_of(searched, workspace)}
    if not files:
        say("Nothing got worse, so nothing was saved.")
        return
    try:
        write_all(dict(files), private=True)
    except OSError as error:
        message = f"The folder cannot be written: {error.strerror or error}."
        hint = "Name another folder with --save."
        raise Problems([Diagnostic("output.folder", message, hint, Location(str(folder)))]) from None
    for path in files:
        say(f"{path} is written.")
