"""A pair that gets worse, made small: whatever can be left out of the profile while it still gets worse is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from smartpick_expert.authoring.directions.ground import Ground, types_of
from smartpick_expert.authoring.directions.model import Direction
from smartpick_expert.authoring.directions.outcomes import Worse, what_is_worse
from smartpick_expert.authoring.directions.pairs import Pair, is_still_one
from smartpick_expert.diagnostics import Problems
from smartpick_expert.engine.store import ExhaustedError
from smartpick_expert.intake.edits import edited, label_of
from smartpick_expert.intake.profile import Profile
from smartpick_expert.language.edits import Remove
from smartpick_expert.language.vocabulary import Supplier, Vocabulary
from smartpick_expert.workspace import Workspace


def reduced(
    direction: Direction, pair: Pair, profile: Profile, workspace: Workspace, as_of: date
) -> tuple[Profile, tuple[Worse, ...]]:
    """A profile as bad as this one of which nothing can be left out by itself, and what gets worse in it."""
    small = replace(profile, text="", overrides=(), lines={})
    worse = is_worse(direction, pair, small, workspace, as_of)
    before = None
    while before != small:
        before = small
        for part in _parts(before, workspace.vocabulary):
            less = _without(part, small, workspace.vocabulary)
            found = is_worse(direction, pair, less, workspace, as_of) if less != small else ()
            if found:
                small, worse = less, found
    return small, worse


def is_worse(
    direction: Direction, pair: Pair, profile: Profile, workspace: Workspace, as_of: date
) -> tuple[Worse, ...]:
    """What surely gets worse where the edits of a pair are made on a profile; nothing where they make no pair of it."""
    try:
        ground = Ground(profile, workspace, as_of, types_of((direction,)))
    except (ExhaustedError, Problems):
        return ()
    if not ground.holds(direction) or not is_still_one(direction, pair, ground):
        return ()
    then, now = ground.after(pair.before), ground.after(pair.after)
    if then is None or now is None:
        return ()
    return what_is_worse(direction, then, now, workspace.vocabulary, ground.parameters)


# A section (as a whole, or all that stands in it), an entry of it, or a field of that.
_Part = tuple[str, bool, str, str]


def _parts(profile: Profile, vocabulary: Vocabulary) -> Iterator[_Part]:
    """What can be left out of a profile so that it can still be read, the largest parts first."""
    kinds = [kind for kind in vocabulary.supplied_by(Supplier.PROFILE) if kind.name in profile.sections]
    for kind in kinds:
        if not (kind.one and any(field.required for field in kind.fields.values())):
            yield kind.name, True, "", ""
    several = [kind for kind in kinds if not kind.one]
    yield from ((kind.name, False, "", "") for kind in several)
    yield from (
        (kind.name, False, label_of(entry, vocabulary), "") for kind in several for entry in profile.of(kind.name)
    )
    for kind in kinds:
        for entry in profile.of(kind.name):
            for name in entry.values:
                if not kind.fields[name].required and name != kind.label:
                    yield kind.name, False, "" if kind.one else label_of(entry, vocabulary), name


def _without(part: _Part, profile: Profile, vocabulary: Vocabulary) -> Profile:
    name, whole, label, field = part
    less = edited(profile, [Remove(name, label, field)], vocabulary)
    return replace(less, sections=less.sections - {name}) if whole else less
