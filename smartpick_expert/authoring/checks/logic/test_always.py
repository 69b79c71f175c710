"""A test that every value passes, by a limit that leaves nothing out: it asks for no more than that a value is known."""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.authoring.checks.logic._witnesses import fires_at
from smartpick_expert.authoring.logic.readied import readied
from smartpick_expert.authoring.logic.tested import fields_tested, nearest_passing, passes_all_known, says_any_value
from smartpick_expert.authoring.logic.words import said
from smartpick_expert.diagnostics import Severity
from smartpick_expert.language.values import shorten

CODE = "test.always"
FINDS = "A test of a rule holds for every value that the vocabulary allows."
SEVERITY = Severity.WARNING


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each test that every value passes."""
    ready = readied(base.workspace, base.as_of)
    for rule in ready.rules:
        for tested in fields_tested(rule, ready.vocabulary):
            domain = tested.domain
            for test in tested.tests:
                if domain is None or not passes_all_known(domain, (test,)) or says_any_value(domain, test):
                    continue
                yield Finding(
                    CODE,
                    f"Rule '{shorten(rule.id)}' asks {tested.what} to be {said(test)}, and every value that it may have is.",
                    "Correct the limit, or delete the test. If it only matters that a value is known, write {known: true}.",
                    test.location,
                    SEVERITY,
                    rule=rule.id,
                    witness=fires_at(
                        ready,
                        rule,
                        test,
                        nearest_passing(domain, tested.tests),
                        f"{tested.what} is as far out as it may be, and still {said(test)}; the rule fires.",
                    ),
                )
