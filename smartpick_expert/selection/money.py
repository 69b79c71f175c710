"""Fees as whole numbers: in one unit that all of them are multiples of, by stretches on which the cost is a straight line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    """From the `first` to the `last` number of programs a specialty costs `base` + `each` a program, in units."""

    first: int
    last: int
    base: int
    each: int

    def cost(self, programs: int) -> int:
        """The cost of so many programs, which must lie in the stretch."""
        return self.base + self.each * programs


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
        """The cost of one to `most` programs. Where a fee is not known, it is as if nothing had to be paid."""
        steps = self.steps[specialty]
        found: list[Stretch] = []
        counted = paid = 0
        for step in () if isinstance(steps, Missing) else steps.steps:
            last = most if step.up_to is None else min(most, step.up_to)
            if last <= counted:
                continue
            fee = self.units(step.fee)
            found.append(Stretch(counted + 1, last, *((paid + fee, 0) if step.flat else (paid - fee * counted, fee))))
            paid, counted = found[-1].cost(last), last
        if counted < most:
            found.append(Stretch(counted + 1, most, paid, 0))
        return tuple(found)

    def affordable(self, specialty: str, most: int, budget: int) -> int:
        """How many programs of a specialty can be paid from so many units at the most."""
        found = 0
        for stretch in self.stretches(specialty, most):
            if stretch.cost(stretch.first) > budget:
                break
            found = min(stretch.last, (budget - stretch.base) // stretch.each) if stretch.each else stretch.last
        return found

    def below(self, cost: int, most: Mapping[str, int]) -> int:
        """The largest sum of fees under `cost` that up to `most` programs of each specialty can come to; -1 where there is none."""
        mask = (1 << cost) - 1
        # Bit n of this is set where n units can be spent; an amount due once may be in it or not.
        sums = 1 & mask
        for amount in self.once:
            sums |= sums << amount & mask
        for specialty, count in most.items():
            lines = ((one, n) for one in self.stretches(specialty, count) for n in range(one.first, one.last + 1))
            costs = {one.cost(n) for one, n in lines}
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
