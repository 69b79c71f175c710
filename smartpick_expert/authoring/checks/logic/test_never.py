"""A test that no value the vocabulary allows can pass."""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.authoring.checks.logic._witnesses import rests_for_want_of
from smartpick_expert.authoring.logic.readied import readied
from smartpick_expert.authoring.logic.tested import fields_tested, passes_nothing
from smartpick_expert.authoring.logic.words import said
from smartpick_expert.diagnostics import Severity
from smartpick_expert.language.values import shorten

CODE = "test.never"
FINDS = "A test of a rule can never hold: the vocabulary allows no value that passes it."
SEVERITY = Severity.ERROR


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each test that nothing passes."""
    ready = readied(base.workspace, base.as_of)
    for rule in ready.rules:
        for tested in fields_tested(rule, ready.vocabulary):
            domain = tested.domain
            for test in tested.tests:
                if domain is not None and passes_nothing(domain, (test,)):
                    yield Finding(
                        CODE,
                        f"Rule '{shorten(rule.id)}' asks {tested.what} to be {said(test)}, and no value that it may have is.",
                        "Correct the limit, or what the vocabulary allows; a rule for what never happens is best deleted.",
                        test.location,
                        SEVERITY,
                        rule=rule.id,
                        witness=rests_for_want_of(ready, rule, test, tested.what),
                    )
