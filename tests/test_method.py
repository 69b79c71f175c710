"""What docs/method.md tells of chances is what the program does: its parameters, and its example to the last digit."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from smartpick_expert.chances.chance import Chance, Move, chances
from smartpick_expert.chances.words import range_text
from smartpick_expert.engine.consultation import consult_profile
from smartpick_expert.intake.profile import read_profile, require
from smartpick_expert.programs.reading import read_catalogue
from smartpick_expert.programs.screening import screen
from smartpick_expert.workspace import Workspace, shipped_root

DAY = date(2026, 9, 10)
METHOD = (Path(__file__).parents[1] / "docs" / "method.md").read_text("utf-8")
SAMPLE = shipped_root() / "knowledge" / "catalogues" / "sample.csv"
# The rows of the table of odds: so much to so much, of one parameter.
ROW = re.compile(r"^\| [^|]+ \| (?P<low>[\d.]+) to (?P<high>[\d.]+) \| `(?P<name>odds\.\w+)` \|", re.MULTILINE)
SOURCED = re.compile(r"\*(evidence:[\w-]+)\*")
NAMED = re.compile(r"`((?:odds|chances)\.[a-z0-9_.-]+)`")


@pytest.fixture(scope="module")
def example(workspace: Workspace) -> Chance:
    person = require(*read_profile(workspace.personas / "probably_safe.yaml", workspace.vocabulary))
    catalogue, _ = read_catalogue(SAMPLE, workspace.vocabulary.types["program"])
    screening = screen(consult_profile(person, workspace, DAY, "plain"), catalogue, "plain")
    found = chances(screening, "plain")["tamarack_moor_family_medicine"]
    assert found is not None
    return found


def test_its_table_of_odds_says_what_the_parameters_say(workspace: Workspace):
    told = {one["name"]: (Decimal(one["low"]), Decimal(one["high"])) for one in ROW.finditer(METHOD)}
    read = {
        name: tuple(workspace.knowledge.parameters[f"{name}.{end}"].at(DAY, 2027).value for end in ("low", "high"))
        for name in told
    }
    assert (told, len(told)) == (read, 8)


def test_each_source_and_each_name_in_it_is_there(workspace: Workspace):
    assert set(SOURCED.findall(METHOD)) - set(workspace.knowledge.names.sources) == set()
    known = {*workspace.knowledge.parameters, *(rule.id for rule in workspace.ruleset.rules)}
    starts = {name.rpartition(".")[0] for name in known}
    assert set(NAMED.findall(METHOD)) - known - starts - {"chances.yaml"} == set()


def test_its_example_is_what_is_reckoned(example: Chance):
    home, none, single = (_move(example, *key) for key in (("home_state", None), ("signal", ""), ("signal", "single")))
    rows = [
        _row("rate of the type, on 200 cases", example.base.low, example.base.expected, example.base.high, 4),
        _row("no signal, in odds of the rate", none.low, none.expected, none.high, 3),
        _row("both together", *(a * b for a, b in zip(_odds(none), _odds(home), strict=True)), 3),
        _row("a signal, in odds of the rate", single.low, single.expected, single.high, 3),
    ]
    assert [row for row in rows if row not in METHOD] == []
    ends = [(one.low, round(one.expected, 4), round(one.high, 4)) for one in example.by_signal.values()]
    assert ends == [(0.0, 0.0535, 0.1676), (0.0, 0.161, 0.2846)]
    assert [f"{end:.4f}" in METHOD for _, *both in ends for end in both] == [True] * 4


def test_its_example_in_words_is_what_is_printed(example: Chance):
    none, single = (range_text(one) for one in example.by_signal.values())
    assert f"*no signal: {none}. Signal: {single}.*" in METHOD
    assert (example.waits_for, example.is_capped) == (("graduation",), False)


def _move(chance: Chance, cause: str, signal: str | None) -> Move:
    return next(move for move in chance.moves if (move.cause, move.signal) == (cause, signal))


def _odds(move: Move) -> tuple[float, float, float]:
    return move.low, move.expected, move.high


def _row(title: str, low: float, expected: float, high: float, digits: int) -> str:
    return f"| {title} | {low:.{digits}f} | {expected:.{digits}f} | {high:.{digits}f} |"
