"""Seasons: each is named by the year of its Match Day, and a day belongs to exactly one.

Where one ends and the next begins is an assumption of ours, made from what AAMC published of one season: applications for
the Match of 2026 opened on 4 June 2025 and closed on 31 May 2026. So the season turns on 1 June, a few days before
applications open.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from smartpick_expert.language.values import Slot

# Month and day.
TURN: Final = (6, 1)


def running_season(day: date) -> int:
    """The season that a day belongs to."""
    return day.year + ((day.month, day.day) >= TURN)


def season_asked(named: Slot, day: date) -> int:
    """The season an advice is about: the one the applicant names, unless it is over; else the one running on the day."""
    running = running_season(day)
    return max(named, running) if isinstance(named, int) else running
