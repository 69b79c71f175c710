"""Checks of whole rules, one small file each. A check takes the rules and the vocabulary and yields findings.

Each module has `CODE` and `check(rules, vocabulary)`; its docstring says what it finds and why that matters.
"""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.diagnostics import Diagnostic
from smartpick_expert.language.checks import (
    counted_only,
    duplicate_id,
    evidence_kind,
    markup,
    measured_alone,
    origin_of_totals,
    protected,
    protected_flow,
    read_by,
)
from smartpick_expert.language.model import Rule
from smartpick_expert.language.vocabulary import Vocabulary

CHECKS = (
    duplicate_id,
    evidence_kind,
    markup,
    origin_of_totals,
    protected,
    protected_flow,
    read_by,
    counted_only,
    measured_alone,
)


def run_checks(rules: tuple[Rule, ...], vocabulary: Vocabulary) -> Iterator[Diagnostic]:
    """The findings of every check."""
    for check in CHECKS:
        yield from check.check(rules, vocabulary)
