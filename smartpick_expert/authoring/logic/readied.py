"""The live rules of a workspace made ready to be reckoned with: the values of the day's parameters put in, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from smartpick_expert.authoring.begun import is_begun
from smartpick_expert.authoring.logic.gathering import TooManyWaysError, situations_of
from smartpick_expert.authoring.logic.situations import Fired
from smartpick_expert.authoring.logic.tallied import with_tallies
from smartpick_expert.engine.compiled import conditions_with
from smartpick_expert.engine.plans import ById
from smartpick_expert.knowledge.parameters import Figures, figures_at
from smartpick_expert.knowledge.seasons import running_season
from smartpick_expert.knowledge.signals import signal_facts
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import Conclusion, Constant, ParameterReference, Rule
from smartpick_expert.language.values import UNKNOWN, Slot
from smartpick_expert.language.vocabulary import Vocabulary
from smartpick_expert.workspace import Workspace


@dataclass(frozen=True)
class Readied:
    """The rules that are live on a day, drafts among them, in the order of their places; and what the knowledge supplies."""

    workspace: Workspace
    as_of: date
    _situations: dict[str, tuple[Fired, ...]] = field(default_factory=dict, repr=False)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words that the rules speak, and what they tally."""
        return with_tallies(self.workspace.vocabulary, self.rules)

    @cached_property
    def figures(self) -> Figures:
        """The parameters as an advice of the day, on the season under way, reads them."""
        return figures_at(self.workspace.knowledge.parameters.values(), self.as_of, running_season(self.as_of))

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The live rules, parameters put in. One that is only begun does not say yet what it will ask, and is left out."""
        live = (
            rule
            for rule in self.workspace.ruleset.rules
            if rule.is_live(self.as_of, with_drafts=True) and not is_begun(rule)
        )
        return tuple(sorted((_with_values(rule, self.figures.slots) for rule in live), key=lambda rule: rule.location))

    @cached_property
    def supplied(self) -> Mapping[str, tuple[Fact, ...]]:
        """What the knowledge supplies, by type."""
        found: dict[str, list[Fact]] = {}
        facts = [program.fact for program in self.workspace.knowledge.programs.values()]
        for fact in (*facts, *signal_facts(self.figures, self.vocabulary)):
            found.setdefault(fact.type, []).append(fact)
        return {name: tuple(facts) for name, facts in found.items()}

    @cached_property
    def concluding(self) -> Mapping[str, tuple[tuple[Rule, Conclusion], ...]]:
        """The rules that conclude facts of a type, each with the conclusion, by type."""
        found: dict[str, list[tuple[Rule, Conclusion]]] = {}
        for rule in self.rules:
            for conclusion in rule.then:
                found.setdefault(conclusion.fact_type, []).append((rule, conclusion))
        return {name: tuple(pairs) for name, pairs in found.items()}

    def situations(self, rule: Rule) -> tuple[Fired, ...]:
        """The situations in which a rule fires; none where there are too many to be reckoned with."""
        if rule.id not in self._situations:
            try:
                self._situations[rule.id] = situations_of(rule, self.vocabulary)
            except TooManyWaysError:
                self._situations[rule.id] = ()
        return self._situations[rule.id]


def _with_values(rule: Rule, parameters: Mapping[str, Slot]) -> Rule:
    then = tuple(
        replace(
            conclusion,
            values=tuple(
                (name, Constant(parameters.get(o.name, UNKNOWN), o.name) if isinstance(o, ParameterReference) else o)
                for name, o in conclusion.values
            ),
        )
        for conclusion in rule.then
    )
    return replace(rule, when=conditions_with(rule.when, parameters), then=then)


def readied(workspace: Workspace, as_of: date) -> Readied:
    """The rules of a workspace on a day; made ready once."""
    known = _readied(workspace)
    if as_of not in known:
        known[as_of] = Readied(workspace, as_of)
    return known[as_of]


def _none_yet(_: Workspace) -> dict[date, Readied]:
    return {}


_readied: ById[Workspace, dict[date, Readied]] = ById(_none_yet, most=4)
