"""`smartpick rules mutate`: what the cases would notice, were a rule damaged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from smartpick_expert.authoring.cases import SUFFIX
from smartpick_expert.authoring.coverage_data import mutation_data
from smartpick_expert.authoring.mutation.in_parallel import for_each
from smartpick_expert.authoring.mutation.made_cases import MadeCase, case_text, cases_text
from smartpick_expert.authoring.mutation.mutating import Mutant, RuleMutation, share_caught
from smartpick_expert.authoring.mutation.mutating import mutate as mutate_rule
from smartpick_expert.authoring.workspaces.files import told
from smartpick_expert.cli.layout import counted, heading, table, wrapped
from smartpick_expert.cli.options import workers_option, workspace_option
from smartpick_expert.cli.output import FINDINGS, json_text, reporting, say, show_findings
from smartpick_expert.cli.rules.chosen import chosen
from smartpick_expert.explain.tree import shown
from smartpick_expert.writing import write_all


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, exists=True))
@click.option("--rule", "rule_id", metavar="ID", default="", help="Only this rule.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How it is printed.")
@click.option(
    "--at-least",
    type=click.FloatRange(0, 100),
    default=95.0,
    show_default=True,
    help="The share of mutants, in percent, that must be caught.",
)
@click.option(
    "--save-cases",
    "save",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help=f"Write the cases that would catch the survivors into a new file, NAME{SUFFIX}.",
)
@workers_option
@workspace_option
def mutate(
    folder: Path | None,
    rule_id: str,
    form: str,
    at_least: float,
    save: Path | None,
    workers: int | None,
    workspace: Path | None,
) -> None:
    """Damage each rule, or those in FOLDER, in one place after another, and see whether a case notices.

    A limit is moved one step, an operator flipped, a test or condition dropped or negated, a branch dropped, a conclusion
    changed or dropped. Survivors are shown with a made-up case that would catch them. Mutants that change nothing, on
    whatever made-up file, are counted apart. Exit code 1 where too few are caught.
    """
    if save is not None:
        _refuse(save)
    with reporting(form):
        own, rules = chosen(folder, rule_id, workspace)
        results = for_each(mutate_rule, rules, own, workers)
        findings = (*own.unreadable, *(finding for result in results for finding in result.failing))
        if form == "json":
            click.echo(json_text(mutation_data(results, at_least)))
        else:
            click.echo("\n".join(_lines(results)))
        show_findings(findings, "text")
        made = [case for result in results for case in result.made]
        if save is not None:
            with told(save, "The cases cannot be written"):
                write_all({save: cases_text(made).encode("utf-8")})
            say(f"{counted(len(made), 'case')} written: {save}. Give each the name of what it is about.")
    share = share_caught(results)
    if findings:
        say("A case that does not hold on the rule as it is notices nothing; correct those first.")
    # To the hundredth and downwards, so that no share is called what it is not quite.
    if share * 100 < at_least:
        say(f"{_percent(share)} caught; asked are {at_least:g} %.")
    if findings or share * 100 < at_least:
        raise SystemExit(FINDINGS)


def _refuse(save: Path) -> None:
    if not save.name.endswith(SUFFIX):
        message = f"'{save.name}' would be taken for no case file; its name ends in {SUFFIX}."
        raise click.BadParameter(message, param_hint="--save-cases")
    if save.exists():
        message = f"'{save}' is there already, and nothing of it is to be lost. Name a new file."
        raise click.BadParameter(message, param_hint="--save-cases")


def _lines(results: Sequence[RuleMutation]) -> Iterator[str]:
    for result in results:
        if result.survivors:
            yield from _survivors(result)
            yield ""
    apart = [(result.rule_id, one) for result in results for one in result.equivalent]
    if apart:
        yield heading("These change nothing, and are counted apart")
        for rule_id, one in apart:
            yield from wrapped(shown(f"{rule_id}: {_words(one.mutant)}"), 2)
            yield from wrapped(shown(f"{one.mutant.location.path}:{one.mutant.location.line}: {one.reason}"), 6)
        yield ""
    caught = sum(result.caught for result in results)
    survived = sum(len(result.survivors) for result in results)
    yield heading("Caught")
    yield from table(
        [
            ("rules", f"{len(results):,}"),
            ("mutants", f"{caught + survived + len(apart):,}"),
            ("caught", f"{caught:,} of {caught + survived:,}, {_percent(share_caught(results))}"),
            ("survived", f"{survived:,}"),
            ("change nothing", f"{len(apart):,}"),
        ]
    )


def _survivors(result: RuleMutation) -> Iterator[str]:
    place = f"{result.location.path}:{result.location.line}"
    yield heading(shown(f"{result.rule_id} ({place})"))
    missed = f"{result.caught} of {result.telling} mutants caught by {counted(result.cases, 'case')}"
    yield from wrapped(missed if result.cases else "It has no case of its own that holds.", 2)
    for number, made in enumerate(result.made):
        for survivor in result.survivors:
            if survivor.case == number:
                words = f"line {survivor.mutant.location.line}, {_words(survivor.mutant)}"
                yield from wrapped(shown(f"survives: {words}"), 4)
        yield "      would be caught by"
        yield from _case(made)


def _case(made: MadeCase) -> Iterator[str]:
    yield from (f"      {shown(line)}" for line in case_text(made).splitlines())


def _words(mutant: Mutant) -> str:
    return f"{mutant.kind}: {mutant.what}{f' -> {mutant.becomes}' if mutant.becomes else ''}"


def _percent(share: float) -> str:
    return f"{int(share * 10_000) / 100:.2f} %"
