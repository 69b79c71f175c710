"""`python -m tests.fuzz --inputs N --seed S`: broken, odd and random files through check and consultation.

A worker does the work; this parent starts it, watches it, and starts it again behind an input that killed it or hung.
Exit code 1 where any input failed.
"""

from __future__ import annotations

import argparse
import json
import os
import selectors
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic

import click

from tests.fuzz.failures import keep
from tests.fuzz.inputs import KINDS, WAYS, make_input

# Seconds without a sign of life, after which a worker hangs where no signal reaches: in C.
PATIENCE = 150
# A worker makes room for a fresh one after so many inputs.
TURN = 20_000
SHOWN = 5_000


class Campaign:
    """All that is known of one run: how many of each kind, and what failed."""

    def __init__(self, seed: int, kinds: list[str]) -> None:
        self.seed = seed
        self.kinds = kinds
        self.counts: Counter[str] = Counter()
        self.failures: Counter[str] = Counter()
        self.kept: dict[str, str] = {}
        self.skipped: set[int] = set()

    def run(self, inputs: int, seconds: float) -> int:
        """Try so many inputs, or as many as there is time for; how many were tried."""
        begun = monotonic()
        done = 0
        # Whoever stops a run is told what came of it so far.
        with suppress(KeyboardInterrupt), tempfile.TemporaryDirectory() as folder:
            note = Path(folder) / "note"
            while done < inputs and monotonic() - begun < seconds:
                stop = min(inputs, done + TURN - done % TURN)
                for reached in self._turn(done, stop, note, begun + seconds):
                    done = reached
                    if done % SHOWN == 0 or done == inputs:
                        click.echo(
                            f"{done:,} inputs in {monotonic() - begun:,.0f} s, {sum(self.failures.values())} failed",
                        )
        return done

    def _turn(self, start: int, stop: int, note: Path, end: float) -> Iterator[int]:
        """One worker's turn; yields how far it came, and ends with it or with its life."""
        note.write_bytes(b"%12d" % start)
        orders = {
            "seed": self.seed,
            "start": start,
            "stop": stop,
            "kinds": self.kinds,
            "note": str(note),
            "known": sorted(self.failures),
        }
        orders["skipped"] = sorted(self.skipped)
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.fuzz.worker", json.dumps(orders)], stdout=subprocess.PIPE
        )
        done, hangs = start, False
        try:
            with selectors.DefaultSelector() as selector:
                selector.register(worker.stdout, selectors.EVENT_READ)
                last, since = b"", monotonic()
                while True:
                    if selector.select(timeout=5):
                        line = worker.stdout.readline()
                        if not line:
                            break
                        since = monotonic()
                        done = self._heard(json.loads(line), done)
                        yield done
                        if done >= stop or monotonic() > end:
                            return
                    now = note.read_bytes()
                    last, since = (now, monotonic()) if now != last else (last, since)
                    if monotonic() - since > PATIENCE:
                        hangs = True
                        break
        finally:
            worker.kill()
            code = worker.wait()
        number = int(note.read_bytes())
        key = "hangs where no signal reaches" if hangs else f"kills the process ({code})"
        self.skipped.add(number)
        self.failures[key] += 1
        if key not in self.kept:
            self.kept[key] = keep(make_input(self.seed, number, self.kinds), key).name
        click.echo(f"input {number}: {key}")

    def _heard(self, said: dict, done: int) -> int:
        if "done" in said:
            self.counts.update(said["counts"])
            return said["done"]
        key = said["failure"]
        if "kept" in said:
            self.kept[key] = said["kept"]
        else:
            self.failures[key] += 1
            if "new" in said:
                click.echo(f"input {said['number']}: {key}")
        return done

    def summary(self) -> Iterator[str]:
        """What is told at the end."""
        yield f"{'':24}{'inputs':>9}{'deep':>8}{'passed':>9}{'consulted':>11}{'fired':>8}{'failed':>8}"
        for kind in self.kinds:
            for way in WAYS:
                name = f"{kind} {way}"
                columns = (
                    self.counts[name],
                    *(self.counts[f"{name} {what}"] for what in ("deep", "passed", "consulted", "fired", "failed")),
                )
                yield f"{name:24}" + "".join(
                    f"{n:>{width},}" for n, width in zip(columns, (9, 8, 9, 11, 8, 8), strict=True)
                )
        for key, number in self.failures.most_common():
            yield f"{number:>8} × {key}: {self.kept.get(key, 'kept before')}"


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz", description="Random files through check and consultation."
    )
    parser.add_argument("--inputs", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", choices=KINDS, action="append", help="only this kind (may be given again)")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so long")
    given = parser.parse_args()
    campaign = Campaign(given.seed, given.kind or list(KINDS))
    begun = monotonic()
    done = campaign.run(given.inputs, given.seconds)
    click.echo("\n".join(campaign.summary()))
    failed = sum(campaign.failures.values())
    click.echo(f"{done:,} inputs of seed {given.seed} in {monotonic() - begun:,.0f} s: {failed:,} failed.")
    return 1 if failed else 0


if __name__ == "__main__":
    os.environ.setdefault("PYTHONHASHSEED", "0")
    sys.exit(main())
