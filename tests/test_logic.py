"""What is reckoned of rules is so: made-up rules are fired on made-up facts, and do what was said of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

import pytest

from smartpick_expert.authoring.logic.domains import is_listed
from smartpick_expert.authoring.logic.gathering import TooManyWaysError, situations_of
from smartpick_expert.authoring.logic.implied import follow
from smartpick_expert.authoring.logic.models import models
from smartpick_expert.authoring.logic.reckoning import clash
from smartpick_expert.authoring.logic.renaming import told_apart
from smartpick_expert.authoring.logic.situations import Fired
from smartpick_expert.authoring.logic.tallied import with_tallies
from smartpick_expert.authoring.logic.tested import fields_tested, is_needless, without
from smartpick_expert.diagnostics import Problems
from smartpick_expert.engine.compiled import compile_rules
from smartpick_expert.engine.derivation import Derivation
from smartpick_expert.engine.session import consult
from smartpick_expert.language.facts import Fact, concluded, listed, open_fact
from smartpick_expert.language.model import Conclusion, Condition, Rule, RuleSet, inner_tests
from smartpick_expert.language.values import UNKNOWN, Slot
from smartpick_expert.language.vocabulary import FactType, Vocabulary
from tests.drawing import Draw, draw_value
from tests.generators import scenario_of
from tests.rule_maker import rule_of
from tests.scenarios import AS_OF, Pools, Scenario

SCENARIOS = 50
WORLDS = 6


@dataclass(frozen=True)
class Made:
    """Made-up rules, parameters put in, with worlds of made-up facts, valid by the vocabulary, to fire each of them on."""

    vocabulary: Vocabulary
    rules: tuple[Rule, ...]
    worlds: tuple[tuple[Fact, ...], ...]

    def fired(self, when: tuple[Condition, ...], worlds: Iterable[tuple[Fact, ...]] = ()) -> Iterator[Derivation]:
        """What comes of a rule with these conditions, world after world; nothing where it waits for itself."""
        alone = rule_of(when, (Conclusion("last", ()),))
        try:
            compiled = compile_rules(RuleSet((alone,), self.vocabulary), {}, AS_OF)
        except Problems:
            return
        for world in worlds or self.worlds:
            yield consult(compiled, world, "plain")

    def fires(self, when: tuple[Condition, ...]) -> list[bool]:
        """Whether a rule with these conditions fires, world after world."""
        return [derivation.firings != () for derivation in self.fired(when)]


def made(seed: int) -> Made:
    scenario = scenario_of(seed)
    draw = Draw(Random(seed))
    vocabulary = with_tallies(scenario.vocabulary, scenario.live_rules)
    worlds = tuple(_world(draw, scenario) for _ in range(WORLDS))
    return Made(vocabulary, scenario.live_rules, worlds)


def _world(draw: Draw, scenario: Scenario) -> tuple[Fact, ...]:
    facts: list[Fact] = []
    for fact_type in scenario.vocabulary.types.values():
        if not fact_type.one and is_listed(fact_type) and draw.below(12) == 0:
            facts.append(open_fact(fact_type))
            continue
        number = 1 if fact_type.one else draw.below(5)
        facts += [_fact(draw, scenario.pools, fact_type, position) for position in range(number)]
    return tuple(dict.fromkeys(facts))


def _fact(draw: Draw, pools: Pools, fact_type: FactType, position: int) -> Fact:
    values: dict[str, Slot] = {
        name: draw_value(draw, pools, field) if draw.often(9) else UNKNOWN for name, field in fact_type.fields.items()
    }
    return listed(fact_type, values, position) if is_listed(fact_type) else concluded(fact_type.name, values.items())


def reckoned(rule: Rule, vocabulary: Vocabulary) -> tuple[Fired, ...]:
    try:
        return situations_of(rule, vocabulary)
    except TooManyWaysError:
        return ()


@pytest.fixture(scope="module")
def bases() -> tuple[Made, ...]:
    return tuple(made(seed) for seed in range(SCENARIOS))


def test_a_rule_that_is_said_never_to_fire_fires_on_no_facts(bases: tuple[Made, ...]):
    never = [
        (base, rule)
        for base in bases
        for rule in base.rules
        if clash((fired.situation for fired in reckoned(rule, base.vocabulary)), base.vocabulary) is not None
    ]
    assert len(never) > 20
    assert [rule for base, rule in never if any(base.fires(rule.when))] == []


def test_a_test_that_is_said_to_change_nothing_changes_neither_what_is_certain_nor_what_is_possible(
    bases: tuple[Made, ...],
):
    seen, changed = 0, []
    for base in bases:
        for rule in base.rules:
            for tested in fields_tested(rule, base.vocabulary):
                for test in tested.tests:
                    others = tuple(other for other in tested.tests if other is not test)
                    if tested.domain is None or not is_needless(tested.domain, test, others):
                        continue
                    seen += 1
                    both = [
                        [(derivation.certain, derivation.possible) for derivation in base.fired(when)]
                        for when in (rule.when, without(rule.when, test))
                    ]
                    if both[0] != both[1]:
                        changed.append((rule, test))
    assert seen > 5
    assert changed == []


def test_what_is_said_to_follow_holds_wherever_that_does_from_which_it_follows(bases: tuple[Made, ...]):
    seen, wrong = 0, []
    for base in bases:
        for general, special in _pairs(base):
            if follow(general, special, base.vocabulary):
                seen += 1
                both = zip(base.fires(special), base.fires(general), strict=False)
                wrong += [(general, special) for if_so, then_so in both if if_so and not then_so]
    assert seen > 300
    assert wrong == []


def _pairs(base: Made) -> Iterator[tuple[tuple[Condition, ...], tuple[Condition, ...]]]:
    """Conditions of which the one may follow from the other: with more, with a test less, and of two rules."""
    for number, rule in enumerate(base.rules):
        other = base.rules[(number + 1) % len(base.rules)]
        yield rule.when, (*told_apart(other.when, "o"), *told_apart(rule.when, "r"))
        yield rule.when, other.when
        for condition in rule.when:
            for test in inner_tests(condition):
                fewer = without(rule.when, test)
                yield fewer, rule.when
                yield rule.when, fewer


def test_most_rules_fire_on_an_applicant_made_up_for_them(bases: tuple[Made, ...]):
    made_up = fired = 0
    for base in bases:
        for rule in base.rules:
            for one in reckoned(rule, base.vocabulary):
                entries = next(models(one.situation, base.vocabulary), None)
                if entries is None:
                    continue
                made_up += 1
                facts = [
                    listed(base.vocabulary.types[each.type], each.values, place)
                    if is_listed(base.vocabulary.types[each.type])
                    else concluded(each.type, each.values.items())
                    for place, each in enumerate(entries)
                ]
                fired += any(derivation.firings for derivation in base.fired(rule.when, [tuple(facts)]))
    assert made_up > 200
    assert fired / made_up > 0.7
