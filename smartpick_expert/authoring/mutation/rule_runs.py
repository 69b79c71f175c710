"""One rule run on the facts of a case, again and again: as it is written, and with something in it changed.

What is made ready of a case is kept, so that a run is one search for matches and nothing else. The meaning is that of a
consultation with this one rule; the plain matcher's own search is what finds the matches.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from smartpick_expert.authoring.cases import Case, facts_of, failures_of, parameters_of
from smartpick_expert.diagnostics import Problems
from smartpick_expert.engine.compiled import conditions_with
from smartpick_expert.engine.match import solutions
from smartpick_expert.engine.plans import rule_plan_of
from smartpick_expert.engine.session import exhausted
from smartpick_expert.engine.store import MAX_FIRINGS, ExhaustedError, Mode, Stores
from smartpick_expert.language.facts import Fact, Origin
from smartpick_expert.language.model import Rule
from smartpick_expert.language.values import Slot
from smartpick_expert.workspace import Workspace

# The firings of a rule: the facts bound to its names, and what it concludes of them.
Firings = Mapping[tuple[Fact, ...], tuple[Fact, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """What a rule is run on: facts (`open` are those that are only possible), the day, the values of the parameters."""

    facts: tuple[Fact, ...]
    open: frozenset[Fact]
    as_of: date
    parameters: Mapping[str, Slot]
    stores: Stores

    def ready(self, rule: Rule) -> Rule:
        """The rule with its parameters put in."""
        return replace(rule, when=conditions_with(rule.when, self.parameters))


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """A case of a rule's own, with the rule as it reads on the day of the case and what comes of it."""

    case: Case
    given: Given
    rule: Rule
    firings: Firings


def given(
    facts: Iterable[Fact], as_of: date, parameters: Mapping[str, Slot], only_possible: Iterable[Fact] = ()
) -> Given:
    """Facts made ready; open ones are only possible anyhow."""
    several = tuple(facts)
    perhaps = frozenset((*only_possible, *(fact for fact in several if fact.origin is Origin.OPEN)))
    return Given(several, perhaps, as_of, parameters, _stores(several, perhaps))


def ready_case(case: Case, rule: Rule, workspace: Workspace, whole: Given | None = None) -> Ready:
    """A case made ready; of one on a whole profile `whole` is what the rule is run on.

    Raises Problems for a rule that never comes to an end.
    """
    there = whole or given(facts_of(case, workspace.vocabulary), case.as_of, parameters_of(case, workspace))
    read = there.ready(rule)
    return Ready(case, there, read, firings_of(read, there))


def firings_of(rule: Rule, given: Given) -> Firings:
    """What a rule, its parameters put in, does on given facts. Raises Problems for a rule that never comes to an end."""
    if not rule.is_live(given.as_of, with_drafts=True):
        return {}
    plan = rule_plan_of(rule)
    # What the rule itself concludes is a fact for it too, but for no other run.
    feeds_itself = any(conclusion.fact_type in plan.mentioned for conclusion in rule.then)
    stores = _stores(given.facts, given.open) if feeds_itself else given.stores
    stores.visits = 0
    found: dict[tuple[Fact, ...], tuple[Fact, ...]] = {}
    try:
        grows = True
        while grows:
            grows = False
            for bound in list(islice(solutions(rule.when, {}, stores, Mode.CERTAIN), MAX_FIRINGS)):
                key: tuple[Fact, ...] = tuple(bound[name] for name in plan.names)  # type: ignore[misc]
                if key in found:
                    continue
                found[key] = tuple(dict.fromkeys(conclude(bound) for conclude in plan.conclusions))
                if feeds_itself:
                    new = [fact for fact in found[key] if stores.add_certain(fact)]
                    grows = grows or any(fact.type in plan.joined for fact in new)
    except ExhaustedError:
        raise Problems([exhausted(rule)]) from None
    return found


def notices(ready: Ready, changed: Rule, workspace: Workspace) -> bool:
    """Whether the case does not hold with the changed rule in place of its own."""
    found = firings_of(changed, ready.given)
    return any(True for _ in failures_of(ready.case, ready.rule.id, tuple(found.values()), workspace.vocabulary))


def tells_apart(ready: Ready, changed: Rule) -> bool:
    """Whether the changed rule does something else than the rule on the facts of the case."""
    return seen(firings_of(changed, ready.given)) != seen(ready.firings)


def seen(firings: Firings) -> tuple[int, frozenset[Fact]]:
    """What a case can demand of firings: how many there are, and what they conclude."""
    return len(firings), frozenset(fact for several in firings.values() for fact in several)


def _stores(facts: Iterable[Fact], perhaps: frozenset[Fact]) -> Stores:
    stores = Stores()
    for fact in facts:
        if fact in perhaps:
            stores.add_possible(fact)
        else:
            stores.add_certain(fact)
    return stores
