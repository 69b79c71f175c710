"""Rules made ready for consultations as of a day: the live ones, parameters put in, in strata.

Compiled once for each set of parameter values; everything a consultation needs and nothing that changes during one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from smartpick_expert.engine.strata import stratify
from smartpick_expert.language.model import (
    AnyOf,
    Condition,
    Constant,
    Negation,
    Operand,
    ParameterReference,
    Pattern,
    Reference,
    Rule,
    RuleSet,
    Shifted,
    Test,
    inner_tests,
)
from smartpick_expert.language.values import UNKNOWN, Slot
from smartpick_expert.language.vocabulary import Vocabulary


@dataclass(frozen=True)
class CompiledRules:
    """Live rules in strata, with the vocabulary they speak and the parameter values put in."""

    strata: tuple[tuple[Rule, ...], ...]
    vocabulary: Vocabulary
    parameters: Mapping[str, Slot]
    as_of: date

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """All live rules, stratum after stratum."""
        return tuple(rule for stratum in self.strata for rule in stratum)

    @cached_property
    def by_id(self) -> Mapping[str, Rule]:
        """The live rules by id."""
        return {rule.id: rule for rule in self.rules}


def compile_rules(
    ruleset: RuleSet, parameters: Mapping[str, Slot], as_of: date, *, with_drafts: bool = False
) -> CompiledRules:
    """Ready the rules for a day. A parameter without a value for that day is unknown. Raises Problems for circles."""
    live = tuple(rule for rule in ruleset.rules if rule.is_live(as_of, with_drafts=with_drafts))
    return CompiledRules(
        stratify(tuple(_with_parameters(rule, parameters) for rule in live)),
        ruleset.vocabulary,
        parameters,
        as_of,
    )


def _with_parameters(rule: Rule, parameters: Mapping[str, Slot]) -> Rule:
    return replace(rule, when=conditions_with(rule.when, parameters))


def conditions_with(conditions: tuple[Condition, ...], parameters: Mapping[str, Slot]) -> tuple[Condition, ...]:
    """The conditions with the values of parameters put in; one without a value is unknown."""
    return tuple(_condition(condition, parameters) for condition in conditions)


def _condition(condition: Condition, parameters: Mapping[str, Slot]) -> Condition:
    if isinstance(condition, Pattern):
        return _pattern(condition, parameters)
    if isinstance(condition, Negation):
        return replace(condition, pattern=_pattern(condition.pattern, parameters))
    if isinstance(condition, AnyOf):
        branches = tuple(tuple(_condition(part, parameters) for part in branch) for branch in condition.branches)
        return replace(condition, branches=branches)
    limits = tuple(_test(limit, parameters) for limit in condition.limits)
    return replace(condition, pattern=_pattern(condition.pattern, parameters), limits=limits)


def _pattern(pattern: Pattern, parameters: Mapping[str, Slot]) -> Pattern:
    return replace(pattern, tests=tuple(_test(test, parameters) for test in pattern.tests))


def _test(test: Test, parameters: Mapping[str, Slot]) -> Test:
    return replace(test, operands=tuple(_operand(operand, parameters) for operand in test.operands))


def _operand(operand: Operand, parameters: Mapping[str, Slot]) -> Operand:
    if isinstance(operand, ParameterReference):
        return Constant(parameters.get(operand.name, UNKNOWN), operand.name)
    if isinstance(operand, Shifted) and not isinstance(operand.base, Reference):
        base = _operand(operand.base, parameters)
        return Shifted(base, operand.by) if isinstance(base, Constant) else operand
    return operand


def parameters_read(rule: Rule) -> tuple[str, ...]:
    """The parameters a rule reads, by name: in its conditions and in its words."""
    names = {part.name for part in rule.because.parts if isinstance(part, ParameterReference)}
    for condition in rule.when:
        for test in inner_tests(condition):
            for operand in test.operands:
                base = operand.base if isinstance(operand, Shifted) else operand
                if isinstance(base, Constant) and base.parameter:
                    names.add(base.parameter)
                elif isinstance(base, ParameterReference):
                    names.add(base.name)
    return tuple(sorted(names))
