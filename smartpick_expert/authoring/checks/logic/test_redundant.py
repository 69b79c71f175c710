"""A test that changes nothing beside the others of its field."""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.authoring.checks.logic._witnesses import fires_at
from smartpick_expert.authoring.logic.domains import Domain
from smartpick_expert.authoring.logic.readied import readied
from smartpick_expert.authoring.logic.tested import (
    fields_tested,
    is_needless,
    nearest_passing,
    passes_all_known,
    passes_nothing,
)
from smartpick_expert.authoring.logic.words import said, tests_said
from smartpick_expert.diagnostics import Severity
from smartpick_expert.language.model import Test
from smartpick_expert.language.values import shorten

CODE = "test.redundant"
FINDS = "A test follows from the others of its field, so that it changes nothing."
SEVERITY = Severity.WARNING


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each field with a test that follows from the others."""
    ready = readied(base.workspace, base.as_of)
    for rule in ready.rules:
        for tested in fields_tested(rule, ready.vocabulary):
            domain = tested.domain
            needless = _needless(domain, tested.tests) if domain is not None else None
            if domain is None or needless is None:
                continue
            others = tuple(test for test in tested.tests if test is not needless)
            yield Finding(
                CODE,
                f"Rule '{shorten(rule.id)}' asks {tested.what} to be {said(needless)}, which is so for whatever is {tests_said(others)}.",
                "Delete the weaker test, or correct it: perhaps another limit was meant.",
                needless.location,
                SEVERITY,
                related=tuple((test.location, "what it follows from") for test in others),
                rule=rule.id,
                witness=fires_at(
                    ready,
                    rule,
                    others[0],
                    nearest_passing(domain, tested.tests),
                    f"{tested.what} is just {tests_said(others)}, and the rule fires, as it would without the other test.",
                ),
            )


def _needless(domain: Domain, tests: tuple[Test, ...]) -> Test | None:
    """The last test that follows from the others; None where none does, or something worse is wrong with them."""
    if passes_nothing(domain, tests) or any(passes_all_known(domain, (test,)) for test in tests):
        return None
    for test in reversed(tests):
        others = tuple(other for other in tests if other is not test)
        if others and is_needless(domain, test, others):
            return test
    return None
