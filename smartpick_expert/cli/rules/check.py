"""`smartpick rules check`: every finding about a workspace, or about a folder of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import click

from smartpick_expert.authoring.review import Checked
from smartpick_expert.authoring.review import check as check_base
from smartpick_expert.cli.options import as_of_option, day_of, workspace_option
from smartpick_expert.cli.output import FINDINGS, say, show_findings
from smartpick_expert.cli.rules.watch import watch
from smartpick_expert.diagnostics import Diagnostic, Severity
from smartpick_expert.workspace import enclosing_root, find_root


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "github"]), default="text", help="How findings are printed."
)
@click.option("--watch", "watching", is_flag=True, help="Check again whenever a file changes, until Ctrl-C.")
@as_of_option
@workspace_option
def check(folder: Path | None, form: str, as_of: datetime | None, watching: bool, workspace: Path | None) -> None:
    """Check a workspace (default: the one here), or show the findings of FOLDER in it.

    The whole workspace is read either way. Exit code 1 where there is an error; a warning alone deserves a look and
    fails nothing. Errors elsewhere fail FOLDER too where they keep it from being reviewed.
    """
    root = workspace or (find_root() if folder is None else enclosing_root(folder) or folder)
    part = _part(folder, root)
    if not watching:
        if not _check(root, part, day_of(as_of), form):
            raise SystemExit(FINDINGS)
        return
    if form != "text":
        raise click.UsageError("--watch prints text; leave --format out.")
    watch(root, lambda: _check(root, part, day_of(as_of), form))


def _check(root: Path, part: str, day: date, form: str) -> bool:
    """Check a workspace and show the findings of a part of it; whether it has passed."""
    checked = check_base(root, day)
    shown = [finding for finding in checked.findings if _is_in(finding, part)]
    show_findings(shown, form)
    elsewhere = len(checked.findings) - len(shown)
    if shown:
        say(f"{_counted(shown)}.")
    elif form == "text":
        say(f"{_size(checked)}: no findings{' here' if elsewhere else ''}.")
    if elsewhere:
        more = " more" if shown else ""
        first = "" if checked.reviewed else "; correct those first, nothing could be reviewed"
        say(f"{elsewhere}{more} elsewhere in the workspace{first}.")
    return checked.reviewed and not any(finding.severity is Severity.ERROR for finding in shown)


def _part(folder: Path | None, root: Path) -> str:
    """The folder's (or file's) path below the root; empty for all of it."""
    if folder is None or folder.resolve() == root.resolve():
        return ""
    if not folder.resolve().is_relative_to(root.resolve()):
        message = f"'{folder}' is not in the workspace {root}."
        raise click.BadParameter(message, param_hint="FOLDER")
    return folder.resolve().relative_to(root.resolve()).as_posix()


def _is_in(finding: Diagnostic, part: str) -> bool:
    """Whether a finding, or one of the places that took part in it, lies in a part of the workspace."""
    paths = (finding.location.path, *(place.path for place, _ in finding.related))
    return not part or any(path == part or path.startswith(f"{part}/") for path in paths)


def _counted(found: Sequence[Diagnostic]) -> str:
    warnings = sum(1 for finding in found if finding.severity is Severity.WARNING)
    errors = len(found) - warnings
    parts = [f"{n} {word}{'s' if n != 1 else ''}" for n, word in ((errors, "error"), (warnings, "warning")) if n]
    return f"{len(found)} finding{'s' if len(found) != 1 else ''}: {', '.join(parts)}"


def _size(checked: Checked) -> str:
    loaded = checked.workspace
    if loaded is None:
        return "The workspace could not be read"
    ruleset, knowledge = loaded.ruleset, loaded.knowledge
    return f"{len(ruleset.rules)} rules in {len(ruleset.topics)} topics, {len(knowledge.claims)} claims"
