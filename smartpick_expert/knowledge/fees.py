"""What applications cost: fees by steps, and sums that say when they are only a lower bound.

Amounts are exact: integers, or decimals that are never rounded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from smartpick_expert.language.values import Missing, Number, exact_product, exact_quotient, exact_sum


@dataclass(frozen=True, slots=True)
class Step:
    """The fee up to a number of programs (None: for all further ones): for each, or once for the whole step (`flat`)."""

    up_to: int | None
    fee: Number
    flat: bool = False


@dataclass(frozen=True, slots=True)
class Charge:
    """What one step comes to for so many programs."""

    programs: int
    fee: Number
    flat: bool

    @property
    def amount(self) -> Number:
        """The fee for these programs together."""
        return self.fee if self.flat else exact_product(self.fee, self.programs)


@dataclass(frozen=True, slots=True)
class Steps:
    """A fee by steps, in order. Past a last step that ends, the fee is not known."""

    steps: tuple[Step, ...]

    def charges(self, programs: int) -> tuple[Charge, ...]:
        """What each step comes to. Programs past the last step are in none of them."""
        found: list[Charge] = []
        counted = 0
        for step in self.steps:
            end = programs if step.up_to is None else min(programs, step.up_to)
            if end > counted:
                found.append(Charge(end - counted, step.fee, step.flat))
                counted = end
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Cost:
    """A sum of fees. `unknown` names the fees that are not known; the amount is then the least it can be."""

    amount: Number = 0
    unknown: tuple[str, ...] = ()

    @property
    def is_lower_bound(self) -> bool:
        """Whether some part of it is not known."""
        return bool(self.unknown)

    def __add__(self, other: Cost) -> Cost:
        return Cost(exact_sum(self.amount, other.amount), tuple(dict.fromkeys((*self.unknown, *other.unknown))))


def applications_cost(name: str, steps: Steps | Missing, programs: int | None) -> Cost:
    """The cost of applying to so many programs of one specialty; every specialty starts again at the first step.

    It is a lower bound where the fee, the number of programs, or the fee past the last step is not known.
    """
    if isinstance(steps, Missing) or programs is None:
        return Cost(0, (name,))
    charges = steps.charges(programs)
    known = total(Cost(charge.amount) for charge in charges)
    return known if sum(charge.programs for charge in charges) == programs else known + Cost(0, (name,))


def assisted(steps: Steps, share: Number, programs: int) -> Steps:
    """The fees with a share (0 to 1) off for the first so many programs, the step in which they end parted there.

    A flat step that reaches beyond them cannot be parted, and stays as it is.
    """
    found: list[Step] = []
    counted = 0
    for step in steps.steps:
        left = Fraction(step.fee) * (1 - Fraction(share))
        lower = replace(step, fee=exact_quotient(left.numerator, left.denominator))
        is_within = step.up_to is not None and step.up_to <= programs
        if counted < programs and not is_within and not step.flat:
            found.append(replace(lower, up_to=programs))
        found.append(lower if is_within else step)
        counted = programs if step.up_to is None else step.up_to
    return Steps(tuple(found))


def fee_cost(name: str, fee: Number | Missing) -> Cost:
    """A single fee as a cost."""
    return Cost(0, (name,)) if isinstance(fee, Missing) else Cost(fee)


def total(costs: Iterable[Cost]) -> Cost:
    """The sum. One unknown part makes it a lower bound."""
    return sum(costs, Cost())


def money(amount: Number) -> str:
    """An amount as it is read: thousands apart, cents where there are any."""
    return f"{amount:,}" if isinstance(amount, int) else f"{amount:,.2f}"
