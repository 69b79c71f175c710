"""Contradictions of a profile, as the rules that check it find them: two places that cannot both be right."""

from __future__ import annotations

from collections.abc import Mapping

from smartpick_expert.diagnostics import Diagnostic, Location
from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.explain.trials import CONTRADICTION
from smartpick_expert.explain.wording import because_text
from smartpick_expert.intake.profile import Profile
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import Rule
from smartpick_expert.workspace import Workspace


def contradictions(consultation: Consultation, workspace: Workspace) -> tuple[Diagnostic, ...]:
    """What the rules of topic `intake` found: two places of the profile that cannot both be right, one message each."""
    derivation = consultation.derivation
    found: list[Diagnostic] = []
    for firing in derivation.firings:
        rule = derivation.rules[firing.rule_id]
        found += [
            _contradiction(rule, dict(firing.bindings), fact, consultation, workspace)
            for fact in firing.conclusions
            if fact.type == CONTRADICTION
        ]
    return tuple(found)


def _contradiction(
    rule: Rule, bindings: Mapping[str, Fact], fact: Fact, consultation: Consultation, workspace: Workspace
) -> Diagnostic:
    words = because_text(rule.because, bindings, consultation.derivation.compiled.parameters, workspace.vocabulary)
    first = _place(consultation.profile, fact, "", workspace)
    second = _place(consultation.profile, fact, "other_", workspace)
    return Diagnostic(
        "profile.contradiction",
        " ".join(words.split()),
        f"(Rule {rule.id}.)",
        first,
        related=((second, "the other place"),),
    )


def _place(profile: Profile, fact: Fact, prefix: str, workspace: Workspace) -> Location:
    section, entry, field = (fact.get(prefix + name) for name in ("section", "entry", "field"))
    fact_type = workspace.vocabulary.types.get(str(section))
    label = entry if isinstance(entry, str) else ""
    return profile.place(str(section), label, str(field), fact_type.label if fact_type else "")
