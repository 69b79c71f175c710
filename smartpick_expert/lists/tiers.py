"""Reach, target and safer: where a program stands on a list, by the expected chance of an interview and by nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from smartpick_expert.knowledge.services import number_of
from smartpick_expert.language.values import UNKNOWN, Missing, Slot

REACH, TARGET, SAFER = "reach", "target", "safer"
TIERS: Final = (REACH, TARGET, SAFER)
TARGET_FROM, SAFER_FROM = "list.target_from", "list.safer_from"
PARAMETERS_READ: Final = (TARGET_FROM, SAFER_FROM)


def tier_of(expected: float, parameters: Mapping[str, Slot]) -> str:
    """The tier of an expected chance (0 to 1), by the limits of the day; empty where these are not known."""
    limits = limits_of(parameters)
    return TIERS[sum(expected >= limit for limit in limits)] if limits else ""


def limits_of(parameters: Mapping[str, Slot]) -> tuple[float, ...]:
    """The chances from which a program is a target, and safer; none where they are not both known."""
    found = [number_of(parameters.get(name)) for name in PARAMETERS_READ]
    return tuple(sorted(float(one) for one in found if not isinstance(one, Missing))) if UNKNOWN not in found else ()
