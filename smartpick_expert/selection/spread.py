"""How many interviews a list may bring: the chance of each number, were invitations independent, and were they not.

Independent: exact, by adding one program after the other (Poisson-binomial). Under a correlation all programs look in part at
one and the same thing, the file: a one-factor Gaussian copula. Each program's own chance stays what it was; only how often
many or few come together changes. How strong it is nobody has measured; `selection.correlation` is our assumption.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import erf, exp, fsum, pi, sqrt
from statistics import NormalDist
from typing import Final

_NORMAL: Final = NormalDist()
# The common factor is integrated by the trapezoid rule, which is exact to rounding for a bell curve over these many deviations
# at this step; a strong correlation makes steeper functions of it, and the step smaller.
_DEVIATIONS: Final = 8.5
_STEP: Final = 0.1
# Beyond it the programs answer as one as nearly as anybody can tell.
_MOST_CORRELATION: Final = 0.999


def distribution(chances: Sequence[float], correlation: float = 0.0) -> tuple[float, ...]:
    """The chance of exactly 0, 1, ... interviews, to one from each program, whose chances (0 to 1) are given.

    `correlation` (0 to under 1) is that of the hidden scores behind any two invitations. Raises ValueError outside these ranges.
    """
    if not all(0 <= one <= 1 for one in chances):
        raise ValueError("a chance is not between 0 and 1")
    if not 0 <= correlation <= _MOST_CORRELATION:
        raise ValueError(f"a correlation of {correlation} is not between 0 and {_MOST_CORRELATION}")
    if not correlation:
        return _independent(chances)
    step = _STEP * sqrt(1 - correlation)
    reach = int(_DEVIATIONS / step)
    factors = [place * step for place in range(-reach, reach + 1)]
    weights = [step * exp(-factor * factor / 2) / sqrt(2 * pi) for factor in factors]
    parts = [_independent(_given(chances, correlation, factor)) for factor in factors]
    return tuple(
        fsum(weight * part[count] for weight, part in zip(weights, parts, strict=True))
        for count in range(len(chances) + 1)
    )


def at_least(chances: Sequence[float], count: int, correlation: float = 0.0) -> float:
    """The chance of at least so many interviews."""
    return min(1.0, fsum(distribution(chances, correlation)[max(0, count) :]))


def _independent(chances: Sequence[float]) -> tuple[float, ...]:
    found = [1.0]
    for chance in chances:
        miss = 1 - chance
        before = found
        found = [before[0] * miss]
        found += [more * miss + less * chance for less, more in pairwise(before)]
        found.append(before[-1] * chance)
    return tuple(found)


def _given(chances: Sequence[float], correlation: float, factor: float) -> list[float]:
    """Each chance once the common factor is known: the share of hidden scores that then pass the program's limit."""
    own = sqrt(1 - correlation)
    shared = sqrt(correlation) * factor
    limits: dict[float, float] = {}
    for chance in set(chances):
        if 0 < chance < 1:
            limits[chance] = _below((_NORMAL.inv_cdf(chance) + shared) / own)
    return [limits.get(chance, chance) for chance in chances]


def _below(deviations: float) -> float:
    return (1 + erf(deviations / sqrt(2))) / 2
