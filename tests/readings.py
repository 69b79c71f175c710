"""One scenario read in every way there is: naively, by each engine, shuffled, and with durable-rules' bounds moved."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from random import Random
from typing import Final
from unittest.mock import patch

from smartpick_expert.diagnostics import Problems
from smartpick_expert.engine import session
from smartpick_expert.engine.compiled import CompiledRules, compile_rules
from smartpick_expert.engine.derivation import Derivation
from smartpick_expert.engine.session import MAX_POSSIBLE, Matcher, consult, make_matcher
from smartpick_expert.language.facts import Fact, Origin
from smartpick_expert.language.model import RuleSet
from tests.drawing import Draw
from tests.naive import NaiveResult, NotStratifiableError, consult_naively
from tests.scenarios import AS_OF, Scenario, describe_fact

ENGINES: Final = ("plain", "durable")
PARTS: Final = ("certain", "possible", "firings", "possible_firings")
# More than any rule of a scenario possibly fires.
ALL: Final = 10**9


@dataclass(frozen=True)
class Reading:
    """What the naive reading makes of a scenario, and how the engines differ from it or from themselves.

    `naive` is None where the rules are a circle; `disagreement` is empty where all are of one mind. `crowded` says that a
    rule possibly fires more often than the engines count.
    """

    naive: NaiveResult | None
    disagreement: str
    crowded: bool = False

    @property
    def is_telling(self) -> bool:
        """Whether some rule fires."""
        return self.naive is not None and bool(self.naive.firings)


def read(scenario: Scenario, engines: tuple[str, ...] = ENGINES, seed: int = 0) -> Reading:
    """The whole comparison; `seed` is for the order in which things are shuffled, and for the bounds."""
    naive = read_naively(scenario)
    crowded = naive is not None and is_crowded(rule_id for rule_id, _ in naive.possible_firings)
    try:
        found = "\n".join(_differences(scenario, naive, crowded, engines, Draw(Random(seed))))
    except Exception as exception:  # noqa: BLE001 - a crash is a disagreement too, and is to be reduced like one
        found = f"  an engine fails: {exception!r}"
    return Reading(naive, found, crowded)


def is_bad(scenario: Scenario, engines: tuple[str, ...] = ENGINES, seed: int = 0) -> bool:
    """Whether a scenario is read in two ways."""
    return bool(read(scenario, engines, seed).disagreement)


def read_naively(scenario: Scenario) -> NaiveResult | None:
    """What the naive reading makes of the scenario; None if it refuses the rules as a circle."""
    try:
        return consult_naively(scenario.live_rules, scenario.vocabulary, scenario.facts)
    except NotStratifiableError:
        return None


def compiled(scenario: Scenario) -> CompiledRules | None:
    """The scenario's rules made ready for an engine; None if they are refused as a circle."""
    try:
        return compile_rules(RuleSet(scenario.rules, scenario.vocabulary), scenario.parameters, AS_OF)
    except Problems as problems:
        if {problem.code for problem in problems.diagnostics} == {"rule.circle"}:
            return None
        raise


def derive(scenario: Scenario, engine: Matcher | str) -> Derivation | None:
    """What an engine makes of the scenario; None if the rules are refused as a circle."""
    ready = compiled(scenario)
    return ready and consult(ready, scenario.facts, engine)


def shuffled(scenario: Scenario, draw: Draw) -> Scenario:
    """The same rules and facts in another order."""
    return replace(scenario, rules=draw.shuffled(scenario.rules), facts=draw.shuffled(scenario.facts))


def as_naive(derivation: Derivation) -> NaiveResult:
    """What an engine derived, in the naive reading's form."""

    def firings(several):
        return frozenset((f.rule_id, tuple(sorted(f.bindings, key=lambda pair: pair[0]))) for f in several)

    return NaiveResult(
        frozenset(derivation.certain),
        frozenset(derivation.possible),
        firings(derivation.firings),
        firings(derivation.possible_firings),
        frozenset(derivation.cut_off),
    )


def in_order(derivation: Derivation | None) -> list[object]:
    """All that an engine derived, support included, in its order."""
    return [getattr(derivation, part, None) for part in (*PARTS, "cut_off")]


def is_crowded(possibly_fired: Iterable[str]) -> bool:
    """Whether some rule possibly fires so often that the engines stop counting, which the naive reading never does."""
    return max(Counter(possibly_fired).values(), default=0) > MAX_POSSIBLE


@contextmanager
def counting(most: int) -> Iterator[None]:
    """The engines cut off a rule that would possibly fire more than so many times."""
    with patch.object(session, "MAX_POSSIBLE", most):
        yield


def _differences(
    scenario: Scenario, naive: NaiveResult | None, crowded: bool, engines: tuple[str, ...], draw: Draw
) -> Iterator[str]:
    first: tuple[str, Derivation] | None = None
    for name, derivation in _derivations(scenario, engines, draw):
        if (naive is None) is not (derivation is None):
            yield f"  only the {'naive reading' if naive is None else name} sees a circle"
        elif naive is not None and derivation is not None and first is None:
            first = name, derivation
            yield from () if crowded else _against_naive(scenario, naive, derivation, name)
        elif first is not None and in_order(derivation) != in_order(first[1]):
            parts = [part for part in (*PARTS, "cut_off") if getattr(derivation, part) != getattr(first[1], part)]
            yield f"  {name} and {first[0]} differ in {', '.join(parts)}"
            yield from () if crowded else _against_naive(scenario, naive, derivation, name)


def _derivations(scenario: Scenario, engines: tuple[str, ...], draw: Draw) -> Iterator[tuple[str, Derivation | None]]:
    """Each engine's derivation of the scenario, and of the same shuffled; durable-rules' also with its bounds moved."""
    other = shuffled(scenario, draw)
    ready, other_ready = compiled(scenario), compiled(other)
    for engine in engines:
        yield engine, ready and consult(ready, scenario.facts, engine)
        if other_ready is None:
            yield f"{engine} (shuffled)", None
        elif engine == "plain":
            yield "plain (shuffled)", consult(other_ready, other.facts, engine)
        else:
            with moved(draw) as matcher:
                if draw.below(4) == 0:
                    # What it has seen of somebody else must leave no trace either.
                    consult(other_ready, [*other.facts, *_somebody_else(scenario)], matcher)
                yield "durable (shuffled, bounds moved)", consult(other_ready, other.facts, matcher)
                if draw.below(4) == 0:
                    # A matcher keeps its rulesets: what it has seen before must leave no trace.
                    yield "durable (bounds moved, used again)", consult(other_ready, scenario.facts, matcher)


def _somebody_else(scenario: Scenario) -> list[Fact]:
    """More facts like those of the scenario, in places where it has none."""
    types = scenario.vocabulary.types
    listed = (fact for fact in scenario.facts if fact.origin is Origin.LISTED and not types[fact.type].one)
    return [replace(fact, position=fact.position + 100) for fact in listed]


@contextmanager
def moved(draw: Draw) -> Iterator[Matcher]:
    """durable-rules with its rules in many small parts, its facts in small portions, and little that may multiply in it."""
    kind = type(make_matcher("durable"))
    module = sys.modules[kind.__module__]
    encoding = sys.modules[module.RulesetCode.__module__]
    with (
        patch.object(module, "PORTION", 1 + draw.below(3)),
        patch.object(module, "MAX_MATCHES", draw.one_of((1, 8, module.MAX_MATCHES))),
        patch.object(encoding, "MAX_DIGITS", draw.one_of((3, encoding.MAX_DIGITS))),
        patch.object(encoding, "MAX_INTEGER", draw.one_of((1_000, encoding.MAX_INTEGER))),
        closing(kind(max_rules=1 + draw.below(3), max_patterns=1 + draw.below(3))) as matcher,
    ):
        yield matcher


def _against_naive(scenario: Scenario, naive: NaiveResult, derivation: Derivation, name: str) -> Iterator[str]:
    ours = as_naive(derivation)
    for part in PARTS:
        for label, items in (
            ("naive", getattr(naive, part) - getattr(ours, part)),
            (name, getattr(ours, part) - getattr(naive, part)),
        ):
            for item in items:
                yield f"  {part}, {label} only: {_words(item, scenario)}"


def _words(item: Fact | tuple, scenario: Scenario) -> str:
    if isinstance(item, Fact):
        return describe_fact(item, scenario.vocabulary)
    rule_id, bindings = item
    return ", ".join([rule_id, *(f"{name} = {describe_fact(fact, scenario.vocabulary)}" for name, fact in bindings)])
