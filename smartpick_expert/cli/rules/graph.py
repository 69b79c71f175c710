"""`smartpick rules graph`: a rule, a topic or all topics, drawn."""

from __future__ import annotations

from pathlib import Path

import click

from smartpick_expert.authoring.catalogue import meant
from smartpick_expert.authoring.graph.diagram import Diagram
from smartpick_expert.authoring.graph.drawing import FORMATS, drawn
from smartpick_expert.authoring.graph.scopes import around, of_all, of_topic
from smartpick_expert.cli.options import workspace_option
from smartpick_expert.cli.output import reporting, say, write_output
from smartpick_expert.cli.served import served_root
from smartpick_expert.workspace import Workspace, load_workspace


@click.command()
@click.argument("what", required=False, metavar="[ID|TOPIC]")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default=None, help="[default: by the ending of --out, else mermaid]"
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), default=None, help="The file. [default: print it]"
)
@workspace_option
def graph(what: str | None, form: str | None, out: Path | None, workspace: Path | None) -> None:
    """Draw which facts and rules feed a rule and what it feeds; or a TOPIC rule by rule; or, without a name, all topics.

    Rules stand from left to right in the order in which they are decided.
    """
    chosen = form or ("svg" if out is not None and out.suffix.lower() == ".svg" else "mermaid")
    with reporting():
        loaded = load_workspace(served_root(workspace))
        diagram = _diagram(what, loaded)
        text = drawn(diagram, chosen, loaded)
        if out is None:
            click.echo(text, nl=False)
            return
        write_output({out: text})
    say(f"{diagram.what}: {len(diagram.nodes)} boxes, {len(diagram.edges)} arrows. Written: {out}")


def _diagram(what: str | None, workspace: Workspace) -> Diagram:
    if what is None:
        return of_all(workspace)
    rule = workspace.ruleset.now(what)
    if rule is not None:
        return around(rule, workspace)
    if what in {rule.topic for rule in workspace.ruleset.rules}:
        return of_topic(what, workspace)
    raise click.BadParameter(meant(what, workspace), param_hint="ID")
