"""The table of claims as text: what the article says, section by section, and the rules that take each claim up."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from smartpick_expert.authoring.catalogue import Coverage, Uptake, by_standing, by_uptake
from smartpick_expert.cli.layout import counted, heading, wrapped

_INDENT = 4
_UPTAKE = {
    Uptake.CARRIED: "carried by a rule",
    Uptake.WARNED_AGAINST: "only warned against",
    Uptake.NO_RULE: "on purpose without a rule",
}


def claim_lines(rows: tuple[Coverage, ...], *, whole: bool) -> Iterator[str]:
    """The lines of the table. The whole of it ends in saying whether any claim was forgotten; a part has notes too."""
    for section, members in groupby(rows, lambda row: row.claim.section):
        yield heading(section)
        for row in members:
            yield from wrapped(f"{row.claim.id} ({_words(row.claim.standing)})", 2)
            yield from wrapped(row.claim.says, _INDENT)
            yield from wrapped("" if whole else row.claim.note, _INDENT)
            yield from _rules(row)
        yield ""
    if rows:
        yield from _counts(rows, whole=whole)


def _rules(row: Coverage) -> Iterator[str]:
    if row.carried_by:
        yield from wrapped("carried by: " + ", ".join(rule.id for rule in row.carried_by), _INDENT)
    if row.warned_against_by:
        yield from wrapped("warned against by: " + ", ".join(rule.id for rule in row.warned_against_by), _INDENT)
    if row.claim.no_rule:
        yield from wrapped(f"no rule: {row.claim.no_rule}", _INDENT)
    if row.uptake is Uptake.HOLE:
        yield from wrapped("NO RULE, and no reason given", _INDENT)


def _counts(rows: tuple[Coverage, ...], *, whole: bool) -> Iterator[str]:
    standings = ", ".join(f"{number} {_words(standing)}" for standing, number in by_standing(rows).items())
    uptakes = by_uptake(rows)
    yield from wrapped(f"{counted(len(rows), 'claim')}: {standings}.")
    yield from wrapped(", ".join(f"{uptakes[uptake]} {words}" for uptake, words in _UPTAKE.items()) + ".")
    holes = [row.claim.id for row in rows if row.uptake is Uptake.HOLE]
    if holes:
        yield from wrapped(f"{counted(len(holes), 'hole')}: {', '.join(holes)}.")
    elif whole:
        yield f"{counted(len(rows), 'claim')}, no hole."


def _words(name: str) -> str:
    return name.replace("_", " ")
