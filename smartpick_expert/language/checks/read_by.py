"""A rule reads what only rules of another kind or topic may read: the NRMP type of an applicant is nobody's opinion.

The vocabulary says of a field who may read it (`read_by`). An applicant's NRMP type follows their citizenship, so a rule on
what committees are said to think must not weigh it; published figures and official rules may go by it, where they do.
"""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.diagnostics import Diagnostic
from smartpick_expert.language.checks.protected import looks
from smartpick_expert.language.model import Rule
from smartpick_expert.language.vocabulary import Readers, Vocabulary

CODE = "rule.read-by"


def check(rules: tuple[Rule, ...], vocabulary: Vocabulary) -> Iterator[Diagnostic]:
    """Yield a finding for each look at a field by a rule that is none of its readers."""
    for rule in rules:
        for type_name, field_name, place in sorted(set(looks(rule)), key=lambda look: (look[2], look[:2])):
            fact_type = vocabulary.types.get(type_name)
            field = fact_type.fields.get(field_name) if fact_type is not None else None
            if field is not None and field.read_by is not None and not _may_read(rule, field.read_by):
                yield Diagnostic(
                    CODE,
                    f"'{type_name}.{field_name}' is not for this rule: it is read only by {_wording(field.read_by)}.",
                    "Delete the condition, or go by something else that the rule is really about.",
                    place,
                )


def _may_read(rule: Rule, readers: Readers) -> bool:
    return (not readers.kind or rule.kind.value == readers.kind) and (
        not readers.topics or rule.topic in readers.topics
    )


def _wording(readers: Readers) -> str:
    kind = f"{readers.kind} rules" if readers.kind else "rules"
    return f"{kind} in topic {' or '.join(readers.topics)}" if readers.topics else kind
