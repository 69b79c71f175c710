"""How well hidden rates were predicted, beside simply taking the specialty's median: errors, and a table of reliability.

What programs say of all their applicants together validates nothing about a person, and nothing here is about one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from smartpick_expert.chances.hiding import Hidden, HiddenHalf
from smartpick_expert.chances.intervals import within

# A mean that lies so many of its standard errors off is not put down to chance.
_CLEAR = 2
# Rates that differ by less are one: how a logarithm is rounded depends on the machine.
_DIGITS = 9


class Verdict(StrEnum):
    """What a comparison comes to, by the difference program by program. SAME: there is none. UNCLEAR: it may be chance."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    UNCLEAR = "unclear"


class Measure(StrEnum):
    """A measure of error. ABSOLUTE: mean distance. SQUARED: root of the mean squared distance.

    DEVIANCE: twice the logarithm of how much likelier the stated rates make themselves than the predicted ones, for each hundred
    applicants. The last two are least in expectation for whoever predicts the true share; the first favours the median.
    """

    ABSOLUTE = "absolute"
    SQUARED = "squared"
    DEVIANCE = "deviance"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One measure: our error and that of the median, the less the better, and which of them is to be believed better."""

    measure: Measure
    ours: float
    median: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Band:
    """The programs whose predicted rate lies from `low` up to `high`, which is not included.

    `predicted` and `stated` are means over them, and `within` counts those whose stated rate lies in its range.
    """

    low: float
    high: float
    programs: int
    predicted: float
    stated: float
    within: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """A hidden half with what came of it. `by_sibling` counts the hidden programs that the sibling's rate predicted.

    `is_counted` tells that every hidden program states how many applied, which then weigh in the deviance. `all` is the band of
    all programs. `held` compares how often ranges held the stated rate with the nominal share: BETTER is more often, WORSE less
    often, UNCLEAR neither for sure.
    """

    half: HiddenHalf
    by_sibling: int
    is_counted: bool
    comparisons: tuple[Comparison, ...]
    bands: tuple[Band, ...]
    all: Band
    nominal: float
    held: Verdict

    @property
    def no_better(self) -> tuple[Comparison, ...]:
        """The measures by which our prediction is not surely better than the median."""
        return tuple(one for one in self.comparisons if one.verdict is not Verdict.BETTER)


def calibrate(half: HiddenHalf, ends: Iterable[float], own_cases: float, nominal: float) -> Calibration:
    """What came of a hidden half. `ends` are where bands end, in order, between 0 and 1.

    `own_cases` draws a median of 0 off it, in the deviance alone.
    """
    hidden = half.hidden
    is_counted = all(one.applied is not None for one in hidden)
    everything = _band(hidden, 0.0, 1.0)
    limits = (0.0, *ends, 1.0)
    bands = [_band([one for one in hidden if low <= _rounded(one) < high], low, high) for low, high in pairwise(limits)]
    spread = math.sqrt(nominal * (1 - nominal) / len(hidden))
    return Calibration(
        half,
        sum(1 for one in hidden if one.predicted.of == "sibling"),
        is_counted,
        tuple(_comparisons(half, own_cases, is_counted=is_counted)),
        tuple(band for band in bands if band.programs),
        everything,
        nominal,
        _verdict(nominal - everything.within / everything.programs, spread),
    )


def deviance(stated: float, predicted: float) -> float:
    """Twice the log-likelihood that a predicted share (strictly between 0 and 1) loses on a stated one, for each applicant."""
    lost = stated * math.log(stated / predicted) if stated > 0 else 0.0
    lost += (1 - stated) * math.log((1 - stated) / (1 - predicted)) if stated < 1 else 0.0
    return 2 * lost


def _comparisons(half: HiddenHalf, own_cases: float, *, is_counted: bool) -> Iterable[Comparison]:
    hidden, median = half.hidden, half.median.rate
    least = within(median, own_cases)
    equal = [1.0] * len(hidden)
    weights = [float(one.applied or 0) for one in hidden] if is_counted else equal

    def distance(one: Hidden, predicted: float) -> float:
        return abs(one.stated - predicted)

    def squared(one: Hidden, predicted: float) -> float:
        return (one.stated - predicted) ** 2

    def lost(one: Hidden, predicted: float) -> float:
        return 100 * deviance(one.stated, predicted)

    yield _compared(Measure.ABSOLUTE, hidden, distance, median, equal)
    root = _compared(Measure.SQUARED, hidden, squared, median, equal)
    yield Comparison(root.measure, math.sqrt(root.ours), math.sqrt(root.median), root.verdict)
    yield _compared(Measure.DEVIANCE, hidden, lost, least, weights)


def _compared(
    measure: Measure,
    hidden: Sequence[Hidden],
    error: Callable[[Hidden, float], float],
    median: float,
    weights: Sequence[float],
) -> Comparison:
    ours = [error(one, one.predicted.expected) for one in hidden]
    theirs = [error(one, median) for one in hidden]
    total = math.fsum(weights)
    share = [weight / total for weight in weights]
    differences = [our - their for our, their in zip(ours, theirs, strict=True)]
    mean = _mean(differences, share)
    return Comparison(measure, _mean(ours, share), _mean(theirs, share), _verdict(mean, _spread(differences, share)))


def _spread(values: Sequence[float], share: Sequence[float]) -> float:
    """The standard error of a weighted mean of independent values; without end where a single one has all the weight."""
    free = 1 - math.fsum(part**2 for part in share)
    if free <= 0:
        return math.inf
    mean = _mean(values, share)
    return math.sqrt(math.fsum((part * (one - mean)) ** 2 for part, one in zip(share, values, strict=True)) / free)


def _verdict(difference: float, spread: float) -> Verdict:
    """Below 0 is better."""
    if round(difference, _DIGITS) == 0 and round(spread, _DIGITS) == 0:
        return Verdict.SAME
    if abs(difference) <= _CLEAR * spread:
        return Verdict.UNCLEAR
    return Verdict.BETTER if difference < 0 else Verdict.WORSE


def _mean(values: Sequence[float], share: Sequence[float]) -> float:
    return math.fsum(part * value for part, value in zip(share, values, strict=True))


def _rounded(one: Hidden) -> float:
    return round(one.predicted.expected, _DIGITS)


def _band(hidden: Sequence[Hidden], low: float, high: float) -> Band:
    count = len(hidden)
    if not count:
        return Band(low, high, 0, 0.0, 0.0, 0)
    predicted = math.fsum(one.predicted.expected for one in hidden) / count
    stated = math.fsum(one.stated for one in hidden) / count
    return Band(low, high, count, predicted, stated, sum(1 for one in hidden if one.is_within))
