"""A conclusion that no condition reads, and that is not made for being said, does nothing.

Used is what a condition of a rule that is not retired, or a need of an action, may match; what every advice is built
around (`workspace.NAMED`); and what the vocabulary marks `said`, since a rule that concludes it speaks by its own words.
"""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.authoring.checks.reading import is_matched, patterns_read
from smartpick_expert.diagnostics import Severity
from smartpick_expert.language.values import shorten
from smartpick_expert.workspace import NAMED

CODE = "conclusion.unused"
FINDS = "A rule concludes what no other rule, no action and no report reads."
SEVERITY = Severity.WARNING


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each conclusion that nothing reads."""
    patterns = patterns_read(base)
    types = base.workspace.vocabulary.types
    for rule in base.kept:
        for conclusion in rule.then:
            name = conclusion.fact_type
            if name in NAMED or types[name].said or is_matched(conclusion, patterns.get(name, ())):
                continue
            what = f"a '{name}' with these values" if name in patterns else f"'{name}'"
            yield Finding(
                CODE,
                f"Rule '{shorten(rule.id)}' concludes {what}, and no other rule or action reads it.",
                f"Read it in a rule, conclude something else, or mark '{name}' with 'said: true' in the vocabulary if it is "
                "concluded only for what the rule's words say.",
                conclusion.location,
                SEVERITY,
                rule=rule.id,
            )
