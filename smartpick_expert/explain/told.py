"""What of a run an applicant is told: without what is assumed of sections for the advisor, and without rules on what is kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from smartpick_expert.explain.trace import Trace, TracedFact
from smartpick_expert.knowledge.phrases import said
from smartpick_expert.language.model import Audience, Rule, inner_patterns
from smartpick_expert.language.vocabulary import Vocabulary
from smartpick_expert.workspace import Workspace


def is_kept(rule: Rule | None, vocabulary: Vocabulary) -> bool:
    """Whether a rule speaks to the advisor alone and deals with what is kept for the advisor."""
    if rule is None or Audience.APPLICANT in rule.audience:
        return False
    looked_at = {pattern.fact_type for condition in rule.when for pattern in inner_patterns(condition)}
    return any(vocabulary.types[name].for_advisor for name in looked_at | {c.fact_type for c in rule.then})


def as_told(trace: Trace, workspace: Workspace) -> Trace:
    """Without what is assumed of sections for the advisor: said to an applicant, its absence would tell."""
    kept = {f"assumed.{one.name}" for one in workspace.vocabulary.types.values() if one.for_advisor}
    for_advisor = {one.name for one in workspace.vocabulary.types.values() if one.for_advisor}
    return replace(
        trace,
        statements=tuple(one for one in trace.statements if one.id not in kept),
        empty=tuple(one for one in trace.empty if one.type not in for_advisor),
        rules=tuple(
            replace(
                rule,
                conditions=tuple(
                    replace(one, absent="") if one.absent in for_advisor else one for one in rule.conditions
                ),
            )
            for rule in trace.rules
        ),
    )


def in_documents(trace: Trace, workspace: Workspace) -> Trace:
    """A run as the applicant's own documents tell of it.

    As it is told; without the firings of rules on what is kept, and the facts that only an advisor is told of; and without lines of the
    profile, which would tell whether something kept stands before them.
    """
    told = as_told(trace, workspace)
    kept = {one.id for one in trace.rules if is_kept(workspace.ruleset.get(one.id), workspace.vocabulary)}
    types = {one.name for one in workspace.vocabulary.types.values() if one.for_advisor}
    hidden = {fact.id for fact in told.facts if fact.type in types}
    return replace(
        told,
        facts=tuple(_without_lines(fact) for fact in told.facts if fact.id not in hidden),
        firings=tuple(
            replace(
                one,
                bindings=tuple(bound for bound in one.bindings if bound.fact not in hidden),
                support=tuple(replace(each, facts=_left(each.facts, hidden)) for each in one.support),
                conclusions=_left(one.conclusions, hidden),
            )
            for one in told.firings
            if one.rule not in kept
        ),
        statements=tuple(one for one in told.statements if Audience.APPLICANT.value in one.audience),
        empty=tuple(replace(one, line=0) for one in told.empty),
    )


def _left(names: tuple[str, ...], hidden: Collection[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in hidden)


def _without_lines(fact: TracedFact) -> TracedFact:
    if fact.supply != "profile":
        return fact
    fields = tuple(replace(field, line=0) for field in fact.fields)
    return replace(fact, place=said("as_entered") if fact.place else "", fields=fields)
