"""One engine alone in a process of its own, consulted again and again: what it keeps in memory, and whether it slows down.

`python -m tests.bench.child ENGINE MANY SECONDS` prints a line of JSON; it stops early where time runs out.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from tests.bench import engines
from tests.bench.generated import thresholds
from tests.bench.subjects import Subject, shipped

WARM_UP = 500
# Consultations timed together.
BLOCK = 50


def endure(name: str, subject: Subject, many: int, seconds: float) -> dict[str, object]:
    """Consult so many times after a warm-up, or as often as time allows."""
    engine = engines.make(name, subject)
    consultations = cycle(subject.consultations)
    for _ in range(WARM_UP):
        engine.consult(next(consultations))
    gc.collect()
    before, started = resident(), perf_counter()
    blocks: list[float] = []
    paces: list[float] = []
    while len(blocks) * BLOCK < many and perf_counter() - started < seconds:
        begun = process_time()
        for _ in range(BLOCK):
            engine.consult(next(consultations))
        blocks.append(process_time() - begun)
        paces.append(_pace())
    gc.collect()
    steady = [block / pace for block, pace in zip(blocks, paces, strict=True)]
    return {
        "engine": name,
        "consultations": len(blocks) * BLOCK,
        "warm": before,
        "after": resident(),
        "micros": median(blocks) / BLOCK * 1e6,
        "growth": _growth(blocks),
        "steady_growth": _growth(steady),
    }


def _growth(costs: Sequence[float]) -> float:
    """What all of it took against what it would have taken at the cost of its first tenth."""
    tenth = max(1, len(costs) // 10)
    return sum(costs) / len(costs) / (sum(costs[:tenth]) / tenth)


def _pace() -> float:
    """Seconds for a fixed piece of work: how fast the machine is at the moment, whatever else it does."""
    begun = process_time()
    seen: dict[str, int] = {}
    for number in range(20_000):
        seen[str(number % 997)] = number
    return process_time() - begun


def resident() -> int:
    """Bytes of this process in memory; 0 where the system does not say."""
    pages = Path("/proc/self/statm")
    return int(pages.read_text(encoding="ascii").split()[1]) * 4096 if pages.exists() else 0


if __name__ == "__main__":
    engine_name, count, time_left = sys.argv[1:]
    its_subject = thresholds() if engine_name == engines.EXPERTA else shipped()
    sys.stdout.write(json.dumps(endure(engine_name, its_subject, int(count), float(time_left))))
