"""Smaller scenarios: hypothesis knows nothing of rules and takes minutes to shrink them; this takes seconds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from time import monotonic
from typing import Any

from smartpick_expert.language.model import (
    AnyOf,
    Condition,
    Negation,
    Pattern,
    Reference,
    Rule,
    Tally,
    inner_patterns,
    inner_tests,
)
from smartpick_expert.language.vocabulary import FactType, Vocabulary
from tests.scenarios import Scenario, describe


def reduced(scenario: Scenario, is_bad: Callable[[Scenario], bool], seconds: float = 60) -> Scenario:
    """A scenario as bad as this one of which nothing can be left out, as far as time allows."""
    end = monotonic() + seconds
    while True:
        smaller = next(
            (one for one in _less(scenario) if monotonic() > end or (_makes_sense(one) and is_bad(one))), None
        )
        if smaller is None or monotonic() > end:
            return scenario
        scenario = smaller


def _makes_sense(scenario: Scenario) -> bool:
    """Whether every name that a rule uses is bound in it."""
    return all(
        _is_bound(rule.when, frozenset())
        and {value.name for c in rule.then for _, value in c.values if isinstance(value, Reference)}
        <= _bound(rule.when)
        for rule in scenario.rules
    )


def _bound(conditions: tuple[Condition, ...]) -> frozenset[str]:
    return frozenset(c.name for c in conditions if isinstance(c, Pattern | Tally) and c.name)


def _is_bound(conditions: tuple[Condition, ...], outer: frozenset[str]) -> bool:
    names = outer | _bound(conditions)
    return all(
        all(_is_bound(branch, names) for branch in condition.branches)
        if isinstance(condition, AnyOf)
        else {reference.name for test in inner_tests(condition) for reference in test.references()} <= names
        for condition in conditions
    )


def _less(scenario: Scenario) -> Iterator[Scenario]:
    """The scenario without one of its parts, the largest parts first."""
    for rules in _without_one(scenario.rules):
        yield replace(scenario, rules=rules)
    for facts in _without_one(scenario.facts):
        yield replace(scenario, facts=facts)
    for name in scenario.parameters:
        yield replace(scenario, parameters={key: v for key, v in scenario.parameters.items() if key != name})
    for place, rule in enumerate(scenario.rules):
        for simpler in _simpler_rules(rule):
            yield replace(scenario, rules=(*scenario.rules[:place], simpler, *scenario.rules[place + 1 :]))
    used = {test.field for rule in scenario.rules for c in rule.when for p in inner_patterns(c) for test in p.tests}
    text = describe(scenario)
    for fact_type in scenario.vocabulary.types.values():
        for name in set(fact_type.fields) - used:
            if f"{name}: " not in text.partition("  rule ")[2] and f" of {name}" not in text and f".{name}" not in text:
                yield _without_field(scenario, fact_type, name)


def _without_one(items: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    return (items[:place] + items[place + 1 :] for place in range(len(items)))


def _without_field(scenario: Scenario, fact_type: FactType, name: str) -> Scenario:
    fields = {other: field for other, field in fact_type.fields.items() if other != name}
    types = {**scenario.vocabulary.types, fact_type.name: replace(fact_type, fields=fields)}
    facts = tuple(
        replace(fact, values=tuple(pair for pair in fact.values if pair[0] != name))
        if fact.type == fact_type.name
        else fact
        for fact in scenario.facts
    )
    return replace(scenario, vocabulary=Vocabulary(types), facts=facts)


def _simpler_rules(rule: Rule) -> Iterator[Rule]:
    for when in _simpler_conditions(rule.when):
        if when:
            yield replace(rule, when=when)
    for then in _without_one(rule.then):
        yield replace(rule, then=then)
    for place, conclusion in enumerate(rule.then):
        for values in _without_one(conclusion.values):
            simpler = replace(conclusion, values=values)
            yield replace(rule, then=(*rule.then[:place], simpler, *rule.then[place + 1 :]))


def _simpler_conditions(conditions: tuple[Condition, ...]) -> Iterator[tuple[Condition, ...]]:
    yield from _without_one(conditions)
    for place, condition in enumerate(conditions):
        for simpler in _simpler_condition(condition):
            yield (*conditions[:place], simpler, *conditions[place + 1 :])


def _simpler_condition(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, Pattern):
        yield from (replace(condition, tests=tests) for tests in _without_one(condition.tests))
        if condition.name:
            yield replace(condition, name="")
    elif isinstance(condition, Negation):
        yield from (replace(condition, pattern=simpler) for simpler in _simpler_condition(condition.pattern))
    elif isinstance(condition, Tally):
        yield from (replace(condition, limits=limits) for limits in _without_one(condition.limits))
        yield from (replace(condition, pattern=simpler) for simpler in _simpler_condition(condition.pattern))
        if condition.name:
            yield replace(condition, name="")
    else:
        yield from (replace(condition, branches=branches) for branches in _without_one(condition.branches))
        for place, branch in enumerate(condition.branches):
            for simpler in _simpler_conditions(branch):
                if simpler:
                    branches = (*condition.branches[:place], simpler, *condition.branches[place + 1 :])
                    yield replace(condition, branches=branches)
