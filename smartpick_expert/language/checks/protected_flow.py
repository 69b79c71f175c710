"""What rests on a protected field may inform and never weigh: a rule turns citizenship into a bar by a detour.

A topic may be allowed to look at a protected field. What its rules conclude from it must be of a type that the vocabulary
marks `from_protected`; and whatever looks at such a type may again conclude only such types.
"""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.diagnostics import Diagnostic
from smartpick_expert.language.checks.protected import VISA_ONLY, looks
from smartpick_expert.language.model import Rule
from smartpick_expert.language.vocabulary import Vocabulary

CODE = "rule.protected-flow"


def check(rules: tuple[Rule, ...], vocabulary: Vocabulary) -> Iterator[Diagnostic]:
    """Yield a finding for each conclusion that weighs and rests on something protected."""
    for rule in rules:
        source = next((name for name in _protected_looks(rule, vocabulary)), "")
        if not source:
            continue
        for conclusion in rule.then:
            fact_type = vocabulary.types[conclusion.fact_type]
            if not fact_type.from_protected:
                yield Diagnostic(
                    CODE,
                    f"'{fact_type.name}' is concluded from '{source}', which may inform an applicant and must never weigh.",
                    f"Conclude one of: {', '.join(sorted(t.name for t in vocabulary.types.values() if t.from_protected))}.",
                    conclusion.location,
                )


def _protected_looks(rule: Rule, vocabulary: Vocabulary) -> Iterator[str]:
    for type_name, field_name, _ in sorted(looks(rule), key=lambda look: look[:2]):
        fact_type = vocabulary.types.get(type_name)
        if fact_type is None:
            continue
        field = fact_type.fields.get(field_name)
        if fact_type.from_protected or VISA_ONLY & {type_name} or (field is not None and field.protected is not None):
            yield f"{type_name}.{field_name}" if field_name else type_name
