"""What speaks for a program and against it, what it states of visas, and what its chance starts from: each with where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from smartpick_expert.chances.chance import Chance, Move
from smartpick_expert.chances.rates import Rate
from smartpick_expert.chances.words import odds_text, sentence
from smartpick_expert.engine.compiled import CompiledRules
from smartpick_expert.explain.wording import value_text
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.values import UNKNOWN
from smartpick_expert.language.vocabulary import FactType
from smartpick_expert.lists.view_model import Argument, Base, Span, Stated
from smartpick_expert.programs.catalogue import Listing
from smartpick_expert.programs.gate_words import GateView
from smartpick_expert.programs.gates import Result
from smartpick_expert.programs.screen_view import ProgramView
from smartpick_expert.programs.stated import meaning_of

FOR, AGAINST = "for", "against"
MEASURED: Final = "measured"
ODDS, PREFERENCE, KNOWN, FILTER = "odds", "preference", "known", "filter"
# What programs state of visas, by the vocabulary's fields.
_VISAS: Final = ("accepts_j1", "accepts_h1b", "accepts_f1_opt")


def arguments_of(
    program: ProgramView, fact: Fact, chance: Chance | None, signal: str, compiled: CompiledRules
) -> tuple[Argument, ...]:
    """What is measured first (it moves the chance where this kind of signal is sent, or is stated), then what committees are said to think.

    What is not settled moves no chance, and stands for nothing; nor does what follows from another (sending no signal).
    """
    several = chance.moves_with(signal) if chance is not None else ()
    moves = (_of_move(one, fact, compiled) for one in several if one.is_settled and one.rule)
    preferred = (one for one in program.requirements if not one.strict)
    stated = (_of_gate(one, FOR if one.result == Result.PASSED.value else AGAINST, PREFERENCE) for one in preferred)
    known = (_of_gate(one, FOR, KNOWN) for one in program.known if one.result == Result.PASSED.value)
    filters = (_of_gate(one, AGAINST, FILTER) for one in program.filtered)
    return (*moves, *stated, *known, *filters)


def visas_of(listing: Listing, shown: ProgramView, fact_type: FactType) -> tuple[Stated, ...]:
    """What a program states of each visa, and when that was verified; nothing is said of what it leaves blank."""
    return tuple(_visas(listing, {name for name, _ in shown.stale}, fact_type))


def _visas(listing: Listing, stale: set[str], fact_type: FactType) -> Iterator[Stated]:
    for name in _VISAS:
        field = fact_type.fields.get(name)
        cited = listing.cells.get(name)
        if field is None or cited is None or cited.value is UNKNOWN:
            continue
        verified = value_text(cited.verified) if cited.verified is not None else ""
        yield Stated(field.meaning, value_text(cited.value, field), verified, name in stale)


def base_of(rate: Rate, listing: Listing, fact_type: FactType) -> Base:
    """What a base rate rests on, in words of the vocabulary."""
    field = fact_type.fields.get(rate.field)
    cited = listing.cells.get(rate.field)
    verified = value_text(cited.verified) if cited is not None and cited.verified is not None else ""
    return Base(rate.of, meaning_of(field) if field is not None else rate.field, verified, rate.cases, rate.source)


def _of_move(move: Move, program: Fact, compiled: CompiledRules) -> Argument:
    side = FOR if move.expected >= 1 else AGAINST
    odds = Span(move.low, move.expected, move.high, odds_text(move))
    return Argument(side, MEASURED, ODDS, move.words, sentence(move, program, compiled), (move.rule,), odds=odds)


def _of_gate(gate: GateView, side: str, what: str) -> Argument:
    return Argument(side, gate.kind, what, gate.title, " ".join(gate.sentences), gate.rules, gate.amounts)
