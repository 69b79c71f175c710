"""What reads what: the rules that are not retired, what actions need, and what the program itself goes by.

A day a rule is valid on does not matter here: what is read next year is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from smartpick_expert.authoring.checks.base import Base
from smartpick_expert.chances import odds, reference
from smartpick_expert.engine.compiled import parameters_read
from smartpick_expert.engine.strata import may_match
from smartpick_expert.knowledge.estimates import Fees
from smartpick_expert.knowledge.services import PARAMETERS_READ
from smartpick_expert.knowledge.signals import TOPIC
from smartpick_expert.language.model import (
    Conclusion,
    Condition,
    ParameterReference,
    Pattern,
    Rule,
    Shifted,
    inner_patterns,
    inner_tests,
)
from smartpick_expert.lists.letters import PARAMETERS_READ as OF_LETTERS
from smartpick_expert.lists.problem import PARAMETERS_READ as OF_LISTS


def patterns_read(base: Base) -> dict[str, list[Pattern]]:
    """By fact type, every pattern of a rule that is not retired, and of what an action needs."""
    found: dict[str, list[Pattern]] = {}
    for condition in _conditions(base):
        for pattern in inner_patterns(condition):
            found.setdefault(pattern.fact_type, []).append(pattern)
    return found


def is_matched(conclusion: Conclusion, patterns: Iterable[Pattern]) -> bool:
    """Whether a pattern may match what is concluded; all are of its type."""
    return any(may_match(conclusion, pattern) for pattern in patterns)


def conclusions_of(rules: Iterable[Rule]) -> dict[str, list[tuple[Rule, Conclusion]]]:
    """By fact type, every conclusion with its rule."""
    found: dict[str, list[tuple[Rule, Conclusion]]] = {}
    for rule in rules:
        for conclusion in rule.then:
            found.setdefault(conclusion.fact_type, []).append((rule, conclusion))
    return found


def parameter_readers(base: Base) -> dict[str, str]:
    """Each parameter that something reads, with words for a reader of it."""
    readers = dict.fromkeys(PARAMETERS_READ, "the costs of applying")
    by_chances = (*reference.PARAMETERS_READ, *odds.parameters_read(base.workspace.vocabulary))
    readers |= dict.fromkeys(by_chances, "the chances of an interview")
    readers |= dict.fromkeys(OF_LETTERS, "which letters go to which program")
    readers |= dict.fromkeys(OF_LISTS, "the list of programs")
    for name in base.workspace.knowledge.parameters:
        if name.startswith(TOPIC):
            readers[name] = "what is known of signals"
        elif name.startswith(reference.TOPIC):
            readers[name] = "the chances of an interview"
    for action in base.workspace.knowledge.actions.values():
        read = [action.until, *(action.costs.due + action.costs.perhaps if isinstance(action.costs, Fees) else ())]
        read += [name for need in action.needs for name in _parameters(need.when)]
        readers |= {name: f"action '{action.name}'" for name in read if name}
    for rule in reversed(base.kept):
        readers |= dict.fromkeys(parameters_read(rule), f"rule '{rule.id}'")
    return readers


def _conditions(base: Base) -> Iterator[Condition]:
    for rule in base.kept:
        yield from rule.when
    for action in base.workspace.knowledge.actions.values():
        for need in action.needs:
            yield from need.when


def _parameters(conditions: Iterable[Condition]) -> Iterator[str]:
    for condition in conditions:
        for test in inner_tests(condition):
            for operand in test.operands:
                base = operand.base if isinstance(operand, Shifted) else operand
                if isinstance(base, ParameterReference):
                    yield base.name
