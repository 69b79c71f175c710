"""`smartpick rules coverage`: what of the rules their cases exercise, and what not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from smartpick_expert.authoring.coverage import (
    KINDS,
    PartCoverage,
    RuleCoverage,
    Side,
    State,
    by_topic,
    counted,
    cover,
)
from smartpick_expert.authoring.coverage_data import coverage_data
from smartpick_expert.authoring.coverage_page import coverage_page
from smartpick_expert.authoring.mutation.in_parallel import for_each
from smartpick_expert.authoring.workspaces.files import told
from smartpick_expert.cli.layout import counted as number_of
from smartpick_expert.cli.layout import heading, table, wrapped
from smartpick_expert.cli.options import workers_option, workspace_option
from smartpick_expert.cli.output import FINDINGS, json_text, reporting, say, show_findings
from smartpick_expert.cli.rules.chosen import chosen
from smartpick_expert.explain.tree import shown
from smartpick_expert.writing import write_all

_NAMES = {"rule": "rules", "condition": "conditions", "test": "tests", "branch": "branches of 'any'", "limit": "limits"}


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, exists=True))
@click.option("--rule", "rule_id", metavar="ID", default="", help="Only this rule.")
@click.option(
    "--format", "form", type=click.Choice(["text", "html", "json"]), default="text", help="How it is printed."
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), default=None, help="Write it into this file instead."
)
@click.option(
    "--require",
    metavar="KIND,...",
    default="",
    help=f"Exit code 1 where one of these is not wholly exercised: {', '.join(KINDS)}.",
)
@workers_option
@workspace_option
def coverage(
    folder: Path | None,
    rule_id: str,
    form: str,
    out: Path | None,
    require: str,
    workers: int | None,
    workspace: Path | None,
) -> None:
    """Show what the cases exercise of the rules, or of those in FOLDER: conditions, tests, branches, both sides of limits.

    A condition is exercised by a case in which it makes the difference; a limit by one case on each side of it, as near as
    the vocabulary lets a value be. What is missing is told with a case that would exercise it.
    """
    required = _kinds(require)
    with reporting("json" if form == "json" else "text"):
        own, rules = chosen(folder, rule_id, workspace)
        results = for_each(cover, rules, own, workers)
        findings = (*own.unreadable, *(finding for result in results for finding in result.failing))
        if form == "text":
            text = "\n".join(_lines(results)) + "\n"
        elif form == "json":
            text = json_text(coverage_data(results)) + "\n"
        else:
            text = coverage_page(results, own.workspace)
        if out is not None:
            with told(out, "It cannot be written"):
                write_all({out: text.encode("utf-8")})
            say(f"Written: {out}")
        else:
            click.echo(text, nl=False)
    show_findings(findings, "text")
    lacking = [kind for kind, (covered, several) in counted(results).items() if kind in required and covered < several]
    if lacking:
        say(f"Not wholly exercised: {', '.join(_NAMES[kind] for kind in lacking)}.")
    if findings:
        say("What such cases would exercise is not counted.")
    if findings or lacking:
        raise SystemExit(FINDINGS)


def _kinds(require: str) -> tuple[str, ...]:
    kinds = tuple(filter(None, (word.strip() for word in require.split(","))))
    strange = [kind for kind in kinds if kind not in KINDS]
    if strange:
        message = f"'{strange[0]}' is none of: {', '.join(KINDS)}."
        raise click.BadParameter(message, param_hint="--require")
    return kinds


def _lines(results: Sequence[RuleCoverage]) -> Iterator[str]:
    for topic, several in by_topic(results):
        missing = sum(len(result.missing) for result in several)
        if not missing:
            continue
        yield heading(shown(f"{topic}: {number_of(missing, 'case')} missing"))
        for result in several:
            yield from _rule(result)
        yield ""
    yield heading("Exercised")
    rows = [(_NAMES[kind], f"{covered} of {several}") for kind, (covered, several) in counted(results).items()]
    yield from table(rows)
    apart = sum(
        1 for result in results for part in result.parts for side in part.sides if side.state is State.OUT_OF_REACH
    )
    if apart:
        words = f"{number_of(apart, 'side')} out of reach of any case, counted apart: no made-up file exercises it."
        yield from wrapped(words, 2)


def _rule(result: RuleCoverage) -> Iterator[str]:
    if not result.missing:
        return
    place = f"{result.location.path}:{result.location.line}"
    if not result.cases:
        yield from wrapped(shown(f"{result.rule_id} ({place}) has no case of its own that holds"), 2)
        yield from wrapped("Write one in which it fires and one in which it does not; near misses first.", 4)
        return
    yield from wrapped(shown(f"{result.rule_id} ({place}), {number_of(result.cases, 'case')}"), 2)
    for part, side in result.missing:
        yield from _side(part, side)


def _side(part: PartCoverage, side: Side) -> Iterator[str]:
    yield from wrapped(shown(f"line {part.location.line}: no case {side.words}"), 4)
    if side.made is not None:
        yield from wrapped(shown(f"for example {side.made.given}"), 8)
