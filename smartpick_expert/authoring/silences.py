"""Findings that a rule silences, with a reason, and silences that silence nothing.

A rule's `silence` names checks of the review. What keeps a base from being read, a guardrail among it, is found before any
review and cannot be silenced; nor can a check that says so (`MAY_BE_SILENCED = False`), where there is a better answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from smartpick_expert.authoring.checks.base import Finding
from smartpick_expert.authoring.checks.registry import all_checks
from smartpick_expert.diagnostics import Severity, closest
from smartpick_expert.language.model import Rule, Silence
from smartpick_expert.language.rewriting import Replacement, without_item, without_key
from smartpick_expert.language.source import Mapping, Scalar, Sequence
from smartpick_expert.language.spans import SpannedText
from smartpick_expert.language.values import shorten

CODE = "silence.idle"


@dataclass(frozen=True, slots=True)
class Silenced:
    """A finding that is not shown, the rule that silences it, and its words for why."""

    finding: Finding
    rule: Rule
    silence: Silence


def apply_silences(found: Iterable[Finding], rules: Iterable[Rule]) -> tuple[tuple[Finding, ...], tuple[Silenced, ...]]:
    """The findings that remain, with one for each silence that silences nothing; and those that are silenced."""
    may_be = {check.code: check.may_be_silenced for check in all_checks()}
    wanted = {
        (rule.id, silence.check): (rule, silence)
        for rule in rules
        for silence in rule.silences
        if may_be.get(silence.check)
    }
    remain: list[Finding] = []
    silenced: list[Silenced] = []
    for finding in found:
        by = wanted.get((finding.rule, finding.code))
        if by is None:
            remain.append(finding)
        else:
            silenced.append(Silenced(finding, *by))
    at_work = {one.silence.location for one in silenced}
    remain += [
        _idle(rule, silence, may_be)
        for rule in rules
        for silence in rule.silences
        if silence.check and silence.location not in at_work
    ]
    return tuple(remain), tuple(silenced)


def repair(of: SpannedText, finding: Finding) -> tuple[Replacement, ...]:
    """A silence of a check that finds nothing goes; one that names no such check is a slip, and its author must say of what."""
    rules = of.root.get("rules") if isinstance(of.root, Mapping) else None
    known = {check.code for check in all_checks()}
    for rule in rules.items if isinstance(rules, Sequence) else ():
        silences = rule.get("silence") if isinstance(rule, Mapping) else None
        for number, item in enumerate(silences.items if isinstance(silences, Sequence) else ()):
            name = item.get("check") if isinstance(item, Mapping) else None
            if item.location != finding.location or not isinstance(name, Scalar) or name.text not in known:
                continue
            if isinstance(rule, Mapping) and isinstance(silences, Sequence):
                one = len(silences.items) == 1
                return (without_key(of, rule, "silence") if one else without_item(of, silences, number),)
    return ()


def _idle(rule: Rule, silence: Silence, may_be: dict[str, bool]) -> Finding:
    name = shorten(silence.check)
    if may_be.get(silence.check) is None:
        why = f"there is no check '{name}' that a rule can silence"
        what = closest(silence.check, (code for code, may in may_be.items() if may))
    elif not may_be[silence.check]:
        why, what = f"'{name}' cannot be silenced", "Correct what it finds."
    else:
        why, what = f"'{name}' finds nothing here", ""
    return Finding(
        CODE,
        f"Rule '{shorten(rule.id)}' silences a check, and {why}.",
        what or "Delete the silence; a reason that is no longer true misleads whoever reads it.",
        silence.location,
        Severity.WARNING,
        rule=rule.id,
    )
