"""The plain matcher: the second engine, in Python alone. It runs everywhere, and it computes what is possible."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from itertools import islice

from smartpick_expert.engine.match import Bound, solutions
from smartpick_expert.engine.plans import RulePlan, stratum_plan_of
from smartpick_expert.engine.store import FactSet, Mode, Stores
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import Rule

# Told of a match of a rule; answers with the facts that are new because of it.
OnMatch = Callable[[Rule, Bound], Iterable[Fact]]


class PlainMatcher:
    """Brings the certain matches of a stratum, until nothing new is concluded."""

    name = "plain"
    is_exact = True

    def run(self, stratum: tuple[Rule, ...], stores: Stores, on_match: OnMatch) -> None:
        """Tell `on_match` of every certain match of the stratum's rules, to the fixpoint."""
        run_to_fixpoint(stratum_plan_of(stratum).rules, stores, Mode.CERTAIN, on_match)

    def close(self) -> None:
        """Nothing to give back."""


def run_to_fixpoint(
    rules: Collection[tuple[Rule, RulePlan]],
    stores: Stores,
    mode: Mode,
    on_match: OnMatch,
    most: Callable[[Rule], int | None] = lambda _: None,
) -> None:
    """Match rule after rule, again and again for those whose patterns look at a type that gained a fact.

    `most` says how many matches of a rule are looked at in a round; None means all.
    """
    waiting = rules
    while waiting:
        gained: set[str] = set()
        for rule, plan in waiting:
            if not _may_match(plan, stores.facts(mode)):
                continue
            for bound in list(islice(solutions(rule.when, {}, stores, mode), most(rule))):
                gained.update(fact.type for fact in on_match(rule, bound))
        waiting = [entry for entry in rules if entry[1].joined & gained] if gained else []


def _may_match(plan: RulePlan, facts: FactSet) -> bool:
    for fact_type in plan.joined:  # noqa: SIM110 - as in match.py
        if not facts.of(fact_type):
            return False
    return True
