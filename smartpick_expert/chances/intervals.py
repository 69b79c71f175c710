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
    """The range of a share seen on so many cases (more than 0); it holds the share and lies within 0 and 1.

    It is reckoned on the scale of angles, on which shares spread alike wherever they lie (the angle whose sine squared is the
    share), so that it neither leaves out 0 where shares are small nor passes it. `nominal` is how often such a range is meant to hold
    what is true, strictly between 0 and 1.
    """
    angle = math.asin(math.sqrt(share))
    half = NormalDist().inv_cdf((1 + nominal) / 2) / (2 * math.sqrt(cases))
    low = math.sin(max(0.0, angle - half)) ** 2
    high = math.sin(min(math.pi / 2, angle + half)) ** 2
    return min(low, share), max(high, share)
