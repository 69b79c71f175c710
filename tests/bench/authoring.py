"""What a change of the rules costs its author: check, test, coverage, mutation and impact, in units of all cases run once.

Everything is done in one process on the plain engine and timed by the processor's clock, in turns. Where the commands share
their work among processes, an author waits for less.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from click.testing import CliRunner

from smartpick_expert.authoring.cases import run_case
from smartpick_expert.authoring.coverage import cover
from smartpick_expert.authoring.mutation.mutating import mutate
from smartpick_expert.authoring.mutation.own_cases import OwnCases, own_cases
from smartpick_expert.authoring.review import check
from smartpick_expert.cli.main import main
from smartpick_expert.language.model import Status
from smartpick_expert.workspace import load_workspace
from tests.profiles import AS_OF, WORKSPACE

ROUNDS = 3
PEOPLE = 1_000
UNIT = "all cases, run once"
IMPACT = "impact"
# The limit that is moved for the impact: how many residents a writer must have sent.
_PARAMETER = "knowledge/parameters/letters.yaml"
_OLD, _NEW = "{from: 2026-01-01, value: 2}", "{from: 2026-01-01, value: 3}"
Row = dict[str, Any]


def authoring(pace: float) -> list[Row]:
    """A row for each thing an author does. Impact is left out where there is no such command."""
    rounds = max(1, round(ROUNDS * pace))
    tasks = _tasks()
    spent: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, task in tasks.items():
            spent[name].append(_seconds(task))
    unit = median(spent[UNIT])
    rows = [_row(name, median(several), unit) for name, several in spent.items()]
    people = max(10, round(PEOPLE * pace))
    found = _impact(people)
    return (
        rows if found is None else [*rows, _row(f"rules impact of one moved limit on {people:,} profiles", found, unit)]
    )


def _row(name: str, seconds: float, unit: float) -> Row:
    return {"what": name, "seconds": seconds, "times": seconds / unit}


def _seconds(task: Callable[[], object]) -> float:
    started = process_time()
    task()
    return process_time() - started


def _tasks() -> dict[str, Callable[[], object]]:
    own = own_cases(WORKSPACE)
    rules = [rule for rule in WORKSPACE.ruleset.rules if rule.status is not Status.RETIRED]

    def fresh() -> OwnCases:
        return own_cases(load_workspace(WORKSPACE.root))

    return {
        UNIT: lambda: [run_case(case, WORKSPACE, "plain") for case in own.cases],
        "rules check": lambda: check(WORKSPACE.root, AS_OF),
        "rules test": lambda: [run_case(case, WORKSPACE, "plain") for case in fresh().cases],
        "rules coverage": lambda: [cover(rule, own) for rule in rules],
        "rules mutate": lambda: [mutate(rule, own) for rule in rules],
    }


def has_impact() -> bool:
    """Whether there is a `smartpick rules impact`."""
    return CliRunner().invoke(main, ["rules", IMPACT, "--help"]).exit_code == 0


def _impact(people: int) -> float | None:
    if not has_impact():
        return None
    with tempfile.TemporaryDirectory() as folder:
        moved = Path(folder) / "moved"
        for name in ("rules", "knowledge", "reports"):
            shutil.copytree(WORKSPACE.root / name, moved / name)
        path = moved / _PARAMETER
        text = path.read_text("utf-8")
        if _OLD not in text:
            message = f"{_PARAMETER} does not hold {_OLD}: move another limit"
            raise ValueError(message)
        path.write_text(text.replace(_OLD, _NEW), "utf-8")
        words = ["rules", IMPACT, str(WORKSPACE.root), str(moved), "--made-up", str(people), "--workers", "1"]
        words += ["--as-of", AS_OF.isoformat(), "--engine", "plain", "--format", "json"]
        runner = CliRunner()
        started = process_time()
        result = runner.invoke(main, words)
        spent = process_time() - started
        if result.exit_code not in (0, 1) or not result.stdout.startswith("{"):
            message = f"rules impact failed: {result.output[-500:]}"
            raise RuntimeError(message)
        return spent
