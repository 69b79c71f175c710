"""How far a rule may be relied on."""

from __future__ import annotations

from smartpick_expert.knowledge.claims import Standing
from smartpick_expert.knowledge.registries import Knowledge
from smartpick_expert.language.model import CLAIM, EVIDENCE, Kind, Rule


def standing_of(rule: Rule, knowledge: Knowledge) -> str:
    """How far a rule may be relied on: the weakest standing of its claims, or how its evidence is known."""
    if rule.kind is Kind.PERCEPTION:
        standings = [knowledge.claims[s.removeprefix(CLAIM)].standing for s in rule.sources if s.startswith(CLAIM)]
        order = list(Standing)
        return max(standings, key=order.index).value if standings else Standing.UNSUPPORTED.value
    known = [knowledge.evidence[s.removeprefix(EVIDENCE)].known_by for s in rule.sources if s.startswith(EVIDENCE)]
    return max(known, key=list(type(known[0])).index).value if known else "assumption"
