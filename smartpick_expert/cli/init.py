"""`smartpick init`: a workspace to edit, and what a later release changes in it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import click

from smartpick_expert.authoring.workspaces.begin import make_workspace
from smartpick_expert.authoring.workspaces.upgrade import UNTOUCHED, Difference, Done, State, Upgrade, upgrade
from smartpick_expert.cli.layout import counted, heading, table
from smartpick_expert.cli.output import reporting, say
from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.version import VERSION
from smartpick_expert.workspace import enclosing_root, shipped_root

_HOLDS = {
    "rules": "what is concluded, by topic, each with its cases",
    "knowledge": "vocabulary, claims, evidence, parameters, actions, programs; fictional personas to try things on",
    "reports": "the words around the statements, and their order",
}
_BESIDE = {
    "settings.yaml": "how long advices are kept",
    "house.yaml": "your name, logo, colours and closing words in every document",
    "notes.yaml": "what you know of programs in confidence; it reaches no applicant",
    ".vscode/": "by which Visual Studio Code completes and checks while you type",
}


@click.command()
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--upgrade", "upgrading", is_flag=True, help="Lay beside a workspace what this release has otherwise.")
@click.option("--take", is_flag=True, help="With --upgrade: put in place whatever you did not change yourself.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How it is printed.")
def init(folder: Path | None, form: str, upgrading: bool, take: bool) -> None:
    """Make a workspace in DIR: a copy of the rules, the knowledge and the reports, to edit.

    With --upgrade: list what differs between the workspace (in DIR, else the one here) and this release, and lay the
    release's files beside it, as NAME.new. No file of yours is written over. Delete a .new file when you have dealt with it.
    """
    if take and not upgrading:
        raise click.UsageError("--take goes with --upgrade.")
    if upgrading:
        with reporting(form):
            _print_upgrade(upgrade(_own_workspace(folder), take=take), form)
        return
    if folder is None:
        raise click.UsageError("Name the folder to make: smartpick init DIR.")
    with reporting(form):
        files = make_workspace(folder)
    if form == "json":
        click.echo(json.dumps({"workspace": str(folder), "files": list(files)}, indent=2, ensure_ascii=False))
        return
    click.echo("\n".join(_made(folder, files)))


def _made(folder: Path, files: dict[str, bytes]) -> Iterator[str]:
    numbers = Counter(name.partition("/")[0] for name in files)
    yield f"A workspace was made in {folder}:"
    rows = [(f"{name}/", counted(numbers[name], "file"), holds) for name, holds in _HOLDS.items()]
    yield from table([*rows, *((name, "", holds) for name, holds in _BESIDE.items())])
    yield ""
    yield "It is used by every command that is run in it, or below it. Next:"
    yield from table(
        [
            (f"cd {_as_word(folder)}", ""),
            ("smartpick rules check --watch", "says what is wrong each time a file is saved; Ctrl-C ends it"),
            ("smartpick rules test", "runs the cases beside the rules"),
            ("smartpick init --upgrade", "after installing a later release: what it changes"),
        ]
    )


def _as_word(folder: Path) -> str:
    """A folder as a shell takes it for one word; double quotes serve on every system."""
    text = str(folder)
    return text if all(letter.isalnum() or letter in "-_./\\:~" for letter in text) else f'"{text}"'


def _own_workspace(folder: Path | None) -> Path:
    """The workspace to upgrade. Raises Problems where there is none, or where it is what the program itself ships."""
    start = folder or Path.cwd()
    root = enclosing_root(start)
    place = Location(str(start))
    if root is None:
        message = "There is no workspace here or above: no folder that holds rules/ and knowledge/vocabulary/."
        hint = "Go to your workspace or name it; 'smartpick init DIR' makes one."
        raise Problems([Diagnostic("workspace.none", message, hint, place)])
    if root == shipped_root().resolve():
        message = "This is what the program itself ships, and no copy of it."
        raise Problems(
            [Diagnostic("workspace.shipped", message, "Name your workspace; 'smartpick init DIR' makes one.", place)]
        )
    return root


def _print_upgrade(found: Upgrade, form: str) -> None:
    if form == "json":
        differences = [
            {"path": one.path, "state": one.state.name.lower(), "done": one.done.name.lower(), "beside": one.beside}
            for one in found.differences
        ]
        head = {"workspace": str(found.root), "made_from": found.made_from, "release": VERSION}
        click.echo(json.dumps({**head, "differences": differences}, indent=2, ensure_ascii=False))
        return
    click.echo("\n".join(_upgrade_lines(found)))
    beside = [one for one in found.differences if one.done in (Done.BESIDE, Done.WAITING)]
    if beside:
        say("\nCompare each .new file with yours, take over what you want, and delete it. Then: smartpick rules check")
    if any(one.state in UNTOUCHED for one in beside):
        say("Or let 'smartpick init --upgrade --take' put in place whatever you did not change yourself.")


def _upgrade_lines(found: Upgrade) -> Iterator[str]:
    origin = f"made from {found.made_from}" if found.made_from else "which does not say what it was made from"
    yield f"{found.root}, {origin}, beside release {VERSION}."
    if not found.differences:
        yield "Nothing differs."
        return
    order = list(State)
    by_state = sorted(found.differences, key=lambda one: (order.index(one.state), one.path))
    for state, members in groupby(by_state, lambda one: one.state):
        differing = tuple(members)
        yield ""
        yield heading(f"{state[:1].upper()}{state[1:]} ({counted(len(differing), 'file')})")
        yield from table((one.path, _done(one)) for one in differing)


def _done(one: Difference) -> str:
    return f"{one.done}: {one.beside}" if one.beside else str(one.done)
