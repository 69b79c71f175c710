"""What is certain while something is unknown stays so whatever it turns out to be, and what comes out was possible."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from smartpick_expert.language.facts import listed, open_fact
from smartpick_expert.language.model import Conclusion, Constant, Pattern, Reference, Tally, TallyKind
from smartpick_expert.language.model import Test as FieldTest
from smartpick_expert.language.operators import OPERATORS
from smartpick_expert.language.vocabulary import FactType, Field, FieldType, Supplier, Vocabulary
from tests.completions import Read, completable, read_plainly, surprises, without_counterpart
from tests.readings import MAX_POSSIBLE, counting, read_naively
from tests.regressions import MONOTONE, kept_seeds
from tests.rule_maker import rule_of
from tests.scenarios import Scenario

SEEDS = st.integers(0, 2**62)
MANY = settings(
    deadline=None,
    max_examples=150,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("seed", kept_seeds(MONOTONE))
@pytest.mark.parametrize("read", [read_naively, read_plainly])
def test_what_once_was_a_surprise_is_none(read: Read, seed: int):
    assert surprises(completable(seed), read, seed) == []


@pytest.mark.parametrize(
    ("read", "most"), [(read_naively, MAX_POSSIBLE), (read_plainly, MAX_POSSIBLE), (read_plainly, 1)]
)
def test_no_completion_holds_a_surprise(read: Read, most: int):
    @MANY
    @given(seed=SEEDS)
    def foreseen(seed: int):
        assert surprises(completable(seed), read, seed, most) == []

    foreseen()


# --- a field that is unknown, and that may turn out to be none ---------------------------------------------------------

SIZE = Field("size", FieldType.NUMBER, "How large.", may_be_none=True)
GIVEN = FactType("given", "Given.", Supplier.PROFILE, {"size": SIZE})
LAST = FactType("last", "Last.", Supplier.RULES, {"size": SIZE})
AT_LEAST_ONE = FieldTest("", OPERATORS["at_least"], (Constant(1),))


@pytest.mark.parametrize("read", [read_naively, read_plainly])
@pytest.mark.parametrize(
    "tally",
    [
        Tally(TallyKind.COUNT, Pattern("given"), "size", (AT_LEAST_ONE,)),
        Tally(TallyKind.HIGHEST, Pattern("given"), "size", (), "t"),
        Tally(TallyKind.LOWEST, Pattern("given"), "size", (), "t"),
    ],
    ids=["count", "highest", "lowest"],
)
def test_a_tally_of_a_field_that_may_be_none_waits_for_it(tally: Tally, read: Read):
    rule = replace(rule_of((tally,), (Conclusion("last", ()),)), id="made.rule")
    partial = Scenario(Vocabulary({"given": GIVEN, "last": LAST}), (rule,), (listed(GIVEN, {}, 0),))
    assert read(partial).firings == frozenset()


# --- a rule that would possibly fire too often ------------------------------------------------------------------------


def test_an_open_fact_stands_for_all_that_a_rule_that_is_cut_off_might_conclude():
    handed_on = Conclusion("last", (("size", Reference("a", "size")),))
    rule = replace(
        rule_of((Pattern("given", (replace(AT_LEAST_ONE, field="size"),), "a"),), (handed_on,)), id="made.rule"
    )
    unknown = (listed(GIVEN, {}, 0), listed(GIVEN, {}, 1))
    partial = Scenario(Vocabulary({"given": GIVEN, "last": LAST}), (rule,), unknown)
    with counting(1):
        before = read_plainly(partial)
    after = read_plainly(replace(partial, facts=tuple(listed(GIVEN, {"size": 1 + n}, n) for n in range(2))))
    assert before.cut_off == {"made.rule"}
    assert before.possible == {*unknown, open_fact(LAST)}
    assert (before.possible_firings, len(after.firings)) == (frozenset(), 2)
    assert without_counterpart(before, after) == []
