"""`smartpick programs import`: a table from elsewhere made into a catalogue."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path

import click

from smartpick_expert.cli.layout import counted
from smartpick_expert.cli.options import day_of, workspace_option
from smartpick_expert.cli.output import SHOWN, reporting, say, show_findings
from smartpick_expert.diagnostics import Diagnostic, Location, Problems, nearest
from smartpick_expert.language.vocabulary import FactType
from smartpick_expert.programs.gates import PROGRAM
from smartpick_expert.programs.head import head_path
from smartpick_expert.programs.importing.form import read_form, shipped_form
from smartpick_expert.programs.importing.importer import Asked, import_table
from smartpick_expert.programs.reading import undated
from smartpick_expert.programs.writing import write_catalogue
from smartpick_expert.workspace import find_root, load_workspace

SPECIALTY = "specialty"


@click.command("import")
@click.argument("table", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The catalogue, a .csv file (and a .yaml beside it).",
)
@click.option("--specialty", default="", help="The specialty of all rows that state none.")
@click.option(
    "--mapping", type=click.Path(path_type=Path, dir_okay=False), help="Which heading means which field (YAML)."
)
@click.option("--source", default="", help="Where the figures come from. [default: the name of the table]")
@click.option("--verified", type=click.DateTime(["%Y-%m-%d"]), help="The day on which the figures were last looked up.")
@click.option("--force", is_flag=True, help="Write over a catalogue that is there.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@workspace_option
def import_(
    table: Path,
    out: Path,
    specialty: str,
    mapping: Path | None,
    source: str,
    verified: datetime | None,
    form: str,
    workspace: Path | None,
    *,
    force: bool,
) -> None:
    """Make a catalogue of TABLE (CSV, tab-separated or XLSX).

    Columns are found by their headings, those of --mapping first. Everything doubtful is listed with its row and column;
    names and addresses of people are dropped.
    """
    with reporting(form):
        loaded = load_workspace(workspace or find_root())
        fact_type = loaded.vocabulary.types[PROGRAM]
        _check(specialty, out, table, fact_type)
        _check_day(verified)
        if not force:
            _keep(out)
        way = shipped_form(loaded)
        if mapping is not None:
            way = way.after(read_form(mapping, str(mapping), fact_type))
        asked = Asked(out, specialty, source, verified.date() if verified else None)
        made = import_table(table, way, fact_type, asked)
        if not made.catalogue.listings:
            message = "The table has no row that names a program, so there is nothing to make a catalogue of."
            none = Diagnostic("import.none", message, "Name another table.", Location(str(table)))
            raise Problems([*made.doubts, none])
        written = write_catalogue(made.catalogue, fact_type)
    doubts = (*made.doubts, *undated(made.catalogue, fact_type))
    show_findings(doubts, form)
    for what, columns in (("Not taken over", made.left), ("Dropped, as they name or reach people", made.personal)):
        if columns:
            say(f"{what}: {', '.join(columns)}.")
    without = sum(1 for one in made.catalogue.listings if SPECIALTY not in one.cells)
    if without:
        found = f"{counted(without, 'program')} without a specialty: found for no applicant until one is known"
        say(f"{found}. Name it with --specialty, or fill it in.")
    kinds = Counter(one.code for one in doubts).most_common()
    counts = f": {', '.join(f'{code} {count:,}' for code, count in kinds)}" if len(doubts) > SHOWN else ""
    say(f"{counted(len(made.catalogue.listings), 'program')}, {len(doubts):,} doubtful{counts}.")
    if counts and form == "text":
        say("'--format json' lists all that is doubtful.")
    for path in written:
        say(f"Written: {path}")


def _check(specialty: str, out: Path, table: Path, fact_type: FactType) -> None:
    words = fact_type.fields["specialty"].values
    if specialty and specialty not in words:
        hint = nearest(specialty, words) or f"Known: {', '.join(words)}."
        message = f"'{specialty}' is no specialty of the vocabulary."
        raise Problems([Diagnostic("import.specialty", message, hint, Location("--specialty"))])
    if out.suffix.lower() != ".csv" or out.resolve() == table.resolve():
        message = f"The catalogue cannot be written to {out}: it is a .csv file of its own."
        raise Problems([Diagnostic("import.out", message, "Name another file that ends in .csv.", Location("--out"))])


def _check_day(verified: datetime | None) -> None:
    """Raises Problems where the figures were looked up on a day to come: they would be relied on for too long."""
    if verified is not None and verified.date() > day_of(None):
        message = f"{verified.date()} is still to come, and nothing was looked up on it."
        hint = "Name the day on which somebody looked the figures up."
        raise Problems([Diagnostic("import.day", message, hint, Location("--verified"))])


def _keep(out: Path) -> None:
    """Raises Problems where there is a file already: days and corrections may have been written into it by hand."""
    held = [path for path in (out, head_path(out)) if path.exists()]
    if held:
        message = f"There is a file {held[0]} already, and what was corrected in it by hand would be lost."
        hint = "Name another with --out, or write over it with --force."
        raise Problems([Diagnostic("output.exists", message, hint, Location("--out"))])
