"""What a person asks why-not about, read against the vocabulary and the rules: a rule, or a conclusion with some of its fields."""

from __future__ import annotations

from dataclasses import dataclass

from smartpick_expert.diagnostics import Diagnostic, Location, Problems, nearest
from smartpick_expert.explain.names import ACTION, Asked, taken_apart, unknown_name
from smartpick_expert.language.literals import read_one
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Scalar
from smartpick_expert.language.values import Slot, shorten
from smartpick_expert.language.vocabulary import FactType, Field, FieldType, Supplier, Vocabulary
from smartpick_expert.workspace import Workspace

_HERE = Location("conclusion")


@dataclass(frozen=True, slots=True)
class AskedRule:
    """A rule, by its id."""

    id: str


@dataclass(frozen=True, slots=True)
class AskedConclusion:
    """A conclusion: its type, and the values it is to have in some of its fields."""

    type: str
    fields: dict[str, Slot]


def read_asked(name: str, workspace: Workspace) -> AskedRule | AskedConclusion:
    """What the name stands for. Raises Problems where there is no such rule, conclusion or action, or no such value."""
    asked = name.strip()
    vocabulary = workspace.vocabulary
    statement, _, _ = asked.partition("[")
    for rule_id in (asked, statement.partition("#")[0]):
        if workspace.all_rules.get(rule_id) is not None:
            return AskedRule(rule_id)
    parts = taken_apart(asked, vocabulary.types)
    if parts is not None:
        return _conclusion(asked, parts, vocabulary.types[parts.type])
    if asked in workspace.knowledge.actions:
        return AskedConclusion(ACTION, {"name": asked})
    for fact_type in vocabulary.supplied_by(Supplier.RULES):
        # Of a word that several types have, the one is meant of which there is one in an advice.
        for field in fact_type.fields.values():
            if fact_type.one_per == () and asked in field.values:
                return AskedConclusion(fact_type.name, {field.name: asked})
    raise unknown_name(asked, _known(workspace, vocabulary))


def _known(workspace: Workspace, vocabulary: Vocabulary) -> list[str]:
    rules = [rule.id for rule in workspace.all_rules.rules]
    words = [
        word
        for fact_type in vocabulary.supplied_by(Supplier.RULES)
        if fact_type.one_per == ()
        for field in fact_type.fields.values()
        for word in field.values
    ]
    return [*rules, *vocabulary.types, *workspace.knowledge.actions, *words]


def _conclusion(asked: str, parts: Asked, fact_type: FactType) -> AskedConclusion:
    reader = Reader()
    fields: dict[str, Slot] = {}
    for name, text in parts.fields:
        field = fact_type.fields.get(name)
        if field is None:
            hint = nearest(name, fact_type.fields) or f"Name one of: {', '.join(fact_type.fields)}."
            raise _problem(f"'{fact_type.name}' has no field '{shorten(name)}'.", hint)
        value = read_one(Scalar(text, quoted=False, location=_HERE), field, reader)
        if value is not None:
            fields[name] = (value,) if field.many else value
    if reader.problems:
        raise Problems(reader.problems)
    if parts.word:
        field = _field_for(parts.word, fact_type)
        if field is None:
            words = [word for one in fact_type.fields.values() for word in one.values]
            hint = nearest(parts.word, words) or f"Write {fact_type.name}[field=value]."
            raise _problem(
                f"No field of '{fact_type.name}' can be '{shorten(parts.word)}' in '{shorten(asked)}'.", hint
            )
        fields[field.name] = parts.word
    return AskedConclusion(fact_type.name, fields)


def _field_for(word: str, fact_type: FactType) -> Field | None:
    """The field that a bare word is meant for: a choice that has it, else the label of what the conclusion is about."""
    for field in fact_type.fields.values():
        if word in field.values:
            return field
    return next((field for field in fact_type.fields.values() if field.type is FieldType.LABEL), None)


def _problem(message: str, hint: str) -> Problems:
    return Problems([Diagnostic("why.name", message, hint, _HERE)])
