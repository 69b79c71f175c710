"""`smartpick rules new`: a rule begun, with its cases."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from smartpick_expert.authoring.editing.beginning import Beginning, Wish, beginning
from smartpick_expert.authoring.editing.changes import make
from smartpick_expert.cli.layout import counted, heading, table
from smartpick_expert.cli.options import as_of_option, day_of, workspace_option
from smartpick_expert.cli.output import reporting, say, show_findings
from smartpick_expert.cli.served import own_root
from smartpick_expert.language.model import Kind
from smartpick_expert.workspace import load_workspace


@click.command()
@click.argument("rule_id", metavar="ID")
@click.option("--topic", default="", help="The topic, where ID is only a name.")
@click.option(
    "--kind", type=click.Choice([kind.value for kind in Kind]), default=None, help="[default: by the first source]"
)
@click.option(
    "--source", "sources", multiple=True, metavar="claim:ID|evidence:ID", help="What it rests on; once for each."
)
@click.option("--title", default="", help="A short name for people.")
@click.option("--owner", default="", help="Who looks after it. [default: who does in this topic]")
@click.option(
    "--concludes", default="", metavar="TYPE", help="What kind of fact. [default: what rules of the topic mostly do]"
)
@click.option(
    "--file", default="", metavar="PATH", help="The rule file. [default: the one of the topic that speaks of the same]"
)
@click.option("--no-input", is_flag=True, help="Ask nothing; what was not said is marked as to do.")
@as_of_option
@workspace_option
def new(
    rule_id: str,
    topic: str,
    kind: str | None,
    sources: tuple[str, ...],
    title: str,
    owner: str,
    concludes: str,
    file: str,
    as_of: datetime | None,
    workspace: Path | None,
    *,
    no_input: bool,
) -> None:
    """Begin rule ID: a draft that loads, with a case where it fires and a near miss.

    What is to be written is marked with TO DO, and 'rules check' lists it. A draft fires in no advice.
    """
    if not no_input and sys.stdin.isatty():
        sources = sources or (click.prompt("What does it rest on (claim:... or evidence:...)"),)
        title = title or click.prompt("A short name for people")
    with reporting():
        loaded = load_workspace(own_root(workspace))
        wish = Wish(rule_id, topic, kind or "", sources, " ".join(title.split()), owner, concludes, file)
        found = beginning(loaded, wish, day_of(as_of))
        make(loaded.root, found.changes)
    _show(found)


def _show(found: Beginning) -> None:
    click.echo(heading(f"{found.begun.id} is begun, as a draft"))
    rows = [(found.path, "the rule"), (found.cases, "a case where it fires, and a near miss")]
    for line in table(rows):
        click.echo(line)
    say("")
    show_findings(found.findings, "text")
    say(f"{counted(len(found.findings), 'place')} to be written. Then:")
    steps = [
        (f"smartpick rules check {found.path}", "what is still to be written, and what is wrong"),
        ("smartpick rules test", "whether its cases hold"),
        (f"smartpick rules show {found.begun.id}", "the rule beside its sources"),
        ("status: stable", "in the file, once it may speak in advices"),
    ]
    for line in table(steps):
        say(line)
