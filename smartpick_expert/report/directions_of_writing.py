"""Texts in scripts that run from right to left, and marks that turn the direction: kept from reordering the words around them.

A name in Arabic, or one with such a mark in it, must not turn round what a document says before or after it.
"""

from __future__ import annotations

import re
from typing import Final

_ISOLATE, _END = "\u2068", "\u2069"
_OPENING: Final = "\u2066\u2067\u2068"
# Letters of scripts that run from right to left, and marks that turn the direction. Looked for first, since nearly no text has any.
_TURNS: Final = re.compile(
    "[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def isolated(text: str) -> str:
    """The text between marks that keep its direction to itself, where it has one of its own; else as it is.

    What it opens and does not close is closed; an end that nothing begins is left out.
    """
    if not _TURNS.search(text):
        return text
    kept, depth = [], 0
    for character in text:
        if character == _END and depth == 0:
            continue
        depth += (character in _OPENING) - (character == _END)
        kept.append(character)
    return f"{_ISOLATE}{''.join(kept)}{_END * depth}{_END}"
