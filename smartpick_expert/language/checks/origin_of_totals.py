"""A type that is totalled must name the origin of each fact, or equal conclusions count once and the total is too small."""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.diagnostics import Diagnostic
from smartpick_expert.language.model import Rule, TallyKind, inner_tallies
from smartpick_expert.language.vocabulary import FieldType, Supplier, Vocabulary

CODE = "rule.total-without-origin"


def check(rules: tuple[Rule, ...], vocabulary: Vocabulary) -> Iterator[Diagnostic]:
    """Yield a finding for each total over a concluded type that has no label field."""
    for rule in rules:
        for tally in (tally for condition in rule.when for tally in inner_tallies(condition)):
            fact_type = vocabulary.types[tally.pattern.fact_type]
            has_origin = any(field.type is FieldType.LABEL for field in fact_type.fields.values())
            if tally.kind is TallyKind.TOTAL and fact_type.supplied_by is Supplier.RULES and not has_origin:
                yield Diagnostic(
                    CODE, f"'{fact_type.name}' is totalled, but two equal conclusions would count once.",
                    "Give it a field of type label that names what each comes from.", tally.location,
                )  # fmt: skip
