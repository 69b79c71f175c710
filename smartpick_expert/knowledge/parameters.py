"""Parameters: numbers, lists and tables that people argue about, dated by days or by season, with basis and source.

A parameter is dated in one of two ways. By days: outside them nothing is known, and nothing stands in. By season: where a
season's value is not known, the latest earlier one stands in, and whoever reads it is told so. A day of one season says
nothing of the next, so a date never stands in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from smartpick_expert.diagnostics import Location
from smartpick_expert.knowledge.fees import Steps
from smartpick_expert.knowledge.seasons import running_season
from smartpick_expert.language.values import UNKNOWN, Slot
from smartpick_expert.language.vocabulary import FieldType

Setting = Slot | Steps


@dataclass(frozen=True, slots=True)
class Period:
    """A value and the days it holds for, both included; None means without end. UNKNOWN: not known for these days."""

    value: Setting
    start: date
    end: date | None
    basis: str
    source: str
    location: Location


@dataclass(frozen=True, slots=True)
class SeasonValue:
    """A value and the season it holds for. UNKNOWN: not known for this season."""

    value: Setting
    season: int
    basis: str
    source: str
    location: Location


@dataclass(frozen=True, slots=True)
class Figure:
    """A parameter as it is read for one advice, with what this value rests on.

    `asked` is the season it was asked for and `season` the one it is of; both are None where it is dated by days, and
    `season` alone where nothing is known.
    """

    name: str
    value: Setting
    basis: str
    source: str
    asked: int | None = None
    season: int | None = None

    @property
    def stands_in(self) -> bool:
        """Whether it is the figure of an earlier season than the one asked for."""
        return self.season is not None and self.season != self.asked


@dataclass(frozen=True, slots=True)
class Parameter:
    """One dated parameter. `type` is None for a table of steps, which no rule can test.

    `basis` says what it rests on: our assumption, evidence, an official statement, or the article's author's opinion. A
    value may have a basis and a source of its own. Either `periods` or `seasons` is empty; both are in order. `no_reader`
    is why nothing reads it: no rule, no action and no cost; empty where something does.
    """

    name: str
    meaning: str
    type: FieldType | None
    many: bool
    unit: str
    basis: str
    source: str
    owner: str
    review_by: date | None
    periods: tuple[Period, ...]
    seasons: tuple[SeasonValue, ...]
    location: Location
    no_reader: str = ""

    def at(self, day: date, season: int) -> Figure:
        """How it reads on a day, in an advice about a season; its value is UNKNOWN where none is known."""
        if self.seasons:
            return self._in_season(season)
        for period in self.periods:
            if period.start <= day and (period.end is None or day <= period.end):
                return Figure(self.name, period.value, period.basis, period.source)
        return Figure(self.name, UNKNOWN, self.basis, self.source)

    def _in_season(self, asked: int) -> Figure:
        for entry in reversed(self.seasons):
            fits = entry.season == asked or (entry.season < asked and self.type is not FieldType.DATE)
            if fits and entry.value is not UNKNOWN:
                return Figure(self.name, entry.value, entry.basis, entry.source, asked, entry.season)
        return Figure(self.name, UNKNOWN, self.basis, self.source, asked)


@dataclass(frozen=True, slots=True)
class Figures:
    """Every parameter as it is read on a day, in an advice about a season."""

    season: int
    by_name: Mapping[str, Figure]

    @property
    def slots(self) -> dict[str, Slot]:
        """What rules may read, by name: every value but the tables of steps."""
        return {name: one.value for name, one in self.by_name.items() if not isinstance(one.value, Steps)}


def figures_at(parameters: Iterable[Parameter], day: date, season: int | None = None) -> Figures:
    """Every parameter on a day; without a season in the one that runs on it."""
    asked = running_season(day) if season is None else season
    return Figures(asked, {parameter.name: parameter.at(day, asked) for parameter in parameters})


def values_at(parameters: Iterable[Parameter], day: date, season: int | None = None) -> dict[str, Slot]:
    """What rules may read on a day, by name."""
    return figures_at(parameters, day, season).slots
