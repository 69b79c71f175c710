"""Values: what a field can hold, and how a written word becomes one.

Numbers are integers or exact decimals (3 and 3.0 are one number), texts are in Unicode's composed form, dates are days.
A field may also be UNKNOWN (it has a value, which nobody has told us) or ABSENT (it has none, and that is known).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Context, Decimal, Inexact
from enum import Enum
from typing import Any, Final
from unicodedata import category, normalize

Value = bool | int | Decimal | str | date | tuple["Value", ...]
Number = int | Decimal


class Missing(Enum):
    """The two ways of not being a value."""

    UNKNOWN = "unknown"
    ABSENT = "absent"

    def __repr__(self) -> str:
        return self.name


UNKNOWN: Final = Missing.UNKNOWN
ABSENT: Final = Missing.ABSENT
Slot = Value | Missing
# A slot as JSON holds it: a decimal is {"decimal": "2.5"}, what is missing {"missing": "unknown"}.
Plain = bool | int | str | list[Any] | dict[str, Any] | None

MAX_INTEGER: Final = 2**53
MAX_DIGITS: Final = 15
MAX_TEXT: Final = 1_000
# Control characters, and halves of characters that no encoding can write.
_NO_TEXT: Final = ("Cc", "Cs")
# What a terminal obeys and does not show: these, and marks that turn the direction of writing.
_UNSEEN: Final = (*_NO_TEXT, "Cf")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TRUTH: Final = {"true": True, "yes": True, "false": False, "no": False}


class ValueProblem(Exception):  # noqa: N818 - caught at once and turned into a diagnostic
    """A word that is no value of the type asked for: a stable code, what is wrong, what to do."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


# Decimals are rounded to 28 digits by nearly everything that is done with them; in this context nothing is.
_EXACT: Final = Context(prec=1_000, traps=[Inexact])


def normal_number(number: Number) -> Number:
    """The one form of a number: an int where it is whole, else a decimal without trailing zeros."""
    if isinstance(number, int):
        return number
    if number == number.to_integral_value():
        return int(number)
    return number.normalize(_EXACT)


def exact_sum(number: Number, other: Number) -> Number:
    """Two numbers added, without rounding."""
    if isinstance(number, int) and isinstance(other, int):
        return number + other
    return normal_number(_EXACT.add(number, other))


def exact_difference(number: Number, other: Number) -> Number:
    """One number less another, without rounding."""
    return normal_number(_EXACT.subtract(number, other))


def exact_product(number: Number, times: int) -> Number:
    """A number so many times, without rounding."""
    return number * times if isinstance(number, int) else normal_number(_EXACT.multiply(number, times))


def exact_quotient(numerator: int, denominator: int) -> Number:
    """A fraction as a number. Raises Inexact where no decimal is the same, as for a third."""
    return normal_number(_EXACT.divide(numerator, denominator))


def read_number(text: str) -> Number:
    """`010` is ten, `3.0` is 3. Raises ValueProblem outside what every engine holds exactly."""
    if not _NUMBER.fullmatch(text):
        raise ValueProblem(
            "value.number", f"'{shorten(text)}' is not a number.", "Write digits, with a point for decimals."
        )
    # Trailing zeros go first: a decimal is rounded to 28 digits by nearly everything that is done with it.
    whole, _, part = text.partition(".")
    part = part.rstrip("0")
    exact = Decimal(f"{whole}.{part}" if part else whole)
    too_fine = part and (len(part) > MAX_DIGITS or len(exact.as_tuple().digits) > MAX_DIGITS)
    if too_fine or not -MAX_INTEGER <= exact <= MAX_INTEGER:
        raise ValueProblem(
            "value.number-size",
            f"'{shorten(text)}' is outside the numbers that are held exactly (whole to 2^53, decimals to {MAX_DIGITS} digits).",
            "Write a smaller or rounder number.",
        )
    return normal_number(exact)


def read_boolean(text: str) -> bool:
    """`true`, `yes`, `false` or `no`. Raises ValueProblem for anything else."""
    answer = _TRUTH.get(text.lower())
    if answer is None:
        raise ValueProblem("value.boolean", f"'{shorten(text)}' is neither yes nor no.", "Write yes or no.")
    return answer


def read_date(text: str) -> date:
    """A day as year-month-day. Raises ValueProblem for any other form and for days that no calendar has."""
    if not _DATE.fullmatch(text):
        raise ValueProblem("value.date", f"'{shorten(text)}' is not a date.", "Write it as year-month-day: 2026-09-01.")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueProblem("value.date", f"No calendar has the day {text}.", "Correct the date.") from None


def read_text(text: str) -> str:
    """Any text without control characters, at most `MAX_TEXT` characters. Raises ValueProblem."""
    if len(text) > MAX_TEXT:
        raise ValueProblem(
            "value.text-length",
            f"This text has {len(text):,} characters; at most {MAX_TEXT:,} are kept.",
            "Shorten it.",
        )
    strange = control_character(text)
    if strange:
        raise ValueProblem("value.text", f"This text holds the control character U+{ord(strange):04X}.", "Delete it.")
    # The file was composed when it was read, but not what stands in it as `\u0301`.
    return normalize("NFC", text).strip()


def control_character(text: str) -> str:
    """The first character of a text that no text may hold; empty where there is none. Lines and tabs may be."""
    return next((c for c in text if category(c) in _NO_TEXT and c not in "\n\t"), "")


def shorten(text: str, limit: int = 40) -> str:
    """A word fit for a message: one line, without what could upset a terminal, cut where it is long."""
    line = " ".join(text.split())
    line = "".join(f"\\u{ord(c):04x}" if category(c) in _UNSEEN else c for c in line)
    return line if len(line) <= limit else line[: limit - 3] + "..."


def plain(slot: Slot) -> Plain:
    """A slot as JSON can hold it: dates as text, decimals as text (exact), lists as lists, missing as {"missing": ...}."""
    if isinstance(slot, Missing):
        return {"missing": slot.value}
    if isinstance(slot, date):
        return slot.isoformat()
    if isinstance(slot, Decimal):
        return {"decimal": decimal_text(slot)}
    if isinstance(slot, tuple):
        return [plain(item) for item in slot]
    return slot


def decimal_text(number: Decimal) -> str:
    """A decimal without exponent, as every engine reads it."""
    return format(number, "f")


def order_key(slot: Slot) -> tuple[int, object]:
    """A total order over slots of one field, used for showing things in one order and for nothing else."""
    rank, key = _ORDER[slot.__class__]
    return (rank, key(slot) if key else slot)


_ORDER: Final[dict[type, tuple[int, Callable[[Any], object] | None]]] = {
    bool: (0, None),
    int: (1, None),
    Decimal: (1, None),
    str: (2, None),
    date: (3, None),
    tuple: (4, lambda items: tuple(order_key(item) for item in items)),
    Missing: (9, lambda missing: missing.value),
}
