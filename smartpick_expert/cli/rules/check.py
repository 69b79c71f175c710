"""`smartpick rules check`: every finding about a workspace, or about a folder of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import click

from smartpick_expert.authoring.review import Checked
from smartpick_expert.authoring.review import check as check_base
from smartpick_expert.authoring.schemas.writing import renew_schemas
from smartpick_expert.authoring.silences import Silenced
from smartpick_expert.authoring.witness_cases import save_witnesses
from smartpick_expert.cli.options import as_of_option, day_of, matcher_of, workspace_option
from smartpick_expert.cli.output import FINDINGS, reporting, say, show_findings
from smartpick_expert.cli.rules.codes import show_codes
from smartpick_expert.cli.rules.fixing import repair
from smartpick_expert.cli.rules.watch import watch
from smartpick_expert.cli.served import own_root, served_root
from smartpick_expert.diagnostics import Diagnostic, Severity
from smartpick_expert.workspace import enclosing_root


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "github"]), default="text", help="How findings are printed."
)
@click.option(
    "--save-witness",
    "keep",
    metavar="[DIR|FILE]",
    is_flag=False,
    flag_value="",
    default=None,
    help="Save each made-up applicant as a case: beside the rule, or in a folder or file named here.",
)
@click.option("--fix", "fixing", is_flag=True, help="First repair what has one safe repair, and show what was changed.")
@click.option("--list", "listing", is_flag=True, help="List every check with its code and severity, and check nothing.")
@click.option("--watch", "watching", is_flag=True, help="Check again whenever a file changes, until Ctrl-C.")
@as_of_option
@workspace_option
def check(
    folder: Path | None,
    form: str,
    keep: str | None,
    fixing: bool,
    listing: bool,
    watching: bool,
    as_of: datetime | None,
    workspace: Path | None,
) -> None:
    """Check a workspace (default: the one here), or show the findings of FOLDER in it.

    The whole workspace is read either way. Exit code 1 where there is an error; a warning alone deserves a look and
    fails nothing. Errors elsewhere fail FOLDER too where they keep it from being reviewed. Each code has a page in
    docs/checks/.
    """
    if listing:
        show_codes(form)
        return
    root = workspace or (served_root(None) if folder is None else enclosing_root(folder) or folder)
    part = _part(folder, root)
    if fixing or (keep is not None and not keep):
        with reporting(form):
            own_root(workspace or (root if folder is not None and enclosing_root(folder) else None))
    if fixing and not watching:
        repair(root, day_of(as_of), form, lambda finding: _is_in(finding, part))
    if not watching:
        checked = check_base(root, day_of(as_of))
        passed = _show(checked, part, form)
        if keep is not None:
            shown = [finding for finding in checked.findings if _is_in(finding, part)]
            _save(shown, checked, day_of(as_of), Path(keep) if keep else None)
        if not passed:
            raise SystemExit(FINDINGS)
        return
    if form != "text" or fixing or keep is not None:
        raise click.UsageError(
            "--watch prints text and changes no rules; leave --format, --fix and --save-witness out."
        )

    def again() -> None:
        checked = check_base(root, day_of(as_of))
        _show(checked, part, form)
        if checked.workspace is not None and checked.reviewed and renew_schemas(checked.workspace):
            say("The schemas are renewed: an editor now knows what was added.")

    watch(root, again)


def _show(checked: Checked, part: str, form: str) -> bool:
    """Show the findings of a part of a workspace; whether it has passed."""
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
    _tell_silences([one for one in checked.silenced if _is_in(one.finding, part)])
    return checked.reviewed and not any(finding.severity is Severity.ERROR for finding in shown)


def _tell_silences(silenced: Sequence[Silenced]) -> None:
    """Say what is silenced and why: nobody should have to look for it."""
    if not silenced:
        return
    say(f"{len(silenced)} finding{'s are' if len(silenced) != 1 else ' is'} silenced:")
    for one in silenced:
        say(f"  {one.silence.location}: {one.rule.id} silences {one.silence.check}: {one.silence.reason}")


def _save(shown: Sequence[Diagnostic], checked: Checked, day: date, where: Path | None) -> None:
    """Save the witnesses as cases and say where."""
    if checked.workspace is None:
        return
    try:
        with reporting():
            saved = save_witnesses(shown, checked.workspace, day, where, matcher_of(None))
    except OSError as error:
        say(f"No case was saved: {error.strerror or error}.")
        raise SystemExit(FINDINGS) from None
    if not saved:
        say("No finding has a made-up applicant to be saved.")
    for one in saved:
        if one.names:
            number = f"{len(one.names)} case{'s' if len(one.names) != 1 else ''}"
            say(f"{number} saved to {one.path}. They demand what happens today; correct in them what should happen.")
        else:
            say(f"{one.path} has these cases already.")


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
