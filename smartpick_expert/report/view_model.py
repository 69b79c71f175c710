"""The view model: the values that documents show. What is in them is chosen in `view.py`; templates only place it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from smartpick_expert.knowledge.phrasing import Phrasing
from smartpick_expert.lists.view_model import ListView
from smartpick_expert.report.advised_model import AdvisedAction
from smartpick_expert.report.costs_model import CostsView, SeasonView
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
