"""`smartpick rules test`: run the cases beside the rules."""

from __future__ import annotations

import json
from pathlib import Path

import click

from smartpick_expert.authoring.cases import SUFFIX, cases_below, diagnostics_of, run_case
from smartpick_expert.cli.options import engine_option, matcher_of, workspace_option
from smartpick_expert.cli.output import FINDINGS, reporting, say, show_findings
from smartpick_expert.cli.served import served_root
from smartpick_expert.workspace import find_root, load_workspace


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, exists=True))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How results are printed.")
@engine_option
@workspace_option
def test(folder: Path | None, form: str, engine: str, workspace: Path | None) -> None:
    """Run the cases beside the rules, or those of FOLDER. Exit code 1 where one does not hold.

    The rules are those of the workspace in which FOLDER stands, unless --workspace names another.
    """
    with reporting(form):
        loaded = load_workspace(workspace or (find_root(folder) if folder is not None else served_root(None)))
        matcher = matcher_of(engine)
        cases, unreadable = cases_below(folder or loaded.root / "rules", loaded)
        outcomes = [run_case(case, loaded, matcher) for case in cases]
        if not outcomes and not unreadable:
            raise click.BadParameter(
                f"No cases are there to be run: {_where(folder, loaded.root)}", param_hint="FOLDER"
            )
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


def _where(folder: Path | None, root: Path) -> str:
    """Where cases were looked for, and what files they would stand in."""
    return f"no file in '{folder or root / 'rules'}' whose name ends in {SUFFIX} holds one."
