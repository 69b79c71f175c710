"""Drawings as SVG: each placed by its template in `reports/drawings/`. The same text goes into HTML, PDF and, as a picture, into Word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from smartpick_expert.report.drawings.model import Drawings
from smartpick_expert.report.render import environment

FUNNEL, RISKS, EXPERIENCE, SCORES, CALENDAR = "funnel", "risks", "experience", "scores", "calendar"
PROGRAMS, FRONTIER = "programs", "frontier"


def shown(drawings: Drawings) -> Iterator[tuple[str, str, object]]:
    """The drawings that have something to show: what each is called in a document, its template, and its view."""
    for name, drawing in ((FUNNEL, drawings.funnel), (RISKS, drawings.risks), (EXPERIENCE, drawings.scale)):
        if drawing is not None:
            yield name, name, drawing
    for number, strip in enumerate(drawings.scores, start=1):
        yield f"{SCORES}-{number}", SCORES, strip
    if drawings.calendar is not None:
        yield CALENDAR, CALENDAR, drawings.calendar
    for chapter, several in enumerate(drawings.programs, start=1):
        for one in several:
            yield f"{PROGRAMS}-{chapter}-{int(one.is_opinion)}", PROGRAMS, one
    if drawings.frontier is not None:
        yield FRONTIER, FRONTIER, drawings.frontier


def svg(template: str, drawing: object, reports: Path, standings: Mapping[str, str], id: str = "") -> str:  # noqa: A002 - what HTML calls it
    """One drawing as SVG. `standings` are the words for how things are known. Raises jinja2.TemplateError."""
    made = environment(reports, "html").get_template(f"drawings/{template}.svg.j2")
    text = made.render(drawing=drawing, id=id or template, standings=standings)
    return "\n".join(line for line in text.splitlines() if line.strip()) + "\n"
