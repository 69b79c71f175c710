"""The values of a field that are worth trying: both sides of every limit that a rule holds it against.

A field is followed to where a rule takes it: into the fields computed from it, into what it is compared with, into tallies,
and into the conclusions that copy it. Of values that no rule can tell apart one is enough, which `signature` says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from smartpick_expert.engine.compiled import CompiledRules
from smartpick_expert.engine.readers import Reader, readers_of, references_to
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import (
    Constant,
    Operand,
    Pattern,
    Reference,
    Rule,
    Shifted,
    Tally,
    TallyKind,
    Test,
    inner_patterns,
    inner_tallies,
)
from smartpick_expert.language.operators import Truth
from smartpick_expert.language.values import (
    ABSENT,
    UNKNOWN,
    Missing,
    Number,
    Slot,
    exact_difference,
    exact_sum,
    normal_number,
)
from smartpick_expert.language.vocabulary import Field, FieldType, Supplier

ANYTHING_ELSE = "(anything else)"
# A field and the facts of its type that it is a field of; the fact is None where it stands for what rules conclude.
_Seen = set[tuple[str, str]]
# Stands among limits for one that depends on what else comes out, so that no two values are taken for alike.
_OPEN_LIMIT = UNKNOWN


class Limits:
    """What the rules hold fields against, on the facts of one consultation (`known`: the possible ones)."""

    def __init__(self, compiled: CompiledRules, known: Iterable[Fact]) -> None:
        self.vocabulary = compiled.vocabulary
        self.as_of = compiled.as_of
        self.readers = readers_of(compiled)
        self._known: dict[str, list[Fact]] = defaultdict(list)
        for fact in known:
            self._known[fact.type].append(fact)
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
        if isinstance(slot, str) and _OPEN_LIMIT not in joined:
            return verdicts, slot if slot in joined else None
        if _OPEN_LIMIT in joined or isinstance(slot, bool) or not isinstance(slot, int | Decimal | date):
            return verdicts, slot if joined else None
        ordered = sorted(limit for limit in joined if isinstance(limit, date) == isinstance(slot, date))  # type: ignore[type-var]
        return verdicts, tuple((slot > limit) - (slot < limit) for limit in ordered)  # type: ignore[operator]

    def _affected(self, fact: Fact, field: str) -> frozenset[str]:
        """The field and those computed from it."""
        fields = self.vocabulary.types[fact.type].fields.values()
        return frozenset({field, *(one.name for one in fields if one.computed and field in one.computed)})

    def _limits(self, fact: Fact, field: str) -> frozenset[Slot]:
        return frozenset().union(*self._limits_of(fact, field))

    def _limits_of(self, fact: Fact, field: str) -> tuple[frozenset[Slot], frozenset[Slot]]:
        """The limits that are constants of tests of the field itself, and all others."""
        key = (fact, field)
        if key not in self._met:
            plain: set[Slot] = set()
            joined: set[Slot] = set()
            for name in self._affected(fact, field):
                for limit, is_plain in self._held_against(fact.type, name, fact, set()):
                    found = limit if name == field else _turned_back(limit, fact, field, self._computed(fact, name))
                    (plain if is_plain else joined).update(() if found is None else (found,))
            self._met[key] = (frozenset(plain), frozenset(joined))
        return self._met[key]

    def _computed(self, fact: Fact, name: str) -> tuple[str, str]:
        return self.vocabulary.types[fact.type].fields[name].computed or ("", "")

    def _held_against(self, type_name: str, field: str, fact: Fact | None, seen: _Seen) -> Iterator[tuple[Slot, bool]]:
        if (type_name, field) in seen:
            return
        seen.add((type_name, field))
        affected = self._affected(fact, field) if fact is not None else frozenset({field})
        for reader in self.readers.get(type_name, ()):
            if field not in reader.fields and field not in reader.joined:
                continue
            if fact is not None and reader.verdict(fact, affected) is Truth.NO:
                continue
            for test in reader.pattern.tests:
                if test.field == field:
                    plain = not any(test.references())
                    yield from ((limit, plain) for limit in self._operands(test, reader.rule))
            others = [*self._mirrored(reader.rule, reader.pattern.name, field), *self._copied(reader, field, seen)]
            yield from ((limit, False) for limit in (*others, *self._tallied(reader, field, fact, seen)))

    def _operands(self, test: Test, rule: Rule) -> Iterator[Slot]:
        """The values that a test holds a field against."""
        for operand in test.operands:
            base, by = _parts(operand)
            if isinstance(base, Constant):
                for slot in base.value if isinstance(base.value, tuple) else (base.value,):
                    yield from _moved(slot, by)
            elif isinstance(base, Reference):
                for slot in self._values_of(base, rule):
                    yield from _moved(slot, by)

    def _values_of(self, reference: Reference, rule: Rule) -> Iterator[Slot]:
        """The values that a field of another fact has, or the mark for what cannot be told beforehand."""
        owners = [p for c in rule.when for p in inner_patterns(c) if p.name == reference.name]
        if not owners:
            yield _OPEN_LIMIT
        for owner in owners:
            yield from self._field_values(owner, reference.field)

    def _field_values(self, pattern: Pattern, field: str) -> Iterator[Slot]:
        if self.vocabulary.types[pattern.fact_type].supplied_by is Supplier.RULES:
            yield _OPEN_LIMIT
        for fact in self._known[pattern.fact_type]:
            slot = fact.get(field)
            if slot is not ABSENT and slot is not UNKNOWN:
                yield slot

    def _mirrored(self, rule: Rule, name: str, field: str) -> Iterator[Slot]:
        """Fields elsewhere that are held against this one."""
        if not name:
            return
        for condition in rule.when:
            for pattern in inner_patterns(condition):
                for test in pattern.tests:
                    for by in _shifts(test, name, field):
                        for slot in self._field_values(pattern, test.field):
                            yield from _moved(slot, -by)
            for tally in inner_tallies(condition):
                # A tally that is held against the field depends on whatever is tallied.
                if any(True for limit in tally.limits for _ in _shifts(limit, name, field)):
                    yield _OPEN_LIMIT

    def _copied(self, reader: Reader, field: str, seen: _Seen) -> Iterator[Slot]:
        """What the fields are held against that conclusions copy this one into."""
        if reader.pattern.name:
            yield from self._concluded(reader.rule, Reference(reader.pattern.name, field), seen)

    def _concluded(self, rule: Rule, source: Reference, seen: _Seen) -> Iterator[Slot]:
        for conclusion in rule.then:
            for name, operand in conclusion.values:
                if operand == source:
                    yield from (limit for limit, _ in self._held_against(conclusion.fact_type, name, None, seen))

    def _tallied(self, reader: Reader, field: str, fact: Fact | None, seen: _Seen) -> Iterator[Slot]:
        """The values at which a tally of the field comes to what it is held against."""
        for condition in reader.rule.when:
            for tally in inner_tallies(condition):
                if tally.pattern is not reader.pattern or tally.of != field:
                    continue
                limits = [slot for limit in tally.limits for slot in self._operands(limit, reader.rule)]
                if tally.name:
                    limits += self._mirrored(reader.rule, tally.name, "value")
                    limits += self._concluded(reader.rule, Reference(tally.name, "value"), seen)
                    limits += [_OPEN_LIMIT] * any(
                        isinstance(place, Test) for _, place in references_to(reader.rule, tally.name)
                    )
                yield from self._through(tally, reader, fact, limits)

    def _through(self, tally: Tally, reader: Reader, fact: Fact | None, limits: list[Slot]) -> Iterator[Slot]:
        if tally.kind is TallyKind.TOTAL:
            rest = self._rest(reader, tally.of, fact)
            if rest is None:
                yield _OPEN_LIMIT
            for limit in limits:
                if isinstance(limit, Number) and not isinstance(limit, bool):
                    yield exact_difference(limit, rest or 0)
                else:
                    yield limit
        elif tally.kind is TallyKind.COUNT:
            # Which values there are, and not how large they are, makes a count of different ones.
            yield from self._field_values(reader.pattern, tally.of)
        else:
            yield from limits

    def _rest(self, reader: Reader, field: str, fact: Fact | None) -> Number | None:
        """What the others come to that are tallied together with the fact; None where that is not settled."""
        joins = [test.field for test in reader.pattern.tests if any(test.references())]
        total: Number = 0
        for other in self._known[reader.pattern.fact_type]:
            if other == fact or (fact is not None and any(other.get(name) != fact.get(name) for name in joins)):
                continue
            verdict = reader.verdict(other)
            slot = other.get(field)
            if verdict is Truth.UNKNOWN or (verdict is Truth.YES and slot is UNKNOWN):
                return None
            if verdict is Truth.YES and isinstance(slot, Number) and not isinstance(slot, bool):
                total = exact_sum(total, slot)
        return total


def _parts(operand: Operand) -> tuple[Operand, Number]:
    return (operand.base, operand.by) if isinstance(operand, Shifted) else (operand, 0)


def _shifts(test: Test, name: str, field: str) -> Iterator[Number]:
    """By how much the field is moved wherever a test holds something against it."""
    for operand in test.operands:
        base, by = _parts(operand)
        if isinstance(base, Reference) and (base.name, base.field) == (name, field):
            yield by


def _moved(slot: Slot, by: Number) -> Iterator[Slot]:
    if isinstance(slot, tuple):
        yield from slot
    elif by and isinstance(slot, int | Decimal) and not isinstance(slot, bool):
        yield exact_sum(slot, by)
    elif slot is not ABSENT:
        yield slot


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
