"""The values of a field that are worth trying: both sides of every limit that a rule holds it against.

Where a rule takes a field is followed in `held.py`. Of values that no rule can tell apart one is enough, which `signature`
says.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import date, timedelta
from decimal import Decimal

from smartpick_expert.engine.compiled import CompiledRules
from smartpick_expert.engine.readers import readers_of
from smartpick_expert.explain.held import OPEN_LIMIT, Held, affected_by
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.operators import Truth
from smartpick_expert.language.values import ABSENT, Missing, Number, Slot, exact_difference, exact_sum, normal_number
from smartpick_expert.language.vocabulary import Field, FieldType

ANYTHING_ELSE = "(anything else)"


class Limits:
    """What the rules hold fields against, on the facts of one consultation (`known`: the possible ones)."""

    def __init__(self, compiled: CompiledRules, known: Iterable[Fact]) -> None:
        self.vocabulary = compiled.vocabulary
        self.as_of = compiled.as_of
        self.readers = readers_of(compiled)
        self._held = Held(compiled, known)
        self._met: dict[tuple[Fact, str], tuple[frozenset[Slot], frozenset[Slot]]] = {}

    def is_read(self, fact: Fact, field: str) -> bool:
        """Whether any rule looks at the field in a fact that is otherwise like this one."""
        affected = self._affected(fact, field)
        return any(
            affected & (reader.fields | reader.joined) and reader.verdict(fact, affected) is not Truth.NO
            for reader in self.readers.get(fact.type, ())
        )

    def values(self, fact: Fact, field_name: str) -> tuple[Slot, ...]:
        """The values worth trying, in their order: all of a choice; for numbers and dates one on each side of every limit."""
        field = self.vocabulary.types[fact.type].fields[field_name]
        extra: tuple[Slot, ...] = (ABSENT,) if field.may_be_none else ()
        if field.type is FieldType.BOOLEAN:
            return (True, False)
        if field.type is FieldType.CHOICE and not field.many:
            return (*field.values, *extra)
        limits = sorted((limit for limit in self._limits(fact, field_name) if not isinstance(limit, Missing)), key=str)
        if field.type is FieldType.NUMBER:
            # A number that a rule waits for is one that is reported; `none` is no answer worth trying.
            return _numbers(field, (n for n in limits if isinstance(n, Number)))
        if field.type is FieldType.DATE:
            days = [day for day in limits if isinstance(day, date)] or [self.as_of]
            return (*sorted({day + timedelta(days=shift) for day in days for shift in (-1, 0, 1)}), *extra)
        words = [word for word in limits if isinstance(word, str)]
        if field.many:
            return _lists(fact.get(field_name), words)
        return (*words, ANYTHING_ELSE, *extra)

    def signature(self, fact: Fact, field: str, changed: Fact) -> Hashable:
        """What rules can see of the field where `changed` stands for the fact: changes that are alike here come to the same."""
        affected = self._affected(fact, field)
        readers = self.readers.get(fact.type, ())
        verdicts = tuple(reader.verdict(changed) for reader in readers if affected & reader.fields)
        _, joined = self._limits_of(fact, field)
        slot = changed.get(field)
        if isinstance(slot, str) and OPEN_LIMIT not in joined:
            return verdicts, slot if slot in joined else None
        if OPEN_LIMIT in joined or isinstance(slot, bool) or not isinstance(slot, int | Decimal | date):
            return verdicts, slot if joined else None
        ordered = sorted(limit for limit in joined if isinstance(limit, date) == isinstance(slot, date))  # type: ignore[type-var]
        return verdicts, tuple((slot > limit) - (slot < limit) for limit in ordered)  # type: ignore[operator]

    def _affected(self, fact: Fact, field: str) -> frozenset[str]:
        return affected_by(field, self.vocabulary.types[fact.type])

    def _limits(self, fact: Fact, field: str) -> frozenset[Slot]:
        return frozenset().union(*self._limits_of(fact, field))

    def _limits_of(self, fact: Fact, field: str) -> tuple[frozenset[Slot], frozenset[Slot]]:
        """The limits that are constants of tests of the field itself, and all others."""
        key = (fact, field)
        if key not in self._met:
            plain: set[Slot] = set()
            joined: set[Slot] = set()
            for name in self._affected(fact, field):
                for limit, is_plain in self._held.against(fact.type, name, fact):
                    found = limit if name == field else _turned_back(limit, fact, field, self._computed(fact, name))
                    (plain if is_plain else joined).update(() if found is None else (found,))
            self._met[key] = (frozenset(plain), frozenset(joined))
        return self._met[key]

    def _computed(self, fact: Fact, name: str) -> tuple[str, str]:
        return self.vocabulary.types[fact.type].fields[name].computed or ("", "")


def _turned_back(limit: Slot, fact: Fact, field: str, computed: tuple[str, str]) -> Slot | None:
    """The value of the field at which one computed from it comes to the limit."""
    first, second = computed
    other = fact.get(second if field == first else first)
    if isinstance(limit, Missing):
        return limit
    if isinstance(limit, int | Decimal) and isinstance(other, int | Decimal):
        return exact_sum(limit, other) if field == first else exact_difference(other, limit)
    return None


def _numbers(field: Field, limits: Iterable[Number]) -> tuple[Slot, ...]:
    step = 1 if field.whole else field.step
    points = {point for limit in limits for point in (limit - step, limit, limit + step)}
    if field.minimum is not None:
        points.add(field.minimum)
    if field.maximum is not None:
        points.add(field.maximum)
    low = field.minimum if field.minimum is not None else min(points, default=0)
    high = field.maximum if field.maximum is not None else max(points, default=0)
    return tuple(normal_number(point) for point in sorted(point for point in points if low <= point <= high))


def _lists(now: Slot, words: list[str]) -> tuple[Slot, ...]:
    """Nothing, each word alone, and what is there now with one word more or less."""
    found: dict[Slot, None] = dict.fromkeys([(), *((word,) for word in words)])
    if isinstance(now, tuple):
        for word in words:
            found[tuple(item for item in now if item != word) if word in now else (*now, word)] = None
    return tuple(found)
