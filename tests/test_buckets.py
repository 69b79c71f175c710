"""What the shipped rules make of any profile: one bucket for a complete one, and never one too many for a partial one."""

from __future__ import annotations

from collections import Counter
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartpick_expert.engine.consultation import consult_profile
from smartpick_expert.engine.derivation import Derivation
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.vocabulary import FactType, Supplier
from tests.profiles import (
    AS_OF,
    SEEDS,
    WORKSPACE,
    Data,
    complete_profile,
    complete_profiles,
    completed,
    partial_profiles,
    profile_of,
)

# Before and after a parameter changes, and in the weeks of the rank lists.
DAYS = st.sampled_from([AS_OF, date(2026, 9, 21), date(2027, 2, 15)])
BUCKETS = set(WORKSPACE.vocabulary.types["bucket"].fields["name"].values)
CONCLUDED = WORKSPACE.vocabulary.supplied_by(Supplier.RULES)

some = settings(max_examples=60, deadline=None)
a_few = settings(max_examples=25, deadline=None)


def derive(data: Data, as_of: date = AS_OF, engine: str = "plain") -> Derivation:
    return consult_profile(profile_of(data), WORKSPACE, as_of, engine).derivation


def names(facts: tuple[Fact, ...]) -> list[str]:
    return [str(fact.get("name")) for fact in facts]


def conflicts(kind: FactType, facts: tuple[Fact, ...]) -> list[tuple[Fact, ...]]:
    """The facts of a type that differ where the vocabulary allows one; what is unknown may turn out equal."""
    found: dict[tuple[object, ...], list[Fact]] = {}
    for fact in (fact for fact in facts if not fact.has_unknown):
        found.setdefault(tuple(fact.get(name) for name in kind.one_per), []).append(fact)
    return [tuple(several) for several in found.values() if len(several) > 1]


@some
@given(data=complete_profiles(), as_of=DAYS)
def test_a_complete_profile_falls_into_exactly_one_bucket(data: Data, as_of: date):
    derivation = derive(data, as_of)
    assert (len(derivation.of("bucket")), names(derivation.open_of("bucket"))) == (1, [])


@some
@given(data=complete_profiles() | partial_profiles(), as_of=DAYS)
def test_a_profile_is_never_told_two_things_where_one_can_be(data: Data, as_of: date):
    derivation = derive(data, as_of)
    limited = [kind for kind in CONCLUDED if kind.one_per is not None]
    assert {kind.name: found for kind in limited if (found := conflicts(kind, derivation.of(kind.name)))} == {}


@pytest.fixture(scope="module")
def sample() -> list[Derivation]:
    """Always the same complete profiles, so that what is counted in them does not waver."""
    return [derive(complete_profile(Random(seed))) for seed in range(140)]


def test_each_bucket_is_met_often_enough_to_be_tried(sample: list[Derivation]):
    buckets = Counter(name for derivation in sample for name in names(derivation.of("bucket")))
    assert {name for name, count in buckets.items() if count / len(sample) >= 0.05} == BUCKETS


def test_a_made_up_profile_contradicts_itself_nowhere(sample: list[Derivation]):
    assert [fact for derivation in sample for fact in derivation.of("contradiction")] == []


@some
@given(data=partial_profiles(), as_of=DAYS)
def test_a_partial_profile_falls_into_one_bucket_or_into_none_yet(data: Data, as_of: date):
    derivation = derive(data, as_of)
    certain, possible = names(derivation.of("bucket")), names(derivation.open_of("bucket"))
    assert (len(certain), possible) == (1, []) or (certain == [] and possible)


@some
@given(data=partial_profiles())
def test_a_bucket_alone_and_open_waits_for_its_program(data: Data):
    derivation = derive(data)
    if len(names(derivation.open_of("bucket"))) == 1:
        assert derivation.of("typical_program") == ()


@some
@given(partial=partial_profiles(), seed=SEEDS)
def test_what_a_partial_profile_is_told_stands_when_the_holes_are_filled(partial: Data, seed: int):
    before, after = derive(partial), derive(completed(partial, Random(seed)))
    assert set(names(before.of("bucket"))) <= set(names(after.of("bucket")))
    assert set(names(after.of("bucket"))) <= set(names(before.of("bucket")) + names(before.open_of("bucket")))


@a_few
@given(data=complete_profiles() | partial_profiles())
def test_both_engines_make_the_same_of_a_made_up_profile(data: Data):
    pytest.importorskip("durable_rules_engine", reason="durable-rules is not installed", exc_type=ImportError)
    durable, plain = derive(data, engine="durable"), derive(data, engine="plain")
    assert durable.certain == plain.certain
    assert durable.possible == plain.possible
    assert durable.firings == plain.firings
