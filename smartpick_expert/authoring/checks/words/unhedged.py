"""A reason that passes on what the article says as if it were so: whoever reads it cannot tell an opinion from a fact.

Looked at is the reason as a whole: one word that says whose word it is hedges what stands beside it. A title is short, and the
mark of its standing is printed with it.
"""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.authoring.checks.wording import as_read
from smartpick_expert.authoring.wording import wording_of
from smartpick_expert.diagnostics import Severity
from smartpick_expert.explain.standing import standing_of
from smartpick_expert.language.model import Kind
from smartpick_expert.language.values import shorten

CODE = "wording.unhedged"
FINDS = "The reason of a rule by perception does not say that it is one."
SEVERITY = Severity.WARNING


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each such rule that is written and not retired."""
    wording, _ = wording_of(base.workspace.root)
    for hedges in (one for one in wording.hedges if one.kind == Kind.PERCEPTION):
        for rule in base.written:
            if rule.kind is Kind.PERCEPTION and not hedges.has_one(as_read(rule.because)):
                standing = base.workspace.knowledge.phrasing.mark(standing_of(rule, base.workspace.knowledge))
                words = ", ".join(f"'{word.rstrip('*')}'" for word in hedges.one_of)
                yield Finding(
                    CODE,
                    f"'because' of rule '{shorten(rule.id)}' says as a fact what the article says ({standing}).",
                    f"{hedges.instead} One of these says it: {words}.",
                    rule.because.location,
                    SEVERITY,
                    rule=rule.id,
                )
