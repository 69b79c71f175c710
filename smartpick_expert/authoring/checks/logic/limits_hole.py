"""A value between the limits of rules that sort by it, which none of them takes."""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.authoring.checks.logic._witnesses import witness
from smartpick_expert.authoring.logic.holes import Hole, holes
from smartpick_expert.authoring.logic.readied import readied
from smartpick_expert.diagnostics import Severity
from smartpick_expert.intake.profile_text import value_as_written

CODE = "limits.hole"
FINDS = "Rules that sort by a number leave values out between their limits."
SEVERITY = Severity.WARNING


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each set of limits with a hole in it."""
    ready = readied(base.workspace, base.as_of)
    for hole in holes(ready):
        rules = [one.rule.id for one in hole.sortings]
        last = hole.sortings[-1]
        yield Finding(
            CODE,
            f"The values of {last.what} {_values(hole)} fall between the limits of {_listed(rules)}, and no rule takes them.",
            "Let one of the limits begin where the other ends.",
            last.tests[0].location,
            SEVERITY,
            related=tuple((one.tests[0].location, f"rule {one.rule.id}") for one in hole.sortings[:-1]),
            rule=last.rule.id,
            witness=witness(ready, "none of the rules fires.", hole.entries, *rules),
        )


def _values(hole: Hole) -> str:
    first, last = value_as_written(hole.first), value_as_written(hole.last)
    return f"like {first}" if first == last else f"from {first} to {last}"


def _listed(rules: list[str]) -> str:
    quoted = [f"'{rule}'" for rule in rules]
    return f"{', '.join(quoted[:-1])} and {quoted[-1]}"
