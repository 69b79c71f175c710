"""Processes killed while they append: by the system at some moment, or by their own hand at some step within an append.

`python -m tests.ledger_kills --kills 100` does it a hundred times on one ledger, and prints what came of it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from smartpick_expert.audit.ledger import Ledger
from tests.ledgers import PROCESSES, append_until_killed, entry

# What an append takes, about, so that kills fall into the first few: nine statements, two hundred of SQLite's instructions.
_STEPS = {"statement": 40, "instruction": 900}


@dataclass
class Result:
    """What came of a number of kills."""

    kills: Counter[str] = field(default_factory=Counter)
    acknowledged: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    unasked: int = 0
    findings: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        kills = ", ".join(f"{count} at {how}" for how, count in sorted(self.kills.items()))
        return (
            f"{self.kills.total()} kills ({kills}): {len(self.acknowledged)} entries acknowledged, {len(self.lost)} of them "
            f"lost; {self.unasked} entered whole and not yet acknowledged; {len(self.findings)} findings of verify."
        )


def kill(path: Path, name: str, how: str, chance: Random) -> list[str]:
    """Start a process that appends, kill it, and return what it acknowledged."""
    told = path.with_name(f"{name}.told")
    told.touch()
    work = (str(path), str(told), name, how, chance.randint(1, _STEPS.get(how, 1)))
    process = PROCESSES.Process(target=append_until_killed, args=work)
    process.start()
    if how == "moment":
        # The moment counts from the first entry, since starting takes longer than entering.
        while not told.stat().st_size and process.is_alive():
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.05))
        process.kill()
    process.join(60)
    return told.read_text().splitlines()


def kill_often(path: Path, kills: int, seed: int) -> Result:
    """Kill processes one after another that append to one ledger, and hold the ledger to what they acknowledged after each."""
    chance, result = Random(seed), Result()
    for number in range(kills):
        how = ("statement", "instruction", "moment")[number % 3]
        result.kills[f"{how}s"] += 1
        result.acknowledged += kill(path, f"kill{number}", how, chance)
        with Ledger(path) as ledger:
            present = {one.link.id for one in ledger.entries()}
            result.lost = [name for name in result.acknowledged if name not in present]
            result.unasked = len(present) - len(result.acknowledged) + len(result.lost)
            result.findings += [one.message for one in ledger.verify()]
            result.acknowledged.append(ledger.append(entry(f"after-{number}")).id)
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = kill_often(Path(folder) / "ledger.sqlite", asked.kills, asked.seed)
    sys.stdout.write(f"{result}\n")
    return 1 if result.lost or result.findings else 0


if __name__ == "__main__":
    raise SystemExit(main())
