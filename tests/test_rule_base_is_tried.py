"""The cases of the shipped rules exercise every rule and every limit, and notice what a slip of the pen would change."""

from __future__ import annotations

from functools import cache

import pytest

from smartpick_expert.authoring.coverage import RuleCoverage, State, cover
from smartpick_expert.authoring.mutation.mutating import RuleMutation, mutate, share_caught
from smartpick_expert.authoring.mutation.own_cases import own_cases
from smartpick_expert.language.model import Status
from tests.profiles import WORKSPACE

pytestmark = pytest.mark.unmeasured
OWN = own_cases(WORKSPACE)
LIVE = [rule for rule in WORKSPACE.ruleset.rules if rule.status is not Status.RETIRED]
# The share of mutants that must be caught; there is room for a rule that is being written.
AT_LEAST = 0.95


@cache
def covered() -> list[RuleCoverage]:
    return [cover(rule, OWN) for rule in LIVE]


@cache
def mutated() -> list[RuleMutation]:
    return [mutate(rule, OWN) for rule in LIVE]


def missing(*kinds: str) -> list[str]:
    """What no case exercises, of some kinds of parts."""
    return [f"{one.rule_id}: {side.words}" for one in covered() for part, side in one.missing if part.kind in kinds]


def test_every_rule_fires_in_a_case_and_rests_in_one():
    assert missing("rule") == []


def test_every_limit_has_a_case_on_each_side():
    assert missing("limit") == []


def test_every_branch_of_any_holds_alone_in_a_case():
    assert missing("branch") == []


def test_nearly_every_mutant_is_caught():
    survivors = [f"{one.rule_id}: {s.mutant.kind}: {s.mutant.what}" for one in mutated() for s in one.survivors]
    assert share_caught(mutated()) >= AT_LEAST, survivors


# Limits of which one side cannot be had, and why. A mutant that changes nothing is no fault, and yet worth a look.
OF_NO_MATTER = {
    "chances.interviews-and-not-applications": "a plan with no programs is no plan",
    "chances.interviews-not-on-the-list": "no list has fewer ranks than none",
    "intake.score-without-sitting": "no score is below one",
    "requirements.score-awaited": "no minimum is below one",
    "requirements.weeks-said-as-hands-on": "no number of weeks is below none",
    "requirements.weeks-said-with-observing": "no number of weeks is below none",
}


def test_limits_with_a_side_out_of_reach_are_known():
    apart = {
        one.rule_id
        for one in covered()
        for part in one.parts
        for side in part.sides
        if part.kind == "limit" and side.state is State.OUT_OF_REACH
    }
    assert apart == set(OF_NO_MATTER)
