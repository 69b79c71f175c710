"""The list as templates, tables and JSON take it. What is in it is chosen in `view.py`; templates only place and word it.

Chances run from 0 to 1; amounts are US dollars.
"""

from __future__ import annotations

from dataclasses import dataclass

from smartpick_expert.language.values import Number
from smartpick_expert.lists.letters import Letters
from smartpick_expert.programs.screen_view import ProgramView


@dataclass(frozen=True, slots=True)
class Span:
    """An expected value within its range; `text` is a chance, or odds, in words."""

    low: float
    expected: float
    high: float
    text: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """What names a program."""

    id: str
    name: str
    place: str
    specialty: str
    setting: str


@dataclass(frozen=True, slots=True)
class Argument:
    """What speaks for a program or against it, with its rules. `kind` is measured or perception, never both.

    `what` it is: odds (it moves the chance), preference (one that is met or missed), known (a known name), or filter. `amounts` say by how
    much a preference is missed; `odds` by what the odds of an interview are multiplied.
    """

    side: str
    kind: str
    what: str
    title: str
    words: str
    rules: tuple[str, ...]
    amounts: tuple[str, ...] = ()
    odds: Span | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """Something a program states, with the day on which it was verified; empty words where it states nothing."""

    meaning: str
    says: str
    verified: str
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class Base:
    """What a chance starts from: whose figure (own, sibling or specialty), what it counts, on how many cases if that is known."""

    of: str
    meaning: str
    verified: str
    cases: int | None
    source: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One program of the list. `signal` is the kind to send, if any, and `signal_adds` what it adds to the expected chance.

    `cost` is what this program adds to the cost of those above it (None: its fee is not known), `so_far` what is known of the cost of all
    down to it.
    """

    program: ProgramView
    institution: str
    track: str
    tier: str
    visas: tuple[Stated, ...]
    chance: Span | None
    base: Base | None
    is_capped: bool
    signal: str
    signal_adds: float
    arguments: tuple[Argument, ...]
    letters: Letters
    cost: Number | None
    so_far: Number
    is_pinned: bool

    def of_side(self, side: str) -> tuple[Argument, ...]:
        """The arguments of one side."""
        return tuple(one for one in self.arguments if one.side == side)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A program that nothing stated closes, and why it is not on the list all the same.

    `why`: vetoed, unknown (no chance could be reckoned), share (a bound that was asked for, named in `bound`), nothing (worth nothing by
    this aim), stop (it adds less than the stop line asks), or budget.
    """

    program: Named
    tier: str
    chance: Span | None
    why: str
    bound: str = ""
    fee: Number | None = None
    adds: float = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """Something that programs of the list wait for, and how many. `path` is its place in the profile, where that leaves it open."""

    meaning: str
    path: str
    programs: int


@dataclass(frozen=True, slots=True)
class SignalUse:
    """How many signals of a kind are sent by the list, of how many; `season` is that of the count, and an earlier one where it stands in.

    `already` were sent before, by the profile, and are taken off the count. `by_advisor` tells that the count was typed, in place
    of the season's and without anything taken off; `gives` is then the season's, where it is known.
    """

    kind: str
    sent: int
    count: int
    season: int | None = None
    stands_in: bool = False
    by_advisor: bool = False
    already: int = 0
    gives: int | None = None


@dataclass(frozen=True, slots=True)
class PlanSum:
    """What one specialty comes to: programs, expected interviews, cost of applying, signals."""

    specialty: str
    tracks: tuple[str, ...]
    programs: int
    worth: Span
    cost: Number
    is_lower_bound: bool
    signals: tuple[SignalUse, ...]


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee: what it is, its amount (None: not known, or by steps), and its season where that of an earlier one stands in."""

    meaning: str
    amount: Number | None
    stands_in: int | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the frontier: the most interviews that its cost can buy.

    `each` is what one interview more costs from the point before to this one. `mark`: list (the one that is shown), past (beyond the
    stop line), or empty. `gap` is how much more there may be where it is not proven.
    """

    programs: int
    cost: Number
    worth: float
    each: float | None
    mark: str = ""
    gap: float = 0


@dataclass(frozen=True, slots=True)
class Further:
    """What one more would add to the expected interviews: an application for its `fee`, or a signal (of a kind, for nothing)."""

    specialty: str
    kind: str
    fee: Number
    adds: float


@dataclass(frozen=True, slots=True)
class Stop:
    """Where the list ends and why. `per_interview` is the most that one more expected interview may cost; None where no line is known.

    `is_reached`: the list ends at the line, and the budget would have paid for `could` in its place, which
    comes to `could_add` more interviews. `further` is what one more application
    in each specialty, and one more signal of each kind, would add.
    """

    per_interview: Number | None
    is_reached: bool
    could: Point | None
    could_add: float
    further: tuple[Further, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """The chance of at least `interviews` interviews: each decided by itself, and where programs lean the same way (`correlation`)."""

    interviews: int
    apart: float
    together: float
    correlation: float


@dataclass(frozen=True, slots=True)
class ListView:
    """The whole list. `worth` is the sum of expected chances with that of the low and the high ends.

    `late` is the phase of the season where that is past applying; `without` are specialties of the profile that no catalogue has.
    `as_good` is how many programs off the list could take the place of one on it at no loss.
    """

    label: str
    as_of: str
    abouts: tuple[str, ...]
    fictional: bool
    noted: bool
    aim: str
    budget: Number
    listed: tuple[Listed, ...]
    left_out: tuple[LeftOut, ...]
    closed: int
    plans: tuple[PlanSum, ...]
    worth: Span
    waiting: int
    asked: tuple[Asked, ...]
    cost: Number
    applications: Number
    is_lower_bound: bool
    unknown_fees: tuple[str, ...]
    once: tuple[Fee, ...]
    fees: tuple[Fee, ...]
    assistance: bool
    at_least: tuple[AtLeast, ...]
    is_proven: bool
    gap: float
    as_good: int
    stop: Stop
    frontier: tuple[Point, ...]
    tier_limits: tuple[float, ...]
    late: str = ""
    without: tuple[str, ...] = ()
