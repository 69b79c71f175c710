"""Reading parameter files, and what is wrong with how a parameter is dated: overlaps, holes, both ways of dating at once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final

from smartpick_expert.knowledge.fees import Step, Steps
from smartpick_expert.knowledge.parameters import Parameter, Period, SeasonValue, Setting
from smartpick_expert.language.literals import read_field, read_one
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Mapping, Node, Scalar, Sequence
from smartpick_expert.language.values import ABSENT, UNKNOWN, Number, shorten
from smartpick_expert.language.vocabulary import Field, FieldType

_KEYS = ("name", "meaning", "type", "many", "unit", "basis", "source", "owner", "review_by", "values", "no_reader")
_VALUE_KEYS = ("from", "to", "season", "value", "basis", "source")
_STEP_KEYS = ("up_to", "each", "flat")
_TYPES = (FieldType.NUMBER, FieldType.TEXT, FieldType.DATE, FieldType.BOOLEAN)
STEPS = "steps"
BASES: Final = ("assumption", "evidence", "official", "opinion")
_SEASON = Field("season", FieldType.NUMBER, "", unit="year", whole=True, minimum=2000, maximum=2100)
_FEE = Field("fee", FieldType.NUMBER, "", unit="USD", minimum=0)
_UP_TO = Field("up_to", FieldType.NUMBER, "", unit="programs", whole=True, minimum=1)


def read_parameters(node: Node, reader: Reader) -> list[Parameter]:
    """The parameters of one file; problems are noted in `reader`."""
    mapping = reader.mapping(node, "A parameter file")
    if mapping is None:
        return []
    reader.known_keys(mapping, ("about", "parameters"), "A parameter file")
    items = reader.sequence(mapping.get("parameters"), "'parameters'")
    entries = [reader.mapping(item, "A parameter") for item in items]
    return [_ParameterReader(entry, reader).read() for entry in entries if entry is not None]


class _ParameterReader:
    """Reads one parameter. A value that cannot be read is left out, after a note of what is wrong with it."""

    def __init__(self, entry: Mapping, reader: Reader) -> None:
        self.entry = entry
        self.reader = reader
        self.name = reader.text(entry, "name")
        self.what = f"Parameter '{shorten(self.name)}'" if self.name else "A parameter"
        kind = reader.choice(entry, "type", [*(str(t) for t in _TYPES), STEPS]) or FieldType.TEXT
        self.type = None if kind == STEPS else FieldType(kind)
        self.unit = reader.text(entry, "unit")
        self.many = reader.boolean(entry, "many")
        self.basis = reader.choice(entry, "basis", BASES)
        self.source = reader.text(entry, "source")

    def read(self) -> Parameter:
        entry, reader = self.entry, self.reader
        reader.known_keys(entry, _KEYS, self.what)
        reader.required(entry, ("name", "meaning", "type", "basis", "source", "owner", "values"), self.what)
        reader.filled(entry, ("values",), self.what)
        if self.type is None and self.many:
            message = f"{self.what} is a table of steps, and so no list of them."
            reader.problem(entry.location, "parameter.steps", message, "Leave 'many' out.")
        found = [self._value(item) for item in reader.sequence(entry.get("values"), "'values'")]
        periods = sorted((v for v in found if isinstance(v, Period)), key=lambda v: v.start)
        seasons = sorted((v for v in found if isinstance(v, SeasonValue)), key=lambda v: v.season)
        if periods and seasons:
            self._refuse_mixture(periods[0], seasons[0])
        else:
            self._check_periods(periods)
            self._check_seasons(seasons)
        return Parameter(
            name=self.name,
            meaning=" ".join(reader.text(entry, "meaning").split()),
            type=self.type,
            many=self.many,
            unit=self.unit,
            basis=self.basis,
            source=self.source,
            owner=reader.text(entry, "owner"),
            review_by=reader.date(entry, "review_by"),
            periods=tuple(periods),
            seasons=tuple(seasons),
            location=entry.location,
            no_reader=reader.text(entry, "no_reader"),
        )

    def _value(self, node: Node) -> Period | SeasonValue | None:
        entry = self.reader.mapping(node, "A value of a parameter")
        if entry is None:
            return None
        self.reader.known_keys(entry, _VALUE_KEYS, "A value of a parameter")
        by_season = entry.get("season") is not None
        if by_season and (entry.get("from") is not None or entry.get("to") is not None):
            self.reader.problem(
                entry.location,
                "parameter.mixed-dating",
                f"A value of {_inside(self.what)} is dated by days and by season at once.",
                "Keep 'from:' and 'to:', or keep 'season:'.",
            )
            return None
        self.reader.required(entry, ("season",) if by_season else ("from",), "A value of a parameter")
        written = entry.get("value")
        value: Setting | None = UNKNOWN
        if written is not None and not (isinstance(written, Scalar) and written.is_empty):
            value = self._setting(written)
        if value is None or value is ABSENT:
            return None
        basis = self.reader.choice(entry, "basis", BASES) or self.basis
        source = self.reader.text(entry, "source") or self.source
        if by_season:
            season = self._number(entry, "season", _SEASON)
            return SeasonValue(value, int(season), basis, source, entry.location) if season is not None else None
        start, end = self.reader.date(entry, "from"), self.reader.date(entry, "to")
        return Period(value, start, end, basis, source, entry.location) if start is not None else None

    def _setting(self, node: Node) -> Setting | None:
        if self.type is None:
            return self._steps(node)
        return read_field(node, Field(self.name, self.type, "", unit=self.unit, many=self.many), self.reader)

    def _check_periods(self, periods: list[Period]) -> None:
        """Each ends after it begins, and the next begins the day after it ends."""
        for period in periods:
            if period.end is not None and period.end < period.start:
                self.reader.problem(
                    period.location,
                    "parameter.backwards",
                    f"A value of {_inside(self.what)} holds from {period.start} to {period.end}, which is no day at all.",
                    "Correct one of the two days.",
                )
        for earlier, later in pairwise(periods):
            if earlier.end is None or earlier.end >= later.start:
                self.reader.problem(
                    later.location, "parameter.overlap", f"{self.what} has two values for {later.start}.",
                    "Give the earlier one an end with 'to:'.", related=((earlier.location, "the other one"),),
                )  # fmt: skip
            elif earlier.start <= earlier.end < later.start - timedelta(days=1):
                first, last = earlier.end + timedelta(days=1), later.start - timedelta(days=1)
                days = f"from {first} to {last}" if first < last else f"on {first}"
                self.reader.problem(
                    later.location, "parameter.hole", f"{self.what} has no value {days}, between two that it has.",
                    "Close the gap, or add a value for these days and leave it empty to say that it is not known.",
                    related=((earlier.location, "the value before it"),),
                )  # fmt: skip

    def _check_seasons(self, seasons: list[SeasonValue]) -> None:
        """Each season stands once, and none is skipped."""
        for earlier, later in pairwise(seasons):
            if earlier.season == later.season:
                self.reader.problem(
                    later.location, "parameter.season-twice", f"{self.what} has two values for the season {later.season}.",
                    "Delete one, or correct its season.", related=((earlier.location, "the other one"),),
                )  # fmt: skip
            elif earlier.season + 1 < later.season:
                first, last = earlier.season + 1, later.season - 1
                skipped = f"seasons {first} to {last}" if first < last else f"season {first}"
                self.reader.problem(
                    later.location, "parameter.hole", f"{self.what} skips the {skipped}, between two that it has.",
                    "Add what is missing, with an empty value where it is not known.",
                    related=((earlier.location, "the value before it"),),
                )  # fmt: skip

    def _refuse_mixture(self, period: Period, season: SeasonValue) -> None:
        self.reader.problem(
            season.location,
            "parameter.mixed-dating",
            f"{self.what} is dated by season here and by days elsewhere, so no one could say which value holds.",
            "Date all its values by days ('from:', 'to:'), or all by season.",
            related=((period.location, "a value dated by days"),),
        )

    def _steps(self, node: Node) -> Steps | None:
        """A table of steps: their ends grow, and only the last may be without end."""
        if not isinstance(node, Sequence) or not node.items:
            self.reader.problem(
                node.location,
                "parameter.steps",
                f"The steps of {_inside(self.what)} must be a list with at least one step.",
                "Write [{up_to: 30, each: 11}, {each: 30}].",
            )
            return None
        steps = [self._step(item) for item in node.items]
        read = [step for step in steps if step is not None]
        if len(read) < len(steps):
            return None
        for place, (earlier, later) in enumerate(pairwise(read), start=1):
            if earlier.up_to is None or (later.up_to is not None and later.up_to <= earlier.up_to):
                self.reader.problem(
                    node.items[place].location,
                    "parameter.steps",
                    f"Nothing would ever be charged by this step of {_inside(self.what)}: those before it reach as far.",
                    "Order the steps by 'up_to', and leave it out in the last one only.",
                )
                return None
        return Steps(tuple(read))

    def _step(self, node: Node) -> Step | None:
        entry = self.reader.mapping(node, "A step")
        if entry is None:
            return None
        self.reader.known_keys(entry, _STEP_KEYS, "A step")
        flat = entry.get("flat") is not None
        if flat == (entry.get("each") is not None):
            self.reader.problem(
                entry.location,
                "parameter.steps",
                "A step says either what each program costs or what the step costs as a whole.",
                "Write 'each:' or 'flat:', and not both.",
            )
            return None
        fee = self._number(entry, "flat" if flat else "each", _FEE)
        up_to = self._number(entry, "up_to", _UP_TO) if entry.get("up_to") is not None else None
        if fee is None or (up_to is None and entry.get("up_to") is not None):
            return None
        return Step(int(up_to) if up_to is not None else None, fee, flat)

    def _number(self, entry: Mapping, key: str, field: Field) -> Number | None:
        node = entry.get(key)
        value = read_one(node, field, self.reader) if node is not None else None
        return value if isinstance(value, int | Decimal) else None


def _inside(what: str) -> str:
    """The parameter's name as it stands within a sentence."""
    return what[:1].lower() + what[1:]
