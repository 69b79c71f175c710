"""The part of the view model that says what is unknown and what would be otherwise: questions, answers, what the advice hangs on."""

from __future__ import annotations

from dataclasses import dataclass


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
class ActionTurnView:
    """What becomes of an action: how soon it is advised now, and then; empty where it is not. `is_first`: it is begun with now."""

    name: str
    title: str
    before: str
    after: str
    is_first: bool


@dataclass(frozen=True, slots=True)
class TurnView:
    """Values that come to the same, and to what: the buckets then possible (none where they stay as they are), the actions."""

    values: tuple[str, ...]
    buckets: tuple[str, ...]
    actions: tuple[ActionTurnView, ...]


@dataclass(frozen=True, slots=True)
class DecidingView:
    """Something unknown, and those of its answers that would change the sorting or what is advised."""

    path: str
    subject: str
    meaning: str
    settles: bool
    turns: tuple[TurnView, ...]


@dataclass(frozen=True, slots=True)
class FragileView:
    """Something the profile says (a field, or a whole entry) that would turn the sorting or a first action, were it otherwise.

    `now` is what it says, empty for an entry; the first of `turns` is the nearest. `verified` says who saw proof, if
    anybody, and `line` where in its file it stands.
    """

    path: str
    subject: str
    meaning: str
    now: str
    turns: tuple[TurnView, ...]
    turns_bucket: bool
    verified: str
    line: int | None


@dataclass(frozen=True, slots=True)
class UnknownView:
    """Something the profile does not say, of which entry, and the titles of the rules that wait for it."""

    path: str
    subject: str
    meaning: str
    waiting: tuple[str, ...]
