"""The calendar of a season: its days as far as they are known, and how long the advised actions would take from today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from smartpick_expert.language.values import Number
from smartpick_expert.report.advised import IN_SEASON
from smartpick_expert.report.advised_model import AdvisedAction, EstimateView
from smartpick_expert.report.drawings.geometry import month_after
from smartpick_expert.report.drawings.model import CalendarView, SeasonDay, SeasonStep
from smartpick_expert.report.drawings.named import NamedDay
from smartpick_expert.report.drawings.said import Said
from smartpick_expert.report.figures import FigureReader

# So many actions are drawn; all of them stand in the advice.
MOST_STEPS: Final = 8
# An action by whose day nothing can be done any more is no part of this season.
_TOO_LATE: Final = ("over", "no")


def calendar_of(
    said: Said, named: Iterable[NamedDay], figures: FigureReader, actions: Iterable[AdvisedAction]
) -> CalendarView | None:
    """The calendar; None outside a season, or where the last day that is known of it is past."""
    today = said.consultation.as_of
    is_in_season = said.applicant("stage") in IN_SEASON or isinstance(figures.named, int)
    known = [(one, value) for one in named if isinstance(value := figures.value(one.parameter), date)]
    ahead = [day for _, day in known if day >= today]
    if not is_in_season or not ahead:
        return None
    days = tuple(
        SeasonDay(one.title, day, figure.standing, figure.reference, day < today, one.letter)
        for one, day in sorted(known, key=lambda pair: pair[1])
        if day >= today.replace(day=1) and (figure := figures.view(one.parameter))
    )
    steps = tuple(step for item in actions if (step := _step(item, figures)) is not None)[:MOST_STEPS]
    last = month_after(max(ahead).replace(day=1)) - timedelta(days=1)
    return CalendarView(figures.figures.season, today, today.replace(day=1), last, days, steps)


def _step(item: AdvisedAction, figures: FigureReader) -> SeasonStep | None:
    """An action with a time or a day; None for one with neither, or that comes too late."""
    until = (item.until.given or figures.value(item.action.until)) if item.until is not None else None
    if item.until is not None and item.until.in_time in _TOO_LATE:
        return None
    low, high = _weeks(item.takes)
    day = until if isinstance(until, date) else None
    if high is None and low is None and day is None:
        return None
    return SeasonStep(item.action.name, item.action.title, low, high, day)


def _weeks(takes: EstimateView) -> tuple[Number | None, Number | None]:
    return (takes.low, takes.high) if takes.kind == "range" else (None, None)
