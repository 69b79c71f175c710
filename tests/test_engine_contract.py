"""What our driver relies on in durable-rules, pinned: should the engine ever change, this says where.

The engine's faults are in docs/decisions/003; most of them end the process, so only the ways around them are tried here.
"""

from __future__ import annotations

import gc
import json
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from smartpick_expert.engine.compiled import CompiledRules, compile_rules
from smartpick_expert.engine.consultation import compiled_for
from smartpick_expert.engine.derivation import Derivation
from smartpick_expert.engine.durable import DurableMatcher, partition
from smartpick_expert.engine.encoding import dump
from smartpick_expert.engine.session import consult
from smartpick_expert.engine.store import Stores
from smartpick_expert.intake.facts import make_facts
from smartpick_expert.intake.profile import read_profile
from smartpick_expert.language.facts import Fact, listed
from smartpick_expert.language.loader import KnownNames, load_rules
from smartpick_expert.language.model import Constant, Pattern, Rule, RuleSet
from smartpick_expert.language.model import Test as FieldTest
from smartpick_expert.language.operators import OPERATORS
from smartpick_expert.language.source import parse
from smartpick_expert.language.vocabulary_loader import load_vocabulary
from smartpick_expert.workspace import Workspace

core = pytest.importorskip("durable_rules_engine", reason="durable-rules is not installed", exc_type=ImportError)

PERSONAS = sorted(path.stem for path in (Path(__file__).parent.parent / "knowledge" / "personas").glob("*.yaml"))
PARTS = ("certain", "possible", "firings", "possible_firings")
BOOT = {"id": "0", "t": 0, "_": True}
ALWAYS = {"_": {"p0": "_"}}


# --- the core -----------------------------------------------------------------------------------------------------


class Core:
    """One ruleset of the C core, driven as our driver drives it. `rules` maps names to lists of patterns."""

    def __init__(self, rules: dict[str, list[object]], cap: int = 500) -> None:
        definition = {
            name: {"all": [{f"p{place}": pattern} for place, pattern in enumerate(patterns)], "dist": 0, "cap": cap}
            for name, patterns in ({"boot": [{"t": 0}]} | rules).items()
        }
        self.handle = core.create_ruleset("contract", dump(definition))
        self.told(BOOT)

    def told(self, *facts: object) -> tuple[int, list[tuple[str, list[dict[str, str]]]]]:
        """The engine's code, and each batch: the rule and its matches, as ids by alias."""
        code, state = core.assert_facts(self.handle, dump(list(facts)))
        started = core.start_action_for_state(self.handle, state)
        result = started[1] if started else None
        batches = []
        while result:
            for name, matches in json.loads(result).items():
                batches.append((name, [{alias: fact["id"] for alias, fact in match.items()} for match in matches]))
            result = core.complete_and_start_action(self.handle, state)
        return code, batches

    def forget(self) -> None:
        core.delete_state(self.handle, "0")


@pytest.fixture
def cores() -> Iterator[list[Core]]:
    """Rulesets to be given back: the state before the ruleset."""
    several: list[Core] = []
    yield several
    for one in several:
        one.forget()
        core.delete_ruleset(one.handle)


def test_a_match_is_told_as_rule_alias_and_fact(cores: list[Core]):
    cores.append(Core({"r": [{"$and": [{"t": 1}, {"a": 5}]}]}))
    assert cores[0].told({"id": "1", "t": 1, "_": True, "a": 5}) == (0, [("r", [{"p0": "1"}])])


def test_a_fact_that_no_rule_looks_at_is_code_1_and_harmless_after_the_boot_fact(cores: list[Core]):
    cores.append(Core({"r": [{"$and": [{"t": 1}, {"a": 5}]}]}))
    assert cores[0].told({"id": "1", "t": 1, "_": True, "a": 6}, {"id": "2", "t": 9, "_": True}) == (1, [])


def test_a_portion_with_one_matching_fact_and_others_loses_nothing(cores: list[Core]):
    cores.append(Core({"r": [{"$and": [{"t": 1}, {"a": 5}]}]}))
    facts = [{"id": str(n), "t": 1, "_": True, "a": n % 7} for n in range(1, 51)]
    matched = [fact["id"] for fact in facts if fact["a"] == 5]
    code, batches = cores[0].told(*facts)
    assert (code in (0, 1), sorted(m["p0"] for _, b in batches for m in b)) == (True, sorted(matched))


def test_facts_join_whichever_comes_first_and_only_where_the_join_holds(cores: list[Core]):
    second = {"$and": [{"t": 2}, {"$ex": {"b": 1}}, {"b": {"p0": "a"}}, ALWAYS]}
    left = [{"id": f"l{n}", "t": 1, "_": True, "a": f"v{n}"} for n in range(20)]
    right = [{"id": f"r{n}", "t": 2, "_": True, "b": f"v{n}"} for n in range(10, 30)]
    expected = [{"p0": f"l{n}", "p1": f"r{n}"} for n in range(10, 20)]
    for facts in (left + right, right + left):
        cores.append(Core({"r": [{"$and": [{"t": 1}, {"$ex": {"a": 1}}]}, second]}))
        matches = [match for _, batch in cores[-1].told(*facts)[1] for match in batch]
        assert sorted(matches, key=lambda match: match["p0"]) == expected


def test_a_fact_without_the_joined_field_is_passed_over(cores: list[Core]):
    second = {"$and": [{"t": 2}, {"$ex": {"b": 1}}, {"b": {"p0": "a"}}, ALWAYS]}
    cores.append(Core({"r": [{"$and": [{"t": 1}, {"$ex": {"a": 1}}]}, second]}))
    code, batches = cores[0].told(
        {"id": "1", "t": 1, "_": True}, {"id": "2", "t": 2, "_": True}, {"id": "3", "t": 1, "_": True, "a": "v"}
    )
    assert (code in (0, 1), batches) == (True, [])


@pytest.mark.parametrize(
    ("operator", "matched"), [("$neq", "013"), ("$gt", "3"), ("$gte", "23"), ("$lt", "01"), ("$lte", "012")]
)
def test_inequality_joins_hold_as_written(operator: str, matched: str, cores: list[Core]):
    second = {"$and": [{"t": 2}, {"$ex": {"b": 1}}, {operator: {"b": {"p0": "a"}}}, ALWAYS]}
    cores.append(Core({"r": [{"$and": [{"t": 1}, {"$ex": {"a": 1}}]}, second]}))
    facts = [{"id": f"b{n}", "t": 2, "_": True, "b": n} for n in range(4)]
    _, batches = cores[0].told({"id": "a", "t": 1, "_": True, "a": 2}, *facts)
    assert "".join(sorted(match["p1"][1:] for _, batch in batches for match in batch)) == matched


def test_matches_come_in_batches_up_to_the_cap_and_all_of_them_come(cores: list[Core]):
    cores.append(Core({"r": [{"t": 1}]}, cap=500))
    _, batches = cores[0].told(*({"id": str(n), "t": 1, "_": True} for n in range(1, 1_201)))
    assert [(name, len(batch)) for name, batch in batches] == [("r", 500), ("r", 500), ("r", 200)]
    assert len({match["p0"] for _, batch in batches for match in batch}) == 1_200


def test_one_fact_may_stand_for_several_patterns_of_a_rule(cores: list[Core]):
    cores.append(Core({"r": [{"t": 1}, {"$and": [{"t": 1}, ALWAYS]}]}))
    _, batches = cores[0].told({"id": "1", "t": 1, "_": True})
    assert batches == [("r", [{"p0": "1", "p1": "1"}])]


def test_facts_that_come_later_join_with_those_before(cores: list[Core]):
    cores.append(Core({"r": [{"t": 1}, {"$and": [{"t": 2}, ALWAYS]}]}))
    assert cores[0].told({"id": "1", "t": 1, "_": True})[1] == []
    assert cores[0].told({"id": "2", "t": 2, "_": True})[1] == [("r", [{"p0": "1", "p1": "2"}])]


def test_a_deleted_state_is_forgotten_and_its_ids_may_come_again(cores: list[Core]):
    cores.append(Core({"r": [{"t": 1}, {"$and": [{"t": 2}, ALWAYS]}]}))
    cores[0].told({"id": "1", "t": 1, "_": True})
    cores[0].forget()
    cores[0].told(BOOT)
    assert cores[0].told({"id": "1", "t": 2, "_": True})[1] == []
    assert cores[0].told({"id": "2", "t": 1, "_": True})[1] == [("r", [{"p0": "2", "p1": "1"}])]


def test_the_same_id_twice_is_refused(cores: list[Core]):
    cores.append(Core({"r": [{"t": 1}]}))
    cores[0].told({"id": "1", "t": 1, "_": True})
    assert cores[0].told({"id": "1", "t": 1, "_": True}) == (2, [])


@pytest.mark.parametrize(
    "value",
    [
        *(0, -1, 2**53, -(2**53), Decimal("0.1"), Decimal("0.000000000000001"), Decimal("-123456.789"), True, False),
        *("", "Zürich", 'say "low"\\', "北京 🩺", "a\nb", "1", "true", "$x", "x" * 1_000),
    ],
)
def test_a_value_equals_itself_in_tests_and_joins(value: object, cores: list[Core]):
    second = {"$and": [{"t": 2}, {"$ex": {"b": 1}}, {"b": {"p0": "a"}}, ALWAYS]}
    cores.append(
        Core({"same": [{"$and": [{"t": 1}, {"a": value}]}], "join": [{"$and": [{"t": 1}, {"$ex": {"a": 1}}]}, second]})
    )
    _, batches = cores[0].told({"id": "1", "t": 1, "_": True, "a": value}, {"id": "2", "t": 2, "_": True, "b": value})
    assert sorted(batches, key=str) == [("join", [{"p0": "1", "p1": "2"}]), ("same", [{"p0": "1"}])]


def test_neighbours_among_large_numbers_stay_apart(cores: list[Core]):
    cores.append(Core({"r": [{"$and": [{"t": 1}, {"a": 2**53}]}]}))
    assert cores[0].told({"id": "1", "t": 1, "_": True, "a": 2**53 - 1}) == (1, [])


def test_fifty_conditions_met_by_one_fact_are_all_told(cores: list[Core]):
    cores.append(Core({f"r{n}": [{"$and": [{"t": 1}, {"$gte": {"a": n}}]}] for n in range(50)}))
    _, batches = cores[0].told({"id": "1", "t": 1, "_": True, "a": 50})
    assert {name for name, _ in batches} == {f"r{n}" for n in range(50)}


def test_a_hundred_rules_may_share_their_last_condition(cores: list[Core]):
    cores.append(Core({f"r{n}": [{"$and": [{"t": 1}, {"a": 1}]}] for n in range(100)}))
    _, batches = cores[0].told({"id": "1", "t": 1, "_": True, "a": 1})
    assert {name for name, _ in batches} == {f"r{n}" for n in range(100)}


def test_nothing_starts_a_thread_of_its_own():
    before = threading.active_count()
    DurableMatcher().close()
    assert (threading.active_count(), "durable.engine" in sys.modules) == (before, False)


# --- the driver ---------------------------------------------------------------------------------------------------


def intake_of(workspace: Workspace, persona: str, as_of) -> tuple[Fact, ...]:
    profile, _ = read_profile(workspace.personas / f"{persona}.yaml", workspace.vocabulary)
    supplied = [program.fact for program in workspace.knowledge.programs.values()]
    return make_facts(profile, workspace.vocabulary, supplied, as_of).facts


def parts(derivation: Derivation) -> list[object]:
    return [getattr(derivation, part) for part in PARTS]


@pytest.fixture(scope="module")
def compiled(workspace: Workspace, as_of) -> CompiledRules:
    return compiled_for(workspace, as_of)


@pytest.fixture(scope="module")
def plainly(workspace: Workspace, compiled: CompiledRules, as_of) -> dict[str, Derivation]:
    """What the plain engine derives of each persona."""
    return {name: consult(compiled, intake_of(workspace, name, as_of), "plain") for name in PERSONAS}


@pytest.fixture(
    scope="module",
    params=[{}, *({"max_rules": n} for n in (1, 2, 3)), *({"max_patterns": n} for n in (1, 2, 3))],
    ids=lambda limits: " ".join(f"{name}={n}" for name, n in limits.items()) or "as shipped",
)
def matcher(request: pytest.FixtureRequest) -> Iterator[DurableMatcher]:
    """The driver, its limits moved."""
    one = DurableMatcher(**request.param)
    yield one
    one.close()


@pytest.mark.parametrize("persona", PERSONAS)
def test_both_engines_derive_the_same_of_a_persona_however_the_rules_are_parted(
    persona: str, matcher: DurableMatcher, plainly, workspace: Workspace, compiled: CompiledRules, as_of
):
    derivation = consult(compiled, intake_of(workspace, persona, as_of), matcher)
    assert parts(derivation) == parts(plainly[persona])
    assert derivation.firings


def test_a_matcher_used_again_remembers_nothing(workspace: Workspace, compiled: CompiledRules, plainly, as_of):
    matcher = DurableMatcher()
    for persona in (*PERSONAS, *reversed(PERSONAS)):
        assert parts(consult(compiled, intake_of(workspace, persona, as_of), matcher)) == parts(plainly[persona])
    matcher.close()


def test_a_matcher_serves_on_after_an_error_in_the_middle(
    workspace: Workspace, compiled: CompiledRules, plainly, as_of
):
    matcher = DurableMatcher()
    facts = intake_of(workspace, PERSONAS[0], as_of)
    stores = Stores()
    for fact in facts:
        if fact.is_settled:
            stores.add_certain(fact)

    def stop(rule: Rule, bound: object) -> list[Fact]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        matcher.run(compiled.strata, stores, stop, lambda _: None)
    assert parts(consult(compiled, facts, matcher)) == parts(plainly[PERSONAS[0]])
    matcher.close()


def test_a_matcher_gives_everything_back(workspace: Workspace, compiled: CompiledRules, monkeypatch, as_of):
    deleted: list[int] = []
    matcher = DurableMatcher()
    consult(compiled, intake_of(workspace, PERSONAS[0], as_of), matcher)
    rulesets = [ruleset for network in matcher.networks for ruleset in network.rulesets]
    handles = [ruleset.handle for ruleset in rulesets]
    for ruleset in rulesets:
        ruleset.close.detach()
        ruleset.close = lambda handle=ruleset.handle: deleted.append(handle)
    matcher.close()
    assert (sorted(deleted), matcher.networks) == (sorted(handles), [])
    for handle in handles:
        core.delete_ruleset(handle)


def test_a_matcher_that_is_dropped_gives_its_rulesets_back(compiled: CompiledRules):
    matcher = DurableMatcher()
    matcher.run(compiled.strata, Stores(), lambda *_: [], lambda _: None)
    finalizers = [ruleset.close for network in matcher.networks for ruleset in network.rulesets]
    del matcher
    gc.collect()
    assert [finalizer.alive for finalizer in finalizers] == [False] * len(finalizers)


# --- rules in bulk ------------------------------------------------------------------------------------------------

VOCABULARY = """
types:
  letter:
    meaning: A letter.
    supplied_by: profile
    label: id
    fields:
      id: {type: label, meaning: A label}
      weeks: {type: number, meaning: Some weeks}
      waived: {type: boolean, meaning: Whether it is waived}
  point:
    meaning: A point.
    supplied_by: rules
    fields:
      number: {type: number, meaning: Which}
      letter: {type: label, of: letter, meaning: Of which letter}
"""
RULE = """
topic: bulk
about: One rule, to be multiplied.
rules:
  - id: bulk.rule
    title: A rule
    kind: perception
    status: stable
    sources: [claim:x]
    owner: somebody
    review_by: 2027-06-01
    when: [{letter: {as: letter, waived: true}}]
    then: [{point: {letter: $letter.id}}]
    because: You are many.
    rationale: None.
"""


@pytest.fixture(scope="module")
def bulk() -> RuleSet:
    vocabulary = load_vocabulary([parse(VOCABULARY, "vocabulary.yaml")], {}, OPERATORS)
    return load_rules([parse(RULE, "rules.yaml")], vocabulary, KnownNames(sources=frozenset({"claim:x"})))[0]


def multiplied(ruleset: RuleSet, number: int, pattern) -> RuleSet:
    """That many rules, each with its number and the pattern made from it."""
    (rule,) = ruleset.rules
    (conclusion,) = rule.then

    def one(n: int) -> Rule:
        values = (*conclusion.values, ("number", Constant(n)))
        return replace(
            rule, id=f"bulk.rule-{n:03}", when=pattern(n), then=(replace(conclusion, values=tuple(sorted(values))),)
        )

    return replace(ruleset, rules=tuple(one(n) for n in range(number)))


def points(ruleset: RuleSet, facts: list[Fact], engine: str, as_of) -> list[Fact]:
    return list(consult(compile_rules(ruleset, {}, as_of), facts, engine).of("point"))


def letters(ruleset: RuleSet, number: int) -> list[Fact]:
    letter = ruleset.vocabulary.types["letter"]
    return [listed(letter, {"id": f"l{n}", "weeks": 400, "waived": True}, n) for n in range(number)]


def named(*tests: FieldTest) -> tuple[Pattern, ...]:
    return (Pattern("letter", tests, "letter"),)


@pytest.mark.parametrize(
    "pattern",
    [
        lambda _: named(FieldTest("waived", OPERATORS["is"], (Constant(True),))),
        lambda n: named(FieldTest("weeks", OPERATORS["at_least"], (Constant(n),))),
        lambda n: named(FieldTest("weeks", OPERATORS["in"], (Constant((n, 400)),))),
        lambda _: named(),
    ],
    ids=["one condition", "a condition each", "a flag each", "no condition"],
)
def test_three_hundred_rules_of_one_shape_all_fire(pattern, bulk: RuleSet, as_of):
    ruleset = multiplied(bulk, 300, pattern)
    facts = letters(bulk, 3)
    found = points(ruleset, facts, "durable", as_of)
    assert found == points(ruleset, facts, "plain", as_of)
    assert len(found) == 900


def test_a_rule_of_as_many_patterns_as_are_allowed_is_matched(bulk: RuleSet, as_of):
    chain = tuple(Pattern("letter", (), f"n{n}") for n in range(13))
    ruleset = multiplied(bulk, 1, lambda _: (*chain, *named()))
    facts = letters(bulk, 1)
    assert points(ruleset, facts, "durable", as_of) == points(ruleset, facts, "plain", as_of) != []


def test_more_matches_than_a_batch_holds_all_arrive(bulk: RuleSet, as_of):
    ruleset = multiplied(bulk, 2, lambda _: named())
    assert len(points(ruleset, letters(bulk, 700), "durable", as_of)) == 1_400


def test_parts_keep_the_order_and_the_limits(bulk: RuleSet):
    rules = multiplied(bulk, 250, lambda n: named(FieldTest("weeks", OPERATORS["is"], (Constant(n // 2),)))).rules
    by_rules = list(partition(rules, 100, 1_000))
    by_patterns = list(partition(rules, 1_000, 50))
    assert ([len(part) for part in by_rules], [len(part) for part in by_patterns]) == ([100, 100, 50], [100, 100, 50])
    assert (
        [rule for part in by_rules for rule in part] == [rule for part in by_patterns for rule in part] == list(rules)
    )
    assert list(partition(rules, 1, 1)) == [(rule,) for rule in rules]
    assert list(partition((), 100, 50)) == []
