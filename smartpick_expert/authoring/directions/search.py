"""The search: personas and made-up profiles, each changed for the better, and whatever gets worse by it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from random import Random

from smartpick_expert.authoring.directions.ground import Ground, types_of
from smartpick_expert.authoring.directions.model import Direction
from smartpick_expert.authoring.directions.outcomes import Worse, may_be_worse, what_is_worse
from smartpick_expert.authoring.directions.pairs import Pair, pairs_of
from smartpick_expert.authoring.directions.reducing import is_worse, reduced
from smartpick_expert.authoring.draw import Draw
from smartpick_expert.authoring.made_up import Maker
from smartpick_expert.diagnostics import Diagnostic, Problems
from smartpick_expert.engine.store import ExhaustedError
from smartpick_expert.intake.edits import edited
from smartpick_expert.intake.profile import Profile, profile_from_text, require
from smartpick_expert.language.source import read_text
from smartpick_expert.workspace import Workspace

PAIRS = 500
SEED = 1
# So many pairs of one profile are held against a direction: many profiles show more than many pairs of a few.
_OF_ONE_PROFILE = 6
# In how many ways a profile is completed whose pair perhaps gets worse.
_FILLED_IN = 4


@dataclass(frozen=True, slots=True)
class Violation:
    """A pair that gets worse, as small as it goes. `found_in` is the profile that it was found in."""

    before: Profile
    after: Profile
    worse: tuple[Worse, ...]
    found_in: str


@dataclass(frozen=True, slots=True)
class Searched:
    """What came of one direction: how many pairs of how many profiles were held against it, and how many got worse."""

    direction: Direction
    pairs: int
    profiles: int
    worse: int
    violation: Violation | None

    @property
    def untested(self) -> Diagnostic | None:
        """The finding that nothing was tested, where there was no pair."""
        if self.pairs:
            return None
        one = self.direction
        return Diagnostic(
            "direction.untested",
            f"Direction '{one.id}' applied to none of the profiles, so nothing was tested.",
            "Widen its 'when' and 'where', or ask for more with --pairs.",
            one.location,
        )


def search(
    workspace: Workspace, directions: Iterable[Direction], pairs: int, seed: int, as_of: date
) -> tuple[Searched, ...]:
    """Hold up to so many pairs, from up to as many made-up profiles, against each direction; the same for the same seed.

    Raises Problems where rules cannot be ordered, or the file on made-up profiles has mistakes.
    """
    several = tuple(directions)
    types = types_of(several)
    maker = Maker(workspace, as_of)
    counts = {one.id: _Count(one, maker) for one in several}
    profiles = chain(_personas(workspace), (maker.profile(seed, number + 1) for number in range(pairs)))
    for profile in profiles:
        waiting = [one for one in counts.values() if one.pairs < pairs]
        if not waiting:
            break
        try:
            ground = Ground(profile, workspace, as_of, types)
        except (ExhaustedError, Problems):
            # What a base concludes without end is for `rules check`; the other profiles can be judged all the same.
            continue
        for count in waiting:
            count.hold(ground, Draw(Random(f"{seed}/{profile.path}/{count.direction.id}")), pairs)
    return tuple(count.result(workspace, as_of) for count in counts.values())


class _Count:
    """What is known of one direction so far."""

    def __init__(self, direction: Direction, maker: Maker) -> None:
        self.direction = direction
        self.maker = maker
        self.pairs = 0
        self.profiles = 0
        self.worse = 0
        self.first: tuple[Ground, Pair] | None = None

    def hold(self, ground: Ground, draw: Draw, most: int) -> None:
        """Hold a profile's pairs against the direction."""
        before = self.pairs
        several = tuple(pairs_of(self.direction, ground, draw))
        for pair in draw.some_of(several, _OF_ONE_PROFILE, _OF_ONE_PROFILE):
            if self.pairs >= most:
                break
            then, now = ground.after(pair.before), ground.after(pair.after)
            if then is None or now is None:
                continue
            self.pairs += 1
            if what_is_worse(self.direction, then, now, ground.vocabulary, ground.parameters):
                self._note(ground, pair)
            elif may_be_worse(self.direction, then, now, ground.vocabulary, ground.parameters):
                self._fill_in(ground, pair, draw)
        self.profiles += self.pairs > before

    def _fill_in(self, ground: Ground, pair: Pair, draw: Draw) -> None:
        """Try the pair on the profile with all that it leaves open filled in, in a few ways."""
        for _ in range(_FILLED_IN):
            profile = self.maker.completed(ground.profile, draw)
            if is_worse(self.direction, pair, profile, ground.workspace, ground.as_of):
                self._note(Ground(profile, ground.workspace, ground.as_of, types_of((self.direction,))), pair)
                return

    def _note(self, ground: Ground, pair: Pair) -> None:
        self.worse += 1
        self.first = self.first or (ground, pair)

    def result(self, workspace: Workspace, as_of: date) -> Searched:
        """What came of it."""
        violation = None
        if self.first is not None:
            ground, pair = self.first
            smaller, worse = reduced(self.direction, pair, ground.profile, workspace, as_of)
            then, now = (edited(smaller, edits, workspace.vocabulary) for edits in (pair.before, pair.after))
            violation = Violation(then, now, worse, ground.profile.path)
        return Searched(self.direction, self.pairs, self.profiles, self.worse, violation)


def _personas(workspace: Workspace) -> Iterator[Profile]:
    """The personas, as far as they can be read, named by where they stand in the workspace."""
    for path in sorted(workspace.personas.glob("*.yaml")):
        name = path.relative_to(workspace.root).as_posix()
        try:
            yield require(*profile_from_text(read_text(path, name), name, workspace.vocabulary))
        except Problems:
            continue
