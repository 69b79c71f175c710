"""`smartpick rules schema`: JSON Schemas, by which an editor completes and checks while somebody types."""

from __future__ import annotations

from pathlib import Path

import click

from smartpick_expert.authoring.schemas.files import FOLDER, SETTINGS, editor_files, first_line, name_of
from smartpick_expert.authoring.schemas.writing import write_editor_files, write_schemas
from smartpick_expert.cli.layout import counted
from smartpick_expert.cli.options import workspace_option
from smartpick_expert.cli.output import reporting
from smartpick_expert.cli.served import own_root, served_root
from smartpick_expert.workspace import load_workspace


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help=f"The folder to write into. [default: {FOLDER} in the workspace]",
)
@workspace_option
def schema(out: Path | None, workspace: Path | None) -> None:
    """Write JSON Schemas of the files of a workspace, made from its vocabulary and knowledge.

    They go into the workspace, where Visual Studio Code (with the YAML extension, which it then proposes) finds them.
    Write them again when the vocabulary, a claim or a parameter was added; 'smartpick rules check --watch' does so by itself.
    """
    with reporting():
        loaded = load_workspace(own_root(workspace) if out is None else served_root(workspace))
        folder = out or loaded.root / FOLDER
        new = write_schemas(loaded, folder)
        found = write_editor_files(loaded.root) if out is None else None
    click.echo(
        f"{counted(len(new), 'schema')} written to {folder}"
        if new
        else f"The schemas in {folder} are as they should be."
    )
    if found:
        click.echo(f"Visual Studio Code finds them by {loaded.root / SETTINGS}.")
    elif found is not None:
        click.echo(f"{loaded.root / SETTINGS} is yours and does not name them. Add this to it:")
        click.echo(editor_files()[SETTINGS], nl=False)
    example = first_line(
        f"../../{FOLDER}/{name_of('rules')}" if out is None else (folder / name_of("rules")).as_posix()
    )
    click.echo("Other editors that know yaml-language-server find one by the first line of a file:")
    click.echo(f"  {example}")
