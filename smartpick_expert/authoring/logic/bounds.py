"""Numbers and days held against one another: whether any values meet all limits at once.

Each limit says that one is at most so much more than another; values exist exactly where no circle of such limits asks
something of a value that it cannot be to itself (less than it is).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from smartpick_expert.authoring.logic.situations import Demand, Moved, Place, Term
from smartpick_expert.language.model import Constant
from smartpick_expert.language.values import Slot
from smartpick_expert.language.vocabulary import Field

# What all values are measured from.
_ZERO: Final = 0
# An upper bound: how much, and 0 where the bound itself is allowed, else -1.
Bound = tuple[Fraction, int]
_UPPER: Final = {"at_most": 0, "below": -1}
_LOWER: Final = {"at_least": 0, "above": -1}
# More values than this are not held against one another: it would take too long.
_MAX_VALUES: Final = 40


class Bounds:
    """Limits between values, each value by a key of its own."""

    def __init__(self) -> None:
        self._most: dict[tuple[int, int], Bound] = {}
        self._keys: dict[int, None] = {_ZERO: None}

    def within(self, key: int, field: Field | None) -> None:
        """A value keeps the bounds that the vocabulary gives its field."""
        if field is not None and field.minimum is not None:
            self._at_most(_ZERO, key, -Fraction(field.minimum), 0)
        if field is not None and field.maximum is not None:
            self._at_most(key, _ZERO, Fraction(field.maximum), 0)

    def add(self, key: int, demand: Demand, key_of: Callable[[Place], int | None]) -> None:
        """Take up one test of order; what is held against anything but a number, a day or another value is left out."""
        name = demand.operator.name
        sides = list(demand.terms)
        if name == "between":
            self._limit(key, "at_least", sides[0], key_of)
            self._limit(key, "at_most", sides[1], key_of)
        elif name == "is":
            self._limit(key, "at_least", sides[0], key_of)
            self._limit(key, "at_most", sides[0], key_of)
        else:
            self._limit(key, name, sides[0], key_of)

    def _limit(self, key: int, name: str, term: Term, key_of: Callable[[Place], int | None]) -> None:
        if isinstance(term, Constant):
            other, by = _ZERO, _number(term.value)
        else:
            place, moved = (term.place, term.by) if isinstance(term, Moved) else (term, 0)
            found = key_of(place)
            if found is None:
                return
            other, by = found, Fraction(moved)
        if by is None:
            return
        if name in _UPPER:
            self._at_most(key, other, by, _UPPER[name])
        elif name in _LOWER:
            self._at_most(other, key, -by, _LOWER[name])

    def _at_most(self, one: int, other: int, by: Fraction, strict: int) -> None:
        """One value is at most (with `strict` -1: less than) another one and so much more."""
        self._keys[one] = self._keys[other] = None
        bound = (by, strict)
        if (one, other) not in self._most or bound < self._most[one, other]:
            self._most[one, other] = bound

    def are_impossible(self) -> bool:
        """Whether no values meet all the limits."""
        keys = list(self._keys)
        if len(keys) > _MAX_VALUES:
            return False
        most = dict(self._most)
        for middle in keys:
            for first in keys:
                if (first, middle) not in most:
                    continue
                for last in keys:
                    if (middle, last) in most:
                        one, other = most[first, middle], most[middle, last]
                        # Of two strict bounds the sum is strict, once.
                        bound = (one[0] + other[0], max(-1, one[1] + other[1]))
                        if (first, last) not in most or bound < most[first, last]:
                            most[first, last] = bound
        return any(most.get((key, key), (Fraction(0), 0)) < (Fraction(0), 0) for key in keys)


def _number(value: Slot) -> Fraction | None:
    if isinstance(value, date):
        return Fraction(value.toordinal())
    return None if isinstance(value, bool | str | tuple) or not isinstance(value, int | Decimal) else Fraction(value)
