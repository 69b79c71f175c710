"""What stands behind an advice, for the annexes of its report: what it was told, every rule that fired, and the sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.engine.derivation import Derivation, Firing
from smartpick_expert.explain.told import is_kept
from smartpick_expert.explain.wording import with_unit
from smartpick_expert.knowledge.registries import Knowledge
from smartpick_expert.language.facts import fact_id
from smartpick_expert.language.values import UNKNOWN
from smartpick_expert.language.vocabulary import Supplier, Vocabulary
from smartpick_expert.report.advised import sources_of
from smartpick_expert.report.advised_model import AdvisedAction
from smartpick_expert.report.costs_model import FigureView
from smartpick_expert.report.otherwise import Otherwise
from smartpick_expert.report.statements import Statement
from smartpick_expert.report.view_model import Citation, FiringView, GivenEntry, GivenField


def given_of(consultation: Consultation, vocabulary: Vocabulary, otherwise: Otherwise) -> Iterator[GivenEntry]:
    """Every entry of the profile that is for the applicant's eyes, as the advice repeats it; `otherwise` names entries."""
    for fact in consultation.intake.facts:
        fact_type = vocabulary.types[fact.type]
        entry = consultation.intake.entries.get(fact)
        if fact_type.supplied_by is not Supplier.PROFILE or fact_type.for_advisor or entry is None:
            continue
        fields = tuple(
            GivenField(f.name, f.meaning, with_unit(fact.get(f.name), f))
            for f in fact_type.fields.values()
            if f.name in fact.slots
            and f.name != fact_type.label
            and not f.computed
            and not f.for_advisor
            and not f.told_as
            and fact.get(f.name) is not UNKNOWN
        )
        yield GivenEntry(fact.type, fact_type.meaning, otherwise.names.label(fact), fields, otherwise.verified(entry))


def firings_of(
    derivation: Derivation, ids: Mapping[Firing, str], statements: Mapping[str, Statement], vocabulary: Vocabulary
) -> tuple[FiringView, ...]:
    """Every rule that fired, in the order in which they did. `ids` are the numbers of firings, `statements` what each states."""
    return tuple(_firing(firing, derivation, ids, statements, vocabulary) for firing in derivation.firings)


def _firing(
    firing: Firing,
    derivation: Derivation,
    ids: Mapping[Firing, str],
    statements: Mapping[str, Statement],
    vocabulary: Vocabulary,
) -> FiringView:
    rule = derivation.rules[firing.rule_id]
    number = ids[firing]
    return FiringView(
        id=number,
        rule=rule.id,
        title=rule.title,
        kind=rule.kind.value,
        standing=statements[number].standing,
        sources=rule.sources,
        premises=tuple(fact_id(vocabulary, fact) for fact in firing.premises),
        conclusions=tuple(fact_id(vocabulary, fact) for fact in firing.conclusions),
        file=str(rule.location),
        kept=is_kept(rule, vocabulary),
    )


def citations_of(
    statements: Iterable[Statement],
    figures: Iterable[FigureView],
    actions: Iterable[AdvisedAction],
    knowledge: Knowledge,
) -> tuple[Citation, ...]:
    """Every source that these statements, figures and actions cite: a claim with what was measured about it, or the evidence."""
    cited = sorted(
        {source for statement in statements for source in statement.origin.sources}
        | {figure.source for figure in figures if figure.source}
        | {source for action in actions for source in sources_of(action)}
    )
    found: list[Citation] = []
    for source in cited:
        kind, _, name = source.partition(":")
        if kind == "claim" and name in knowledge.claims:
            claim = knowledge.claims[name]
            sides = (_findings(claim.evidence_for, knowledge), _findings(claim.evidence_against, knowledge))
            found.append(Citation(source, kind, claim.says, claim.standing.value, claim.section, claim.note, *sides))
        elif name in knowledge.evidence:
            evidence = knowledge.evidence[name]
            known_by = evidence.known_by.value
            found.append(
                Citation(source, kind, evidence.finding, known_by, evidence.citation, looked_up=evidence.as_of)
            )
    return tuple(found)


def _findings(names: Iterable[str], knowledge: Knowledge) -> tuple[str, ...]:
    return tuple(f"{knowledge.evidence[name].finding} ({knowledge.evidence[name].citation})" for name in names)
