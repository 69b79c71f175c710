"""The process that tries inputs. It notes the number of each before it begins, so that its parent knows what killed it.

It runs where there are limits of memory to be set, which is not on Windows. Reads its
orders from the command line, writes one line of JSON for each batch and each new failure.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
from collections import Counter
from pathlib import Path

from tests.fuzz.failures import keep, smallest, tried
from tests.fuzz.inputs import make_input
from tests.fuzz.worlds import all_rules, few_rules

BATCH = 100
# A file that makes us ask for more than this is a fault; the parent survives it.
MEMORY = 4 << 30
# Every so many inputs, one is tried twice.
TWICE = 50


def main(seed: int, start: int, stop: int, kinds: list[str], note: Path, known: set[str], skipped: set[int]) -> None:
    """Try the inputs from `start` up to and without `stop`."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for sort in ("rules", "small-rules"):
        few_rules(sort)
    all_rules()
    # What is made once stays; the collector need not look at it again and again.
    gc.collect()
    gc.freeze()
    counts: Counter[str] = Counter()
    with note.open("r+b", buffering=0) as noted:
        for number in range(start, stop):
            noted.seek(0)
            noted.write(b"%12d" % number)
            if number not in skipped:
                _try(seed, number, kinds, known, counts)
            if (number + 1) % BATCH == 0 or number + 1 == stop:
                _say({"done": number + 1, "counts": counts})
                counts = Counter()


def _try(seed: int, number: int, kinds: list[str], known: set[str], counts: Counter[str]) -> None:
    one = make_input(seed, number, kinds)
    outcome, key = tried(one)
    if not key and number % TWICE == 0:
        again, key = tried(one)
        if not key and again.told != outcome.told:
            key = "another finding the second time"
    name = f"{one.kind} {one.way}"
    counts.update(
        {
            name: 1,
            f"{name} passed": outcome.passed,
            f"{name} consulted": outcome.consulted,
            f"{name} fired": outcome.fired,
        }
    )
    counts[f"{name} deep"] += one.deep
    if key:
        counts[f"{name} failed"] += 1
        if key in known:
            _say({"failure": key, "number": number})
            return
        known.add(key)
        _say({"failure": key, "number": number, "new": True})
        small = smallest(one, lambda shorter: tried(shorter)[1] == key)
        _say({"failure": key, "number": number, "kept": keep(small, key).name})


def _say(what: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    orders = json.loads(sys.argv[1])
    main(
        orders["seed"], orders["start"], orders["stop"], orders["kinds"], Path(orders["note"]), set(orders["known"]), set(orders["skipped"])
    )  # fmt: skip
