"""An impact as one page of HTML that needs nothing else: to be read on a screen, light or dark, and on paper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from smartpick_expert.authoring.changes_text import change_lines
from smartpick_expert.authoring.impact import Fate, Outcome
from smartpick_expert.authoring.impact_summary import Impact
from smartpick_expert.authoring.impact_text import (
    bucket_text,
    caveat,
    fate_lines,
    headline,
    name_of,
    person_nodes,
    side_problems,
    tally_text,
    through_text,
)
from smartpick_expert.diagnostics import Diagnostic
from smartpick_expert.explain.difference import Part
from smartpick_expert.explain.tree import Node
from smartpick_expert.report.render import environment
from smartpick_expert.version import VERSION
from smartpick_expert.workspace import shipped_root

_TEMPLATE = "impact.html.j2"
# So many rows has a table of the summary; what follows it has everything, person by person.
_ROWS = 15


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person whose advice moves, ready to be placed. `counts` says in short what moves."""

    anchor: str
    name: str
    bucket: str
    is_turned: bool
    counts: str
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class UnadvisedView:
    """A person who cannot be advised by one side or both, with the findings, each with the side that has it."""

    name: str
    problems: tuple[tuple[str, Diagnostic], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: what, in whose words, and what of it."""

    name: str
    title: str
    what: str
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """The first rows of a table, and how many more there are."""

    first: tuple[Row, ...]
    more: int


@dataclass(frozen=True, slots=True)
class ImpactView:
    """The page, ready to be placed."""

    old: str
    new: str
    whom: str
    as_of: str
    headline: str
    fates: tuple[str, ...]
    caveat: str
    changes: tuple[str, ...]
    turns: tuple[tuple[str, str, int], ...]
    stays: tuple[tuple[str, int], ...]
    actions: Rows
    statements: Rows
    rules: Rows
    people: tuple[PersonView, ...]
    unadvised: tuple[UnadvisedView, ...]
    version: str


def impact_page(impact: Impact, root: Path, *, full: bool = False) -> str:
    """The page, by the template of a workspace; by the one that the program ships where it has none."""
    own = root / "reports"
    reports = own if (own / _TEMPLATE).is_file() else shipped_root() / "reports"
    template = environment(reports, "html").get_template(_TEMPLATE)
    return template.render(view=view_of(impact, full=full))


def view_of(impact: Impact, *, full: bool = False) -> ImpactView:
    """What the page shows."""
    shown = impact.of(Fate.MOVED, Fate.AROUND)
    return ImpactView(
        old=impact.old,
        new=impact.new,
        whom=impact.whom,
        as_of=impact.as_of,
        headline=headline(impact),
        fates=tuple(fate_lines(impact)),
        caveat=caveat(impact),
        changes=tuple(change_lines(impact.changes)),
        turns=tuple((turn.before, turn.after, turn.people) for turn in impact.turned),
        stays=tuple((turn.before, turn.people) for turn in impact.turns if turn.before == turn.after),
        actions=_rows(Row(one.name, one.title, tally_text(one)) for one in impact.actions),
        statements=_rows(Row(one.name, one.title, tally_text(one)) for one in impact.statements),
        rules=_rows(Row(one.rule, one.title, through_text(one), one.is_changed) for one in impact.through),
        people=tuple(_person(number, one, full=full) for number, one in enumerate(shown, start=1)),
        unadvised=tuple(
            UnadvisedView(name_of(one), side_problems(one)) for one in impact.of(Fate.LOST, Fate.GAINED, Fate.NEITHER)
        ),
        version=VERSION,
    )


def _rows(several: Iterable[Row]) -> Rows:
    everything = tuple(several)
    return Rows(everything[:_ROWS], max(0, len(everything) - _ROWS))


def _person(number: int, outcome: Outcome, *, full: bool) -> PersonView:
    return PersonView(
        anchor=f"person-{number}",
        name=name_of(outcome),
        bucket=bucket_text(outcome),
        is_turned=outcome.before.bucket != outcome.after.bucket,
        counts=counts_text(outcome),
        nodes=tuple(person_nodes(outcome, full=full)),
    )


def counts_text(outcome: Outcome) -> str:
    """How much moves: `3 reasons and filters, 2 actions, 1 statement`."""
    words = {Part.WEIGHED: ("reason or filter", "reasons and filters"), Part.ACTIONS: ("action", "actions")}
    words[Part.STATEMENTS] = ("statement", "statements")
    counts = {part: len(outcome.difference.of(part)) for part in words}
    said = [f"{count} {words[part][count != 1]}" for part, count in counts.items() if count]
    return ", ".join(said) or "what stands around it"
