"""Where the article and the figures disagree: a statement of its own for each claim on which an advice says both.

A claim is disputed in an advice where a perception rule that fired carries it and either a measured rule that fired warns
against it, or evidence contradicts it. What is said by rules that speak to the advisor alone stays out. The words stand in the
templates; which of the two the advice follows is read off what each side concluded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from smartpick_expert.knowledge.claims import Claim, Standing
from smartpick_expert.knowledge.registries import Knowledge
from smartpick_expert.language.model import Audience, Kind, Rule
from smartpick_expert.report.statements import Origin, Statement

ARTICLE, FIGURES, BOTH, NEITHER = "article", "figures", "both", "neither"
_ACTION: Final = "action"
# What is concluded only to be read, and neither sorts a file nor advises a step.
_ONLY_SAID: Final = frozenset({"notice", "phrase", "contradiction"})


@dataclass(frozen=True, slots=True)
class Finding:
    """Something measured or officially stated that stands against a claim, with where it comes from."""

    id: str
    says: str
    reference: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One claim on which the article and the figures part.

    `carried` are the statements that follow the article, `measured` those that speak against it; `findings` is what the claim's
    evidence adds to them. `sorts` and `advises` say whom this advice follows in sorting the file and in what to do: article,
    figures, both or neither.
    """

    id: str
    claim: str
    says: str
    standing: str
    note: str
    carried: tuple[Statement, ...]
    measured: tuple[Statement, ...]
    findings: tuple[Finding, ...]
    sorts: str
    advises: str
    origin: Origin


def disagreements_of(
    statements: Iterable[Statement], rules: Mapping[str, Rule], knowledge: Knowledge
) -> tuple[Disagreement, ...]:
    """The disagreements among the statements of an advice. Those that rest on the same figures come one after another."""
    carrying: dict[str, list[Statement]] = {}
    warning: dict[str, list[Statement]] = {}
    for statement in statements:
        rule = rules.get(statement.origin.rule)
        if rule is None or Audience.APPLICANT not in statement.audience:
            continue
        if rule.kind is Kind.PERCEPTION:
            for claim in rule.carries():
                carrying.setdefault(claim, []).append(statement)
        else:
            for claim in rule.warns_against:
                warning.setdefault(claim, []).append(statement)
    found = [
        _disagreement(knowledge.claims[name], carried, warning.get(name, []), knowledge)
        for name, carried in carrying.items()
        if name in warning or knowledge.claims[name].standing is Standing.CONTRADICTED
    ]
    groups = list(dict.fromkeys(_group(one) for one in found))
    return tuple(sorted(found, key=lambda one: groups.index(_group(one))))


def _group(one: Disagreement) -> tuple[str, ...]:
    return tuple(statement.id for statement in one.measured)


def _disagreement(
    claim: Claim, carried: list[Statement], measured: list[Statement], knowledge: Knowledge
) -> Disagreement:
    cited = dict.fromkeys(source for statement in measured for source in statement.origin.sources)
    more = [name for name in claim.evidence_against if f"evidence:{name}" not in cited]
    both = [*carried, *measured]
    return Disagreement(
        id=f"disagreement.{claim.id}",
        claim=claim.id,
        says=claim.says,
        standing=claim.standing.value,
        note=claim.note,
        carried=tuple(carried),
        measured=tuple(measured),
        findings=tuple(
            Finding(name, knowledge.evidence[name].finding, knowledge.evidence[name].citation) for name in more
        ),
        sorts=_side(_sorts(carried), _sorts(measured), both=BOTH),
        advises=_side(_advises(carried), _advises(measured), both=FIGURES),
        origin=Origin(
            firings=tuple(dict.fromkeys(number for statement in both for number in statement.origin.firings)),
            facts=tuple(dict.fromkeys(fact for statement in both for fact in statement.origin.facts)),
            sources=(f"claim:{claim.id}", *cited, *(f"evidence:{name}" for name in more)),
        ),
    )


def _sorts(statements: list[Statement]) -> bool:
    types = {fact.type for statement in statements for fact in statement.conclusions}
    return bool(types - _ONLY_SAID - {_ACTION})


def _advises(statements: list[Statement]) -> bool:
    return any(fact.type == _ACTION for statement in statements for fact in statement.conclusions)


def _side(by_article: bool, by_figures: bool, *, both: str) -> str:  # noqa: FBT001 - the two sides, in their order
    if by_article and by_figures:
        return both
    return ARTICLE if by_article else FIGURES if by_figures else NEITHER
