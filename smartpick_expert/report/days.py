"""The days of an advice as days: until when an action helps, when it is to be begun for that, and the season's calendar.

Documents print days in words; calendars and workbooks need them as days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.knowledge.registries import Knowledge
from smartpick_expert.report.advised_model import AdvisedAction
from smartpick_expert.report.costs_model import FigureView
from smartpick_expert.report.figures import FigureReader
from smartpick_expert.report.view_model import View

_CALENDAR = "calendar."
_RANGE = "range"


@dataclass(frozen=True, slots=True)
class SeasonDay:
    """A day of the season's calendar, with how it is known."""

    on: str
    figure: FigureView


@dataclass(frozen=True, slots=True)
class Days:
    """Days as year-month-day. `until` and `begin` are by the names of actions; `season` are days of the season still to come."""

    as_of: str
    until: Mapping[str, str]
    begin: Mapping[str, str]
    season: tuple[SeasonDay, ...]


def days_of(view: View, consultation: Consultation, knowledge: Knowledge) -> Days:
    """The days of an advice that are known and not past. Without a season in view there is no calendar of one."""
    reader = FigureReader(consultation, knowledge)
    today = consultation.as_of

    def day_of(name: str) -> date | None:
        found = reader.value(name)
        return found if isinstance(found, date) and found >= today else None

    until: dict[str, str] = {}
    begin: dict[str, str] = {}
    for advised in view.actions:
        ends = advised.until
        last = (ends.given or day_of(ends.figure.name)) if ends is not None else None
        if last is None:
            continue
        until[advised.action.name] = last.isoformat()
        first = _begin(advised, last)
        if first is not None and first >= today:
            begin[advised.action.name] = first.isoformat()
    is_in_season = view.season.named is not None or any(one.until is not None for one in view.actions)
    # The day on which rank lists are certified bears the name of the actions that it ends.
    ends_steps = {action.until for action in knowledge.actions.values() if action.until}
    of_season = {name for name in knowledge.parameters if name.startswith(_CALENDAR)} | ends_steps
    names = sorted(of_season) if is_in_season else []
    several = ((day_of(name), reader.view(name)) for name in names)
    season = sorted(
        (day.isoformat(), view.name, view) for day, view in several if day is not None and not view.stands_in
    )
    return Days(today.isoformat(), until, begin, tuple(SeasonDay(day, figure) for day, _, figure in season))


def _begin(advised: AdvisedAction, last: date) -> date | None:
    """The last day on which an action can be begun, by the longest time we give it; None where that is not known."""
    weeks = advised.takes.high if advised.takes.kind == _RANGE else None
    return last - timedelta(days=int(weeks * 7)) if weeks else None
