"""Rules and profiles that are written and read again mean what they meant, whatever the files and their order."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from smartpick_expert.intake.facts import make_facts
from smartpick_expert.language.loader import load_rules
from smartpick_expert.language.operators import OPERATORS
from smartpick_expert.language.source import parse
from smartpick_expert.language.vocabulary_loader import load_vocabulary
from tests.drawing import Draw
from tests.generators import scenario_of
from tests.readings import derive, in_order
from tests.regressions import AGREEMENT, kept_seeds
from tests.scenarios import Scenario
from tests.telling import misread_left_out, misread_whole
from tests.writing import NAMES, rule_files, vocabulary_file, writable

SEEDS = st.integers(0, 2**62)
MANY = settings(
    deadline=None,
    max_examples=100,
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


def require_one_meaning(seed: int):
    scenario = writable(scenario_of(seed))
    read = read_again(scenario, Draw(Random(seed)))
    assert in_order(derive(read, "plain")) == in_order(derive(scenario, "plain"))


@pytest.mark.parametrize("seed", kept_seeds(AGREEMENT))
def test_rules_that_once_were_misread_mean_the_same(seed: int):
    require_one_meaning(seed)


@MANY
@given(seed=SEEDS)
def test_rules_mean_the_same_when_they_are_written_in_files(seed: int):
    require_one_meaning(seed)


@MANY
@given(seed=SEEDS)
def test_a_profile_yields_the_facts_it_tells(seed: int):
    assert misread_whole(seed, make_facts) == []


@MANY
@given(seed=SEEDS)
def test_a_section_that_is_left_out_is_what_is_assumed_or_open_or_unknown_throughout(seed: int):
    assert misread_left_out(seed, make_facts) == []
