"""durable-rules behind the `Matcher` interface: the only module that imports its C core.

The core is driven directly: facts in, matches out, no threads. Only positive patterns go to it; whatever else a rule
asks is checked on each match by the session. Why each step is as it is: docs/decisions/003-durable-rules-corridor.md.
"""

from __future__ import annotations

import json
import threading
import weakref
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.engine.allocation import keep_memory
from smartpick_expert.engine.encoding import BOOT, RoundedError, RulesetCode, most_matches
from smartpick_expert.engine.latches import Latches, Opened
from smartpick_expert.engine.match import Bound
from smartpick_expert.engine.partition import MAX_PATTERNS_OF_A_TYPE, MAX_RULES, by_affinity, partition
from smartpick_expert.engine.plain import OnFinished, OnMatch, run_to_fixpoint
from smartpick_expert.engine.plans import ById, RulePlan, Strata, rule_plan_of
from smartpick_expert.engine.store import FactSet, Mode, Stores
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import Rule

# Inequality joins are a linear scan for each fact, so facts are handed over in portions.
PORTION = 50
# Past so many possible matches of a rule the plain matcher serves, which joins without keeping what it joined.
MAX_MATCHES = 100_000
# Rule bases held at a time: one for each set of parameter values in use.
_MAX_NETWORKS = 8

# A rule, by its number among those of the network, and the facts bound to its names.
Match = tuple[int, tuple[tuple[str, Fact], ...]]


class DurableMatcher:
    """Brings the matches that durable-rules finds. Rulesets are built once for each rule base and used again.

    One network holds the rules of all strata, so that a fact is handed over once; a match of a rule whose turn has not
    come waits for it. Raises Problems where the engine is not installed. One consultation at a time; others wait.
    """

    name = "durable"
    is_exact = False

    def __init__(self, max_rules: int = MAX_RULES, max_patterns: int = MAX_PATTERNS_OF_A_TYPE) -> None:
        self._core = _load_core()
        keep_memory()
        self._networks: ById[Strata, _Network] = ById(
            lambda strata: _Network(self._core, strata, max_rules, max_patterns), most=_MAX_NETWORKS
        )
        self._lock = threading.Lock()

    def run(self, strata: Strata, stores: Stores, on_match: OnMatch, on_finished: OnFinished) -> None:
        """Feed facts and what is concluded from them; hand each match to `on_match` when its stratum has its turn."""
        with self._lock:
            network = self._networks(strata)
            if not network.is_clean:
                # The last consultation was interrupted, even while it was being forgotten.
                network.end()
            network.is_clean = False
            try:
                for number in range(len(strata)):
                    self._complete(network, number, stores, on_match)
                    on_finished(number)
            finally:
                network.end()

    def _complete(self, network: _Network, number: int, stores: Stores, on_match: OnMatch) -> None:
        """Feed and match until the stratum concludes nothing new."""
        while True:
            network.feed(stores.certain)
            matches = network.take(number)
            stores.visit(len(matches))
            for rule, bound in matches:
                on_match(rule, bound)
            if not matches:
                if left_out := network.left_out(number):
                    run_to_fixpoint(left_out, network.opened_plainly, stores, Mode.CERTAIN, on_match)
                if len(stores.certain) == network.fed:
                    return

    @property
    def networks(self) -> list[_Network]:
        """The rule bases compiled so far."""
        return self._networks.made

    def close(self) -> None:
        """Delete the rulesets; the engine never frees them by itself."""
        for network in self.networks:
            network.close()
        self._networks.clear()


class _Network:
    """The rulesets of one rule base in the C core, with the consultation under way."""

    def __init__(self, core: Any, strata: Strata, max_rules: int, max_patterns: int) -> None:
        turns = {rule.id: number for number, stratum in enumerate(strata) for rule in stratum}
        self.rules = by_affinity([rule for stratum in strata for rule in stratum])
        self.turns = [turns[rule.id] for rule in self.rules]
        self.latches = Latches(self.rules)
        self.rulesets: list[_Ruleset] = []
        self.ruleset_of: list[_Ruleset] = []
        for part in partition(self.rules, max_rules, max_patterns):
            self.rulesets.append(_Ruleset(core, part, len(self.ruleset_of)))
            self.ruleset_of += [self.rulesets[-1]] * len(part)
        self.waiting: list[dict[Match, None]] = []
        self.fed = 0
        self.is_begun = False
        self.is_clean = False
        self.end()

    def feed(self, facts: FactSet) -> None:
        """Hand over the facts that came since the last time; the matches they make wait for their turn.

        A ruleset is left alone until one of its rules has a fact to be about for each pattern: its state costs time. It
        is left out where the facts could multiply in one of its rules (the core could not be stopped), or hold a number that
        the core would round.
        """
        new = facts.since(self.fed)
        if self.is_begun and not new:
            return
        self.is_begun = True
        most = facts.most_of_a_type
        for number in self.opened.admit(facts):
            self.ruleset_of[number].is_awake = True
        for ruleset in self.rulesets:
            ruleset.note(new, self.fed + 1)
            if ruleset.has_news and not ruleset.leaves_out(facts, most):
                for match in ruleset.feed():
                    self.waiting[self.turns[match[0]]][match] = None
        self.fed = len(facts)

    def take(self, number: int) -> list[tuple[Rule, Bound]]:
        """The matches that wait for this stratum, each once."""
        matches, self.waiting[number] = self.waiting[number], {}
        return [(self.rules[rule], dict(named)) for rule, named in matches]

    def left_out(self, number: int) -> list[tuple[int, Rule, RulePlan]]:
        """The rules of this stratum whose rulesets are left out, for the plain matcher."""
        if not any(ruleset.is_left_out for ruleset in self.rulesets):
            return []
        return [
            (place, rule, rule_plan_of(rule))
            for place, rule in enumerate(self.rules)
            if self.ruleset_of[place].is_left_out and self.turns[place] == number
        ]

    def end(self) -> None:
        """Forget the consultation."""
        for ruleset in self.rulesets:
            ruleset.end()
        self.opened = Opened(self.latches, Mode.CERTAIN)
        # Of its own, for who lets facts in is told whom they wake, and only once.
        self.opened_plainly = Opened(self.latches, Mode.CERTAIN)
        for number in self.opened.awake:
            self.ruleset_of[number].is_awake = True
        self.waiting = [{} for _ in range(max(self.turns, default=0) + 1)]
        self.fed = 0
        self.is_begun = False
        self.is_clean = True

    def close(self) -> None:
        """Give everything back to the core."""
        for ruleset in self.rulesets:
            ruleset.close()


class _Ruleset:
    """One ruleset in the C core, with the state of the consultation under way.

    `first` is the number of its first rule among those of the network.
    """

    def __init__(self, core: Any, rules: tuple[Rule, ...], first: int) -> None:
        self.core = core
        self.code = RulesetCode(rules, first)
        self.handle = core.create_ruleset("smartpick", self.code.definition)
        self.facts: dict[str, Fact] = {}
        self.noted: list[tuple[str, Fact]] = []
        self.spreads = [spread for spread in self.code.spreads if len(spread) > 1]
        self.widest = max(map(len, self.spreads), default=0)
        self.is_awake = self.is_started = self.is_left_out = False
        self.close = weakref.finalize(self, core.delete_ruleset, self.handle)

    @property
    def has_news(self) -> bool:
        """Whether there is anything to hand over, and a rule that might match."""
        return self.is_awake and (bool(self.noted) or not self.is_started)

    def leaves_out(self, facts: FactSet, most: int) -> bool:
        """Whether the facts, of which there are `most` of one type, could make more matches than the core is trusted with."""
        if not self.is_left_out and most**self.widest > MAX_MATCHES:
            self.is_left_out = any(most_matches(spread, facts) > MAX_MATCHES for spread in self.spreads)
        return self.is_left_out

    def note(self, facts: Iterable[Fact], first: int) -> None:
        """Keep those of the facts that some pattern may be about, to be handed over; the first has this number."""
        self.noted += [(str(number), fact) for number, fact in enumerate(facts, first) if self.code.is_wanted(fact)]

    def feed(self) -> Iterator[Match]:
        """Hand over what was noted and yield the matches it makes, each a rule with its named facts."""
        try:
            spelt = [self.code.fact(fact, number) for number, fact in self.noted]
        except RoundedError:
            self.is_left_out = True
            return
        self.facts.update(self.noted)
        self.noted.clear()
        if not self.is_started:
            # A fact that some rule surely handles makes the state safe to delete later.
            self.is_started = True
            spelt.insert(0, BOOT)
        for start in range(0, len(spelt), PORTION):
            yield from self._assert(spelt[start : start + PORTION])

    def _assert(self, spelt: list[str]) -> Iterator[Match]:
        code, state = self.core.assert_facts(self.handle, f"[{','.join(spelt)}]")
        if code not in (0, 1):
            message = f"durable-rules refused facts with code {code}"
            raise RuntimeError(message)
        answer = self.core.start_action_for_state(self.handle, state)
        result = answer[1] if answer else None
        while result:
            for key, matches in json.loads(result).items():
                if key != "boot":
                    yield from self._matches(key, matches)
            result = self.core.complete_and_start_action(self.handle, state)

    def _matches(self, key: str, matches: list[dict[str, Any]]) -> Iterator[Match]:
        rule, named = self.code.aliases[key]
        for match in matches:
            yield rule, tuple((name, self.facts[match[alias]["id"]]) for alias, name in named)

    def end(self) -> None:
        """Forget this consultation."""
        if self.is_started:
            # There may be none: an interruption can come between telling the core and noting that it was told.
            with suppress(self.core.error):
                self.core.delete_state(self.handle, "0")
            self.is_started = False
        self.facts.clear()
        self.noted.clear()
        self.is_awake = self.is_started = self.is_left_out = False


def _load_core() -> Any:
    try:
        import durable_rules_engine  # noqa: PLC0415 - optional; the plain engine serves without it
    except ImportError as error:
        raise Problems(
            [
                Diagnostic(
                    "engine.missing",
                    f"The engine durable-rules is not installed here, or cannot be loaded ({error}).",
                    "Use --engine plain, which gives the same advice, or install durable-rules (see README).",
                    Location("engine"),
                )
            ]
        ) from None
    return durable_rules_engine
