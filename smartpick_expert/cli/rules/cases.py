"""`smartpick rules test`: run the cases beside the rules."""

from __future__ import annotations

import json
from pathlib import Path

import click

from smartpick_expert.authoring.cases import case_files, diagnostics_of, read_cases, run_case
from smartpick_expert.cli.options import engine_option, matcher_of, workspace_option
from smartpick_expert.cli.output import FINDINGS, reporting, say, show_findings
from smartpick_expert.diagnostics import Diagnostic, Problems
from smartpick_expert.workspace import load_workspace


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, exists=True))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How results are printed.")
@engine_option
@workspace_option
def test(folder: Path | None, form: str, engine: str, workspace: Path | None) -> None:
    """Run the cases beside the rules. Exit code 1 where one does not hold."""
    with reporting(form):
        loaded = load_workspace(workspace)
        matcher = matcher_of(engine)
        outcomes = []
        unreadable: list[Diagnostic] = []
        for path in case_files(folder or loaded.root / "rules"):
            try:
                outcomes += [run_case(case, loaded, matcher) for case in read_cases(path, loaded)]
            except Problems as problems:
                unreadable += problems.diagnostics
        failed = [outcome for outcome in outcomes if outcome.failures]
        findings = [*unreadable, *(d for outcome in failed for d in diagnostics_of(outcome))]
        if form == "json":
            results = [{"case": o.case.name, "at": str(o.case.location), "failures": o.failures} for o in outcomes]
            click.echo(json.dumps(results, indent=2, ensure_ascii=False))
        else:
            show_findings(findings, "text")
        covered = {rule_id for o in outcomes for rule_id in (*o.case.expected.fires, *o.case.expected.does_not_fire)}
        say(
            f"{len(outcomes)} cases for {len(covered)} rules: {len(outcomes) - len(failed)} hold, {len(failed)} do not."
        )
        if findings:
            raise SystemExit(FINDINGS)
