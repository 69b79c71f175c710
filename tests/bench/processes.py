"""What takes fresh processes: cold starts in units of the bare imports, memory over many consultations, loading."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import median
from time import perf_counter, process_time
from typing import Any

from smartpick_expert.engine.compiled import compile_rules
from smartpick_expert.knowledge.parameters import values_at
from smartpick_expert.language.model import RuleSet
from smartpick_expert.workspace import load_workspace
from tests.bench import engines
from tests.bench.child import ROOT, Child
from tests.bench.engines import CLIPS, DURABLE, EXPERTA, PLAIN
from tests.bench.generated import generated
from tests.bench.subjects import Subject, shipped
from tests.profiles import AS_OF

PERSONA = ROOT / "knowledge" / "personas" / "graduate_needing_visa.yaml"
# Times through the consultations before anything is measured, and turns of an old process and a fresh one.
WARM_UP = 12
TURNS = 11
Row = dict[str, Any]


@dataclass(frozen=True)
class _Cost:
    """Seconds of one process: on the wall, and of the processor in user and system mode together."""

    wall: float
    cpu: float


def cold_start(runs: int) -> Row:
    """A whole advice from the command line, against importing the libraries it stands on; the two take turns."""
    imports = ["yaml", "jinja2", "click", *(["durable_rules_engine"] if engines.is_here(DURABLE) else [])]
    with tempfile.TemporaryDirectory() as folder:
        start = "from smartpick_expert.cli.main import run; run()"
        advise = ["advise", str(PERSONA), "--as-of", AS_OF.isoformat(), "--format", "html,md,json", "--out", folder]
        commands = {
            "imports": [sys.executable, "-c", f"import {', '.join(imports)}"],
            "advice": [sys.executable, "-c", start, *advise],
            "python": [sys.executable, "-c", "pass"],
        }
        for command in commands.values():
            _cost(command)
        costs: dict[str, list[_Cost]] = {name: [] for name in commands}
        for _ in range(runs):
            for name, command in commands.items():
                costs[name].append(_cost(command))
    row: Row = {"runs": runs, "imported": imports}
    for name, several in costs.items():
        row[name] = {"wall": median(c.wall for c in several), "cpu": median(c.cpu for c in several)}
    pairs = list(zip(costs["advice"], costs["imports"], strict=True))
    row["times_cpu"] = median(advice.cpu / bare.cpu for advice, bare in pairs)
    row["times_wall"] = median(advice.wall / bare.wall for advice, bare in pairs)
    return row


def _cost(command: Sequence[str]) -> _Cost:
    started = perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[-1]} failed with {process.returncode}")
    return _Cost(wall, usage.ru_utime + usage.ru_stime)


def endurance(many: int, seconds: float) -> list[Row]:
    """Each engine in a process of its own over many consultations, or as many as fit in the time."""
    return [_endurance(name, many, seconds) for name in (DURABLE, PLAIN, CLIPS, EXPERTA) if engines.is_here(name)]


def _endurance(name: str, many: int, seconds: float) -> Row:
    """Memory before and after, and what a consultation then takes against one in a fresh process, the two taking turns."""
    with Child(name) as old, Child(name) as fresh:
        cost = old.go(WARM_UP)
        fresh.go(WARM_UP)
        warm, before = old.resident, old.consultations
        passes = max(1, round(0.5e6 / cost / old.consultations * WARM_UP))
        started = perf_counter()
        while old.consultations - before < many and perf_counter() - started < seconds:
            old.go(passes)
        after, consultations = old.resident, old.consultations - before
        turns = [(old.go(1), fresh.go(1)) for _ in range(TURNS)]
    return {
        "engine": name,
        "consultations": consultations,
        "warm": warm,
        "after": after,
        "micros": median(mine for mine, _ in turns),
        "times_fresh": median(mine / theirs for mine, theirs in turns),
    }


def loading(bare_imports: float) -> list[Row]:
    """From files to rules ready for consultations, and from there to each engine ready; in units of the bare imports."""
    workspace = load_workspace(ROOT)

    def compiled() -> object:
        return compile_rules(workspace.ruleset, values_at(workspace.knowledge.parameters.values(), AS_OF), AS_OF)

    rows = [
        ("reading and checking the workspace", _least(lambda: lambda: load_workspace(ROOT))),
        ("ordering its rules into strata", _least(lambda: compiled)),
    ]
    for subject in (shipped(1), *(generated(size, 1) for size in (100, 500, 2000))):
        named = "shipped rules" if subject.name == "shipped" else subject.name
        rows += [
            (f"{name} ready for the {named}", _least(lambda subject=subject, name=name: _first(name, subject)))
            for name in (DURABLE, PLAIN, CLIPS)
            if engines.is_here(name)
        ]
    return [{"step": step, "seconds": cost, "units": cost / bare_imports} for step, cost in rows]


def _first(name: str, subject: Subject) -> Callable[[], object]:
    """Everything up to the end of a first consultation, on rules that nothing has met before and nothing remembers."""
    old = subject.compiled
    fresh = compile_rules(RuleSet(old.rules, old.vocabulary), old.parameters, old.as_of, with_drafts=True)
    unmet = replace(subject, compiled=fresh)
    return lambda: engines.make(name, unmet).consult(unmet.consultations[0])


def _least(prepare: Callable[[], Callable[[], object]], runs: int = 3) -> float:
    """The processor's seconds of the fastest of some runs, each prepared anew."""
    costs = []
    for _ in range(runs):
        work = prepare()
        started = process_time()
        work()
        costs.append(process_time() - started)
    return min(costs)
