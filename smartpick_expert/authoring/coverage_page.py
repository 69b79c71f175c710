"""Coverage as one page of HTML that needs nothing else: the rules as written, each line marked by whether it is exercised.

A mark is a sign and a word; colour only repeats what they say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from smartpick_expert.authoring.coverage import PartCoverage, RuleCoverage, Side, State, by_topic, counted
from smartpick_expert.diagnostics import Location
from smartpick_expert.report.render import environment
from smartpick_expert.version import VERSION
from smartpick_expert.workspace import Workspace, shipped_root

_TEMPLATE: Final = "coverage.html.j2"
# What stands before a line, by what is to be said of it: a class, a sign, a word.
_MARKS: Final = {
    State.COVERED: ("covered", "✓", "exercised"),
    State.MISSING: ("missing", "✗", "missing"),
    State.OUT_OF_REACH: ("apart", "–", "out of reach"),
}
_NAMES: Final = {
    "rule": "Rules", "condition": "Conditions", "test": "Tests", "branch": "Branches of any", "limit": "Limits"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """What is said of a line: how it looks, its sign, and the word for it."""

    look: str
    sign: str
    word: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a rule file. `mark` is None where there is nothing in it to be exercised; `notes` are what is missing."""

    number: int
    text: str
    mark: Mark | None
    notes: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule with its lines. `is_whole` where nothing is missing; `notes` are about the rule as a whole."""

    rule_id: str
    title: str
    path: str
    cases: int
    is_whole: bool
    notes: tuple[Side, ...]
    lines: tuple[Line, ...]


def coverage_page(results: Sequence[RuleCoverage], workspace: Workspace) -> str:
    """The page."""
    ends = _ends(workspace)
    topics = [
        (topic, sum(1 for result in several if not result.missing), [_view(one, workspace, ends) for one in several])
        for topic, several in by_topic(results)
    ]
    figures = [(_NAMES[kind], covered, of) for kind, (covered, of) in counted(results).items()]
    template = environment(shipped_root() / "reports", "html").get_template(_TEMPLATE)
    marks = [Mark(*mark) for mark in _MARKS.values()]
    return template.render(topics=topics, figures=figures, marks=marks, version=VERSION)


def _ends(workspace: Workspace) -> Mapping[Location, int]:
    """The last line of each rule, by its place: that before the next rule of its file."""
    starts: dict[str, list[Location]] = defaultdict(list)
    for rule in workspace.ruleset.rules:
        starts[rule.location.path].append(rule.location)
    ends: dict[Location, int] = {}
    for path, places in starts.items():
        last = len(workspace.files[path].splitlines())
        ordered = [*sorted(places), Location(path, last + 1)]
        ends |= {this: max(this.line, following.line - 1) for this, following in pairwise(ordered)}
    return ends


def _view(result: RuleCoverage, workspace: Workspace, ends: Mapping[Location, int]) -> RuleView:
    first, last = result.location.line, ends[result.location]
    texts = workspace.files[result.location.path].splitlines()[first - 1 : last]
    while texts and not texts[-1].strip():
        texts.pop()
    whole, *parts = result.parts
    by_line: dict[int, list[PartCoverage]] = defaultdict(list)
    for part in parts:
        by_line[_line_of(part, result, texts)].append(part)
    return RuleView(
        rule_id=result.rule_id,
        title=result.title,
        path=f"{result.location.path}:{first}",
        cases=result.cases,
        is_whole=not result.missing,
        notes=tuple(side for side in whole.sides if side.state is State.MISSING),
        lines=tuple(_line(first + place, text, by_line[first + place]) for place, text in enumerate(texts)),
    )


def _line_of(part: PartCoverage, result: RuleCoverage, texts: Sequence[str]) -> int:
    """The line of a part. What a list of stages asks for stands where the rule does, and is shown at the list."""
    if part.location.line != result.location.line:
        return part.location.line
    stages = next((place for place, text in enumerate(texts) if text.strip().startswith("stages:")), 0)
    return result.location.line + stages


def _line(number: int, text: str, parts: Sequence[PartCoverage]) -> Line:
    states = {part.state for part in parts}
    state = next((one for one in (State.MISSING, State.COVERED, State.OUT_OF_REACH) if one in states), None)
    notes = tuple(side for part in parts for side in part.sides if side.state is not State.COVERED)
    return Line(number, text, Mark(*_MARKS[state]) if state is not None else None, notes)
