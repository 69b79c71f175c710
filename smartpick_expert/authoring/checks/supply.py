"""Who concludes what a stable rule reads: stable rules, others only, or nobody. A draft may wait for what is yet to come."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from smartpick_expert.authoring.checks.base import Base
from smartpick_expert.authoring.checks.reading import conclusions_of
from smartpick_expert.engine.strata import may_match
from smartpick_expert.language.model import Pattern, Rule, Status, inner_patterns
from smartpick_expert.language.vocabulary import Supplier


class Supply(Enum):
    """Who supplies a fact that no stable rule concludes."""

    NOBODY = "nobody"
    OTHERS = "drafts and retired rules"


def unsupplied(base: Base, by: Supply) -> Iterator[tuple[Rule, Pattern]]:
    """Each pattern of a stable rule on a concluded type that no stable rule may match, by who else does."""
    types = base.workspace.vocabulary.types
    conclusions = conclusions_of(base.workspace.ruleset.rules)
    for rule in base.workspace.ruleset.rules:
        if rule.status is not Status.STABLE:
            continue
        for condition in rule.when:
            for pattern in inner_patterns(condition):
                if types[pattern.fact_type].supplied_by is not Supplier.RULES:
                    continue
                suppliers = [r for r, c in conclusions.get(pattern.fact_type, ()) if may_match(c, pattern)]
                if any(supplier.status is Status.STABLE for supplier in suppliers):
                    continue
                if (Supply.OTHERS if suppliers else Supply.NOBODY) is by:
                    yield rule, pattern


def suppliers_of(base: Base, pattern: Pattern) -> tuple[Rule, ...]:
    """The rules of any status whose conclusions a pattern may match."""
    found = conclusions_of(base.workspace.ruleset.rules).get(pattern.fact_type, ())
    return tuple(dict.fromkeys(rule for rule, conclusion in found if may_match(conclusion, pattern)))
