"""The expected chance of an interview at each program of a screening, as a range, and what it was reckoned from.

A base rate (`rates.py`) is moved by what rules conclude of odds, every one of them measured (`odds.py`); the product is capped. How and
why, and what is not modelled, stands in docs/method.md. It is a chance of an interview, and never one of matching.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from smartpick_expert.chances.concluded import GROUP, Cause, Concluded, concluded_at
from smartpick_expert.chances.intervals import from_log_odds, log_odds
from smartpick_expert.chances.odds import ODDS, UNMOVED, OddsFigures, Spread, signals_at, with_signals
from smartpick_expert.chances.rates import Rate, rate_of
from smartpick_expert.chances.reference import applicant_type_of, reference_of
from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.engine.derivation import Firing
from smartpick_expert.engine.session import Matcher
from smartpick_expert.explain.wording import value_text
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.values import ABSENT, Slot
from smartpick_expert.programs.gate_rules import NAME
from smartpick_expert.programs.screening import Screened, Screening

NO_SIGNAL: Final = ""
SIGNAL: Final = "signal"
# Whose figure a rate rests on, from the nearest to the farthest.
_OF: Final = ("own", "sibling", "specialty")
# What a share is drawn off 0 and 1 by, where its odds are needed.
_TINY: Final = 1e-9
CLOSED: Final = "closed"
NO_RATE: Final = "no_rate"


@dataclass(frozen=True, slots=True)
class Range:
    """A chance from so much to so much: 0 <= low <= expected <= high <= 1."""

    low: float
    expected: float
    high: float


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that moves a chance: it multiplies the odds of an invitation by `low` to `high`, as expected by `expected`.

    `signal` is the kind of signal that it holds with ("" for none), or None where it holds with any and without. `rule` is empty for what
    sending no signal comes to, which follows from the odds of sending one. One that is not settled hangs on something that the
    profile leaves open: it widens the range and moves nothing. `firing` is its origin, on the facts of `program`, which
    stands for all that are alike; `words` name the thing, by the vocabulary.
    """

    cause: str
    rule: str
    low: float
    expected: float
    high: float
    words: str
    signal: str | None = None
    is_settled: bool = True
    firing: Firing | None = field(default=None, repr=False, compare=False)
    program: Fact | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Chance:
    """The chance of an interview at one program, for one applicant, as of the day of the screening.

    `by_signal` gives it by the kind of signal sent: "" for none, then each kind that the program may read. `groups` are the groups of
    applicants whose rates it starts from; two where the profile does not say which. `waits_for` names the strict requirements of
    which it is not known whether the file meets them: then nobody knows whether it would be read, and every low end is 0.
    `is_capped`: what is expected of the odds together, with some kind of signal or none, went past the cap and was cut.
    """

    program: str
    base: Rate
    groups: tuple[str, ...]
    moves: tuple[Move, ...]
    by_signal: Mapping[str, Range]
    is_capped: bool = False
    waits_for: tuple[str, ...] = ()

    @property
    def without_signal(self) -> Range:
        """The chance where no signal is sent."""
        return self.by_signal[NO_SIGNAL]

    def moves_with(self, signal: str) -> tuple[Move, ...]:
        """What moves the chance where a kind of signal is sent ("" for none)."""
        return tuple(move for move in self.moves if move.signal in (None, signal))


def chances(screening: Screening, engine: Matcher | str = "") -> Mapping[str, Chance | None]:
    """The chance at each program by its id, in the order of the catalogue; None where there is none to give (`why_none`).

    Raises Problems where a parameter of reckoning is missing or impossible, and for a vocabulary without what rules say of chances.
    """
    reckoner = Reckoner(screening)
    candidates = [one for one in screening.programs if one.blocking is None]
    concluded = concluded_at(screening, [one.fact for one in candidates], engine)
    found = {one.listing.id: reckoner.chance(one, causes) for one, causes in zip(candidates, concluded, strict=True)}
    return {one.listing.id: found.get(one.listing.id) for one in screening.programs}


def why_none(one: Screened) -> str:
    """Why a program without a chance has none: it is closed by what it states (`closed`), or no rate is known (`no_rate`)."""
    return NO_RATE if one.blocking is None else CLOSED


class Reckoner:
    """Reckons chances at the programs of a screening. Raises Problems as `chances` does."""

    def __init__(self, screening: Screening) -> None:
        types = screening.consultation.derivation.compiled.vocabulary.types
        lacking = [name for name in (ODDS, GROUP) if name not in types]
        if lacking:
            raise Problems([_not_said(name) for name in lacking])
        figures = screening.consultation.figures
        self._reference = reference_of((one.fact for one in screening.programs), figures)
        self._figures = OddsFigures(figures, self._reference.reckoning)
        self._fields = types[ODDS].fields

    def chance(self, one: Screened, concluded: Concluded) -> Chance | None:
        """The chance at a program; None where no rate is known."""
        base = self._base(one.fact, concluded.groups)
        if base is None:
            return None
        moves = tuple(self._moves(one.fact, base, concluded))
        kinds = (NO_SIGNAL, *dict.fromkeys(move.signal for move in moves if move.signal))
        waits = tuple(gate.name for gate in one.unknown if gate.is_strict)
        by_signal: dict[str, Range] = {}
        is_capped = False
        for kind in kinds:
            odds = _product(move for move in moves if move.signal in (None, kind))
            cut = self._cut(odds)
            is_capped = is_capped or cut.expected != odds.expected
            by_signal[kind] = _moved(base, cut, may_be_closed=bool(waits))
        return Chance(one.listing.id, base, concluded.groups, moves, by_signal, is_capped, waits)

    def _base(self, program: Fact, groups: tuple[str, ...]) -> Rate | None:
        """The rate of the group, or from the lower to the higher where it may be one or the other."""
        kinds = [kind for group in groups if (kind := applicant_type_of(group)) is not None]
        rates = [rate_of(program, kind, self._reference) for kind in kinds]
        known = [rate for rate in rates if rate is not None]
        if not known or len(known) < len(rates):
            return None
        return known[0] if len(known) == 1 else _over(known)

    def _moves(self, program: Fact, base: Rate, concluded: Concluded) -> Iterator[Move]:
        for cause in concluded.causes:
            if cause.name != SIGNAL:
                odds = self._figures.odds(cause.fact, program)
                yield self._move(cause, odds if cause.is_settled else _perhaps(odds))
        signals = [cause for cause in concluded.causes if cause.name == SIGNAL and cause.is_settled]
        if signals:
            rate = Spread(base.low, base.expected, base.high)
            spreads = with_signals(signals_at(program, (cause.fact for cause in signals), self._figures), rate)
            none = spreads[NO_SIGNAL]
            words = self._words(SIGNAL, ABSENT)
            yield Move(SIGNAL, "", none.low, none.expected, none.high, words, NO_SIGNAL)
            for cause in signals:
                kind = str(cause.fact.get(SIGNAL))
                yield self._move(cause, spreads[kind], kind)

    def _move(self, cause: Cause, odds: Spread, signal: str | None = None) -> Move:
        return Move(
            cause.name,
            cause.firing.rule_id,
            odds.low,
            odds.expected,
            odds.high,
            self._words(cause.name, signal),
            signal,
            cause.is_settled,
            cause.firing,
            cause.program,
        )

    def _words(self, name: str, signal: Slot | None) -> str:
        words = value_text(name, self._fields[NAME])
        return words if signal is None else f"{words}: {value_text(signal, self._fields[SIGNAL])}"

    def _cut(self, odds: Spread) -> Spread:
        cap = self._figures.cap
        return Spread(*(min(max(ratio, 1 / cap), cap) for ratio in (odds.low, odds.expected, odds.high)))


def _not_said(name: str) -> Diagnostic:
    message = f"The vocabulary has no '{name}', by which rules say what a chance of an interview is reckoned from."
    hint = (
        "Take over the vocabulary and rules on chances: 'smartpick init --upgrade' lays the shipped files beside yours."
    )
    return Diagnostic("chances.vocabulary", message, hint, Location("knowledge/vocabulary"))


def _perhaps(odds: Spread) -> Spread:
    """The spread of what may hold or not: nothing is expected of it."""
    return Spread(min(odds.low, 1.0), 1.0, max(odds.high, 1.0))


def _product(moves: Iterable[Move]) -> Spread:
    low, expected, high = UNMOVED.low, UNMOVED.expected, UNMOVED.high
    for move in moves:
        low, expected, high = low * move.low, expected * move.expected, high * move.high
    return Spread(low, expected, high)


def _moved(base: Rate, odds: Spread, *, may_be_closed: bool) -> Range:
    """A base rate with its odds multiplied. Errors may go one way together, so that the ends are moved by the ends."""
    expected = _times(base.expected, odds.expected)
    low = 0.0 if may_be_closed else min(_times(base.low, odds.low), expected)
    return Range(low, expected, max(_times(base.high, odds.high), expected))


def _times(share: float, ratio: float) -> float:
    """The share whose odds are so many times those of another, both between 0 and 1."""
    return share * ratio / (1 - share + share * ratio)


def _over(rates: Sequence[Rate]) -> Rate:
    """From the lowest of several rates to the highest, and what is expected in the middle of their log-odds."""
    expected = [min(max(rate.expected, _TINY), 1 - _TINY) for rate in rates]
    middle = from_log_odds(sum(map(log_odds, expected)) / len(expected))
    low, high = min(rate.low for rate in rates), max(rate.high for rate in rates)
    farthest = max(rates, key=lambda rate: _OF.index(rate.of))
    fields, sources = (
        ", ".join(dict.fromkeys(filter(None, texts))) for texts in ([r.field for r in rates], [r.source for r in rates])
    )
    cases = [rate.cases for rate in rates if rate.cases is not None]
    return Rate(min(max(middle, low), high), low, high, farthest.of, fields, min(cases, default=None), sources)
