"""The list: equal to trying every list out, whatever is asked for; its fees to the cent; its answer the same in any order."""

from __future__ import annotations

import sys
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from smartpick_expert.diagnostics import Problems
from smartpick_expert.knowledge.fees import Cost
from smartpick_expert.language.values import UNKNOWN
from smartpick_expert.selection import solving
from smartpick_expert.selection.choice import SHARED_ASSISTANCE, Chosen, SpecialtySum, choice_of, faults, millionths
from smartpick_expert.selection.conflicts import NOBODY, Conflict, only
from smartpick_expert.selection.highs import Solution, maximum
from smartpick_expert.selection.problem import NO_SIGNAL, Assistance, Bound, Candidate, Once, Problem, Quota
from smartpick_expert.selection.settling import as_good, settled
from smartpick_expert.selection.solving import best, select
from tests.lists import ERAS, by_trial, lists_by_trial, problems


@settings(max_examples=250, deadline=None)
@given(problems())
def test_the_list_is_the_best_of_all_that_keep_every_demand_and_the_cheapest_of_those(problem: Problem):
    tried = by_trial(problem)
    choice = best(problem)
    if not tried:
        assert choice is None
        return
    signals = {one.id: one.signal for one in choice.chosen}
    assert faults(problem, signals) == ()
    assert (millionths(problem, signals), Fraction(choice.cost.amount)) == tried[0]
    assert (choice.is_proven, choice.gap) == (True, 0)


@settings(max_examples=40, deadline=None)
@given(problems(), some.randoms())
def test_the_answer_does_not_depend_on_the_order_of_anything(problem: Problem, chance):
    ours, quotas, bounds_ = (list(part) for part in (problem.candidates, problem.quotas, problem.bounds))
    for part in (ours, quotas, bounds_):
        chance.shuffle(part)
    mixed = Problem(
        tuple(ours),
        dict(reversed(problem.fees.items())),
        problem.once,
        problem.assistance,
        problem.budget,
        tuple(quotas),
        tuple(bounds_),
        problem.pinned,
        problem.vetoed,
    )
    assert best(mixed) == best(problem)


@settings(max_examples=120, deadline=None)
@given(problems())
def test_what_conflicts_cannot_hold_together_and_without_any_one_of_it_could(problem: Problem):
    answer = select(problem)
    assert isinstance(answer, Conflict) == (by_trial(problem) == [])
    if not isinstance(answer, Conflict):
        return
    given_chance = {NO_SIGNAL: 0.0}
    ours = [
        replace(one, worth=one.worth or (given_chance if one.id in problem.pinned else {}))
        for one in problem.candidates
    ]
    problem = replace(problem, candidates=tuple(ours))
    if answer.demands[0].kind == NOBODY:
        assert by_trial(only(problem, ())) == []
        return
    assert by_trial(only(problem, answer.demands)) == []
    for left_out in answer.demands:
        rest = [one for one in answer.demands if one != left_out]
        assert by_trial(only(problem, rest)) != []


def alike(specialty: str, count: int) -> tuple[Candidate, ...]:
    return tuple(Candidate(f"{specialty}{number}", specialty, worth={NO_SIGNAL: 0.1}) for number in range(count))


@pytest.mark.parametrize(
    ("counts", "cost"),
    [({"im": 30}, 330), ({"im": 43, "fm": 7}, 797), ({"im": 32, "fm": 32}, 780), ({"im": 50}, 930)],
)
def test_the_fee_examples_of_the_service_come_to_its_sums(counts: dict[str, int], cost: int):
    ours = tuple(one for name, count in counts.items() for one in alike(name, count))
    within = best(Problem(ours, dict.fromkeys(counts, ERAS), budget=cost))
    assert (len(within.chosen), within.cost) == (sum(counts.values()), Cost(cost))
    short = best(Problem(ours, dict.fromkeys(counts, ERAS), budget=cost - 1))
    assert len(short.chosen) == sum(counts.values()) - 1


def test_fee_assistance_takes_558_dollars_off_fifty_programs():
    helped = Assistance(Decimal("0.6"), 50)
    choice = best(Problem(alike("im", 51), {"im": ERAS}, assistance=helped, budget=930 - 558 + 30))
    assert (len(choice.chosen), choice.cost) == (51, Cost(402))


def test_fifty_assisted_programs_shared_by_two_specialties_make_the_cost_a_lower_bound():
    ours = (*alike("fm", 30), *alike("im", 30))
    problem = Problem(ours, {"im": ERAS, "fm": ERAS}, assistance=Assistance(Decimal("0.6"), 50))
    assert best(problem).cost == Cost(264, (SHARED_ASSISTANCE,))
    assert best(replace(problem, budget=100)).cost == Cost(Decimal("96.8"))


def test_an_unknown_fee_makes_the_cost_a_lower_bound_and_is_named():
    ours = (*alike("im", 2), *alike("ob", 2))
    problem = Problem(ours, {"im": ERAS, "ob": UNKNOWN}, once=(Once(Cost(80, ("token",))),), budget=102)
    assert best(problem).cost == Cost(102, ("ob", "token"))
    assert problem.unpriced == ("ob",)
    assert replace(problem, bounds=(Bound("specialty", "ob", at_most=1),)).unpriced == ()
    assert replace(problem, bounds=(Bound("all", at_most=3),)).unpriced == ()


def test_a_program_whose_chance_is_not_known_is_chosen_only_if_it_is_pinned():
    problem = Problem((*alike("im", 1), Candidate("who", "im")), {"im": ERAS})
    assert [one.id for one in best(problem).chosen] == ["im0"]
    pinned = best(replace(problem, pinned=frozenset({"who"})))
    assert pinned.chosen == (Chosen("im0", "im", "", 0.1), Chosen("who", "im", "", 0.0))


def test_a_parallel_plan_has_fees_signals_and_sums_of_its_own():
    medicine = tuple(
        Candidate(f"im{one}", "im", f"h{one}", worth={"": 0.1, "gold": 0.4, "silver": 0.2}) for one in range(3)
    )
    surgery = tuple(Candidate(f"gs{one}", "gs", f"h{one}", worth={"": 0.05, "single": 0.3}) for one in range(2))
    problem = Problem(
        (*medicine, *surgery),
        {"im": ERAS, "gs": ERAS},
        once=(Once(Cost(80)),),
        budget=135,
        quotas=(Quota("im", "gold", 1), Quota("im", "silver", 1), Quota("gs", "single", 1)),
    )
    choice = best(problem)
    assert choice.by_specialty == (
        SpecialtySum("gs", 2, {"single": 1}, Cost(22), 0.35),
        SpecialtySum("im", 3, {"gold": 1, "silver": 1}, Cost(33), 0.7),
    )
    assert (choice.worth, choice.cost) == (1.05, Cost(135))


def test_tracks_of_one_institution_share_one_signal_and_two_kinds_never_meet_there():
    tracks = tuple(Candidate(f"t{one}", "im", "h", worth={"": 0.1, "gold": 0.25, "silver": 0.2}) for one in range(3))
    alone = Candidate("u", "im", "i", worth={"": 0.1, "gold": 0.5, "silver": 0.15})
    quotas = (Quota("im", "gold", 1), Quota("im", "silver", 1))
    choice = best(Problem((*tracks, alone), {"im": ERAS}, quotas=quotas))
    assert {one.id: one.signal for one in choice.chosen} == {
        "u": "gold",
        "t0": "silver",
        "t1": "silver",
        "t2": "silver",
    }
    assert choice.by_specialty[0].signals == {"gold": 1, "silver": 1}


def test_of_programs_that_nothing_tells_apart_the_first_by_id_are_chosen_and_signalled():
    ours = tuple(Candidate(f"p{one}", "im", worth={"": 0.1, "gold": 0.2}) for one in (3, 1, 2, 4))
    choice = best(Problem(ours, {"im": ERAS}, budget=22, quotas=(Quota("im", "gold", 1),)))
    assert choice.chosen == (Chosen("p1", "im", "gold", 0.2), Chosen("p2", "im", "", 0.1))


def test_programs_of_equal_worth_are_exchanged_for_the_first_ids_as_far_as_the_bounds_allow():
    ours = tuple(
        Candidate(f"p{one}", "im", state="TX" if one < 4 else "NY", worth={"": 0.1, "gold": 0.2}) for one in range(8)
    )
    quotas = (Quota("im", "gold", 1),)
    bounds_ = (Bound("state", "NY", at_least=1), Bound("state", "TX", at_most=2))
    problem = Problem(ours, {"im": ERAS}, budget=44, quotas=quotas, bounds=bounds_)
    last = {"p2": "", "p3": "", "p6": "", "p7": "gold"}
    assert settled(problem, last) == {"p0": "gold", "p1": "", "p4": "", "p5": ""}
    assert {one.id: one.signal for one in best(problem).chosen} == settled(problem, last)


def test_of_two_specialties_at_one_price_the_first_ids_are_taken_too_and_no_dearer_ones():
    ours = tuple(Candidate(f"{number}", name, worth={"": 0.1}) for number, name in enumerate(("fm", "im", "fm", "im")))
    problem = Problem(ours, {"im": ERAS, "fm": ERAS}, budget=22)
    assert settled(problem, {"2": "", "3": ""}) == {"0": "", "1": ""}
    dearer = replace(problem, once=(Once(Cost(5), ("im",)),), budget=27)
    assert settled(dearer, {"0": "", "2": ""}) == {"0": "", "2": ""}


def test_what_would_do_as_well_as_a_program_on_the_list_can_be_named():
    ours = (*alike("im", 4), Candidate("best", "im", worth={"": 0.3}), Candidate("poor", "im", worth={"": 0.05}))
    problem = Problem((*ours, replace(ours[0], id="ny", state="NY")), {"im": ERAS}, budget=33)
    assert as_good(problem, best(problem)) == ("im2", "im3", "ny")
    bounded = replace(problem, bounds=(Bound("state", "NY", at_most=0),))
    assert as_good(bounded, best(bounded)) == ("im2", "im3")
    assert as_good(replace(problem, budget=None), best(replace(problem, budget=None))) == ()


@settings(max_examples=60, deadline=None)
@given(problems())
def test_exchanging_changes_neither_worth_nor_cost_and_ends_where_no_exchange_is_left(problem: Problem):
    choice = best(problem)
    if choice is None:
        return
    for worth, _, signals in lists_by_trial(problem):
        after = settled(problem, signals)
        assert faults(problem, after) == ()
        assert (millionths(problem, after), len(after)) == (worth, len(signals))
        assert choice_of(problem, after).cost.amount == choice_of(problem, signals).cost.amount
        assert sorted(after) <= sorted(signals)
        assert settled(problem, after) == after


def test_a_kind_of_signal_without_a_quota_is_not_sent():
    ours = (Candidate("p", "im", worth={"": 0.1, "gold": 0.2}),)
    assert best(Problem(ours, {"im": ERAS})).chosen == (Chosen("p", "im", "", 0.1),)


TEXAS = (
    Candidate("a", "internal_medicine", state="TX", worth={NO_SIGNAL: 0.1, "gold": 0.2}),
    Candidate("b", "internal_medicine", state="TX", worth={NO_SIGNAL: 0.1}),
    Candidate("c", "internal_medicine", state="TX"),
    Candidate("d", "internal_medicine", state="NY", worth={NO_SIGNAL: 0.1}),
)
WITH_TOKEN = (Once(Cost(80, ("token",))),)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"budget": 10}, ["The budget is US$ 10; one program of internal medicine costs US$ 11."]),
        (
            {"budget": Decimal("90.5"), "once": WITH_TOKEN},
            ["The budget is US$ 90.50; one program of internal medicine costs at least US$ 91."],
        ),
        (
            {"bounds": (Bound("state", "TX", at_least=5),)},
            ["At least 5 programs of state TX; 2 of 3 can be chosen."],
        ),
        (
            {"bounds": (Bound("state", "TX", at_least=2, why="--at-least state=TX:2"),), "budget": 12, "vetoed": {"d"}},
            [
                "The budget is US$ 12; one program of internal medicine costs US$ 11.",
                "--at-least state=TX:2: at least 2 programs of state TX; 2 of 3 can be chosen.",
            ],
        ),
        (
            {"pinned": {"a", "d"}, "vetoed": {"a", "b"}},
            ["a is to be on the list.", "a is not to be on the list."],
        ),
        (
            {"bounds": (Bound("all", at_least=3), Bound("specialty", "internal_medicine", at_most=1))},
            [
                "At least 3 programs; 3 of 4 can be chosen.",
                "At most 1 program of specialty internal medicine; 3 of 4 can be chosen.",
            ],
        ),
        (
            {"quotas": (Quota("internal_medicine", "gold", 3, all_used=True),)},
            ["All 3 gold signals of internal medicine are to be sent; 1 institution takes one."],
        ),
        (
            {"candidates": TEXAS[2:3]},
            ["There is no program to choose from: of 1 the chance of an interview is not known."],
        ),
        ({"candidates": ()}, ["There is no program to choose from."]),
    ],
)
def test_a_conflict_says_what_cannot_hold_together(asked: dict, words: list[str]):
    given_ = {"candidates": TEXAS, "fees": {"internal_medicine": ERAS}} | asked
    frozen = {name: frozenset(value) if isinstance(value, set) else value for name, value in given_.items()}
    answer = select(Problem(**frozen))
    assert isinstance(answer, Conflict)
    assert list(answer.words) == words


def test_without_the_solver_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "highspy", None)
    with pytest.raises(Problems) as caught:
        select(Problem(alike("im", 1), {"im": ERAS}))
    assert [(one.code, one.hint) for one in caught.value.diagnostics] == [
        ("select.extra", "Run: pip install 'smartpick-expert[optimiser]'.")
    ]


def test_a_list_found_before_the_time_was_up_is_not_called_proven(monkeypatch):
    def early(*given_):
        found = maximum(*given_)
        return replace(found, bound=found.bound + 1500)

    monkeypatch.setattr(solving, "maximum", early)
    choice = select(Problem(alike("im", 3), {"im": ERAS}, budget=22))
    assert (choice.worth, choice.is_proven, choice.gap) == (0.2, False, 0.0015)


def test_a_question_that_takes_too_long_is_given_back(monkeypatch):
    monkeypatch.setattr(solving, "maximum", lambda *_: Solution(None, 10, is_impossible=False))
    with pytest.raises(Problems, match="No list was found within 5 seconds, and it was not shown that there is none"):
        select(Problem(alike("im", 3), {"im": ERAS}), 5)


def test_an_answer_that_breaks_a_demand_never_becomes_a_list(monkeypatch):
    def wrong(program, *_):
        return Solution((0,) * len(program.lowest), 9, is_impossible=False)

    monkeypatch.setattr(solving, "maximum", wrong)
    with pytest.raises(solving.SolverError, match="nothing is chosen"):
        select(Problem(alike("im", 3), {"im": ERAS}, budget=22))


def test_nothing_is_printed_by_the_solver(capfd):
    best(Problem(alike("im", 3), {"im": ERAS}, budget=22))
    assert tuple(capfd.readouterr()) == ("", "")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"candidates": alike("im", 1) * 2}, "two candidates have the id 'im0'"),
        ({"candidates": (Candidate("p", "im", worth={"": 1.5}),)}, "'p' has the worth 1.5"),
        (
            {"candidates": (Candidate("p", "im", worth={"gold": 0.5}),)},
            "'p' has a worth with a signal and none without",
        ),
        ({"pinned": frozenset({"who"})}, "'who' is no candidate"),
        ({"bounds": (Bound("colour", "red"),)}, "a bound is about 'colour'"),
        ({"bounds": (Bound("all", at_most=-1),)}, "a count is -1"),
        ({"quotas": (Quota("im", "gold", 1), Quota("im", "gold", 2))}, "two quotas are of 'gold' in 'im'"),
        ({"quotas": (Quota("im", "", 1),)}, "a quota of 'im' is of no kind"),
        ({"assistance": Assistance(2, 50)}, "the assistance takes off 2 times the fee"),
    ],
)
def test_a_problem_that_only_a_mistake_explains_is_refused(wrong: dict, message: str):
    with pytest.raises(ValueError, match=message):
        Problem(**{"candidates": alike("im", 1), "fees": {"im": ERAS}} | wrong)


@pytest.mark.parametrize(
    ("signals", "found"),
    [
        ({}, ("nothing is chosen", "pin is pinned and not chosen")),
        ({"pin": "", "veto": ""}, ("veto is vetoed and chosen",)),
        ({"pin": "", "who": ""}, ("who has no chance that is known",)),
        ({"pin": "", "x": ""}, ("x is no candidate",)),
        ({"pin": "", "a": "", "b": ""}, ("3 programs have state TX", "it costs 33")),
        ({"pin": "silver"}, ("pin takes no silver signal", "1 silver signals are sent in im, of 0")),
        ({"a": "gold", "pin": ""}, ("pin is without the signal of its institution",)),
        ({"pin": "gold", "lone": "gold"}, ("2 gold signals are sent in im, of 1",)),
    ],
)
def test_a_list_is_held_against_every_demand(signals: dict[str, str], found: tuple[str, ...]):
    both = {"": 0.1, "gold": 0.2}
    ours = (
        Candidate("pin", "im", "h", state="TX", worth=both),
        Candidate("a", "im", "h", state="TX", worth=both),
        Candidate("b", "im", state="TX", worth=both),
        Candidate("lone", "im", worth=both),
        Candidate("veto", "im", worth=both),
        Candidate("who", "im"),
    )
    problem = Problem(
        ours,
        {"im": ERAS},
        budget=22,
        quotas=(Quota("im", "gold", 1),),
        bounds=(Bound("state", "TX", at_most=2),),
        pinned=frozenset({"pin"}),
        vetoed=frozenset({"veto"}),
    )
    assert faults(problem, signals) == found
