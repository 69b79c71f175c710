"""Statements: each thing the advice says, as a value with its words and its origin.

A statement comes from the firings of one rule, or from what the consultation took for granted (an assumption, a typical
program). Documents only place statements; one without an origin cannot be made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from smartpick_expert.engine.compiled import parameters_read
from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.engine.derivation import Firing
from smartpick_expert.engine.evaluator import Bindings, Tallied
from smartpick_expert.explain.standing import standing_of
from smartpick_expert.explain.wording import because_text
from smartpick_expert.knowledge.phrases import said
from smartpick_expert.language.facts import Fact, fact_id
from smartpick_expert.language.facts import Origin as FactOrigin
from smartpick_expert.language.model import Audience, Rule
from smartpick_expert.language.values import Slot
from smartpick_expert.language.vocabulary import FieldType, Supplier, Vocabulary
from smartpick_expert.workspace import Workspace

EVERYBODY = (Audience.APPLICANT, Audience.ADVISOR)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a statement comes from. Firings are numbered as in the record (`F12`); facts are named as there."""

    rule: str = ""
    firings: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    parameters: tuple[tuple[str, Slot], ...] = ()
    sources: tuple[str, ...] = ()
    vocabulary: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether the statement comes from nowhere."""
        return not (self.firings or self.vocabulary or self.sources)


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing the advice says.

    `kind` is perception, measured or assumption. `standing` says how it stands against the evidence (perception), or how
    it is known (measured). `conclusions` are the facts it states; equal words from several firings are one statement.
    """

    id: str
    topic: str
    title: str
    text: str
    kind: str
    standing: str
    audience: tuple[Audience, ...]
    origin: Origin
    conclusions: tuple[Fact, ...] = ()

    def __post_init__(self) -> None:
        if self.origin.is_empty:
            message = f"statement {self.id} has no origin"
            raise ValueError(message)


def firing_ids(consultation: Consultation) -> Mapping[Firing, str]:
    """The number of each firing, in the derivation's order."""
    return {firing: f"F{number}" for number, firing in enumerate(consultation.derivation.firings, start=1)}


def statements_of(consultation: Consultation, workspace: Workspace) -> tuple[Statement, ...]:
    """Every statement of a consultation: of its firings in their order, then of its assumptions."""
    ids = firing_ids(consultation)
    grouped: dict[tuple[str, str], list[Firing]] = {}
    for firing in consultation.derivation.firings:
        rule = consultation.derivation.rules[firing.rule_id]
        grouped.setdefault((rule.id, _text(rule, firing, consultation, workspace)), []).append(firing)
    found = [
        _of_firings(consultation.derivation.rules[rule_id], text, firings, ids, consultation, workspace)
        for (rule_id, text), firings in grouped.items()
    ]
    found = _with_distinct_ids(found)
    found += [
        Statement(
            id=f"assumed.{assumption.type}",
            topic="assumption",
            title=said("assumed_section", section=assumption.type),
            text=assumption.sentence,
            kind="assumption",
            standing="assumption",
            audience=EVERYBODY,
            origin=Origin(vocabulary=assumption.type),
        )
        for assumption in consultation.intake.assumptions
    ]
    return tuple(found)


def _with_distinct_ids(statements: list[Statement]) -> list[Statement]:
    """Statements of one rule about the same entries are numbered, in the derivation's order."""
    seen: dict[str, int] = {}
    distinct: list[Statement] = []
    for statement in statements:
        number = seen[statement.id] = seen.get(statement.id, 0) + 1
        distinct.append(statement if number == 1 else replace(statement, id=f"{statement.id}#{number}"))
    return distinct


def _text(rule: Rule, firing: Firing, consultation: Consultation, workspace: Workspace) -> str:
    named = {name: _with_names(fact, workspace) for name, fact in firing.bindings}
    bound: Bindings = {**named, **{name: Tallied(value) for name, value in firing.tallies}}
    return because_text(rule.because, bound, consultation.derivation.compiled.parameters, workspace.vocabulary)


def _with_names(fact: Fact, workspace: Workspace) -> Fact:
    """A fact whose free texts name programs as people do, where they hold the label of one that is listed."""
    fields, programs = workspace.vocabulary.types[fact.type].fields, workspace.knowledge.programs
    names = {
        name: programs[slot].name
        for name, slot in fact.values
        if isinstance(slot, str) and fields[name].type is FieldType.TEXT and slot in programs and programs[slot].name
    }
    return replace(fact, values=tuple((name, names.get(name, slot)) for name, slot in fact.values)) if names else fact


def _of_firings(
    rule: Rule,
    text: str,
    firings: list[Firing],
    ids: Mapping[Firing, str],
    consultation: Consultation,
    workspace: Workspace,
) -> Statement:
    vocabulary = workspace.vocabulary
    first = firings[0]
    labels = dict.fromkeys(
        label_of(f, vocabulary) for firing in firings for _, f in firing.bindings if _is_entry(f, vocabulary)
    )
    premises = dict.fromkeys(fact_id(vocabulary, fact) for firing in firings for fact in firing.premises)
    parameters = consultation.derivation.compiled.parameters
    return Statement(
        id=f"{rule.id}[{' '.join(labels)}]" if labels else rule.id,
        topic=rule.topic,
        title=rule.title,
        text=text,
        kind=rule.kind.value,
        standing=standing_of(rule, workspace.knowledge),
        audience=rule.audience,
        origin=Origin(
            rule=rule.id,
            firings=tuple(ids[firing] for firing in firings),
            facts=tuple(premises),
            parameters=tuple((name, parameters[name]) for name in parameters_read(rule) if name in parameters),
            sources=rule.sources,
        ),
        conclusions=tuple(dict.fromkeys(fact for firing in firings for fact in firing.conclusions))
        or first.conclusions,
    )


def _is_entry(fact: Fact, vocabulary: Vocabulary) -> bool:
    """Whether a fact is one of several entries of a profile's section, and so tells statements of one rule apart."""
    fact_type = vocabulary.types[fact.type]
    return fact.origin is FactOrigin.LISTED and fact_type.supplied_by is Supplier.PROFILE and not fact_type.one


def label_of(fact: Fact, vocabulary: Vocabulary) -> str:
    """The label of an entry."""
    label = fact.get(vocabulary.types[fact.type].label)
    return label if isinstance(label, str) else str(fact.position + 1)
