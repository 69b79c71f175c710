"""Parameters: numbers and lists that people argue about, dated, with their basis and source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from smartpick_expert.diagnostics import Location
from smartpick_expert.language.literals import read_field
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Mapping, Node, Scalar
from smartpick_expert.language.values import ABSENT, UNKNOWN, Slot, shorten
from smartpick_expert.language.vocabulary import Field, FieldType

_KEYS = ("name", "meaning", "type", "many", "unit", "basis", "source", "owner", "review_by", "values")
_TYPES = (FieldType.NUMBER, FieldType.TEXT, FieldType.DATE, FieldType.BOOLEAN)


@dataclass(frozen=True, slots=True)
class Period:
    """A value and the days it holds for, both included; None means without end. UNKNOWN: not known for these days."""

    value: Slot
    start: date
    end: date | None
    location: Location


@dataclass(frozen=True, slots=True)
class Parameter:
    """One dated parameter. `basis` says what it rests on: our assumption, evidence, or an official statement."""

    name: str
    meaning: str
    type: FieldType
    many: bool
    unit: str
    basis: str
    source: str
    owner: str
    review_by: date | None
    periods: tuple[Period, ...]
    location: Location

    def at(self, day: date) -> Slot:
        """The value on a day; UNKNOWN where none is given for it."""
        for period in self.periods:
            if period.start <= day and (period.end is None or day <= period.end):
                return period.value
        return UNKNOWN


def values_at(parameters: Iterable[Parameter], day: date) -> dict[str, Slot]:
    """Every parameter's value on a day, by name."""
    return {parameter.name: parameter.at(day) for parameter in parameters}


def read_parameters(node: Node, reader: Reader) -> list[Parameter]:
    """The parameters of one file; problems are noted in `reader`."""
    found: list[Parameter] = []
    mapping = reader.mapping(node, "A parameter file")
    if mapping is None:
        return found
    reader.known_keys(mapping, ("about", "parameters"), "A parameter file")
    for item in reader.sequence(mapping.get("parameters"), "'parameters'"):
        entry = reader.mapping(item, "A parameter")
        if entry is not None:
            found.append(_parameter(entry, reader))
    return found


def _parameter(entry: Mapping, reader: Reader) -> Parameter:
    name = reader.text(entry, "name")
    what = f"Parameter '{shorten(name)}'" if name else "A parameter"
    reader.known_keys(entry, _KEYS, what)
    reader.required(entry, ("name", "meaning", "type", "basis", "source", "owner", "values"), what)
    kind = FieldType(reader.choice(entry, "type", [str(t) for t in _TYPES]) or FieldType.TEXT)
    unit = reader.text(entry, "unit")
    many = reader.boolean(entry, "many")
    field = Field(name, kind, "", unit=unit, many=many)
    periods = [_period(item, field, reader) for item in reader.sequence(entry.get("values"), "'values'")]
    ordered = tuple(sorted((p for p in periods if p is not None), key=lambda p: p.start))
    for earlier, later in pairwise(ordered):
        if earlier.end is None or earlier.end >= later.start:
            reader.problem(
                later.location, "parameter.overlap", f"{what} has two values for {later.start}.", "Give the earlier one an end with 'to:'.",
                related=((earlier.location, "the other one"),),
            )  # fmt: skip
    return Parameter(
        name=name,
        meaning=" ".join(reader.text(entry, "meaning").split()),
        type=kind,
        many=many,
        unit=unit,
        basis=reader.choice(entry, "basis", ("assumption", "evidence", "official")),
        source=reader.text(entry, "source"),
        owner=reader.text(entry, "owner"),
        review_by=reader.date(entry, "review_by"),
        periods=ordered,
        location=entry.location,
    )


def _period(node: Node, field: Field, reader: Reader) -> Period | None:
    entry = reader.mapping(node, "A value of a parameter")
    if entry is None:
        return None
    reader.known_keys(entry, ("from", "to", "value"), "A value of a parameter")
    reader.required(entry, ("from",), "A value of a parameter")
    start = reader.date(entry, "from")
    written = entry.get("value")
    value: Slot | None = UNKNOWN
    if written is not None and not (isinstance(written, Scalar) and written.is_empty):
        value = read_field(written, field, reader)
    if start is None or value is None or value is ABSENT:
        return None
    return Period(value, start, reader.date(entry, "to"), entry.location)
