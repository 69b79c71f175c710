"""The box of a page, answered from the same trace of a run that its record keeps."""

from __future__ import annotations

from smartpick_expert.audit.record import traced
from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.explain.told import in_documents
from smartpick_expert.report.answers import SCRIPT, Box, answers_of, box_of
from smartpick_expert.report.statements import statements_of
from smartpick_expert.workspace import Workspace


def box_in(shown: Consultation, workspace: Workspace, *, told: bool, redacted: bool) -> Box | None:
    """What answers why and why-not in a page; None by templates of before.

    A redacted document is made to be shown around, and has none. With `told` it is the applicant's, and knows no more than the
    documents that they are given.
    """
    if redacted or not (workspace.reports / SCRIPT).is_file():
        return None
    trace = traced(shown, workspace, statements_of(shown, workspace))
    seen = in_documents(trace, workspace) if told else trace
    return box_of(answers_of(seen, shown, workspace, told=told), workspace.reports)
