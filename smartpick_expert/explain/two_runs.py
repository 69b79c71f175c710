"""In what two runs differ: the types of facts that are not alike in both, and all that rules may conclude from them.

Whatever is asked of other types has one answer in both runs, and need be answered once.
"""

from __future__ import annotations

from collections.abc import Iterable

from smartpick_expert.engine.derivation import Derivation
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import Rule, inner_patterns


def types_looked_at(rule: Rule) -> frozenset[str]:
    """The types of facts that the conditions of a rule look at."""
    return frozenset(pattern.fact_type for condition in rule.when for pattern in inner_patterns(condition))


def types_apart(one: Derivation, other: Derivation, rules: Iterable[Rule]) -> frozenset[str] | None:
    """The types in which two runs differ, or may by any of these rules; None where nothing can be said of them.

    So it is where the runs are by other rules or numbers, and where one cut rules off: how much all rules conclude decides that.
    """
    if one.compiled is not other.compiled or one.cut_off or other.cut_off:
        return None
    found = {fact.type for fact, _ in _judged(one) ^ _judged(other)}
    left = [(types_looked_at(rule), {conclusion.fact_type for conclusion in rule.then}) for rule in rules]
    while True:
        reached = [concluded for looked_at, concluded in left if looked_at & found]
        if not reached:
            return frozenset(found)
        left = [(looked_at, concluded) for looked_at, concluded in left if not looked_at & found]
        found.update(*reached)


def _judged(derivation: Derivation) -> set[tuple[Fact, bool]]:
    certain = set(derivation.certain)
    return {(fact, fact in certain) for fact in derivation.possible}
