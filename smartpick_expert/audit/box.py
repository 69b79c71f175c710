"""The box of a page, answered from the same trace of a run that its record keeps."""

from __future__ import annotations

from smartpick_expert.audit.traces import traced
from smartpick_expert.explain.told import in_documents
from smartpick_expert.report.answers import SCRIPT, Box, answers_of, box_of
from smartpick_expert.report.statements import statements_of
from smartpick_expert.report.why_nots import WhyNotRun
from smartpick_expert.workspace import Workspace


def has_box(workspace: Workspace, *, redacted: bool) -> bool:
    """Whether pages have a box: not by templates of before, and not in a redacted document, which is made to be shown around."""
    return not redacted and (workspace.reports / SCRIPT).is_file()


def box_in(asked: WhyNotRun, workspace: Workspace, *, told: bool) -> Box:
    """What answers why and why-not in a page on a run.

    With `told` it is the applicant's, and knows no more than the documents that they are given.
    """
    shown = asked.consultation
    trace = traced(shown, workspace, statements_of(shown, workspace))
    seen = in_documents(trace, workspace) if told else trace
    return box_of(answers_of(seen, asked.asked, workspace, told=told), workspace.reports)
