"""`smartpick why`, `why-not` and `what-if`: an advice explained, from a profile or from the record that was kept of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from smartpick_expert.cli.options import as_of_option, engine_option, ledger_option, matcher_of, workspace_option
from smartpick_expert.cli.output import json_text, reporting, say
from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.explain.difference import data_of
from smartpick_expert.explain.difference_text import difference_nodes
from smartpick_expert.explain.tree import Node, drawn, wrapped
from smartpick_expert.explain.why_not_data import to_data
from smartpick_expert.explain.why_not_text import sentences, tree_lines
from smartpick_expert.explain.why_text import tree_of, why_sentences
from smartpick_expert.inquiry import Inquiry, inquire
from smartpick_expert.intake.changes import read_changes
from smartpick_expert.programs.gates import PROGRAM
from smartpick_expert.programs.reading import read_usable
from smartpick_expert.workspace import Workspace, load_workspace

_F = TypeVar("_F", bound=Callable[..., Any])


def _source_options(command: _F) -> _F:
    """SOURCE and the options that every explaining command takes."""
    several = (
        click.argument("source", type=click.Path(path_type=Path)),
        ledger_option,
        click.option("--full", is_flag=True, help="Leave nothing out."),
        click.option(
            "--told",
            is_flag=True,
            help="Explain what the applicant was given, made without what is kept for the advisor.",
        ),
        click.option("--with-drafts", is_flag=True, help="Let draft rules fire too; a record knows by itself."),
        as_of_option,
        engine_option,
        workspace_option,
    )
    for one in reversed(several):
        command = one(command)
    return command


def _format_option(*forms: str) -> Callable[[_F], _F]:
    return click.option("--format", "form", type=click.Choice(forms), default=forms[0], show_default=True)


def _programs_option(command: _F) -> _F:
    return click.option(
        "--programs",
        "catalogue",
        type=click.Path(path_type=Path, dir_okay=False),
        default=None,
        help="A catalogue, to ask about a program of it by its id.",
    )(command)


def _about(inquiry: Inquiry, catalogue: Path | None, asked: str, *, met: bool) -> tuple[Inquiry, str]:
    """The inquiry and the question with the programs of a catalogue that the question names."""
    if catalogue is None:
        return inquiry, asked
    read, _ = read_usable(catalogue, inquiry.workspace.vocabulary.types[PROGRAM])
    about = inquiry.about_programs(read, asked)
    return about, about.question_on(read, asked, met=met)


def _opened(
    source: Path,
    workspace: Path | None,
    as_of: datetime | None,
    engine: str | None,
    ledger: Path | None,
    *,
    told: bool,
    with_drafts: bool,
) -> Inquiry:
    day = as_of.date() if as_of is not None else None
    return inquire(source, workspace, day, matcher_of(engine), told=told, with_drafts=with_drafts, ledger=ledger)


def _print_data(kind: str, caveat: str, data: dict[str, Any]) -> None:
    document = {"format": f"smartpick-{kind}/1", **({"caveat": caveat} if caveat else {}), **data}
    click.echo(json_text(document))


def _print_trees(nodes: Iterable[Node]) -> None:
    for node in nodes:
        click.echo("\n".join(drawn(node)) + "\n")


@click.command()
@_source_options
@click.argument("conclusion")
@_programs_option
@_format_option("tree", "text", "json")
def why(
    source: Path,
    conclusion: str,
    catalogue: Path | None,
    form: str,
    workspace: Path | None,
    as_of: datetime | None,
    engine: str | None,
    ledger: Path | None,
    *,
    full: bool,
    told: bool,
    with_drafts: bool,
) -> None:
    """Say from what, and by which rules, CONCLUSION of SOURCE came.

    SOURCE is a profile, a record that was kept, a bundle, or the id of an entry in the ledger. CONCLUSION is a conclusion
    (bucket, letter_grade[my-letter]), a statement of the advice by its id, a rule, an action, or a place of the profile
    (exam[step2_ck].score). With --programs, CONCLUSION may be the id of a program, or what is said of it
    (requirement[program=ID name=visa]).
    """
    with reporting():
        inquiry = _opened(source, workspace, as_of, engine, ledger, told=told, with_drafts=with_drafts)
        inquiry, asked = _about(inquiry, catalogue, conclusion, met=False)
        answer = inquiry.why(asked, full=full)
        if form == "json":
            _print_data("why", "", asdict(answer))
        elif form == "text":
            click.echo("\n\n".join(why_sentences(answer)))
        else:
            _print_trees(tree_of(answer))


@click.command(name="why-not")
@_source_options
@click.argument("asked", metavar="RULE-OR-CONCLUSION")
@_programs_option
@_format_option("tree", "text", "json")
def why_not(
    source: Path,
    asked: str,
    catalogue: Path | None,
    form: str,
    workspace: Path | None,
    as_of: datetime | None,
    engine: str | None,
    ledger: Path | None,
    *,
    full: bool,
    told: bool,
    with_drafts: bool,
) -> None:
    """Say what kept a rule from firing on SOURCE, or something from being concluded: the nearest miss first.

    RULE-OR-CONCLUSION is a rule (letters.trusted), a conclusion (bucket[name=known_quantity], or known_quantity for
    short), or an action. With --programs also the id of a program: what stands in its way, and by how much.
    """
    with reporting():
        inquiry = _opened(source, workspace, as_of, engine, ledger, told=told, with_drafts=with_drafts)
        inquiry, asked = _about(inquiry, catalogue, asked, met=True)
        answer = inquiry.why_not(asked, full=full)
        if form == "json":
            _print_data("why-not", inquiry.caveat, to_data(answer))
            return
        if inquiry.caveat:
            say(inquiry.caveat)
        if form == "text":
            click.echo("\n".join(sentences(answer, full=full)))
            return
        for line in tree_lines(answer, full=full):
            click.echo("\n".join(wrapped(line)))


@click.command(name="what-if")
@_source_options
@click.argument("other", required=False, type=click.Path(path_type=Path))
@click.option(
    "--set", "settings", multiple=True, metavar="PATH=VALUE", help="exam[step2_ck].score=250; may be repeated."
)
@click.option("--add", "additions", multiple=True, metavar="TYPE={...}", help="letter={id: new, us_based: yes}")
@click.option("--remove", "removals", multiple=True, metavar="PATH", help="letter[old], or exam[step2_ck].score")
@click.option("--rules", type=click.Path(path_type=Path), default=None, help="Another workspace, or a folder of rules.")
@_format_option("tree", "json")
def what_if(
    source: Path,
    other: Path | None,
    settings: tuple[str, ...],
    additions: tuple[str, ...],
    removals: tuple[str, ...],
    rules: Path | None,
    form: str,
    workspace: Path | None,
    as_of: datetime | None,
    engine: str | None,
    ledger: Path | None,
    *,
    full: bool,
    told: bool,
    with_drafts: bool,
) -> None:
    """Say what would differ in the advice on SOURCE with changes, with the profile OTHER in its place, or by other rules."""
    edits_asked = settings or additions or removals
    if not (edits_asked or other or rules):
        raise click.UsageError("Name a change: --set, --add, --remove, a second profile, or --rules.")
    if edits_asked and other:
        raise click.UsageError("Name changes, or a second profile, and not both.")
    with reporting():
        inquiry = _opened(source, workspace, as_of, engine, ledger, told=told, with_drafts=with_drafts)
        edits = read_changes(settings, additions, removals, inquiry.workspace.vocabulary)
        found = inquiry.what_if(edits, other, _with_rules(rules, inquiry) if rules is not None else None)
        caveat = "" if rules is not None else inquiry.caveat
        if form == "json":
            _print_data("what-if", caveat, data_of(found))
            return
        if caveat:
            say(caveat)
        if found.is_nothing:
            click.echo("Nothing would differ.")
        _print_trees(difference_nodes(found, full=full))


def _with_rules(rules: Path, inquiry: Inquiry) -> Workspace:
    """Another workspace, or this one with the rules of another folder. Raises Problems where there are none."""
    if (rules / "knowledge").is_dir():
        return load_workspace(rules)
    # What was kept has brought its own files, and they stand in no folder any more.
    root = inquiry.workspace.root
    found = load_workspace(root if root.is_dir() else None, rules)
    if not found.ruleset.rules:
        hint = "Name a workspace, or a folder with files of rules."
        raise Problems([Diagnostic("workspace.no-rules", "There are no rules here.", hint, Location(str(rules)))])
    return found
