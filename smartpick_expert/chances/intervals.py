"""Shares and what they leave open: log-odds, and the range of a share that rests on so many cases."""

from __future__ import annotations

import math
from statistics import NormalDist


def log_odds(share: float) -> float:
    """The logarithm of the odds of a share strictly between 0 and 1."""
    return math.log(share / (1 - share))


def from_log_odds(value: float) -> float:
    """The share whose log-odds a number is, between 0 and 1; no number is too large for it."""
    if value >= 0:
        return 1 / (1 + math.exp(-value))
    odds = math.exp(value)
    return odds / (1 + odds)


def within(share: float, cases: float) -> float:
    """A share drawn off 0 and 1: no case in so many is taken as half a case in one more, as Jeffreys has it, and all cases likewise.

    A share that was seen as 0 is not a chance of 0. Shares between the two ends stay as they are.
    """
    least = 0.5 / (cases + 1)
    return min(max(share, least), 1 - least)


def interval(share: float, cases: float, nominal: float) -> tuple[float, float]:
    """The range of a share seen on so many cases (more than 0), by Wilson's formula; it holds the share and lies within 0 and 1.

    `nominal` is how often such a range is meant to hold what is true, strictly between 0 and 1.
    """
    z = NormalDist().inv_cdf((1 + nominal) / 2)
    middle = share + z * z / (2 * cases)
    half = z * math.sqrt(share * (1 - share) / cases + z * z / (4 * cases * cases))
    scale = 1 + z * z / cases
    low, high = (middle - half) / scale, (middle + half) / scale
    return max(0.0, min(low, share)), min(1.0, max(high, share))
