"""What documents take in each format, in units of one consultation: everything in turns within one process, the workspace loaded."""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import cycle, islice
from time import process_time
from typing import Any

from smartpick_expert.advice import Advice, advise
from smartpick_expert.consulting import consult_file
from smartpick_expert.diagnostics import Problems
from smartpick_expert.report.documents import DOCUMENTS, FORMATS, written
from smartpick_expert.report.formats.extras import require
from tests.advised import PERSONAS, day_of
from tests.bench.measure import race, ratio
from tests.profiles import WORKSPACE

PERSONA = "graduate_needing_visa"
PATH = WORKSPACE.personas / f"{PERSONA}.yaml"
CONSULTATION = "one consultation"
MANY = 100
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


def many() -> Row:
    """A hundred applicants, the shipped personas in turn: each consulted, its views made, and its three documents in HTML.

    Seconds of the processor, and the highest memory of the process after the first quarter and after all, in megabytes.
    """
    started, memory = process_time(), []
    for place, persona in enumerate(islice(cycle(PERSONAS), MANY), 1):
        advice = advise(WORKSPACE.personas / f"{persona}.yaml", WORKSPACE, day_of(persona), "plain")
        for one in written(DOCUMENTS, ["html"]):
            advice.made(one.form, one.document)
        if place in {MANY // 4, MANY}:
            memory.append(_peak())
    return {"applicants": MANY, "seconds": process_time() - started, "memory": memory}


def _peak() -> float:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def _tasks() -> dict[str, Callable[[], object]]:
    advice = _advice()
    tasks: dict[str, Callable[[], object]] = {
        CONSULTATION: lambda: consult_file(PATH, WORKSPACE, day_of(PERSONA), "plain"),
        "an advice with its views": lambda: _advice().view,
        "an advice with its views and the three documents in HTML": _three,
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
        # What answers in a page is made for the first page that asks; here each page asks anew.
        tasks[name] = lambda one=one: _viewed(advice).made(one.form, one.document)  # type: ignore[misc]
    return tasks


def _viewed(advice: Advice) -> Advice:
    """The same advice with its views, and nothing else made of it yet."""
    found = replace(advice)
    vars(found).update(view=advice.view, given=advice.given)
    return found


def _three() -> None:
    advice = _advice()
    for one in written(DOCUMENTS, ["html"]):
        advice.made(one.form, one.document)


def _advice() -> Advice:
    found = advise(PATH, WORKSPACE, day_of(PERSONA), "plain")
    _ = found.view, found.given
    return found
