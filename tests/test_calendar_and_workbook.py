"""Calendars and workbooks: events that keep their name, folded and escaped; cells that are never formulas."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartpick_expert.report.days import days_of
from smartpick_expert.report.formats.calendar import calendar
from smartpick_expert.report.formats.lines import Sheet, sheets_of
from smartpick_expert.report.formats.workbook import workbook
from tests.advised import advice_on

PERSONA = "graduate_needing_visa"
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=200)
LINES = """\
= 2026-09-10 Ann
# Name
# Day
# Summary
# Description
-
| apply/until
|d 2026-09-23
| Last day: Apply
| Done when: it is sent; and seen, \\ twice
-
| undated
|
| Some day
|
"""
Event = dict[str, str]


def unfolded(text: str) -> list[str]:
    """The lines of a calendar as they were before they were folded."""
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    return text.removesuffix("\r\n").replace("\r\n ", "").split("\r\n")


def events(text: str) -> list[Event]:
    """The events of a calendar, without their alarms; values as they mean."""
    found: list[Event] = []
    inside = 0
    for line in unfolded(text):
        name, _, value = line.partition(":")
        if line in {"BEGIN:VEVENT", "BEGIN:VALARM"}:
            inside += 1
            found += [{}] if inside == 1 else []
        elif line in {"END:VEVENT", "END:VALARM"}:
            inside -= 1
        elif inside == 1:
            found[-1][name] = meant(value)
    return found


def meant(value: str) -> str:
    """A value of a calendar as it means."""
    signs = {"n": "\n", "N": "\n"}
    read, rest = "", iter(value)
    for sign in rest:
        following = next(rest) if sign == "\\" else ""
        read += signs.get(following, following) if sign == "\\" else sign
    return read


# --- lines ---------------------------------------------------------------------------------------------------------------


def test_lines_become_tables_with_their_kinds_of_cells():
    text = "= One\n# A\n# B\n-\n|n 12.5\n|d 2026-09-23\n-\n| -\n|\nstray\n= Two\n-\n|n 1e\n|d soon\n|n NaN\n"
    assert sheets_of(text) == (
        Sheet("One", ["A", "B"], [[Decimal("12.5"), date(2026, 9, 23)], ["-", ""]]),
        Sheet("Two", [], [["1e", "soon", "NaN"]]),
    )


# --- the calendar --------------------------------------------------------------------------------------------------------


def test_an_event_lasts_its_day_and_is_reminded_of():
    lines = unfolded(calendar(LINES))
    assert lines[:5] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//SmartPick Expert//written advice//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    assert lines[7:] == [
        "DTSTAMP:20260910T000000Z",
        "DTSTART;VALUE=DATE:20260923",
        "DTEND;VALUE=DATE:20260924",
        "SUMMARY:Last day: Apply",
        "DESCRIPTION:Done when: it is sent\\; and seen\\, \\\\ twice",
        "TRANSP:TRANSPARENT",
        "CLASS:PRIVATE",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "DESCRIPTION:Last day: Apply",
        "TRIGGER:-P7D",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def test_an_event_keeps_its_name_when_the_day_moves_and_has_another_for_another_person():
    moved = LINES.replace("2026-09-10", "2026-09-12").replace("2026-09-23", "2026-09-30")
    other = LINES.replace("Ann", "Ben")
    names = [events(calendar(text))[0]["UID"] for text in (LINES, moved, other)]
    assert (names[0] == names[1], names[0] == names[2]) == (True, False)


@given(TEXT)
def test_any_text_comes_through_a_calendar_in_lines_of_75_bytes(text: str):
    made = calendar(LINES.replace("Last day: Apply", f"x{text}x"))
    assert max(len(line.encode()) for line in made.split("\r\n")) <= 75
    assert events(made)[0]["SUMMARY"] == f"x{text}x"


def test_the_calendar_of_an_advice_has_its_days_and_no_others():
    advice = advice_on(PERSONA)
    days = days_of(advice.given, advice.consultation, advice.workspace.knowledge)
    found = {(one["SUMMARY"], one["DTSTART;VALUE=DATE"]) for one in events(advice.document("ics"))}
    titles = {one.action.name: one.action.title for one in advice.given.actions}
    expected = {(f"Last day: {titles[name]}", day.replace("-", "")) for name, day in days.until.items()}
    expected |= {(f"Begin at the latest: {titles[name]}", day.replace("-", "")) for name, day in days.begin.items()}
    expected |= {(one.figure.meaning, one.on.replace("-", "")) for one in days.season}
    assert (found, len(days.until) > 2, len(days.begin) > 1, len(days.season) > 1) == (expected, True, True, True)
    past = [day for day in (*days.until.values(), *days.begin.values()) if day < advice.consultation.as_of.isoformat()]
    assert past == []


def test_a_calendar_holds_the_day_on_which_rank_lists_are_certified():
    found = {(one["SUMMARY"], one["DTSTART;VALUE=DATE"]) for one in events(advice_on(PERSONA).document("ics"))}
    assert ("The day on which rank lists of the season are certified.", "20270303") in found


def test_somebody_who_is_in_no_season_has_no_calendar_of_one():
    assert events(advice_on("premed").document("ics")) == []


# --- the workbook --------------------------------------------------------------------------------------------------------


@cache
def book() -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(advice_on(PERSONA).made("xlsx").data))


def test_the_actions_of_a_workbook_are_those_of_the_advice():
    sheet, view = book()["Actions"], advice_on(PERSONA).given
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    heads = [cell.value for cell in sheet[1]]
    assert [row[heads.index("What to do")] for row in rows] == [one.action.title for one in view.actions]
    assert [row[heads.index("Done when")] for row in rows] == [one.action.done_when for one in view.actions]
    rules = [sorted({r.origin.rule for r in one.reasons}) for one in view.actions]
    assert [sorted(row[heads.index("Rules")].split(", ")) for row in rows] == rules


def test_the_days_of_a_workbook_are_days():
    sheet = book()["Actions"]
    heads = [cell.value for cell in sheet[1]]
    column = heads.index("Last day") + 1
    found = {sheet.cell(row, column).value for row in range(2, sheet.max_row + 1)} - {None}
    advice = advice_on(PERSONA)
    days = days_of(advice.given, advice.consultation, advice.workspace.knowledge)
    assert {one.date().isoformat() for one in found} == set(days.until.values())


def test_a_table_has_its_head_in_view_and_can_be_filtered():
    sheet = book()["Actions"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref.startswith("A1:"), sheet.print_title_rows) == (
        "A2",
        True,
        "$1:$1",
    )


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@a", '=HYPERLINK("https://a.example")', "=cmd|' /C calc'!A0", "\t=1+1", "a\x00b"]
)
def test_no_cell_is_a_formula(text: str):
    made = openpyxl.load_workbook(BytesIO(workbook(f"= S\n# {text}\n-\n| {text}\n")))
    cells = [cell for row in made["S"].iter_rows() for cell in row]
    plain = text.strip().replace("\x00", "")
    assert [(cell.value, cell.data_type) for cell in cells] == [(plain, "s")] * 2
    assert [cell.quotePrefix for cell in cells] == [plain[0] in "=+-@"] * 2


def test_names_of_sheets_are_cut_and_told_apart():
    made = openpyxl.load_workbook(
        BytesIO(workbook("".join(f"= {name}\n" for name in ("a" * 40, "a" * 50, "b/[c]:*?", ""))))
    )
    assert made.sheetnames == ["a" * 31, "a" * 27 + " 2", "b c", "Sheet"]


def test_the_same_lines_make_the_same_bytes():
    assert workbook("= S\n# A\n-\n|n 1\n") == workbook("= S\n# A\n-\n|n 1\n")
