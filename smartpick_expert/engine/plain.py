"""The plain matcher: the second engine, in Python alone. It runs everywhere, and it computes what is possible."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice

from smartpick_expert.engine.evaluator import Tallied
from smartpick_expert.engine.match import solutions
from smartpick_expert.engine.store import Mode, Stores
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import Rule

Bound = dict[str, Fact | Tallied]
# Told of a match of a rule; answers with the facts that are new because of it.
OnMatch = Callable[[Rule, Bound], Iterable[Fact]]


class PlainMatcher:
    """Brings the certain matches of a stratum, until nothing new is concluded."""

    name = "plain"

    def run(self, stratum: tuple[Rule, ...], stores: Stores, on_match: OnMatch) -> None:
        """Tell `on_match` of every certain match of the stratum's rules, to the fixpoint."""
        run_to_fixpoint(stratum, stores, Mode.CERTAIN, on_match)

    def close(self) -> None:
        """Nothing to give back."""


def run_to_fixpoint(
    rules: Iterable[Rule],
    stores: Stores,
    mode: Mode,
    on_match: OnMatch,
    most: Callable[[Rule], int | None] = lambda _: None,
) -> None:
    """Match rule after rule, again and again for those whose patterns look at a type that gained a fact.

    `most` says how many matches of a rule are looked at in a round; None means all.
    """
    dirty: dict[str, tuple[Rule, frozenset[str]]] = {
        rule.id: (rule, frozenset(pattern.fact_type for pattern in rule.patterns())) for rule in rules
    }
    waiting = dirty
    while waiting:
        gained: set[str] = set()
        for rule, _ in waiting.values():
            for bound in list(islice(solutions(rule.when, {}, stores, mode), most(rule))):
                gained.update(fact.type for fact in on_match(rule, bound))
        waiting = {rule_id: entry for rule_id, entry in dirty.items() if entry[1] & gained}
