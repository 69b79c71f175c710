"""Our driver of durable-rules: it agrees with the plain engine, remembers nothing, and gives everything back."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from smartpick_expert.engine.compiled import CompiledRules, compile_rules
from smartpick_expert.engine.consultation import compiled_for
from smartpick_expert.engine.derivation import Derivation
from smartpick_expert.engine.durable import DurableMatcher, partition
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
