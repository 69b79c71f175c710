"""Tests of one field in one pattern that no value passes together."""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.authoring.checks.logic._witnesses import rests_for_want_of
from smartpick_expert.authoring.logic.readied import readied
from smartpick_expert.authoring.logic.tested import fields_tested, passes_nothing
from smartpick_expert.authoring.logic.words import tests_said
from smartpick_expert.diagnostics import Severity
from smartpick_expert.language.values import shorten

CODE = "test.contradiction"
FINDS = "Tests of one field contradict one another, so that no value passes them together."
SEVERITY = Severity.ERROR


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each field whose tests cannot hold together, though each could."""
    ready = readied(base.workspace, base.as_of)
    for rule in ready.rules:
        for tested in fields_tested(rule, ready.vocabulary):
            domain, tests = tested.domain, tested.tests
            if domain is None or not passes_nothing(domain, tests):
                continue
            if any(passes_nothing(domain, (test,)) for test in tests):
                continue
            yield Finding(
                CODE,
                f"Rule '{shorten(rule.id)}' asks {tested.what} to be {tests_said(tests)}, and nothing is both.",
                "Correct one of the limits; two kinds of applicant take two rules, or an 'any'.",
                tests[-1].location,
                SEVERITY,
                related=tuple((test.location, "the other test") for test in tests[:-1]),
                rule=rule.id,
                witness=rests_for_want_of(ready, rule, tests[-1], tested.what),
            )
