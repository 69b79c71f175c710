"""A text that is harder to read than texts of its kind may be."""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.authoring.checks.wording import texts_of
from smartpick_expert.authoring.wording import wording_of
from smartpick_expert.diagnostics import Severity
from smartpick_expert.language.reading_grade import reading_grade

CODE = "wording.grade"
FINDS = "A text is harder to read than texts of its kind may be."
SEVERITY = Severity.WARNING


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each text whose grade is above the one that `knowledge/wording` allows."""
    wording, _ = wording_of(base.workspace.root)
    for text in texts_of(base):
        limit = wording.grades.get(text.kind)
        if limit is None or len(text.text.split()) < wording.from_words:
            continue
        grade = reading_grade(text.text)
        if grade > limit:
            yield Finding(
                CODE,
                f"{text.whose} reads at grade {grade:.0f}, and at most {limit} is wanted: its sentences or words are long.",
                "Make two sentences of the longest one, or take shorter words.",
                text.location,
                SEVERITY,
                rule=text.rule,
            )
