"""What an advising office could run into: large rule bases, large profiles, large rules. Each works, or is refused in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from smartpick_expert.diagnostics import Problems
from smartpick_expert.engine import plain, store
from smartpick_expert.engine import session as session_module
from smartpick_expert.engine.compiled import CompiledRules, compile_rules
from smartpick_expert.engine.session import consult
from smartpick_expert.language.facts import Fact, concluded
from smartpick_expert.language.model import Conclusion, Reference, RuleSet, Shifted
from smartpick_expert.language.values import UNKNOWN
from tests.corridor import facts, refused, rules

ENGINES = ("plain", "durable")


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    if request.param == "durable":
        pytest.importorskip("durable_rules_engine", reason="durable-rules is not installed", exc_type=ImportError)
    return request.param


def firings(compiled: CompiledRules, several: list[Fact], engine: str) -> list[tuple[str, int]]:
    """How often each rule fires, for those that do."""
    derivation = consult(compiled, several, engine)
    counts: dict[str, int] = {}
    for firing in derivation.firings:
        counts[firing.rule_id] = counts.get(firing.rule_id, 0) + 1
    return sorted(counts.items())


def problem(compiled: CompiledRules, several: list[Fact], engine: str) -> tuple[str, str]:
    """The code and the rule with which a consultation is refused."""
    with pytest.raises(Problems) as caught:
        consult(compiled, several, engine)
    (diagnostic,) = caught.value.diagnostics
    return diagnostic.code, diagnostic.message.split("'")[1]


# --- many ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def five_thousand() -> CompiledRules:
    """Rules on one type of fact, each with a limit of its own."""
    return rules({"thing": ["size"]}, *(f"{{thing: {{size: {{at_least: {n}}}}}}}" for n in range(5_000)))


def test_five_thousand_rules_on_one_type_of_fact(five_thousand: CompiledRules, engine: str):
    fired = firings(five_thousand, facts(five_thousand, ("thing", {"size": 2_499})), engine)
    assert fired == sorted((f"made.rule-{n}", 1) for n in range(2_500))


@pytest.fixture(scope="module")
def five_thousand_values() -> CompiledRules:
    """Rules on one type of fact, each for a value of its own."""
    return rules({"thing": ["size"]}, *(f"{{thing: {{size: {n}}}}}" for n in range(5_000)))


def test_five_thousand_rules_each_for_a_value_of_its_own(five_thousand_values: CompiledRules, engine: str):
    compiled = five_thousand_values
    assert firings(compiled, facts(compiled, ("thing", {"size": 4_321})), engine) == [("made.rule-4321", 1)]


def test_three_hundred_rules_that_share_all_their_conditions(engine: str):
    shared = "{thing: {as: it, size: 1}}, {other: {size: $it.size}}"
    compiled = rules({"thing": ["size"], "other": ["size"]}, *[shared] * 300)
    several = facts(compiled, ("thing", {"size": 1}), ("other", {"size": 1}))
    assert firings(compiled, several, engine) == sorted((f"made.rule-{n}", 1) for n in range(300))


def test_twenty_thousand_facts_in_one_consultation(engine: str):
    compiled = rules(
        {"thing": ["size", "owner"], "other": ["owner"]},
        "{other: {as: owner}}, {thing: {as: it, owner: $owner.owner, size: {at_least: 5}}}"
        " -> {found: {owner: $owner.owner, size: $it.size}}",
        "{other: {as: owner}}, {not: {thing: {owner: $owner.owner}}} -> {found: {owner: $owner.owner}}",
        found=["owner", "size"],
    )
    things = [("thing", {"size": n % 10, "owner": n % 2_000}) for n in range(18_000)]
    others = [("other", {"owner": n}) for n in range(2_100)]
    assert firings(compiled, facts(compiled, *things, *others), engine) == [
        ("made.rule-0", 9_000),
        ("made.rule-1", 100),
    ]


def test_two_hundred_fields_tested_by_one_rule_and_joined_by_others(engine: str):
    names = [f"x{n}" for n in range(200)]
    wide = "{thing: {" + ", ".join(f"{name}: {{at_least: 1}}" for name in names) + "}}"
    joins = [f"{{thing: {{as: it}}}}, {{other: {{size: $it.{name}}}}}" for name in names]
    compiled = rules({"thing": names, "other": ["size"]}, wide, *joins)
    several = facts(compiled, ("thing", dict.fromkeys(names, 1)), ("other", {"size": 1}))
    assert firings(compiled, several, engine) == sorted((f"made.rule-{n}", 1) for n in range(201))


def test_one_engine_serves_many_consultations_and_remembers_none(engine: str):
    compiled = rules({"thing": ["size"]}, "{thing: {size: 1}}", "{not: {thing: {}}}")
    one, none = facts(compiled, ("thing", {"size": 1})), []
    expected = [("made.rule-0", 1)], [("made.rule-1", 1)]
    assert all((firings(compiled, one, engine), firings(compiled, none, engine)) == expected for _ in range(1_500))


# --- large --------------------------------------------------------------------------------------------------------


def test_a_rule_of_forty_patterns_is_refused_with_a_remedy():
    types = {f"thing_{n}": ["size"] for n in range(40)}
    when = ", ".join(f"{{{name}: {{size: 1}}}}" for name in types)
    assert refused(types, when) == ["rule.size"]
    with pytest.raises(Problems, match=r"(?s)has 40 patterns; at most 14 can be joined.*Derive a part of it"):
        rules(types, when)


def test_a_pattern_joined_more_often_than_the_engine_can_is_refused_with_a_remedy():
    names = [f"x{n}" for n in range(27)]
    when = "{thing: {as: it}}, {other: {" + ", ".join(f"{name}: $it.{name}" for name in names) + "}}"
    with pytest.raises(Problems, match=r"(?s)joined more than 26 times.*Derive a part of it first"):
        rules({"thing": names, "other": names}, when)


# --- without an end -----------------------------------------------------------------------------------------------


def fourteen_of(several: int) -> tuple[CompiledRules, list[Fact]]:
    """A rule whose fourteen patterns are joined by nothing, and facts for each of them."""
    names = [f"t{n}" for n in range(14)]
    when = ", ".join(f"{{thing: {{as: {name}}}}}" for name in names)
    then = ", ".join(f"x{n}: ${name}.size" for n, name in enumerate(names))
    compiled = rules({"thing": ["size"]}, f"{when} -> {{found: {{{then}}}}}", found=[f"x{n}" for n in range(14)])
    return compiled, facts(compiled, *(("thing", {"size": n}) for n in range(several)))


def test_a_rule_that_joins_everything_with_everything_is_stopped(engine: str, monkeypatch: pytest.MonkeyPatch):
    for module in (session_module, plain):
        monkeypatch.setattr(module, "MAX_FIRINGS", 1_000)
    assert problem(*fourteen_of(50), engine) == ("rule.cross-product", "made.rule-0")


def test_a_rule_that_joins_everything_with_everything_works_where_there_is_little(engine: str):
    assert firings(*fourteen_of(1), engine) == [("made.rule-0", 1)]


def test_a_search_that_finds_nothing_is_stopped_too(engine: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(store, "MAX_VISITS", 10_000)
    compiled = rules(
        {"thing": ["size"]},
        "{thing: {as: a}}, {thing: {as: b}}, {thing: {as: c, size: {below: $a.size, above: $b.size}}},"
        " {not: {thing: {}}} -> {fired: {rule: $c.size}}",
    )
    several = facts(compiled, *(("thing", {"size": n}) for n in range(60)))
    assert consult(compiled, several, engine).firings == ()
    crowded = rules(
        {"thing": ["size"]},
        "{thing: {as: a}}, {thing: {as: b}}, {count: {thing: {size: {above: $a.size, below: $b.size}}, above: 100}}"
        " -> {fired: {rule: $a.size}}",
    )
    assert (
        problem(crowded, facts(crowded, *(("thing", {"size": n}) for n in range(60))), engine)[0]
        == "rule.cross-product"
    )


def endless(step: Conclusion) -> CompiledRules:
    """A rule set that no loader would let through: what it concludes is a step further than what it looks at."""
    honest = rules({"seed": ["size"]}, "{thing: {as: it}} -> {thing: {size: $it.size}}", thing=["size"])
    (rule,) = honest.rules
    return compile_rules(RuleSet((replace(rule, then=(step,)),), honest.vocabulary), {}, date(2026, 9, 10))


def test_rules_that_feed_themselves_for_ever_are_stopped(engine: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(session_module, "MAX_FIRINGS", 200)
    counting = endless(Conclusion("thing", (("size", Shifted(Reference("it", "size"), 1)),)))  # type: ignore[arg-type]
    assert problem(counting, [concluded("thing", [("size", 0)])], engine) == ("rule.cross-product", "made.rule-0")


def test_rules_that_feed_themselves_for_ever_are_stopped_where_they_only_might(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(session_module, "MAX_POSSIBLE", 50)
    counting = endless(Conclusion("thing", (("size", Shifted(Reference("it", "size"), 1)),)))  # type: ignore[arg-type]
    session = session_module.Session(counting)
    session.stores.add_possible(concluded("thing", [("size", 0)]))
    session.run(session_module.make_matcher("plain"), [])
    assert {fact.get("size") for fact in session.open_of("thing")} == {0, UNKNOWN}


# --- exact --------------------------------------------------------------------------------------------------------


def test_a_total_that_only_exact_numbers_tell_from_a_limit(engine: str):
    compiled = rules(
        {"thing": ["size"]},
        "{total: {thing: {}, of: size, as: whole}} -> {sum: {size: $whole.value}}",
        "{sum: {size: {above: 9007199254740992}}}",
        "{sum: {as: it}}, {sum: {as: other, size: {above: $it.size}}} -> {sum: {size: $other.size}}",
        sum=["size"],
    )
    tiny = Decimal("0.000000000000001")
    several = facts(compiled, ("thing", {"size": 2**53}), ("thing", {"size": tiny}))
    assert firings(compiled, several, engine) == [("made.rule-0", 1), ("made.rule-1", 1)]
