"""A rule that never fires, or a choice in it that never holds, because its conditions exclude one another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from smartpick_expert.authoring.checks.base import Base, Finding, Witness
from smartpick_expert.authoring.checks.logic._witnesses import witness
from smartpick_expert.authoring.logic.gathering import TooManyWaysError, situations_of
from smartpick_expert.authoring.logic.readied import Readied, readied
from smartpick_expert.authoring.logic.reckoning import clash
from smartpick_expert.authoring.logic.showing import all_but, firing
from smartpick_expert.authoring.logic.situations import Fired
from smartpick_expert.authoring.logic.tested import fields_tested, passes_nothing
from smartpick_expert.diagnostics import Location, Severity
from smartpick_expert.language.model import AnyOf, Condition, Pattern, Rule
from smartpick_expert.language.values import shorten
from smartpick_expert.language.vocabulary import Vocabulary

CODE = "rule.never-fires"
FINDS = "The conditions of a rule, or of one of its choices, exclude one another."
SEVERITY = Severity.ERROR


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each rule that cannot fire, and for each branch of a choice that cannot hold."""
    ready = readied(base.workspace, base.as_of)
    for rule in ready.rules:
        if _has_worse(rule, ready.vocabulary):
            continue
        if (places := _clash(ready.situations(rule), ready.vocabulary)) is not None:
            yield _never(ready, rule, places)
            continue
        for place, condition in enumerate(rule.when):
            if isinstance(condition, AnyOf):
                for number, branch in enumerate(condition.branches):
                    taken = (*rule.when[:place], replace(condition, branches=(branch,)), *rule.when[place + 1 :])
                    yield from _dead(ready, replace(rule, when=taken), rule, number + 1, branch)


def _has_worse(rule: Rule, vocabulary: Vocabulary) -> bool:
    """Whether single tests of the rule cannot hold, which is a finding of its own."""
    return any(
        (domain := tested.domain) is not None and passes_nothing(domain, tested.tests)
        for tested in fields_tested(rule, vocabulary)
    )


def _clash(situations: tuple[Fired, ...], vocabulary: Vocabulary) -> tuple[Location, ...] | None:
    """The places of what excludes one another, where no situation can be."""
    demands = clash((fired.situation for fired in situations), vocabulary)
    if demands is None:
        return None
    return tuple(sorted({demand.test.location for demand in demands if demand.test.location.line}))


def _never(base: Readied, rule: Rule, places: tuple[Location, ...]) -> Finding:
    return Finding(
        CODE,
        f"Rule '{shorten(rule.id)}' can never fire: its conditions exclude one another.",
        "Correct what contradicts; two kinds of applicant take two rules, or an 'any'.",
        rule.location,
        SEVERITY,
        related=tuple((place, "part of what excludes one another") for place in places),
        rule=rule.id,
        witness=_all_but_one(base, rule),
    )


def _all_but_one(base: Readied, rule: Rule) -> Witness | None:
    """An applicant who meets all conditions of a rule but one."""
    for place in reversed(range(len(rule.when))):
        rest: tuple[Condition, ...] = (*rule.when[:place], *rule.when[place + 1 :])
        if (entries := all_but(base, rule, rest)) is not None:
            line = rule.when[place].location.line
            which = f"the one in line {line}" if line else "its stages"
            return witness(base, f"all conditions are met but {which}, and the rule does not fire.", entries, rule.id)
    return None


def _dead(base: Readied, taken: Rule, rule: Rule, number: int, branch: tuple[Condition, ...]) -> Iterator[Finding]:
    try:
        places = _clash(situations_of(taken, base.vocabulary), base.vocabulary)
    except TooManyWaysError:
        return
    if places is None:
        return
    yield Finding(
        CODE,
        f"Choice {number} of an 'any' in rule '{shorten(rule.id)}' can never hold beside the rule's other conditions.",
        "Correct it, or delete the choice.",
        next((c.location for c in branch if not (isinstance(c, Pattern) and c.hidden)), rule.location),
        SEVERITY,
        related=tuple((place, "part of what excludes one another") for place in places),
        rule=rule.id,
        witness=witness(base, "the rule fires through another choice.", firing(base, rule), rule.id),
    )
