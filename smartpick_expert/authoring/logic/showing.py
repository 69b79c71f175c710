"""Made-up applicants that show what a rule does, each tried with the engine before it is handed on."""

from __future__ import annotations

from dataclasses import replace

from smartpick_expert.authoring.logic.gathering import TooManyWaysError, situations_of
from smartpick_expert.authoring.logic.models import Entries, Wish, models
from smartpick_expert.authoring.logic.readied import Readied
from smartpick_expert.authoring.logic.situations import Fired, Place
from smartpick_expert.authoring.logic.tested import without
from smartpick_expert.authoring.logic.trying import fires
from smartpick_expert.language.model import Condition, Rule, Test
from smartpick_expert.language.values import Slot

# So many applicants are made up for one situation before it is given up.
_TRIALS = 4


def firing(base: Readied, rule: Rule, tested: Test | None = None, values: tuple[Slot, ...] = ()) -> Entries | None:
    """Facts on which a rule fires by itself, with one of these values in the field that a test looks at; None if none is found."""
    for fired in _ways(base, rule):
        wish = _wish(fired, tested, values)
        for number, entries in enumerate(models(fired.situation, base.vocabulary, wish)):
            if number == _TRIALS:
                break
            if fires(rule, entries, base.workspace, base.as_of):
                return entries
    return None


def all_but(base: Readied, rule: Rule, conditions: tuple[Condition, ...]) -> Entries | None:
    """Facts on which a rule would fire if it had only these conditions, and does not; None if none is found."""
    entries = firing(base, replace(rule, when=conditions))
    if entries is None or fires(rule, entries, base.workspace, base.as_of):
        return None
    return entries


def all_but_test(base: Readied, rule: Rule, test: Test) -> Entries | None:
    """Facts on which a rule would fire without one of its tests, and does not; None if none is found."""
    return all_but(base, rule, without(rule.when, test))


def _ways(base: Readied, rule: Rule) -> tuple[Fired, ...]:
    try:
        return situations_of(rule, base.vocabulary)
    except TooManyWaysError:
        return ()


def _wish(fired: Fired, tested: Test | None, values: tuple[Slot, ...]) -> Wish:
    return Wish(
        {
            Place(number, demand.field): values
            for number, one in enumerate(fired.situation.needed)
            for demand in one.demands
            if tested is not None and demand.test is tested
        }
    )
