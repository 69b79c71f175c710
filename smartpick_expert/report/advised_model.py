"""The view model of actions: what each takes, needs, costs and would change, and why it stands where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from smartpick_expert.knowledge.actions import Action
from smartpick_expert.language.values import Number
from smartpick_expert.report.costs_model import FigureView
from smartpick_expert.report.statements import Statement


@dataclass(frozen=True, slots=True)
class EstimateView:
    """How long a step takes, or what it costs, from `low` to `high` (None: nobody knows how much).

    `kind` is none (by its nature), unknown, range or fees. A range is an assumption with its `owner`, or cites evidence;
    fees are what is `due` and what is due only for some (`perhaps`), and a lower bound where one of them is not known.
    """

    kind: str
    low: Number | None = None
    high: Number | None = None
    per: str = ""
    basis: str = ""
    owner: str = ""
    source: str = ""
    reference: str = ""
    standing: str = ""
    is_lower_bound: bool = False
    due: tuple[FigureView, ...] = ()
    perhaps: tuple[FigureView, ...] = ()


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """The last day on which a step helps this season; empty where that is not known.

    `given` is the day where the profile says that something lapses earlier than the figure's, None where it is the figure's.
    `in_time` says whether the step can be done by then, by the time we give it: yes, perhaps, no, over (the day is past),
    or empty where it cannot be told.
    """

    figure: FigureView
    day: str
    in_time: str
    given: date | None = None


@dataclass(frozen=True, slots=True)
class NeedView:
    """What must be true first, and whether it is: yes, no or unknown."""

    that: str
    truth: str


@dataclass(frozen=True, slots=True)
class ReasonTurnView:
    """What a step would make of a reason: the words of its kind, its side, and what becomes of it (a `Turn`)."""

    about: str
    side: str
    turn: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class GateTurnView:
    """What a step would make of a filter: passed, failed, or empty where that would not be settled."""

    filter: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class EffectView:
    """What a step would change by the rules, all else as it is. The buckets are those possible before and after."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    reasons: tuple[ReasonTurnView, ...]
    gates: tuple[GateTurnView, ...]


@dataclass(frozen=True, slots=True)
class PlaceView:
    """Why an action stands where it does among those of its `when`: the first thing that sets it apart.

    `because` is gate, bucket, bucket_may, reason, reason_may, answers, deadline or effort; `strength` is that of the
    reason it speaks of.
    """

    because: str
    strength: str
    is_first: bool


@dataclass(frozen=True, slots=True)
class AdvisedAction:
    """An action, how soon, the statements that say why, and what doing it takes and changes.

    `effect` is None where nothing that is weighed would change, or where `unseen` says why it is not shown.
    """

    action: Action
    when: str
    reasons: tuple[Statement, ...]
    place: PlaceView
    effect: EffectView | None
    unseen: str
    needs: tuple[NeedView, ...]
    until: DeadlineView | None
    takes: EstimateView
    costs: EstimateView
