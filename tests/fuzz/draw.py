"""Chances taken: values of a field as an author would write them, and now and then as none would."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from smartpick_expert.language.vocabulary import Field, FieldType
from tests.fuzz.mutations import NASTY
from tests.fuzz.trees import Raw, Tree

_TEXTS: Final = (
    "a",
    "b",
    "a",
    "b",
    "TX",
    "Zürich",
    "true",
    "1",
    "low",
    'say "low"\\',
    "$$a",
    "北京",
    "two words",
    "{not} a: [hole]",
)
DAYS: Final = ("2026-09-10", "2026-09-11", "2025-12-31", "2024-02-29", "0001-01-01", "9999-12-31")


@dataclass(frozen=True)
class Draw:
    """Chances taken; `slips` is how often in a thousand something is drawn wrong on purpose."""

    chance: Random
    slips: int = 8

    def often(self, hundredths: int) -> bool:
        """True that many times in a hundred."""
        return self.chance.randrange(100) < hundredths

    def slip(self) -> bool:
        """True now and then."""
        return self.chance.randrange(1000) < self.slips

    def value(self, one: Field, *, escaped: bool = False) -> Tree:
        """A single value of a field as it is written; in a rule, texts that begin with a dollar sign have two."""
        chance = self.chance
        if self.slip():
            return chance.choice(NASTY)
        if one.type is FieldType.BOOLEAN:
            return Raw(chance.choice(("true", "false", "yes", "no", "True", "NO")))
        if one.type is FieldType.NUMBER:
            return Raw(self._number(one))
        if one.type is FieldType.DATE:
            return Raw(chance.choice(DAYS))
        if one.type is FieldType.CHOICE:
            return chance.choice(tuple(one.values) or ("a",))
        if one.type is FieldType.LABEL:
            return f"{one.of or 'thing'}-{chance.randrange(1, 4)}"
        text = chance.choice(_TEXTS)
        return text if escaped else text.replace("$$", "$")

    def _number(self, one: Field) -> str:
        low = int(one.minimum) if one.minimum is not None else -3
        high = int(one.maximum) if one.maximum is not None else 300
        near = self.chance.choice((low, high, low + 1, 0, 1, 2, 3, 10, 230, 2026, (low + high) // 2))
        text = str(min(max(near, low), high))
        if not one.whole and self.often(10) and low < int(text) < high:
            text += self.chance.choice((".5", ".0", ".25", ".000000000001"))
        return f"{text} {one.unit}" if one.unit.isalpha() and self.often(5) else text

    def item(self, one: Field) -> Tree:
        """A value of a field, which may be a list, nothing, or not known."""
        if self.often(12):
            return Raw("")
        if one.may_be_none and self.often(15):
            return "none"
        if one.many:
            return [self.value(one) for _ in range(self.chance.choice((0, 1, 2, 2, 3)))]
        return self.value(one)
