"""A slice of the rules concludes what all of them conclude, and a consultation made again what a new one would."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from smartpick_expert.engine.consultation import consult_profile
from smartpick_expert.engine.derivation import Derivation
from smartpick_expert.engine.readers import readers_of
from smartpick_expert.engine.rerun import Change, Outcome, Rerun
from smartpick_expert.engine.session import Session, consult, fire
from smartpick_expert.engine.slices import slice_for, slice_of
from smartpick_expert.engine.store import Branch, FactSet
from smartpick_expert.explain.trials import TYPES, otherwise
from smartpick_expert.language.facts import Fact, Origin, listed
from smartpick_expert.language.model import Conclusion, Constant, Negation, Pattern, Reference, Rule
from smartpick_expert.language.model import Test as FieldTest
from smartpick_expert.language.operators import OPERATORS
from smartpick_expert.language.values import ABSENT, UNKNOWN
from smartpick_expert.language.vocabulary import FactType, Field, FieldType, Supplier, Vocabulary
from tests.advised import PERSONAS, advice_on
from tests.drawing import Draw, draw_value
from tests.generators import scenario_of
from tests.profiles import AS_OF, SEEDS, WORKSPACE, complete_profile, partial_profile, profile_of
from tests.readings import compiled, counting
from tests.rule_maker import rule_of
from tests.scenarios import Scenario

MADE = st.integers(0, 2**62)
MANY = settings(
    deadline=None,
    max_examples=60,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
FEWER = settings(MANY, max_examples=25)


def of_types(found: Derivation | Session, types: frozenset[str]) -> dict[str, tuple[set[Fact], set[Fact]]]:
    """The certain and the open facts of each type."""
    return {name: (set(found.of(name)), set(found.open_of(name))) for name in types}


def all_of(outcome: Outcome) -> tuple[set[Fact], set[Fact], dict[Fact, frozenset[str]]]:
    return set(outcome.stores.certain), set(outcome.stores.possible), dict(outcome.concluded_by)


def anew(rerun: Rerun, changes: list[Change]) -> tuple[set[Fact], set[Fact], dict[Fact, frozenset[str]]]:
    """What firing the same rules on the changed facts comes to."""
    gone = {old for old, _ in changes}
    facts = [fact for fact in rerun.facts if fact not in gone] + [new for _, new in changes if new is not None]
    found = fire(rerun.compiled, facts, "plain")
    by: dict[Fact, set[str]] = {}
    for firing in found.fired.values():
        for fact in firing.conclusions:
            if fact.type in rerun.types:
                by.setdefault(fact, set()).add(firing.rule_id)
    grounds = {fact: frozenset(rules) for fact, rules in by.items()}
    return set(found.stores.certain), set(found.stores.possible), grounds


# --- slices ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("persona", PERSONAS)
def test_a_slice_sorts_and_advises_a_persona_as_all_rules_do(persona: str):
    run = advice_on(persona).run.original
    sliced = fire(slice_for(run.derivation.compiled, TYPES), run.intake.facts, "plain")
    assert of_types(sliced, TYPES) == of_types(run.derivation, TYPES)


@FEWER
@given(seed=SEEDS)
def test_a_slice_sorts_and_advises_made_up_applicants_as_all_rules_do(seed: int):
    chance = Random(seed)
    data = chance.choice([complete_profile, partial_profile])(chance)
    run = consult_profile(profile_of(data), WORKSPACE, AS_OF, "plain")
    types = frozenset(chance.sample(sorted(TYPES | {"reason", "letter_grade", "gate", "notice"}), 2))
    sliced = fire(slice_for(run.derivation.compiled, types), run.intake.facts, "plain")
    assert of_types(sliced, types) == of_types(run.derivation, types)


@MANY
@given(seed=MADE)
def test_a_slice_of_made_up_rules_concludes_what_all_of_them_do(seed: int):
    scenario = scenario_of(seed)
    ready = compiled(scenario)
    if ready is None:
        return
    derivation = consult(ready, scenario.facts, "plain")
    derived = [kind.name for kind in scenario.vocabulary.supplied_by(Supplier.RULES)]
    types = frozenset({Random(seed).choice(derived)})
    sliced = fire(slice_of(derivation, types), scenario.facts, "plain")
    assert of_types(sliced, types) == of_types(derivation, types)


def test_a_slice_leaves_out_what_has_no_part_in_the_types():
    ready = advice_on("graduate_needing_visa").run.original.derivation.compiled
    sliced = slice_for(ready, TYPES)
    assert {rule.topic for rule in ready.rules} - {rule.topic for rule in sliced.rules} == {
        "phrases",
        "programs",
        "requirements",
    }
    assert len(sliced.rules) < 0.7 * len(ready.rules)


def test_a_slice_is_made_once():
    ready = advice_on("graduate_needing_visa").run.original.derivation.compiled
    assert slice_for(ready, ["bucket", "action"]) is slice_for(ready, ["action", "bucket"])


SIZE = Field("size", FieldType.NUMBER, "How large.")
GIVEN = FactType("given", "Given.", Supplier.PROFILE, {"size": SIZE})
OTHER = replace(GIVEN, name="other")
MIDDLE, LAST = (FactType(name, name, Supplier.RULES, {"size": SIZE}) for name in ("middle", "last"))
VOCABULARY = Vocabulary({kind.name: kind for kind in (GIVEN, OTHER, MIDDLE, LAST)})
IS_ONE, IS_TWO = (FieldTest("size", OPERATORS["is"], (Constant(number),)) for number in (1, 2))


def numbered(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    return tuple(replace(rule, id=f"made.rule-{number}") for number, rule in enumerate(rules))


def rerun_of(rules: tuple[Rule, ...], facts: tuple[Fact, ...]) -> Rerun:
    ready = compiled(Scenario(VOCABULARY, numbered(rules), facts))
    return Rerun(consult(ready, facts, "plain"), facts, ["last"])


def test_a_fact_that_upholds_itself_goes_with_what_it_came_from():
    """A rule of a later stratum concludes again what it was fired by. Without its first ground it must not stay."""
    again_unless = (Pattern("last", (), "a"), Negation(Pattern("middle", (IS_TWO,))))
    rules = (
        rule_of((Pattern("given", (IS_ONE,)),), (Conclusion("last", (("size", Constant(1)),)),)),
        rule_of(again_unless, (Conclusion("last", (("size", Reference("a", "size")),)),)),
        rule_of((Pattern("given", (IS_TWO,)),), (Conclusion("middle", (("size", Constant(2)),)),)),
    )
    one = listed(GIVEN, {"size": 1}, 0)
    rerun = rerun_of(rules, (one,))
    assert len(rerun.after([]).stores.certain.of("last")) == 1
    assert len(rerun.after([(one, None)]).stores.possible.of("last")) == 0


def test_what_was_certain_and_stays_possible_is_in_doubt_from_then_on():
    rules = (
        rule_of((Pattern("given", (IS_ONE,)),), (Conclusion("middle", (("size", Constant(1)),)),)),
        rule_of((Pattern("other", (IS_ONE,)),), (Conclusion("middle", (("size", Constant(1)),)),)),
        rule_of((Pattern("middle", (IS_ONE,)),), (Conclusion("last", ()),)),
    )
    one = listed(GIVEN, {"size": 1}, 0)
    outcome = rerun_of(rules, (one, listed(OTHER, {}, 0))).after([(one, None)])
    assert (len(outcome.stores.certain.of("last")), len(outcome.stores.possible.of("last"))) == (0, 1)


def test_where_a_rule_was_cut_off_all_rules_are_the_slice():
    """The open fact in its place may pass a pattern that nothing the rule concludes could pass."""
    rules = (
        rule_of((Pattern("given", (), "a"),), (Conclusion("middle", (("size", Constant(1)),)),)),
        rule_of((Pattern("middle", (IS_TWO,)),), (Conclusion("last", (("size", Constant(1)),)),)),
    )
    scenario = Scenario(
        VOCABULARY,
        numbered(rules),
        tuple(Fact("given", (("size", UNKNOWN),), Origin.OPEN, number) for number in range(3)),
    )
    ready = compiled(scenario)
    with counting(1):
        derivation = consult(ready, scenario.facts, "plain")
        sliced = fire(slice_for(ready, ["last"]), scenario.facts, "plain")
    assert derivation.cut_off == ("made.rule-0",)
    assert (len(derivation.open_of("last")), len(sliced.open_of("last"))) == (1, 0)
    assert slice_of(derivation, ["last"]) is ready


# --- consultations made again ------------------------------------------------------------------------------------------


def some_changes(facts: list[Fact], vocabulary: Vocabulary, draw: Draw, value) -> list[Change]:
    """One to three given facts otherwise, gone, or no longer left open."""
    changes: list[Change] = []
    for fact in draw.some_of(facts, 1, 3):
        kind = vocabulary.types[fact.type]
        if fact.origin is Origin.OPEN or (draw.below(4) == 0 and not kind.one):
            changes.append((fact, None))
            continue
        field = draw.one_of(kind.given_fields)
        slot = draw.one_of((UNKNOWN, ABSENT, *(value(kind, field) for _ in range(4))))
        changes.append((fact, otherwise(fact, field.name, slot, vocabulary)))
    return changes


@FEWER
@given(seed=SEEDS)
def test_a_consultation_made_again_comes_to_what_a_new_one_does(seed: int):
    chance = Random(seed)
    whole, other = complete_profile(chance), profile_of(complete_profile(chance))
    data = chance.choice([whole, partial_profile(chance)])
    run = consult_profile(profile_of(data), WORKSPACE, AS_OF, "plain")
    rerun = Rerun(run.derivation, run.intake.facts, TYPES)
    facts = [*run.intake.entries, *(fact for fact in run.intake.facts if fact.origin is Origin.OPEN)]

    def value(kind: FactType, field: Field):
        return chance.choice([entry.values.get(field.name, UNKNOWN) for entry in other.of(kind.name)] or [UNKNOWN])

    for _ in range(6):
        changes = some_changes(facts, WORKSPACE.vocabulary, Draw(chance), value)
        assert all_of(rerun.after(changes)) == anew(rerun, changes)


@MANY
@given(seed=MADE, most=st.sampled_from([1, 1_000]))
def test_made_up_rules_come_to_the_same_again_and_anew(seed: int, most: int):
    scenario = scenario_of(seed)
    ready = compiled(scenario)
    if ready is None or not scenario.facts:
        return
    draw = Draw(Random(seed))
    derived = [kind.name for kind in scenario.vocabulary.supplied_by(Supplier.RULES)]
    with counting(most):
        rerun = Rerun(consult(ready, scenario.facts, "plain"), scenario.facts, [draw.one_of(derived)])
        for _ in range(4):
            changes = some_changes(
                list(scenario.facts),
                scenario.vocabulary,
                draw,
                lambda _, field: draw_value(draw, scenario.pools, field),
            )
            assert all_of(rerun.after(changes)) == anew(rerun, changes)


def test_nothing_changed_is_nothing_looked_at():
    run = advice_on("graduate_needing_visa").run.original
    outcome = Rerun(run.derivation, run.intake.facts, TYPES).after([])
    assert set(outcome.stores.certain.of("action")) == set(run.derivation.of("action"))
    assert outcome.visits == 0


def test_a_change_that_no_rule_can_see_is_nothing_to_any_reader():
    run = advice_on("graduate_needing_visa").run.original
    readers = readers_of(slice_for(run.derivation.compiled, TYPES))["letter"]
    letter = next(fact for fact in run.derivation.of("letter") if fact.get("residents_sent") == 1)
    two, three, four = (otherwise(letter, "residents_sent", number, WORKSPACE.vocabulary) for number in (2, 3, 4))
    assert any(reader.tells_apart(letter, two) for reader in readers)
    assert not any(reader.tells_apart(three, four) for reader in readers)


def test_a_join_on_a_field_makes_any_change_of_it_one_to_see():
    joined = Pattern("middle", (FieldTest("size", OPERATORS["is"], (Reference("a", "size"),)),))
    rule = rule_of((Pattern("given", (), "a"), joined), (Conclusion("last", ()),))
    scenario = Scenario(VOCABULARY, (rule,), ())
    (reader,) = readers_of(compiled(scenario))["given"]
    assert reader.tells_apart(listed(GIVEN, {"size": 1}, 0), listed(GIVEN, {"size": 2}, 0))


def test_a_branch_leaves_the_set_it_came_from_as_it_is():
    facts = [listed(GIVEN, {"size": size}, size) for size in range(3)]
    origin = FactSet(facts[:2])
    assert set(origin.holding("given", "size", 1)) == {facts[1]}
    branch = Branch(origin)
    branch.remove(facts[1])
    branch.add(facts[2])
    assert (set(branch), set(branch.holding("given", "size", 1))) == ({facts[0], facts[2]}, set())
    assert (set(origin), set(origin.holding("given", "size", 1))) == ({facts[0], facts[1]}, {facts[1]})
