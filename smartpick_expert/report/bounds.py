"""How much filling in a template may take: steps, and characters that are made on the way.

Counted, and not timed, so that a template that ends on one machine ends on all, and a document can be made again on a slower one.
What could make a text far longer than what it is given (a repetition, a padding) is reckoned before it is done.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

from jinja2.exceptions import TemplateRuntimeError

# The largest document that we make takes about a hundredth of either.
MAX_STEPS: Final = 5_000_000
MAX_CHARACTERS: Final = 200_000_000
_HELD: Final = (str, list, tuple, dict, set, bytes)
_WIDEST: Final = 1_000
# No document prints a number so long, and to reckon with longer ones takes ever more time within a single step.
_MOST_DIGITS: Final = 1_000
_DIGITS_A_BIT: Final = 0.30103
_LONG_NUMBER: Final = re.compile(r"\d{4,}|\*|\{[^{}]*\{")


class BeyondBoundsError(TemplateRuntimeError):
    """Raised where a template takes more than any document needs."""


@dataclass(slots=True)
class Spent:
    """What filling in one template has taken so far."""

    steps: int = 0
    characters: int = 0


_SPENT: ContextVar[Spent | None] = ContextVar("spent", default=None)


@contextmanager
def counting() -> Iterator[Spent]:
    """Count what is done inside; a template filled in by another counts with it."""
    spent = _SPENT.get()
    if spent is not None:
        yield spent
        return
    spent = Spent()
    token = _SPENT.set(spent)
    try:
        yield spent
    finally:
        _SPENT.reset(token)


def step(count: int = 1, characters: int = 0) -> None:
    """Count steps, and characters that they make. Raises BeyondBoundsError; does nothing outside of `counting`."""
    spent = _SPENT.get()
    if spent is None:
        return
    spent.steps += count
    spent.characters += characters
    if spent.steps > MAX_STEPS:
        raise BeyondBoundsError(f"it does not come to an end: it took more than {MAX_STEPS:,} steps")
    if spent.characters > MAX_CHARACTERS:
        raise BeyondBoundsError(f"what it makes has no end: it has more than {MAX_CHARACTERS:,} characters")


def made(value: Any) -> Any:
    """Count what an operation made: each character of a text, each item of a list."""
    step(1, size_of(value))
    return value


def size_of(value: object) -> int:
    """How large a value is: characters, items, or bytes of a number."""
    if isinstance(value, _HELD):
        return len(value)
    return value.bit_length() // 8 if isinstance(value, int) else 0


def going_on(items: Iterable[Any], literal: int = 0) -> Iterable[Any]:
    """The items of a loop, each a step that also prints so many characters of the template itself."""
    if isinstance(items, list | tuple | dict | range | str):
        step(len(items), len(items) * literal)
        return items
    return _each(items, literal)


def _each(items: Iterable[Any], literal: int) -> Iterator[Any]:
    for item in items:
        step(1, literal + size_of(item))
        yield item


def may_make(characters: int) -> None:
    """Count characters that are about to be made."""
    step(0, max(0, characters))


def repeated(left: object, right: object) -> None:
    """Count what a product would make; a number has at most a thousand digits. Raises BeyondBoundsError."""
    if isinstance(left, int) and isinstance(right, int):
        _check_digits(left.bit_length() + right.bit_length())
    else:
        times, what = (left, right) if isinstance(left, int) else (right, left)
        may_make(max(0, times) * size_of(what) if isinstance(times, int) else 0)


def raised(left: object, right: object) -> None:
    """Refuse a power that is a number of more than a thousand digits. Raises BeyondBoundsError."""
    if isinstance(left, int) and isinstance(right, int):
        _check_digits(left.bit_length() * abs(right))


def check_places(places: object) -> None:
    """Refuse to round to more places than a number can have. Raises BeyondBoundsError."""
    if isinstance(places, int) and abs(places) > _MOST_DIGITS:
        raise BeyondBoundsError(f"it rounds to {places:,} places, and {_MOST_DIGITS:,} is the most")


def _check_digits(bits: int) -> None:
    if bits * _DIGITS_A_BIT > _MOST_DIGITS:
        raise BeyondBoundsError(f"it reckons a number of more than {_MOST_DIGITS:,} digits")


def check_pattern(pattern: object) -> None:
    """Refuse a pattern for values that pads them to a width that nobody can read. Raises BeyondBoundsError."""
    if isinstance(pattern, str) and _LONG_NUMBER.search(pattern):
        raise BeyondBoundsError(
            f"it pads a value to more than {_WIDEST} characters, or to a width that is itself a value"
        )


def check_width(width: object) -> None:
    """Refuse a width that nobody can read. Raises BeyondBoundsError."""
    if isinstance(width, int) and abs(width) > _WIDEST:
        raise BeyondBoundsError(f"it asks for a width of {width:,}, and {_WIDEST:,} is the most")
