"""A score against the lines that are known: those stated, those we assume, and what was measured of others, each marked so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from smartpick_expert.explain.wording import value_text
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.values import Number
from smartpick_expert.report.drawings.model import ScoreLine, ScoresView
from smartpick_expert.report.drawings.named import NamedLine, NamedScore
from smartpick_expert.report.drawings.said import Said
from smartpick_expert.report.figures import FigureReader

_EXAM, _NOTICE, _TYPICAL, _PROGRAM = "exam", "notice", "typical_program", "program"
_TYPICAL_KIND: Final = "typical"
# So many programs are drawn; what each states of scores is told in words.
MOST_PROGRAMS: Final = 4


def scores_of(said: Said, named: Iterable[NamedScore], figures: FigureReader) -> tuple[ScoresView, ...]:
    """One strip for each examination with a score and at least one line that is known."""
    found: list[ScoresView] = []
    for one in named:
        exam = next((fact for fact in said.given(_EXAM) if fact.get("name") == one.exam), None)
        score = exam.get("score") if exam is not None else None
        if exam is None or not isinstance(score, Number):
            continue
        lines = tuple(line for named_line in one.lines for line in _line(named_line, said, figures))
        if lines:
            found.append(ScoresView(said.word(exam, "name"), score, lines))
    return tuple(found)


def _line(named: NamedLine, said: Said, figures: FigureReader) -> Iterable[ScoreLine]:
    if named.said and named.said not in {fact.get("about") for fact in said.of(_NOTICE)}:
        return
    if named.program:
        yield from _of_program(named, said)
        return
    read = [figures.value(name) for name in named.parameters]
    values = [value for value in read if isinstance(value, Number)]
    if len(values) == len(named.parameters):
        figure = figures.view(named.parameters[0])
        own = bool(named.group) and named.group == said.applicant("nrmp_type")
        yield ScoreLine(
            named.title, named.shows, *_placed(values), figure.standing, figure.reference, figure.season, own
        )


def _of_program(named: NamedLine, said: Said) -> Iterable[ScoreLine]:
    """The figures of the typical program, which are our assumption, then those that programs in view state."""
    typical = {fact.get(_PROGRAM) for fact in said.of(_TYPICAL)}
    programs = sorted(said.given(_PROGRAM), key=lambda one: one.get("id") not in typical)
    for program in programs[:MOST_PROGRAMS]:
        values = [value for field in named.program if isinstance(value := program.get(field), Number)]
        if values:
            standing = "assumption" if program.get("kind") == _TYPICAL_KIND else "stated"
            yield ScoreLine(_titled(named.title, program), named.shows, *_placed(values), standing)


def _titled(title: str, program: Fact) -> str:
    text = title.replace("{program}", value_text(program.get("name")))
    return text[:1].upper() + text[1:]


def _placed(values: list[Number]) -> tuple[Number | None, Number | None, Number | None]:
    """The figures as low, middle and high."""
    low, *between, high = values if len(values) > 1 else (None, values[0], None)
    return low, between[0] if between else None, high
