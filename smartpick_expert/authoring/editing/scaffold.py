"""A rule begun: a draft that loads and does nothing yet, with a case where it fires and a near miss.

Everything that is to be written is marked, and `rules check` lists it. The conditions and conclusions are the simplest that
the vocabulary allows; they show the form, and stand for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from smartpick_expert.authoring.begun import MARK
from smartpick_expert.language.model import Kind
from smartpick_expert.language.rewriting import written
from smartpick_expert.language.vocabulary import FactType, Field, FieldType, Vocabulary

APPLICANT = "applicant"
_STAGE = "stage"
_EXAMPLE = "example"
_BECAUSE = {
    Kind.PERCEPTION: "one or two sentences to the reader: what committees are said to think of this, and why.",
    Kind.MEASURED: "one or two sentences to the reader: what was counted, of whom, in which year.",
}
_RATIONALE = {
    Kind.PERCEPTION: "why committees think so, and what would make us retire the rule.",
    Kind.MEASURED: "what the figure can and cannot tell, and what would make us retire the rule.",
}


@dataclass(frozen=True, slots=True)
class Begun:
    """What a new rule begins with. `concludes` is the type of fact that it is to conclude."""

    id: str
    title: str
    kind: Kind
    sources: tuple[str, ...]
    owner: str
    review_by: date
    concludes: str


def rule_text(begun: Begun, vocabulary: Vocabulary) -> str:
    """The rule as YAML, as an item of a list, without its dash."""
    subject, field = _tested(vocabulary, begun.concludes)
    name = "" if subject.one else f"as: {subject.name}, "
    title = begun.title or f"{MARK}: a short name for it"
    return "\n".join(
        [
            f"id: {begun.id}",
            f"title: {written(title)}",
            f"kind: {begun.kind}",
            "status: draft",
            f"sources: [{', '.join(begun.sources)}]",
            f"owner: {written(begun.owner)}",
            f"review_by: {begun.review_by.isoformat()}",
            "when:",
            f"  # {MARK}: what must hold, a line for each condition. This one shows the form.",
            f"  - {subject.name}: {{{name}{field.name}: {_values(field)[0]}}}",
            "then:",
            f"  # {MARK}: what follows from it. This shows the form.",
            f"  - {begun.concludes}: {{{', '.join(_concluded(vocabulary, begun.concludes, subject))}}}",
            "because: >-",
            f"  {MARK}: {_BECAUSE[begun.kind]}",
            "rationale: >-",
            f"  {MARK}: {_RATIONALE[begun.kind]}",
        ]
    )


def case_texts(begun: Begun, vocabulary: Vocabulary) -> tuple[str, str]:
    """A case in which the rule fires and one in which it just does not, each as an item of a list, without its dash."""
    subject, field = _tested(vocabulary, begun.concludes)
    first, second = _values(field)[:2]
    return (
        _case(f"{MARK}: a sentence on somebody of whom it holds", subject, field, first, f"fires: {begun.id}"),
        _case(f"{MARK}: a near miss, with one thing otherwise", subject, field, second, f"does_not_fire: {begun.id}"),
    )


def _case(name: str, subject: FactType, field: Field, value: str, expects: str) -> str:
    label = "" if subject.one or not subject.label else f"{subject.label}: {_EXAMPLE}, "
    fact = f"{{{label}{field.name}: {value}}}"
    return "\n".join(
        [
            f"name: {written(name)}",
            "facts:",
            f"  {subject.name}: {fact if subject.one else f'[{fact}]'}",
            expects,
        ]
    )


def _tested(vocabulary: Vocabulary, concludes: str) -> tuple[FactType, Field]:
    """What the condition is about, and the field that it tests: what the conclusion is about, else the applicant's stage."""
    for label in _labels(vocabulary.types[concludes]):
        subject = vocabulary.types.get(label.of)
        fields = [field for field in subject.given_fields if _is_simple(field)] if subject is not None else []
        if subject is not None and subject.label and not subject.counted_only and fields:
            return subject, fields[0]
    applicant = vocabulary.types[APPLICANT]
    return applicant, applicant.fields[_STAGE]


def _is_simple(field: Field) -> bool:
    """Whether any rule may test the field, and it has two values to be one or the other."""
    is_free = field.protected is None and field.read_by is None and not field.many and not field.for_advisor
    return is_free and len(_values(field)) > 1


def _values(field: Field) -> list[str]:
    if field.type is FieldType.BOOLEAN:
        return ["true", "false"]
    return [written(word, in_flow=True) for word in field.values] if field.type is FieldType.CHOICE else []


def _labels(fact_type: FactType) -> list[Field]:
    return [field for field in fact_type.given_fields if field.type is FieldType.LABEL and field.of]


def _concluded(vocabulary: Vocabulary, name: str, subject: FactType) -> list[str]:
    """The fields of the conclusion, each with the first value it may have; what needs a name of something else is left out."""
    parts = []
    for field in vocabulary.types[name].given_fields:
        if field.type is FieldType.LABEL and field.of == subject.name and subject.label:
            parts.append(f"{field.name}: ${subject.name}.{subject.label}")
        elif _values(field):
            value = _values(field)[0]
            parts.append(f"{field.name}: {f'[{value}]' if field.many else value}")
        elif field.type is FieldType.NUMBER and field.required:
            parts.append(f"{field.name}: {field.minimum or 0}")
        elif field.type is FieldType.TEXT and field.required:
            parts.append(f"{field.name}: {MARK}")
    return parts
