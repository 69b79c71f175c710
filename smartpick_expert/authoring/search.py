"""Looking texts up by words, as an advisor would type them: `pgy1`, `PGY-1` and `PGY 1` are the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

_APOSTROPHES: Final = re.compile("['\u2018\u2019\u02bc`]")
_HYPHENS: Final = re.compile("[\u2010-\u2015\u2212]")
_WORD: Final = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


def holds(words: str, texts: Iterable[str]) -> bool:
    """Whether each of the words begins a word of the texts, whatever its capitals, apostrophes and hyphens.

    What joins words by hyphens is one word and several at once. No words are held by everything.
    """
    asked = list(_words(words))
    found = {part for text in texts for word in _words(text) for part in (word.replace("-", ""), *word.split("-"))}
    if not asked:
        return not words.strip()
    return all(
        _begins(word.replace("-", ""), found) or all(_begins(part, found) for part in word.split("-")) for word in asked
    )


def _words(text: str) -> Iterator[str]:
    plain = _HYPHENS.sub("-", _APOSTROPHES.sub("", text.casefold()))
    return (match.group() for match in _WORD.finditer(plain))


def _begins(word: str, found: set[str]) -> bool:
    return any(other.startswith(word) for other in found)
