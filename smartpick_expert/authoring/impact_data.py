"""An impact as plain data: the summary, every person whose advice is not as it was, and how often each rule fires."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from smartpick_expert.authoring.impact import Fate, Outcome, Side
from smartpick_expert.authoring.impact_summary import Impact
from smartpick_expert.authoring.impact_text import headline
from smartpick_expert.diagnostics import Diagnostic
from smartpick_expert.explain.difference import data_of

FORMAT = "smartpick-impact/1"


def impact_data(impact: Impact) -> dict[str, Any]:
    """The whole impact. People who are told just the same are counted and not listed."""
    quiet = (Fate.UNTOUCHED, Fate.BENEATH)
    return {
        "format": FORMAT,
        "old": impact.old,
        "new": impact.new,
        "profiles": impact.whom,
        "as_of": impact.as_of,
        "changes": asdict(impact.changes),
        "summary": {
            "headline": headline(impact),
            "people": impact.people,
            **{fate.value: impact.fates[fate] for fate in Fate},
            "sorting": [asdict(turn) for turn in impact.turns],
            "actions": [asdict(tally) for tally in impact.actions],
            "statements": [asdict(tally) for tally in impact.statements],
            "rules": [asdict(row) for row in impact.through],
        },
        "firings": [{"rule": rule, "before": then, "after": now} for rule, (then, now) in impact.firings.items()],
        "people": [_outcome(one) for one in impact.outcomes if one.fate not in quiet],
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "profile": outcome.person,
        "label": outcome.label,
        "fate": outcome.fate.value,
        "before": _side(outcome.before),
        "after": _side(outcome.after),
        "difference": data_of(outcome.difference),
        "told": data_of(outcome.told) if outcome.told is not None else None,
        "around": [asdict(one) for one in outcome.around],
    }


def _side(side: Side) -> dict[str, Any]:
    return {"bucket": side.bucket or None, "problems": [_problem(one) for one in side.problems]}


def _problem(problem: Diagnostic) -> dict[str, Any]:
    place = problem.location
    return {
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
        "path": place.path,
        "line": place.line,
        "column": place.column,
    }
