"""durable-rules behind the `Matcher` interface: the only module that imports its C core.

The core is driven directly: facts in, matches out, no threads. Only positive patterns go to it; whatever else a rule
asks is checked on each match by the session. Why each step is as it is: docs/decisions/003-durable-rules-corridor.md.
"""

from __future__ import annotations

import json
import threading
import weakref
from collections.abc import Iterable, Iterator
from typing import Any

from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.engine.allocation import keep_memory
from smartpick_expert.engine.encoding import BOOT, RulesetCode
from smartpick_expert.engine.plain import OnMatch
from smartpick_expert.engine.store import Stores
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import Rule

# Measured limits of the engine (64 first conditions met by one fact, 255 rules with one last condition), with room.
MAX_RULES = 100
MAX_PATTERNS_OF_A_TYPE = 50
# Inequality joins are a linear scan for each fact, so facts are handed over in portions.
PORTION = 50


class DurableMatcher:
    """Brings the matches that durable-rules finds. Rulesets are built once for each stratum and used again.

    Raises Problems where the engine is not installed. One consultation at a time; others wait.
    """

    name = "durable"
    is_exact = False

    def __init__(self, max_rules: int = MAX_RULES, max_patterns: int = MAX_PATTERNS_OF_A_TYPE) -> None:
        self._core = _load_core()
        keep_memory()
        self._max_rules = max_rules
        self._max_patterns = max_patterns
        # By identity: comparing whole strata would cost more than matching them. The stratum is kept alive beside.
        self._rulesets: dict[int, tuple[tuple[Rule, ...], tuple[_Ruleset, ...]]] = {}
        self._lock = threading.Lock()

    def run(self, stratum: tuple[Rule, ...], stores: Stores, on_match: OnMatch) -> None:
        """Feed facts, hand every match to `on_match`, feed what is new, until nothing is."""
        with self._lock:
            if id(stratum) not in self._rulesets:
                parts = partition(stratum, self._max_rules, self._max_patterns)
                self._rulesets[id(stratum)] = (stratum, tuple(_Ruleset(self._core, part) for part in parts))
            _, rulesets = self._rulesets[id(stratum)]
            facts = list(stores.certain.all())
            numbers: dict[Fact, int] = {}
            try:
                while True:
                    for fact in facts:
                        numbers.setdefault(fact, len(numbers) + 1)
                    new: dict[Fact, None] = {}
                    for ruleset in rulesets:
                        for rule, bound in ruleset.feed(facts, numbers):
                            new.update(dict.fromkeys(on_match(rule, dict(bound))))
                    if not new:
                        return
                    facts = list(new)
            finally:
                for ruleset in rulesets:
                    ruleset.end()

    def close(self) -> None:
        """Delete the rulesets; the engine never frees them by itself."""
        for _, rulesets in self._rulesets.values():
            for ruleset in rulesets:
                ruleset.close()
        self._rulesets.clear()


def partition(stratum: tuple[Rule, ...], max_rules: int, max_patterns: int) -> Iterator[tuple[Rule, ...]]:
    """Rules in order, a new part wherever one would come near a limit of the engine."""
    part: list[Rule] = []
    patterns: dict[str, set[object]] = {}
    for rule in stratum:
        mine: dict[str, set[object]] = {}
        for pattern in rule.patterns():
            mine.setdefault(pattern.fact_type, set()).add((pattern.tests, pattern.name))
        full = any(len(patterns.get(name, set()) | several) > max_patterns for name, several in mine.items())
        if part and (len(part) >= max_rules or full):
            yield tuple(part)
            part, patterns = [], {}
        part.append(rule)
        for name, several in mine.items():
            patterns.setdefault(name, set()).update(several)
    if part:
        yield tuple(part)


class _Ruleset:
    """One ruleset in the C core, with the state of the consultation under way."""

    def __init__(self, core: Any, rules: tuple[Rule, ...]) -> None:
        self.core = core
        self.code = RulesetCode(rules)
        self.handle = core.create_ruleset("smartpick", self.code.definition)
        self.facts: dict[str, Fact] = {}
        self.started = False
        self.close = weakref.finalize(self, core.delete_ruleset, self.handle)

    def feed(self, facts: Iterable[Fact], numbers: dict[Fact, int]) -> Iterator[tuple[Rule, list[tuple[str, Fact]]]]:
        """Hand over facts and yield the matches they make, each rule with its named facts."""
        mine = [fact for fact in facts if fact.type in self.code.types]
        spelt: list[str] = []
        if not self.started and (mine or self.code.has_rule_without_patterns):
            # A fact that some rule surely handles makes the state safe to delete later.
            self.started = True
            spelt.append(BOOT)
        for fact in mine:
            number = numbers[fact]
            self.facts[str(number)] = fact
            spelt.append(self.code.fact(fact, number))
        for start in range(0, len(spelt), PORTION):
            yield from self._assert(spelt[start : start + PORTION])

    def _assert(self, spelt: list[str]) -> Iterator[tuple[Rule, list[tuple[str, Fact]]]]:
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

    def _matches(self, key: str, matches: list[dict[str, Any]]) -> Iterator[tuple[Rule, list[tuple[str, Fact]]]]:
        rule, patterns = self.code.aliases[key]
        for match in matches:
            yield rule, [(p.name, self.facts[match[alias]["id"]]) for alias, p in patterns.items() if p.name]

    def end(self) -> None:
        """Forget this consultation."""
        if self.started:
            self.core.delete_state(self.handle, "0")
        self.facts.clear()
        self.started = False


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
