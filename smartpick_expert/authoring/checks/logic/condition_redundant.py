"""A condition that follows from the others of its rule."""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.authoring.checks.logic._witnesses import witness
from smartpick_expert.authoring.logic.implied import follow
from smartpick_expert.authoring.logic.readied import readied
from smartpick_expert.authoring.logic.showing import firing
from smartpick_expert.authoring.normal_form import normal_condition
from smartpick_expert.diagnostics import Severity
from smartpick_expert.language.model import Condition, Pattern, Tally
from smartpick_expert.language.values import shorten

CODE = "condition.redundant"
FINDS = "A condition follows from the others of its rule, so that it changes nothing."
SEVERITY = Severity.WARNING


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each rule with a condition that follows from the others, one at a time."""
    ready = readied(base.workspace, base.as_of)
    for rule in ready.rules:
        written = [condition for condition in rule.when if not _is_hidden(condition)]
        for place, condition in enumerate(rule.when):
            others = (*rule.when[:place], *rule.when[place + 1 :])
            # A rule that speaks at some stages and asks nothing else has to say so in 'when'.
            if len(written) < 2 or _is_said_twice(condition, others) or not _may_be_needless(condition):  # noqa: PLR2004 - one, and another
                continue
            if follow((condition,), others, ready.vocabulary):
                hidden = tuple(other for other in others if _is_hidden(other))
                by = (
                    ", as its 'stages' say already"
                    if follow((condition,), hidden, ready.vocabulary)
                    else " where its others do"
                )
                yield Finding(
                    CODE,
                    f"Rule '{shorten(rule.id)}' has a condition that always holds{by}.",
                    "Delete it, or correct it: perhaps another fact or limit was meant.",
                    condition.location,
                    SEVERITY,
                    rule=rule.id,
                    witness=witness(
                        ready,
                        "the rule fires, as it would without that condition.",
                        firing(ready, rule),
                        rule.id,
                    ),
                )
                break


def _is_said_twice(condition: Condition, others: tuple[Condition, ...]) -> bool:
    """Whether the very same condition stands there again, which is a finding of its own."""
    return normal_condition(condition) in map(normal_condition, others)


def _is_hidden(condition: Condition) -> bool:
    return isinstance(condition, Pattern) and condition.hidden


def _may_be_needless(condition: Condition) -> bool:
    """Whether a condition could be deleted: nothing else names what it binds, and somebody wrote it."""
    if isinstance(condition, Pattern):
        return not _is_hidden(condition) and not condition.name
    return not (isinstance(condition, Tally) and condition.name)
