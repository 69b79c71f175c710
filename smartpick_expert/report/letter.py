"""What the letter to the applicant holds: chosen from the view that the report is made of, so that it says nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from smartpick_expert.knowledge.phrasing import StandingWords
from smartpick_expert.report.budget import fitting, words_in
from smartpick_expert.report.layout import Budget
from smartpick_expert.report.otherwise_model import DecidingView, FragileView
from smartpick_expert.report.statements import Statement
from smartpick_expert.report.view_model import AdvisedAction, Citation, Reason, View

# What could change the advice: an answer to something unknown, or something the profile says that is otherwise.
Change = DecidingView | FragileView
_Entry = Reason | AdvisedAction | DecidingView | FragileView


@dataclass(frozen=True, slots=True)
class LetterView:
    """The letter: what speaks for a file and against it, what to do first, and what could change the advice.

    `more_actions` are those that the report has besides. `standings` say how far to rely on each kind of statement in it, and
    `looked_up` from when to when the sources of these were looked up (empty where none is cited).
    """

    strengths: tuple[Reason, ...]
    risks: tuple[Reason, ...]
    actions: tuple[AdvisedAction, ...]
    more_actions: int
    answers: tuple[DecidingView, ...]
    fragile: tuple[FragileView, ...]
    standings: tuple[StandingWords, ...]
    looked_up: tuple[date, ...]

    def cited_by(self, statement: Statement, view: View) -> tuple[Citation, ...]:
        """The sources of a measured statement."""
        return tuple(one for one in view.citations if one.id in statement.origin.sources and one.kind == "evidence")


def letter_view(view: View, budget: Budget) -> LetterView:
    """The letter's part of an applicant's view, within a budget."""
    answers = tuple(one for one in view.deciding if any(turn.buckets for turn in one.turns))
    fragile = tuple(one for one in view.fragile if one.turns_bucket)
    parts: dict[str, tuple[_Entry, ...]] = {
        "strengths": tuple(reason for reason in view.weighed if reason.side == "for"),
        "risks": tuple(reason for reason in view.weighed if reason.side == "against"),
        "actions": view.actions,
        "changes": (*answers, *fragile),
    }
    kept = fitting(parts, budget, _words)
    reasons = {name: tuple(one for one in kept[name] if isinstance(one, Reason)) for name in ("strengths", "risks")}
    actions = tuple(one for one in kept["actions"] if isinstance(one, AdvisedAction))
    statements = [*view.headline, *(reason.statement for several in reasons.values() for reason in several)]
    return LetterView(
        **reasons,
        actions=actions,
        more_actions=len(view.actions) - len(actions),
        answers=tuple(one for one in kept["changes"] if isinstance(one, DecidingView)),
        fragile=tuple(one for one in kept["changes"] if isinstance(one, FragileView)),
        standings=_standings(statements, view),
        looked_up=_looked_up(statements, view),
    )


def _words(entry: _Entry) -> int:
    if isinstance(entry, Reason):
        return words_in(entry.statement.title, entry.statement.text)
    if isinstance(entry, AdvisedAction):
        return words_in(entry.action.title, entry.action.do)
    turn = next(turn for turn in entry.turns if turn.buckets)
    return words_in(entry.meaning, *turn.values, *turn.buckets)


def _standings(statements: Iterable[Statement], view: View) -> tuple[StandingWords, ...]:
    """The words of the standings that occur, in the order of the table."""
    occurring = {statement.standing for statement in statements}
    return tuple(words for name, words in view.phrasing.standings.items() if name in occurring)


def _looked_up(statements: Iterable[Statement], view: View) -> tuple[date, ...]:
    cited = {source for statement in statements for source in statement.origin.sources}
    days = sorted({one.looked_up for one in view.citations if one.looked_up is not None and one.id in cited})
    return (days[0], days[-1]) if days else ()
