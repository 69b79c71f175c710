"""What a check of a whole rule base finds: what keeps it from being used, and what a review of it adds.

An advice can be written from a base that has only findings of the review; `smartpick rules check` reports them, and it
alone. The review rests on everything having been read, so it is made where loading found no error; only the checks that
look at single things alone are made in any case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from smartpick_expert.authoring.cases import Case, case_files, read_cases
from smartpick_expert.authoring.checks.base import Base
from smartpick_expert.authoring.checks.registry import run_checks
from smartpick_expert.authoring.directions.reading import directions_of
from smartpick_expert.authoring.looks import look_problems
from smartpick_expert.authoring.noted import note_problems
from smartpick_expert.authoring.silences import Silenced, apply_silences
from smartpick_expert.authoring.usual import usual_of
from smartpick_expert.authoring.wording import wording_of
from smartpick_expert.diagnostics import Diagnostic, Problems, Severity
from smartpick_expert.engine.strata import stratify
from smartpick_expert.workspace import Workspace, read_workspace


@dataclass(frozen=True, slots=True)
class Checked:
    """A base as far as it could be read, every finding in order of place, and whether a review could be made.

    `silenced` are the findings that a rule silences, which are not among the others.
    """

    workspace: Workspace | None
    findings: tuple[Diagnostic, ...]
    reviewed: bool
    silenced: tuple[Silenced, ...] = ()


def check(root: Path, as_of: date) -> Checked:
    """Read a workspace and, where that finds no error, review it as of a day. Raises nothing."""
    workspace, found = read_workspace(root)
    if workspace is None:
        return Checked(None, found, reviewed=False)
    reviewed = all(d.severity is not Severity.ERROR for d in found)
    # How documents look keeps nobody from reviewing what they say.
    looks = look_problems(workspace)
    if not reviewed:
        alone = run_checks(Base(workspace, (), as_of, cases_read=False), alone=True)
        return Checked(workspace, _ordered({*found, *looks, *alone}), reviewed=False)
    more, silenced = review(workspace, as_of)
    return Checked(workspace, _ordered({*found, *looks, *more}), reviewed=True, silenced=silenced)


def review(workspace: Workspace, as_of: date) -> tuple[tuple[Diagnostic, ...], tuple[Silenced, ...]]:
    """What can be said of a workspace that was read without an error, in order of place; and what rules silence of it."""
    try:
        stratify(workspace.ruleset.rules)
        circles: tuple[Diagnostic, ...] = ()
    except Problems as problems:
        circles = problems.diagnostics
    cases, unreadable = _cases(workspace)
    # What no advice is made from, and so no loading has read.
    beside = (*usual_of(workspace, as_of)[1], *directions_of(workspace)[1], *wording_of(workspace.root)[1])
    beside += () if circles else note_problems(workspace, as_of)
    base = Base(workspace, cases, as_of, cases_read=not unreadable)
    found, silenced = apply_silences(dict.fromkeys(run_checks(base)), workspace.ruleset.rules)
    return _ordered({*circles, *unreadable, *beside, *found}), silenced


def _cases(workspace: Workspace) -> tuple[tuple[Case, ...], tuple[Diagnostic, ...]]:
    """The cases of a workspace, and what is wrong with the files of those that cannot be read; one of the two is empty."""
    cases: list[Case] = []
    unreadable: list[Diagnostic] = []
    for path in case_files(workspace.root / "rules"):
        try:
            cases += read_cases(path, workspace)
        except Problems as problems:
            unreadable += problems.diagnostics
    return (() if unreadable else tuple(cases)), tuple(unreadable)


def _ordered(found: set[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(sorted(found, key=Diagnostic.sort_key))
