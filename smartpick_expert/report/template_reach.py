"""What a template may reach for in a value: in Python's own what is for words, in ours all that is public, and nothing that changes one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

# Methods that take a text apart or put it otherwise; others of Python's own values are no business of a template.
_OF_TEXTS: Final = frozenset(
    {
        *(
            "capitalize",
            "casefold",
            "count",
            "endswith",
            "find",
            "format",
            "index",
            "isalnum",
            "isalpha",
            "isdigit",
            "islower",
        ),
        *(
            "isspace",
            "isupper",
            "join",
            "lower",
            "lstrip",
            "partition",
            "removeprefix",
            "removesuffix",
            "replace",
            "rfind",
        ),
        *("rpartition", "rsplit", "rstrip", "split", "splitlines", "startswith", "strip", "swapcase", "title", "upper"),
    }
)
_OF_LISTS: Final = frozenset({"append", "count", "index", "pop"})
_OF_MAPPINGS: Final = frozenset({"get", "items", "keys", "values"})
_OF_NUMBERS_AND_DAYS: Final = frozenset({"day", "isoformat", "month", "strftime", "weekday", "year"})
_OURS: Final = "smartpick_expert."
# Whatever has no underline before it.
PUBLIC: Final = frozenset({"(whatever has no underline before it)"})
_ALLOWED: Final[tuple[tuple[Any, frozenset[str]], ...]] = (
    (str, _OF_TEXTS),
    ((list, tuple), _OF_LISTS),
    (Mapping, _OF_MAPPINGS),
    ((int, float, Decimal, date), _OF_NUMBERS_AND_DAYS),
    ((bytes, set, frozenset), frozenset()),
)


_KNOWN: Final[dict[type, frozenset[str] | None]] = {}


def allowed_of(kind: type) -> frozenset[str] | None:
    """What a template may reach for in values of a kind: `PUBLIC` in a frozen value of ours, None where Jinja is to say."""
    if kind not in _KNOWN:
        found = next((allowed for kinds, allowed in _ALLOWED if issubclass(kind, kinds)), None)
        is_ours = is_dataclass(kind) and kind.__module__.startswith(_OURS)
        _KNOWN[kind] = PUBLIC if found is None and is_ours else found
    return _KNOWN[kind]
