"""What holds the whole advice as tables: its actions, programs and days, for a workbook or a calendar."""

from __future__ import annotations

from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.report.days import days_of
from smartpick_expert.report.formats.calendar import FORM as CALENDAR
from smartpick_expert.report.formats.calendar import calendar
from smartpick_expert.report.formats.laid_out import OF_LINES
from smartpick_expert.report.render import filled
from smartpick_expert.report.view_model import View
from smartpick_expert.workspace import Workspace


def tables(form: str, view: View, consultation: Consultation, workspace: Workspace, *, redacted: bool = False) -> str:
    """The calendar itself, or the lines from which a workbook is laid out, of an applicant's view and the run behind it.

    Raises Problems for a calendar of a redacted advice, which tells of no day, and where the template cannot be filled in.
    """
    if redacted and form == CALENDAR:
        message = "A redacted advice tells of no day, so there is no calendar of it."
        raise Problems([Diagnostic("format.redacted", message, "Leave ics out.", Location(f"--format {form}"))])
    template = OF_LINES[form]
    days = days_of(view, consultation, workspace.knowledge)
    text = filled(template, "table", workspace.reports_with(template), view=view, days=days)
    return calendar(text) if form == CALENDAR else text
