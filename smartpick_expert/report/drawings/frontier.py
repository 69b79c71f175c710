"""Cost against expected interviews: the most that each sum can buy, where the list lies, and where it is time to stop."""

from __future__ import annotations

from smartpick_expert.lists.view_model import ListView
from smartpick_expert.report.drawings.model import FrontierView, ListPoint

# One point is no line to read anything off.
LEAST: int = 2


def frontier_of(found: ListView | None) -> FrontierView | None:
    """The frontier of a list; None without a list, or where it has too few points or costs nothing."""
    if found is None or len(found.frontier) < LEAST:
        return None
    points = tuple(
        ListPoint(one.programs, one.cost, one.worth, one.mark)
        for one in sorted(found.frontier, key=lambda one: one.cost)
    )
    if not points[-1].cost or max(one.worth for one in points) <= 0:
        return None
    return FrontierView(points, found.budget, found.stop.per_interview)
