"""Rules and facts as durable-rules reads them, inside the corridor in which it was measured to be sound.

Removes: field names (renamed per type), values that the engine compares wrongly (dates become day numbers, decimals are
written without exponent, unknown is left out), and whatever it cannot say (computed per fact and sent as a flag). What
it can neither say nor be told by a flag is left to the check that follows every match, so the engine may bring a match
too many and never one too few.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from math import prod
from typing import Any

from smartpick_expert.engine.evaluator import Check, check_of
from smartpick_expert.engine.latches import latch_of
from smartpick_expert.engine.plans import ById
from smartpick_expert.engine.store import FactSet
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import Constant, Pattern, Reference, Rule, Tally, Test
from smartpick_expert.language.operators import Takes, Truth
from smartpick_expert.language.values import ABSENT, MAX_DIGITS, MAX_INTEGER, UNKNOWN, Missing, Slot, decimal_text

# Measured limits, with room: 254 fields in a fact (three are ours, and up to fifty are flags), 31 joins of a pattern.
MAX_FIELDS = 150
MAX_JOINS = 26
# What an operator becomes when its two sides change places.
_MIRRORED = {"$eq": "$eq", "$neq": "$neq", "$gte": "$lte", "$lte": "$gte", "$gt": "$lt", "$lt": "$gt"}
# The fact that comes before all others; every ruleset has a rule that looks at it.
BOOT = '{"id":"0","t":0,"_":true}'
Json = object
# How a rule's patterns multiply in the engine: the type of each, in join order, and the field whose equality to something
# earlier is really stated there.
Spread = tuple[tuple[str, str], ...]


@dataclass
class TypeCode:
    """How the facts of one type are spelt in one ruleset: a mark, a short name for each field, a flag for each test."""

    mark: int
    fields: dict[str, str] = field(default_factory=dict)
    flags: dict[tuple[Test, ...], Flag] = field(default_factory=dict)

    def has_room_for(self, name: str) -> bool:
        """Whether a field may still be named. Past the limit, its tests become flags and its joins are left to the check."""
        return name in self.fields or len(self.fields) < MAX_FIELDS

    def field_name(self, name: str) -> str:
        """The engine's name of a field."""
        return self.fields.setdefault(name, f"a{len(self.fields)}")

    def flag(self, pattern_name: str, tests: tuple[Test, ...]) -> str:
        """The engine's name of the flag that says whether a fact passes these tests."""
        if tests not in self.flags:
            checks = tuple(check_of(test) for test in tests)
            self.flags[tests] = Flag(f"f{len(self.flags)}", pattern_name, checks)
        return self.flags[tests].name


@dataclass(frozen=True, slots=True)
class Flag:
    """What the engine is told of a fact in a word: that it passes these checks, which may name the fact itself."""

    name: str
    pattern_name: str
    checks: tuple[Check, ...]

    def is_raised(self, fact: Fact) -> bool:
        """Whether the fact surely passes."""
        bound = {self.pattern_name: fact}
        for check in self.checks:  # noqa: SIM110 - a generator here costs as much as the checks
            if check(fact, bound) is not Truth.YES:
                return False
        return True


class RulesetCode:
    """The spelling of one ruleset: built while its rules are encoded, then used for every fact it is given."""

    def __init__(self, rules: tuple[Rule, ...], first: int = 0) -> None:
        self.types: dict[str, TypeCode] = {}
        # For each rule of the engine our rule's number and, by alias, the names of the patterns that have one.
        self.aliases: dict[str, tuple[int, tuple[tuple[str, str], ...]]] = {}
        self.spreads: list[Spread] = []
        definition: dict[str, Json] = {"boot": {"all": [{"boot": {"t": 0}}], "dist": 0, "cap": 500}}
        for number, rule in enumerate(rules, first):
            definition[f"r{number}"] = self._rule(number, rule)
        self.definition = dump(definition)
        self.wanted = _Wanted(rules)

    def _rule(self, number: int, rule: Rule) -> Json:
        ordered = join_order(rule)
        named = ((f"p{place}", pattern.name) for place, pattern in enumerate(ordered) if pattern.name)
        self.aliases[f"r{number}"] = (number, tuple(named))
        if not ordered:
            return {"all": [{"p0": {"t": 0}}], "dist": 0, "cap": 500}
        places = {pattern.name: place for place, pattern in enumerate(ordered) if pattern.name}
        tallies = {condition.name for condition in rule.when if isinstance(condition, Tally)}
        patterns: list[Json] = []
        spread: list[tuple[str, str]] = []
        for place, pattern in enumerate(ordered):
            spelt, equal = self._pattern(ordered, place, places, tallies)
            patterns.append({f"p{place}": spelt})
            spread.append((pattern.fact_type, equal))
        self.spreads.append(tuple(spread))
        return {
            "all": patterns,
            "dist": 0,
            "cap": 500,
        }

    def _pattern(
        self, ordered: tuple[Pattern, ...], place: int, places: Mapping[str, int], tallies: set[str]
    ) -> tuple[Json, str]:
        """A pattern in the engine's words, and the field that is equal to something earlier, if any."""
        pattern = ordered[place]
        code = self._code(pattern)
        terms: list[Json] = [{"t": code.mark}]
        flagged: list[Test] = []
        for test in pattern.tests:
            sides = {reference.name for reference in test.references()}
            if sides & tallies or sides - {pattern.name}:
                continue
            native = None if sides else _native(test, code)
            if native is None:
                flagged.append(test)
            else:
                terms.append(native)
        if flagged:
            terms.append({code.flag(pattern.name, tuple(flagged)): True})
        joins, joined = self._joins(ordered, place, places)
        terms += [{"$ex": {name: 1}} for name in joined]
        terms += [join for join, _ in joins]
        if place:
            # The last join must always hold: where it fails, the engine reads past the end of its list.
            terms.append({"_": {"p0": "_"}})
        return {"$and": terms}, next((field_name for _, field_name in joins if field_name), "")

    def _joins(
        self, ordered: tuple[Pattern, ...], place: int, places: Mapping[str, int]
    ) -> tuple[list[tuple[Json, str]], list[str]]:
        """The joins to state at this pattern, and this pattern's fields that take part in any join.

        With each join comes the field that it makes equal to another, or nothing; these come first, for there may be more
        joins than can be stated.
        """
        joins: list[tuple[Json, str]] = []
        joined: dict[str, None] = {}
        for other, pattern in enumerate(ordered):
            for test in pattern.tests:
                reference = _joinable(test)
                if reference is None or reference.name == pattern.name or reference.name not in places:
                    continue
                target = places[reference.name]
                if place not in (other, target):
                    continue
                ours, others = self._code(pattern), self._code(ordered[target])
                if not ours.has_room_for(test.field) or not others.has_room_for(reference.field):
                    continue
                mine, theirs = ours.field_name(test.field), others.field_name(reference.field)
                if other == place:
                    joined[mine] = None
                    if target < place:
                        equal = test.field if test.operator.engine == "$eq" else ""
                        joins.append((_compare(test.operator.engine, mine, {f"p{target}": theirs}), equal))
                else:
                    joined[theirs] = None
                    if other < place:
                        equal = reference.field if test.operator.engine == "$eq" else ""
                        joins.append((_compare(_MIRRORED[test.operator.engine], theirs, {f"p{other}": mine}), equal))
        return sorted(joins, key=lambda join: not join[1])[:MAX_JOINS], list(joined)

    def _code(self, pattern: Pattern) -> TypeCode:
        code = self.types.get(pattern.fact_type)
        if code is None:
            code = self.types[pattern.fact_type] = TypeCode(len(self.types) + 1)
        return code

    def is_wanted(self, fact: Fact) -> bool:
        """Whether the fact surely passes the constant tests of some pattern; without one it can take part in no match."""
        return self.wanted.has_place_for(fact)

    def fact(self, fact: Fact, number: str) -> str:
        """A fact as the engine sees it: a number, its type's mark, the fields and flags this ruleset looks at.

        Raises RoundedError where the engine could not tell one of its values from others.
        """
        code, slots = self.types[fact.type], fact.slots
        spelt = [f'{{"id":"{number}","t":{code.mark},"_":true']
        for name, short in code.fields.items():
            text = native_text(slots.get(name, ABSENT))
            if text:
                spelt.append(f'"{short}":{text}')
        spelt += [f'"{flag.name}":true' for flag in code.flags.values() if flag.is_raised(fact)]
        return ",".join(spelt) + "}"


class _Wanted:
    """The constant tests of a ruleset's patterns, found by the type of a fact and the value that opens a pattern's latch."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self._always: dict[str, list[Flag]] = {}
        self._by_value: dict[str, dict[str, dict[Slot, list[Flag]]]] = {}
        own = {pattern: _own_tests(pattern) for rule in rules for pattern in rule.patterns()}
        for pattern, tests in {(p.fact_type, tests): (p, tests) for p, tests in own.items()}.values():
            latch = latch_of(pattern)
            flag = Flag("", pattern.name, tuple(check_of(test) for test in tests))
            for value in latch.values:
                self._by_value.setdefault(latch.fact_type, {}).setdefault(latch.field, {}).setdefault(value, []).append(
                    flag
                )
            if not latch.values:
                self._always.setdefault(latch.fact_type, []).append(flag)

    def has_place_for(self, fact: Fact) -> bool:
        """Whether some pattern may be about the fact."""
        for flag in self._always.get(fact.type, ()):
            if flag.is_raised(fact):
                return True
        for field_name, flags in self._by_value.get(fact.type, _NOTHING).items():
            for flag in flags.get(fact.get(field_name), ()):
                if flag.is_raised(fact):
                    return True
        return False


_NOTHING: dict[str, dict[Slot, list[Flag]]] = {}


def _own_tests(pattern: Pattern) -> tuple[Test, ...]:
    """The tests that look at nothing but the fact itself."""
    return tuple(test for test in pattern.tests if {r.name for r in test.references()} <= {pattern.name})


def _make_join_order(rule: Rule) -> tuple[Pattern, ...]:
    """The positive patterns so that each, where possible, is joined by equality with one before it."""
    left = sorted(
        rule.patterns(), key=lambda pattern: -sum(1 for test in pattern.tests if not tuple(test.references()))
    )
    ordered: list[Pattern] = []
    bound: set[str] = set()
    while left:
        chosen = next((pattern for pattern in left if _is_joined(pattern, bound)), left[0])
        left.remove(chosen)
        ordered.append(chosen)
        bound.add(chosen.name)
    return tuple(ordered)


join_order: ById[Rule, tuple[Pattern, ...]] = ById(_make_join_order)


def most_matches(spread: Spread, facts: FactSet) -> int:
    """A number of matches, and of parts of matches, that a rule cannot exceed on these facts."""
    return prod(
        max(1, facts.largest_group(fact_type, field) if field else len(facts.of(fact_type)))
        for fact_type, field in spread
    )


def _is_joined(pattern: Pattern, bound: set[str]) -> bool:
    return any(
        test.operator.name == "is" and reference.name in bound
        for test in pattern.tests
        for reference in test.references()
    )


def _joinable(test: Test) -> Reference | None:
    """The other side of a test that the engine can state as a join."""
    if test.operator.engine and len(test.operands) == 1 and isinstance(test.operands[0], Reference):
        return test.operands[0]
    return None


def _native(test: Test, code: TypeCode) -> Json | None:
    """A test of constants in the engine's own words, or None where it has none."""
    operand = test.operands[0] if len(test.operands) == 1 else None
    if (
        not test.operator.engine
        or test.operator.takes not in (Takes.SAME, Takes.ORDER)
        or not isinstance(operand, Constant)
    ):
        return None
    value = native_value(operand.value)
    if value is None or (value is True and isinstance(operand.value, tuple)) or not code.has_room_for(test.field):
        return None
    try:
        dump(value)
    except RoundedError:
        return None
    return _compare(test.operator.engine, code.field_name(test.field), value)


def _compare(engine: str, name: str, value: Json) -> Json:
    return {name: value} if engine == "$eq" else {engine: {name: value}}


def native_value(slot: Slot) -> Json | None:
    """A value as the engine may hold it; None for what it must not see."""
    if slot is UNKNOWN or slot is ABSENT:
        return None
    if isinstance(slot, date):
        return slot.toordinal()
    if isinstance(slot, tuple):
        return True
    return slot


class RoundedError(ValueError):
    """A number that the engine would round: no profile may hold one, but a total or a difference may come to it."""


def _spell_whole(number: int) -> str:
    if not -MAX_INTEGER <= number <= MAX_INTEGER:
        raise RoundedError
    return str(number)


def _spell_decimal(number: Decimal) -> str:
    if len(number.as_tuple().digits) > MAX_DIGITS:
        raise RoundedError
    return decimal_text(number)


# One encoder for rules and facts alike: the engine compares texts by their spelling.
_spell_text = json.JSONEncoder().encode
_SPELLINGS: dict[type, Callable[[Any], str]] = {
    str: _spell_text,
    int: _spell_whole,
    bool: lambda truth: "true" if truth else "false",
    Decimal: _spell_decimal,
    date: lambda day: str(day.toordinal()),
    tuple: lambda _: "true",
    Missing: lambda _: "",
}


def native_text(slot: Slot) -> str:
    """The JSON of a value as the engine may hold it; empty for what it must not see. Raises RoundedError."""
    return _SPELLINGS[slot.__class__](slot)


def dump(value: Json) -> str:
    """JSON in the spelling of `native_text`."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{_spell_text(key)}:{dump(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(dump(item) for item in value) + "]"
    return _SPELLINGS.get(value.__class__, _spell_text)(value)
