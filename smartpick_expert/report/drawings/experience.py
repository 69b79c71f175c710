"""The article's scale of US experience, an order and no measure, with the applicant's own periods on it."""

from __future__ import annotations

from smartpick_expert.language.values import ABSENT, UNKNOWN, Number
from smartpick_expert.report.drawings.model import Period, ScaleStep, ScaleView
from smartpick_expert.report.drawings.said import Said

_GRADE, _EXPERIENCE = "experience_grade", "experience"


def experience_of(said: Said) -> ScaleView | None:
    """The scale, from least to most; None where no period stands on it."""
    grades = said.of(_GRADE)
    if not grades:
        return None
    weeks = {fact.get("id"): fact.get("weeks") for fact in said.given(_EXPERIENCE)}

    def period(label: object) -> Period:
        known = weeks.get(label, UNKNOWN) if isinstance(label, str) else UNKNOWN
        return Period(str(label), known if isinstance(known, Number) else None)

    steps = [
        ScaleStep(
            name,
            title[:1].upper() + title[1:],
            tuple(
                period(one.get(_EXPERIENCE))
                for one in grades
                if one.get("grade") == name and _has_label(one.get(_EXPERIENCE))
            ),
        )
        for name, title in said.choices(_GRADE, "grade").items()
    ]
    return ScaleView(tuple(reversed(steps)))


def _has_label(label: object) -> bool:
    return label is not UNKNOWN and label is not ABSENT
