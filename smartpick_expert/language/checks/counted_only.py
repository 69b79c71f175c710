"""A rule tells apart what may only be counted: the order of a rank list is the applicant's own.

The vocabulary marks such a type (`counted_only`). Rules may ask whether there is such a fact and how many there are. One
that looks at a field of it, or goes through its facts one by one, could say which to put first, and a rank list is made
by true preference and never by chances.
"""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.diagnostics import Diagnostic
from smartpick_expert.language.checks.protected import looks
from smartpick_expert.language.model import Rule, inner_patterns
from smartpick_expert.language.vocabulary import Vocabulary

CODE = "rule.counted-only"


def check(rules: tuple[Rule, ...], vocabulary: Vocabulary) -> Iterator[Diagnostic]:
    """Yield a finding for each place where a rule tells one such fact from another."""
    counted = {fact_type.name for fact_type in vocabulary.types.values() if fact_type.counted_only}
    for rule in rules:
        named = {
            (p.fact_type, "", p.location)
            for condition in rule.when
            for p in inner_patterns(condition)
            if p.name and not p.hidden
        }
        by_field = {look for look in looks(rule) if look[1]}
        for type_name, field_name, place in sorted(named | by_field, key=lambda look: (look[2], look[:2])):
            if type_name in counted:
                what = f"looks at '{type_name}.{field_name}'" if field_name else f"goes through each '{type_name}'"
                yield Diagnostic(
                    CODE,
                    f"This rule {what}, and these may only be counted: their order is the applicant's own.",
                    "Ask whether there are any, or how many, and name none of them.",
                    place,
                )
