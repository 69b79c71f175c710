"""Conclusions that cannot both stand: two different facts where the vocabulary allows one (`one_per`)."""

from __future__ import annotations

from dataclasses import dataclass

from smartpick_expert.diagnostics import Diagnostic
from smartpick_expert.engine.derivation import Derivation
from smartpick_expert.language.facts import Fact, fact_id
from smartpick_expert.language.values import UNKNOWN, Slot

CODE = "rule.conflict"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Certain facts of one type that agree in the fields of `one_per` and differ elsewhere."""

    type: str
    facts: tuple[Fact, ...]


def conflicts(derivation: Derivation) -> tuple[Conflict, ...]:
    """Every conflict among the certain facts. What is unknown may turn out equal, so it is no conflict yet."""
    found: list[Conflict] = []
    for fact_type in derivation.compiled.vocabulary.types.values():
        if fact_type.one_per is None:
            continue
        groups: dict[tuple[Slot, ...], list[Fact]] = {}
        for fact in derivation.of(fact_type.name):
            if not fact.has_unknown:
                groups.setdefault(tuple(fact.get(name) for name in fact_type.one_per), []).append(fact)
        found += [
            Conflict(fact_type.name, tuple(facts))
            for key, facts in groups.items()
            if len(facts) > 1 and UNKNOWN not in key
        ]
    return tuple(found)


def conflict_diagnostics(derivation: Derivation) -> tuple[Diagnostic, ...]:
    """Each conflict as a finding that names the rules behind it; an advice must not be given on such a rule base."""
    return tuple(_diagnostic(conflict, derivation) for conflict in conflicts(derivation))


def _diagnostic(conflict: Conflict, derivation: Derivation) -> Diagnostic:
    vocabulary = derivation.compiled.vocabulary
    rules = dict.fromkeys(
        firing.rule_id for fact in conflict.facts for firing in derivation.justifications.get(fact, ())
    )
    places = [(derivation.rules[rule_id].location, f"rule {rule_id}") for rule_id in rules]
    named = " and ".join(fact_id(vocabulary, fact) for fact in conflict.facts)
    return Diagnostic(
        CODE,
        f"Rules conclude {named} of the same applicant, and only one can be so.",
        "Make the rules exclude one another; until then no advice can be given on this profile.",
        places[0][0],
        related=tuple(places),
    )
