"""Where the parts of a drawing lie: the widths of texts, lines that fit, and scales. Pure, and called from the templates.

Nobody knows which font a reader has. Widths are those of Helvetica with an allowance for the wider fonts of common systems, so that
what fits here fits there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import floor, log10
from typing import Final
from unicodedata import category, east_asian_width

from smartpick_expert.language.values import Number

# Thousandths of the font's size, for the characters from the blank to the tilde.
_ASCII: Final = (
    *(278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278),
    *(556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556),
    *(1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778),
    *(667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556),
    *(333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556),
    *(556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584),
)
_FIRST: Final = ord(" ")
_WIDE, _OTHER, _ROUND = 1000, 640, 556
# How much wider than Helvetica the sans-serif of a reader may be (DejaVu Sans, Verdana), and a bold one.
_ALLOWANCE: Final = 1.14
_BOLD: Final = 1.07
_ELLIPSIS: Final = "…"


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text may be at a size of the font, at the most."""
    thousandths = sum(map(_width, text))
    return thousandths / 1000 * size * _ALLOWANCE * (_BOLD if bold else 1)


def _width(character: str) -> int:
    place = ord(character) - _FIRST
    if 0 <= place < len(_ASCII):
        return _ASCII[place]
    if category(character) in ("Mn", "Me", "Cf", "Cc"):
        return 0
    if east_asian_width(character) in "WF":
        return _WIDE
    return _ROUND if character in "–‘’“”·→" else _OTHER


def lines(text: str, size: float, width: float, most: int = 2, *, bold: bool = False) -> tuple[str, ...]:
    """The text in lines that are no wider; the last of them is shortened where there would be more than `most`."""
    found: list[str] = []
    for word in str(text).split():
        longer = f"{found[-1]} {word}" if found else word
        if found and text_width(longer, size, bold=bold) <= width:
            found[-1] = longer
        else:
            found.append(word)
    kept = found[:most]
    if len(found) > most:
        kept[-1] = f"{kept[-1]}{_ELLIPSIS}"
    return tuple(shortened(line, size, width, bold=bold) for line in kept)


def shortened(text: str, size: float, width: float, *, bold: bool = False) -> str:
    """The text, cut so that it is no wider and marked so."""
    if text_width(text, size, bold=bold) <= width:
        return text
    cut = text.removesuffix(_ELLIPSIS)
    while cut and text_width(cut + _ELLIPSIS, size, bold=bold) > width:
        cut = cut[:-1]
    return cut.rstrip() + _ELLIPSIS


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight scale: `low` lies at `start`, `high` at `end`. What lies beyond is drawn at the nearer end."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a value lies, to a tenth."""
        share = (min(max(float(value), self.low), self.high) - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def steps(self, apart: int) -> tuple[int, ...]:
        """The multiples of `apart` on it."""
        first = -(-int(self.low) // apart) * apart
        return tuple(range(first, int(self.high) + 1, apart))


@dataclass(frozen=True, slots=True)
class Days:
    """A scale of days, from the first of a month to the end of another."""

    first: date
    last: date
    start: float
    end: float

    def at(self, day: date) -> float:
        """Where a day lies; one outside at the nearer end."""
        whole = Scale(self.first.toordinal(), self.last.toordinal() + 1, self.start, self.end)
        return whole.at(day.toordinal())

    def at_weeks(self, day: date, weeks: Number) -> float:
        """Where so many weeks after a day lie."""
        return self.at(date.fromordinal(min(day.toordinal() + round(weeks * 7), self.last.toordinal() + 1)))

    @property
    def months(self) -> tuple[date, ...]:
        """The first day of each month on it."""
        found = [self.first]
        while (following := month_after(found[-1])) <= self.last:
            found.append(following)
        return tuple(found)


def round_marks(most: float, wanted: int = 4) -> tuple[int | float, ...]:
    """Round numbers from nothing to `most` or just below, some `wanted` of them: steps of 1, 2 or 5 times a power of ten."""
    power = 10.0 ** floor(log10(most / wanted))
    steps = [one * power for one in (1, 2, 5, 10, 20, 50)]
    step = min(
        next(one for one in steps if one >= most / wanted * (1 - 1e-9)),
        max(one for one in steps if one <= most * (1 + 1e-9)),
    )
    marks = (round(place * step, 9) for place in range(int(most / step * (1 + 1e-9)) + 1))
    return tuple(int(one) if one == int(one) else one for one in marks)


def month_after(day: date) -> date:
    """The first day of the next month."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def widest(texts: Iterable[str], size: float, *, bold: bool = False) -> float:
    """The width of the widest of these texts."""
    return max((text_width(text, size, bold=bold) for text in texts), default=0.0)


# What templates may call.
DRAWN_WITH: Final = {
    "Days": Days,
    "Scale": Scale,
    "lines": lines,
    "round_marks": round_marks,
    "shortened": shortened,
    "text_width": text_width,
}
