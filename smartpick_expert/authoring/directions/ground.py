"""One profile consulted for what directions look at, and consulted again after edits, quickly."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from smartpick_expert.authoring.directions.model import Direction
from smartpick_expert.diagnostics import Problems
from smartpick_expert.engine.compiled import conditions_with
from smartpick_expert.engine.consultation import prepare, season_of
from smartpick_expert.engine.match import solutions
from smartpick_expert.engine.rerun import Change, Rerun
from smartpick_expert.engine.session import consult
from smartpick_expert.engine.slices import slice_for
from smartpick_expert.engine.store import ExhaustedError, Mode, Stores
from smartpick_expert.explain.limits import Limits
from smartpick_expert.explain.trials import CONTRADICTION
from smartpick_expert.intake.edits import edited
from smartpick_expert.intake.facts import make_facts
from smartpick_expert.intake.profile import Profile
from smartpick_expert.language.edits import Edit
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.model import inner_patterns
from smartpick_expert.workspace import Workspace


def types_of(directions: Iterable[Direction]) -> frozenset[str]:
    """The types of facts that directions look at, contradictions among them."""
    found = {CONTRADICTION}
    for one in directions:
        found |= {scale.type for scale in one.scales} | {pattern.fact_type for pattern in one.never_comes}
        found |= {pattern.fact_type for condition in one.when for pattern in inner_patterns(condition)}
    return frozenset(found)


class Ground:
    """A profile with what comes of it and of edited copies, for facts of some types.

    Raises Problems or ExhaustedError where the profile is too much to be consulted at all.
    """

    def __init__(self, profile: Profile, workspace: Workspace, as_of: date, types: frozenset[str]) -> None:
        self.profile = profile
        self.workspace = workspace
        self.as_of = as_of
        self.vocabulary = workspace.vocabulary
        self.season = season_of(profile, as_of)
        ready = prepare(profile, workspace, as_of)
        self.parameters = ready.compiled.parameters
        self._derivation = consult(slice_for(ready.compiled, types), ready.intake.facts, "plain")
        self._rerun = Rerun(self._derivation, ready.intake.facts, types)
        self._own = self._facts_of(profile)
        self._limits: Limits | None = None
        self.stores = self._rerun.after(()).stores
        self._known: dict[tuple[Edit, ...], Stores | None] = {(): self.stores}
        self.contradicts = bool(self.stores.certain.of(CONTRADICTION))

    @property
    def limits(self) -> Limits:
        """What the rules hold the fields of this profile against."""
        if self._limits is None:
            self._limits = Limits(self._derivation.compiled, self._derivation.possible)
        return self._limits

    def holds(self, direction: Direction) -> bool:
        """Whether the circumstances of a direction surely are those of the profile."""
        when = conditions_with(direction.when, self.parameters)
        return next(solutions(when, {}, self.stores, Mode.CERTAIN), None) is not None

    def after(self, edits: tuple[Edit, ...]) -> Stores | None:
        """What comes of the edited profile; None where that contradicts itself, or is too much to be consulted."""
        if edits not in self._known:
            self._known[edits] = self._after(edits)
        return self._known[edits]

    def _after(self, edits: tuple[Edit, ...]) -> Stores | None:
        own = self._facts_of(edited(self.profile, edits, self.vocabulary))
        changes: list[Change] = [(fact, None) for fact in self._own if fact not in own]
        changes += [(None, fact) for fact in own if fact not in self._own]
        try:
            stores = self._rerun.after(changes).stores
        except (ExhaustedError, Problems):
            return None
        return None if stores.certain.of(CONTRADICTION) else stores

    def _facts_of(self, profile: Profile) -> dict[Fact, None]:
        return dict.fromkeys(make_facts(profile, self.vocabulary, (), self.as_of, self.season).facts)
