"""One consultation: stratum after stratum to its fixpoint, the certain facts first, then the possible.

An engine only brings matches. What a match is worth (all conditions checked), what it concludes, and what is kept of it
is decided here, so that both engines yield one derivation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Protocol

from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.engine.compiled import CompiledRules
from smartpick_expert.engine.derivation import Derivation, Firing
from smartpick_expert.engine.latches import Opened
from smartpick_expert.engine.match import Bound, check
from smartpick_expert.engine.plain import OnFinished, OnMatch, PlainMatcher, run_to_fixpoint
from smartpick_expert.engine.plans import Strata, rule_plan_of, strata_plan_of
from smartpick_expert.engine.store import MAX_ALL_FIRINGS, MAX_FACTS, MAX_FIRINGS, ExhaustedError, Mode, Stores
from smartpick_expert.engine.support import support_of
from smartpick_expert.language.facts import Fact, Origin, fact_order, open_fact
from smartpick_expert.language.model import Rule

# Unknown join fields multiply; past this many, one open fact of each concluded type stands for all that it might conclude.
MAX_POSSIBLE = 1_000


class Matcher(Protocol):
    """An engine: it brings the matches of a stratum's rules until nothing new is concluded."""

    name: str
    # Whether each match it brings holds, and nothing is left to check.
    is_exact: bool

    def run(self, strata: Strata, stores: Stores, on_match: OnMatch, on_finished: OnFinished) -> None:
        """Tell `on_match` of each stratum's certain matches until that brings nothing new, then `on_finished`.

        It may bring too many matches, and the same more than once.
        """

    def close(self) -> None:
        """Give back whatever the engine holds."""


def consult(compiled: CompiledRules, facts: Iterable[Fact], engine: Matcher | str = "") -> Derivation:
    """Fire the rules on the facts. `engine` is a matcher, or the name of one that the process shares (see `make_matcher`).

    Raises Problems on a cross product.
    """
    return fire(compiled, facts, engine).derivation()


def fire(compiled: CompiledRules, facts: Iterable[Fact], engine: Matcher | str = "") -> Session:
    """As `consult`, without the record: for whoever wants to know what came out, and not why."""
    session = Session(compiled)
    session.run(shared_matcher(engine) if isinstance(engine, str) else engine, facts)
    return session


@cache
def shared_matcher(name: str) -> Matcher:
    """One engine of that name for the whole process, so that a rule base is compiled once."""
    return make_matcher(name)


def make_matcher(name: str = "") -> Matcher:
    """The engine of that name, `durable` or `plain`; without a name durable-rules where it is installed, else plain.

    Raises Problems where durable-rules is asked for by name and cannot be had.
    """
    if name == "plain":
        return PlainMatcher()
    if not name:
        try:
            return make_matcher("durable")
        except Problems:
            return PlainMatcher()
    from smartpick_expert.engine.durable import DurableMatcher  # noqa: PLC0415 - may be missing; plain must do without

    return DurableMatcher()


class _TooManyError(Exception):
    """A rule would possibly fire more than MAX_POSSIBLE times."""

    def __init__(self, rule_id: str) -> None:
        super().__init__(rule_id)
        self.rule_id = rule_id


class Session:
    """One consultation: the facts in both stores, and what fired on them so far."""

    def __init__(self, compiled: CompiledRules) -> None:
        self.compiled = compiled
        self.stores = Stores()
        self.fired: dict[tuple[str, tuple[tuple[str, Fact], ...]], Firing] = {}
        self.possibly: dict[tuple[str, tuple[tuple[str, Fact], ...]], Firing] = {}
        self.counts: dict[str, int] = {}
        self.possible_counts: Counter[str] = Counter()
        self.cut_off: set[str] = set()
        self.added: list[Fact] = []
        self.opened: Opened | None = None
        self.stratum = 0
        self._is_exact = False
        self._under_way: Rule | None = None

    def run(self, matcher: Matcher, facts: Iterable[Fact]) -> None:
        """Fire all that fires. Raises Problems where a rule never comes to an end that anybody would wait for."""
        self._is_exact = matcher.is_exact
        try:
            for fact in facts:
                if fact.origin is Origin.OPEN:
                    self.stores.add_possible(fact)
                else:
                    self.stores.add_certain(fact)
            matcher.run(self.compiled.strata, self.stores, self._certain_match, self._finish)
        except ExhaustedError as error:
            raise Problems([exhausted(error.rule or self._under_way)]) from None

    def of(self, type_name: str) -> tuple[Fact, ...]:
        """The certain facts of a type."""
        return self._ordered(self.stores.certain.of(type_name))

    def open_of(self, type_name: str) -> tuple[Fact, ...]:
        """The facts of a type that are possible and not certain."""
        return self._ordered(fact for fact in self.stores.possible.of(type_name) if fact not in self.stores.certain)

    def _finish(self, number: int) -> None:
        self._complete_possible(number)
        self.stratum = number + 1

    def _certain_match(self, rule: Rule, bound: Bound) -> list[Fact]:
        key = (rule.id, _named(rule, bound))
        if key in self.fired:
            return []
        self._under_way = rule
        # A vetoed match is not remembered: with another fact for a pattern without a name it may pass.
        complete = bound if self._is_exact else check(rule.when, bound, self.stores, Mode.CERTAIN)
        if complete is None:
            return []
        self._guard(rule)
        firing = self._firing(rule, key[1], complete)
        self.fired[key] = firing
        return [fact for fact in firing.conclusions if self.stores.add_certain(fact)]

    def _firing(self, rule: Rule, named: tuple[tuple[str, Fact], ...], bound: Bound) -> Firing:
        plan = rule_plan_of(rule)
        conclusions = tuple(dict.fromkeys(conclude(bound) for conclude in plan.conclusions))
        tallies = tuple((name, bound[name].get("value")) for name in plan.tally_names)
        return Firing(rule.id, self.stratum, named, tallies, conclusions)

    def _guard(self, rule: Rule) -> None:
        self.counts[rule.id] = self.counts.get(rule.id, 0) + 1
        if self.counts[rule.id] > MAX_FIRINGS or len(self.fired) >= MAX_ALL_FIRINGS:
            raise ExhaustedError(rule)

    def _complete_possible(self, number: int) -> None:
        """Add what is concluded for some value of the unknowns.

        A rule that would possibly fire too often is cut off, and the pass begun anew without what it added: so what is
        kept does not depend on which of its matches came first.
        """
        before = dict(self.possibly)
        while True:
            self.added = []
            try:
                self._possible_pass(number)
            except _TooManyError as too_many:
                self.cut_off.add(too_many.rule_id)
                self.stores.take_back(self.added)
                self.opened = None
                self.possibly = dict(before)
                self.possible_counts = Counter(rule_id for rule_id, _ in before)
            else:
                return

    def _possible_pass(self, number: int) -> None:
        """Match the rules that meet any unknown; the others have nothing to add to what is certain."""
        plan = strata_plan_of(self.compiled.strata)
        stratum = plan.strata[number]
        doubtful_types = self.stores.doubtful
        while stratum.has_unknown_constant or stratum.mentioned & doubtful_types:
            self.opened = self.opened or Opened(plan.latches, Mode.POSSIBLE)
            doubtful = [
                entry for entry in stratum.rules if entry[2].has_unknown_constant or entry[2].mentioned & doubtful_types
            ]
            before = len(doubtful_types)
            run_to_fixpoint(
                doubtful, self.opened, self.stores, Mode.POSSIBLE, self._possible_match, self._most_possible
            )
            if len(doubtful_types) == before:
                return

    def _most_possible(self, rule: Rule) -> int:
        """How many matches of a rule are worth looking at: one more than is allowed is enough to know."""
        known = self.counts.get(rule.id, 0) + self.possible_counts[rule.id]
        return known + (1 if rule.id in self.cut_off else MAX_POSSIBLE + 1)

    def _possible_match(self, rule: Rule, bound: Bound) -> list[Fact]:
        key = (rule.id, _named(rule, bound))
        if key in self.fired or key in self.possibly:
            return []
        if rule.id in self.cut_off:
            types = self.compiled.vocabulary.types
            return self._newly_possible(open_fact(types[conclusion.fact_type]) for conclusion in rule.then)
        firing = self._firing(rule, key[1], bound)
        self.possibly[key] = firing
        self.possible_counts[rule.id] += 1
        if self.possible_counts[rule.id] > MAX_POSSIBLE:
            raise _TooManyError(rule.id)
        return self._newly_possible(firing.conclusions)

    def _newly_possible(self, facts: Iterable[Fact]) -> list[Fact]:
        new = [fact for fact in facts if self.stores.add_possible(fact)]
        self.added += new
        return new

    def derivation(self) -> Derivation:
        """The record: everything in its order, each firing with what it rested on."""
        # What was worth matching is worth recording, so the count begins anew.
        self.stores.visits = 0
        vocabulary = self.compiled.vocabulary
        places = {fact: fact_order(vocabulary, fact) for fact in self.stores.possible}

        def place(firing: Firing) -> tuple[object, ...]:
            return (firing.stratum, firing.rule_id, tuple((name, places[fact]) for name, fact in firing.bindings))

        possible = tuple(sorted(places, key=places.__getitem__))
        return Derivation(
            self.compiled,
            tuple(fact for fact in possible if fact in self.stores.certain),
            possible,
            tuple(
                support_of(self.compiled.by_id[firing.rule_id], firing, self.stores, places)
                for firing in sorted(self.fired.values(), key=place)
            ),
            tuple(sorted(self.possibly.values(), key=place)),
            tuple(sorted(self.cut_off)),
        )

    def _ordered(self, facts: Iterable[Fact]) -> tuple[Fact, ...]:
        return tuple(sorted(facts, key=lambda fact: fact_order(self.compiled.vocabulary, fact)))


def _named(rule: Rule, bound: Bound) -> tuple[tuple[str, Fact], ...]:
    return tuple((name, bound[name]) for name in rule_plan_of(rule).names)  # type: ignore[misc]


def exhausted(rule: Rule | None) -> Diagnostic:
    """The finding about a rule, or about facts too many, that no consultation comes to an end with."""
    if rule is None:
        return Diagnostic(
            "consultation.size",
            f"The profile and the knowledge hold more than {MAX_FACTS:,} facts; no consultation takes so many.",
            "Leave out what no rule looks at, or consult in parts.",
            Location("profile"),
        )
    return Diagnostic(
        "rule.cross-product",
        f"Rule '{rule.id}' looks at too much: it fires more than {MAX_FIRINGS:,} times, or all rules more than "
        f"{MAX_ALL_FIRINGS:,} times, or it joins everything with everything. The consultation was stopped.",
        "Join its patterns by a field, leave out an 'as', or let it look at fewer facts.",
        rule.location,
    )
