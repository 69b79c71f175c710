"""`smartpick rules list`: the rules by topic, the claims of the article with their rules, or the actions with their figures."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path

import click

from smartpick_expert.authoring.action_table import action_table
from smartpick_expert.authoring.catalogue import Count, Wanted, WantedClaims, counts, coverage
from smartpick_expert.authoring.search import holds
from smartpick_expert.cli.layout import counted, heading, table, wrapped
from smartpick_expert.cli.options import as_of_option, day_of, workspace_option
from smartpick_expert.cli.output import reporting, say
from smartpick_expert.cli.rules.actions import action_lines
from smartpick_expert.cli.rules.claims import claim_lines
from smartpick_expert.cli.rules.data import Data, claim_table, rule_list
from smartpick_expert.cli.rules.data import action_table as action_data
from smartpick_expert.cli.served import served_root
from smartpick_expert.diagnostics import nearest
from smartpick_expert.knowledge.claims import Standing
from smartpick_expert.language.model import CLAIM, EVIDENCE, Kind, Rule, Status
from smartpick_expert.language.values import shorten
from smartpick_expert.workspace import load_workspace


@click.command("list")
@click.option("--topic", default="", help="Rules of a topic.")
@click.option("--kind", type=click.Choice([str(kind) for kind in Kind]), default=None, help="Rules of a kind.")
@click.option(
    "--status", type=click.Choice([str(status) for status in Status]), default=None, help="Rules of a status."
)
@click.option("--claim", default="", help="Rules that carry a claim, or warn against it.")
@click.option("--evidence", default="", help="Rules that cite an entry of the evidence.")
@click.option(
    "--search",
    "words",
    default="",
    help="Rules, or claims, that speak of all these words, or of what begins with them.",
)
@click.option("--counts", "only_counts", is_flag=True, help="Only how many there are, by topic and kind.")
@click.option("--claims", is_flag=True, help="The claims of the article instead, each with its rules.")
@click.option("--actions", is_flag=True, help="The actions instead, each with what its figures rest on.")
@click.option(
    "--section", default="", help="With --claims: those of a section of the article, named by words of its title."
)
@click.option(
    "--standing",
    type=click.Choice([str(standing) for standing in Standing]),
    default=None,
    help="With --claims: those that stand so against the evidence.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How it is printed.")
@as_of_option
@workspace_option
def list_(
    topic: str,
    kind: str | None,
    status: str | None,
    claim: str,
    evidence: str,
    words: str,
    only_counts: bool,
    claims: bool,
    actions: bool,
    section: str,
    standing: str | None,
    form: str,
    as_of: datetime | None,
    workspace: Path | None,
) -> None:
    """List the rules by topic; with --claims, what became of each claim of the article; with --actions, what there is to do."""
    if claims and (topic or kind or status or claim or evidence or only_counts or actions):
        raise click.UsageError("--claims lists claims, and goes with --search, --section and --standing alone.")
    if actions and (topic or kind or status or claim or evidence or only_counts):
        raise click.UsageError("--actions lists actions, and goes with --search and --as-of alone.")
    if as_of is not None and not actions:
        raise click.UsageError("--as-of goes with --actions, whose fees and days change by season.")
    if (section or standing) and not claims:
        raise click.UsageError("--section and --standing are of claims, and go with --claims.")
    with reporting(form):
        loaded = load_workspace(served_root(workspace))
    known_claims = loaded.knowledge.claims
    if claims:
        _check_section(section, dict.fromkeys(one.section for one in known_claims.values()))
        wanted_claims = WantedClaims(words, section, standing or "")
        rows = coverage(loaded, wanted_claims)
        whole = wanted_claims == WantedClaims()
        _show(form, claim_table(rows), claim_lines(rows, whole=whole), "There is no such claim.")
        return
    if actions:
        found_actions = action_table(loaded, day_of(as_of), words)
        _show(form, action_data(found_actions), action_lines(found_actions), "There is no such action.")
        return
    wanted = Wanted(
        _known(topic, {rule.topic for rule in loaded.ruleset.rules}, "--topic", "smartpick rules list --counts"),
        kind or "",
        status or "",
        _known(claim.removeprefix(CLAIM), known_claims, "--claim", "smartpick rules list --claims"),
        _known(
            evidence.removeprefix(EVIDENCE), loaded.knowledge.evidence, "--evidence", "the files in knowledge/evidence"
        ),
        words,
    )
    found = tuple(rule for rule in loaded.ruleset.rules if wanted.matches(rule, known_claims))
    lines = _count_lines(counts(found)) if only_counts else _rule_lines(found)
    _show(form, rule_list(found), lines, "There is no such rule.")


def _known(name: str, known: Iterable[str], option: str, everything: str) -> str:
    """The name, where it is one of those known; else the nearest is named, and where all of them are found."""
    names = set(known)
    if name and name not in names:
        near = nearest(name, names)
        message = f"There is no '{shorten(name)}'. {near} All of them: {everything}".replace("  ", " ")
        raise click.BadParameter(message, param_hint=option)
    return name


def _check_section(section: str, known: Iterable[str]) -> None:
    """Some section is named by the words; else all of them are shown."""
    sections = list(known)
    if not any(holds(section, (title,)) for title in sections):
        titles = "; ".join(sections)
        message = f"No section's title holds '{shorten(section)}'. Sections: {titles}."
        raise click.BadParameter(message, param_hint="--section")


def _show(form: str, data: Data, lines: Iterable[str], nothing: str) -> None:
    """Print what was found: as JSON, or in lines; or say that it is nothing."""
    if form == "json":
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
    elif text := "\n".join(lines):
        click.echo(text)
    else:
        say(nothing)


def _rule_lines(rules: tuple[Rule, ...]) -> Iterator[str]:
    for topic, members in groupby(sorted(rules, key=lambda rule: (rule.topic, rule.id)), lambda rule: rule.topic):
        yield heading(topic)
        yield from table((rule.kind, rule.status, rule.id, rule.title) for rule in members)
        yield ""
    if rules:
        kinds = Counter(str(rule.kind) for rule in rules)
        statuses = Counter(str(rule.status) for rule in rules)
        topics = counted(len({rule.topic for rule in rules}), "topic")
        numbers = f"{_numbers(Kind, kinds)}; {_numbers(Status, statuses)}"
        yield from wrapped(f"{counted(len(rules), 'rule')} in {topics}: {numbers}.")


def _numbers(words: Iterable[str], found: Counter[str]) -> str:
    return ", ".join(f"{found[word]} {word}" for word in words if found[word])


def _count_lines(found: tuple[Count, ...]) -> Iterator[str]:
    if not found:
        return
    total = Count("all topics", sum(c.perception for c in found), sum(c.measured for c in found))
    longest = max(len(c.topic) for c in (*found, total))
    widest = max(len("all"), len(f"{total.all:,}"))
    yield heading(f"{'topic':<{longest}}  perception  measured  {'all':>{widest}}")
    for count in (*found, total):
        yield f"{count.topic:<{longest}}  {count.perception:>10,}  {count.measured:>8,}  {count.all:>{widest},}"
