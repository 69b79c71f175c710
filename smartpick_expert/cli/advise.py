"""`smartpick advise`: the written advice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import click

from smartpick_expert.advice import FORMATS, RECORD, Advice
from smartpick_expert.audit.entering import default_path
from smartpick_expert.cli.list_options import ListOptions, list_options
from smartpick_expert.cli.options import (
    as_of_option,
    day_of,
    engine_option,
    ledger_option,
    matcher_of,
    workspace_option,
)
from smartpick_expert.cli.output import reporting, say
from smartpick_expert.cli.served import served_root
from smartpick_expert.explain.tree import shown
from smartpick_expert.giving import Giving
from smartpick_expert.intake.notes import leaving_notes_out
from smartpick_expert.lists.wishes import wishing
from smartpick_expert.programs.carried import carrying
from smartpick_expert.report.entered import Apart
from smartpick_expert.report.overrides import State
from smartpick_expert.workspace import load_workspace

_NOT_STANDING = {
    State.IDLE: "finds nothing to change today, since the rules do not say what it overrides",
    State.NOT_YET: "is dated after the day of this advice and not yet in force",
}


def _formats(_: click.Context, __: click.Parameter, value: str) -> tuple[str, ...]:
    """A list of formats with commas between them."""
    names = tuple(dict.fromkeys(name.strip() for name in value.split(",") if name.strip()))
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        what = f"'{unknown[0]}' is no format." if unknown else "No format is named."
        raise click.BadParameter(f"{what} Known are: {', '.join(FORMATS)}.")
    return names


@click.command()
@click.argument("profile", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="The folder to write to. [default: here]",
)
@click.option(
    "--format",
    "formats",
    callback=_formats,
    default="html,md",
    show_default=True,
    help=f"Formats: {', '.join(FORMATS)}.",
)
@click.option(
    "--programs",
    "catalogues",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    help="A catalogue (.csv) to hold against the profile, as a chapter; can be named several times.",
)
@list_options
@click.option("--redact", is_flag=True, help="Leave out label, writers, institutions and days, in every output.")
@click.option("--with-drafts", is_flag=True, help="Let draft rules fire too.")
@ledger_option
@click.option("--no-record", is_flag=True, help="Do not enter the advice in the ledger.")
@as_of_option
@engine_option
@workspace_option
def advise(
    profile: Path,
    out: Path,
    formats: tuple[str, ...],
    catalogues: tuple[Path, ...],
    asked: ListOptions,
    redact: bool,
    with_drafts: bool,
    as_of: datetime | None,
    engine: str | None,
    workspace: Path | None,
    ledger: Path | None,
    no_record: bool,
) -> None:
    """Write the advice on PROFILE, a YAML or JSON file, and print a summary.

    The advice is entered in the ledger, except for a redacted one and for the fictional personas that are shipped. With --programs and
    --budget it has a list of programs to apply to, as 'smartpick programs select' makes it; the options on that list belong to it.
    """
    _check_list(asked, catalogues)
    with reporting(redacted=redact):
        root = served_root(workspace, profile)
        own = load_workspace(root)
        # What is shown around has no part in the office's notes, not even in what is wrong with them.
        loaded, doubtful = carrying(leaving_notes_out(own) if redact else own, () if redact else catalogues)
        if asked.budget is not None and not redact:
            loaded = wishing(loaded, asked.wishes(loaded.vocabulary))
        giving = Giving(loaded, day_of(as_of), matcher_of(engine), out, formats, redact, with_drafts)
        given = giving.give(profile, None if no_record else ledger or default_path())
        advice = given.advice
        click.echo(advice.document("summary"))
        for path in given.paths:
            is_record = path.name.endswith(RECORD)
            click.echo(
                shown(f"Written: {path}{' (the record: everything, for the advisor alone)' if is_record else ''}")
            )
        _tell_of_programs(advice, doubtful, is_left_out=redact and bool(catalogues))
        if given.link is not None:
            say(f"Entered in the ledger as {given.link.id}. Its head is now {given.link.hash}")
        for other in advice.entered.apart if advice.entered is not None else ():
            say(_apart(other))
        if given.near:
            say(f"Labels are matched as they are written: not compared with advices under {', '.join(given.near)}.")
        if advice.kept_bucket:
            say(
                f"For the advisor alone: with what is kept from the applicant, this file is sorted as {advice.kept_bucket}."
            )
        for one in advice.overrides_without_effect:
            say(f"For the advisor alone: the override of {one.of} {_NOT_STANDING[State(one.state)]}.")


def _check_list(asked: ListOptions, catalogues: tuple[Path, ...]) -> None:
    if asked.without_budget:
        raise click.UsageError(f"{asked.without_budget} is about a list, which an advice has with --budget.")
    if asked.budget is not None and not catalogues:
        raise click.UsageError("A list is chosen from a catalogue: name one with --programs.")


def _tell_of_programs(advice: Advice, doubtful: Mapping[Path, int], *, is_left_out: bool) -> None:
    """Say what is doubtful in the catalogues, and what the chapters on programs lack."""
    if is_left_out:
        say("A redacted advice has no chapter on programs: which ones a person has in view tells of them.")
    for path, findings in doubtful.items():
        if findings:
            several = "s" if findings > 1 else ""
            say(f"{findings} finding{several} in the catalogue; 'smartpick programs check {path}' lists them.")
    for chapter in advice.given.programs:
        if not chapter.screen.programs:
            say(f"{chapter.name} has no program in {', '.join(chapter.screen.specialties) or 'any specialty'}.")


def _apart(other: Apart) -> str:
    """Why an advice under the same label was not compared with, and what to do."""
    differs = "; ".join(f"{line.about} was {line.then}, is {line.now}" for line in other.lines)
    return (
        f"For the advisor alone: entry {other.entry} under this label, as of {other.as_of}, seems to be on somebody else "
        f"({differs}), so this advice was not compared with it. {other.proceed}"
    )
