"""The sentences about tallies that random rules meet seldom, each on facts small enough to count by hand."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import pytest

from smartpick_expert.engine.store import Mode, Stores
from smartpick_expert.engine.tallies import Range, tally_holds, tally_range
from smartpick_expert.language import model
from smartpick_expert.language.facts import concluded, listed, open_fact
from smartpick_expert.language.model import Constant, Pattern, Tally, TallyKind
from smartpick_expert.language.operators import OPERATORS
from smartpick_expert.language.values import UNKNOWN
from smartpick_expert.language.vocabulary import FactType, Field, FieldType, Supplier

STAY = FactType(
    "stay",
    "A stay.",
    Supplier.PROFILE,
    {
        "weeks": Field("weeks", FieldType.NUMBER, "How long."),
        "kind": Field("kind", FieldType.TEXT, "Of which kind."),
    },
)


def stores(certain=(), possible=()) -> Stores:
    made = Stores()
    for fact in certain:
        made.add_certain(fact)
    for fact in possible:
        made.add_possible(fact)
    return made


def stay(position=0, **values):
    return listed(STAY, values, position)


def made(**values):
    return concluded("stay", values.items())


def tally(kind: TallyKind, of: str = "", **limits) -> Tally:
    tests = tuple(model.Test("", OPERATORS[name], (Constant(value),)) for name, value in limits.items())
    return Tally(kind, Pattern("stay"), of, tests)


def range_of(kind: TallyKind, facts: Stores, of: str = "") -> Range:
    return tally_range(tally(kind, of), {}, facts)


@pytest.mark.parametrize(
    ("weeks", "expected"),
    [(-3, Range(-math.inf, Fraction(0), whole=False)), (3, Range(Fraction(0), math.inf, whole=False))],
)
def test_a_conclusion_with_an_unknown_field_may_stand_for_any_number_in_a_total(weeks, expected):
    assert range_of(TallyKind.TOTAL, stores([made(weeks=weeks, kind=UNKNOWN)]), "weeks") == expected


def test_a_total_over_an_unknown_value_has_no_bounds():
    facts = stores([stay(0, weeks=4, kind="a"), stay(1, kind="b")])
    assert range_of(TallyKind.TOTAL, facts, "weeks") == Range(-math.inf, math.inf, whole=False)


def test_fractions_are_added_exactly():
    facts = stores([stay(0, weeks=Decimal("0.1"), kind="a"), stay(1, weeks=Decimal("0.2"), kind="b")])
    assert range_of(TallyKind.TOTAL, facts, "weeks").value == Decimal("0.3")


def test_over_nothing_count_and_total_are_nought():
    assert [range_of(kind, stores(), of).value for kind, of in ((TallyKind.COUNT, ""), (TallyKind.TOTAL, "weeks"))] == [
        0,
        0,
    ]


def test_conclusions_that_may_be_one_count_as_one_if_nothing_else_counts():
    facts = stores([made(weeks=1, kind=UNKNOWN), made(weeks=2, kind=UNKNOWN)])
    assert range_of(TallyKind.COUNT, facts) == Range(1, math.inf, whole=True)


def test_an_open_section_makes_a_count_unbounded():
    assert range_of(TallyKind.COUNT, stores([stay(kind="a", weeks=1)], [open_fact(STAY)])) == Range(
        1, math.inf, whole=True
    )


def test_the_highest_lies_above_what_is_surely_there_and_the_lowest_below():
    facts = stores([stay(0, weeks=4, kind="a"), stay(1, kind="b")])
    assert range_of(TallyKind.HIGHEST, facts, "weeks") == Range(Fraction(4), math.inf, whole=False)
    assert range_of(TallyKind.LOWEST, facts, "weeks") == Range(-math.inf, Fraction(4), whole=False)


def test_the_lowest_of_what_is_only_possible_may_be_any_of_it_or_none():
    facts = stores([], [made(weeks=2, kind="a"), made(weeks=5, kind="a")])
    assert range_of(TallyKind.LOWEST, facts, "weeks") == Range(
        Fraction(2), Fraction(5), whole=False, surely_exists=False
    )


def test_a_count_is_surely_among_numbers_that_cover_its_whole_range():
    facts = stores([stay(kind="a", weeks=1)], [made(weeks=2, kind="a")])
    among = {"in": (1, 2)}
    assert tally_holds(tally(TallyKind.COUNT, **among), {}, facts, Mode.CERTAIN)
    assert not tally_holds(tally(TallyKind.COUNT, **{"in": (1, 3)}), {}, facts, Mode.CERTAIN)
    assert tally_holds(tally(TallyKind.COUNT, **{"in": (1, 3)}), {}, facts, Mode.POSSIBLE)
