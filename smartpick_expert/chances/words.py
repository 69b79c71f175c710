"""Chances in words: whole per cents, rounded outwards, and never as more than is known."""

from __future__ import annotations

import math
from typing import Final

from smartpick_expert.chances.chance import Chance, Move, Range
from smartpick_expert.chances.rates import Rate
from smartpick_expert.engine.compiled import CompiledRules
from smartpick_expert.language.facts import Fact
from smartpick_expert.programs.gate_words import sentence_of

_HUNDRED: Final = 100
# Rounding errors of a share's arithmetic must not move an end by a whole per cent.
_SLIP: Final = 1e-9


def range_text(chance: Range | Rate) -> str:
    """`about 2 in 100 (0 to 6)`. Below one in a hundred it says so, and the ends are rounded outwards."""
    expected = chance.expected * _HUNDRED
    if expected < 1:
        begins = "fewer than 1 in 100"
    elif expected > _HUNDRED - 1:
        begins = "more than 99 in 100"
    else:
        begins = f"about {math.floor(expected + 0.5)} in 100"
    return f"{begins} ({ends_text(chance)})"


def ends_text(chance: Range | Rate) -> str:
    """`0 to 6`: the ends in whole per cents, the lower one rounded down and the higher one up."""
    low, high = math.floor(chance.low * _HUNDRED + _SLIP), math.ceil(chance.high * _HUNDRED - _SLIP)
    return f"{low} to {high}"


def odds_text(move: Move) -> str:
    """`1.2 to 4.2 times the odds`, with two figures that count; those of a signal are times the odds of all, signal or none."""
    odds = "the odds" if move.signal is None else "the odds of all who applied"
    return f"{_figures(move.low)} to {_figures(move.high)} times {odds}"


def sentence(move: Move, program: Fact, compiled: CompiledRules) -> str:
    """What the rule behind a move says of a program; empty where no rule is behind it."""
    if move.firing is None or move.program is None:
        return ""
    return sentence_of(move.firing, move.program, program, compiled)


def best_signal(chance: Chance) -> str:
    """The kind of signal with which most is expected; the first of several, and "" where none adds anything."""
    return max(chance.by_signal, key=lambda kind: chance.by_signal[kind].expected)


def _figures(number: float) -> str:
    """Two figures that count, without noughts that say nothing: 0.35, 1, 4.2, 14."""
    return f"{float(f'{number:.2g}'):g}"
