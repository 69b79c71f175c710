"""Rules and profiles that are written and read again mean what they meant, whatever the files and their order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from random import Random

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from smartpick_expert.intake.facts import Intake, make_facts
from smartpick_expert.intake.profile import profile_from_node, require
from smartpick_expert.language.facts import Fact, listed, open_fact
from smartpick_expert.language.loader import load_rules
from smartpick_expert.language.operators import OPERATORS
from smartpick_expert.language.source import parse
from smartpick_expert.language.vocabulary import Supplier
from smartpick_expert.language.vocabulary_loader import load_vocabulary
from tests.drawing import Draw
from tests.generators import scenario_of
from tests.readings import derive, in_order
from tests.scenarios import AS_OF, Scenario
from tests.writing import NAMES, as_told, profile_file, rule_files, vocabulary_file, writable

SEEDS = st.integers(0, 2**62)
MANY = settings(
    deadline=None,
    max_examples=300,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def read_again(scenario: Scenario, draw: Draw) -> Scenario:
    """The scenario with its vocabulary and rules as they are read from the files they are written to."""
    vocabulary = load_vocabulary([parse(vocabulary_file(scenario.vocabulary), "vocabulary.yaml")], {}, OPERATORS)
    files = [parse(text, f"rules-{number}.yaml") for number, text in enumerate(rule_files(scenario, draw))]
    ruleset, found = load_rules(files, vocabulary, NAMES)
    assert found == ()
    return replace(scenario, vocabulary=ruleset.vocabulary, rules=ruleset.rules)


@MANY
@given(seed=SEEDS)
def test_rules_mean_the_same_when_they_are_written_in_files(seed: int):
    scenario = writable(scenario_of(seed))
    read = read_again(scenario, Draw(Random(seed)))
    assert in_order(derive(read, "plain")) == in_order(derive(scenario, "plain"))


def taken_in(scenario: Scenario, text: str) -> Intake:
    """The facts of a written profile."""
    profile = require(*profile_from_node(parse(text, "profile.yaml"), "profile.yaml", scenario.vocabulary))
    return make_facts(profile, scenario.vocabulary, (), AS_OF)


def in_one_order(facts: Iterable[Fact]) -> list[Fact]:
    return sorted(facts, key=lambda fact: (fact.type, fact.position))


@MANY
@given(seed=SEEDS)
def test_a_profile_yields_the_facts_it_tells(seed: int):
    scenario = as_told(scenario_of(seed))
    intake = taken_in(scenario, profile_file(scenario, Draw(Random(seed))))
    assert in_one_order(intake.facts) == in_one_order(scenario.facts)


@MANY
@given(seed=SEEDS)
def test_a_section_that_is_left_out_is_what_is_assumed_or_open_or_unknown_throughout(seed: int):
    scenario, draw = as_told(scenario_of(seed)), Draw(Random(seed))
    left_out = draw.some_of(scenario.vocabulary.supplied_by(Supplier.PROFILE), 1, 4)
    intake = taken_in(scenario, profile_file(scenario, draw, leave_out=[kind.name for kind in left_out]))
    assumed = {kind.name for kind in left_out if kind.assume}
    assert {assumption.type for assumption in intake.assumptions} == assumed
    stand_ins = [listed(kind, {}, 0) if kind.one else open_fact(kind) for kind in left_out if not kind.assume]
    names = {kind.name for kind in left_out}
    assert in_one_order(fact for fact in intake.facts if fact.type in names) == in_one_order(stand_ins)
    # What is assumed may as well be written out.
    told = replace(scenario, facts=tuple(fact for fact in scenario.facts if fact.type not in assumed))
    written = [kind.name for kind in left_out if not kind.assume]
    assert in_one_order(taken_in(told, profile_file(told, draw, leave_out=written)).facts) == in_one_order(intake.facts)
