"""Coverage and mutation as data, as JSON holds them."""

from __future__ import annotations

from collections.abc import Sequence

from smartpick_expert.authoring.coverage import RuleCoverage, Side, counted
from smartpick_expert.authoring.mutation.mutating import Mutant, RuleMutation, share_caught


def coverage_data(results: Sequence[RuleCoverage]) -> dict[str, object]:
    """What is exercised, rule by rule and side by side, with the case that does it, or one that would."""
    return {
        "format": "smartpick-coverage-1",
        "counted": {kind: {"covered": covered, "of": several} for kind, (covered, several) in counted(results).items()},
        "rules": [
            {
                "rule": result.rule_id,
                "topic": result.topic,
                "at": str(result.location),
                "cases": result.cases,
                "parts": [
                    {
                        "kind": part.kind,
                        "words": part.words,
                        "at": str(part.location),
                        "state": part.state.value,
                        "sides": [_side(side) for side in part.sides],
                    }
                    for part in result.parts
                ],
            }
            for result in results
        ],
    }


def _side(side: Side) -> dict[str, object]:
    found: dict[str, object] = {"side": side.name, "state": side.state.value}
    if side.case:
        found["case"] = side.case
    if side.words:
        found["words"] = side.words
    if side.made is not None:
        found["would_cover"] = side.made.data()
    return found


def mutation_data(results: Sequence[RuleMutation], at_least: float) -> dict[str, object]:
    """What is caught, rule by rule; survivors with the case that would catch them, and mutants that change nothing."""
    return {
        "format": "smartpick-mutation-1",
        "caught": sum(result.caught for result in results),
        "survived": sum(len(result.survivors) for result in results),
        "equivalent": sum(len(result.equivalent) for result in results),
        "share_caught": round(share_caught(results), 4),
        "asked": at_least / 100,
        "rules": [
            {
                "rule": result.rule_id,
                "at": str(result.location),
                "cases": result.cases,
                "caught": result.caught,
                "survivors": [{**_mutant(one.mutant), "would_be_caught_by": one.case} for one in result.survivors],
                "equivalent": [
                    {**_mutant(one.mutant), "reason": one.reason, "tried": one.tried} for one in result.equivalent
                ],
                "cases_that_would": [made.data() for made in result.made],
            }
            for result in results
        ],
    }


def _mutant(mutant: Mutant) -> dict[str, object]:
    return {"kind": mutant.kind.value, "what": mutant.what, "becomes": mutant.becomes, "at": str(mutant.location)}
