"""What of a document's parts is kept so that it stays within its budget: how many entries, and how many words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from smartpick_expert.report.layout import Budget

_T = TypeVar("_T")


def fitting(
    parts: Mapping[str, Sequence[_T]], budget: Budget, words: Callable[[_T], int], taken: int = 0
) -> dict[str, tuple[_T, ...]]:
    """The first entries of each part, as many as the budget allows. `words` counts those of an entry, and `taken` are there already.

    Where what is kept comes to more words than the budget has, the parts give way one after another and round again, by an
    entry each time, down to the least of each. What stays at the least may come to more.
    """
    kept = {name: list(entries[: budget.most.get(name, 0)]) for name, entries in parts.items()}
    total = taken + sum(words(entry) for entries in kept.values() for entry in entries)
    while total > budget.words:
        giving = [name for name, least in budget.least.items() if len(kept.get(name, ())) > least]
        if not giving:
            break
        for name in giving:
            if total > budget.words:
                total -= words(kept[name].pop())
    return {name: tuple(entries) for name, entries in kept.items()}


def words_in(*texts: str) -> int:
    """How many words there are in texts."""
    return sum(len(text.split()) for text in texts)
