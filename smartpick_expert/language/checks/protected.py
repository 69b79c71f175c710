"""A rule looks at what no rule may look at: origin, sex, age, religion, accent, or a field kept for one topic only.

A field may be protected by the vocabulary (`protected: true`, or the topics that may test it); and some words may not be
the name of a tested field at all, so that a later vocabulary cannot open the door. Where every field of a type is
protected, a rule may not even ask whether there is such a fact, or count them.
"""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.diagnostics import Diagnostic, Location
from smartpick_expert.language.model import Reference, Rule, inner_patterns, inner_tallies, inner_tests
from smartpick_expert.language.vocabulary import FactType, Vocabulary

CODE = "rule.protected"
# Whatever a vocabulary says: a name with one of these words in it is tested by no rule. `citizenship` is left to the
# topic of visas, for dated restrictions.
GUARDED = frozenset(
    {
        "accent",
        "age",
        "birthplace",
        "color",
        "colour",
        "ethnic",
        "ethnicity",
        "faith",
        "gender",
        "nationality",
        "origin",
    }
    | {"passport", "race", "religion", "sex", "tongue"}
)
VISA_ONLY = frozenset({"citizenship", "citizenships"})


def check(rules: tuple[Rule, ...], vocabulary: Vocabulary) -> Iterator[Diagnostic]:
    """Yield a finding for each look at a protected field."""
    for rule in rules:
        for type_name, field_name, place in sorted(set(looks(rule)), key=lambda look: (look[2], look[:2])):
            fact_type = vocabulary.types.get(type_name)
            if fact_type is None or (field_name and field_name not in fact_type.fields):
                continue
            parts = {*type_name.split("_"), *field_name.split("_")}
            words = vocabulary.protected_words & {type_name, field_name} or GUARDED & parts
            topics = ("visa",) if VISA_ONLY & parts else _topics(fact_type, field_name)
            if words:
                yield Diagnostic(
                    CODE,
                    f"No rule may look at '{min(words)}'.",
                    "Delete the condition; this must not decide anything.",
                    place,
                )
            elif topics is not None and rule.topic not in topics:
                allowed = f"only topic {' and '.join(topics)} may" if topics else "no rule may"
                name = f"{type_name}.{field_name}" if field_name else type_name
                yield Diagnostic(CODE, f"'{name}' is protected: {allowed} look at it.", "Delete the condition.", place)


def _topics(fact_type: FactType, field_name: str) -> tuple[str, ...] | None:
    """The topics that may look at a field, or (without a name) at whether there is such a fact; None where any may."""
    if field_name:
        return fact_type.fields[field_name].protected
    found = [field.protected for field in fact_type.fields.values()]
    if not found or None in found:
        return None
    return tuple(sorted({topic for topics in found if topics is not None for topic in topics}))


def looks(rule: Rule) -> Iterator[tuple[str, str, Location]]:
    """Each type and field that the rule looks at, with its place; an empty field where a fact's being there is all."""
    bound = {p.name: p.fact_type for c in rule.when for p in inner_patterns(c) if p.name}
    references: list[tuple[Reference, Location]] = []
    for condition in rule.when:
        for pattern in inner_patterns(condition):
            if not pattern.tests and not pattern.hidden:
                yield (pattern.fact_type, "", pattern.location)
            yield from ((pattern.fact_type, test.field, test.location) for test in pattern.tests)
        for tally in inner_tallies(condition):
            if tally.of:
                yield (tally.pattern.fact_type, tally.of, tally.location)
        references += [(r, t.location) for t in inner_tests(condition) for r in t.references()]
    for conclusion in rule.then:
        references += [(value, conclusion.location) for _, value in conclusion.values if isinstance(value, Reference)]
    references += [(part, rule.because.location) for part in rule.because.parts if isinstance(part, Reference)]
    for reference, place in references:
        if reference.name in bound:
            yield (bound[reference.name], reference.field, place)
