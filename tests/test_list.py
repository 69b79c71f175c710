"""A list of programs on small catalogues of which it can be said beforehand what belongs on it, and why the others do not."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.listing import catalogue, ids, left_out, load_once, profile, program, select, selected
from tests.profiles import Data


@pytest.fixture(autouse=True)
def loaded_once(monkeypatch: pytest.MonkeyPatch):
    """The workspace is read once for all lists."""
    load_once(monkeypatch)


# --- what is on it, and what it costs ----------------------------------------------------------------------------------


def test_what_is_worth_most_comes_first_and_the_cost_is_summed_down_the_list(tmp_path: Path):
    catalogue(tmp_path, *(program(f"p{n}", invited_non_us_img=n / 100) for n in range(2, 6)))
    data = selected(tmp_path, "--budget", "500")
    assert ids(data) == ["p5", "p4", "p3", "p2"]
    # Due once: 185 for the token, 80 for the transcript, 85 for registering.
    assert [(one["cost"], one["so_far"]) for one in data["listed"]] == [(11, 361), (11, 372), (11, 383), (11, 394)]
    assert (data["cost"], data["applications"], data["is_lower_bound"]) == (394, 44, False)


def test_from_the_thirty_first_program_of_a_specialty_on_each_costs_more(tmp_path: Path):
    catalogue(tmp_path, *(program(f"p{n:02}") for n in range(32)))
    data = selected(tmp_path, "--budget", "2000", "--spend-all")
    assert [one["cost"] for one in data["listed"]] == [11] * 30 + [30] * 2
    assert data["applications"] == 390


def test_fee_assistance_is_taken_off_the_fees_for_applying(tmp_path: Path):
    catalogue(tmp_path, program("a"), program("b"))
    data = selected(tmp_path, "--budget", "2000", "--fee-assistance")
    assert (data["applications"], data["cost"], data["assistance"]) == ({"decimal": "8.8"}, {"decimal": "358.8"}, True)


def test_where_a_fee_is_not_known_the_cost_is_at_least_what_is_known(tmp_path: Path):
    catalogue(tmp_path, program("a", specialty="obstetrics_gynecology", application_service="residencycas"))
    data = selected(tmp_path, "--budget", "500", "--specialty", "obstetrics_gynecology")
    assert (ids(data), data["listed"][0]["cost"], data["is_lower_bound"]) == (["a"], None, True)
    assert (data["cost"], data["unknown_fees"]) == (85, ["obstetrics_gynecology"])


def test_the_list_ends_where_one_more_interview_costs_more_than_the_stop_line(tmp_path: Path):
    programs = [program(f"p{n:02}", invited_non_us_img=0.2) for n in range(30)]
    catalogue(tmp_path, *programs, *(program(f"q{n}", invited_non_us_img=0.02) for n in range(3)))
    data = selected(tmp_path, "--budget", "2000")
    assert (len(data["listed"]), data["stop"]["is_reached"], data["stop"]["could"]["programs"]) == (30, True, 33)
    assert left_out(data) == dict.fromkeys(["q0", "q1", "q2"], "stop")
    assert [(one["programs"], one["mark"]) for one in data["frontier"]][-2:][0][1] in ("list", "past")
    everything = selected(tmp_path, "--budget", "2000", "--spend-all")
    assert (len(everything["listed"]), everything["stop"]["is_reached"]) == (33, False)


def test_what_is_left_of_the_budget_would_pay_for_is_left_out_by_the_stop_line(tmp_path: Path):
    programs = [program(f"p{n:02}", invited_non_us_img=0.2) for n in range(30)]
    catalogue(tmp_path, *programs, *(program(f"q{n}", invited_non_us_img=0.02) for n in range(3)))
    # One more fee of 30 is left of it, and two are not.
    data = selected(tmp_path, "--budget", "715")
    assert (len(data["listed"]), data["stop"]["could"]["programs"]) == (30, 31)
    assert left_out(data) == dict.fromkeys(["q0", "q1", "q2"], "stop")


def test_programs_that_would_do_as_well_as_one_on_the_list_are_counted_and_said(tmp_path: Path):
    catalogue(tmp_path, *(program(name) for name in ("a", "b", "c")), program("d", invited_non_us_img=0.3))
    options = ("--budget", "380", "--spend-all", "--signals", "internal_medicine.gold=0")
    data = selected(tmp_path, *options, "--signals", "internal_medicine.silver=0")
    assert (ids(data), data["as_good"]) == (["d", "a"], 2)
    text = " ".join(select(tmp_path, *options, "--signals", "internal_medicine.silver=0").output.split())
    assert "2 programs off the list would do as well as some on it, as far as these chances tell" in text
    assert selected(tmp_path, "--budget", "500", "--spend-all")["as_good"] == 0


def test_the_frontier_rises_in_cost_and_worth_and_marks_the_list(tmp_path: Path):
    catalogue(tmp_path, *(program(f"p{n:02}", invited_non_us_img=n / 100) for n in range(1, 20)))
    data = selected(tmp_path, "--budget", "1000", "--spend-all")
    points = [(one["cost"], one["worth"]) for one in data["frontier"]]
    assert points == sorted(points)
    assert [one["programs"] for one in data["frontier"] if one["mark"] == "list"] == [len(data["listed"])]


def test_the_chance_of_several_interviews_is_told_for_as_many_as_are_asked_for(tmp_path: Path):
    catalogue(tmp_path, program("a", invited_non_us_img=0.5), program("b", invited_non_us_img=0.5))
    data = selected(tmp_path, "--budget", "500", "--interviews", "2")
    one, two = data["at_least"]
    expected = [listed["chance"]["expected"] for listed in data["listed"]]
    assert (one["interviews"], two["interviews"]) == (1, 2)
    assert two["apart"] == pytest.approx(expected[0] * expected[1])
    assert one["apart"] == pytest.approx(1 - (1 - expected[0]) * (1 - expected[1]))
    assert two["together"] > two["apart"]


def test_a_chance_that_is_no_certainty_is_never_told_as_one(tmp_path: Path):
    catalogue(tmp_path, *(program(f"p{n:02}", invited_non_us_img=0.6) for n in range(25)))

    def told(number: str) -> str:
        return " ".join(select(tmp_path, "--budget", "700", "--spend-all", "--interviews", number).stdout.split())

    assert "at least 1 interview: over 99% if each program decides by itself" in told("1")
    assert "of at least 25 interviews: under 1% if each program decides by itself" in told("25")
    assert "; at least 26 interviews cannot come of 25 programs." in told("26")


# --- what is left out, and why -----------------------------------------------------------------------------------------


def test_a_program_that_is_vetoed_is_left_out_as_asked(tmp_path: Path):
    catalogue(tmp_path, program("a"), program("b"))
    data = selected(tmp_path, "--budget", "500", "--veto", "a")
    assert (ids(data), left_out(data)) == (["b"], {"a": "vetoed"})


def test_a_program_without_a_chance_is_left_out_and_can_be_pinned(tmp_path: Path):
    who = profile(tmp_path)
    catalogue(tmp_path, program("a", specialty="other"), program("b", specialty="other", invited_non_us_img=""))
    options = ("--budget", "500", "--specialty", "other")
    data = selected(tmp_path, *options, who=who)
    assert (ids(data), left_out(data)) == (["a"], {"b": "unknown"})
    pinned = selected(tmp_path, *options, "--pin", "b", who=who)
    assert {one["program"]["id"]: (one["chance"] is None, one["is_pinned"]) for one in pinned["listed"]} == {
        "a": (False, False),
        "b": (True, True),
    }


def test_a_bound_that_is_used_up_leaves_the_rest_out_in_its_words(tmp_path: Path):
    catalogue(tmp_path, program("a"), program("b", invited_non_us_img=0.05), program("c", state="MI"))
    data = selected(tmp_path, "--budget", "500", "--at-most", "state=OH:1")
    assert sorted(ids(data)) == ["a", "c"]
    assert [(one["program"]["id"], one["why"], one["bound"]) for one in data["left_out"]] == [
        ("b", "share", "you asked for at most 1 with state OH")
    ]


def test_a_program_that_waits_is_worth_nothing_to_a_cautious_list(tmp_path: Path):
    catalogue(tmp_path, program("a", invited_non_us_img=0.05), program("b", hands_on_weeks="", us_weeks=""))
    assert ids(selected(tmp_path, "--budget", "500")) == ["b", "a"]
    data = selected(tmp_path, "--budget", "500", "--maximise", "cautious")
    assert (ids(data), left_out(data)) == (["a"], {"b": "nothing"})


def test_what_the_budget_does_not_pay_for_is_said_to_be_beyond_it(tmp_path: Path):
    catalogue(tmp_path, program("a"), program("b", invited_non_us_img=0.2), program("c"))
    data = selected(tmp_path, "--budget", "361")
    assert (ids(data), left_out(data)) == (["b"], {"a": "budget", "c": "budget"})


def test_a_program_that_is_closed_is_counted_and_left_to_the_screen(tmp_path: Path):
    catalogue(tmp_path, program("a"), program("b", accepts_j1="no"))
    data = selected(tmp_path, "--budget", "500")
    assert (ids(data), left_out(data), data["closed"]) == (["a"], {}, 1)


# --- signals, plans ----------------------------------------------------------------------------------------------------


def test_signals_go_where_they_add_most_and_no_more_than_there_are(tmp_path: Path):
    rates = {"invited_gold": 0.5, "invited_silver": 0.3, "invited_no_signal": 0.1, "takes_signals": "yes"}
    catalogue(tmp_path, *(program(f"p{n}", **rates) for n in range(4)))
    counts = ("--signals", "internal_medicine.gold=1", "--signals", "internal_medicine.silver=0")
    data = selected(tmp_path, "--budget", "500", *counts)
    assert sorted(one["signal"] for one in data["listed"]) == ["", "", "", "gold"]
    assert [(one["kind"], one["sent"], one["count"], one["by_advisor"]) for one in data["plans"][0]["signals"]] == [
        ("gold", 1, 1, True),
        ("silver", 0, 0, True),
    ]


def test_a_kind_of_signal_that_was_not_counted_keeps_what_the_season_gives(tmp_path: Path):
    rates = {"invited_gold": 0.5, "invited_silver": 0.3, "invited_no_signal": 0.1, "takes_signals": "yes"}
    catalogue(tmp_path, *(program(f"p{n}", **rates) for n in range(4)))
    data = selected(tmp_path, "--budget", "500", "--signals", "internal_medicine.gold=1")
    assert sorted(one["signal"] for one in data["listed"]) == ["gold", "silver", "silver", "silver"]


def test_more_signals_than_the_season_is_known_to_give_are_taken_and_said(tmp_path: Path):
    catalogue(tmp_path, program("a"))
    text = " ".join(select(tmp_path, "--budget", "500", "--signals", "internal_medicine.gold=9").stdout.split())
    assert "of 9 gold signals (as typed, more than the 3 that are known of 2026)" in text


def test_signals_that_the_profile_says_are_sent_are_not_sent_again(tmp_path: Path):
    rates = {"invited_gold": 0.5, "invited_silver": 0.3, "invited_no_signal": 0.1, "takes_signals": "yes"}
    catalogue(tmp_path, *(program(f"p{n}", **rates) for n in range(4)))
    sent: list[Data] = [
        {"id": f"s{n}", "program": f"Elsewhere {n}", "specialty": "internal_medicine", "tier": "gold"} for n in range(2)
    ]
    data = selected(tmp_path, "--budget", "500", who=profile(tmp_path, signal=sent))
    gold = next(one for one in data["plans"][0]["signals"] if one["kind"] == "gold")
    assert (gold["sent"], gold["count"], gold["already"]) == (1, 1, 2)


def test_a_list_made_when_programs_read_already_says_that_it_is_late(tmp_path: Path):
    catalogue(tmp_path, program("a"))
    asked = ("--budget", "500", "--as-of", "2026-12-10")
    assert "It is late for this list: in this season programs read and interview." in select(tmp_path, *asked).stdout
    assert "It is late" not in select(tmp_path, "--budget", "500").stdout


def test_two_specialties_are_two_plans_with_their_own_fees(tmp_path: Path):
    programs = [program(f"im{n}") for n in range(2)] + [program(f"p{n}", specialty="pediatrics") for n in range(3)]
    catalogue(tmp_path, *programs)
    data = selected(tmp_path, "--budget", "500", "--specialty", "internal_medicine", "--specialty", "pediatrics")
    assert [(one["specialty"], one["programs"], one["cost"]) for one in data["plans"]] == [
        ("internal medicine", 2, 22),
        ("pediatrics", 3, 33),
    ]


def test_preliminary_places_can_be_a_plan_beside_the_one_aimed_at(tmp_path: Path):
    catalogue(tmp_path, program("a"), program("b", track="preliminary"))
    alone = selected(tmp_path, "--budget", "500")
    both = selected(
        tmp_path, "--budget", "500", *(f"--specialty=internal_medicine:{one}" for one in ("categorical", "preliminary"))
    )
    assert (ids(alone), alone["closed"], sorted(ids(both)), both["closed"]) == (["a"], 1, ["a", "b"], 0)
    assert both["plans"][0]["tracks"] == ["categorical, the whole of the training", "preliminary, one year only"]


def test_a_profile_that_plans_applications_in_a_second_specialty_has_two_plans(tmp_path: Path):
    plan: list[Data] = [{"specialty": "internal_medicine", "programs": 30}, {"specialty": "pediatrics", "programs": 5}]
    catalogue(tmp_path, program("a"), program("b", specialty="pediatrics"), program("c", specialty="psychiatry"))
    data = selected(tmp_path, "--budget", "500", who=profile(tmp_path, application_plan=plan))
    assert sorted(ids(data)) == ["a", "b"]


def test_a_specialty_of_the_profile_that_the_catalogue_lacks_is_told(tmp_path: Path):
    plan: list[Data] = [{"specialty": "internal_medicine", "programs": 30}, {"specialty": "dermatology", "programs": 5}]
    catalogue(tmp_path, program("a"))
    result = select(tmp_path, "--budget", "500", who=profile(tmp_path, application_plan=plan))
    assert "The profile names dermatology too, in which the catalogue has no program." in result.stdout


# --- tables ------------------------------------------------------------------------------------------------------------


def test_the_table_says_the_same_as_the_json(tmp_path: Path):
    catalogue(tmp_path, program("a"), program("b", invited_non_us_img=0.05, step2_preferred=250))
    options = ("--budget", "500")
    data = selected(tmp_path, *options)
    rows = list(csv.DictReader(io.StringIO(select(tmp_path, *options, "--format", "csv").stdout)))
    assert [(row["id"], int(row["number"]), int(row["so_far_usd"])) for row in rows] == [
        (one["program"]["id"], place, one["so_far"]) for place, one in enumerate(data["listed"], start=1)
    ]
    assert [float(row["expected"]) for row in rows] == [
        pytest.approx(one["chance"]["expected"], abs=1e-4) for one in data["listed"]
    ]
    assert ([row["fictional"] for row in rows], "prefers 250" in rows[1]["short_of_preference"]) == (
        ["fictional", "fictional"],
        True,
    )


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_cell_becomes_a_formula(tmp_path: Path, start: str):
    catalogue(tmp_path, program("a", name=f"{start}HYPERLINK(1) (fictional)"))
    (row,) = csv.DictReader(io.StringIO(select(tmp_path, "--budget", "500", "--format", "csv").stdout))
    assert row["name"] == f"'{start}HYPERLINK(1) (fictional)"
    out = tmp_path / "list.xlsx"
    select(tmp_path, "--budget", "500", "--format", "xlsx", "--out", str(out))
    kinds = {cell.data_type for sheet in load_workbook(out) for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds


def test_the_workbook_has_the_list_what_was_left_out_the_costs_and_the_frontier(tmp_path: Path):
    catalogue(tmp_path, *(program(f"p{n}") for n in range(4)))
    out = tmp_path / "out" / "list.xlsx"
    result = select(tmp_path, "--budget", "500", "--veto", "p0", "--format", "xlsx", "--out", str(out))
    assert (result.exit_code, result.stdout) == (0, f"Written: {out}\n")
    book = load_workbook(out)
    assert book.sheetnames == ["About", "List", "Left out", "Costs", "Frontier"]
    assert [row[3] for row in book["List"].iter_rows(min_row=2, values_only=True)] == ["p1", "p2", "p3"]
    assert [(row[2], row[-1]) for row in book["Left out"].iter_rows(min_row=2, values_only=True)] == [
        ("p0", "you asked to leave them out")
    ]
    assert ("Together", 383, None) in list(book["Costs"].iter_rows(values_only=True))
    assert any("fictional: they were invented" in str(row[0]) for row in book["About"].iter_rows(values_only=True))


def test_a_file_that_is_written_is_for_its_owner_alone(tmp_path: Path):
    catalogue(tmp_path, program("a"))
    out = tmp_path / "list.txt"
    assert select(tmp_path, "--budget", "500", "--out", str(out)).exit_code == 0
    assert (out.stat().st_mode & 0o077, out.read_text("utf-8")) == (0, select(tmp_path, "--budget", "500").stdout)
