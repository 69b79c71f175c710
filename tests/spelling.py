"""Values as YAML, each in one of the ways in which it may be written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from unicodedata import normalize

from smartpick_expert.language.values import Slot
from tests.drawing import Draw


def spelt(slot: Slot, draw: Draw, *, in_rule: bool = False) -> str:
    """A value in one of the ways of writing it; in a rule, a text that begins with a dollar sign has two."""
    if isinstance(slot, tuple):
        return sequence(spelt(item, draw, in_rule=in_rule) for item in slot)
    if isinstance(slot, bool):
        return draw.one_of(("true", "yes", "Yes", '"true"') if slot else ("false", "no", "NO", '"no"'))
    if isinstance(slot, date):
        return draw.one_of((slot.isoformat(), f'"{slot.isoformat()}"'))
    if isinstance(slot, int):
        sign, digits = ("-" if slot < 0 else draw.one_of(("", "+"))), str(abs(slot))
        return sign + draw.one_of((digits, f"0{digits}", f"{digits}.0", f"{digits}.{'0' * 30}"))
    if isinstance(slot, Decimal):
        return format(slot, "f") + draw.one_of(("", "0", "0" * 20))
    return quoted(draw.one_of((slot, normalize("NFD", slot))).replace("$", "$$" if in_rule else "$", 1))


def quoted(text: str) -> str:
    """A text between quotes; JSON is YAML but for one character, which YAML takes for the end of a line."""
    return json.dumps(text, ensure_ascii=False).replace("\u2028", "\\u2028")


def mapping(words: Mapping[str, str]) -> str:
    """A mapping on one line, of values that are spelt already."""
    return "{" + ", ".join(f"{key}: {value}" for key, value in words.items()) + "}"


def sequence(items: Iterable[str]) -> str:
    """A list on one line, of values that are spelt already."""
    return "[" + ", ".join(items) + "]"
