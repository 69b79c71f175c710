"""Perception and measurement are never mixed up: a perception rule cites a claim, a measured rule cites evidence."""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.diagnostics import Diagnostic
from smartpick_expert.language.model import CLAIM, EVIDENCE, Kind, Rule
from smartpick_expert.language.vocabulary import Vocabulary

CODE = "rule.kind-and-source"
_NEEDS = {Kind.PERCEPTION: CLAIM, Kind.MEASURED: EVIDENCE}


def check(rules: tuple[Rule, ...], _: Vocabulary) -> Iterator[Diagnostic]:
    """Yield a finding for each rule that cites no source of its kind."""
    for rule in rules:
        needed = _NEEDS[rule.kind]
        if rule.sources and not any(source.startswith(needed) for source in rule.sources):
            yield Diagnostic(
                CODE, f"A {rule.kind} rule must cite a source that begins with '{needed}'.",
                "Cite one, or correct the kind.", rule.location,
            )  # fmt: skip
