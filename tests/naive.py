"""The third reading of the rules: as plain as it can be written, to judge both engines.

It follows docs/architecture.md, "What it means", sentence by sentence, tries every fact for every name, and keeps no
index and no memory. It shares no code with the engines: of the operators it takes the names and nothing else.

One function evaluates conditions for both questions at once. A condition is YES where it is certain, MAYBE where it is
only possible, NO where it is neither; so a rule that is YES fires, and one that is MAYBE possibly does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import IntEnum
from fractions import Fraction
from itertools import product
from math import ceil, floor, inf

from smartpick_expert.language.facts import Fact, Origin, concluded
from smartpick_expert.language.model import (
    AnyOf,
    Conclusion,
    Condition,
    Constant,
    Negation,
    Operand,
    Pattern,
    Reference,
    Rule,
    Shifted,
    Tally,
    TallyKind,
    Test,
)
from smartpick_expert.language.values import ABSENT, UNKNOWN, Slot
from smartpick_expert.language.vocabulary import Vocabulary


class NotStratifiableError(ValueError):
    """A rule negates, chooses among or tallies what is derived later, or in a circle with it."""


class Truth(IntEnum):
    """Three-valued truth; `min` is and, `max` is or."""

    NO = 0
    MAYBE = 1
    YES = 2


NO, MAYBE, YES = Truth
Names = Mapping[str, Fact]
Firing = tuple[str, tuple[tuple[str, Fact], ...]]


@dataclass(frozen=True)
class NaiveResult:
    """What surely holds, what possibly holds (the certain among it), and which rule fired for which facts.

    `possible_firings` are those that are not certain. `cut_off` names the rules whose possible firings were not counted to
    the end: the naive reading counts all of them.
    """

    certain: frozenset[Fact]
    possible: frozenset[Fact]
    firings: frozenset[Firing]
    possible_firings: frozenset[Firing]
    cut_off: frozenset[str] = frozenset()


@dataclass(frozen=True)
class World:
    """The facts as far as they are derived."""

    certain: frozenset[Fact]
    possible: frozenset[Fact]

    def having(self, certain: Iterable[Fact], possible: Iterable[Fact]) -> World:
        """This world with more facts."""
        surely = self.certain | frozenset(certain)
        return World(surely, self.possible | surely | frozenset(possible))

    def of_type(self, fact_type: str) -> list[Fact]:
        """The possible facts of a type."""
        return [fact for fact in self.possible if fact.type == fact_type]

    def truth(self, fact: Fact) -> Truth:
        """Whether there is the fact."""
        return YES if fact in self.certain else MAYBE if fact in self.possible else NO


def consult_naively(rules: Sequence[Rule], vocabulary: Vocabulary, facts: Sequence[Fact]) -> NaiveResult:
    """What the rules make of the facts. Raises NotStratifiableError where their order is undecidable."""
    unknown_types = {fact.type for fact in facts} - set(vocabulary.types)
    if unknown_types:
        raise ValueError(f"facts of undeclared types: {unknown_types}")
    world = World(frozenset(), frozenset()).having(
        (fact for fact in facts if fact.origin is Origin.LISTED),
        (fact for fact in facts if fact.origin is Origin.OPEN),
    )
    firings: dict[Firing, Truth] = {}
    for layer in _layers(rules):
        world = _complete(layer, world, firings)
    sure = frozenset(firing for firing, truth in firings.items() if truth is YES)
    return NaiveResult(world.certain, world.possible, sure, frozenset(firings) - sure)


def _complete(layer: Sequence[Rule], world: World, firings: dict[Firing, Truth]) -> World:
    """The world once the rules of a layer have nothing more to add; notes their firings."""
    while True:
        certain: set[Fact] = set()
        possible: set[Fact] = set()
        for rule in layer:
            for names, truth in _solutions(rule.when, {}, world):
                (certain if truth is YES else possible).update(_conclude(c, names) for c in rule.then)
                firings[_firing(rule, names)] = truth
        grown = world.having(certain, possible)
        if grown == world:
            return world
        world = grown


def _firing(rule: Rule, names: Names) -> Firing:
    """The rule with the facts bound to its names, which are those of its patterns and not those of its tallies."""
    return rule.id, tuple((name, names[name]) for name in sorted(pattern.name for pattern in _named(rule.when)))


def _conclude(conclusion: Conclusion, names: Names) -> Fact:
    return concluded(conclusion.fact_type, [(field, _slot(value, names)) for field, value in conclusion.values])


# --- in which order -----------------------------------------------------------------------------------------------------


def _layers(rules: Sequence[Rule]) -> Iterator[list[Rule]]:
    """The rules in an order in which all that a rule negates or tallies is finished before it.

    A rule's level is the longest way to it, counting the steps into something that needs finished facts.
    """
    level = [0] * len(rules)
    steps = [
        (before, after, needs_finished)
        for after, later in enumerate(rules)
        for pattern, needs_finished in _looks_at(later.when)
        for before, earlier in enumerate(rules)
        if any(_may_match(conclusion, pattern) for conclusion in earlier.then)
    ]
    changed = True
    while changed:
        changed = False
        for before, after, needs_finished in steps:
            least = level[before] + needs_finished
            if level[after] < least:
                level[after], changed = least, True
            if least > len(rules):
                raise NotStratifiableError(rules[after].id)
    for number in sorted(set(level)):
        yield [rule for rule, its in zip(rules, level, strict=True) if its == number]


def _looks_at(conditions: Iterable[Condition], *, settled: bool = False) -> Iterator[tuple[Pattern, bool]]:
    """Every pattern, and whether it stands where finished facts are needed."""
    for condition in conditions:
        if isinstance(condition, Pattern):
            yield condition, settled
        elif isinstance(condition, AnyOf):
            for branch in condition.branches:
                yield from _looks_at(branch, settled=True)
        else:
            yield condition.pattern, True


def _may_match(conclusion: Conclusion, pattern: Pattern) -> bool:
    """Whether a conclusion may come to match: not if a test of its constants is always no."""
    if conclusion.fact_type != pattern.fact_type:
        return False
    values = dict(conclusion.values)
    return not any(_always_no(test, values.get(test.field)) for test in pattern.tests)


def _always_no(test: Test, value: object) -> bool:
    slot = ABSENT if value is None else value.value if isinstance(value, Constant) else UNKNOWN
    operands = [operand.value if isinstance(operand, Constant) else UNKNOWN for operand in test.operands]
    return _compare(test.operator.name, slot, operands, listed=False) is NO


# --- conditions ---------------------------------------------------------------------------------------------------------


def _named(conditions: Iterable[Condition]) -> list[Pattern]:
    return [condition for condition in conditions if isinstance(condition, Pattern) and condition.name]


def _solutions(conditions: Sequence[Condition], outer: Names, world: World) -> Iterator[tuple[Names, Truth]]:
    """Every choice of facts for the names bound here under which the conditions are not no."""
    named = _named(conditions)
    for facts in product(*(_candidates(pattern, world) for pattern in named)):
        bound = {**outer, **{pattern.name: fact for pattern, fact in zip(named, facts, strict=True)}}
        names = _with_tallies(conditions, bound, world)
        truth = _all(_condition(condition, names, world) for condition in conditions)
        if truth is not NO:
            yield names, truth


def _candidates(pattern: Pattern, world: World) -> list[Fact]:
    """The facts a pattern may be bound to, without those that fail on their own, whatever the others are."""
    plain = [test for test in pattern.tests if all(isinstance(operand, Constant) for operand in test.operands)]
    return [fact for fact in world.of_type(pattern.fact_type) if _tests(plain, fact, {}) is not NO]


def _with_tallies(conditions: Iterable[Condition], names: Names, world: World) -> Names:
    """The names together with the values of the tallies; one may be written in terms of another."""
    waiting = [condition for condition in conditions if isinstance(condition, Tally)]
    while waiting:
        unborn = {tally.name for tally in waiting if tally.name}
        ready = [tally for tally in waiting if not unborn & {name for name, _ in _references(tally.pattern.tests)}]
        if not ready:
            raise ValueError(f"tallies in terms of each other: {unborn}")
        values = {tally.name: Fact("", (("value", _value(tally, names, world)),)) for tally in ready if tally.name}
        names = {**names, **values}
        waiting = [tally for tally in waiting if tally not in ready]
    return names


def _references(tests: Iterable[Test]) -> Iterator[tuple[str, str]]:
    for test in tests:
        for operand in test.operands:
            base = operand.base if isinstance(operand, Shifted) else operand
            if isinstance(base, Reference):
                yield base.name, base.field


def _condition(condition: Condition, names: Names, world: World) -> Truth:
    if isinstance(condition, Pattern):
        facts = [names[condition.name]] if condition.name else world.of_type(condition.fact_type)
        return _some(min(world.truth(fact), _tests(condition.tests, fact, names)) for fact in facts)
    if isinstance(condition, Negation):
        return Truth(YES - _condition(condition.pattern, names, world))
    if isinstance(condition, AnyOf):
        return _some(truth for branch in condition.branches for _, truth in _solutions(branch, names, world))
    return _tally(condition, names, world)


def _all(truths: Iterable[Truth]) -> Truth:
    """The least of them; stops at the first no."""
    least = YES
    for truth in truths:
        least = min(least, truth)
        if least is NO:
            break
    return least


def _some(truths: Iterable[Truth]) -> Truth:
    return max(truths, default=NO)


# --- tests --------------------------------------------------------------------------------------------------------------


def _tests(tests: Iterable[Test], fact: Fact, names: Names) -> Truth:
    return _all(
        _compare(
            test.operator.name,
            fact.get(test.field),
            [_slot(operand, names) for operand in test.operands],
            listed=fact.origin is Origin.LISTED,
        )
        for test in tests
    )


def _slot(operand: Operand, names: Names) -> Slot:
    """The value of an operand, UNKNOWN or ABSENT."""
    if isinstance(operand, Constant):
        return operand.value
    if isinstance(operand, Reference):
        return names[operand.name].get(operand.field)
    if isinstance(operand, Shifted):
        base = _slot(operand.base, names)
        return base if base is UNKNOWN or base is ABSENT else _number(Fraction(base) + Fraction(operand.by))
    raise TypeError(f"not bound: {operand}")


def _compare(operator: str, value: Slot, operands: Sequence[Slot], *, listed: bool) -> Truth:
    """One test of a value. `listed` says that an unknown of this fact stays one."""
    if operator in ("known", "unknown"):
        if value is UNKNOWN and not listed:
            return MAYBE
        is_known = value is not UNKNOWN and value is not ABSENT
        return YES if is_known == (operator == "known") else NO
    if value is ABSENT or any(operand is ABSENT for operand in operands):
        return NO
    if value is UNKNOWN:
        return MAYBE
    if operator == "between":
        low, high = operands
        return min(
            _compare("at_least", value, [low], listed=listed),
            _compare("at_most", value, [high], listed=listed),
        )
    if operands[0] is UNKNOWN:
        return MAYBE
    return YES if _known_compare(operator, value, operands[0]) else NO


def _known_compare(operator: str, value: object, other: object) -> bool:
    match operator:
        case "is":
            return value == other
        case "is_not":
            return value != other
        case "in":
            return any(value == item for item in other)
        case "not_in":
            return all(value != item for item in other)
        case "at_least":
            return value >= other
        case "at_most":
            return value <= other
        case "above":
            return value > other
        case "below":
            return value < other
        case "contains":
            return any(item == other for item in value)
        case "lacks":
            return all(item != other for item in value)
    raise ValueError(operator)


# --- tallies ------------------------------------------------------------------------------------------------------------

End = Fraction | float  # a float for the infinities only


@dataclass(frozen=True)
class Range:
    """The numbers a tally may come to be: from `low` to `high`, `whole` ones only or all. `truth`: whether there is one."""

    low: End
    high: End
    whole: bool = False
    truth: Truth = YES

    def meets(self, low: End, high: End) -> bool:
        """Whether some number of the range lies from `low` to `high`."""
        least, most = max(self.low, low), min(self.high, high)
        if self.whole and abs(least) != inf and abs(most) != inf:
            return ceil(least) <= floor(most)
        return least <= most


@dataclass(frozen=True)
class Matches:
    """What a tally looks at: the facts that possibly match, and those of them that surely do."""

    possible: tuple[Fact, ...]
    sure: tuple[Fact, ...]

    def without(self, field: str) -> Matches:
        """Only the facts in which the field is not absent."""
        return Matches(
            tuple(fact for fact in self.possible if fact.get(field) is not ABSENT),
            tuple(fact for fact in self.sure if fact.get(field) is not ABSENT),
        )


def _tally(tally: Tally, names: Names, world: World) -> Truth:
    its_range = _range(tally, names, world)
    if its_range.truth is NO:
        return NO
    limits = [
        _limit(limit.operator.name, its_range, [_slot(operand, names) for operand in limit.operands])
        for limit in tally.limits
    ]
    return _all([its_range.truth, *limits])


def _value(tally: Tally, names: Names, world: World) -> Slot:
    """What `as` is bound to."""
    its_range = _range(tally, names, world)
    if its_range.truth is NO or its_range.low != its_range.high:
        return UNKNOWN
    return _number(Fraction(its_range.low))


def _number(exact: Fraction) -> int | Decimal:
    if exact.denominator == 1:
        return int(exact)
    with localcontext() as context:
        context.prec = 100
        decimal = Decimal(exact.numerator) / Decimal(exact.denominator)
    if Fraction(decimal) != exact:
        raise ValueError(f"{exact} is no decimal")
    return decimal


def _range(tally: Tally, names: Names, world: World) -> Range:
    """What the tally may come to."""
    facts = world.of_type(tally.pattern.fact_type)
    truths = {fact: min(world.truth(fact), _tests(tally.pattern.tests, fact, names)) for fact in facts}
    matches = Matches(
        tuple(fact for fact in facts if truths[fact] is not NO),
        tuple(fact for fact in facts if truths[fact] is YES),
    )
    if tally.kind is TallyKind.COUNT:
        return _count_values(tally.of, matches.without(tally.of)) if tally.of else _count(matches)
    if tally.kind is TallyKind.TOTAL:
        return _total(tally.of, matches.without(tally.of))
    highest = _highest if tally.kind is TallyKind.HIGHEST else _lowest
    return highest(tally.of, matches.without(tally.of))


def _vague(fact: Fact) -> bool:
    """Whether it may be the same as another, or stand for any number: a concluded or open fact with an unknown field."""
    return fact.origin is not Origin.LISTED and any(value is UNKNOWN for _, value in fact.values)


def _count(matches: Matches) -> Range:
    distinct = [fact for fact in matches.sure if not _vague(fact)]
    low = len(distinct) or min(1, len(matches.sure))
    high = inf if any(_vague(fact) for fact in matches.possible) else len(matches.possible)
    return Range(low, high, whole=True)


def _count_values(of: str, matches: Matches) -> Range:
    unknown = [fact for fact in matches.possible if fact.get(of) is UNKNOWN]
    low = len(_known_values(of, matches.sure))
    high = len(_known_values(of, matches.possible)) + len(unknown)
    return Range(low, inf if any(fact.origin is not Origin.LISTED for fact in unknown) else high, whole=True)


def _total(of: str, matches: Matches) -> Range:
    if any(fact.get(of) is UNKNOWN for fact in matches.possible):
        return Range(-inf, inf)
    low: End = Fraction(0)
    high: End = Fraction(0)
    for fact in matches.possible:
        value = Fraction(fact.get(of))
        if fact in matches.sure and not _vague(fact):
            low, high = low + value, high + value
        elif value > 0:
            high += inf if _vague(fact) else value
        elif value < 0:
            low -= inf if _vague(fact) else -value
    return Range(low, high)


def _highest(of: str, matches: Matches) -> Range:
    sure = [Fraction(value) for value in _known_values(of, matches.sure)]
    possible = [Fraction(value) for value in _known_values(of, matches.possible)]
    open_ended = any(fact.get(of) is UNKNOWN for fact in matches.possible)
    truth = YES if sure else MAYBE if matches.possible else NO
    if truth is NO:
        return Range(-inf, inf, truth=NO)
    low = max(sure) if sure else -inf if open_ended else min(possible)
    return Range(low, inf if open_ended else max(possible), truth=truth)


def _lowest(of: str, matches: Matches) -> Range:
    sure = [Fraction(value) for value in _known_values(of, matches.sure)]
    possible = [Fraction(value) for value in _known_values(of, matches.possible)]
    open_ended = any(fact.get(of) is UNKNOWN for fact in matches.possible)
    truth = YES if sure else MAYBE if matches.possible else NO
    if truth is NO:
        return Range(-inf, inf, truth=NO)
    high = min(sure) if sure else inf if open_ended else max(possible)
    return Range(-inf if open_ended else min(possible), high, truth=truth)


def _known_values(field: str, facts: Iterable[Fact]) -> set[Slot]:
    return {fact.get(field) for fact in facts if fact.get(field) is not UNKNOWN}


# --- limits of tallies --------------------------------------------------------------------------------------------------


def _limit(operator: str, its_range: Range, operands: Sequence[Slot]) -> Truth:
    """Whether a range keeps a limit: YES if every number of it does, MAYBE if some do."""
    if any(operand is ABSENT for operand in operands):
        return NO
    if operator == "between":
        return _between(its_range, operands)
    if operands[0] is UNKNOWN:
        return MAYBE
    if operator in ("in", "not_in"):
        kept = _is_in(its_range, {Fraction(item) for item in operands[0]})
    else:
        kept = _is_within(operator.removesuffix("_not"), its_range, Fraction(operands[0]))
    return Truth(YES - kept) if operator in ("is_not", "not_in") else kept


def _between(its_range: Range, operands: Sequence[Slot]) -> Truth:
    low, high = (None if operand is UNKNOWN else Fraction(operand) for operand in operands)
    if not its_range.meets(-inf if low is None else low, inf if high is None else high):
        return NO
    if low is None or high is None:
        return MAYBE
    return YES if low <= its_range.low and its_range.high <= high else MAYBE


def _is_in(its_range: Range, items: set[Fraction]) -> Truth:
    if not any(its_range.meets(item, item) for item in items):
        return NO
    if its_range.whole and its_range.high != inf:
        return YES if all(number in items for number in range(int(its_range.low), int(its_range.high) + 1)) else MAYBE
    return YES if its_range.low == its_range.high else MAYBE


def _is_within(operator: str, its_range: Range, limit: Fraction) -> Truth:
    low, high = its_range.low, its_range.high
    match operator:
        case "is":
            every, some = low == high == limit, its_range.meets(limit, limit)
        case "at_least":
            every, some = low >= limit, high >= limit
        case "above":
            every, some = low > limit, high > limit
        case "at_most":
            every, some = high <= limit, low <= limit
        case "below":
            every, some = high < limit, low < limit
        case _:
            raise ValueError(operator)
    return YES if every else MAYBE if some else NO
