"""What the letter to the applicant holds: chosen from the view that the report is made of, so that it says nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Final

from smartpick_expert.knowledge.phrasing import StandingWords
from smartpick_expert.report.advised_model import AdvisedAction
from smartpick_expert.report.budget import fitting, words_in
from smartpick_expert.report.drawings.model import CalendarView
from smartpick_expert.report.layout import Budget
from smartpick_expert.report.otherwise_model import DecidingView, FragileView
from smartpick_expert.report.statements import Statement
from smartpick_expert.report.view_model import Citation, Reason, View

# What could change the advice: an answer to something unknown, or something the profile says that is otherwise.
Change = DecidingView | FragileView
# What a paragraph on a list in numbers comes to.
_WORDS_OF_NUMBERS: Final = 50
# What the room comes to that the small calendar takes.
_WORDS_OF_DRAWING: Final = 90
_Entry = CalendarView | Reason | AdvisedAction | DecidingView | FragileView


@dataclass(frozen=True, slots=True)
class LetterView:
    """The letter: what speaks for a file and against it, what to do first, and what could change the advice.

    `calendar` is the season with the steps that stand in the letter, None where there is no room for it or nothing to show.
    `more_actions` are those that the report has besides, and `more_changes` what else would change the sorting. `standings` say how far
    to rely on each kind of statement in it, and `looked_up` from when to when the sources of these were
    looked up (empty where none is cited).
    """

    strengths: tuple[Reason, ...]
    risks: tuple[Reason, ...]
    actions: tuple[AdvisedAction, ...]
    more_actions: int
    answers: tuple[DecidingView, ...]
    fragile: tuple[FragileView, ...]
    more_changes: int
    standings: tuple[StandingWords, ...]
    looked_up: tuple[date, ...]
    calendar: CalendarView | None = None

    def cited_by(self, statement: Statement, view: View) -> tuple[Citation, ...]:
        """The sources of a measured statement."""
        return _cited_by(statement, view)


def letter_view(view: View, budget: Budget) -> LetterView:
    """The letter's part of an applicant's view, within a budget."""
    answers = tuple(one for one in view.deciding if any(turn.buckets for turn in one.turns))
    fragile = tuple(one for one in view.fragile if one.turns_bucket)
    drawn = view.drawings.calendar
    parts: dict[str, tuple[_Entry, ...]] = {
        "drawing": (drawn,) if drawn is not None and _with_steps(drawn, view.actions[: budget.most["actions"]]) else (),
        "strengths": tuple(reason for reason in view.weighed if reason.side == "for"),
        "risks": tuple(reason for reason in view.weighed if reason.side == "against"),
        "actions": view.actions,
        "changes": (*answers, *fragile),
    }
    kept = fitting(parts, budget, partial(_words, view=view), _standing_there(parts, view, budget))
    reasons = {name: tuple(one for one in kept[name] if isinstance(one, Reason)) for name in ("strengths", "risks")}
    actions = tuple(one for one in kept["actions"] if isinstance(one, AdvisedAction))
    statements = [
        *view.headline,
        *(reason.statement for several in reasons.values() for reason in several),
        *(one.reasons[0] for one in actions),
    ]
    return LetterView(
        **reasons,
        actions=actions,
        more_actions=len(view.actions) - len(actions),
        answers=tuple(one for one in kept["changes"] if isinstance(one, DecidingView)),
        fragile=tuple(one for one in kept["changes"] if isinstance(one, FragileView)),
        more_changes=len(parts["changes"]) - len(kept["changes"]),
        standings=_standings(statements, view),
        looked_up=_looked_up(statements, view),
        calendar=_with_steps(drawn, actions) if drawn is not None and kept["drawing"] else None,
    )


def _with_steps(drawn: CalendarView, actions: Iterable[AdvisedAction]) -> CalendarView | None:
    """The calendar with these steps alone, and the days of it that a letter has; None where one of the two is missing."""
    steps = {one.name: one for one in drawn.steps}
    shown = tuple(steps[one.action.name] for one in actions if one.action.name in steps)
    days = tuple(one for one in drawn.days if one.letter and not one.over)
    return replace(drawn, steps=shown, days=days) if shown and days else None


def _cited_by(statement: Statement, view: View) -> tuple[Citation, ...]:
    return tuple(one for one in view.citations if one.id in statement.origin.sources and one.kind == "evidence")


def _words(entry: _Entry, view: View) -> int:
    """How many words an entry comes to, with the line that says what it is known from."""
    if isinstance(entry, CalendarView):
        return _WORDS_OF_DRAWING
    if isinstance(entry, Reason):
        return words_in(entry.statement.title, entry.statement.text, _source(entry.statement, view))
    if isinstance(entry, AdvisedAction):
        reason = entry.reasons[0]
        return words_in(entry.action.title, entry.action.do, reason.title, _source(reason, view))
    turn = next(turn for turn in entry.turns if turn.buckets)
    return words_in(entry.meaning, *turn.values, *turn.buckets)


def _standing_there(parts: Mapping[str, tuple[_Entry, ...]], view: View, budget: Budget) -> int:
    """How many words the letter has besides its parts: the headline, the numbers of a list, how far to rely on what, the office's own."""
    entries = [one for name, several in parts.items() for one in several[: budget.most.get(name, 0)]]
    said = [
        *(one.statement for one in entries if isinstance(one, Reason)),
        *(one.reasons[0] for one in entries if isinstance(one, AdvisedAction)),
    ]
    hedges = (text for one in _standings([*view.headline, *said], view) for text in (one.verb, one.hedge))
    numbers = len(view.programs) + (view.program_list is not None or view.costs is not None)
    headline = (one.text for one in view.headline)
    return words_in(*headline, *hedges, *view.house.closing) + numbers * _WORDS_OF_NUMBERS


def _source(statement: Statement, view: View) -> str:
    return next((one.reference for one in _cited_by(statement, view)), "")


def _standings(statements: Iterable[Statement], view: View) -> tuple[StandingWords, ...]:
    """The words of the standings that occur, in the order of the table."""
    occurring = {statement.standing for statement in statements}
    return tuple(words for name, words in view.phrasing.standings.items() if name in occurring)


def _looked_up(statements: Iterable[Statement], view: View) -> tuple[date, ...]:
    cited = {source for statement in statements for source in statement.origin.sources}
    days = sorted({one.looked_up for one in view.citations if one.looked_up is not None and one.id in cited})
    return (days[0], days[-1]) if days else ()
