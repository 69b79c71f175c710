"""A step that renews something is due before it lapses, where the profile says the day."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from smartpick_expert.report.advised_model import DeadlineView
from smartpick_expert.report.documents import Document
from tests.advised import PERSONAS, advice_of, advice_on, day_of, persona_data
from tests.profiles import WORKSPACE

RENEW = "renew_pathway"


def until(folder: Path, expires: str, as_of: date) -> DeadlineView | None:
    """The last day of the renewal for somebody whose pathway expires on a day."""
    data = persona_data("high_risk")
    data["ecfmg"]["pathway_expires"] = expires
    actions = advice_of(data, folder, as_of).given.actions
    return next(one.until for one in actions if one.action.name == RENEW)


@pytest.mark.parametrize(
    ("expires", "as_of", "day", "given"),
    [
        ("2027-01-31", date(2026, 9, 10), "31 January 2027", date(2027, 1, 31)),
        # On its last day a pathway is valid still.
        ("2026-09-10", date(2026, 9, 10), "10 September 2026", date(2026, 9, 10)),
        ("2026-09-09", date(2026, 9, 10), "3 March 2027", None),
        ("2027-03-02", date(2026, 9, 10), "2 March 2027", date(2027, 3, 2)),
    ],
)
def test_the_step_is_due_when_it_lapses_or_where_it_has_lapsed_by_the_seasons_day(
    tmp_path: Path, expires: str, as_of: date, day: str, given: date | None
):
    found = until(tmp_path, expires, as_of)
    assert found is not None
    assert (found.day, found.given) == (day, given)


def test_every_document_and_format_says_that_day_and_whose_word_it_is():
    advice = advice_on("high_risk")
    letter, report = (advice.document("md", document) for document in (Document.LETTER, Document.REPORT))
    row = next(line for line in letter.splitlines() if "Have the pathway renewed.**" in line)
    assert "31 January 2027 (by your entry)" in row
    assert "31 January 2027 (the day on which it lapses, by your entry)" in " ".join(report.split())
    html = advice.document("html", Document.LETTER)
    assert re.findall(r'data-value="renew_pathway.until">(.*?)<', html) == ["31 January 2027"]
    assert "<dd>The day on which it lapses by your entry: 31 January 2027</dd>" in html


@pytest.mark.parametrize("persona", PERSONAS)
def test_no_step_is_due_after_what_it_renews_has_lapsed(persona: str):
    given = advice_on(persona).given
    facts = advice_on(persona).told.shown.intake.facts
    for one in given.actions:
        path = one.action.lapses
        if path is None or one.until is None:
            continue
        day = next(fact.get(path.field) for fact in facts if fact.type == path.type)
        # What has lapsed already is renewed as soon as can be, and by the season's day.
        assert one.until.given == (day if day >= day_of(persona) else None)


def test_every_step_that_makes_a_day_unknown_says_that_it_renews_what_lapses_then():
    """What an action sets to a day not known yet is a new day: what it had before is when it lapses."""
    kinds = WORKSPACE.vocabulary.types
    renewing = {
        (name, str(change.edit.path))
        for name, action in WORKSPACE.knowledge.actions.items()
        for change in action.changes
        if hasattr(change.edit, "path") and change.edit.path.field.endswith("expires")
    }
    assert renewing == {
        (name, str(action.lapses)) for name, action in WORKSPACE.knowledge.actions.items() if action.lapses is not None
    }
    assert [one.name for one in kinds.values() if any(name.endswith("expires") for name in one.fields)] == ["ecfmg"]
