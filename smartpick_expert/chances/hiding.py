"""Rates hidden to be predicted: those for one kind of applicant, at half of a specialty's programs, from what is left.

Which half is decided by a seed and the programs' ids, so that neither the order of rows nor a rate decides it. What is hidden
has no part in any prediction.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256

from smartpick_expert.chances.rates import Rate, rate_of
from smartpick_expert.chances.reference import (
    Reckoning,
    Reference,
    Typical,
    applied,
    cases_field,
    own_medians,
    rate_field,
    stated_rate,
)
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.values import UNKNOWN


@dataclass(frozen=True, slots=True)
class Hidden:
    """A program whose rate was hidden: what it states, of how many applicants where it says, and what was predicted."""

    id: str
    stated: float
    applied: int | None
    predicted: Rate

    @property
    def is_within(self) -> bool:
        """Whether what it states lies in the predicted range, both in whole per cents, as rates are printed."""
        low, stated, high = (per_cents(share) for share in (self.predicted.low, self.stated, self.predicted.high))
        return low <= stated <= high


@dataclass(frozen=True, slots=True)
class HiddenHalf:
    """The hidden half of one specialty, for one kind of applicant. `stated` counts the programs that state the rate, hidden or not.

    `median` is that of the programs that were not hidden.
    """

    specialty: str
    applicant_type: str
    stated: int
    median: Typical
    hidden: tuple[Hidden, ...]


def per_cents(share: float) -> int:
    """A share in whole per cents."""
    return round(100 * share)


def hide(
    programs: Iterable[Fact], specialty: str, applicant_type: str, reckoning: Reckoning, seed: int
) -> HiddenHalf | None:
    """Half of a specialty's programs with their rates hidden and predicted, in the order of their ids; None where too few state the rate.

    Published medians have no part in them: they may have been made of the very rates that are hidden.
    """
    of_it = [program for program in programs if program.get("specialty") == specialty]
    known = sorted(_stating(of_it, applicant_type), key=lambda one: _lot(one, seed))
    chosen = sorted(known[: len(known) // 2], key=_label)
    labels = {_label(one) for one in chosen}
    left = [_without(one, applicant_type) if _label(one) in labels else one for one in of_it]
    reference = Reference(reckoning, own_medians(left, reckoning))
    median = reference.typical(specialty, applicant_type)
    if median is None or not chosen:
        return None
    hidden = (_hidden(one, applicant_type, reference) for one in chosen)
    return HiddenHalf(specialty, applicant_type, len(known), median, tuple(one for one in hidden if one is not None))


def needed(reckoning: Reckoning) -> int:
    """How many programs must state a rate so that those not hidden make a median."""
    return max(2, 2 * math.ceil(reckoning.least_programs) - 1)


def count_stating(programs: Iterable[Fact], specialty: str, applicant_type: str) -> int:
    """How many programs of a specialty state the rate for a kind of applicant."""
    return len(_stating((one for one in programs if one.get("specialty") == specialty), applicant_type))


def _stating(programs: Iterable[Fact], applicant_type: str) -> list[Fact]:
    return [program for program in programs if stated_rate(program, applicant_type) is not None]


def _label(program: Fact) -> str:
    return str(program.get("id"))


def _lot(program: Fact, seed: int) -> tuple[str, str]:
    label = _label(program)
    return sha256(f"{seed} {label}".encode()).hexdigest(), label


def _without(program: Fact, applicant_type: str) -> Fact:
    """The program as if it stated nothing of a kind of applicant."""
    hidden = (rate_field(applicant_type), cases_field(applicant_type))
    return replace(program, values=tuple((name, UNKNOWN if name in hidden else slot) for name, slot in program.values))


def _hidden(program: Fact, applicant_type: str, reference: Reference) -> Hidden | None:
    stated = stated_rate(program, applicant_type)
    predicted = rate_of(_without(program, applicant_type), applicant_type, reference)
    if stated is None or predicted is None:
        return None
    return Hidden(_label(program), stated, applied(program, applicant_type), predicted)
