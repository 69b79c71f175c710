"""`smartpick advise`: the written advice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import click

from smartpick_expert.advice import RECORD, Advice
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
from smartpick_expert.giving import Given, Giving
from smartpick_expert.intake.notes import leaving_notes_out
from smartpick_expert.lists.wishes import wishing
from smartpick_expert.programs.carried import carrying
from smartpick_expert.report.documents import DOCUMENTS, FORMATS, Document, written_as
from smartpick_expert.report.entered import Apart
from smartpick_expert.report.overrides import State
from smartpick_expert.workspace import load_workspace, on_evidence

_NOT_STANDING = {
    State.IDLE: "finds nothing to change today, since the rules do not say what it overrides",
    State.NOT_YET: "is dated after the day of this advice and not yet in force",
}


_LONGEST_NAME = 120


def _listed(value: str, known: Sequence[str], what: str) -> tuple[str, ...]:
    """A list of names with commas between them, each one of those that are known."""
    names = tuple(dict.fromkeys(name.strip() for name in value.split(",") if name.strip()))
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        said = f"'{unknown[0]}' is no {what}." if unknown else f"No {what} is named."
        raise click.BadParameter(f"{said} Known are: {', '.join(known)}.")
    return names


def _formats(_: click.Context, __: click.Parameter, value: str) -> tuple[str, ...]:
    return _listed(value, FORMATS, "format")


def _documents(_: click.Context, __: click.Parameter, value: str | None) -> tuple[Document, ...]:
    return tuple(map(Document, _listed(value, DOCUMENTS, "document"))) if value is not None else ()


def _advisor(_: click.Context, __: click.Parameter, value: str) -> str:
    """The name of an advisor, as it can be printed: on one line, and no longer than a line."""
    name = " ".join(value.split())
    if not name.isprintable() or len(name) > _LONGEST_NAME:
        raise click.BadParameter(f"A name is on one line, and of {_LONGEST_NAME} letters at the most.")
    return name


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
    "--document",
    "documents",
    callback=_documents,
    default=None,
    help="Documents: letter and report (for the applicant), memo (for the advisor alone). [default: all three]",
)
@click.option(
    "--advisor",
    callback=_advisor,
    default="",
    help="The name that stands under the documents. [default: a line to sign on]",
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
@click.option(
    "--evidence-only",
    is_flag=True,
    help="Let only rules that rest on figures or official rules count, and say what falls away.",
)
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
    documents: tuple[Document, ...],
    advisor: str,
    catalogues: tuple[Path, ...],
    asked: ListOptions,
    redact: bool,
    evidence_only: bool,
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
        loaded = on_evidence(loaded) if evidence_only else loaded
        giving = Giving(
            loaded, day_of(as_of), matcher_of(engine), out, formats, redact, with_drafts, documents, advisor
        )
        given = giving.give(profile, None if no_record else ledger or default_path())
        advice = given.advice
        click.echo(advice.document("summary"))
        for path in given.paths:
            click.echo(shown(f"Written: {path}{_about(path.name)}"))
        for document in DOCUMENTS if not documents else ():
            if not advice.makes(document):
                say(f"This workspace has no templates for the {document}; 'smartpick init --upgrade' adds them.")
        if redact and advisor:
            say("A redacted advice bears no advisor's name.")
        if redact and catalogues:
            say("A redacted advice has no chapter on programs: which ones a person has in view tells of them.")
        for message in (*_on_programs(advice, doubtful), *_on_the_ledger(given), *_for_the_advisor(advice)):
            say(message)


def _on_programs(advice: Advice, doubtful: Mapping[Path, int]) -> Iterator[str]:
    """What is to be said of the catalogues that were held against the profile."""
    for path, findings in doubtful.items():
        if findings:
            number = f"{findings} finding{'s' if findings > 1 else ''}"
            yield f"{number} in the catalogue; 'smartpick programs check {path}' lists them."
    for chapter in advice.given.programs:
        if not chapter.screen.programs:
            yield f"{chapter.name} has no program in {', '.join(chapter.screen.specialties) or 'any specialty'}."


def _on_the_ledger(given: Given) -> Iterator[str]:
    """Where the advice was entered, and which advices it was not compared with."""
    if given.link is not None:
        yield f"Entered in the ledger as {given.link.id}. Its head is now {given.link.hash}"
    entered = given.advice.entered
    yield from (_apart(other) for other in (entered.apart if entered is not None else ()))
    if given.near:
        yield f"Labels are matched as they are written: not compared with advices under {', '.join(given.near)}."


def _for_the_advisor(advice: Advice) -> Iterator[str]:
    """What no document for the applicant says."""
    if advice.kept_bucket:
        yield f"For the advisor alone: with what is kept from the applicant, this file is sorted as {advice.kept_bucket}."
    for one in advice.overrides_without_effect:
        yield f"For the advisor alone: the override of {one.of} {_NOT_STANDING[State(one.state)]}."


def _about(name: str) -> str:
    """What has to be known of a file before it is handed on; empty where nothing has."""
    if name.endswith(RECORD):
        return " (the record: everything, for the advisor alone)"
    one = written_as(name)
    return " (for the advisor alone)" if one is not None and one.is_for_advisor else ""


def _check_list(asked: ListOptions, catalogues: tuple[Path, ...]) -> None:
    if asked.without_budget:
        raise click.UsageError(f"{asked.without_budget} is about a list, which an advice has with --budget.")
    if asked.budget is not None and not catalogues:
        raise click.UsageError("A list is chosen from a catalogue: name one with --programs.")


def _apart(other: Apart) -> str:
    """Why an advice under the same label was not compared with, and what to do."""
    differs = "; ".join(f"{line.about} was {line.then}, is {line.now}" for line in other.lines)
    return (
        f"For the advisor alone: entry {other.entry} under this label, as of {other.as_of}, seems to be on somebody else "
        f"({differs}), so this advice was not compared with it. {other.proceed}"
    )
