"""The long run: the properties of generated scenarios on consecutive seeds, for as long as one likes.

    python -m tests.soak --seconds 600
    python -m tests.soak --examples 20000 --start 1 --engine plain --property monotone

Seeds are tried in processes of their own, which say each seed before they try it: so a crash of the engine's C core, or a
rule that never ends, costs one process and never the seed. What fails is reduced, printed, and kept for the ordinary run.
Ends with 1 where anything failed.
"""

# ruff: noqa: T201 - what a command has to say, it prints
from __future__ import annotations

import argparse
import faulthandler
import json
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Final

from tests.completions import completable, read_plainly, surprises
from tests.generators import scenario_of
from tests.readings import ENGINES, is_bad, read, read_naively
from tests.reducing import reduced
from tests.regressions import AGREEMENT, MONOTONE, keep_seed
from tests.scenarios import Scenario

ROOT: Final = Path(__file__).parent.parent
# Seeds a process: a new one takes a second to start, and the C core is not asked to live for ever.
PORTION: Final = 250
# Nothing that is generated takes a reading longer than this, unless it never ends.
MOST_SECONDS: Final = 300
Trial = tuple[Counter[str], str]


def agreement(seed: int, engines: tuple[str, ...]) -> Trial:
    """What one seed adds to the figures, and how readings of it differ, reduced; empty if they do not."""
    reading = read(scenario_of(seed), engines, seed)
    naive = reading.naive
    figures = Counter(circles=naive is None, telling=reading.is_telling, crowded=reading.crowded)
    if naive is not None:
        figures.update(
            {
                "firings": len(naive.firings),
                "possible firings": len(naive.possible_firings),
                "certain facts": len(naive.certain),
                "possible facts": len(naive.possible),
            }
        )
    if not reading.disagreement:
        return figures, ""
    smallest = reduced(scenario_of(seed), lambda smaller: is_bad(smaller, engines, seed))
    return figures, f"{smallest}\n{read(smallest, engines, seed).disagreement}"


def monotone(seed: int, _: tuple[str, ...]) -> Trial:
    """The same for completions of the scenario, by the naive reading and by the plain engine."""
    figures: Counter[str] = Counter()
    scenario = completable(seed)
    for reader in (read_naively, read_plainly):

        def surprised(smaller: Scenario, reader=reader) -> bool:
            return bool(surprises(smaller, reader, seed))

        figures["completions"] += 3
        if surprised(scenario):
            smallest = reduced(scenario, surprised)
            return figures, f"{reader.__name__}\n{smallest}\n{surprises(smallest, reader, seed)}"
    return figures, ""


PROPERTIES: Final[dict[str, tuple[Callable[[int, tuple[str, ...]], Trial], Path]]] = {
    "agreement": (agreement, AGREEMENT),
    "monotone": (monotone, MONOTONE),
}


# --- the process that tries -------------------------------------------------------------------------------------------


def try_seeds(seeds: range, name: str, engines: tuple[str, ...]):
    """Say each seed, try it, say what came of it."""
    trial, _ = PROPERTIES[name]
    for seed in seeds:
        print(json.dumps({"seed": seed}), flush=True)
        faulthandler.dump_traceback_later(MOST_SECONDS, exit=True)
        figures, failure = trial(seed, engines)
        faulthandler.cancel_dump_traceback_later()
        print(json.dumps({"figures": figures, "failure": failure}), flush=True)


# --- the process that watches -----------------------------------------------------------------------------------------


class Soak:
    """The figures so far, and what is still to be tried."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.figures: Counter[str] = Counter()
        self.failures: list[int] = []
        self.began = monotonic()
        self.end = self.began + options.seconds if options.seconds else None
        self.last = options.start + options.examples if options.examples else None
        self.next_seed = options.start
        self.lock = threading.Lock()

    def portions(self) -> Iterator[range]:
        """Portions of seeds until there is no time, or no seed, left."""
        for _ in count():
            with self.lock:
                seeds = range(self.next_seed, min(self.next_seed + PORTION, self.last or sys.maxsize))
                self.next_seed = seeds.stop
            if not seeds or (self.end is not None and monotonic() > self.end):
                return
            yield seeds

    def run(self) -> int:
        workers = [threading.Thread(target=self.work) for _ in range(self.options.processes)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        self.report("done")
        return 1 if self.failures else 0

    def work(self):
        for portion in self.portions():
            left = portion
            while left and (self.end is None or monotonic() < self.end):
                left = self.watch(left)
            with self.lock:
                self.report("so far")

    def watch(self, seeds: range) -> range:
        """Have a process try the seeds. Returns those that are left: none, unless it died or time is up."""
        seed = seeds.start
        with subprocess.Popen(self.command(seeds), cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            for line in process.stdout:
                said = json.loads(line)
                if "seed" in said:
                    seed = said["seed"]
                    continue
                with self.lock:
                    self.figures.update(said["figures"], examples=1)
                    if said["failure"]:
                        self.fail(seed, said["failure"])
                if self.end is not None and monotonic() > self.end:
                    process.kill()
                    return range(0)
        if process.returncode:
            with self.lock:
                self.figures.update(examples=1, crashes=1)
                self.fail(seed, f"its process ended with {process.returncode}")
            return range(seed + 1, seeds.stop)
        return range(0)

    def command(self, seeds: range) -> list[str]:
        """The command of a process that tries the seeds."""
        words = ["--property", self.options.property, "--engine", self.options.engine]
        return [sys.executable, "-m", "tests.soak", *words, "--portion", str(seeds.start), str(seeds.stop)]

    def fail(self, seed: int, failure: str):
        self.failures.append(seed)
        print(f"seed {seed}:\n{failure}", flush=True)
        keep_seed(PROPERTIES[self.options.property][1], seed, failure.rpartition("\n")[2])

    def report(self, when: str):
        figures = ", ".join(f"{number:,} {name}" for name, number in self.figures.items() if number)
        print(f"{when}, {monotonic() - self.began:,.0f} s: {figures}; {len(self.failures)} disagreements", flush=True)
        if when == "done" and self.failures:
            print("kept seeds:", *self.failures)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=0)
    parser.add_argument("--examples", type=int, default=0)
    parser.add_argument("--start", type=int, default=0, help="the first seed")
    parser.add_argument("--engine", choices=[*ENGINES, "both"], default="both")
    parser.add_argument("--property", choices=list(PROPERTIES), default="agreement")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--portion", type=int, nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.portion:
        try_seeds(range(*options.portion), options.property, ENGINES if options.engine == "both" else (options.engine,))
        return 0
    if not options.seconds and not options.examples:
        parser.error("say how long: --seconds, --examples or both")
    return Soak(options).run()


if __name__ == "__main__":
    sys.exit(main())
