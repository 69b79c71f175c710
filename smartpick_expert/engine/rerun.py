"""A consultation made again after a few given facts changed, asking only the rules that the change can concern.

For whoever tries hundreds of "what if this were otherwise" on one profile. Stratum after stratum, a rule that no changed
fact can be anything to concludes what it concluded before; the others, and those of the same stratum that they feed, are
matched anew. What then comes out otherwise is a change to the strata that follow. The result is that of `fire` on the
changed facts; tests/test_slices.py holds the one to the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from smartpick_expert.engine.compiled import CompiledRules
from smartpick_expert.engine.derivation import Derivation, Firing
from smartpick_expert.engine.match import solutions
from smartpick_expert.engine.plans import ById, rule_plan_of
from smartpick_expert.engine.readers import readers_of
from smartpick_expert.engine.session import MAX_POSSIBLE, fire
from smartpick_expert.engine.slices import slice_of
from smartpick_expert.engine.store import MAX_FIRINGS, ExhaustedError, Mode, Stores
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
        self._fed = _fed_within(self.compiled)
        self._is_cut_off = bool(derivation.cut_off)
        self._certain = frozenset(derivation.certain)
        self._possible = frozenset(derivation.possible)
        self._surely = _conclusions(derivation.firings)
        self._perhaps = _conclusions(derivation.possible_firings)

    def after(self, changes: Sequence[Change]) -> Outcome:
        """What comes out after the changes. Raises ExhaustedError or Problems where nobody would wait for it."""
        gone = {old for old, _ in changes if old is not None}
        given = [fact for fact in self.facts if fact not in gone] + [new for _, new in changes if new is not None]
        if self._is_cut_off:
            return self._anew(given)
        try:
            return self._again(given, changes)
        except _TooManyError:
            return self._anew(given)

    def _anew(self, given: list[Fact]) -> Outcome:
        session = fire(self.compiled, given, "plain")
        by = [(firing.rule_id, fact) for firing in session.fired.values() for fact in firing.conclusions]
        return Outcome(session.stores, self._by_whom(by), session.stores.visits)

    def _again(self, given: list[Fact], changes: Sequence[Change]) -> Outcome:
        stores = Stores()
        for fact in given:
            if fact.origin is Origin.OPEN:
                stores.add_possible(fact)
            else:
                stores.add_certain(fact)
        concerned = {
            reader.rule.id
            for old, new in changes
            for reader in self.readers.get((old or new).type, ())  # type: ignore[union-attr]
            if reader.tells_apart(old, new)
        }
        by: list[tuple[str, Fact]] = []
        for stratum in self.compiled.strata:
            asked = [rule for rule in stratum if rule.id in concerned]
            if asked:
                fed = {rule_id for rule in asked for rule_id in self._fed[rule.id]}
                concerned |= fed
                asked = [rule for rule in stratum if rule.id in concerned]
            for rule in stratum:
                if rule.id not in concerned:
                    by += self._as_before(rule, stores)
            if asked:
                by += _fire(asked, stores)
                concerned |= self._concerned_by(self._changed(asked, stores))
        return Outcome(stores, self._by_whom(by), stores.visits)

    def _as_before(self, rule: Rule, stores: Stores) -> list[tuple[str, Fact]]:
        """Let a rule conclude what it concluded before."""
        for fact in self._perhaps.get(rule.id, ()):
            stores.add_possible(fact)
        facts = self._surely.get(rule.id, ())
        for fact in facts:
            stores.add_certain(fact)
        return [(rule.id, fact) for fact in facts]

    def _changed(self, asked: list[Rule], stores: Stores) -> set[Fact]:
        """The conclusions of rules asked anew that are now certain, possible or neither, and were not so before."""
        before = (
            fact for rule in asked for known in (self._surely, self._perhaps) for fact in known.get(rule.id, ())
        )
        types = {conclusion.fact_type for rule in asked for conclusion in rule.then}
        now = (fact for name in types for fact in stores.possible.of(name))
        return {
            fact
            for fact in (*before, *now)
            if (fact in stores.certain, fact in stores.possible) != (fact in self._certain, fact in self._possible)
        }

    def _concerned_by(self, changed: Iterable[Fact]) -> set[str]:
        return {
            reader.rule.id
            for fact in changed
            for reader in self.readers.get(fact.type, ())
            if reader.verdict(fact) is not Truth.NO
        }

    def _by_whom(self, pairs: Iterable[tuple[str, Fact]]) -> Mapping[Fact, frozenset[str]]:
        found: dict[Fact, set[str]] = defaultdict(set)
        for rule_id, fact in pairs:
            if fact.type in self.types:
                found[fact].add(rule_id)
        return {fact: frozenset(rules) for fact, rules in found.items()}


class _TooManyError(Exception):
    """A rule would possibly fire too often to be counted, and what that comes to is not for here to say."""


def _fire(rules: list[Rule], stores: Stores) -> list[tuple[str, Fact]]:
    """Fire rules of one stratum to their fixpoint, certainly and then possibly; the certain conclusions with their rules."""
    fired: dict[str, set[tuple[Fact, ...]]] = {rule.id: set() for rule in rules}
    by: list[tuple[str, Fact]] = []
    waiting = rules
    while waiting:
        gained: set[str] = set()
        for rule in waiting:
            for key, conclusions in _matches(rule, stores, Mode.CERTAIN, MAX_FIRINGS):
                fired[rule.id].add(key)
                by += [(rule.id, fact) for fact in conclusions]
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
                known = fired[rule.id]
                for key, conclusions in _matches(rule, stores, Mode.POSSIBLE, len(known) + MAX_POSSIBLE):
                    if key not in known:
                        gained.update(fact.type for fact in conclusions if stores.add_possible(fact))
            waiting = _gaining(rules, gained)
    return by


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


def _conclusions(firings: Iterable[Firing]) -> dict[str, tuple[Fact, ...]]:
    found: dict[str, dict[Fact, None]] = defaultdict(dict)
    for firing in firings:
        found[firing.rule_id].update(dict.fromkeys(firing.conclusions))
    return {rule_id: tuple(facts) for rule_id, facts in found.items()}


def _feeds(compiled: CompiledRules) -> Mapping[str, frozenset[str]]:
    """For each rule those of its own stratum that wait for its conclusions, through however many others."""
    found: dict[str, frozenset[str]] = {}
    for stratum in compiled.strata:
        fed = feeding(stratum)
        for number, rule in enumerate(stratum):
            reached = [*fed[number]]
            seen = set(reached)
            for one in reached:
                new = set(fed[one]) - seen
                seen |= new
                reached += new
            found[rule.id] = frozenset(stratum[one].id for one in seen)
    return found


_fed_within: ById[CompiledRules, Mapping[str, frozenset[str]]] = ById(_feeds, most=32)
