"""Rules that were only begun: a scaffold says by a mark what is still to be written in it."""

from __future__ import annotations

from typing import Final

from smartpick_expert.language.model import Rule

MARK: Final = "TO DO"


def is_begun(rule: Rule) -> bool:
    """Whether what a rule says is still to be written: what it concludes is then nobody's opinion yet."""
    return any(MARK in text for text in (rule.title, rule.because.source, rule.rationale))
