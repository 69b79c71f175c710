"""What choosing a list takes, to proven optimality: made-up candidates under quotas, bounds and a budget, in a process of its own.

`python -m tests.bench.choosing PROGRAMS` measures one size and prints its rows as JSON.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from smartpick_expert.advice import advise
from smartpick_expert.knowledge.fees import Cost, Step, Steps
from smartpick_expert.selection.choice import Choice
from smartpick_expert.selection.margins import frontier, stop_line
from smartpick_expert.selection.problem import NO_SIGNAL, Bound, Candidate, Once, Problem, Quota
from smartpick_expert.selection.solving import select
from tests.profiles import WORKSPACE

ROOT = Path(__file__).parents[2]
SIZES = (500, 5_000)
PERSONA = "graduate_needing_visa"
DAY = date(2026, 9, 10)
ERAS = Steps((Step(30, 11), Step(None, 30)))
STATES = ("CA", "FL", "IL", "MA", "MI", "NJ", "NY", "OH", "PA", "TX")
# The most any specialty gives; two kinds are harder than one.
SIGNALS = (("gold", 3), ("silver", 12))
BOUNDS = (
    Bound("tier", "safer", at_least=10),
    Bound("tier", "reach", at_most=15),
    Bound("state", "NY", at_most=5),
    Bound("state", "TX", at_least=5),
    Bound("setting", "university", at_least=8),
)
Row = dict[str, Any]


def choices() -> list[Row]:
    """The rows of each size, each size measured in a process of its own."""
    rows = []
    for size in SIZES:
        command = [sys.executable, "-m", "tests.bench.choosing", str(size)]
        found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        rows += json.loads(found.stdout)
    return rows


def made_up(size: int, specialties: tuple[str, ...], budget: int, *, shared: float) -> Problem:
    """A problem of made-up programs, the same for the same arguments everywhere.

    Half of the programs state no rate and so have their specialty's; a part of them shares its institution with another.
    """
    chance = random.Random(size)
    candidates = []
    for number in range(size):
        specialty = chance.choice(specialties)
        plain = 0.02 if chance.random() < 0.5 else round(chance.betavariate(0.8, 25), 4)
        odds = chance.choice((1.5, 1.5, 1.5, chance.uniform(1.2, 3)))
        institution = f"h{chance.randrange(size // 20)}" if chance.random() < shared else ""
        candidates.append(
            Candidate(
                f"p{number:05}",
                specialty,
                institution,
                chance.choice(("reach", "target", "safer")),
                chance.choice(STATES),
                chance.choice(("community", "university", "university_affiliated")),
                {NO_SIGNAL: plain, "gold": _moved(plain, odds * 2), "silver": _moved(plain, odds)},
            )
        )
    quotas = tuple(Quota(name, kind, count) for name in specialties for kind, count in SIGNALS)
    fees = dict.fromkeys(specialties, ERAS)
    return Problem(tuple(candidates), fees, (Once(Cost(80)),), None, budget, quotas, BOUNDS)


def measure(size: int) -> list[Row]:
    """Processor's seconds of each task, in units of one advice too."""
    path = WORKSPACE.personas / f"{PERSONA}.yaml"
    advise(path, WORKSPACE, DAY, "plain").document("html")
    begun = process_time()
    advise(path, WORKSPACE, DAY, "plain").document("html")
    advice = process_time() - begun
    # The solver is loaded once.
    select(made_up(20, ("im",), 200, shared=0))
    one = made_up(size, ("im",), 2_000, shared=0.1)
    tasks: dict[str, Callable[[], object]] = {
        "one specialty, 2,000 dollars": lambda: select(one),
        "one specialty, 6,000 dollars": lambda: select(made_up(size, ("im",), 6_000, shared=0.1)),
        "one specialty, half of the programs sharing institutions": lambda: select(
            made_up(size, ("im",), 2_000, shared=0.5)
        ),
        "three specialties, 3,000 dollars": lambda: select(made_up(size, ("fm", "im", "peds"), 3_000, shared=0.1)),
        "its stop line, no budget": lambda: stop_line(one, 600),
        "its frontier": lambda: frontier(one),
    }
    rows = []
    for task, run in tasks.items():
        begun, clock = process_time(), perf_counter()
        found = run()
        seconds, wall = process_time() - begun, perf_counter() - clock
        is_proven = found.is_proven if isinstance(found, Choice) else all(point.gap == 0 for point in found)
        rows.append(
            {
                "programs": size,
                "task": task,
                "seconds": seconds,
                "wall": wall,
                "advices": seconds / advice,
                "is_proven": is_proven,
                "solver": version("highspy"),
            }
        )
    return rows


def _moved(chance: float, odds: float) -> float:
    """A chance with its odds so many times."""
    return chance * odds / (1 - chance + chance * odds)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(int(sys.argv[1]))) + "\n")
