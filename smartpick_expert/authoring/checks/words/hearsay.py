"""A measured rule in the words of the article: whoever reads it takes a figure or an official rule for an opinion."""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.authoring.checks.wording import as_read
from smartpick_expert.authoring.wording import wording_of
from smartpick_expert.diagnostics import Severity
from smartpick_expert.language.model import Kind
from smartpick_expert.language.values import shorten

CODE = "wording.hearsay"
FINDS = "The reason of a measured rule is worded as what the article says."
SEVERITY = Severity.WARNING


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each such word of a rule that is written and not retired."""
    wording, _ = wording_of(base.workspace.root)
    for hedges in (one for one in wording.hedges if one.kind == Kind.MEASURED):
        for rule in base.written:
            for word in hedges.wrongly_in(as_read(rule.because)) if rule.kind is Kind.MEASURED else ():
                yield Finding(
                    CODE,
                    f"'because' of rule '{shorten(rule.id)}' says '{shorten(word)}', and the rule is a measured one.",
                    hedges.instead,
                    rule.because.location,
                    SEVERITY,
                    rule=rule.id,
                )
