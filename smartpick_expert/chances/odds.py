"""The numbers behind what rules conclude to move a chance: odds ratios from parameters, or from a program's own rates.

A rule says which figures count (`by`); this reads them. An odds ratio multiplies the odds of an invitation; from so much to so much
it is a spread, and what is expected lies in the middle of it on the scale of logarithms.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from smartpick_expert.chances.intervals import interval, within
from smartpick_expert.chances.reference import Reckoning, number, refused, value_of
from smartpick_expert.diagnostics import Problems
from smartpick_expert.knowledge.parameters import Figures
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.vocabulary import Vocabulary

ODDS: Final = "odds"
# How the names of the parameters begin that hold odds.
TOPIC: Final = "odds."
CAP: Final = "odds.cap"
SIGNAL_SHARE: Final = "odds.signal_share"
SIGNAL_CASES: Final = "odds.signal_cases"
OWN_RATES: Final = "own_rates"
_WITHOUT: Final = "invited_no_signal"


def parameters_read(vocabulary: Vocabulary) -> tuple[str, ...]:
    """The parameters that are read here: a pair for each word of the vocabulary for figures that may count, and a few more."""
    odds_type = vocabulary.types.get(ODDS)
    words = (f"{TOPIC}{word}" for word in odds_type.fields["by"].values) if odds_type is not None else ()
    return (CAP, SIGNAL_CASES, *(f"{name}.{end}" for name in (SIGNAL_SHARE, *words) for end in ("low", "high")))


@dataclass(frozen=True, slots=True)
class Spread:
    """A number from so much to so much: 0 <= low <= expected <= high."""

    low: float
    expected: float
    high: float


_End = Callable[[Spread], float]
_LOW: Final[_End] = attrgetter("low")
_EXPECTED: Final[_End] = attrgetter("expected")
_HIGH: Final[_End] = attrgetter("high")
# The share of applications that came with a kind of signal, and by how much that multiplies their odds.
_Sent = tuple[float, float]
# What a rate is drawn off 0 and 1 by, where its odds are needed; when a step is small enough to end; and how many there may be.
_TINY: Final = 1e-9
_CLOSE: Final = 1e-13
_MOST_STEPS: Final = 60
UNMOVED: Final = Spread(1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Signal:
    """What one kind of signal is to a program: its odds ratio, and the share of the applications counted in a rate that came with it."""

    kind: str
    odds: Spread
    share: Spread


class OddsFigures:
    """The odds of the parameters as of one advice. Raises Problems where one that every chance needs is missing."""

    def __init__(self, figures: Figures, reckoning: Reckoning) -> None:
        self._figures = figures
        self._reckoning = reckoning
        self.cap = self._value(CAP)
        low, high = self._ends(SIGNAL_SHARE)
        self.share = Spread(low, (low + high) / 2, high)
        self._signal_cases = self._value(SIGNAL_CASES)
        self._read: dict[str, Spread] = {}

    def odds(self, fact: Fact, program: Fact) -> Spread:
        """The odds ratio that a conclusion stands for at a program. Raises Problems where a parameter is missing or impossible."""
        by = str(fact.get("by"))
        spread = self._of(by)
        return spread if by != OWN_RATES else self._own(spread, fact, program)

    def _of(self, word: str) -> Spread:
        if word not in self._read:
            low, high = self._ends(f"{TOPIC}{word}")
            middle = (low + high) / 2 if word == OWN_RATES else math.sqrt(low * high)
            self._read[word] = Spread(low, middle, high)
        return self._read[word]

    def _own(self, kept: Spread, fact: Fact, program: Fact) -> Spread:
        """By the program's own two rates. What is kept of their logarithm is never less than nothing: a signal lowers no chance."""
        sent, without = number(program.get(str(fact.get("sent")))), number(program.get(_WITHOUT))
        if sent is None or without is None:
            return UNMOVED
        with_signal = self._rate(sent, self._signal_cases)
        other = self._rate(without, self._reckoning.own_cases)
        ratios = (
            (_odds(with_signal.low) / _odds(other.high), kept.low),
            (_odds(with_signal.expected) / _odds(other.expected), kept.expected),
            (_odds(with_signal.high) / _odds(other.low), kept.high),
        )
        return Spread(*(max(ratio, 1.0) ** part for ratio, part in ratios))

    def _rate(self, share: float, cases: float) -> Spread:
        drawn = within(share, cases)
        low, high = interval(drawn, cases, self._reckoning.nominal)
        return Spread(within(low, cases), drawn, within(high, cases))

    def _ends(self, name: str) -> tuple[float, float]:
        low, high = self._value(f"{name}.low"), self._value(f"{name}.high")
        if low > high:
            raise Problems([refused(f"{name}.low", low, f"at most {high:g}, which is its high end")])
        return low, high

    def _value(self, name: str) -> float:
        value = value_of(self._figures, name)
        if value is None or not _is_possible(name, value):
            raise Problems([refused(name, value, _limits(name))])
        return value


def signals_at(program: Fact, facts: Iterable[Fact], figures: OddsFigures) -> tuple[Signal, ...]:
    """The kinds of signals that odds are concluded for at a program, in the order of the facts.

    How many applications come with a signal is known of all kinds together; it is divided as the numbers of signals are.
    """
    found = tuple(facts)
    counts = [number(fact.get("count")) or 0.0 for fact in found]
    total = sum(counts) or 1.0
    return tuple(
        Signal(str(fact.get("signal")), figures.odds(fact, program), _part(figures.share, count / total))
        for fact, count in zip(found, counts, strict=True)
    )


def with_signals(signals: Sequence[Signal], rate: Spread) -> Mapping[str, Spread]:
    """By kind of signal ("" for none), what it multiplies the odds of the rate of all by.

    A rate is of all who applied, some of whom sent a signal. It is the mean of the chances of those with each kind and of those
    without, so whoever sends none lies below it, and whoever sends one above.
    """
    low, expected, high = (min(max(end(rate), _TINY), 1 - _TINY) for end in (_LOW, _EXPECTED, _HIGH))
    least, most = _parts(signals, _HIGH, _HIGH), _parts(signals, _LOW, _LOW)
    middle = _below(expected, _parts(signals, _EXPECTED, _EXPECTED))
    none = Spread(_below(low, least), middle, _below(high, most))
    found = {"": none}
    for place, one in enumerate(signals):
        lowest = one.odds.low * _below(low, _with(least, place, (one.share.high, one.odds.low)))
        highest = one.odds.high * _below(high, _with(most, place, (one.share.low, one.odds.high)))
        # Where a signal makes no difference, the last digits of two reckonings must make none.
        found[one.kind] = Spread(
            max(lowest, none.low), max(one.odds.expected * middle, none.expected), max(highest, none.high)
        )
    return found


def _below(rate: float, parts: Sequence[_Sent]) -> float:
    """How many times the odds of a rate are the odds of those without a signal, such that the mean of all is that rate.

    By Newton's method from below, from where the mean of the odds would be: the mean of chances grows ever less with the odds, so no step
    goes too far.
    """
    odds = _odds(rate) / (1 + sum(share * (ratio - 1) for share, ratio in parts))
    rest = 1 - sum(share for share, _ in parts)
    for _ in range(_MOST_STEPS):
        mean = rest * odds / (1 + odds) + sum(share * ratio * odds / (1 + ratio * odds) for share, ratio in parts)
        slope = rest / (1 + odds) ** 2 + sum(share * ratio / (1 + ratio * odds) ** 2 for share, ratio in parts)
        step = (rate - mean) / slope
        odds += step
        if step <= odds * _CLOSE:
            break
    return odds / _odds(rate)


def _parts(signals: Iterable[Signal], shares: _End, odds: _End) -> tuple[_Sent, ...]:
    return tuple((shares(one.share), odds(one.odds)) for one in signals)


def _with(parts: tuple[_Sent, ...], place: int, part: _Sent) -> tuple[_Sent, ...]:
    return (*parts[:place], part, *parts[place + 1 :])


def _part(whole: Spread, part: float) -> Spread:
    return Spread(whole.low * part, whole.expected * part, whole.high * part)


def _odds(share: float) -> float:
    return share / (1 - share)


def _is_possible(name: str, value: float) -> bool:
    if name.startswith((SIGNAL_SHARE, f"{TOPIC}{OWN_RATES}.")):
        return 0 <= value <= 1
    return value >= 1 if name in (CAP, SIGNAL_CASES) else value > 0


def _limits(name: str) -> str:
    if name.startswith((SIGNAL_SHARE, f"{TOPIC}{OWN_RATES}.")):
        return "from 0 to 1"
    return "at least 1" if name in (CAP, SIGNAL_CASES) else "above 0"
