"""Measures how fast the engines are and writes docs/performance.md; see there what is measured."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

import click

from tests.bench import comparisons, page, processes
from tests.bench.authoring import authoring
from tests.bench.chances import reckonings
from tests.bench.choosing import choices
from tests.bench.documents import documents, many
from tests.bench.engines import CLIPS, DURABLE, EXPERTA, MODULES, is_here
from tests.bench.explaining import explaining
from tests.bench.machine import machine
from tests.bench.measure import ROUND_SECONDS
from tests.bench.screening import screenings

STARTED = perf_counter()


def short(pace: float) -> dict[str, Any]:
    """Everything that fits into ten minutes. A pace below 1 makes all of it shorter, and less exact."""
    say("starting")
    cold_start = processes.cold_start(max(3, round(15 * pace)))
    say("loading")
    loading = processes.loading(cold_start["imports"]["cpu"])
    say("rule bases")
    rule_bases = comparisons.rule_bases(20 * pace)
    say("thresholds")
    threshold_set = comparisons.threshold_set(10 * pace)
    say("the naive evaluation")
    naive = comparisons.naive_rule_bases(6 * pace, ("shipped", "100", "500"))
    say("growth with facts")
    growth_with_facts = comparisons.growth_with_facts(6 * pace)
    say("memory")
    endurance = processes.endurance(10_000, 20 * pace)
    return {
        **_when_and_where(),
        "round_milliseconds": round(ROUND_SECONDS * 1e3),
        "cold_start": cold_start,
        "loading": loading,
        "rule_bases": rule_bases,
        "thresholds": threshold_set,
        "naive": naive,
        "growth_with_facts": growth_with_facts,
        "endurance": endurance,
    }


def long(pace: float) -> dict[str, Any]:
    """What takes longer than anybody waits for."""
    say("memory over 100,000 consultations")
    endurance = processes.endurance(round(100_000 * pace), 3_600)
    say("the naive evaluation on 2,000 rules")
    return {**_when_and_where(), "endurance": endurance, "naive": comparisons.naive_rule_bases(60 * pace, ("2000",))}


def explained(pace: float) -> dict[str, Any]:
    """What explaining takes; it is quick, and kept with its own date."""
    say("explaining")
    return {**_when_and_where(), "rows": explaining(30 * pace)}


def laid_out(pace: float) -> dict[str, Any]:
    """What documents take in each format, kept with its own date."""
    say("documents")
    return {**_when_and_where(), "many": many(), "rows": documents(60 * pace)}


def screened() -> dict[str, Any]:
    """What screening catalogues takes, and the chances on top of it, kept with its own date."""
    say("screening")
    return {**_when_and_where(), "rows": screenings(), "chances": reckonings()}


def chosen() -> dict[str, Any]:
    """What choosing a list takes, kept with its own date."""
    say("choosing lists")
    return {**_when_and_where(), "rows": choices()}


def authored(pace: float) -> dict[str, Any]:
    """What changing the rules takes, kept with its own date."""
    say("authoring")
    return {**_when_and_where(), "rows": authoring(pace)}


def _when_and_where() -> dict[str, Any]:
    return {"date": datetime.now(UTC).date().isoformat(), "machine": machine()}


def only(name: str, seconds: float) -> None:
    """Print one comparison."""
    (row,) = comparisons.rule_bases(seconds, [name])
    click.echo(
        f"{row['subject']}: {row['rules']} rules, {row['strata']} strata, {row['facts']} facts, {row['firings']:.0f} firings"
    )
    for engine, one in row["engines"].items():
        times = f"x CLIPS {one['times'][CLIPS]:6.2f}" if CLIPS in one["times"] else ""
        click.echo(
            f"  {engine:30} {one['micros']:10,.0f} us  (wall {one['wall']:10,.0f}, least {one['least']:10,.0f}, "
            f"spread {one['spread']:4.0%})  {one['a_firing']:8,.1f} us/firing  {times}"
        )


def say(what: str) -> None:
    """Tell what is being measured."""
    click.echo(f"{perf_counter() - STARTED:5.0f} s  {what}", err=True)


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--long", action="store_true", help="measure what takes longer, and keep it with its date")
    parser.add_argument(
        "--only", metavar="RULES", help="print one comparison: 'shipped', or a number of generated rules"
    )
    parser.add_argument("--explaining", action="store_true", help="measure what explaining takes, and nothing else")
    parser.add_argument("--documents", action="store_true", help="measure what documents take, and nothing else")
    parser.add_argument("--screening", action="store_true", help="measure what screening takes, and nothing else")
    parser.add_argument("--choosing", action="store_true", help="measure what choosing lists takes, and nothing else")
    parser.add_argument("--authoring", action="store_true", help="measure what changing rules takes, and nothing else")
    parser.add_argument("--page", action="store_true", help="write the page anew from the figures that are kept")
    parser.add_argument("--pace", type=float, default=1, help="how much of the usual time to take (1)")
    arguments = parser.parse_args()
    for name in (DURABLE, CLIPS, EXPERTA):
        if not is_here(name):
            say(f"{name} is left out: the module {MODULES[name]} is not installed (pip install -e '.[bench]')")
    if arguments.only:
        only(arguments.only, 10 * arguments.pace)
    elif arguments.explaining:
        page.write(page.keep("explaining", explained(arguments.pace)))
    elif arguments.documents:
        page.write(page.keep("documents", laid_out(arguments.pace)))
    elif arguments.screening:
        page.write(page.keep("screening", screened()))
    elif arguments.choosing:
        page.write(page.keep("choosing", chosen()))
    elif arguments.authoring:
        page.write(page.keep("authoring", authored(arguments.pace)))
    elif arguments.page:
        page.write(page.known())
    else:
        part = long if arguments.long else short
        figures = page.keep(part.__name__, part(arguments.pace))
        figures = figures if arguments.long else page.keep("screening", screened())
        figures = figures if arguments.long else page.keep("choosing", chosen())
        figures = figures if arguments.long else page.keep("documents", laid_out(arguments.pace))
        figures = figures if arguments.long else page.keep("authoring", authored(arguments.pace))
        page.write(figures if arguments.long else page.keep("explaining", explained(arguments.pace)))


main()
