"""The view model: the values that documents show. What is in them is chosen in `view.py`; templates only place it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from smartpick_expert.knowledge.actions import Action
from smartpick_expert.knowledge.phrasing import Phrasing
from smartpick_expert.language.values import Number
from smartpick_expert.lists.view_model import ListView
from smartpick_expert.report.disagreements import Disagreement
from smartpick_expert.report.drawings.model import Drawings
from smartpick_expert.report.entered import Entered
from smartpick_expert.report.fell_away import FellAway
from smartpick_expert.report.house import House
from smartpick_expert.report.otherwise_model import DecidingView, FragileView, QuestionView, UnknownView
from smartpick_expert.report.programs import ProgramsView
from smartpick_expert.report.published import Published
from smartpick_expert.report.statements import Statement


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason with its weight in words, and the statement that gives it."""

    side: str
    strength: str
    about: str
    statement: Statement


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the advice with its statements, and whether an advisor withdrew some."""

    key: str
    title: str
    about: str
    statements: tuple[Statement, ...]
    has_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class GivenField:
    """One thing the profile says, in words."""

    name: str
    meaning: str
    value: str


@dataclass(frozen=True, slots=True)
class GivenEntry:
    """One entry of the profile, as the advice repeats it; `verified` says who saw proof, if anybody."""

    section: str
    meaning: str
    label: str
    fields: tuple[GivenField, ...]
    verified: str


@dataclass(frozen=True, slots=True)
class FiringView:
    """One line of the annex: a rule that fired, on what, and what it concluded. One that is `kept` is for the advisor alone."""

    id: str
    rule: str
    title: str
    kind: str
    standing: str
    sources: tuple[str, ...]
    premises: tuple[str, ...]
    conclusions: tuple[str, ...]
    file: str
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Citation:
    """A source that statements cite. For a claim `says` is ours and what speaks for and against it comes along.

    `looked_up` is the day as of which a finding was known; None for a claim.
    """

    id: str
    kind: str
    says: str
    standing: str
    reference: str
    note: str = ""
    speaking_for: tuple[str, ...] = ()
    speaking_against: tuple[str, ...] = ()
    looked_up: date | None = None


@dataclass(frozen=True, slots=True)
class FigureView:
    """A parameter as this advice reads it: what it is, of which season, and how it is known.

    `season` is the one the figure is of; None where it is dated by days, or not known. `standing` says how it is known,
    `source` is the evidence it cites (else empty), and `reference` names it in words.
    """

    name: str
    meaning: str
    is_known: bool
    season: int | None
    stands_in: bool
    basis: str
    standing: str
    source: str
    reference: str


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

    `in_time` says whether the step can be done by then, by the time we give it: yes, perhaps, no, over (the day is past),
    or empty where it cannot be told.
    """

    figure: FigureView
    day: str
    in_time: str


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


@dataclass(frozen=True, slots=True)
class SeasonView:
    """The season whose figures this advice reads, and those of them that an earlier one stands in for.

    `named` is the season the profile names, None where it names none. `is_read` says whether any figure by season is read.
    """

    season: int
    named: int | None
    is_read: bool
    stand_ins: tuple[FigureView, ...]


@dataclass(frozen=True, slots=True)
class ChargeView:
    """What one step of a fee comes to: for each of so many programs, or once for all of them (`flat`)."""

    programs: int
    fee: Number
    flat: bool
    amount: Number


@dataclass(frozen=True, slots=True)
class SignalCount:
    """How many signals of a kind can be sent in a specialty, and the season of that figure."""

    tier: str
    count: Number
    season: int | None
    stands_in: bool


@dataclass(frozen=True, slots=True)
class PlannedSpecialty:
    """The applications planned in one specialty. `service` is eras, residencycas, or empty where it is not known.

    `fee_of` is the earlier season whose fee stands in; None where none does.
    """

    specialty: str
    service: str
    programs: int | None
    charges: tuple[ChargeView, ...]
    amount: Number
    is_lower_bound: bool
    signals: tuple[SignalCount, ...]
    fee_of: int | None


@dataclass(frozen=True, slots=True)
class OnceFee:
    """A fee that is due once, whatever the number of programs; `amount` is None where it is not known.

    `fee_of` is the earlier season whose fee stands in; None where none does.
    """

    name: str
    meaning: str
    amount: Number | None
    fee_of: int | None


@dataclass(frozen=True, slots=True)
class CostsView:
    """What the planned applications would cost. `unknown` names the fees that are not known.

    `against_budget` is over (by `over_by`), within, open (what is known is within, and something is not), or empty
    without a budget.
    """

    specialties: tuple[PlannedSpecialty, ...]
    once: tuple[OnceFee, ...]
    amount: Number
    is_lower_bound: bool
    unknown: tuple[str, ...]
    budget: Number | None
    against_budget: str
    over_by: Number | None
    fees: tuple[FigureView, ...]


@dataclass(frozen=True, slots=True)
class OverrideView:
    """An advisor's override beside what the rules say: by whom, from when, and why.

    `kind` is bucket, action or statement. `says` is the title of what is withdrawn, and `does` what an action would have
    one do. `engine` is the rules' own conclusion: the bucket, how soon the action is advised, or the words of the
    `statements`; those of an action say why it is advised. `to` is the bucket that the advisor holds right. With
    statements go actions (`with_it`) for which no other reason is left. `state` is stands; idle, where the rules say
    nothing today that it would change; or not_yet, before its day.
    """

    kind: str
    of: str
    says: str
    does: str
    engine: str
    to: str
    by: str
    on: str
    because: str
    state: str
    statements: tuple[Statement, ...]
    with_it: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class View:
    """The whole advice, ready to be placed.

    `programs` has a chapter for each catalogue that it was made with, and `program_list` is the list that was asked for, if one was.
    `drawings` are what is drawn of it. `house` is how the office's documents look; it is no part of what is advised. `weighed` are all
    reasons, the weightiest first, of which `reasons` are those that the first page shows. `phrasing` is what documents word it with,
    and `advisor` who gives it, empty where nobody is named. `fell_away` says
    what evidence alone does not carry; None where all rules count. `possible_ids` are the ids of the possible buckets, in their order.
    """

    label: str
    stage: str
    as_of: str
    bucket: str
    bucket_name: str
    possible_buckets: tuple[str, ...]
    buckets: tuple[str, ...]
    headline: tuple[Statement, ...]
    measured_against: tuple[Statement, ...]
    reasons: tuple[Reason, ...]
    first_actions: tuple[AdvisedAction, ...]
    sections: tuple[Section, ...]
    disagreements: tuple[Disagreement, ...]
    actions: tuple[AdvisedAction, ...]
    questions: tuple[QuestionView, ...]
    deciding: tuple[DecidingView, ...]
    fragile: tuple[FragileView, ...]
    untried: tuple[str, ...]
    unknowns: tuple[UnknownView, ...]
    assumptions: tuple[Statement, ...]
    season: SeasonView
    costs: CostsView | None
    given: tuple[GivenEntry, ...]
    firings: tuple[FiringView, ...]
    citations: tuple[Citation, ...]
    statements: tuple[Statement, ...]
    overrides: tuple[OverrideView, ...]
    version: str
    entered: Entered | None = None
    published: Published | None = None
    programs: tuple[ProgramsView, ...] = ()
    program_list: ListView | None = None
    house: House = field(default_factory=House)
    drawings: Drawings = field(default_factory=Drawings)
    weighed: tuple[Reason, ...] = ()
    phrasing: Phrasing = field(default_factory=Phrasing)
    advisor: str = ""
    fell_away: FellAway | None = None
    possible_ids: tuple[str, ...] = ()
