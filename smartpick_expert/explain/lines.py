"""In which lines two texts differ."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

# How much of what is the same is shown before two long lines part.
_BEFORE = 40


def differing_lines(before: str, after: str) -> Iterator[tuple[int, str, str]]:
    """Each run of lines that differs: its line in the second text, and both runs as one line from shortly before they part."""
    first, second = before.splitlines(), after.splitlines()
    for tag, start, end, other, last in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if tag != "equal":
            yield (other + 1, *_from_where_they_part(" ".join(first[start:end]), " ".join(second[other:last])))


def _from_where_they_part(first: str, second: str) -> tuple[str, str]:
    parted = next((n for n, (one, two) in enumerate(zip(first, second, strict=False)) if one != two), 0)
    start = max(0, parted - _BEFORE)
    return first[start:].strip(), second[start:].strip()
