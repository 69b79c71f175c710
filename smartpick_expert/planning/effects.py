"""What differs between two consultations, as far as an applicant is told of it: the sorting, the reasons, the filters.

One of them is usually of the same profile after an action. Nothing is promised by it: it is what the rules would say with
all else as it is. Reasons and filters that only rules for the advisor conclude are left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from smartpick_expert.engine.derivation import Derivation, Firing
from smartpick_expert.explain.difference import Said, differing
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import Audience
from smartpick_expert.language.values import UNKNOWN
from smartpick_expert.language.vocabulary import Vocabulary

BUCKET, REASON, GATE = "bucket", "reason", "gate"
FAVOURS: Final = "for"


class Turn(StrEnum):
    """What becomes of a reason. What only may come or go depends on something that is not known then."""

    GOES = "goes"
    WEAKENS = "weakens"
    STRENGTHENS = "strengthens"
    COMES = "comes"
    MAY_GO = "may_go"
    MAY_COME = "may_come"
    RULED_OUT = "ruled_out"

    @property
    def is_sure(self) -> bool:
        """Whether it surely comes about, all else as it is."""
        return self not in (Turn.MAY_GO, Turn.MAY_COME, Turn.RULED_OUT)


@dataclass(frozen=True, slots=True)
class ReasonTurn:
    """What becomes of the reason of one kind on one side; a strength is empty where it is not (surely) given."""

    kind: str
    side: str
    turn: Turn
    before: str
    after: str

    @property
    def helps(self) -> bool:
        """Whether the applicant gains by it."""
        grows = self.turn in (Turn.COMES, Turn.STRENGTHENS, Turn.MAY_COME)
        return grows == (self.side == FAVOURS)


@dataclass(frozen=True, slots=True)
class GateTurn:
    """What becomes of a filter of the typical program: `passed`, `failed`, or empty where that is not settled."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Effect:
    """The differences. The buckets are those possible before and after, the best first; one alone is settled."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    reasons: tuple[ReasonTurn, ...] = ()
    gates: tuple[GateTurn, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether nothing differs that is told."""
        return self.before == self.after and not self.reasons and not self.gates


def effect_between(before: Derivation, after: Derivation, vocabulary: Vocabulary) -> Effect:
    """What differs from one derivation to the other."""
    reasons = _differing(before, after, REASON, ("kind", "side"), "strength")
    turns = [_turn(kind, side, then, now, vocabulary) for (kind, side), (then, now) in reasons.items()]
    gates = _differing(before, after, GATE, ("name",), "result")
    return Effect(
        _buckets(before, vocabulary),
        _buckets(after, vocabulary),
        tuple(sorted(filter(None, turns), key=lambda turn: _order(turn, vocabulary))),
        tuple(
            GateTurn(name, then.sure, now.sure)
            for (name,), (then, now) in sorted(gates.items())
            if then.sure != now.sure
        ),
    )


def _differing(
    before: Derivation, after: Derivation, type_name: str, key: tuple[str, ...], value: str
) -> dict[tuple[str, ...], tuple[Said, Said]]:
    return differing(_said(before, type_name, key, value), _said(after, type_name, key, value))


def _said(derivation: Derivation, type_name: str, key: tuple[str, ...], value: str) -> dict[tuple[str, ...], Said]:
    """What the applicant is told of each thing."""
    sure: dict[tuple[str, ...], str] = {}
    perhaps: dict[tuple[str, ...], set[str]] = {}
    for fact in derivation.of(type_name):
        if _is_told(derivation, derivation.justifications.get(fact, ())):
            sure[_key(fact, key)] = str(fact.get(value))
    for fact in derivation.open_of(type_name):
        if UNKNOWN not in {fact.get(name) for name in key} and _is_told(
            derivation, derivation.possible_justifications.get(fact, ())
        ):
            perhaps.setdefault(_key(fact, key), set()).add(str(fact.get(value)))
    return {name: Said(sure.get(name, ""), frozenset(perhaps.get(name, ()))) for name in {**sure, **perhaps}}


def _key(fact: Fact, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(fact.get(name)) for name in names)


def _is_told(derivation: Derivation, firings: Iterable[Firing]) -> bool:
    return any(Audience.APPLICANT in derivation.rules[firing.rule_id].audience for firing in firings)


def _turn(kind: str, side: str, before: Said, after: Said, vocabulary: Vocabulary) -> ReasonTurn | None:
    if before.sure and after.sure:
        if before.sure == after.sure:
            return None
        ranks = [vocabulary.rank(REASON, "strength", said.sure) for said in (before, after)]
        turn = Turn.WEAKENS if ranks[0] < ranks[1] else Turn.STRENGTHENS
    elif before.sure:
        turn = Turn.MAY_GO if after.perhaps else Turn.GOES
    elif after.sure:
        turn = Turn.COMES
    elif after.perhaps and not before.perhaps:
        turn = Turn.MAY_COME
    elif before.perhaps and not after.perhaps:
        turn = Turn.RULED_OUT
    else:
        return None
    return ReasonTurn(kind, side, turn, before.sure, after.sure)


def _order(turn: ReasonTurn, vocabulary: Vocabulary) -> tuple[object, ...]:
    """What is sure first, the weightiest first."""
    strength = min(vocabulary.rank(REASON, "strength", word) for word in (turn.before, turn.after))
    return (not turn.turn.is_sure, strength, vocabulary.rank(REASON, "kind", turn.kind), turn.side)


def _buckets(derivation: Derivation, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The buckets that are possible, the best first; those of which nothing is known stand for none."""
    settled = derivation.of(BUCKET) or tuple(fact for fact in derivation.possible if fact.type == BUCKET)
    names = {str(fact.get("name")) for fact in settled if fact.get("name") is not UNKNOWN}
    return tuple(sorted(names, key=lambda name: vocabulary.rank(BUCKET, "name", name)))
