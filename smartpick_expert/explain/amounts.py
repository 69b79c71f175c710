"""What the tallies of a rule that fired came to, and by how much they would have to change for it not to have fired."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from smartpick_expert.engine.evaluator import slot_of
from smartpick_expert.engine.match import Bound
from smartpick_expert.engine.tallies import tally_range
from smartpick_expert.explain.binding_search import Search
from smartpick_expert.explain.condition_text import ConditionWords, marked_text
from smartpick_expert.explain.nearness import undone
from smartpick_expert.explain.why_not_model import Amount
from smartpick_expert.language.model import Rule, Tally, TallyKind
from smartpick_expert.language.values import exact_sum


def amounts_of(rule: Rule, bound: Bound, search: Search) -> Iterator[Amount]:
    """The tallies of a rule under a binding at which it fired, with each limit that it could fail.

    A tally that is not settled has no amount, and neither has a limit that is held against no number.
    """
    words = ConditionWords(rule, search.vocabulary)
    for tally in rule.when:
        if not isinstance(tally, Tally):
            continue
        value = tally_range(tally, bound, search.stores).value
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            continue
        for limit in tally.limits:
            operands = tuple(slot_of(operand, bound) for operand in limit.operands)
            found = undone(limit.operator.name, value, operands)
            if found is not None:
                side, gap = found
                whole = _is_count(tally) and limit.operator.name in ("at_least", "at_most")
                over = replace(gap, by=exact_sum(gap.by, 1)) if whole else gap
                yield Amount(words.tallied(tally), value, f"{side} {marked_text(operands[0])}", over, _is_count(tally))


def _is_count(tally: Tally) -> bool:
    return tally.kind is TallyKind.COUNT
