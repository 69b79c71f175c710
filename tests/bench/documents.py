"""What documents take in each format, in units of one consultation: everything in turns within one process, the workspace loaded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from smartpick_expert.advice import Advice, advise, consult_file
from smartpick_expert.diagnostics import Problems
from smartpick_expert.report.documents import DOCUMENTS, FORMATS, written
from smartpick_expert.report.formats.extras import require
from tests.advised import day_of
from tests.bench.measure import race, ratio
from tests.profiles import WORKSPACE

PERSONA = "graduate_needing_visa"
PATH = WORKSPACE.personas / f"{PERSONA}.yaml"
CONSULTATION = "one consultation"
Row = dict[str, Any]


def documents(seconds: float) -> list[Row]:
    """A row for each document in each format that can be made here: the median time in milliseconds and in consultations.

    The views are there already; what they take is a row of its own.
    """
    tasks = _tasks()
    times = race({name: [task] for name, task in tasks.items()}, seconds)
    base = times[CONSULTATION]
    return [
        {"what": name, "milliseconds": one.micros / 1e3, "consultations": ratio(one, base), "rounds": len(one.cpu)}
        for name, one in times.items()
    ]


def _tasks() -> dict[str, Callable[[], object]]:
    advice = _advice()
    tasks: dict[str, Callable[[], object]] = {
        CONSULTATION: lambda: consult_file(PATH, WORKSPACE, day_of(PERSONA), "plain"),
        "an advice with its views": lambda: _advice().view,
    }
    for one in written(DOCUMENTS, FORMATS):
        try:
            require([one.form])
        except Problems:
            continue
        name = (
            f"{one.document}, {one.form}"
            if one.form not in {"json", "xlsx", "ics"}
            else f"the whole advice, {one.form}"
        )
        tasks[name] = lambda one=one: advice.made(one.form, one.document)  # type: ignore[misc]
    return tasks


def _advice() -> Advice:
    found = advise(PATH, WORKSPACE, day_of(PERSONA), "plain")
    _ = found.view, found.given
    return found
