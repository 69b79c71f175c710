"""`smartpick rules show`: everything about one rule."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path

import click

from smartpick_expert.authoring.catalogue import meant
from smartpick_expert.authoring.rule_page import RulePage, page_of, parameter_text
from smartpick_expert.cli.layout import heading, table, wrapped
from smartpick_expert.cli.options import as_of_option, day_of, workspace_option
from smartpick_expert.cli.output import reporting
from smartpick_expert.cli.rules.data import rule_page
from smartpick_expert.cli.served import served_root
from smartpick_expert.explain.wording import value_text
from smartpick_expert.knowledge.actions import Action
from smartpick_expert.knowledge.claims import Claim
from smartpick_expert.knowledge.evidence import Evidence
from smartpick_expert.knowledge.parameters import Parameter
from smartpick_expert.language.model import Kind, Rule, Status
from smartpick_expert.language.values import Slot
from smartpick_expert.language.vocabulary import Vocabulary
from smartpick_expert.workspace import load_workspace

_KINDS = {Kind.PERCEPTION: "what committees are said to think", Kind.MEASURED: "what figures or official texts show"}


@click.command()
@click.argument("rule_id", metavar="ID")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How it is printed.")
@as_of_option
@workspace_option
def show(rule_id: str, form: str, as_of: datetime | None, workspace: Path | None) -> None:
    """Show one rule: what it says, what it rests on, its cases, and the rules before and after it."""
    day = day_of(as_of)
    with reporting(form):
        loaded = load_workspace(served_root(workspace))
        rule = loaded.ruleset.get(rule_id)
        if rule is None:
            raise click.BadParameter(meant(rule_id, loaded), param_hint="ID")
        page = page_of(rule, loaded, day)
    if form == "json":
        click.echo(json.dumps(rule_page(page, day), indent=2, ensure_ascii=False))
        return
    click.echo("\n".join(_lines(page, day, loaded.vocabulary)))


def _lines(page: RulePage, day: date, vocabulary: Vocabulary) -> Iterator[str]:
    rule = page.rule
    yield heading(rule.id)
    yield from wrapped(rule.title)
    yield ""
    yield from table(_facts(rule, vocabulary))
    yield from _section("As written", _written(page))
    yield from _section("Said to the reader", wrapped(_unbroken(rule.because.source), 2))
    yield from _section("What it advises to do", _actions(page.actions))
    yield from _section("Why it is there", wrapped(rule.rationale, 2))
    yield from _section("Rests on", [*_claims(page.claims), *_evidence(page.evidence)])
    yield from _section("Warns against", _claims(page.warns_against))
    yield from _section(f"Parameters, as of {value_text(day)}", _parameters(page.parameters))
    yield from _section(f"Cases ({len(page.fires_in) + len(page.rests_in)})", _cases(page))
    yield from _section("What it reads is concluded by", _rules(page.suppliers))
    yield from _section("What it concludes is read by", _rules(page.users))


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    """A part of the page; one with nothing in it is left out."""
    shown = list(lines)
    if shown:
        yield ""
        yield heading(title)
        yield from shown


def _facts(rule: Rule, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    stages = vocabulary.types["applicant"].fields["stage"].values
    yield "kind", f"{rule.kind}: {_KINDS[rule.kind]}"
    yield "status", rule.status
    yield "topic", rule.topic
    yield (
        "owner",
        f"{rule.owner}, to review it by {value_text(rule.review_by)}" if rule.review_by else rule.owner,
    )
    yield "speaks to", " and ".join(rule.audience)
    yield "stages", ", ".join(stages.get(stage, stage) for stage in rule.stages) or "every stage"
    yield "valid", _period(rule)
    if rule.formerly:
        yield "formerly", ", ".join(rule.formerly)
    yield "stands in", f"{rule.location.path}:{rule.location.line}"


def _period(rule: Rule) -> str:
    start = f"from {value_text(rule.valid_from)}" if rule.valid_from else ""
    end = f"to {value_text(rule.valid_to)}" if rule.valid_to else ""
    return " ".join(filter(None, (start, end))) or "always"


def _unbroken(because: str) -> str:
    """A `because` text in which no name is torn apart at the end of a line."""
    return because.replace("{{ ", "{{").replace(" }}", "}}")


def _written(page: RulePage) -> Iterator[str]:
    """The author's own lines are not wrapped: how they stand is part of what they say. One line may hold all of a rule."""
    for text in dict.fromkeys((page.when, page.then)):
        yield from (f"  {line}".rstrip() for line in text.splitlines())


def _claims(claims: tuple[Claim, ...]) -> Iterator[str]:
    for claim in claims:
        yield from wrapped(f"claim {claim.id} ({claim.standing.replace('_', ' ')}), under “{claim.section}”", 2)
        yield from wrapped(claim.says, 4)
        yield from wrapped(claim.note, 4)


def _evidence(entries: tuple[Evidence, ...]) -> Iterator[str]:
    for entry in entries:
        yield from wrapped(f"evidence {entry.id} (known by: {entry.known_by}; confidence: {entry.confidence})", 2)
        yield from wrapped(entry.finding, 4)
        yield from wrapped(f"{entry.citation}.", 4)


def _actions(actions: tuple[Action, ...]) -> Iterator[str]:
    for action in actions:
        yield from wrapped(f"action {action.name}: {action.title}", 2)
        yield from wrapped(action.do, 4)
        yield from wrapped(f"Done when: {action.done_when}", 4)


def _parameters(parameters: tuple[tuple[Parameter, Slot], ...]) -> Iterator[str]:
    for parameter, value in parameters:
        yield from wrapped(f"{parameter.name}: {parameter_text(parameter, value)}", 2)
        yield from wrapped(f"{parameter.meaning} Basis: {parameter.basis}. Source: {parameter.source}", 4)


def _cases(page: RulePage) -> Iterator[str]:
    if not page.fires_in and not page.rests_in:
        yield "  none yet"
    for word, cases in (("fires", page.fires_in), ("does not fire", page.rests_in)):
        for case in cases:
            whole = " (a whole profile)" if case.whole else ""
            place = f"{case.location.path}:{case.location.line}"
            yield from table([(f"{word:<13}", f"{case.name}{whole}, {place}")])


def _rules(rules: tuple[Rule, ...]) -> Iterator[str]:
    return table(
        (rule.id, rule.title if rule.status is Status.STABLE else f"{rule.title} ({rule.status})") for rule in rules
    )
