"""`smartpick programs screen`: a catalogue held against one applicant, every gate explained."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from smartpick_expert.chances.reference import figures_for
from smartpick_expert.cli.options import as_of_option, day_of, engine_option, matcher_of, workspace_option
from smartpick_expert.cli.output import reporting, say, show_json
from smartpick_expert.cli.served import served_root
from smartpick_expert.consulting import consult_file
from smartpick_expert.diagnostics import Diagnostic, Location, Problems, nearest
from smartpick_expert.language.values import UNKNOWN
from smartpick_expert.language.vocabulary import FactType
from smartpick_expert.programs.gates import PROGRAM
from smartpick_expert.programs.reading import read_usable
from smartpick_expert.programs.screen_view import ProgramView, ScreenView, screen_view
from smartpick_expert.programs.screening import Screening, specialties_of
from smartpick_expert.programs.screening import screen as screen_catalogue
from smartpick_expert.report.programs import is_match_week
from smartpick_expert.report.screening import inquiry, screen_csv, screen_data, screen_text
from smartpick_expert.workspace import Workspace, load_workspace

ALL = "all"
# The rule of the Match that rules of topic season state (`season.match-week-by-the-day`).
_SILENT = "in Match Week, by NRMP's rules, nobody may contact a program for an applicant before it contacts them."


@click.command()
@click.argument("profile", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--programs",
    "catalogue",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The catalogue (.csv).",
)
@click.option(
    "--specialty",
    "specialties",
    multiple=True,
    help="Only this specialty, or 'all'. [default: the profile's]",
)
@click.option("--program", "wanted", multiple=True, help="Show this program with every gate, and what to ask it.")
@click.option("--all", "everything", is_flag=True, help="List every program.")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@engine_option
@as_of_option
@workspace_option
def screen(
    profile: Path,
    catalogue: Path,
    specialties: tuple[str, ...],
    wanted: tuple[str, ...],
    form: str,
    engine: str | None,
    as_of: datetime | None,
    workspace: Path | None,
    *,
    everything: bool,
) -> None:
    """Hold each program of a catalogue against PROFILE: what it states, then the filters by which committees are said to go.

    For the advisor: what you noted of programs, in the profile or in notes.yaml, counts in the filters.
    """
    with reporting(form):
        loaded = load_workspace(served_root(workspace))
        fact_type = loaded.vocabulary.types[PROGRAM]
        read, doubtful = read_usable(catalogue, fact_type)
        matcher = matcher_of(engine)
        consultation = consult_file(profile, loaded, day_of(as_of), matcher)
        screening = screen_catalogue(consultation, read, matcher)
        applicant = next((entry.values for entry in consultation.profile.of("applicant")), {})
        figures = figures_for(applicant.get("nrmp_type", UNKNOWN))
        view = screen_view(screening, _specialties(specialties, screening, fact_type), figures)
        full = _full(view, wanted)
    if form == "json":
        show_json(screen_data(view))
    elif form == "csv":
        click.echo(screen_csv(view), nl=False)
    else:
        click.echo(screen_text(view, loaded.reports, full, everything=everything), nl=False)
        for one in full:
            click.echo(f"\n{_message(one, loaded, silent=is_match_week(consultation))}")
    if doubtful:
        say(
            f"{doubtful} finding{'s' if doubtful > 1 else ''} in the catalogue; 'smartpick programs check {catalogue}' lists them."
        )


def _message(one: ProgramView, workspace: Workspace, *, silent: bool) -> str:
    """What to ask a program, ready to send; in Match Week why nothing is to be sent."""
    asked = inquiry(one, workspace.reports)
    if not asked:
        return f"There is nothing to ask {one.id}."
    if silent:
        return f"No message to {one.id}: {_SILENT}"
    return f"{_before_asking(one)}\n\n{asked}"


def _before_asking(one: ProgramView) -> str:
    """What stands above a message: where something that is stated closes the program, asking for the rest changes nothing yet."""
    if one.blocking is None:
        return f"A message to {one.id}, ready to send:"
    return f"{one.id} is closed by {one.blocking.title}. Should that open, this message asks for the rest:"


def _specialties(asked: Sequence[str], screening: Screening, fact_type: FactType) -> tuple[str, ...]:
    """The specialties to show: as asked, else the profile's; empty for all. Raises Problems where the catalogue has none of them."""
    if not screening.programs:
        message = "There is no program in the catalogue."
        hint = "'smartpick programs check' says which rows were left out, and why."
        raise Problems([Diagnostic("programs.none", message, hint, Location(str(screening.catalogue.path)))])
    if ALL in asked:
        return ()
    has = screening.catalogue.specialties()
    wanted = tuple(asked) or specialties_of(screening.consultation.profile)
    missing = [word for word in wanted if word not in has]
    if missing:
        words = fact_type.fields["specialty"].values
        message = f"The catalogue has no program in {', '.join(words.get(word, word) for word in missing)}."
        known = nearest(missing[0], words) if missing[0] not in words else ""
        hint = f"{known} It has: {', '.join(has) or 'none that says its specialty'}. '--specialty all' shows every program.".strip()
        raise Problems([Diagnostic("programs.specialty", message, hint, Location(str(screening.catalogue.path)))])
    return wanted


def _full(view: ScreenView, wanted: Sequence[str]) -> tuple[ProgramView, ...]:
    by_id = {one.id: one for one in view.programs}
    for label in wanted:
        if label not in by_id:
            message = f"There is no program '{label}' among those that are shown."
            hint = nearest(label, by_id) or "'--format csv' lists all ids; '--specialty all' takes in every specialty."
            raise Problems([Diagnostic("programs.unknown", message, hint, Location("--program"))])
    return tuple(by_id[label] for label in wanted)
