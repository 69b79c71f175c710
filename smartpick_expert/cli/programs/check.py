"""`smartpick programs check`: everything doubtful in a catalogue."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from smartpick_expert.cli.layout import counted
from smartpick_expert.cli.options import as_of_option, day_of, workspace_option
from smartpick_expert.cli.output import FINDINGS, reporting, say, show_findings
from smartpick_expert.cli.served import served_root
from smartpick_expert.diagnostics import Diagnostic, Severity
from smartpick_expert.programs.checking import out_of_order, past_their_day, still_to_come
from smartpick_expert.programs.gates import PROGRAM
from smartpick_expert.programs.importing.form import shipped_form
from smartpick_expert.programs.reading import read_catalogue, undated
from smartpick_expert.workspace import load_workspace


@click.command()
@click.argument("catalogue", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text", show_default=True)
@as_of_option
@workspace_option
def check(catalogue: Path, form: str, as_of: datetime | None, workspace: Path | None) -> None:
    """Check a catalogue: cells that cannot be read, figures that contradict one another, values past their shelf life.

    Ends with 1 where a cell cannot be read; what deserves a look alone fails nothing.
    """
    with reporting(form):
        loaded = load_workspace(served_root(workspace))
        fact_type = loaded.vocabulary.types[PROGRAM]
        read, problems = read_catalogue(catalogue, fact_type)
        found = [*problems, *undated(read, fact_type), *past_their_day(read, fact_type, day_of(as_of))]
        found += still_to_come(read, fact_type, day_of(as_of))
        found += out_of_order(read, shipped_form(loaded).in_order)
    shown = sorted(set(found), key=Diagnostic.sort_key)
    show_findings(shown, form)
    count = counted(len(read.listings), "program")
    say(f"{count}: {counted(len(shown), 'finding')}." if shown else f"{count}: no findings.")
    if any(one.severity is Severity.ERROR for one in shown):
        raise SystemExit(FINDINGS)
