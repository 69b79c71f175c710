"""Choices that chance makes, the same for the same seed on every machine and every Python."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

_T = TypeVar("_T")


class Draw:
    """Draws by `Random.random` alone, which is promised to stay the same: a seed means one outcome on every Python."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance

    def below(self, end: int) -> int:
        """A number from 0 up to, and without, the end."""
        return int(self._chance.random() * end)

    def one_of(self, items: Sequence[_T]) -> _T:
        """One of them."""
        return items[self.below(len(items))]

    def often(self, tenths: int) -> bool:
        """True that many times in ten."""
        return self.below(10) < tenths

    def in_hundred(self, times: int) -> bool:
        """True that many times in a hundred."""
        return self.below(100) < times

    def some_of(self, items: Sequence[_T], least: int, most: int) -> list[_T]:
        """Some of them, in any order."""
        left = list(items)
        number = min(least + self.below(most - least + 1), len(left))
        return [left.pop(self.below(len(left))) for _ in range(number)]

    def shuffled(self, items: Sequence[_T]) -> tuple[_T, ...]:
        """All of them, in any order."""
        return tuple(self.some_of(items, len(items), len(items)))
