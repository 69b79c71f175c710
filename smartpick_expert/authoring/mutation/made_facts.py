"""Facts made up for one rule: what its conditions ask for, at and around every limit, and the near misses.

The values tried for a field are those of `points.py`. Whether what is made does what it was made for is for the engine to
say, so nothing here has to be exact.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice, product
from random import Random
from typing import Final

from smartpick_expert.authoring.cases import given_fact
from smartpick_expert.authoring.mutation.moved import step_of
from smartpick_expert.authoring.mutation.points import Habits, Points, name_of
from smartpick_expert.diagnostics import Location
from smartpick_expert.engine.evaluator import Bindings, Tallied, slot_of
from smartpick_expert.intake.facts import consultation_facts
from smartpick_expert.intake.profile import Entry
from smartpick_expert.language.facts import Fact, listed
from smartpick_expert.language.model import (
    AnyOf,
    Condition,
    Negation,
    Pattern,
    Rule,
    Tally,
    TallyKind,
    Test,
    inner_tests,
)
from smartpick_expert.language.operators import Takes, Truth, truth
from smartpick_expert.language.values import (
    UNKNOWN,
    Number,
    Slot,
    exact_sum,
)
from smartpick_expert.language.vocabulary import Field, FieldType, Supplier, Vocabulary

# How many facts are made of one pattern, how many worlds of one list of conditions.
MOST_FACTS: Final = 60
FEW_FACTS: Final = 3
# A tally is tried up to one more fact than its limit, if that is no more than this.
MOST_COUNTED: Final = 40


@dataclass(frozen=True, slots=True)
class Draft:
    """A fact in the making: its type, and the fields that have a value so far."""

    type: str
    slots: Mapping[str, Slot]

    def get(self, field: str) -> Slot:
        """The value of a field; one that has none yet is not known."""
        return self.slots.get(field, UNKNOWN)


World = tuple[Draft, ...]


class Maker:
    """Makes facts for one rule, its parameters put in, and for variants of it (`others`)."""

    def __init__(self, rule: Rule, others: Sequence[Rule], vocabulary: Vocabulary, habits: Habits, as_of: date) -> None:
        self.vocabulary = vocabulary
        self.as_of = as_of
        # Where it is set, facts are made in any order, so that a few of them are unlike one another.
        self.chance: Random | None = None
        self.points = Points([rule, *others], vocabulary, habits, as_of)
        unsaid = [listed(t, {}, 0) for t in vocabulary.supplied_by(Supplier.PROFILE) if t.one]
        unsaid += consultation_facts(vocabulary, as_of)
        self._unsaid = tuple(fact for fact in unsaid if fact.type in self.points.read)

    # --- worlds -----------------------------------------------------------------------------------------------------

    def worlds(self, conditions: tuple[Condition, ...], most: int) -> Iterator[World]:
        """Lists of facts that are likely to meet the conditions, the plainest first, at most so many."""
        positive = _in_order([c for c in conditions if not isinstance(c, Negation)])
        avoided = [c for c in conditions if isinstance(c, Negation)]
        for world in islice(self._solve(positive, {}, (), avoided), most):
            if not self._has_twins(world):
                yield tuple(self._completed(draft) for draft in world)

    def _solve(
        self, conditions: Sequence[Condition], bound: Bindings, world: World, avoided: Sequence[Negation]
    ) -> Iterator[World]:
        if not conditions:
            yield from self._avoiding(avoided, bound, world)
            return
        first, rest = conditions[0], conditions[1:]
        if isinstance(first, Pattern) and first.fact_type not in self.vocabulary.types:
            return
        if isinstance(first, AnyOf):
            for branch in first.branches:
                more = [part for part in branch if isinstance(part, Negation)]
                others = [part for part in branch if not isinstance(part, Negation)]
                # Where the rule holds through one branch, the others are better not met.
                beside = [
                    Negation(p)
                    for other in first.branches
                    if other is not branch
                    for p in other
                    if isinstance(p, Pattern)
                ]
                yield from self._solve([*_in_order(others), *rest], bound, world, [*avoided, *more, *beside])
        elif isinstance(first, Tally):
            for grown, tallied in self._tallied(first, bound, world):
                named = {**bound, first.name: tallied} if first.name else bound
                yield from self._solve(rest, named, grown, avoided)
        elif isinstance(first, Pattern):
            for grown, draft in self._matched(first, bound, world):
                named = {**bound, first.name: self.fact(draft)} if first.name else bound
                yield from self._solve(rest, named, grown, avoided)

    def _matched(self, pattern: Pattern, bound: Bindings, world: World) -> Iterator[tuple[World, Draft]]:
        """The world with a fact that passes the pattern: another one, or more said of the one there is."""
        before = self._same(pattern, bound, world)
        others = tuple(draft for draft in world if draft is not before)
        label = len([draft for draft in world if draft.type == pattern.fact_type])
        for draft in self._drafts(pattern, bound, before, label):
            yield (*others, draft), draft

    def _same(self, pattern: Pattern, bound: Bindings, world: World) -> Draft | None:
        """The fact that is there already and must be the one: there is one of its type, or it has the name asked for."""
        fact_type = self.vocabulary.types[pattern.fact_type]
        there = [draft for draft in world if draft.type == fact_type.name]
        if fact_type.one:
            return next(iter(there), None)
        named = [
            slot_of(test.operands[0], bound)
            for test in pattern.tests
            if test.field == fact_type.label and test.operator.name == "is" and self.points.is_askable(test, bound)
        ]
        return next((draft for draft in there if fact_type.label and draft.slots.get(fact_type.label) in named), None)

    def _drafts(self, pattern: Pattern, bound: Bindings, before: Draft | None, number: int) -> Iterator[Draft]:
        """Facts that pass a pattern, as far as what it is held against is bound."""
        slots = dict(before.slots) if before is not None else {}
        tests: dict[str, list[Test]] = defaultdict(list)
        for test in pattern.tests:
            tests[test.field].append(test)
        for name in self.points.read[pattern.fact_type]:
            is_wanted = pattern.name or name in self.points.tallied[pattern.fact_type]
            if is_wanted and name not in tests and name not in slots:
                tests[name] = []
        domains = []
        for name, held in tests.items():
            known = (slots[name],) if name in slots else self.points.of(pattern.fact_type, name, held, bound, number)
            domains.append([slot for slot in known if self.points.passes(pattern.fact_type, slot, held, bound)])
        if self.chance is not None:
            for domain in domains:
                self.chance.shuffle(domain)
        for values in islice(product(*domains), MOST_FACTS if self.chance is None else FEW_FACTS):
            yield Draft(pattern.fact_type, {**slots, **dict(zip(tests, values, strict=True))})

    def crowded(self, world: World) -> Iterator[World]:
        """The world with one or two more facts in it, of the types that the rule looks at, whatever they say."""
        if self.chance is None:
            return
        several = [name for name in self.points.read if not self.vocabulary.types[name].one]
        for _ in range(2 if several else 0):
            name = self.chance.choice(several)
            number = len([draft for draft in world if draft.type == name])
            more = next(self._drafts(Pattern(name, (), "(another)"), {}, None, number), None)
            grown = (*world, self._completed(more)) if more is not None else world
            if not self._has_twins(grown):
                world = grown
                yield world

    def _has_twins(self, world: World) -> bool:
        """Whether two entries have one name, which no file may have."""
        names: set[tuple[str, Slot]] = set()
        for draft in world:
            label = self.vocabulary.types[draft.type].label
            name = draft.get(label) if label else UNKNOWN
            if name is not UNKNOWN and (draft.type, name) in names:
                return True
            names.add((draft.type, name))
        return False

    def _completed(self, draft: Draft) -> Draft:
        """A conclusion with the fields that no test looks at as well: a rule would give it all of them."""
        fact_type = self.vocabulary.types[draft.type]
        if fact_type.supplied_by is not Supplier.RULES:
            return draft
        missing = [
            name for name in fact_type.fields if name not in draft.slots and name not in self.points.read[draft.type]
        ]
        values = {name: self.points.of(draft.type, name, (), {}, 0)[0] for name in missing}
        usual = {name: next(iter(self.points.habits.usual(draft.type, name)), slot) for name, slot in values.items()}
        return Draft(draft.type, {**draft.slots, **usual})

    def _avoiding(self, avoided: Sequence[Negation], bound: Bindings, world: World) -> Iterator[World]:
        """The world with enough said of its facts that none of them is what must not be there."""
        for negation in avoided:
            pattern = negation.pattern
            fact_type = self.vocabulary.types.get(pattern.fact_type)
            if fact_type is None:
                continue
            there = [draft for draft in world if draft.type == pattern.fact_type]
            if fact_type.one and not there and fact_type.supplied_by is Supplier.PROFILE:
                there = [Draft(fact_type.name, {})]
                world = (*world, *there)
            for draft in there:
                other = self._clear_of(pattern, draft, bound)
                world = tuple(other if one is draft else one for one in world)
        yield world

    def _clear_of(self, pattern: Pattern, draft: Draft, bound: Bindings) -> Draft:
        derived = self.vocabulary.types[draft.type].supplied_by is Supplier.RULES
        if any(self.points.is_no(draft.get(test.field), test, draft.type, bound) for test in pattern.tests):
            return draft
        for test in pattern.tests:
            if test.field in draft.slots:
                continue
            if derived and test.operator.takes is not Takes.PRESENCE:
                return draft
            for slot in self.points.of(draft.type, test.field, [test], bound, 0):
                if self.points.is_no(slot, test, draft.type, bound):
                    return Draft(draft.type, {**draft.slots, test.field: slot})
        return draft

    # --- tallies ----------------------------------------------------------------------------------------------------

    def _tallied(self, tally: Tally, bound: Bindings, world: World) -> Iterator[tuple[World, Tallied]]:
        """The world with so many facts that the tally comes to something at or around its limits; what suits them first."""
        counts = tally.kind is TallyKind.COUNT
        numbers = self.numbers(tally, bound) if counts else (0, 1, 2)
        tried: list[tuple[bool, World, Tallied]] = []
        for number in numbers:
            if number == 0:
                if tally.kind in (TallyKind.HIGHEST, TallyKind.LOWEST):
                    continue
                tried.append((self._meets(tally, 0, bound), world, Tallied(0)))
                continue
            start = len([draft for draft in world if draft.type == tally.pattern.fact_type])
            for draft in self._drafts(self._tallied_pattern(tally), bound, None, start):
                several = self._copies(draft, number, tally, start)
                if not several:
                    continue
                value = number if counts else _reckoned(tally, several)
                tried.append((self._meets(tally, value, bound), (*world, *several), Tallied(value)))
        if self.chance is not None:
            self.chance.shuffle(tried)
        tried.sort(key=lambda entry: not entry[0])
        yield from ((grown, value) for _, grown, value in tried)

    def _tallied_pattern(self, tally: Tally) -> Pattern:
        """The pattern as a named one, so that the field that is tallied is given a value too."""
        return Pattern(tally.pattern.fact_type, tally.pattern.tests, "(tallied)")

    def numbers(self, tally: Tally, bound: Bindings) -> Sequence[int]:
        """How many facts are worth counting: those at and around the limits that can be told already."""
        limits: list[int] = []
        for limit in tally.limits:
            if all(reference.name in bound for reference in limit.references()):
                for operand in limit.operands:
                    slot = slot_of(operand, bound)
                    items = slot if isinstance(slot, tuple) else (slot,)
                    limits += [int(one) for one in items if isinstance(one, int | Decimal)]
        near = {number + by for number in limits or [1] for by in (-1, 0, 1)}
        return sorted({number for number in near if 0 <= number <= MOST_COUNTED} | {1})

    def _meets(self, tally: Tally, value: Slot, bound: Bindings) -> bool:
        return all(
            truth(limit.operator, value, tuple(slot_of(o, bound) for o in limit.operands), settled=True) is Truth.YES
            for limit in tally.limits
            if all(reference.name in bound for reference in limit.references())
        )

    def _copies(self, draft: Draft, number: int, tally: Tally, start: int) -> tuple[Draft, ...]:
        """So many facts like this one that are yet different ones: by a name, else by a field that nothing asks for."""
        if number == 1:
            return (draft,)
        fact_type = self.vocabulary.types[draft.type]
        tested = {test.field for test in tally.pattern.tests}
        free = [f for f in fact_type.given_fields if f.name not in tested]
        if tally.kind is TallyKind.COUNT and tally.of:
            free = [fact_type.fields[tally.of]] if tally.of not in tested else []
        free.sort(
            key=lambda f: (f.type is not FieldType.LABEL, f.type is not FieldType.TEXT, f.type is not FieldType.CHOICE)
        )
        free += [fact_type.fields[name] for name in tested]
        for field in free:
            held = [test for test in tally.pattern.tests if test.field == field.name]
            values = self._different(field, number, start)
            values = [slot for slot in values if self.points.passes(draft.type, slot, held, {}) or not held][:number]
            if len(values) == number:
                return tuple(Draft(draft.type, {**draft.slots, field.name: slot}) for slot in values)
        return ()

    def _different(self, field: Field, number: int, start: int) -> list[Slot]:
        if field.type in (FieldType.LABEL, FieldType.TEXT) and not field.many:
            return [name_of(start + place) for place in range(number)]
        if field.type is FieldType.NUMBER:
            low = field.minimum if field.minimum is not None else 1
            return [exact_sum(low, place * step_of(field)) for place in range(number)]
        if field.type is FieldType.DATE:
            return [self.as_of + timedelta(days=place) for place in range(number)]
        return [*field.values] or [True, False]

    # --- facts ------------------------------------------------------------------------------------------------------

    def fact(self, draft: Draft) -> Fact:
        """The fact that a draft comes to, as a case would give it."""
        return given_fact(self.entry(draft, 0), self.vocabulary)

    def entry(self, draft: Draft, position: int) -> Entry:
        """The draft as an entry of a case."""
        return Entry(draft.type, position, draft.slots, Location(""))

    def facts(self, world: World) -> tuple[Fact, ...]:
        """The facts of a world, those that a case has without naming them among them, as far as the rule looks at them."""
        places: Counter[str] = Counter()
        facts: list[Fact] = []
        for draft in world:
            facts.append(given_fact(self.entry(draft, places[draft.type]), self.vocabulary))
            places[draft.type] += 1
        given = {draft.type for draft in world}
        facts += [fact for fact in self._unsaid if fact.type not in given]
        return tuple(dict.fromkeys(facts))


def _in_order(conditions: Sequence[Condition]) -> list[Condition]:
    """Conditions so that each comes after those that bind the names it looks at, where that can be."""
    left = list(conditions)
    ordered: list[Condition] = []
    while left:
        waiting = {getattr(c, "name", "") for c in left} - {""}
        ready = next((c for c in left if not _looks_at(c) & (waiting - {getattr(c, "name", "")})), left[0])
        left.remove(ready)
        ordered.append(ready)
    return ordered


def _looks_at(condition: Condition) -> set[str]:
    return {reference.name for test in inner_tests(condition) for reference in test.references()}


def _reckoned(tally: Tally, several: Sequence[Draft]) -> Slot:
    numbers = [slot for draft in several if isinstance(slot := draft.get(tally.of), int | Decimal)]
    if len(numbers) < len(several):
        return UNKNOWN
    if tally.kind is TallyKind.TOTAL:
        total: Number = 0
        for number in numbers:
            total = exact_sum(total, number)
        return total
    return max(numbers) if tally.kind is TallyKind.HIGHEST else min(numbers)
