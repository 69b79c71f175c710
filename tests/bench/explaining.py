"""What explaining an advice takes, in units of one advice: everything in turns within one process, the workspace loaded."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from smartpick_expert.advice import Advice, advise
from smartpick_expert.audit.record import record_text
from smartpick_expert.inquiry import Inquiry, inquire
from smartpick_expert.intake.changes import read_changes
from tests.advised import day_of
from tests.bench.measure import race, ratio
from tests.profiles import WORKSPACE

# One that is sorted low, one that is sorted high, one of which half is unknown.
PERSONAS = ("high_risk", "known_quantity", "half_unknown")
ADVICE = "an advice, in HTML"
CHANGE = read_changes(["exam[step2_ck].score=250"], [], [], WORKSPACE.vocabulary)
Row = dict[str, Any]


def explaining(seconds: float) -> list[Row]:
    """A row for each persona, with the median time of each explanation in milliseconds and in advices."""
    with tempfile.TemporaryDirectory() as folder:
        return [_row(persona, Path(folder), seconds / len(PERSONAS)) for persona in PERSONAS]


def _row(persona: str, folder: Path, seconds: float) -> Row:
    path = WORKSPACE.personas / f"{persona}.yaml"
    kept = folder / f"{persona}.record.json"
    kept.write_text(record_text(_advice(path, persona).record({})), encoding="utf-8")
    tasks = {name: [task] for name, task in _tasks(path, persona, kept).items()}
    times = race(tasks, seconds)
    base = times[ADVICE]
    return {
        "persona": persona,
        "tasks": {
            name: {"milliseconds": one.micros / 1e3, "advices": ratio(one, base), "rounds": len(one.cpu)}
            for name, one in times.items()
        },
    }


def _tasks(path: Path, persona: str, kept: Path) -> dict[str, Callable[[], object]]:
    """What is raced. Nothing is kept from one turn to the next but the workspace."""

    def opened(source: Path) -> Inquiry:
        return inquire(source, WORKSPACE, None if source == kept else day_of(persona), "plain")

    return {
        ADVICE: lambda: _advice(path, persona).document("html"),
        "its record, without its views": lambda: opened(path).trace,
        "why the bucket, of the profile": lambda: opened(path).why("bucket"),
        "why the bucket, of the record": lambda: opened(kept).why("bucket"),
        "why not a known quantity": lambda: opened(path).why_not("bucket[name=known_quantity]"),
        "what if the score were 250": lambda: opened(path).what_if(CHANGE),
        "what is unknown and would matter": lambda: _advice(path, persona).run.asked,
        "what the advice hangs on": lambda: _advice(path, persona).run.bearings,
    }


def _advice(path: Path, persona: str) -> Advice:
    return advise(path, WORKSPACE, day_of(persona), "plain")
