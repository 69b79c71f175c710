"""A rule tests what no rule may test: origin, sex, age, religion, accent, or a field kept for one topic only.

A field may be protected by the vocabulary (`protected: true`, or the topics that may test it); and some words may not be
the name of a tested field at all, so that a later vocabulary cannot open the door.
"""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.diagnostics import Diagnostic, Location
from smartpick_expert.language.model import Pattern, Reference, Rule, Tally, inner_patterns, inner_tests
from smartpick_expert.language.vocabulary import Vocabulary

CODE = "rule.protected"


def check(rules: tuple[Rule, ...], vocabulary: Vocabulary) -> Iterator[Diagnostic]:
    """Yield a finding for each look at a protected field."""
    for rule in rules:
        for type_name, field_name, place in sorted(set(_looks(rule)), key=lambda look: (look[2], look[:2])):
            fact_type = vocabulary.types.get(type_name)
            field = fact_type.fields.get(field_name) if fact_type else None
            if field is None:
                continue
            if field_name in vocabulary.protected_words or type_name in vocabulary.protected_words:
                yield Diagnostic(
                    CODE,
                    f"No rule may test '{field_name}'.",
                    "Delete the test; it must not decide anything.",
                    place,
                )
            elif field.protected is not None and rule.topic not in field.protected:
                allowed = f"only topic {' and '.join(field.protected)} may" if field.protected else "no rule may"
                yield Diagnostic(
                    CODE,
                    f"'{type_name}.{field_name}' is protected: {allowed} look at it.",
                    "Delete the test.",
                    place,
                )


def _looks(rule: Rule) -> Iterator[tuple[str, str, Location]]:
    bound = {p.name: p.fact_type for c in rule.when for p in inner_patterns(c) if p.name}
    references: list[tuple[Reference, Location]] = []
    for condition in rule.when:
        for pattern in inner_patterns(condition):
            if isinstance(pattern, Pattern):
                yield from ((pattern.fact_type, test.field, test.location) for test in pattern.tests)
        if isinstance(condition, Tally) and condition.of:
            yield (condition.pattern.fact_type, condition.of, condition.location)
        references += [(r, t.location) for t in inner_tests(condition) for r in t.references()]
    for conclusion in rule.then:
        references += [(value, conclusion.location) for _, value in conclusion.values if isinstance(value, Reference)]
    references += [(part, rule.because.location) for part in rule.because.parts if isinstance(part, Reference)]
    for reference, place in references:
        if reference.name in bound:
            yield (bound[reference.name], reference.field, place)
