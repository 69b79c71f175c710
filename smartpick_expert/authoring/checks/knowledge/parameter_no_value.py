"""A parameter without a value leaves every rule that reads it waiting, which has to be somebody's intention."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.diagnostics import Severity
from smartpick_expert.engine.compiled import parameters_read
from smartpick_expert.knowledge.parameters import Parameter
from smartpick_expert.knowledge.seasons import running_season
from smartpick_expert.language.values import UNKNOWN, shorten
from smartpick_expert.language.vocabulary import FieldType

CODE = "parameter.no-value"
FINDS = "A parameter that is read has no value on the day, or a date none for the season under way (then a warning)."
SEVERITY = Severity.ERROR
MAY_BE_SILENCED = False


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each parameter that is silent where something is asked of it."""
    as_of = base.as_of
    season = running_season(as_of)
    readers = {name: rule.id for rule in reversed(base.live) for name in parameters_read(rule)}
    for parameter in base.workspace.knowledge.parameters.values():
        if _is_said(parameter, as_of, season):
            continue
        if parameter.seasons and parameter.type is FieldType.DATE:
            yield Finding(
                CODE,
                f"Parameter '{shorten(parameter.name)}' has no entry for the season {season}, which is under way, "
                "and a day of another season never stands in.",
                "Add the day, or an empty value to say that it is not known.",
                parameter.location,
                Severity.WARNING,
            )
        elif parameter.name in readers:
            when = f"for the season {season}" if parameter.seasons else f"on {as_of}"
            yield Finding(
                CODE,
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
