"""Answers to "why not" as JSON can hold them: plain dicts and lists, in one order, everything that was found."""

from __future__ import annotations

from smartpick_expert.explain.attempts import Attempt
from smartpick_expert.explain.condition_results import BranchResult, ConditionResult, Reckoned, TestResult, TriedFact
from smartpick_expert.explain.nearness import Gap
from smartpick_expert.explain.why_not_model import (
    Amount,
    Because,
    Ground,
    Obstacle,
    Open,
    RuleHead,
    Waiting,
    WhyNotConclusion,
    WhyNotRule,
)
from smartpick_expert.language.operators import Truth
from smartpick_expert.language.values import Number, plain

_TRUTHS = {Truth.YES: "yes", Truth.UNKNOWN: "unknown", Truth.NO: "no"}


def to_data(answer: WhyNotRule | WhyNotConclusion) -> dict[str, object]:
    """The whole answer."""
    return _rule(answer) if isinstance(answer, WhyNotRule) else _conclusion(answer)


def _conclusion(answer: WhyNotConclusion) -> dict[str, object]:
    return {
        "type": answer.type,
        "words": answer.words,
        "supplied_by": answer.supplied_by,
        "another": answer.another,
        "concluded": [_ground(one) for one in answer.concluded],
        "possible": [_open(one) for one in answer.possible],
        "instead": [_ground(one) for one in answer.instead],
        "rules": [_rule(one) for one in answer.rules],
        "further_rules": answer.further,
        **({"left_out": [_head(one) for one in answer.left_out]} if answer.left_out else {}),
    }


def _rule(answer: WhyNotRule) -> dict[str, object]:
    behind = {id(obstacle.condition): obstacle for obstacle in answer.obstacles}
    return {
        "rule": _head(answer.rule),
        "as_of": answer.as_of.isoformat(),
        "not_live": answer.not_live,
        "fired": answer.fired,
        "possibly_fired": answer.possibly,
        "is_cut_off": answer.is_cut_off,
        "unknowns": [_waiting(one) for one in answer.unknowns],
        "attempts": [_attempt(one, behind) for one in answer.attempts],
        "further_attempts": answer.left_out,
    }


def _head(rule: RuleHead) -> dict[str, object]:
    return {
        "id": rule.id,
        "title": rule.title,
        "kind": rule.kind,
        "status": rule.status,
        "standing": rule.standing,
        "sources": list(rule.sources),
        "path": rule.location.path,
        "line": rule.location.line,
    }


def _ground(ground: Ground) -> dict[str, object]:
    return {"fact": ground.name, "rules": [_because(one) for one in ground.rules]}


def _because(because: Because) -> dict[str, object]:
    return {"rule": _head(because.rule), "because": because.text, "rests_on": list(because.rests_on)} | {
        "amounts": [_amount(one) for one in because.amounts],
        "behind": [{"fact": one.name, "rules": [_head(rule) for rule in one.rules]} for one in because.behind],
    }


def _amount(amount: Amount) -> dict[str, object]:
    return {
        "of": amount.words,
        "value": plain(amount.value),
        "would_have_to_be": amount.otherwise,
        "over": _gap(amount.over),
    }


def _open(one: Open) -> dict[str, object]:
    return {"fact": one.name, "rules": list(one.rules), "unknowns": [_waiting(unknown) for unknown in one.unknowns]}


def _waiting(one: Waiting) -> dict[str, object]:
    return {"path": one.path, "meaning": one.meaning}


def _attempt(attempt: Attempt, behind: dict[int, Obstacle]) -> dict[str, object]:
    return {
        "truth": _TRUTHS[attempt.truth],
        "binding": [{"name": name, "fact": fact or None} for name, fact in attempt.binding],
        "miss": attempt.miss._asdict(),
        "way_back": attempt.way._asdict(),
        "conditions": [_condition(one, behind) for one in attempt.conditions],
    }


def _condition(result: ConditionResult, behind: dict[int, Obstacle]) -> dict[str, object]:
    data: dict[str, object] = {
        "number": result.number,
        "words": result.words,
        "truth": _TRUTHS[result.truth],
        "line": result.location.line,
        "hidden": result.hidden,
        "name": result.name,
        "waits_for": list(result.waits_for),
        "tried": [_tried(one) for one in result.tried],
        "others_tried": result.others,
        "tally": _reckoned(result.reckoned) if result.reckoned is not None else None,
        "branches": [_branch(one, behind) for one in result.branches],
    }
    obstacle = behind.get(id(result))
    if obstacle is not None:
        data["obstacle"] = {
            "blocked_by": [_ground(one) for one in obstacle.blocked_by],
            "missing": _conclusion(obstacle.missing) if obstacle.missing is not None else None,
            "told_above": obstacle.told_above,
            "goes_on": obstacle.goes_on,
        }
    return data


def _branch(branch: BranchResult, behind: dict[int, Obstacle]) -> dict[str, object]:
    return {
        "number": branch.number,
        "truth": _TRUTHS[branch.truth],
        "conditions": [_condition(one, behind) for one in branch.conditions],
    }


def _tried(tried: TriedFact) -> dict[str, object]:
    return {
        "fact": tried.name,
        "truth": _TRUTHS[tried.truth],
        "is_certain": tried.is_certain,
        "tests": [_test(one) for one in tried.tests],
    }


def _test(test: TestResult) -> dict[str, object]:
    return {
        "field": test.field,
        "words": test.words,
        "truth": _TRUTHS[test.truth],
        "found": plain(test.found),
        "found_words": test.found_words,
        "held_against": [plain(one) for one in test.operands],
        "misses_by": _gap(test.gap) if test.gap is not None else None,
        "about_another": test.is_stranger,
    }


def _gap(gap: Gap) -> dict[str, object]:
    return {"by": plain(gap.by), "unit": gap.unit, "too_low": gap.too_low}


def _reckoned(found: Reckoned) -> dict[str, object]:
    return {
        "low": _number(found.low),
        "high": _number(found.high),
        "may_exist": found.may_exist,
        "limits": [_test(one) for one in found.limits],
    }


def _number(number: Number | None) -> object:
    return None if number is None else plain(number)
