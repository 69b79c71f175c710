"""A chance as lists, templates and JSON take it: numbers, words, and what each rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from smartpick_expert.chances.chance import NO_SIGNAL, Chance, Move, chances, why_none
from smartpick_expert.chances.odds import ODDS
from smartpick_expert.chances.words import odds_text, range_text, sentence
from smartpick_expert.engine.session import Matcher
from smartpick_expert.explain.wording import value_text
from smartpick_expert.knowledge.phrases import said
from smartpick_expert.language.vocabulary import Vocabulary
from smartpick_expert.programs.gates import REQUIREMENT
from smartpick_expert.programs.screening import Screened, Screening


@dataclass(frozen=True, slots=True)
class RangeView:
    """A chance with one kind of signal ("" for none): its ends and what is expected, as shares of one, and in words."""

    signal: str
    title: str
    low: float
    expected: float
    high: float
    text: str


@dataclass(frozen=True, slots=True)
class BaseView:
    """The rate that a chance starts from. `of`: own, sibling or specialty; `text` is its range in words."""

    of: str
    field: str
    source: str
    cases: int | None
    low: float
    expected: float
    high: float
    text: str


@dataclass(frozen=True, slots=True)
class MoveView:
    """One thing that moves a chance: what, by which rule, by what odds ratios, and the rule's sentence on this program.

    `signal` is None where it holds whichever signal is sent. `rule` and `sentence` are empty where it follows from another.
    """

    cause: str
    title: str
    rule: str
    signal: str | None
    low: float
    expected: float
    high: float
    text: str
    sentence: str
    settled: bool


@dataclass(frozen=True, slots=True)
class ChanceView:
    """The chance at one program. Without any, `none` says why (closed, no_rate), and `base` and the rest are empty.

    `groups` are the groups whose rates it starts from, in words; `waits_for` the requirements for whose sake every low end is 0.
    """

    program: str
    none: str
    groups: tuple[str, ...] = ()
    base: BaseView | None = None
    ranges: tuple[RangeView, ...] = ()
    moves: tuple[MoveView, ...] = ()
    capped: bool = False
    waits_for: tuple[str, ...] = ()


def chance_views(
    screening: Screening, found: Mapping[str, Chance | None] | None = None, engine: Matcher | str = ""
) -> Mapping[str, ChanceView]:
    """The views of the chances at the programs of a screening, by their ids. Raises Problems as `chances` does."""
    reckoned = chances(screening, engine) if found is None else found
    return {one.listing.id: chance_view(screening, one, reckoned.get(one.listing.id)) for one in screening.programs}


def chance_view(screening: Screening, one: Screened, chance: Chance | None) -> ChanceView:
    """The view of the chance at one program of a screening."""
    if chance is None:
        return ChanceView(one.listing.id, why_none(one))
    compiled = screening.consultation.derivation.compiled
    vocabulary = compiled.vocabulary
    base = chance.base
    return ChanceView(
        one.listing.id,
        "",
        tuple(value_text(group, vocabulary.types["reference_group"].fields["group"]) for group in chance.groups),
        BaseView(base.of, base.field, base.source, base.cases, base.low, base.expected, base.high, range_text(base)),
        tuple(
            RangeView(kind, signal_title(kind, vocabulary), each.low, each.expected, each.high, range_text(each))
            for kind, each in chance.by_signal.items()
        ),
        tuple(_move(move, sentence(move, one.fact, compiled)) for move in chance.moves),
        chance.is_capped,
        tuple(value_text(name, vocabulary.types[REQUIREMENT].fields["name"]) for name in chance.waits_for),
    )


def signal_title(kind: str, vocabulary: Vocabulary) -> str:
    """A kind of signal in words."""
    return said("no_signal") if kind == NO_SIGNAL else value_text(kind, vocabulary.types[ODDS].fields["signal"])


def _move(move: Move, said: str) -> MoveView:
    return MoveView(
        move.cause,
        move.words,
        move.rule,
        move.signal,
        move.low,
        move.expected,
        move.high,
        odds_text(move),
        said,
        move.is_settled,
    )
