"""A calendar of days (RFC 5545) that calendar programs take up: all-day events, the same for the same days.

An event keeps its name (UID) from one advice to the next, so that taking up a later calendar moves it and does not double it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from typing import Final

from smartpick_expert.report.formats.lines import Cell, sheets_of

FORM: Final = "ics"
# What an event says, in this order.
COLUMNS: Final = ("Name", "Day", "Summary", "Description")
_LINE: Final = 75
_END: Final = "\r\n"
# A calendar is kept by one program for all applicants: whose event it is, goes into its name as a hash.
_HASHED: Final = 24
_REMINDER: Final = 7
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f]")


def calendar(text: str) -> str:
    """The calendar of tables of events as `lines.py` reads them; a sheet is called by the day of the advice and whose it is.

    Events without a day are left out.
    """
    return "".join(f"{_folded(line)}{_END}" for line in _lines(text))


def _lines(text: str) -> Iterator[str]:
    yield from (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//SmartPick Expert//written advice//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    )
    for sheet in sheets_of(text):
        spoken, _, owner = sheet.name.partition(" ")
        stamp = spoken.replace("-", "")
        for row in sheet.rows:
            name, day, summary, description = (*row, *([""] * len(COLUMNS)))[: len(COLUMNS)]
            if isinstance(day, date):
                yield from _event(f"{owner}/{name}", stamp, day, summary, description)
    yield "END:VCALENDAR"


def _event(name: str, stamp: str, day: date, summary: Cell, description: Cell) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{sha256(name.encode()).hexdigest()[:_HASHED]}@smartpick-expert"
    yield f"DTSTAMP:{stamp}T000000Z"
    yield f"DTSTART;VALUE=DATE:{_plain(day)}"
    yield f"DTEND;VALUE=DATE:{_plain(day + timedelta(days=1))}"
    yield f"SUMMARY:{escaped(str(summary))}"
    if description:
        yield f"DESCRIPTION:{escaped(str(description))}"
    yield from ("TRANSP:TRANSPARENT", "CLASS:PRIVATE")
    yield from (
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{escaped(str(summary))}",
        f"TRIGGER:-P{_REMINDER}D",
        "END:VALARM",
    )
    yield "END:VEVENT"


def _plain(day: date) -> str:
    return day.isoformat().replace("-", "")


def escaped(text: str) -> str:
    """A text as a value of a calendar: what has a meaning there escaped, on one line, without control characters."""
    plain = "\n".join(_CONTROL.sub("", line) for line in text.splitlines())
    marked = plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return marked.replace("\n", "\\n")


def _folded(line: str) -> str:
    """A line of at most 75 bytes, going on below behind a blank; no character is cut in two."""
    found, length = [], 0
    for character in line:
        size = len(character.encode())
        if length + size > _LINE:
            found.append(f"{_END} ")
            length = 1
        found.append(character)
        length += size
    return "".join(found)
