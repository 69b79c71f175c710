"""`smartpick programs select`: which programs to apply to under a budget, and where to signal."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from smartpick_expert.cli.list_options import ListOptions, list_options
from smartpick_expert.cli.options import as_of_option, day_of, engine_option, matcher_of, workspace_option
from smartpick_expert.cli.output import json_text, reporting, say, write_output
from smartpick_expert.cli.served import served_root
from smartpick_expert.consulting import consult_file
from smartpick_expert.explain.tree import shown
from smartpick_expert.lists.making import make_list
from smartpick_expert.programs.gates import PROGRAM
from smartpick_expert.programs.reading import read_usable
from smartpick_expert.report.lists import list_csv, list_data, list_text, list_workbook
from smartpick_expert.workspace import load_workspace

_WORKBOOK = "xlsx"


@click.command()
@click.argument("profile", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--programs",
    "catalogues",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    multiple=True,
    help="A catalogue (.csv); can be named several times.",
)
@list_options
@click.option("--all", "everything", is_flag=True, help="Say of every program why, and name all that were left out.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv", _WORKBOOK]),
    default="text",
    show_default=True,
    help="A workbook (xlsx) is written to --out.",
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The file to write to.")
@engine_option
@as_of_option
@workspace_option
def select(
    profile: Path,
    catalogues: tuple[Path, ...],
    asked: ListOptions,
    form: str,
    out: Path | None,
    engine: str | None,
    as_of: datetime | None,
    workspace: Path | None,
    *,
    everything: bool,
) -> None:
    """Choose the programs to apply to for PROFILE within a budget, and where to signal: the most interviews to be expected.

    For the advisor: what you noted of programs, in the profile or in notes.yaml, counts. Chances are of interviews, and
    never of matching.
    """
    if form == _WORKBOOK and out is None:
        raise click.UsageError("A workbook is written to a file: name it with --out list.xlsx.")
    with reporting(form):
        loaded = load_workspace(served_root(workspace))
        read = {path: read_usable(path, loaded.vocabulary.types[PROGRAM]) for path in dict.fromkeys(catalogues)}
        matcher = matcher_of(engine)
        consultation = consult_file(profile, loaded, day_of(as_of), matcher)
        wishes = asked.wishes(loaded.vocabulary, consultation.profile)
        view = make_list(consultation, loaded, [one for one, _ in read.values()], wishes, matcher)
        if form == _WORKBOOK:
            made: str | bytes = list_workbook(view, loaded.reports)
        elif form == "json":
            made = json_text(list_data(view)) + "\n"
        elif form == "csv":
            made = list_csv(view, loaded.reports)
        else:
            made = list_text(view, loaded.reports, everything=everything)
        if out is not None:
            write_output({out: made}, private=True)
    if out is not None:
        click.echo(shown(f"Written: {out}"))
    else:
        click.echo(made, nl=False)
    for path, (_, doubtful) in read.items():
        if doubtful:
            findings = f"{doubtful} finding{'s' if doubtful > 1 else ''}"
            say(f"{findings} in the catalogue; 'smartpick programs check {path}' lists them.")
