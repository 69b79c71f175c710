"""All knowledge of a workspace by name, and the checks that hold it together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from smartpick_expert.diagnostics import Location
from smartpick_expert.knowledge.actions import Action
from smartpick_expert.knowledge.claims import Claim
from smartpick_expert.knowledge.estimates import EVIDENCE, Estimate
from smartpick_expert.knowledge.evidence import Evidence
from smartpick_expert.knowledge.parameters import Parameter
from smartpick_expert.knowledge.phrasing import Phrasing
from smartpick_expert.knowledge.programs import Program
from smartpick_expert.language.loader import KnownNames
from smartpick_expert.language.operands import ParameterType
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.values import shorten


class _Located(Protocol):
    @property
    def location(self) -> Location: ...


_T = TypeVar("_T", bound=_Located)


@dataclass(frozen=True)
class Knowledge:
    """Claims, evidence, parameters, actions and programs by their names, and the words that documents put around them."""

    claims: Mapping[str, Claim]
    evidence: Mapping[str, Evidence]
    parameters: Mapping[str, Parameter]
    actions: Mapping[str, Action]
    programs: Mapping[str, Program]
    phrasing: Phrasing = field(default_factory=Phrasing)

    @property
    def names(self) -> KnownNames:
        """What rules may cite."""
        sources = {f"claim:{name}" for name in self.claims} | {f"evidence:{name}" for name in self.evidence}
        return KnownNames(parameter_types(self.parameters), frozenset(sources))


def parameter_types(parameters: Mapping[str, Parameter]) -> dict[str, ParameterType]:
    """What rules and actions may know of the parameters."""
    return {p.name: ParameterType(p.type, p.unit, p.many) for p in parameters.values()}


def by_name(entries: list[tuple[str, _T]], what: str, reader: Reader) -> dict[str, _T]:
    """Entries by name; a name that stands twice is noted as a problem."""
    found: dict[str, _T] = {}
    for name, entry in entries:
        if name in found:
            reader.problem(
                entry.location, "knowledge.duplicate", f"{what} '{shorten(name)}' stands twice.", "Rename or delete one.",
                related=((found[name].location, "the first one"),),
            )  # fmt: skip
        elif name:
            found[name] = entry
    return found


def check_citations(knowledge: Knowledge, stages: tuple[str, ...], reader: Reader) -> None:
    """Note claims and parameters that cite evidence nobody wrote down, and actions for stages that do not exist."""
    for claim in knowledge.claims.values():
        for cited in (*claim.evidence_for, *claim.evidence_against):
            if cited not in knowledge.evidence:
                hint = reader.nearest(cited, knowledge.evidence) or "Add it to knowledge/evidence."
                reader.problem(
                    claim.location,
                    "name.source",
                    f"Claim '{shorten(claim.id)}' cites evidence '{shorten(cited)}'.",
                    hint,
                )
    for parameter in knowledge.parameters.values():
        _check_sources(parameter, knowledge, reader)
    for action in knowledge.actions.values():
        _check_action(action, knowledge, stages, reader)


def _check_action(action: Action, knowledge: Knowledge, stages: tuple[str, ...], reader: Reader) -> None:
    """Note stages that do not exist, and a figure's evidence that nobody wrote down."""
    named = [*action.stages, *(stage for change in action.changes for stage in change.stages)]
    for stage in named:
        if stages and stage not in stages:
            reader.problem(
                action.location, "value.choice", f"'{shorten(stage)}' is no stage.", reader.nearest(stage, stages)
            )
    for figure in (action.takes, action.costs):
        kind, _, cited = figure.source.partition(":") if isinstance(figure, Estimate) else ("", "", "")
        if kind == EVIDENCE and cited not in knowledge.evidence:
            hint = reader.nearest(cited, knowledge.evidence) or "Add it to knowledge/evidence."
            message = f"Action '{shorten(action.name)}' cites evidence '{shorten(cited)}'."
            reader.problem(action.location, "name.source", message, hint)


def _check_sources(parameter: Parameter, knowledge: Knowledge, reader: Reader) -> None:
    """Note what a parameter or one of its values cites and nobody wrote down."""
    cited_at = {parameter.source: parameter.location}
    for period in parameter.periods:
        cited_at.setdefault(period.source, period.location)
    for value in parameter.seasons:
        cited_at.setdefault(value.source, value.location)
    for source, place in cited_at.items():
        kind, _, cited = source.partition(":")
        known = {"claim": knowledge.claims, "evidence": knowledge.evidence}.get(kind)
        if known is not None and cited not in known:
            hint = reader.nearest(cited, known) or f"Add it to knowledge/{kind}."
            reader.problem(
                place, "name.source", f"Parameter '{shorten(parameter.name)}' cites {shorten(source)}.", hint
            )
