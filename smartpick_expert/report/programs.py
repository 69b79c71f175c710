"""The chapter on programs: a screening as a written advice shows it, what would open most, and whom to write to first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.programs.gate_words import GateView, is_of_program
from smartpick_expert.programs.gates import Result
from smartpick_expert.programs.screen_view import CLOSED, WAITING, ProgramView, ScreenView

# The word of the vocabulary for the week in which applicants may not turn to programs: of a stage, and of the season's phase.
_MATCH_WEEK: Final = "match_week"
_PHASE: Final = "season_phase"
# So many messages are printed in an advice; 'programs screen' has one for each program.
_MESSAGES: Final = 3


@dataclass(frozen=True, slots=True)
class Opening:
    """What would open programs that one requirement alone closes, and how many. `gate` is that requirement's title."""

    by: str
    gate: str
    programs: int


@dataclass(frozen=True, slots=True)
class OwnAsked:
    """What the profile itself leaves open, by its path and meaning, and how many programs that are not closed wait for it."""

    path: str
    meaning: str
    programs: int


@dataclass(frozen=True, slots=True)
class Message:
    """A message to a program: what it leaves open and could tell, each field with the question put."""

    program: ProgramView
    asks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ClosedView:
    """A program that is closed, and what closes it besides its first requirement that is not met."""

    program: ProgramView
    also: tuple[GateView, ...]


@dataclass(frozen=True, slots=True)
class ProgramsView:
    """One catalogue's chapter. `name` is what its file is called; `openings` and `own` are put by how many programs each bears on."""

    name: str
    screen: ScreenView
    closed: tuple[ClosedView, ...]
    openings: tuple[Opening, ...]
    own: tuple[OwnAsked, ...]
    messages: tuple[Message, ...]


def is_match_week(consultation: Consultation) -> bool:
    """Whether it is Match Week, by the profile or by the calendar: nobody may turn to a program then."""
    stages = (entry.values.get("stage") for entry in consultation.profile.of("applicant"))
    phases = (fact.get("name") for fact in consultation.derivation.certain if fact.type == _PHASE)
    return _MATCH_WEEK in (*stages, *phases)


def programs_view(name: str, screen: ScreenView, *, with_messages: bool = True) -> ProgramsView:
    """The chapter of a screening; in Match Week it has no messages."""
    closed = tuple(ClosedView(one, _also(one)) for one in screen.of(CLOSED))
    waiting = screen.of(WAITING)
    messages = _messages(waiting) if with_messages else ()
    return ProgramsView(name, screen, closed, _openings(closed), _own(waiting), messages)


def asks_of(program: ProgramView) -> tuple[tuple[str, str], ...]:
    """What a program leaves open that matters and that it could tell: fields with the questions put, each once."""
    return tuple(dict.fromkeys(pair for gate in program.waits_for for pair in gate.asks))


def _also(one: ProgramView) -> tuple[GateView, ...]:
    shut = (gate for gate in one.requirements if gate.strict and gate.result == Result.BLOCKED.value)
    return tuple(gate for gate in shut if gate != one.blocking)


def _openings(closed: Iterable[ClosedView]) -> tuple[Opening, ...]:
    alone = Counter(
        (one.program.blocking.opened_by, one.program.blocking.title)
        for one in closed
        if one.program.blocking is not None and one.program.blocking.opened_by and not one.also
    )
    return tuple(Opening(by, gate, count) for (by, gate), count in alone.most_common())


def _own(waiting: Iterable[ProgramView]) -> tuple[OwnAsked, ...]:
    several = (dict.fromkeys(pair for gate in one.waits_for for pair in gate.missing) for one in waiting)
    counts = Counter(pair for pairs in several for pair in pairs if not is_of_program(pair[0]))
    return tuple(OwnAsked(path, meaning, count) for (path, meaning), count in counts.most_common())


def _messages(waiting: Iterable[ProgramView]) -> tuple[Message, ...]:
    """Messages to the programs that need the fewest answers, those first that wait for nothing else."""
    several = [Message(one, asks) for one in waiting if (asks := asks_of(one))]
    return tuple(sorted(several, key=lambda one: (_needs_more(one), len(one.asks)))[:_MESSAGES])


def _needs_more(message: Message) -> bool:
    return any(not is_of_program(path) for gate in message.program.waits_for for path, _ in gate.missing)
