"""Find out which scenarios notice which mutants.

python -m tests.mutants                       # record anew, after a change of the generator or of a mutant
python -m tests.mutants --rates 2000          # of so many scenarios, how many notice each
"""

# ruff: noqa: T201 - what a command has to say, it prints
from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from typing import Final

from tests.generators import scenario_of
from tests.mutants.mutating import (
    SEEDS,
    Mutant,
    engine_mutants,
    naive_mutants,
    naive_notices,
    noticing,
)
from tests.readings import read_naively

ENOUGH: Final = 2
Noticed = dict[str, list[int]]


def find_for_naive(mutants: Iterable[Mutant], seeds: Iterable[int], enough: int | None, known: Noticed) -> Noticed:
    """The seeds that notice each variant of the naive reading, at most `enough` for each; `known` ones are tried first."""
    noticed: Noticed = {mutant.name: [] for mutant in mutants}
    left = list(mutants)
    for seed in dict.fromkeys([*sorted({seed for several in known.values() for seed in several}), *seeds]):
        scenario = scenario_of(seed)
        if any(len(rule.bound()) > 6 for rule in scenario.rules):
            continue  # noticed by shorter ones too, and sooner
        truth = read_naively(scenario)
        for mutant in left:
            if naive_notices(mutant, scenario, truth):
                noticed[mutant.name].append(seed)
        left = [mutant for mutant in left if enough is None or len(noticed[mutant.name]) < enough]
        if not left:
            break
    return noticed


def find_for_engine(mutants: Iterable[Mutant], seeds: Iterable[int], enough: int | None, known: Noticed) -> Noticed:
    """The seeds that notice each variant of the engine, at most `enough` for each; `known` ones are tried first."""
    return {
        mutant.name: noticing(mutant, dict.fromkeys([*known.get(mutant.name, ()), *seeds]), enough)
        for mutant in mutants
    }


KINDS: Final[dict[str, tuple[Callable[[], tuple[Mutant, ...]], Callable[..., Noticed]]]] = {
    "naive": (naive_mutants, find_for_naive),
    "engine": (engine_mutants, find_for_engine),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rates", type=int, default=0, help="count instead of recording")
    parser.add_argument("--most", type=int, default=20_000, help="how many seeds to try for a record")
    parser.add_argument("--start", type=int, default=0, help="the first seed")
    parser.add_argument("--kind", choices=list(KINDS), action="append")
    options = parser.parse_args()
    seeds = range(options.start, options.start + (options.rates or options.most))
    kinds = options.kind or list(KINDS)
    known = json.loads(SEEDS.read_text("utf-8")) if SEEDS.exists() and not options.rates else {}
    found: dict[str, Noticed] = dict(known)
    for kind in kinds:
        mutants, find = KINDS[kind]
        found[kind] = find(mutants(), seeds, None if options.rates else ENOUGH, known.get(kind, {}))
    if options.rates:
        for kind in kinds:
            for name, noticed in sorted(found[kind].items(), key=lambda pair: len(pair[1])):
                print(f"{len(noticed):6} of {options.rates}  {kind}: {name}")
    else:
        lines = [f"{json.dumps(kind)}: {{\n{_lines(found[kind])}\n}}" for kind in sorted(found)]
        SEEDS.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    unnoticed = [f"{kind}: {name}" for kind in kinds for name, noticed in found[kind].items() if not noticed]
    print("noticed by none:", *(unnoticed or ["-"]), sep="\n  ")
    return 1 if unnoticed else 0


def _lines(noticed: Noticed) -> str:
    """One line a mutant, so that a new record reads well beside the old one."""
    return ",\n".join(f"  {json.dumps(name, ensure_ascii=False)}: {seeds}" for name, seeds in noticed.items())


if __name__ == "__main__":
    sys.exit(main())
