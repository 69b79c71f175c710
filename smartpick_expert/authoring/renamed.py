"""Rules that have another id in a new rule base than in an old one, so that a rule is never taken for one that went and one that came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from smartpick_expert.explain.trace import Trace
from smartpick_expert.language.model import RuleSet


def renamed_rules(old: RuleSet, new: RuleSet) -> dict[str, str]:
    """The new id of each rule that was renamed since, by the old one: the new rule has that under `formerly`."""
    before, after = ({rule.id for rule in rules.rules} for rules in (old, new))
    return {
        name: rule.id
        for rule in new.rules
        if rule.id not in before
        for name in rule.formerly
        if name in before and name not in after
    }


def with_new_names(trace: Trace, names: Mapping[str, str]) -> Trace:
    """A run with each rule called by its new id: the rule itself, its firings, and its statements, whose ids begin with it."""
    if not names:
        return trace

    def now(rule: str) -> str:
        return names.get(rule, rule)

    return replace(
        trace,
        firings=tuple(replace(one, rule=now(one.rule)) for one in trace.firings),
        rules=tuple(replace(one, id=now(one.id)) for one in trace.rules),
        statements=tuple(
            replace(one, rule=now(one.rule), id=now(one.rule) + one.id.removeprefix(one.rule))
            for one in trace.statements
        ),
        live=tuple(now(rule) for rule in trace.live),
        cut_off=tuple(now(rule) for rule in trace.cut_off),
    )
