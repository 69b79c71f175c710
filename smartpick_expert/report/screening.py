"""A screening of a catalogue as text, JSON and CSV, and the messages that ask a program what its listing leaves open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Final

from smartpick_expert.programs.gates import Result
from smartpick_expert.programs.screen_view import CLOSED, OPEN, WAITING, ProgramView, ScreenView
from smartpick_expert.report.programs import asks_of
from smartpick_expert.report.render import environment
from smartpick_expert.report.tables import ADVISOR_ONLY, csv_text

# So many programs of a status are listed before `--all` is asked for.
_LISTED: Final = 12
_COLUMNS: Final = (
    *("id", "name", "specialty", "place", "setting", "status", "blocking", "by_how_much", "opened_by"),
    *("unknown", "short_of", "known_through", "first_filter", "rules", "fictional", "confidential"),
)
# Of each figure that is shown: the value, where it comes from, and when it was looked up.
_FIGURE: Final = ("", "_source", "_verified")


def screen_text(view: ScreenView, reports: Path, full: Sequence[ProgramView] = (), *, everything: bool = False) -> str:
    """The screening for a terminal. `full` are programs shown with every gate; with them nothing else is listed."""
    shown, left = {}, {}
    for status in (OPEN, WAITING, CLOSED):
        several = () if full else view.of(status)
        shown[status] = several if everything else several[:_LISTED]
        left[status] = len(several) - len(shown[status])
    template = environment(reports, "table").get_template("screen.txt.j2")
    text = template.render(view=view, shown=shown, left=left, full=full)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"


def screen_data(view: ScreenView) -> dict[str, object]:
    """The screening as `json_pieces` writes it: everything, each program with all its gates."""
    data = {one.name: getattr(view, one.name) for one in fields(view)}
    for name in ("requirements", "filters"):
        data[name] = [{**asdict(step), "left": step.left} for step in getattr(view, name)]
    return data


def screen_csv(view: ScreenView) -> str:
    """One row a program: its status and why. `first_filter` that is only possible says so."""
    shown = dict.fromkeys(figure.field for one in view.programs for figure in one.figures)
    figures = (f"{name}{part}" for name in shown for part in _FIGURE)
    marks = ("fictional" if view.fictional else "", ADVISOR_ONLY if view.noted else "")
    return csv_text((*_COLUMNS, *figures), (_row(one, marks) for one in view.programs))


def inquiry(program: ProgramView, reports: Path) -> str:
    """The message to a program about what it does not state; empty where nothing that matters is left open."""
    asks = asks_of(program)
    if not asks:
        return ""
    return environment(reports, "summary").get_template("inquiry.txt.j2").render(program=program, asks=asks)


def _row(one: ProgramView, marks: tuple[str, str]) -> tuple[str, ...]:
    blocking = one.blocking
    return (
        one.id,
        one.name,
        one.specialty,
        one.place,
        one.setting,
        one.status,
        blocking.title if blocking else "",
        "; ".join(blocking.amounts) if blocking else "",
        blocking.opened_by if blocking else "",
        "; ".join(gate.title for gate in one.waits_for),
        "; ".join(gate.title for gate in one.short_of),
        "; ".join(gate.title for gate in one.known if gate.result == "passed"),
        _stop(one),
        " ".join(blocking.rules) if blocking else "",
        *marks,
        *(cell for figure in one.figures for cell in (figure.value, figure.source, figure.verified)),
    )


def _stop(one: ProgramView) -> str:
    if one.stop is None:
        return ""
    return f"{one.stop.title} (not known)" if one.stop.result == Result.UNKNOWN.value else one.stop.title
