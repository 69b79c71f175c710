"""Two rules with one id, now or before: a firing would not say which of them spoke."""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.diagnostics import Diagnostic, Location
from smartpick_expert.language.model import Rule
from smartpick_expert.language.values import shorten
from smartpick_expert.language.vocabulary import Vocabulary

CODE = "rule.duplicate-id"


def check(rules: tuple[Rule, ...], _: Vocabulary) -> Iterator[Diagnostic]:
    """Yield a finding for each rule whose id an earlier one has, and for each former id that another rule has or had."""
    seen: dict[str, Location] = {}
    for rule in rules:
        if rule.id and rule.id in seen:
            yield Diagnostic(
                CODE, f"Rule id '{shorten(rule.id)}' is taken.", "Give one of them another id.", rule.location,
                related=((seen[rule.id], "the first one"),),
            )  # fmt: skip
        seen.setdefault(rule.id, rule.location)
    for rule in rules:
        for name in rule.formerly:
            if name in seen:
                yield Diagnostic(
                    CODE, f"Rule '{shorten(rule.id)}' was '{shorten(name)}' before, and a rule has or had that id too.",
                    "Give the other one another id: records of then would not say which is meant.", rule.location,
                    related=((seen[name], "the other one"),),
                )  # fmt: skip
            seen.setdefault(name, rule.location)
