"""The view model: the values that documents show. What is in them is chosen in `view.py`; templates only place it."""

from __future__ import annotations

from dataclasses import dataclass

from smartpick_expert.knowledge.actions import Action
from smartpick_expert.report.statements import Statement


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason with its weight in words, and the statement that gives it."""

    side: str
    strength: str
    about: str
    statement: Statement


@dataclass(frozen=True, slots=True)
class AdvisedAction:
    """An action, how soon, and the statements that say why."""

    action: Action
    when: str
    reasons: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class AnswerView:
    """Answers to a question that come to the same, and what they come to (empty where it stays open)."""

    answers: tuple[str, ...]
    outcome: str


@dataclass(frozen=True, slots=True)
class QuestionView:
    """Something unknown that keeps the bucket open: its path, the entry it is asked of, what it means, what answers make of it."""

    path: str
    subject: str
    meaning: str
    settles: bool
    answers: tuple[AnswerView, ...]


@dataclass(frozen=True, slots=True)
class UnknownView:
    """Something the profile does not say, of which entry, and the titles of the rules that wait for it."""

    path: str
    subject: str
    meaning: str
    waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the advice with its statements."""

    key: str
    title: str
    about: str
    statements: tuple[Statement, ...]


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
    """A source that statements cite. For a claim `says` is ours and what speaks for and against it comes along."""

    id: str
    kind: str
    says: str
    standing: str
    reference: str
    note: str = ""
    speaking_for: tuple[str, ...] = ()
    speaking_against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """The whole advice, ready to be placed."""

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
    actions: tuple[AdvisedAction, ...]
    questions: tuple[QuestionView, ...]
    unknowns: tuple[UnknownView, ...]
    assumptions: tuple[Statement, ...]
    given: tuple[GivenEntry, ...]
    firings: tuple[FiringView, ...]
    citations: tuple[Citation, ...]
    statements: tuple[Statement, ...]
    version: str
