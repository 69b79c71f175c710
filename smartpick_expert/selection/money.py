"""Fees as whole numbers: in one unit that all of them are multiples of, by stretches of programs at one price."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import gcd, lcm
from operator import or_

from smartpick_expert.knowledge.fees import Steps
from smartpick_expert.language.values import Missing, Number
from smartpick_expert.selection.problem import Problem


@dataclass(frozen=True, slots=True)
class Stretch:
    """So many programs of a specialty, after those of the stretches before it, at `each` units apiece and `flat` units together."""

    programs: int
    flat: int
    each: int


@dataclass(frozen=True, slots=True)
class Tariffs:
    """The fees of a problem in whole units. `once` has an amount for each entry of the problem's."""

    unit: Fraction
    once: tuple[int, ...]
    steps: dict[str, Steps | Missing]

    def units(self, amount: Number) -> int:
        """An amount in whole units; what is left over is dropped."""
        return int(Fraction(amount) // self.unit)

    def stretches(self, specialty: str, most: int) -> tuple[Stretch, ...]:
        """The fees of one to `most` programs, in order. Where a fee is not known, it is as if nothing had to be paid."""
        steps = self.steps[specialty]
        found: list[Stretch] = []
        counted = 0
        for step in () if isinstance(steps, Missing) else steps.steps:
            last = most if step.up_to is None else min(most, step.up_to)
            if last > counted:
                fee = self.units(step.fee)
                found.append(Stretch(last - counted, *((fee, 0) if step.flat else (0, fee))))
                counted = last
        if counted < most:
            found.append(Stretch(most - counted, 0, 0))
        return tuple(found)

    def sums(self, specialty: str, most: int) -> Iterator[int]:
        """What one, two, ... and `most` programs cost."""
        paid = 0
        for stretch in self.stretches(specialty, most):
            paid += stretch.flat
            for _ in range(stretch.programs):
                paid += stretch.each
                yield paid

    def affordable(self, specialty: str, most: int, budget: int) -> int:
        """How many programs of a specialty can be paid from so many units at the most."""
        return sum(paid <= budget for paid in self.sums(specialty, most))

    def below(self, cost: int, most: Mapping[str, int]) -> int:
        """The largest sum of fees under `cost` that up to `most` programs of each specialty can come to; -1 where there is none."""
        mask = (1 << cost) - 1
        # Bit n of this is set where n units can be spent; an amount due once may be in it or not.
        sums = 1 & mask
        for amount in self.once:
            sums |= sums << amount & mask
        for specialty, count in most.items():
            costs = {*self.sums(specialty, count)}
            sums = reduce(or_, (sums << one & mask for one in costs), sums)
        return sums.bit_length() - 1


def tariffs(problem: Problem) -> Tariffs:
    """The fees of a problem, assistance taken off, in the largest unit that all of them are multiples of."""
    steps = {name: problem.fee(name) for name in problem.specialties}
    once = [Fraction(one.cost.amount) for one in problem.once]
    fees = [Fraction(step.fee) for one in steps.values() if not isinstance(one, Missing) for step in one.steps]
    unit = _unit([*once, *fees])
    return Tariffs(unit, tuple(int(one / unit) for one in once), steps)


def _unit(amounts: Iterable[Fraction]) -> Fraction:
    paid = [one for one in amounts if one]
    if not paid:
        return Fraction(1)
    return Fraction(gcd(*(one.numerator for one in paid)), lcm(*(one.denominator for one in paid)))
