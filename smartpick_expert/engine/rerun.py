"""A consultation made again after a few given facts changed, asking only the rules that the change can concern.

For whoever tries hundreds of "what if this were otherwise" on one profile. Stratum after stratum, a rule that no changed
fact can be anything to concludes what it concluded before; the others, and those of the same stratum that they feed, are
matched anew. What then comes out otherwise is a change to the strata that follow. The result is that of `fire` on the
changed facts; tests/test_slices.py holds the one to the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from smartpick_expert.engine import session
from smartpick_expert.engine.compiled import CompiledRules
from smartpick_expert.engine.derivation import Derivation, Firing
from smartpick_expert.engine.match import solutions
from smartpick_expert.engine.plans import ById, rule_plan_of
from smartpick_expert.engine.readers import readers_of
from smartpick_expert.engine.slices import slice_of
from smartpick_expert.engine.store import MAX_FIRINGS, Branch, ExhaustedError, Mode, Stores
from smartpick_expert.engine.strata import feeding
from smartpick_expert.language.facts import Fact, Origin
from smartpick_expert.language.model import Rule
from smartpick_expert.language.operators import Truth

# A given fact and what stands in its place; None for a fact that was not there, or that goes.
Change = tuple[Fact | None, Fact | None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out: the facts, how many were looked at for it, and for the types asked about who concluded each certain one."""

    stores: Stores
    concluded_by: Mapping[Fact, frozenset[str]]
    visits: int


class Rerun:
    """Changed copies of one consultation, for the facts of some types. `facts` are those it was given."""

    def __init__(self, derivation: Derivation, facts: Iterable[Fact], types: Iterable[str]) -> None:
        self.types = frozenset(types)
        self.facts = tuple(facts)
        self.compiled = slice_of(derivation, self.types)
        self.readers = readers_of(self.compiled)
        self._order = _order_of(self.compiled)
        self._heard: dict[Fact, frozenset[str]] = {}
        self._is_cut_off = bool(derivation.cut_off)
        ours = self.compiled.by_id
        surely = [pair for pair in _pairs(derivation.firings) if pair[0] in ours]
        perhaps = [pair for pair in _pairs(derivation.possible_firings) if pair[0] in ours]
        self._surely, self._perhaps = _conclusions(surely), _conclusions(perhaps)
        self._sure_grounds, self._grounds = _by_whom(surely), _by_whom((*surely, *perhaps))
        self._before = _stores_of(self.facts, self._sure_grounds, self._grounds)

    def after(self, changes: Sequence[Change]) -> Outcome:
        """What comes out after the changes. Raises ExhaustedError or Problems where nobody would wait for it."""
        try:
            return self._anew(changes) if self._is_cut_off else self._again(changes)
        except _TooManyError:
            return self._anew(changes)

    def _anew(self, changes: Sequence[Change]) -> Outcome:
        gone = {old for old, _ in changes}
        given = [fact for fact in self.facts if fact not in gone] + [new for _, new in changes if new is not None]
        made = session.fire(self.compiled, given, "plain")
        return Outcome(made.stores, self._asked_for(_by_whom(_pairs(made.fired.values()))), made.stores.visits)

    def _again(self, changes: Sequence[Change]) -> Outcome:
        stores = self._changed_stores(changes)
        concerned: set[str] = set()
        fired = _Fired({}, set())
        waiting = self._told_apart(changes)
        while waiting:
            number = min(self._order.stratum[rule_id] for rule_id in waiting)
            asked = {rule_id for rule_id in waiting if self._order.stratum[rule_id] == number}
            asked |= {fed for rule_id in asked for fed in self._order.fed[rule_id]}
            concerned |= asked
            waiting |= self._take_back(asked, concerned, fired, stores)
            new = _fire([rule for rule in self.compiled.strata[number] if rule.id in asked], stores)
            fired.surely.update(new.surely)
            fired.concluded.update(new.concluded)
            changed = (
                fact for fact in {*self._concluded_by(asked), *new.concluded} if self._is_otherwise(fact, stores)
            )
            waiting = (waiting | self._concerned_by(changed)) - concerned
        grounds = {fact: rules - concerned for fact, rules in self._asked_for(self._sure_grounds).items()}
        for rule_id, facts in fired.surely.items():
            for fact in facts:
                if fact.type in self.types:
                    grounds[fact] = grounds.get(fact, frozenset()) | {rule_id}
        return Outcome(stores, {fact: rules for fact, rules in grounds.items() if rules}, stores.visits)

    def _changed_stores(self, changes: Sequence[Change]) -> Stores:
        stores = Stores()
        certain, possible = Branch(self._before.certain), Branch(self._before.possible)
        stores.certain, stores.possible, stores.doubtful = certain, possible, set(self._before.doubtful)
        for old, new in changes:
            if old is not None:
                certain.remove(old)
                possible.remove(old)
            if new is not None and new.origin is Origin.OPEN:
                stores.add_possible(new)
            elif new is not None:
                stores.add_certain(new)
        return stores

    def _told_apart(self, changes: Sequence[Change]) -> set[str]:
        """The rules to which a change may make a difference."""
        return {
            reader.rule.id
            for old, new in changes
            for reader in self.readers.get((old or new).type, ())  # type: ignore[union-attr]
            if reader.tells_apart(old, new)
        }

    def _take_back(self, asked: set[str], concerned: set[str], fired: _Fired, stores: Stores) -> set[str]:
        """Take back what rules concluded before, unless another rule that has its turn by now concludes it.

        A rule of a later stratum may have concluded it too, perhaps from itself, so that it has to be asked again.
        """
        number = max(self._order.stratum[rule_id] for rule_id in asked)
        sure = {fact for facts in fired.surely.values() for fact in facts}
        owed: set[str] = set()

        def is_lost(grounds: frozenset[str]) -> bool:
            left = grounds - concerned
            later = {rule_id for rule_id in left if self._order.stratum[rule_id] > number}
            if left != later:
                return False
            owed.update(later)
            return True

        for fact in self._concluded_by(asked):
            if fact not in sure and is_lost(self._sure_grounds.get(fact, _NO_RULES)):
                stores.certain.remove(fact)  # type: ignore[attr-defined]
                # It may stay possible, and then is in doubt from now on.
                stores.doubtful.add(fact.type)
            if fact not in fired.concluded and is_lost(self._grounds[fact]):
                stores.possible.remove(fact)  # type: ignore[attr-defined]
        return owed

    def _concluded_by(self, rules: set[str]) -> list[Fact]:
        """What rules concluded before."""
        known = (self._surely, self._perhaps)
        return [fact for rule_id in sorted(rules) for by_rule in known for fact in by_rule.get(rule_id, ())]

    def _is_otherwise(self, fact: Fact, stores: Stores) -> bool:
        """Whether a fact is certain, possible or neither, and was not so before."""
        before = self._before
        return (fact in stores.certain, fact in stores.possible) != (fact in before.certain, fact in before.possible)

    def _concerned_by(self, changed: Iterable[Fact]) -> set[str]:
        return {rule_id for fact in changed for rule_id in self._readers_of(fact)}

    def _readers_of(self, fact: Fact) -> frozenset[str]:
        """The rules that a fact may be something to. The same ones come and go in many trials."""
        if fact not in self._heard:
            readers = self.readers.get(fact.type, ())
            self._heard[fact] = frozenset(one.rule.id for one in readers if one.verdict(fact) is not Truth.NO)
        return self._heard[fact]

    def _asked_for(self, grounds: Mapping[Fact, frozenset[str]]) -> dict[Fact, frozenset[str]]:
        return {fact: rules for fact, rules in grounds.items() if fact.type in self.types}


class _TooManyError(Exception):
    """A rule would possibly fire too often to be counted, and what that comes to is not for here to say."""


@dataclass(frozen=True, slots=True)
class _Fired:
    """What rules conclude surely, by rule, and all that they conclude."""

    surely: dict[str, list[Fact]]
    concluded: set[Fact]


def _fire(rules: list[Rule], stores: Stores) -> _Fired:
    """Fire rules of one stratum to their fixpoint, certainly and then possibly."""
    keys: dict[str, set[tuple[Fact, ...]]] = {rule.id: set() for rule in rules}
    fired = _Fired({rule.id: [] for rule in rules}, set())
    waiting = rules
    while waiting:
        gained: set[str] = set()
        for rule in waiting:
            for key, conclusions in _matches(rule, stores, Mode.CERTAIN, MAX_FIRINGS):
                keys[rule.id].add(key)
                fired.surely[rule.id] += conclusions
                fired.concluded.update(conclusions)
                gained.update(fact.type for fact in conclusions if stores.add_certain(fact))
        waiting = _gaining(rules, gained)
    doubtful = -1
    while len(stores.doubtful) != doubtful:
        doubtful = len(stores.doubtful)
        # What only may be so is in reach of rules that meet some doubt, and their conclusions may bring more of it.
        waiting = [rule for rule in rules if _meets_doubt(rule, stores)]
        while waiting:
            gained = set()
            for rule in waiting:
                known = keys[rule.id]
                for key, conclusions in _matches(rule, stores, Mode.POSSIBLE, len(known) + session.MAX_POSSIBLE):
                    if key not in known:
                        fired.concluded.update(conclusions)
                        gained.update(fact.type for fact in conclusions if stores.add_possible(fact))
            waiting = _gaining(rules, gained)
    return fired


def _gaining(rules: list[Rule], gained: set[str]) -> list[Rule]:
    """The rules that can fire anew because a type gained a fact."""
    return [rule for rule in rules if rule_plan_of(rule).joined & gained] if gained else []


def _meets_doubt(rule: Rule, stores: Stores) -> bool:
    plan = rule_plan_of(rule)
    return plan.has_unknown_constant or bool(plan.mentioned & stores.doubtful)


def _matches(rule: Rule, stores: Stores, mode: Mode, most: int) -> list[tuple[tuple[Fact, ...], tuple[Fact, ...]]]:
    """What a rule's names may be bound to, with the conclusions from it, each once."""
    plan = rule_plan_of(rule)
    found = list(islice(solutions(rule.when, {}, stores, mode), most + 1))
    if len(found) > most:
        raise ExhaustedError(rule) if mode is Mode.CERTAIN else _TooManyError
    by_key = {tuple(bound[name] for name in plan.names): bound for bound in found}
    return [(key, tuple(conclude(bound) for conclude in plan.conclusions)) for key, bound in by_key.items()]  # type: ignore[misc]


def _stores_of(given: tuple[Fact, ...], certain: Iterable[Fact], possible: Iterable[Fact]) -> Stores:
    stores = Stores()
    for fact in given:
        if fact.origin is not Origin.OPEN:
            stores.add_certain(fact)
    for fact in certain:
        stores.add_certain(fact)
    for fact in (*(fact for fact in given if fact.origin is Origin.OPEN), *possible):
        stores.add_possible(fact)
    return stores


def _pairs(firings: Iterable[Firing]) -> Iterator[tuple[str, Fact]]:
    return ((firing.rule_id, fact) for firing in firings for fact in firing.conclusions)


def _conclusions(pairs: Iterable[tuple[str, Fact]]) -> Mapping[str, Collection[Fact]]:
    """What each rule concluded."""
    found: dict[str, dict[Fact, None]] = defaultdict(dict)
    for rule_id, fact in pairs:
        found[rule_id][fact] = None
    return found


def _by_whom(pairs: Iterable[tuple[str, Fact]]) -> Mapping[Fact, frozenset[str]]:
    """The rules that concluded each fact."""
    found: dict[Fact, set[str]] = defaultdict(set)
    for rule_id, fact in pairs:
        found[fact].add(rule_id)
    return {fact: frozenset(rules) for fact, rules in found.items()}


_NO_RULES: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Order:
    """The number of each rule's stratum, and the rules of the same stratum that wait for it, through however many others."""

    stratum: Mapping[str, int]
    fed: Mapping[str, frozenset[str]]


def _make_order(compiled: CompiledRules) -> _Order:
    fed: dict[str, frozenset[str]] = {}
    for stratum in compiled.strata:
        edges = feeding(stratum)
        for number, rule in enumerate(stratum):
            reached = [*edges[number]]
            seen = set(reached)
            for one in reached:
                new = set(edges[one]) - seen
                seen |= new
                reached += new
            fed[rule.id] = frozenset(stratum[one].id for one in seen)
    return _Order({rule.id: number for number, stratum in enumerate(compiled.strata) for rule in stratum}, fed)


_order_of: ById[CompiledRules, _Order] = ById(_make_order, most=32)
