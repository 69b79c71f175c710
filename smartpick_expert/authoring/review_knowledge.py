"""What a review finds in knowledge by itself: standings without evidence, years that are none, parameters without a value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from smartpick_expert.diagnostics import Diagnostic, Severity
from smartpick_expert.engine.compiled import parameters_read
from smartpick_expert.knowledge.claims import Claim, Standing
from smartpick_expert.knowledge.evidence import NOT_RECORDED
from smartpick_expert.knowledge.parameters import Parameter
from smartpick_expert.knowledge.seasons import running_season
from smartpick_expert.language.values import UNKNOWN, shorten
from smartpick_expert.language.vocabulary import FieldType
from smartpick_expert.workspace import Workspace

_YEAR: Final = re.compile(r"[0-9]{4}")
_FIRST_YEAR: Final = 1900
_FOUNDED: Final = (Standing.SUPPORTED, Standing.PARTLY_SUPPORTED)


def findings_on_knowledge(workspace: Workspace, as_of: date) -> Iterator[Diagnostic]:
    """The findings on claims, evidence and parameters as of a day, in no order."""
    for claim in workspace.knowledge.claims.values():
        yield from _standing(claim)
    yield from _years(workspace, as_of)
    yield from _parameters(workspace, as_of)


def _standing(claim: Claim) -> Iterator[Diagnostic]:
    """A standing above or below `unsupported` names what it rests on."""
    key = ""
    if claim.standing in _FOUNDED and not claim.evidence_for:
        key = "evidence_for"
    elif claim.standing is Standing.CONTRADICTED and not claim.evidence_against:
        key = "evidence_against"
    if key:
        yield Diagnostic(
            "claim.standing",
            f"Claim '{shorten(claim.id)}' is said to be {claim.standing.replace('_', ' ')}, and names nothing under '{key}'.",
            "Name the evidence, or let it stand as 'unsupported'.",
            claim.location,
        )


def _years(workspace: Workspace, as_of: date) -> Iterator[Diagnostic]:
    """A year is one that has begun, so that an old figure is never taken for a new one."""
    for entry in workspace.knowledge.evidence.values():
        is_year = _YEAR.fullmatch(entry.year) is not None and _FIRST_YEAR <= int(entry.year) <= as_of.year
        if not is_year and entry.year != NOT_RECORDED:
            yield Diagnostic(
                "evidence.year",
                f"Evidence '{shorten(entry.id)}' is of '{shorten(entry.year)}', which is no year from {_FIRST_YEAR} to {as_of.year}.",
                f"Write one year that has begun, or 'year: {NOT_RECORDED}'.",
                entry.location,
            )


def _parameters(workspace: Workspace, as_of: date) -> Iterator[Diagnostic]:
    """A parameter without a value leaves every rule that reads it waiting, which has to be somebody's intention."""
    season = running_season(as_of)
    readers = {
        name: rule.id
        for rule in reversed(workspace.ruleset.rules)
        if rule.is_live(as_of, with_drafts=True)
        for name in parameters_read(rule)
    }
    for parameter in workspace.knowledge.parameters.values():
        if _is_said(parameter, as_of, season):
            continue
        if parameter.seasons and parameter.type is FieldType.DATE:
            yield Diagnostic(
                "parameter.no-value",
                f"Parameter '{shorten(parameter.name)}' has no entry for the season {season}, which is under way, "
                "and a day of another season never stands in.",
                "Add the day, or an empty value to say that it is not known.",
                parameter.location,
                Severity.WARNING,
            )
        elif parameter.name in readers:
            when = f"for the season {season}" if parameter.seasons else f"on {as_of}"
            yield Diagnostic(
                "parameter.no-value",
                f"Parameter '{shorten(parameter.name)}' has no value {when}, and rule '{readers[parameter.name]}' reads it.",
                "Add a value, or an empty one to say that it is not known.",
                parameter.location,
            )


def _is_said(parameter: Parameter, day: date, season: int) -> bool:
    """Whether it has a value on a day, or says on purpose that it has none."""
    if parameter.at(day, season).value is not UNKNOWN:
        return True
    stands_in = parameter.type is not FieldType.DATE
    return any(one.start <= day and (one.end is None or day <= one.end) for one in parameter.periods) or any(
        one.season == season or (stands_in and one.season < season) for one in parameter.seasons
    )
