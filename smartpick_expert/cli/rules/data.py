"""Rules, claims and actions as JSON holds them. docs/rules-as-json.md describes the shapes; keys are added to, never renamed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from smartpick_expert.authoring.action_table import ActionRow
from smartpick_expert.authoring.cases import Case
from smartpick_expert.authoring.catalogue import Coverage, by_standing, by_uptake, counts
from smartpick_expert.authoring.rule_page import RulePage
from smartpick_expert.diagnostics import Location
from smartpick_expert.knowledge.claims import Claim
from smartpick_expert.knowledge.evidence import Evidence
from smartpick_expert.language.model import Rule
from smartpick_expert.language.values import plain

Data = dict[str, object]


def rule_list(rules: tuple[Rule, ...]) -> Data:
    """Some rules, with their number by topic and kind."""
    return {
        "rules": [_rule(rule) for rule in rules],
        "counts": [
            {"topic": c.topic, "perception": c.perception, "measured": c.measured, "all": c.all} for c in counts(rules)
        ],
    }


def claim_table(rows: tuple[Coverage, ...]) -> Data:
    """Some claims with what became of them, and their number by standing and by that."""
    return {
        "claims": [
            {
                **_claim(row.claim),
                "uptake": row.uptake.value,
                "carried_by": _ids(row.carried_by),
                "warned_against_by": _ids(row.warned_against_by),
                "no_rule": row.claim.no_rule,
            }
            for row in rows
        ],
        "counts": {
            "standing": {standing.value: number for standing, number in by_standing(rows).items()},
            "uptake": {uptake.value: number for uptake, number in by_uptake(rows).items()},
        },
    }


def action_table(rows: tuple[ActionRow, ...]) -> Data:
    """Some actions with what their figures rest on, and the sums."""
    return {
        "actions": [
            {
                "name": row.action.name,
                "title": row.action.title,
                "stages": list(row.action.stages),
                "gate": row.action.gate,
                "advised_by": _ids(row.advised_by),
                "figures": [{"of": f.of, "basis": f.basis, "source": f.source} for f in row.figures],
                "known": row.known,
                "assumptions": row.assumptions,
                "lacks": list(row.action.lacks),
                **_place(row.action.location),
            }
            for row in rows
        ],
        "counts": {
            "actions": len(rows),
            "known": sum(row.known for row in rows),
            "assumptions": sum(row.assumptions for row in rows),
        },
    }


def rule_page(page: RulePage, as_of: date) -> Data:
    """Everything about one rule, with the parameters' values of a day."""
    rule = page.rule
    return {
        **_rule(rule),
        "as_of": as_of.isoformat(),
        "audience": [audience.value for audience in rule.audience],
        "stages": list(rule.stages),
        "valid": {"from": _day(rule.valid_from), "to": _day(rule.valid_to)},
        "when": page.when,
        "then": page.then,
        "because": rule.because.source,
        "rationale": rule.rationale,
        "claims": [_claim(claim) for claim in page.claims],
        "evidence": [_evidence(entry) for entry in page.evidence],
        "claims_warned_against": [_claim(claim) for claim in page.warns_against],
        "actions": [
            {"name": a.name, "title": a.title, "do": a.do, "done_when": a.done_when} for a in page.actions
        ],
        "parameters": [
            {"name": p.name, "meaning": p.meaning, "value": plain(value), "unit": p.unit, "basis": p.basis, "source": p.source}
            for p, value in page.parameters
        ],
        "cases": [
            *(_case(case, "fires") for case in page.fires_in),
            *(_case(case, "does_not_fire") for case in page.rests_in),
        ],
        "suppliers": _ids(page.suppliers),
        "users": _ids(page.users),
    }  # fmt: skip


def _rule(rule: Rule) -> Data:
    return {
        "id": rule.id,
        "title": rule.title,
        "topic": rule.topic,
        "kind": rule.kind.value,
        "status": rule.status.value,
        "owner": rule.owner,
        "review_by": _day(rule.review_by),
        "sources": list(rule.sources),
        "warns_against": list(rule.warns_against),
        "formerly": list(rule.formerly),
        **_place(rule.location),
    }


def _claim(claim: Claim) -> Data:
    return {
        "id": claim.id,
        "section": claim.section,
        "says": claim.says,
        "found_by": list(claim.found_by),
        "standing": claim.standing.value,
        "note": claim.note,
        "evidence_for": list(claim.evidence_for),
        "evidence_against": list(claim.evidence_against),
        **_place(claim.location),
    }


def _evidence(entry: Evidence) -> Data:
    return {
        "id": entry.id,
        "finding": entry.finding,
        "citation": entry.citation,
        "year": entry.year,
        "address": entry.address,
        "known_by": entry.known_by.value,
        "confidence": entry.confidence,
        "as_of": _day(entry.as_of),
        **_place(entry.location),
    }


def _case(case: Case, expects: str) -> Data:
    return {"name": case.name, "expects": expects, "whole": case.whole, **_place(case.location)}


def _place(place: Location) -> Data:
    return {"path": place.path, "line": place.line}


def _ids(rules: Iterable[Rule]) -> list[str]:
    return [rule.id for rule in rules]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
