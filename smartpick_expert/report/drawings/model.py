"""The view models of the drawings: the numbers and words that each shows. A drawing without anything to say is None."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from smartpick_expert.language.values import Number


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter of the typical program: passed, failed, or unknown; `reached` where the file comes to it."""

    name: str
    title: str
    result: str
    reached: bool


@dataclass(frozen=True, slots=True)
class FunnelView:
    """The filters in their order, and the first that the file does not surely pass (None: it passes all)."""

    filters: tuple[Filter, ...]
    stop: Filter | None


@dataclass(frozen=True, slots=True)
class RiskView:
    """A reason with how much it weighs (1: least, up to the number of words there are for it), and what answers it."""

    about: str
    strength: str
    weight: int
    kind: str
    statement: str
    answered_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnsweredView:
    """A risk that is answered to the point that no reason against the file is left of it."""

    risk: str
    answered_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RisksView:
    """What speaks against a file, what answers it, and what speaks for it. `strengths` are the words, from least to most."""

    strengths: tuple[str, ...]
    against: tuple[RiskView, ...]
    answered: tuple[AnsweredView, ...]
    speaking_for: tuple[RiskView, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """A period of US experience; `weeks` is None where that is not known."""

    label: str
    weeks: Number | None


@dataclass(frozen=True, slots=True)
class ScaleStep:
    """A step of the article's scale, with the applicant's periods on it."""

    name: str
    title: str
    periods: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class ScaleView:
    """The article's scale of US experience, from least to most, with the periods marked. An order, without sizes."""

    steps: tuple[ScaleStep, ...]


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """Something a score is shown against: one figure (`middle`), or a range with or without one between.

    `shows` says what the figures are, `standing` how they are known and `reference` by whom; `of` is the season it is of, None
    where it has none. `own` marks the applicant's group.
    """

    title: str
    shows: str
    low: Number | None
    middle: Number | None
    high: Number | None
    standing: str
    reference: str = ""
    of: int | None = None
    own: bool = False

    @property
    def values(self) -> tuple[Number, ...]:
        """Its figures, the lowest first."""
        return tuple(one for one in (self.low, self.middle, self.high) if one is not None)


@dataclass(frozen=True, slots=True)
class ScoresView:
    """A score and the lines it is shown against."""

    exam: str
    score: Number
    lines: tuple[ScoreLine, ...]

    @property
    def low(self) -> int:
        """Where the scale begins: a multiple of ten with room below all that is shown."""
        return (int(min(self._values)) - 5) // 10 * 10

    @property
    def high(self) -> int:
        """Where the scale ends."""
        return -(-(int(max(self._values)) + 5) // 10) * 10

    @property
    def _values(self) -> tuple[Number, ...]:
        return (self.score, *(value for line in self.lines for value in line.values))


@dataclass(frozen=True, slots=True)
class SeasonDay:
    """A day of the season. `standing` says how it is known and `reference` by whom; `over` where it is past, `letter` for the letter."""

    title: str
    day: date
    standing: str
    reference: str
    over: bool
    letter: bool = False


@dataclass(frozen=True, slots=True)
class SeasonStep:
    """An advised action: how long it would take from today, in weeks (None: not known), and until when it helps."""

    name: str
    title: str
    low: Number | None
    high: Number | None
    until: date | None


@dataclass(frozen=True, slots=True)
class CalendarView:
    """The calendar of a season from the first of this month: the days that are known, and the actions that can be done in it."""

    season: int
    today: date
    first: date
    last: date
    days: tuple[SeasonDay, ...]
    steps: tuple[SeasonStep, ...]


@dataclass(frozen=True, slots=True)
class Gate:
    """A requirement or filter of a screening: how many programs come to it, at how many it is not known, and how many go on."""

    title: str
    arrived: int
    unknown: int
    left: int


@dataclass(frozen=True, slots=True)
class ProgramsView:
    """How many programs of a list are left after each gate: what they state, or (`is_opinion`) the article's filters."""

    total: int
    is_opinion: bool
    steps: tuple[Gate, ...]


@dataclass(frozen=True, slots=True)
class ListPoint:
    """The most interviews that a sum is expected to buy, with so many programs. `mark` is list, past (the stop line) or empty."""

    programs: int
    cost: Number
    worth: float
    mark: str


@dataclass(frozen=True, slots=True)
class FrontierView:
    """Cost against expected interviews, the cheapest first. `per_interview` is the most that one more may cost; None without a line."""

    points: tuple[ListPoint, ...]
    budget: Number
    per_interview: Number | None

    @property
    def most_cost(self) -> float:
        """What the scale of costs has to reach: the dearest point, and the budget where that lies near."""
        dearest = float(self.points[-1].cost)
        budget = float(self.budget)
        return max(dearest, budget) if budget <= 1.6 * dearest else dearest

    @property
    def most_worth(self) -> float:
        """What the scale of interviews has to reach."""
        return max(one.worth for one in self.points)


@dataclass(frozen=True, slots=True)
class Drawings:
    """The drawings of one advice; None where there is nothing to show. `programs` has those of each chapter on programs."""

    funnel: FunnelView | None = None
    risks: RisksView | None = None
    scale: ScaleView | None = None
    scores: tuple[ScoresView, ...] = ()
    calendar: CalendarView | None = None
    programs: tuple[tuple[ProgramsView, ...], ...] = ()
    frontier: FrontierView | None = None
