"""What the rules hold a field against, wherever they take it.

Into fields computed from it, beside fields of other facts, into tallies, and into the fields that conclusions copy it to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
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
from smartpick_expert.language.values import ABSENT, UNKNOWN, Number, Slot, exact_difference, exact_sum
from smartpick_expert.language.vocabulary import FactType, Supplier

# The fields followed so far, with their types: conclusions may hand a value round in a circle.
Seen = set[tuple[str, str]]
# Stands among limits for one that depends on what else comes out, so that no two values are taken for alike.
OPEN_LIMIT = UNKNOWN


def affected_by(field: str, fact_type: FactType) -> frozenset[str]:
    """The field and those computed from it."""
    computed = (one.name for one in fact_type.fields.values() if one.computed and field in one.computed)
    return frozenset({field, *computed})


class Held:
    """The limits of fields, on the facts of one consultation (`known`: the possible ones)."""

    def __init__(self, compiled: CompiledRules, known: Iterable[Fact]) -> None:
        self._types = compiled.vocabulary.types
        self._readers = readers_of(compiled)
        self._known: dict[str, list[Fact]] = defaultdict(list)
        for fact in known:
            self._known[fact.type].append(fact)

    def against(
        self, type_name: str, field: str, fact: Fact | None = None, seen: Seen | None = None
    ) -> Iterator[tuple[Slot, bool]]:
        """Each limit, and whether it is a constant of a test of this very field. `seen` are fields followed already."""
        seen = set() if seen is None else seen
        if (type_name, field) in seen:
            return
        seen.add((type_name, field))
        affected = affected_by(field, self._types[type_name]) if fact is not None else frozenset({field})
        for reader in self._readers.get(type_name, ()):
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
        for condition in rule.when:
            for pattern in inner_patterns(condition):
                if pattern.name == reference.name:
                    yield from self._field_values(pattern, reference.field)
            for tally in inner_tallies(condition):
                if tally.name == reference.name:
                    yield OPEN_LIMIT
                    yield from self._values_of_tally(tally)

    def _values_of_tally(self, tally: Tally) -> Iterator[Slot]:
        """What a tally comes to now, over all facts and over those that are alike in what it is joined by."""
        reader = next(one for one in self._readers[tally.pattern.fact_type] if one.pattern is tally.pattern)
        joins = [test.field for test in tally.pattern.tests if any(test.references())]
        groups: dict[tuple[Slot, ...], list[Fact]] = defaultdict(list)
        for fact in self._known[tally.pattern.fact_type]:
            if reader.verdict(fact) is not Truth.NO:
                groups[()].append(fact)
                groups[tuple(fact.get(name) for name in joins)] += [fact] if joins else []
        for facts in groups.values():
            slots = [slot for fact in facts if isinstance(slot := fact.get(tally.of), int | Decimal)]
            if tally.kind is TallyKind.COUNT:
                yield len(facts)
                yield len(set(slots))
            elif slots:
                yield _total(slots) if tally.kind is TallyKind.TOTAL else _extreme(slots, tally.kind)

    def _field_values(self, pattern: Pattern, field: str) -> Iterator[Slot]:
        if self._types[pattern.fact_type].supplied_by is Supplier.RULES:
            yield OPEN_LIMIT
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
                    yield OPEN_LIMIT

    def _copied(self, reader: Reader, field: str, seen: Seen) -> Iterator[Slot]:
        """What the fields are held against that conclusions copy this one into."""
        if reader.pattern.name:
            yield from self._concluded(reader.rule, Reference(reader.pattern.name, field), seen)

    def _concluded(self, rule: Rule, source: Reference, seen: Seen) -> Iterator[Slot]:
        for conclusion in rule.then:
            for name, operand in conclusion.values:
                if operand == source:
                    yield from (limit for limit, _ in self.against(conclusion.fact_type, name, None, seen))

    def _tallied(self, reader: Reader, field: str, fact: Fact | None, seen: Seen) -> Iterator[Slot]:
        """The values at which a tally of the field comes to what it is held against."""
        for condition in reader.rule.when:
            for tally in inner_tallies(condition):
                if tally.pattern is not reader.pattern or tally.of != field:
                    continue
                limits = [slot for limit in tally.limits for slot in self._operands(limit, reader.rule)]
                if tally.name:
                    limits += self._mirrored(reader.rule, tally.name, "value")
                    limits += self._concluded(reader.rule, Reference(tally.name, "value"), seen)
                    limits += [OPEN_LIMIT] * any(
                        isinstance(place, Test) for _, place in references_to(reader.rule, tally.name)
                    )
                yield from self._through(tally, reader, fact, limits)

    def _through(self, tally: Tally, reader: Reader, fact: Fact | None, limits: list[Slot]) -> Iterator[Slot]:
        if tally.kind is TallyKind.TOTAL:
            rest = self._rest(reader, tally.of, fact)
            if rest is None:
                yield OPEN_LIMIT
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


def _extreme(numbers: list[Number], kind: TallyKind) -> Number:
    return max(numbers) if kind is TallyKind.HIGHEST else min(numbers)


def _total(numbers: Iterable[Number]) -> Number:
    total: Number = 0
    for number in numbers:
        total = exact_sum(total, number)
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
