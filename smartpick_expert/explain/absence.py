"""What it rests on that there is no fact of a kind: the profile says so, it is assumed, or none of those there are fits."""

from __future__ import annotations

from smartpick_expert.explain.condition_text import words_of
from smartpick_expert.explain.trace import Trace


def absence_text(type_name: str, trace: Trace) -> str:
    """In a few words, why none of a type is there that fits; nothing for a type that is not known."""
    if not type_name:
        return ""
    words = words_of(type_name)
    for section in trace.empty:
        if section.type == type_name:
            if section.assumed:
                return f"the profile has no section {words}, so none is assumed"
            return f"the profile says there is none{f' (line {section.line})' if section.line else ''}"
    those = [fact for fact in trace.facts if fact.type == type_name]
    count = sum(1 for fact in those if not fact.is_open)
    if not count:
        return "what is not known of it cannot fit" if those else f"no rule concluded any {words}"
    return f"the one {words} there is does not fit" if count == 1 else f"none of the {count} there are fits"
