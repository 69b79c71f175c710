"""Rules of thresholds in experta, which takes help to be imported on a CPython of today."""

from __future__ import annotations

import collections
import collections.abc
from collections.abc import Callable
from typing import Any

from smartpick_expert.language.facts import Fact, concluded
from smartpick_expert.language.model import Constant, Pattern, Rule, Test
from tests.bench.subjects import Subject

# Its dependency frozendict 1.2 looks here for what moved to collections.abc with CPython 3.10.
collections.Mapping = collections.abc.Mapping
try:
    import experta
finally:
    del collections.Mapping

_COMPARISONS: dict[str, Callable[[Any], Callable[[Any], bool]]] = {
    "at_least": lambda limit: lambda value: value >= limit,
    "below": lambda limit: lambda value: value < limit,
}


class Person(experta.Fact):
    """The given fact."""


class Finding(experta.Fact):
    """What a rule concludes."""


class ExpertaEngine:
    """The rules as methods of a KnowledgeEngine, as its documentation shows them; consultations use it again and again."""

    def __init__(self, subject: Subject) -> None:
        self.rules = subject.compiled.rules
        methods = {f"rule_{number}": _method(number, rule) for number, rule in enumerate(self.rules)}
        self.engine = type("Thresholds", (experta.KnowledgeEngine,), methods)()

    def consult(self, facts: tuple[Fact, ...]) -> list[int]:
        """One consultation: the rules that fired."""
        self.engine.fired = []
        self.engine.reset()
        for fact in facts:
            self.engine.declare(Person(**fact.slots))
        self.engine.run()
        return self.engine.fired

    def outcome(self, facts: tuple[Fact, ...]) -> tuple[frozenset[Fact], frozenset[tuple[str, tuple[()]]]]:
        """The same in our own words."""
        fired = self.consult(facts)
        kinds = [fact["kind"] for fact in self.engine.facts.values() if isinstance(fact, Finding)]
        findings = [concluded("finding", [("kind", kind)]) for kind in kinds]
        return frozenset([*facts, *findings]), frozenset((self.rules[number].id, ()) for number in fired)


def _method(number: int, rule: Rule) -> Any:
    (pattern,) = rule.when
    ((name, conclusion),) = rule.then[0].values
    if not isinstance(pattern, Pattern) or not isinstance(conclusion, Constant):
        raise TypeError(f"{rule.id} is more than thresholds")

    def fire(self: Any) -> None:
        self.fired.append(number)
        self.declare(Finding(**{name: conclusion.value}))

    return experta.Rule(Person(**{test.field: experta.P(_passes(test)) for test in pattern.tests}))(fire)


def _passes(test: Test) -> Callable[[Any], bool]:
    (limit,) = test.operands
    if not isinstance(limit, Constant):
        raise TypeError(f"{test.field} is no threshold")
    return _COMPARISONS[test.operator.name](limit.value)
