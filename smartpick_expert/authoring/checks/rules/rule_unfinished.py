"""A rule that was begun by `rules new` says where something is still to be written, and so do its cases."""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.authoring.begun import MARK
from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.diagnostics import Location, Severity
from smartpick_expert.language.model import Rule
from smartpick_expert.language.values import shorten

CODE = "rule.unfinished"
FINDS = "A rule or a case that was begun is still to be written out."
SEVERITY = Severity.WARNING
_HINT = f"Write what it asks for, and delete the words '{MARK}'."


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each line of a rule, and for each case, that holds the mark."""
    rules = sorted(base.workspace.ruleset.rules, key=lambda rule: (rule.location.path, rule.location.line))
    for rule, following in zip(rules, [*rules[1:], None], strict=True):
        text = base.workspace.files.get(rule.location.path, "")
        if MARK in text:
            yield from _lines(rule, following, text.splitlines())
    for case in base.cases:
        if MARK in case.name:
            about = next(iter((*case.expected.fires, *case.expected.does_not_fire)), "")
            message = f"Case '{shorten(case.name, 100)}' is still to be written."
            yield Finding(CODE, message, _HINT, case.location, SEVERITY, rule=about)


def _lines(rule: Rule, following: Rule | None, lines: list[str]) -> Iterator[Finding]:
    place = rule.location
    is_last = following is None or following.location.path != place.path
    end = len(lines) if is_last or following is None else following.location.line - 1
    for number in range(place.line, end + 1):
        line = lines[number - 1]
        if MARK in line:
            here = Location(place.path, number, line.index(MARK) + 1, line)
            yield Finding(
                CODE,
                f"Rule '{shorten(rule.id)}' is begun, and here something is still to be written.",
                _HINT,
                here,
                SEVERITY,
                rule=rule.id,
            )
