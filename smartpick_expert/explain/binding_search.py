"""The bindings of a rule's names that come nearest to making it fire, over the facts of a finished consultation.

What really fires, or possibly does, is found exactly. Among the rest a beam of bounded width is carried from name to name,
so that a rule of many patterns is asked as quickly as a rule of few; what is found is judged exactly in either case.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from operator import itemgetter
from typing import Final, NamedTuple

from smartpick_expert.engine.derivation import Derivation
from smartpick_expert.engine.evaluator import Tallied, slot_of
from smartpick_expert.engine.match import Bound, solutions
from smartpick_expert.engine.plans import Plan, Step, candidates, plan_of
from smartpick_expert.engine.store import ExhaustedError, Mode
from smartpick_expert.engine.tallies import tallied
from smartpick_expert.explain.comparisons import Comparisons, as_one, limits_truth
from smartpick_expert.explain.nearness import FAR, Miss, limit_distance, total
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import (
    AnyOf,
    Condition,
    Negation,
    Pattern,
    Rule,
    Tally,
    Test,
    inner_patterns,
    inner_tallies,
    inner_tests,
)
from smartpick_expert.language.operators import Truth
from smartpick_expert.language.values import ABSENT

# How many bindings are carried from one name to the next, and how many facts are tried for a name.
WIDTH: Final = 24
MOST_TRIED: Final = 300
# How many bindings that do hold are looked at for the one that leaves the least open.
_MOST_HOLDING: Final = 16

# What a name stands for where there is no fact for it: every test on it, or against it, is no.
NO_FACT: Final = Tallied(ABSENT)
Allowed = Mapping[str, Collection[Fact]]
ANY: Final[Allowed] = {}


class Candidate(NamedTuple):
    """A binding of the names of some conditions, and how far these are from holding under it."""

    miss: Miss
    places: tuple[int, ...]
    bound: Bound


class Search(Comparisons):
    """Finds bindings. Everything is kept, so that rules with much in common are asked quickly."""

    def __init__(self, derivation: Derivation) -> None:
        super().__init__(derivation)
        self._needs: dict[int, tuple[Condition, tuple[str, ...]]] = {}
        self._known: dict[tuple[object, ...], Miss] = {}
        # What `attempts.py` found of rules whose names may stand for any fact; each rule is kept, so that its identity is not used again.
        self.candidates: dict[tuple[int, bool, bool], tuple[Rule, Sequence[Candidate]]] = {}

    def nearest(
        self, conditions: tuple[Condition, ...], outer: Mapping[str, Fact | Tallied], most: int, allowed: Allowed = ANY
    ) -> list[Candidate]:
        """The nearest bindings of the conditions' names on top of `outer`, nearest first; at least one.

        `allowed` are the facts that a name may stand for, where not any. Those bindings that hold come first, and if
        there is one, it is found.
        """
        plan = plan_of(conditions)
        start: Bound = dict(outer)
        for name in self.without_fact(conditions, start, allowed):
            start[name] = NO_FACT
        found: dict[tuple[int, ...], Candidate] = {}
        if not any(self.waits_for(condition, start) for condition in conditions):
            for bound in self._holding(conditions, start, allowed):
                one = self.judged(conditions, bound)
                found.setdefault(one.places, one)
        if len(found) < most:
            for one in self._beam(conditions, plan, start, allowed):
                found.setdefault(one.places, one)
        return sorted(found.values(), key=_order)[:most]

    def judged(self, conditions: tuple[Condition, ...], bound: Bound) -> Candidate:
        """A binding that is known, and how far the conditions are from holding under it."""
        plan = plan_of(conditions)
        complete = dict(bound)
        self._add_tallies(plan, complete)
        places = tuple(self._place_in(complete, step.name) for step in plan.steps)
        return Candidate(self.miss_of_all(conditions, complete), places, complete)

    def _place_in(self, bound: Bound, name: str) -> int:
        fact = bound.get(name)
        return self.places[fact] if isinstance(fact, Fact) else -1

    def _holding(self, conditions: tuple[Condition, ...], start: Bound, allowed: Allowed) -> Iterator[Bound]:
        """Bindings under which all conditions hold; if there is none, those under which they possibly do."""
        for mode in (Mode.CERTAIN, Mode.POSSIBLE):
            self.stores.visits = 0
            every = solutions(conditions, start, self.stores, mode)
            held = _first_of((bound for bound in every if _is_allowed(bound, allowed)), _MOST_HOLDING)
            if held:
                yield from held
                return

    def _beam(self, conditions: tuple[Condition, ...], plan: Plan, start: Bound, allowed: Allowed) -> list[Candidate]:
        patterns = {c.name: c for c in conditions if isinstance(c, Pattern) and c.name}
        states = [self.judged(conditions, start)]
        for place, step in enumerate(plan.steps):
            if step.name in start:
                continue
            moved, still = self._parted(conditions, plan, step, states[0].bound)
            grown: list[Candidate] = []
            for before in states:
                so_far = self.miss_of_all(still, before.bound)
                ahead, behind = before.places[:place], before.places[place + 1 :]
                for fact in self._tried(step, patterns[step.name], before.bound, allowed):
                    bound = {**before.bound, step.name: fact}
                    self._add_tallies(plan, bound)
                    miss = total((so_far, self.miss_of_all(moved, bound)))
                    grown.append(Candidate(miss, (*ahead, self.places[fact], *behind), bound))
            grown.sort(key=_order)
            states = grown[:WIDTH]
        return states

    def _parted(
        self, conditions: tuple[Condition, ...], plan: Plan, step: Step, before: Bound
    ) -> tuple[tuple[Condition, ...], tuple[Condition, ...]]:
        """The conditions whose miss may change where one more name is bound, and the others."""
        new = {step.name, *(tally.name for tally in plan.tallies if tally.name not in before)}
        moved = tuple(one for one in conditions if not new.isdisjoint(self.needs(one)))
        return moved, tuple(one for one in conditions if new.isdisjoint(self.needs(one)))

    def _tried(self, step: Step, pattern: Pattern, bound: Bound, allowed: Allowed) -> Sequence[Fact]:
        """The facts worth trying for a name: all, or of very many those that join and those nearest by themselves."""
        if step.name in allowed:
            return sorted(allowed[step.name], key=self.places.__getitem__)[:MOST_TRIED]
        facts = self.facts(step.fact_type)
        if len(facts) <= MOST_TRIED:
            return tuple(facts)
        joined = candidates(step, bound, self.stores, Mode.POSSIBLE)
        alone = sorted(facts, key=lambda fact: (self.miss(pattern, {pattern.name: fact}), self.places[fact]))
        several = dict.fromkeys([*islice(joined, MOST_TRIED), *alone[:MOST_TRIED]])
        return tuple(several)

    def _add_tallies(self, plan: Plan, bound: Bound) -> None:
        """The values of the named tallies that can be told already."""
        for tally in plan.tallies:
            needs = self.needs(tally)
            if tally.name not in bound and all(name in bound for name in needs):
                waits = any(bound[name] is NO_FACT for name in needs)
                bound[tally.name] = NO_FACT if waits else tallied(tally, bound, self.stores)

    def without_fact(self, conditions: tuple[Condition, ...], outer: Bound, allowed: Allowed = ANY) -> set[str]:
        """The names that no fact can stand for, and those that are asked about in their terms."""
        named = [c for c in conditions if isinstance(c, Pattern) and c.name]
        gone = {name for name, fact in outer.items() if fact is NO_FACT}
        gone |= {p.name for p in named if not allowed.get(p.name, self.facts(p.fact_type))}
        while True:
            more = {p.name for p in named if p.name not in gone and gone & set(self.needs(p))}
            if not more:
                return gone & {p.name for p in named}
            gone |= more

    def needs(self, condition: Condition) -> tuple[str, ...]:
        """The names that must be bound before the condition can be asked; a named pattern needs its own."""
        known = self._needs.get(id(condition))
        if known is None:
            known = self._needs[id(condition)] = (condition, _needs(condition))
        return known[1]

    def miss_of_all(self, conditions: tuple[Condition, ...], bound: Bound) -> Miss:
        """How far conditions are from holding; those that cannot be asked yet count for nothing."""
        return total([self.miss(condition, bound) for condition in conditions])

    def miss(self, condition: Condition, bound: Bound) -> Miss:
        """How far one condition is from holding, by what is bound of what it needs."""
        key = (id(condition), *map(bound.get, self.needs(condition)))
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._miss(condition, bound, key[1:])
        return known

    def waits_for(self, condition: Condition, bound: Bound) -> tuple[str, ...]:
        """The names it asks about that no fact stands for; of an `any` each branch answers for itself."""
        if isinstance(condition, AnyOf):
            return ()
        return tuple(name for name in self.needs(condition) if bound.get(name) is NO_FACT)

    def branch(self, branch: tuple[Condition, ...], bound: Bound) -> Candidate:
        """The nearest that one branch of an `any` comes to holding."""
        return self.nearest(branch, bound, 1)[0]

    def is_beside(self, conditions: tuple[Condition, ...], bound: Bound, allowed: Allowed = ANY) -> bool:
        """Whether a name stands for a fact about something else, where there is one about what is asked."""
        named = [c for c in conditions if isinstance(c, Pattern) and c.name]
        return any(
            isinstance(fact := bound.get(pattern.name), Fact)
            and self.compared(pattern, fact, bound).is_stranger
            and any(
                not self.compared(pattern, other, bound).is_stranger
                for other in allowed.get(pattern.name, self.facts(pattern.fact_type))
            )
            for pattern in named
        )

    def _miss(self, condition: Condition, bound: Bound, facts: tuple[object, ...]) -> Miss:
        # The count is there to stop a join without end, and one condition is no such thing.
        self.stores.visits = 0
        if isinstance(condition, AnyOf):
            if None in facts:
                return Miss()
            nearest = min(self.branch(branch, bound).miss for branch in condition.branches)
            return as_one(truth_of(nearest), nearest)
        if NO_FACT in facts:
            return as_one(Truth.NO, _nothing_like(tuple(inner_tests(condition))))
        if isinstance(condition, Pattern) and condition.name:
            fact = bound.get(condition.name)
            return self.compared(condition, fact, bound).miss if isinstance(fact, Fact) else Miss()
        if None in facts:
            return Miss()
        if isinstance(condition, Tally):
            return self._tally_miss(condition, bound)
        if isinstance(condition, Negation):
            surely, perhaps = self.in_the_way(condition, bound)
            truth = Truth.NO if surely else Truth.UNKNOWN if perhaps else Truth.YES
            return as_one(truth, Miss(tests=len(surely), distance=FAR * len(surely)))
        tried = [self.compared(condition, fact, bound).miss for fact in self.facts(condition.fact_type)]
        return min(tried, default=as_one(Truth.NO, _nothing_like(condition.tests)))

    def _tally_miss(self, tally: Tally, bound: Bound) -> Miss:
        found = self.range_of(tally, bound)
        missed = [limit for limit in tally.limits if limits_truth((limit,), found, bound) is Truth.NO]
        distance = 0
        for limit in missed:
            operands = tuple(slot_of(operand, bound) for operand in limit.operands)
            distance += limit_distance(limit.operator.name, found, operands) if found.may_exist else FAR
        return as_one(limits_truth(tally.limits, found, bound), Miss(tests=len(missed), distance=distance))


def truth_of(miss: Miss) -> Truth:
    """What conditions that miss this come to together."""
    return Truth.NO if miss.failed else Truth.UNKNOWN if miss.unknown else Truth.YES


def _nothing_like(tests: tuple[Test, ...]) -> Miss:
    """Where there is no fact at all, every test is as far off as can be."""
    number = max(1, len(tests))
    return Miss(tests=number, distance=FAR * number)


def _first_of(several: Iterator[Bound], most: int) -> list[Bound]:
    """The first bindings; fewer where a join that no consultation asked for looks at more than anybody waits for."""
    found: list[Bound] = []
    with suppress(ExhaustedError):
        found.extend(islice(several, most))
    return found


_order = itemgetter(0, 1)


def _is_allowed(bound: Bound, allowed: Allowed) -> bool:
    return all(bound.get(name) in facts for name, facts in allowed.items() if name in bound)


def _needs(condition: Condition) -> tuple[str, ...]:
    names = {reference.name for test in inner_tests(condition) for reference in test.references()}
    if isinstance(condition, Pattern):
        names |= {condition.name} - {""}
    else:
        names -= {pattern.name for pattern in inner_patterns(condition)}
        names -= {tally.name for tally in inner_tallies(condition)}
    return tuple(sorted(names))
