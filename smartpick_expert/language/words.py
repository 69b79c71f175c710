"""The `because` text: words with `{{ name.field }}` in them and nothing else."""

from __future__ import annotations

import re

from smartpick_expert.diagnostics import Location
from smartpick_expert.language.model import ParameterReference, Reference, Words
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.values import shorten

# No brace stands inside, so that nothing is looked at twice, however many braces a text has.
_HOLE = re.compile(r"\{\{([^{}]*)\}\}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_-]*)+")


def read_words(text: str, place: Location, reader: Reader) -> Words:
    """Split a text into pieces and references. Anything else in braces is noted as a problem."""
    text = " ".join(text.split())
    parts: list[str | Reference | ParameterReference] = []
    end = 0
    for hole in _HOLE.finditer(text):
        parts.append(text[end : hole.start()])
        end = hole.end()
        inner = hole.group(1).strip()
        words = inner.split(".")
        if not _NAME.fullmatch(inner) or (words[0] != "parameter" and len(words) != 2):  # noqa: PLR2004 - name and field
            reader.problem(
                place,
                "words.interpolation",
                f"'{{{{ {shorten(inner)} }}}}' is no name with a field; a text may hold nothing else in braces.",
                "Write {{ name.field }}; whatever must be decided is decided under 'when'.",
            )
            continue
        if words[0] == "parameter":
            parts.append(ParameterReference(".".join(words[1:])))
        else:
            parts.append(Reference(words[0], words[1]))
    parts.append(text[end:])
    literal = "".join(part for part in parts if isinstance(part, str))
    if any(mark in literal for mark in ("{{", "}}", "{%", "%}", "{#")):
        reader.problem(
            place,
            "words.template",
            "This text holds template code; it may only name fields.",
            "Write {{ name.field }} or plain words.",
        )
    return Words(tuple(part for part in parts if part != ""), text, place)
