"""Rules in a form in which two are equal that say the same in another order, or say it twice.

What a rule means does not depend on the order of the tests of a condition, nor on an entry that stands twice in a list.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from smartpick_expert.language.model import AnyOf, Condition, Constant, Negation, Pattern, Rule, Test

_T = TypeVar("_T")


def normal_rules(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules in that form, in the order given. Their silences, which mean nothing, count for nothing."""
    return tuple(
        replace(
            rule,
            sources=_once(rule.sources),
            warns_against=_once(rule.warns_against),
            audience=_once(rule.audience),
            stages=_once(rule.stages),
            when=_once(normal_condition(condition) for condition in rule.when),
            then=_once(rule.then),
        )
        for rule in rules
    )


def _once(items: Iterable[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(items))


def normal_condition(condition: Condition) -> Condition:
    """A condition whose tests stand in one order, each choice of a list once."""
    if isinstance(condition, Pattern):
        return replace(condition, tests=_tests(condition.tests))
    if isinstance(condition, Negation):
        return replace(condition, pattern=replace(condition.pattern, tests=_tests(condition.pattern.tests)))
    if isinstance(condition, AnyOf):
        return replace(condition, branches=tuple(tuple(map(normal_condition, branch)) for branch in condition.branches))
    pattern = replace(condition.pattern, tests=_tests(condition.pattern.tests))
    return replace(condition, pattern=pattern, limits=_tests(condition.limits))


def _tests(tests: Iterable[Test]) -> tuple[Test, ...]:
    return tuple(sorted(map(_test, tests), key=lambda test: (test.field, test.operator.name, repr(test.operands))))


def _test(test: Test) -> Test:
    operands = tuple(
        replace(one, value=_once(one.value)) if isinstance(one, Constant) and isinstance(one.value, tuple) else one
        for one in test.operands
    )
    return replace(test, operands=operands)
