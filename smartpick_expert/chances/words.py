"""Chances in words: whole per cents, rounded outwards, and never as more than is known."""

from __future__ import annotations

import math
from typing import Final

from smartpick_expert.chances.chance import Chance, Move, Range
from smartpick_expert.chances.rates import Rate
from smartpick_expert.engine.compiled import CompiledRules
from smartpick_expert.knowledge.phrases import said
from smartpick_expert.language.facts import Fact
from smartpick_expert.programs.gate_words import sentence_of

_HUNDRED: Final = 100
# Rounding errors of a share's arithmetic must not move an end by a whole per cent.
_SLIP: Final = 1e-9


def range_text(chance: Range | Rate) -> str:
    """`about 2 in 100 (0 to 6)`. Below one in a hundred it says so, and the ends are rounded outwards."""
    expected = chance.expected * _HUNDRED
    low, high = _ends(chance)
    if expected < 1:
        return said("chance_under", low=low, high=high)
    if expected > _HUNDRED - 1:
        return said("chance_over", low=low, high=high)
    return said("chance_about", expected=math.floor(expected + 0.5), low=low, high=high)


def ends_text(chance: Range | Rate) -> str:
    """`0 to 6`: the ends in whole per cents, the lower one rounded down and the higher one up."""
    low, high = _ends(chance)
    return said("from_to", first=low, last=high)


def _ends(chance: Range | Rate) -> tuple[int, int]:
    return math.floor(chance.low * _HUNDRED + _SLIP), math.ceil(chance.high * _HUNDRED - _SLIP)


def odds_text(move: Move) -> str:
    """`1.2 to 4.2 times the odds`, with two figures that count; those of a signal are times the odds of all, signal or none."""
    phrase = "odds" if move.signal is None else "odds_of_all"
    return said(phrase, low=_figures(move.low), high=_figures(move.high))


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
