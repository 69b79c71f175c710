"""Where the choices of a made-up scenario come from: chance, fields, and small pools of values, so that things join."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final
from unicodedata import normalize

from smartpick_expert.authoring.draw import Draw
from smartpick_expert.language.values import MAX_DIGITS, MAX_INTEGER, MAX_TEXT, Number, Slot, Value
from smartpick_expert.language.vocabulary import FactType, Field, FieldType, Supplier
from tests.scenarios import Pools

CHOICES: Final = {"low": "low", "high": "high"}


def _field(name: str, of_type: FieldType, *, many: bool = False) -> Field:
    values = CHOICES if of_type is FieldType.CHOICE else {}
    return Field(name, of_type, name, many=many, values=values, may_be_none=True)


# Some are called as the engine calls things of its own.
FIELDS: Final = (
    _field("size", FieldType.NUMBER),
    _field("kind", FieldType.CHOICE),
    _field("open", FieldType.BOOLEAN),
    _field("weight", FieldType.NUMBER),
    _field("id", FieldType.LABEL),
    _field("word", FieldType.TEXT),
    _field("since", FieldType.DATE),
    _field("items", FieldType.TEXT, many=True),
    _field("sid", FieldType.TEXT),
    _field("until", FieldType.DATE),
    _field("sizes", FieldType.NUMBER, many=True),
    _field("kinds", FieldType.CHOICE, many=True),
    _field("owner", FieldType.LABEL),
    _field("days", FieldType.DATE, many=True),
    _field("answers", FieldType.BOOLEAN, many=True),
)
TALLIED: Final = _field("value", FieldType.NUMBER)
_LONG: Final = "x" * (MAX_TEXT - 1)
_NUMBERS: Final = (
    (1, 2, -2, 3),
    (1, 2, -1, 0),
    (1, -2, -1, 3),
    (Decimal("0.1"), Decimal("0.2"), Decimal("0.3"), Decimal("-0.1")),
    (1, Decimal("0.5"), Decimal("1.5"), 2),
    (2**53, 2**53 - 1, -(2**53), 1),
    (100, Decimal("7.25"), -3, 10),
    (Decimal("0.000001"), Decimal("123456789.012345"), 0, Decimal("0.00000000000001")),
    (Decimal("0.999999999999999"), 1, Decimal("0.000000000000001"), -1),
    (2**53, Decimal("0.000000000000001"), Decimal("0.5"), -(2**53)),
)
_TEXTS: Final = (
    ("low", "high", "middle"),
    ("high", "Zürich", "北京"),
    ("low", "true", "1"),
    ('say "low"\\', "$low", ""),
    ("low", "Low", "a\nb\u2028c 🩺"),
    (_LONG + "x", _LONG + "y", _LONG),
    # What looks alike and is not: composed as they are read, a ligature and its letters, a dotless i.
    (normalize("NFC", "e\u0301\u0323"), "\u00e9", "\ufb01", "fi", "\u0131"),
)
_DATES: Final = (
    (date(2026, 9, 1), date(2026, 9, 2), date(2025, 12, 31)),
    (date(1, 1, 1), date(2000, 2, 29), date(9999, 12, 31)),
)
_LABELS: Final = (("one", "two", "three"), ("1", "01", "true"))


def draw_pools(draw: Draw) -> Pools:
    """Three or four values of each type: all of a scenario draws from these."""
    return {
        FieldType.BOOLEAN: (True, False),
        FieldType.NUMBER: draw.one_of(_NUMBERS),
        FieldType.TEXT: draw.one_of(_TEXTS),
        FieldType.DATE: draw.one_of(_DATES),
        FieldType.CHOICE: tuple(CHOICES),
        FieldType.LABEL: draw.one_of(_LABELS),
    }


def draw_type(draw: Draw, name: str, supplier: Supplier, fields: Sequence[Field], *, one: bool = False) -> FactType:
    """A type of two or three fields; all types draw from the same few, and most have a number to tally."""
    first = draw.one_of(fields) if draw.often(1) else fields[0]
    others = draw.some_of([field for field in fields if field is not first], 1, 2)
    # Where a section left out means that there is none, no fact of it is ever open.
    assume = "None is assumed." if supplier is Supplier.PROFILE and not one and draw.often(2) else None
    return FactType(name, name, supplier, {field.name: field for field in (first, *others)}, one=one, assume=assume)


def draw_value(draw: Draw, pools: Pools, field: Field) -> Value:
    """A value that the field can hold; a list may be empty, and may repeat itself."""
    if not field.many:
        return draw.one_of(pools[field.type])
    return tuple(draw.one_of(pools[field.type]) for _ in range(draw.one_of((1, 2, 2, 0))))


def in_domain(number: Number) -> Number:
    """The number where it can be written in a rule, else 1."""
    digits = len(Decimal(number).as_tuple().digits)
    fits = abs(number) <= MAX_INTEGER and (isinstance(number, int) or digits <= MAX_DIGITS)
    return number if fits else 1


def parameter_name(of_type: FieldType, *, many: bool) -> str:
    """The parameter of a type; every scenario has one for values and one for lists, with a value or without."""
    return f"made.{of_type}{'_list' if many else ''}"


def draw_parameters(draw: Draw, pools: Pools) -> Mapping[str, Slot]:
    """The parameters that have a value on the day."""
    return {
        parameter_name(of_type, many=many): draw_value(draw, pools, _field("", of_type, many=many))
        for of_type in FieldType
        for many in (False, True)
        if draw.often(5)
    }
