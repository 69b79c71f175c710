"""Every broken variant of the meaning is noticed: by recorded scenarios, on which all unbroken readings agree.

After a change of the generator or of a mutant: `python -m tests.mutants` records anew which scenarios notice which.
"""

from __future__ import annotations

from functools import cache

import pytest

from tests.generators import scenario_of
from tests.mutants.mutating import (
    Mutant,
    engine_mutants,
    engine_variant,
    intake_mutants,
    naive_mutants,
    naive_notices,
    noticing,
    recorded,
    variant,
)
from tests.naive import NaiveResult
from tests.readings import ENGINES, read, read_naively
from tests.telling import misread_left_out, misread_whole

RECORDED = recorded()
scenario = cache(scenario_of)


@cache
def truth(seed: int) -> NaiveResult | None:
    return read_naively(scenario(seed))


def named(mutants: tuple[Mutant, ...]):
    return [pytest.param(mutant, id=mutant.name) for mutant in mutants]


@pytest.mark.parametrize(("kind", "mutants"), [("naive", naive_mutants()), ("engine", engine_mutants())])
def test_scenarios_are_recorded_for_every_mutant_and_for_no_other(kind: str, mutants: tuple[Mutant, ...]):
    assert list(RECORDED[kind]) == [mutant.name for mutant in mutants]
    assert [name for name, seeds in RECORDED[kind].items() if not seeds] == []


@pytest.mark.parametrize("seed", sorted({seed for several in RECORDED["naive"].values() for seed in several}))
def test_the_unbroken_readings_agree_where_mutants_are_noticed(seed: int):
    pytest.importorskip("durable_rules_engine", reason="durable-rules is not installed", exc_type=ImportError)
    assert read(scenario(seed), ENGINES, seed).disagreement == ""


@pytest.mark.parametrize("mutant", named(naive_mutants()))
def test_a_broken_naive_reading_is_noticed(mutant: Mutant):
    seeds = RECORDED["naive"][mutant.name]
    assert {naive_notices(mutant, scenario(seed), truth(seed)) for seed in seeds} == {True}


@pytest.mark.parametrize("mutant", named(engine_mutants()))
def test_a_broken_engine_is_noticed(mutant: Mutant):
    pytest.importorskip("durable_rules_engine", reason="durable-rules is not installed", exc_type=ImportError)
    seeds = RECORDED["engine"][mutant.name]
    assert noticing(mutant, seeds) == seeds


@pytest.mark.parametrize("mutant", named(intake_mutants()))
def test_a_broken_intake_is_noticed(mutant: Mutant):
    make_facts = variant(mutant).make_facts
    assert any(misread_whole(seed, make_facts) or misread_left_out(seed, make_facts) for seed in range(100))


def test_the_engine_is_itself_again_after_a_mutant():
    with engine_variant(engine_mutants()[0]) as readings:
        assert readings.read is not read
    from tests.readings import consult  # noqa: PLC0415 - what is imported now is the question

    assert consult is read.__globals__["consult"]


def test_a_mutant_that_changes_nothing_is_an_error():
    lost = Mutant("lost", "None.", "tests.naive", (("no such line", ""),))
    with pytest.raises(LookupError, match="mutant 'lost'"):
        lost.source()
