"""What the shipped rules tell a partial profile stands when its holes are filled, and what comes out then was possible.

Rules that ask whether the profile says something answer of the profile: those tests are taken out, the rules stay.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from random import Random

from hypothesis import given, settings

from smartpick_expert.engine.compiled import CompiledRules, compile_rules
from smartpick_expert.engine.derivation import Derivation
from smartpick_expert.engine.session import consult
from smartpick_expert.intake.facts import make_facts
from smartpick_expert.knowledge.parameters import values_at
from smartpick_expert.language.model import inner_tests
from smartpick_expert.language.operators import Takes
from tests.completions import no_presence, without_counterpart
from tests.profiles import AS_OF, SEEDS, WORKSPACE, Data, completed, partial_profile, profile_of
from tests.readings import ALL, as_naive, counting

SOME = settings(max_examples=40, deadline=None)
RULES = WORKSPACE.ruleset.rules


@cache
def compiled() -> CompiledRules:
    """The shipped rules without their tests of presence on facts that no rule concludes."""
    changed = tuple(
        replace(rule, when=tuple(no_presence(condition, WORKSPACE.vocabulary) for condition in rule.when))
        for rule in RULES
    )
    parameters = values_at(WORKSPACE.knowledge.parameters.values(), AS_OF)
    return compile_rules(replace(WORKSPACE.ruleset, rules=changed), parameters, AS_OF)


def derive(data: Data) -> Derivation:
    supplied = [program.fact for program in WORKSPACE.knowledge.programs.values()]
    return consult(compiled(), make_facts(profile_of(data), WORKSPACE.vocabulary, supplied, AS_OF).facts, "plain")


def test_most_rules_ask_of_the_applicant_and_not_of_the_profile():
    asking = [
        rule.id
        for rule in RULES
        if any(test.operator.takes is Takes.PRESENCE for condition in rule.when for test in inner_tests(condition))
    ]
    assert len(asking) < 0.2 * len(RULES)


@SOME
@given(seed=SEEDS)
def test_what_a_partial_profile_is_told_stands_whatever_its_holes_are_filled_with(seed: int):
    partial = partial_profile(Random(seed))
    before = derive(partial)
    with counting(ALL):
        after = derive(completed(partial, Random(seed + 1)))
    assert without_counterpart(as_naive(before), as_naive(after)) == []
