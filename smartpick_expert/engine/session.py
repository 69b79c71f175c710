"""One consultation: stratum after stratum to its fixpoint, the certain facts first, then the possible.

An engine only brings matches. What a match is worth (all conditions checked), what it concludes, and what is kept of it
is decided here, so that both engines yield one derivation.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from smartpick_expert.diagnostics import Diagnostic, Problems
from smartpick_expert.engine.compiled import CompiledRules, has_unknown_constant, mentioned_types
from smartpick_expert.engine.derivation import Derivation, Firing
from smartpick_expert.engine.evaluator import Tallied, slot_of
from smartpick_expert.engine.match import check
from smartpick_expert.engine.plain import Bound, OnMatch, PlainMatcher, run_to_fixpoint
from smartpick_expert.engine.store import Mode, Stores
from smartpick_expert.engine.support import support_of
from smartpick_expert.language.facts import Fact, Origin, concluded, fact_order, open_fact
from smartpick_expert.language.model import Conclusion, Rule

# A rule that fires this often is a cross product of everything with everything.
MAX_FIRINGS = 100_000
# Unknown join fields multiply; past this many, one open fact of each concluded type stands for the rest.
MAX_POSSIBLE = 1_000


class Matcher(Protocol):
    """An engine: it brings the matches of a stratum's rules until nothing new is concluded."""

    name: str

    def run(self, stratum: tuple[Rule, ...], stores: Stores, on_match: OnMatch) -> None:
        """Tell `on_match` of the stratum's certain matches; it may bring too many, and the same more than once."""

    def close(self) -> None:
        """Give back whatever the engine holds."""


def consult(compiled: CompiledRules, facts: Iterable[Fact], engine: Matcher | str = "") -> Derivation:
    """Fire the rules on the facts. `engine` is a matcher to use again, or the name of one (see `make_matcher`).

    Raises Problems on a cross product.
    """
    if not isinstance(engine, str):
        return _Session(compiled, engine).run(facts)
    matcher = make_matcher(engine)
    try:
        return _Session(compiled, matcher).run(facts)
    finally:
        matcher.close()


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


class _Session:
    def __init__(self, compiled: CompiledRules, matcher: Matcher) -> None:
        self.compiled = compiled
        self.matcher = matcher
        self.stores = Stores()
        self.fired: dict[tuple[str, tuple[tuple[str, Fact], ...]], Firing] = {}
        self.possibly: dict[tuple[str, tuple[tuple[str, Fact], ...]], Firing] = {}
        self.counts: dict[tuple[str, Mode], int] = {}
        self.stratum = 0

    def run(self, facts: Iterable[Fact]) -> Derivation:
        for fact in facts:
            if fact.origin is Origin.OPEN:
                self.stores.add_possible(fact)
            else:
                self.stores.add_certain(fact)
        for number, stratum in enumerate(self.compiled.strata):
            self.stratum = number
            self.matcher.run(stratum, self.stores, self._certain_match)
            self._complete_possible(stratum)
        return self._derivation()

    def _certain_match(self, rule: Rule, bound: Bound) -> list[Fact]:
        key = (rule.id, _named(rule, bound))
        if key in self.fired:
            return []
        # A vetoed match is not remembered: with another fact for a pattern without a name it may pass.
        complete = check(rule.when, bound, self.stores, Mode.CERTAIN)
        if complete is None:
            return []
        self._count(rule, Mode.CERTAIN)
        firing = self._firing(rule, key[1], complete)
        self.fired[key] = firing
        return [fact for fact in firing.conclusions if self.stores.add_certain(fact)]

    def _firing(self, rule: Rule, named: tuple[tuple[str, Fact], ...], bound: Bound) -> Firing:
        conclusions = tuple(dict.fromkeys(_conclude(conclusion, bound) for conclusion in rule.then))
        tallies = tuple(sorted((name, value.value) for name, value in bound.items() if isinstance(value, Tallied)))
        return Firing(rule.id, self.stratum, named, tallies, conclusions)

    def _count(self, rule: Rule, mode: Mode) -> int:
        number = self.counts[rule.id, mode] = self.counts.get((rule.id, mode), 0) + 1
        if mode is Mode.CERTAIN and number > MAX_FIRINGS:
            raise Problems(
                [
                    Diagnostic(
                        "rule.cross-product",
                        f"Rule '{rule.id}' fires more than {MAX_FIRINGS:,} times: it joins everything with everything.",
                        "Join its patterns by a field, or leave out an 'as'.",
                        rule.location,
                    )
                ]
            )
        return number

    def _complete_possible(self, stratum: tuple[Rule, ...]) -> None:
        """Add what is concluded for some value of the unknowns; rules that meet no unknown have nothing to add."""
        unsure = {rule.id for rule in stratum if has_unknown_constant(rule)}
        looked_at = {rule.id: mentioned_types(rule) for rule in stratum}
        while True:
            doubtful = [rule for rule in stratum if rule.id in unsure or looked_at[rule.id] & self.stores.doubtful]
            before = len(self.stores.doubtful)
            run_to_fixpoint(doubtful, self.stores, Mode.POSSIBLE, self._possible_match)
            if len(self.stores.doubtful) == before:
                return

    def _possible_match(self, rule: Rule, bound: Bound) -> list[Fact]:
        key = (rule.id, _named(rule, bound))
        if key in self.fired or key in self.possibly or self.counts.get((rule.id, Mode.POSSIBLE), 0) > MAX_POSSIBLE:
            return []
        if self._count(rule, Mode.POSSIBLE) > MAX_POSSIBLE:
            stand_ins = [open_fact(self.compiled.vocabulary.types[conclusion.fact_type]) for conclusion in rule.then]
            return [fact for fact in stand_ins if self.stores.add_possible(fact)]
        firing = self._firing(rule, key[1], bound)
        self.possibly[key] = firing
        return [fact for fact in firing.conclusions if self.stores.add_possible(fact)]

    def _derivation(self) -> Derivation:
        vocabulary = self.compiled.vocabulary
        rules = {rule.id: rule for rule in self.compiled.rules}

        def place(firing: Firing) -> tuple[object, ...]:
            return (
                firing.stratum,
                firing.rule_id,
                tuple((name, fact_order(vocabulary, f)) for name, f in firing.bindings),
            )

        def order(facts: Iterable[Fact]) -> tuple[Fact, ...]:
            return tuple(sorted(facts, key=lambda fact: fact_order(vocabulary, fact)))

        firings = tuple(
            support_of(rules[firing.rule_id], firing, self.stores, vocabulary)
            for firing in sorted(self.fired.values(), key=place)
        )
        return Derivation(
            self.compiled,
            order(self.stores.certain.all()),
            order(self.stores.possible.all()),
            firings,
            tuple(sorted(self.possibly.values(), key=place)),
        )


def _named(rule: Rule, bound: Bound) -> tuple[tuple[str, Fact], ...]:
    pairs = ((pattern.name, bound[pattern.name]) for pattern in rule.bound())
    return tuple(sorted(((name, fact) for name, fact in pairs if isinstance(fact, Fact)), key=lambda pair: pair[0]))


def _conclude(conclusion: Conclusion, bound: Bound) -> Fact:
    return concluded(conclusion.fact_type, ((name, slot_of(operand, bound)) for name, operand in conclusion.values))
