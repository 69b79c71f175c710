"""The plain matcher: the second engine, in Python alone. It runs everywhere, and it computes what is possible."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from itertools import islice

from smartpick_expert.engine.latches import Opened
from smartpick_expert.engine.match import Bound, solutions
from smartpick_expert.engine.plans import RulePlan, Strata, strata_plan_of
from smartpick_expert.engine.store import MAX_FIRINGS, ExhaustedError, Mode, Stores
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import Rule

# Told of a match of a rule; answers with the facts that are new because of it.
OnMatch = Callable[[Rule, Bound], Iterable[Fact]]
# Told of the number of a stratum in which nothing new is concluded any more.
OnFinished = Callable[[int], None]


class PlainMatcher:
    """Brings the certain matches, stratum after stratum, each until nothing new is concluded."""

    name = "plain"
    is_exact = True

    def run(self, strata: Strata, stores: Stores, on_match: OnMatch, on_finished: OnFinished) -> None:
        """Tell `on_match` of every certain match of each stratum's rules, then `on_finished` of the stratum."""
        plan = strata_plan_of(strata)
        opened = Opened(plan.latches, Mode.CERTAIN)
        for number, stratum in enumerate(plan.strata):
            run_to_fixpoint(stratum.rules, opened, stores, Mode.CERTAIN, on_match)
            on_finished(number)

    def close(self) -> None:
        """Nothing to give back."""


def run_to_fixpoint(
    rules: Collection[tuple[int, Rule, RulePlan]],
    opened: Opened,
    stores: Stores,
    mode: Mode,
    on_match: OnMatch,
    most: Callable[[Rule], int] = lambda _: MAX_FIRINGS + 1,
) -> None:
    """Match rule after rule, again and again for those whose patterns look at a type that gained a fact.

    Only rules that are awake are looked at. `most` says how many matches of a rule are looked at in a round.
    """
    opened.admit(stores.facts(mode))
    waiting = [entry for entry in rules if entry[0] in opened.awake]
    while waiting:
        gained: set[str] = set()
        for _, rule, _ in waiting:
            try:
                found = list(islice(solutions(rule.when, {}, stores, mode), most(rule)))
            except ExhaustedError:
                raise ExhaustedError(rule) from None
            for bound in found:
                gained.update(fact.type for fact in on_match(rule, bound))
        opened.admit(stores.facts(mode))
        waiting = [entry for entry in rules if entry[0] in opened.awake and entry[2].joined & gained] if gained else []
