"""Pairs of profiles that one change sets apart: from each to the next it gets better, as a direction has it.

Numbers and days go through values at the limits that rules set on this very profile, the nearest ones, the farthest ones
and some between; so a step lies on both sides of a limit, and a far pair on both sides of many.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from smartpick_expert.authoring.directions.ground import Ground
from smartpick_expert.authoring.directions.model import Addition, Direction, Removal, Setting, Sweep
from smartpick_expert.authoring.directions.outcomes import matcher_of
from smartpick_expert.authoring.draw import Draw
from smartpick_expert.intake.edits import edited, label_of
from smartpick_expert.intake.facts import entry_fact
from smartpick_expert.intake.profile import MAX_ENTRIES, Entry, Profile
from smartpick_expert.language.edits import Edit, Remove, SetField
from smartpick_expert.language.operators import Truth
from smartpick_expert.language.paths import EACH
from smartpick_expert.language.values import UNKNOWN, Slot
from smartpick_expert.language.vocabulary import FieldType

Edits = tuple[Edit, ...]
# So many values on either side of the present one are tried, and so many of the others.
_NEAR, _BETWEEN = 2, 2


@dataclass(frozen=True, slots=True)
class Pair:
    """Edits of one profile: before the change, and after it. `label` is that of the entry that is changed, empty for none."""

    before: Edits
    after: Edits
    label: str = ""


def pairs_of(direction: Direction, ground: Ground, draw: Draw) -> Iterator[Pair]:
    """The pairs that a profile makes; none where the direction does not speak of it."""
    if ground.contradicts or not ground.holds(direction):
        return
    move = direction.move
    if isinstance(move, Addition):
        if _may_be_added_to(move.edit.type, ground):
            yield Pair((), (move.edit,))
        return
    if isinstance(move, Setting) and _is_a_new_entry(direction, move, ground):
        yield Pair((), move.edits)
    for entry in meant(direction, ground.profile, ground):
        label = "" if ground.vocabulary.types[entry.type].one else label_of(entry, ground.vocabulary)
        if isinstance(move, Removal):
            yield Pair((), (Remove(move.type, label),), label)
        elif isinstance(move, Setting):
            edits = tuple(replace(edit, path=replace(edit.path, label=label)) for edit in move.edits)
            if _is_other(entry, move):
                yield Pair((), edits, label)
        else:
            yield from _sweep(direction, move, entry, label, ground, draw)


def is_still_one(direction: Direction, pair: Pair, ground: Ground) -> bool:
    """Whether edits still make a pair on a profile that is another one by now."""
    if ground.contradicts:
        return False
    if isinstance(direction.move, Addition):
        return _may_be_added_to(direction.move.edit.type, ground)
    if not pair.label and not ground.vocabulary.types[direction.type].one:
        return isinstance(direction.move, Setting) and _is_a_new_entry(direction, direction.move, ground)
    states = (pair.before, pair.after) if isinstance(direction.move, Sweep) else (pair.before,)
    profiles = [edited(ground.profile, edits, ground.vocabulary) for edits in states]
    labels = [
        [label_of(entry, ground.vocabulary) for entry in meant(direction, profile, ground)] for profile in profiles
    ]
    if not all(pair.label in found if pair.label else found for found in labels):
        return False
    if isinstance(direction.move, Setting):
        several = meant(direction, ground.profile, ground)
        return any(
            _is_other(entry, direction.move)
            for entry in several
            if not pair.label or label_of(entry, ground.vocabulary) == pair.label
        )
    return True


def meant(direction: Direction, profile: Profile, ground: Ground) -> list[Entry]:
    """The entries that a direction speaks of."""
    kind = ground.vocabulary.types[direction.type]
    move = direction.move
    label = move.path.label if isinstance(move, Sweep) else ""
    if isinstance(move, Setting):
        label = move.edits[0].path.label
    matches = matcher_of(direction.where, ground.parameters) if direction.where is not None else None
    return [
        entry
        for entry in profile.of(kind.name)
        if label in ("", EACH) or label_of(entry, ground.vocabulary) == label
        if matches is None or matches(entry_fact(entry, kind)) is Truth.YES
    ]


def _sweep(direction: Direction, move: Sweep, entry: Entry, label: str, ground: Ground, draw: Draw) -> Iterator[Pair]:
    now = entry.values.get(move.path.field, UNKNOWN)
    if isinstance(now, bool) or not isinstance(now, int | Decimal | date):
        return
    kind = ground.vocabulary.types[entry.type]
    known = ground.limits.values(entry_fact(entry, kind), move.path.field)
    alike = date if isinstance(now, date) else int | Decimal
    values = tuple(sorted({*(one for one in known if isinstance(one, alike)), now}))
    chosen = _chosen(values, now, draw)
    states: list[Edits] = []
    for value in chosen if move.up else reversed(chosen):
        edits: Edits = (SetField(replace(move.path, label=label), value),) if value != now else ()
        fits = direction.where is None or any(
            one.position == entry.position
            for one in meant(direction, edited(ground.profile, edits, ground.vocabulary), ground)
        )
        if fits and ground.after(edits) is not None:
            states.append(edits)
    for before, after in pairwise(states):
        yield Pair(before, after, label)


def _chosen(values: Sequence[Slot], now: Slot, draw: Draw) -> list[Slot]:
    """The present value, its nearest neighbours, both ends, and some of the others, in their order."""
    place = values.index(now)
    near = range(max(0, place - _NEAR), min(len(values), place + _NEAR + 1))
    left = [number for number in range(1, len(values) - 1) if number not in near]
    kept = {0, len(values) - 1, *near, *draw.some_of(left, _BETWEEN, _BETWEEN)}
    return [values[number] for number in sorted(kept)]


def _is_other(entry: Entry, move: Setting) -> bool:
    """Whether the profile says something else than what is to be set. What it does not say gets no better by being told."""
    told = [(entry.values.get(edit.path.field, UNKNOWN), edit.value) for edit in move.edits]
    return any(now is not UNKNOWN and now != then for now, then in told)


def _is_a_new_entry(direction: Direction, move: Setting, ground: Ground) -> bool:
    """Whether something is set of an examination, say, that a given section does not name."""
    kind, label = ground.vocabulary.types[move.type], move.edits[0].path.label
    if kind.one or label == EACH or direction.where is not None or kind.name not in ground.profile.sections:
        return False
    named_by = kind.fields[kind.label]
    labels = {label_of(entry, ground.vocabulary) for entry in ground.profile.of(kind.name)}
    return named_by.type is FieldType.CHOICE and label not in labels


def _may_be_added_to(type_name: str, ground: Ground) -> bool:
    """Whether it is known what a section holds."""
    is_known = type_name in ground.profile.sections or ground.vocabulary.types[type_name].assume is not None
    return is_known and len(ground.profile.of(type_name)) < MAX_ENTRIES
