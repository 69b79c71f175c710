"""`smartpick programs calibrate`: how well a hidden rate is predicted, beside simply taking the specialty's median."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import click

from smartpick_expert.chances.calibrating import calibrate_catalogues
from smartpick_expert.chances.reference import SIBLINGS, cases_field, rate_field
from smartpick_expert.cli.options import as_of_option, day_of, workspace_option
from smartpick_expert.cli.output import as_data, json_text, reporting, say, show_findings
from smartpick_expert.cli.served import served_root
from smartpick_expert.diagnostics import Diagnostic, Location, Problems, nearest
from smartpick_expert.knowledge.parameters import figures_at
from smartpick_expert.language.vocabulary import FactType
from smartpick_expert.programs.gates import PROGRAM
from smartpick_expert.programs.importing.form import read_form, shipped_form
from smartpick_expert.programs.importing.opening import Opened, open_table
from smartpick_expert.report.calibration import calibration_data, calibration_text
from smartpick_expert.workspace import load_workspace


@click.command()
@click.argument("files", type=click.Path(path_type=Path, dir_okay=False), nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--type",
    "kind",
    type=click.Choice(sorted(SIBLINGS)),
    help="Hide the rate for this kind of applicant. [default: first for the one, then for the other]",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Decides which half of the programs is hidden.")
@click.option("--specialty", default="", help="The specialty of all rows of a table that state none.")
@click.option(
    "--mapping", type=click.Path(path_type=Path, dir_okay=False), help="Which heading means which field (YAML)."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@as_of_option
@workspace_option
def calibrate(
    files: tuple[Path, ...],
    kind: str | None,
    seed: int,
    specialty: str,
    mapping: Path | None,
    form: str,
    as_of: datetime | None,
    workspace: Path | None,
) -> None:
    """Hide one kind of applicant's invitation rate for half of the programs of each FILE, predict it, and print the error.

    FILE is a catalogue or a table as 'programs import' reads it; nothing is written. Programs' figures are compared with
    programs' figures: nothing is validated about a person.
    """
    with reporting(form):
        loaded = load_workspace(served_root(workspace))
        fact_type = loaded.vocabulary.types[PROGRAM]
        _check(specialty, fact_type)
        way = shipped_form(loaded)
        if mapping is not None:
            way = way.after(read_form(mapping, str(mapping), fact_type))
        kinds = (kind,) if kind else tuple(sorted(SIBLINGS))
        opened = _opened(files, lambda path: open_table(path, way, fact_type, specialty, mapping))
        figures = figures_at(loaded.knowledge.parameters.values(), day_of(as_of))
        found = calibrate_catalogues([one.catalogue for one in opened], fact_type, kinds, figures, seed)
        text = calibration_text(found, loaded.vocabulary, loaded.reports) if form == "text" else ""
    rates = [name(one) for one in SIBLINGS for name in (rate_field, cases_field)]
    doubtful = [finding for one in opened for finding in one.about(rates)]
    if form == "json":
        data = {**calibration_data(found), "findings": [as_data(one) for one in doubtful]}
        click.echo(json_text(data))
        return
    show_findings(doubtful, form)
    click.echo(text, nl=False)
    for one in opened:
        others = len(one.findings) - len(one.about(rates))
        if others:
            command = "check" if one.is_catalogue else "import"
            what = f"{others:,} other finding{'s' if others > 1 else ''} in {one.catalogue.path}"
            say(f"{what}, none of them on these rates; 'smartpick programs {command}' lists them.")


def _opened(files: Sequence[Path], read: Callable[[Path], Opened]) -> list[Opened]:
    """Each file once, in the order asked for. Raises Problems with what is wrong with any of them."""
    found: list[Opened] = []
    problems: list[Diagnostic] = []
    for path in {one.resolve(): one for one in reversed(files)}.values():
        try:
            found.append(read(path))
        except Problems as caught:
            problems += caught.diagnostics
    if problems:
        raise Problems(problems)
    return sorted(found, key=lambda one: files.index(one.catalogue.path))


def _check(specialty: str, fact_type: FactType) -> None:
    words = fact_type.fields["specialty"].values
    if specialty and specialty not in words:
        hint = nearest(specialty, words) or f"Known: {', '.join(words)}."
        message = f"'{specialty}' is no specialty of the vocabulary."
        raise Problems([Diagnostic("import.specialty", message, hint, Location("--specialty"))])
