"""What it rests on that there is no fact of a kind: the profile says so, it is assumed, or none of those there are fits."""

from __future__ import annotations

from smartpick_expert.explain.condition_text import words_of
from smartpick_expert.explain.trace import Trace
from smartpick_expert.knowledge.phrases import said


def absence_text(type_name: str, trace: Trace) -> str:
    """In a few words, why none of a type is there that fits; nothing for a type that is not known."""
    if not type_name:
        return ""
    words = words_of(type_name)
    for section in trace.empty:
        if section.type == type_name:
            if section.assumed:
                return said("no_section", section=words)
            return said("said_none_in_line", line=section.line) if section.line else said("said_none")
    those = [fact for fact in trace.facts if fact.type == type_name]
    count = sum(1 for fact in those if not fact.is_open)
    if not count:
        return said("unknown_cannot_fit") if those else said("none_concluded", fact=words)
    return said("the_one_does_not_fit", fact=words) if count == 1 else said("none_fits", count=count)
