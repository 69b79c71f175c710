"""All drawings of one advice, for one reader."""

from __future__ import annotations

from pathlib import Path

from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.language.vocabulary import Vocabulary
from smartpick_expert.report.advised_model import AdvisedAction
from smartpick_expert.report.drawings.experience import experience_of
from smartpick_expert.report.drawings.funnel import funnel_of
from smartpick_expert.report.drawings.model import Drawings
from smartpick_expert.report.drawings.named import read_names
from smartpick_expert.report.drawings.risks import risks_of
from smartpick_expert.report.drawings.said import Said
from smartpick_expert.report.drawings.scores import scores_of
from smartpick_expert.report.drawings.season import calendar_of
from smartpick_expert.report.figures import FigureReader
from smartpick_expert.report.statements import Statement
from smartpick_expert.report.view_model import Reason


def drawings_of(
    consultation: Consultation,
    vocabulary: Vocabulary,
    told: tuple[Statement, ...],
    weighed: tuple[Reason, ...],
    actions: tuple[AdvisedAction, ...],
    figures: FigureReader,
    reports: Path,
    *,
    redacted: bool,
) -> Drawings:
    """The drawings that have something to show. `told` are the statements for the reader that nobody withdrew.

    A redacted advice has no calendar, since it has no days. Raises Problems for a file of names that cannot be read.
    """
    names = read_names(reports)
    said = Said(consultation, vocabulary, told)
    return Drawings(
        funnel=funnel_of(said),
        risks=risks_of(said, weighed),
        scale=experience_of(said),
        scores=scores_of(said, names.scores, figures),
        calendar=None if redacted else calendar_of(said, names.days, figures, actions),
    )
