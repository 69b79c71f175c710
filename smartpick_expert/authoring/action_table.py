"""The actions with what each of their figures rests on, so that nobody takes our assumptions for more than they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from smartpick_expert.authoring.search import holds
from smartpick_expert.knowledge.actions import Action
from smartpick_expert.knowledge.estimates import ASSUMPTION, Estimate, Fees
from smartpick_expert.knowledge.parameters import Figures, figures_at
from smartpick_expert.language.model import Constant, Rule, Status
from smartpick_expert.language.values import UNKNOWN
from smartpick_expert.workspace import Workspace

NOT_KNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure of an action: `takes`, `costs`, or the name of a parameter; its basis, or that it is not known."""

    of: str
    basis: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action with the rules that advise it, none of them retired, and its figures."""

    action: Action
    advised_by: tuple[Rule, ...]
    figures: tuple[FigureRow, ...]

    @property
    def known(self) -> int:
        """How many figures there are."""
        return sum(1 for figure in self.figures if figure.basis != NOT_KNOWN)

    @property
    def assumptions(self) -> int:
        """How many of them are our assumption."""
        return sum(1 for figure in self.figures if figure.basis == ASSUMPTION)


def action_table(workspace: Workspace, day: date, words: str = "") -> tuple[ActionRow, ...]:
    """Each action, in the order of the files, with its figures as of a day; with words, those that hold them."""
    figures = figures_at(workspace.knowledge.parameters.values(), day)
    live = [rule for rule in workspace.ruleset.rules if rule.status is not Status.RETIRED]
    return tuple(
        ActionRow(
            action,
            tuple(rule for rule in live if action.name in _advised(rule)),
            tuple(_figures(action, figures)),
        )
        for action in workspace.knowledge.actions.values()
        if holds(words, (action.name, action.title, action.do, action.done_when, action.changes_nothing))
    )


def _advised(rule: Rule) -> set[object]:
    named = [dict(conclusion.values).get("name") for conclusion in rule.then if conclusion.fact_type == "action"]
    return {operand.value for operand in named if isinstance(operand, Constant)}


def _figures(action: Action, figures: Figures) -> Iterator[FigureRow]:
    if action.until:
        yield _of_parameter(action.until, figures)
    for key, estimate in (("takes", action.takes), ("costs", action.costs)):
        if isinstance(estimate, Estimate):
            yield FigureRow(key, estimate.basis, estimate.source)
        elif isinstance(estimate, Fees):
            yield from (_of_parameter(name, figures) for name in (*estimate.due, *estimate.perhaps))
        elif estimate is UNKNOWN:
            yield FigureRow(key, NOT_KNOWN)


def _of_parameter(name: str, figures: Figures) -> FigureRow:
    figure = figures.by_name[name]
    return FigureRow(name, NOT_KNOWN if figure.value is UNKNOWN else figure.basis, figure.source)
