"""`smartpick rules publish`, `restore` and `versions`: from a workspace to a version, back, and what there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from smartpick_expert.audit.digests import digests
from smartpick_expert.audit.versions import Manifest, Version, faults, no_version, numbers_in, read_version
from smartpick_expert.authoring.publishing.changelog import manifest_lines
from smartpick_expert.authoring.publishing.files import working_files
from smartpick_expert.authoring.publishing.publish import publish as publish_workspace
from smartpick_expert.authoring.publishing.restore import interrupted
from smartpick_expert.authoring.publishing.restore import restore as restore_version
from smartpick_expert.cli.layout import counted
from smartpick_expert.cli.options import as_of_option, day_of, engine_option, matcher_of, workspace_option
from smartpick_expert.cli.output import FINDINGS, json_text, reporting, say, show_findings
from smartpick_expert.diagnostics import Problems
from smartpick_expert.explain.tree import Node, drawn
from smartpick_expert.workspace import find_root

_NUMBER = re.compile(r"v?0*([1-9][0-9]{0,8})", re.IGNORECASE)


def _words(_: click.Context, parameter: click.Parameter, value: str) -> str:
    """An option that has to say something."""
    if not value.strip():
        raise click.BadParameter(f"Say {'who publishes' if parameter.name == 'by' else 'why'}.")
    return value


@click.command()
@click.option("--by", required=True, callback=_words, metavar="NAME", help="Who publishes.")
@click.option("--reason", required=True, callback=_words, metavar="TEXT", help="Why, for whoever asks in three years.")
@as_of_option
@engine_option
@workspace_option
def publish(by: str, reason: str, as_of: datetime | None, engine: str | None, workspace: Path | None) -> None:
    """Make the workspace as it stands a published version, which records and documents name from then on.

    Refused, with every reason at once, where 'rules check' finds an error, a case does not hold, or nobody has looked at the
    impact of exactly these files against the last version.
    """
    with reporting():
        found = publish_workspace(workspace or find_root(), by, reason, day_of(as_of), matcher_of(engine))
    show_findings(found.warnings, "text")
    manifest = found.version.manifest
    heading = f"Published as version {manifest.number}, by {manifest.by}: {manifest.reason}"
    _tree(Node((heading,), tuple(Node((line,)) for line in _about(manifest))))
    click.echo(f"sha256 {found.version.sha256}")
    if found.warnings:
        say(f"Published with {counted(len(found.warnings), 'warning')}, which deserve a look.")


@click.command()
@click.argument("name", metavar="VERSION")
@click.option(
    "--force", is_flag=True, help="Even where there are unpublished changes: they are kept in a folder beside."
)
@workspace_option
def restore(name: str, force: bool, workspace: Path | None) -> None:
    """Put the files of a published VERSION back as the working state. Nothing published is lost by it."""
    with reporting():
        root = workspace or find_root()
        number = _NUMBER.fullmatch(name.strip())
        if number is None:
            raise no_version(name, root)
        found = restore_version(root, int(number[1]), force=force)
    if not (found.written or found.removed):
        click.echo(f"Every file is as in version {found.version.number} already.")
        return
    if found.backup:
        click.echo(f"What was there is kept in {found.backup}")
    did = [f"{counted(len(found.written), 'file')} written", f"{counted(len(found.removed), 'file')} taken out"]
    click.echo(f"The workspace stands at version {found.version.number} again: {', '.join(did)}.")
    last = numbers_in(root)[-1]
    if found.version.number != last:
        say(f"The last version is still {last}. To make this the one in force: smartpick rules impact, then publish.")


@click.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How it is printed.")
@workspace_option
def versions(form: str, workspace: Path | None) -> None:
    """List the published versions, the newest first, and where the workspace stands. Exit code 1 where one is damaged."""
    with reporting("text"):
        root = workspace or find_root()
        wrong = faults(root)
        known = tuple(_readable(root))
        now = digests(working_files(root))
    standing = next((one.number for one in reversed(known) if one.manifest.files == now), None)
    if form == "json":
        click.echo(json_text(_data(known, wrong, standing)))
    else:
        _print_versions(known, wrong)
        click.echo(_standing(known, standing, interrupted(root)))
    if wrong:
        raise SystemExit(FINDINGS)


def _readable(root: Path) -> Iterator[Version]:
    for number in numbers_in(root):
        try:
            yield read_version(root, number)
        except Problems:
            continue


def _print_versions(known: tuple[Version, ...], wrong: dict[int, str]) -> None:
    for one in reversed(known):
        manifest = one.manifest
        lines = [f"by {manifest.by}: {manifest.reason}", *_about(manifest), f"sha256 {one.sha256}"]
        _tree(Node((f"Version {manifest.number}, {manifest.at}",), tuple(Node((line,)) for line in lines)))
    for message in wrong.values():
        say(message)


def _standing(known: tuple[Version, ...], standing: int | None, unfinished: int | None) -> str:
    if unfinished is not None:
        again = unfinished or "VERSION"
        return f"Restoring a version was interrupted. Finish it with 'smartpick rules restore {again}'."
    if not known:
        return "Nothing was published here yet."
    if standing is None:
        return (
            f"The workspace has unpublished changes since version {known[-1].number}. See them: smartpick rules impact"
        )
    return f"The workspace stands at version {standing}."


def _about(manifest: Manifest) -> tuple[str, ...]:
    held = f"{counted(manifest.cases, 'case')} held, {counted(len(manifest.files), 'file')}"
    return (*manifest_lines(manifest), held)


def _data(known: tuple[Version, ...], wrong: dict[int, str], standing: int | None) -> dict[str, Any]:
    return {
        "format": "smartpick-versions/1",
        "standing_at": standing,
        "versions": [{"sha256": one.sha256, **msgspec.to_builtins(one.manifest)} for one in known],
        "damaged": [{"version": number, "message": message} for number, message in wrong.items()],
    }


def _tree(node: Node) -> None:
    click.echo("\n".join(drawn(node)) + "\n")
