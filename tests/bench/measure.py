"""Timing on a machine that others use too: short rounds, every contestant in each, medians and their spread."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time

Task = Callable[[], object]
# A round of one contestant takes about this long, so that a disturbance spoils a round and not a figure.
ROUND_SECONDS = 0.03
WARM_UP_SECONDS = 0.5
FEWEST_ROUNDS = 3


@dataclass(frozen=True)
class Timing:
    """Microseconds a consultation, round by round: by the clock on the wall and by the processor's."""

    wall: tuple[float, ...]
    cpu: tuple[float, ...]

    @property
    def micros(self) -> float:
        """The median round by the processor's clock, which does not run while others have the processor."""
        return median(self.cpu)

    @property
    def wall_micros(self) -> float:
        """The median round by the clock on the wall."""
        return median(self.wall)

    @property
    def least(self) -> float:
        """The fastest round by the processor's clock."""
        return min(self.cpu)

    @property
    def spread(self) -> float:
        """Half the distance between the quartiles, as a share of the median."""
        ordered = sorted(self.cpu)
        quarter = len(ordered) // 4
        return (ordered[-1 - quarter] - ordered[quarter]) / 2 / self.micros


def ratio(first: Timing, second: Timing) -> float:
    """How many times the first takes what the second takes: the median over the rounds, each against its own round."""
    return median(mine / theirs for mine, theirs in zip(first.cpu, second.cpu, strict=True))


def race(contestants: Mapping[str, Sequence[Task]], seconds: float) -> dict[str, Timing]:
    """Time every contestant on its tasks, taking turns, for about so many seconds in all.

    Each round takes the next few tasks, the same for every contestant; who begins changes from round to round.
    """
    names = list(contestants)
    many = len(next(iter(contestants.values())))
    slowest = max(_warm_up(contestants[name]) for name in names)
    share = max(1, min(many, int(ROUND_SECONDS / slowest)))
    rounds: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    started, number = perf_counter(), 0
    gc.collect()
    while perf_counter() - started < seconds or number < FEWEST_ROUNDS:
        places = [(number * share + offset) % many for offset in range(share)]
        for name in names[number % len(names) :] + names[: number % len(names)]:
            tasks = [contestants[name][place] for place in places]
            rounds[name].append(_time(tasks))
        number += 1
    return {
        name: Timing(tuple(wall for wall, _ in several), tuple(cpu for _, cpu in several))
        for name, several in rounds.items()
    }


def _warm_up(tasks: Sequence[Task]) -> float:
    """Seconds a task once it is warm, on the whole; for slow tasks, once a few have run."""
    started, costs = perf_counter(), []
    for task in tasks:
        costs.append(_time([task])[1])
        if perf_counter() - started > WARM_UP_SECONDS:
            break
    return median(costs) / 1e6


def _time(tasks: Sequence[Task]) -> tuple[float, float]:
    """Microseconds a task by both clocks; what is thrown away is thrown away within the time."""
    cpu, wall = process_time(), perf_counter()
    for task in tasks:
        task()
    wall, cpu = perf_counter() - wall, process_time() - cpu
    return wall / len(tasks) * 1e6, cpu / len(tasks) * 1e6
