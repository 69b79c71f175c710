"""Colours that an office chooses, and whether text in them can be read on white paper."""

from __future__ import annotations

import re
from typing import Final

from smartpick_expert.language.values import ValueProblem, shorten

# What the Web Content Accessibility Guidelines ask of text at level AA.
LEGIBLE: Final = 4.5
_COLOUR: Final = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
# How the guidelines reckon how light a colour is: each part made linear, then weighed as eyes do.
_WEIGHTS: Final = (0.2126, 0.7152, 0.0722)
_LINEAR_BELOW: Final = 0.04045
_STEPS: Final = 100


def read_colour(text: str) -> str:
    """A colour as `#rrggbb`. Raises ValueProblem for one that is no colour, or too light to be read on white."""
    if not _COLOUR.fullmatch(text):
        message = f"'{shorten(text)}' is no colour."
        raise ValueProblem("house.colour", message, "Write it in quotes, as in '#1d4a5f': red, green and blue.")
    digits = text[1:] if len(text) > len("#rgb") else "".join(2 * one for one in text[1:])
    colour = f"#{digits.lower()}"
    ratio = contrast(colour)
    if ratio < LEGIBLE:
        raise ValueProblem(
            "house.colour",
            f"'{text}' can hardly be read on white: its contrast is {ratio:.1f} to 1, and text needs {LEGIBLE} to 1.",
            f"Write '{darker(colour)}', which is the same colour darker, or another.",
        )
    return colour


def contrast(colour: str) -> float:
    """The contrast of a colour (`#rrggbb`) with white, from 1 (white) to 21 (black)."""
    return 1.05 / (_luminance(_parts(colour)) + 0.05)


def darker(colour: str) -> str:
    """The nearest legible colour of the same hue: the colour itself where it can be read."""
    parts = _parts(colour)
    for step in range(_STEPS, -1, -1):
        made = "#" + "".join(f"{part * step // _STEPS:02x}" for part in parts)
        if contrast(made) >= LEGIBLE:
            return made
    return "#000000"


def _parts(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def _luminance(parts: tuple[int, ...]) -> float:
    return sum(weight * _linear(part / 255) for weight, part in zip(_WEIGHTS, parts, strict=True))


def _linear(part: float) -> float:
    return part / 12.92 if part <= _LINEAR_BELOW else ((part + 0.055) / 1.055) ** 2.4
