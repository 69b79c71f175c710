"""`smartpick profile`: a profile to fill in, and what is wrong with one or missing from it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from smartpick_expert.authoring.schemas.writing import line_of_profile
from smartpick_expert.cli.options import as_of_option, day_of, workspace_option
from smartpick_expert.cli.output import FINDINGS, as_data, reporting, say, show_findings
from smartpick_expert.cli.served import served_root
from smartpick_expert.consulting import consult_file
from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.explain.unknowns import meaning_of, waiting_rules
from smartpick_expert.intake.template import profile_template
from smartpick_expert.workspace import Workspace, load_workspace

SHOWN = 15


@click.group()
def profile() -> None:
    """Begin a profile, or check one."""


def _stages(workspace: Workspace) -> tuple[str, ...]:
    return tuple(workspace.vocabulary.types["applicant"].fields["stage"].values)


@profile.command()
@click.option(
    "--stage", required=True, help="Where the applicant stands: premed, clinical, preparing, interviewing ..."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="The file to write. [default: print it]",
)
@as_of_option
@workspace_option
def new(stage: str, out: Path | None, as_of: datetime | None, workspace: Path | None) -> None:
    """Write a commented profile to fill in, with only what matters at a stage."""
    with reporting():
        loaded = load_workspace(workspace)
        stages = _stages(loaded)
        if stage not in stages:
            message = f"'{stage}' is no stage. Stages are: {', '.join(stages)}."
            raise click.BadParameter(message, param_hint="--stage")
        text = profile_template(loaded.vocabulary, stage, day_of(as_of))
        if out is None:
            click.echo(text, nl=False)
            return
        try:
            with out.open("x", encoding="utf-8", newline="\n") as stream:
                stream.write(f"{line_of_profile(out)}{text}")
        except FileExistsError:
            raise Problems(
                [
                    Diagnostic(
                        "output.exists",
                        "There is a file of that name already.",
                        "Choose another with --out.",
                        Location(str(out)),
                    )
                ]
            ) from None
        except OSError as error:
            message = f"The file cannot be written: {error.strerror or error}."
            raise Problems(
                [Diagnostic("output.file", message, "Choose another with --out.", Location(str(out)))]
            ) from None
        click.echo(f"Written: {out}")
        say(f"Fill it in, then: smartpick profile check {out}")


@profile.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How it is printed.")
@as_of_option
@workspace_option
def check(file: Path, form: str, as_of: datetime | None, workspace: Path | None) -> None:
    """Say what is wrong with a profile (exit code 1), and what it leaves out that some rule waits for."""
    with reporting("text"):
        loaded = load_workspace(served_root(workspace, file))
    try:
        derivation = consult_file(file, loaded, day_of(as_of), "plain").derivation
    except Problems as problems:
        if form == "json":
            click.echo(
                json.dumps(
                    {"problems": [as_data(d) for d in problems.diagnostics], "missing": []},
                    indent=2,
                    ensure_ascii=False,
                )
            )
        else:
            show_findings(problems.diagnostics, "text")
            count = len(problems.diagnostics)
            say(f"{count} problem{'s' if count != 1 else ''} found.")
        raise SystemExit(FINDINGS) from None
    waiting = waiting_rules(derivation)
    vocabulary = loaded.vocabulary
    if form == "json":
        missing = [
            {"path": u.path(vocabulary), "meaning": meaning_of(u, vocabulary), "rules": list(rules)}
            for u, rules in waiting
        ]
        click.echo(json.dumps({"problems": [], "missing": missing}, indent=2, ensure_ascii=False))
        return
    click.echo("Nothing is wrong with this profile.")
    if not waiting:
        click.echo("Nothing that a rule waits for is missing.")
        return
    click.echo(f"{len(waiting)} things are not given that rules wait for; what holds up most comes first:")
    for unknown, rules in waiting[:SHOWN]:
        click.echo(
            f"  {unknown.path(vocabulary)}  ({len(rules)} rule{'s' if len(rules) != 1 else ''})  {meaning_of(unknown, vocabulary)}"
        )
    if len(waiting) > SHOWN:
        click.echo(f"  and {len(waiting) - SHOWN} more; --format json lists them all.")
