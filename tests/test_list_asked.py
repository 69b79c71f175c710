"""What is typed for a list: read as it is meant, or refused with what to type instead."""

from __future__ import annotations

from decimal import Decimal

import pytest

from smartpick_expert.diagnostics import Problems
from smartpick_expert.language.values import Number
from smartpick_expert.lists.asked import Asked
from smartpick_expert.lists.wishes import FILE, Aim, Plan, Share, SignalsLeft, Wishes, wished, wishing
from tests.profiles import WORKSPACE


def asked() -> Asked:
    return Asked(WORKSPACE.vocabulary)


@pytest.mark.parametrize(
    ("text", "amount"),
    [("2500", 2500), ("$2,500", 2500), ("2500.50", Decimal("2500.5")), ("0", 0), (" 1,234,567 ", 1234567)],
)
def test_a_budget_is_read_as_people_write_amounts(text: str, amount: Number):
    reader = asked()
    assert (reader.budget(text), reader.problems) == (amount, [])


@pytest.mark.parametrize("text", ["", "much", "-5", "2500 EUR", "1e4", "2,50", "12.345", "nan", "٣"])
def test_what_is_no_amount_is_said_so(text: str):
    reader = asked()
    reader.budget(text)
    assert [one.code for one in reader.problems] == ["list.budget"]


def test_plans_shares_and_signals_are_read():
    reader = asked()
    found = (
        reader.plans(["internal_medicine", "internal_medicine:preliminary", "internal_medicine"]),
        reader.shares(["tier=safer:5", "state=oh:3", "setting=university:1", "specialty=pediatrics:2"], is_most=False),
        reader.shares(["all:40"], is_most=True),
        reader.signals(["internal_medicine.gold=3"]),
    )
    assert reader.problems == []
    assert found == (
        (Plan("internal_medicine"), Plan("internal_medicine", "preliminary")),
        (
            Share("tier", "safer", 5),
            Share("state", "OH", 3),
            Share("setting", "university", 1),
            Share("specialty", "pediatrics", 2),
        ),
        (Share("all", "", 40, is_most=True),),
        (SignalsLeft("internal_medicine", "gold", 3),),
    )


@pytest.mark.parametrize("text", ["tier:5", "tier=safer", "tier=safer:many", "prestige=high:2", "all=x:3", ":3", "5"])
def test_what_does_not_say_how_many_of_what_is_refused(text: str):
    reader = asked()
    assert (reader.shares([text], is_most=True), [one.code for one in reader.problems]) == ((), ["list.share"])


@pytest.mark.parametrize("text", ["internal_medicine=3", "internal_medicine.gold", "internal_medicine.gold=x"])
def test_what_does_not_say_how_many_signals_is_refused(text: str):
    reader = asked()
    assert (reader.signals([text]), [one.code for one in reader.problems]) == ((), ["list.signals"])


def test_a_kind_of_signal_that_is_counted_twice_is_refused_unless_the_counts_agree():
    reader = asked()
    assert reader.signals(["internal_medicine.gold=2", "internal_medicine.gold=2"]) == (
        SignalsLeft("internal_medicine", "gold", 2),
    )
    assert reader.problems == []
    reader.signals(["internal_medicine.gold=2", "internal_medicine.gold=1"])
    assert [one.message for one in reader.problems] == ["internal_medicine.gold is counted in 2 ways."]


def test_everything_that_was_typed_wrong_is_told_at_once_with_the_nearest_word():
    reader = asked()
    reader.plans(["pediatric", "internal_medicine:categoric"])
    reader.shares(["tier=safe:2"], is_most=False)
    reader.signals(["internal_medicine.golden=3"])
    with pytest.raises(Problems) as raised:
        reader.done()
    assert [(one.code, one.location.path, one.hint) for one in raised.value.diagnostics] == [
        ("list.word", "--at-least", "Did you mean 'safer'?"),
        ("list.word", "--signals", "Did you mean 'gold'?"),
        ("list.word", "--specialty", "Did you mean 'pediatrics'?"),
        ("list.word", "--specialty", "Did you mean 'categorical'?"),
    ]


def test_wishes_travel_with_a_workspace_and_come_back_as_they_were():
    wishes = Wishes(
        Decimal("330.5"),
        (Plan("internal_medicine", "preliminary"),),
        Aim.CAUTIOUS,
        ("a",),
        ("b",),
        (Share("tier", "reach", 2, is_most=True),),
        (SignalsLeft("internal_medicine", "gold", 1),),
        8,
        fee_assistance=True,
        spend_all=True,
        time_limit=5,
    )
    assert wished(wishing(WORKSPACE, wishes).files) == wishes
    assert wished(WORKSPACE.files) is None


@pytest.mark.parametrize("text", ["{", '{"budget": "much"}', "[]", '{"budget": 5, "aim": "most"}'])
def test_wishes_that_cannot_be_read_are_refused(text: str):
    with pytest.raises(Problems) as raised:
        wished({FILE: text})
    assert [(one.code, one.location.path) for one in raised.value.diagnostics] == [("list.file", FILE)]
