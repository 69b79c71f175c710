"""An impact in words: first the whole of it, to be approved; then every person whose advice moves, statement by statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from smartpick_expert.audit.versions import Things
from smartpick_expert.authoring.changes import TEMPLATES
from smartpick_expert.authoring.changes_text import change_lines
from smartpick_expert.authoring.impact import SAID, Around, Fate, Outcome
from smartpick_expert.authoring.impact_summary import Impact, Tally, Through
from smartpick_expert.diagnostics import Diagnostic
from smartpick_expert.explain.difference import Difference, Part
from smartpick_expert.explain.difference_text import difference_nodes
from smartpick_expert.explain.tree import Node

# So many actions, statements and rules stand in the summary; the people below and the JSON have them all.
MOST = 10
_TOLD = (Part.BUCKET, Part.WEIGHED, Part.ACTIONS, Part.STATEMENTS)


def headline(impact: Impact) -> str:
    """The whole of it in one sentence."""
    moved, people = impact.fates[Fate.MOVED], impact.people
    if not moved:
        lost = impact.fates[Fate.LOST] + impact.fates[Fate.GAINED]
        return (
            "Nobody's advice would say anything else."
            if not lost
            else "No advice that is given by both would say anything else."
        )
    turned = sum(turn.people for turn in impact.turned)
    sorting = f"{turned} of them would be sorted otherwise" if turned else "nobody would be sorted otherwise"
    return f"The advice of {moved:,} of {people:,} {_people(people)} would say something else; {sorting}."


def fate_lines(impact: Impact) -> list[str]:
    """What becomes of the others."""
    words = {
        Fate.AROUND: "would be told the same, with something else around it (a title, a standing, how an action is described)",
        Fate.BENEATH: "would be told the same, word for word, though other rules fire or other facts are at hand beneath",
        Fate.UNTOUCHED: "would be told the same, word for word, by the same rules",
        Fate.LOST: "would be given no advice any more",
        Fate.GAINED: "would be given advice, and are given none now",
        Fate.NEITHER: "can be advised by neither, so nothing can be said of them",
    }
    return [f"{impact.fates[fate]:,} {text}" for fate, text in words.items() if impact.fates[fate]]


def caveat(impact: Impact) -> str:
    """What was changed and is not compared person by person; empty where nothing of that kind was."""
    kinds = {TEMPLATES: "the templates", "claims": "claims", "evidence": "evidence"}
    changed = [words for kind, words in kinds.items() if impact.changes.of(kind) != Things(kind)]
    if not changed:
        return ""
    return f"Not compared here: how {' and '.join(changed)} word what stands around the statements. Look at an advice for that."


def summary_nodes(impact: Impact) -> list[Node]:
    """The summary, as trees."""
    return list(_summary(impact))


def _summary(impact: Impact) -> Iterator[Node]:
    yield Node(("What was changed",), _leaves(change_lines(impact.changes) or ["nothing that an advice is made from"]))
    yield Node((headline(impact),), _leaves([*fate_lines(impact), *filter(None, [caveat(impact)])]))
    if impact.turned:
        turns = (f"{turn.people:,}: {turn.before} → {turn.after}" for turn in impact.turned)
        yield Node(("Sorted otherwise",), _leaves(turns))
    for heading, tallies in (
        ("Actions", impact.actions),
        ("Statements, by the rule that makes them", impact.statements),
    ):
        if tallies:
            yield Node((heading,), _leaves(_most(tallies)))
    if impact.through:
        yield Node(("The rules through which it moves",), _leaves(_rules(impact.through)))


def tally_text(tally: Tally) -> str:
    """For how many people a thing comes, goes, or is said otherwise."""
    ways = {"comes for": tally.comes, "goes for": tally.goes, "is said otherwise for": tally.otherwise}
    return ", ".join(f"{way} {count:,}" for way, count in ways.items() if count)


def through_text(row: Through) -> str:
    """What a rule has to do with it."""
    fires = (
        f"fires {row.before:,} → {row.after:,} times"
        if row.before != row.after
        else f"fires {row.after:,} times, as before"
    )
    people = f"moves {row.people:,} {_people(row.people)}; " if row.people else ""
    return f"{people}{fires}"


def _most(tallies: tuple[Tally, ...]) -> Iterator[str]:
    for tally in tallies[:MOST]:
        yield f"{_name(tally)}: {tally_text(tally)}"
    if len(tallies) > MOST:
        yield f"and {len(tallies) - MOST} more"


def _name(tally: Tally) -> str:
    return tally.title if tally.title == tally.name or "[" in tally.name else f"{tally.name}, {tally.title}"


def _rules(rows: tuple[Through, ...]) -> Iterator[str]:
    changed = [row for row in rows if row.is_changed]
    follow = [row for row in rows if not row.is_changed]
    for words, several in (("changed, or reads a number that was", changed), ("follows", follow)):
        for row in several[:MOST]:
            yield f"{row.rule} ({words}): {through_text(row)}"
        if len(several) > MOST:
            yield f"and {len(several) - MOST} more"


def person_nodes(outcome: Outcome, *, full: bool) -> list[Node]:
    """What moves for one person."""
    nodes = difference_nodes(_shown(outcome.difference, full=full), full=True)
    if outcome.told is not None:
        heading = "In what the applicant is given, made without what is kept for the advisor"
        nodes.append(Node((heading,), tuple(difference_nodes(_shown(outcome.told, full=full), full=True))))
    if outcome.around:
        nodes.append(Node(("Around it",), _leaves(around_text(one) for one in outcome.around)))
    return nodes


def name_of(outcome: Outcome) -> str:
    """A person's label, with the name of the profile."""
    return f"{outcome.label} ({outcome.person})" if outcome.label else outcome.person


def bucket_text(outcome: Outcome) -> str:
    """How the person is sorted, by one or by both."""
    before, after = outcome.before.bucket, outcome.after.bucket
    return f"{before}, as before" if before == after else f"{before} → {after}"


def around_text(one: Around) -> str:
    """What stands otherwise around a statement or an action."""
    if not (one.before or one.after):
        return f"{one.of}: its {one.what} is another"
    return f"{one.of}: {one.what} {one.before or 'none'} → {one.after or 'none'}"


def side_problems(outcome: Outcome) -> tuple[tuple[str, Diagnostic], ...]:
    """Why a person cannot be advised, with whether that is so by the old, the new, or both alike."""
    old, new = outcome.before.problems, outcome.after.problems
    if old == new:
        return tuple(("by both", one) for one in old)
    return (*(("by the old", one) for one in old), *(("by the new", one) for one in new))


def _shown(found: Difference, *, full: bool) -> Difference:
    """What a person is told of; in full also what lies beneath. Parameters are the same for everybody, and stand at the top."""
    parts = (*SAID, Part.GIVEN, Part.RULES) if full else _TOLD
    return replace(found, changes=tuple(one for one in found.changes if one.part in parts))


def _leaves(lines: Iterable[str]) -> tuple[Node, ...]:
    return tuple(Node((line,)) for line in lines)


def _people(count: int) -> str:
    return "person" if count == 1 else "people"
