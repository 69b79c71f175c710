"""The values worth trying in the fields that a rule looks at: the points at which it could change its mind.

Of a choice they are all its words; of a number or a day those on, one step above and one step below each limit; and whatever
other facts hold in a field that this one is held against. What cases usually say of a field comes before what nobody would.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from smartpick_expert.authoring.cases import Case
from smartpick_expert.authoring.mutation.moved import step_of
from smartpick_expert.engine.evaluator import Bindings, slot_of
from smartpick_expert.language.model import Reference, Rule, Test, inner_patterns, inner_tallies, inner_tests
from smartpick_expert.language.operators import Truth, truth
from smartpick_expert.language.values import (
    ABSENT,
    UNKNOWN,
    Missing,
    Number,
    Slot,
    exact_difference,
    exact_sum,
    order_key,
)
from smartpick_expert.language.vocabulary import Field, FieldType, Supplier, Vocabulary

# A choice of more words than this is tried with those that the rule names, and two others.
MOST_WORDS: Final = 70
# How many of the values that cases usually give a field are tried.
_MOST_USUAL: Final = 3
_NAMES: Final = ("a", "b", "c", "d", "e", "f")


class Habits:
    """The values that the cases of a rule base give each field, the most frequent first: what people write there."""

    def __init__(self, cases: Iterable[Case]) -> None:
        counts: dict[tuple[str, str], Counter[Slot]] = defaultdict(Counter)
        for case in cases:
            for entry in case.profile.entries:
                for name, slot in entry.values.items():
                    if not isinstance(slot, Missing):
                        counts[entry.type, name][slot] += 1
        self._usual = {
            key: tuple(sorted(count, key=lambda slot: (-count[slot], str(order_key(slot)))))
            for key, count in counts.items()
        }

    def usual(self, type_name: str, field: str) -> tuple[Slot, ...]:
        """The usual values of a field."""
        return self._usual.get((type_name, field), ())


class Points:
    """The points of some variants of one rule, their parameters put in.

    `read` are the fields that they look at, by type; `tallied` those of which a tally is made.
    """

    def __init__(self, rules: Iterable[Rule], vocabulary: Vocabulary, habits: Habits, as_of: date) -> None:
        self.vocabulary = vocabulary
        self.habits = habits
        self.as_of = as_of
        self.read: dict[str, dict[str, None]] = defaultdict(dict)
        self.tallied: dict[str, set[str]] = defaultdict(set)
        self._against: dict[tuple[str, str], dict[Slot, None]] = defaultdict(dict)
        for rule in rules:
            self._learn(rule)

    def _learn(self, rule: Rule) -> None:
        """Take up which fields the rule looks at, and what it holds them against."""
        names = {
            pattern.name: pattern.fact_type for condition in rule.when for pattern in inner_patterns(condition) if pattern.name
        }  # fmt: skip
        references = [operand for conclusion in rule.then for _, operand in conclusion.values]
        for condition in rule.when:
            references += [reference for test in inner_tests(condition) for reference in test.references()]
            for pattern in inner_patterns(condition):
                self.read.setdefault(pattern.fact_type, {})
                for test in pattern.tests:
                    self.read[pattern.fact_type][test.field] = None
                    self._take_up(pattern.fact_type, test.field, test)
            for tally in inner_tallies(condition):
                if tally.of:
                    self.read[tally.pattern.fact_type][tally.of] = None
                    self.tallied[tally.pattern.fact_type].add(tally.of)
                    for limit in tally.limits:
                        self._take_up(tally.pattern.fact_type, tally.of, limit)
        for operand in references:
            if isinstance(operand, Reference) and operand.name in names:
                self.read[names[operand.name]][operand.field] = None

    def _take_up(self, type_name: str, field: str, test: Test) -> None:
        for operand in test.operands:
            if not any(test.references()):
                slot = slot_of(operand, {})
                for item in slot if isinstance(slot, tuple) else (slot,):
                    if not isinstance(item, Missing):
                        self._against[type_name, field][item] = None

    def of(
        self, type_name: str, name: str, tests: Sequence[Test] = (), bound: Bindings | None = None, number: int = 0
    ) -> tuple[Slot, ...]:
        """The values worth trying in a field, the likeliest first; what is missing, as far as it may be, comes last.

        `tests` are those the field must pass, `bound` what they may be held against, and `number` the place of the fact.
        """
        bound = bound or {}
        field = self.vocabulary.types[type_name].fields[name]
        against = list(self._against[type_name, name])
        joined: list[Slot] = []
        for test in tests:
            for operand in test.operands:
                if any(True for _ in test.references()) and all(r.name in bound for r in test.references()):
                    slot = slot_of(operand, bound)
                    joined += slot if isinstance(slot, tuple) else (slot,)
        joined = [slot for slot in joined if not isinstance(slot, Missing)]
        usual = self.habits.usual(type_name, name)[:_MOST_USUAL]
        found: Iterable[Slot]
        if field.many:
            words = [slot for slot in (*joined, *against) if isinstance(slot, str)]
            found = [*((word,) for word in words), tuple(dict.fromkeys(words)), *usual, ()]
        elif field.type is FieldType.BOOLEAN:
            found = (True, False)
        elif field.type is FieldType.CHOICE:
            found = _words(field, [*joined, *against])
        elif field.type is FieldType.NUMBER:
            found = _numbers(field, [*joined, *against], usual)
        elif field.type is FieldType.DATE:
            days = [slot for slot in (*joined, *against) if isinstance(slot, date)] or [self.as_of]
            found = [day + timedelta(days=by) for day in days for by in (0, -1, 1)]
        elif joined and any(test.operator.name == "is" for test in tests):
            found = [*joined, name_of(number)]
        else:
            found = [name_of(number), *joined, *against, *usual, name_of(number + 1)]
        derived = self.vocabulary.types[type_name].supplied_by is Supplier.RULES
        last = (ABSENT,) if derived else (UNKNOWN, ABSENT) if field.may_be_none else (UNKNOWN,)
        return tuple(dict.fromkeys((*found, *last)))

    def is_askable(self, test: Test, bound: Bindings) -> bool:
        """Whether everything is bound that a test holds a field against."""
        return all(reference.name in bound for reference in test.references())

    def passes(self, type_name: str, slot: Slot, tests: Sequence[Test], bound: Bindings) -> bool:
        """Whether a value surely passes tests, as far as what they hold it against is bound."""
        settled = self.vocabulary.types[type_name].supplied_by is not Supplier.RULES
        for test in tests:
            if not self.is_askable(test, bound):
                continue
            operands = tuple(slot_of(operand, bound) for operand in test.operands)
            if truth(test.operator, slot, operands, settled=settled) is not Truth.YES:
                return False
        return True

    def is_no(self, slot: Slot, test: Test, type_name: str, bound: Bindings) -> bool:
        """Whether a value surely fails a test; one against something that is not bound yet it does not."""
        if not self.is_askable(test, bound):
            return False
        operands = tuple(slot_of(operand, bound) for operand in test.operands)
        settled = self.vocabulary.types[type_name].supplied_by is not Supplier.RULES
        return truth(test.operator, slot, operands, settled=settled) is Truth.NO


def name_of(number: int) -> str:
    """A name for the entry of that place."""
    return _NAMES[number] if number < len(_NAMES) else f"entry_{number + 1}"


def _words(field: Field, against: Sequence[Slot]) -> list[Slot]:
    if len(field.values) <= MOST_WORDS:
        named = [slot for slot in against if slot in field.values]
        return [*named, *field.values]
    others = [word for word in field.values if word not in against][:2]
    return [*(slot for slot in against if isinstance(slot, str)), *others]


def _numbers(field: Field, against: Sequence[Slot], usual: Sequence[Slot]) -> list[Slot]:
    step = step_of(field)
    limits: list[Number] = [slot for slot in against if isinstance(slot, int | Decimal) and not isinstance(slot, bool)]
    near: list[Slot] = [*limits]
    near += [exact_sum(one, step) for one in limits] + [exact_difference(one, step) for one in limits]
    if field.minimum is not None:
        near.append(field.minimum)
    found = [*near, *usual] if limits else [*usual, *near, 1, 2]
    low, high = field.minimum, field.maximum
    return [
        slot
        for slot in found
        if isinstance(slot, int | Decimal) and (low is None or slot >= low) and (high is None or slot <= high)
    ]
