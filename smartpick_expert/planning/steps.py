"""Each advised action held against one file: what must be true first, and what the finished action would change.

One action at a time: nothing is said of what several would do together. A consultation is made for each action that
changes something, with the same rules on the same day, so the time it takes is bounded by the number of actions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from smartpick_expert.diagnostics import Problems
from smartpick_expert.engine.compiled import conditions_with
from smartpick_expert.engine.conflicts import conflict_diagnostics
from smartpick_expert.engine.consultation import Consultation, consult_profile
from smartpick_expert.engine.match import solutions
from smartpick_expert.engine.session import Matcher
from smartpick_expert.engine.store import Mode, Stores
from smartpick_expert.explain.unknowns import stores_of
from smartpick_expert.intake.edits import edited
from smartpick_expert.knowledge.actions import Action, Need
from smartpick_expert.language.edits import Edit
from smartpick_expert.language.operators import Truth
from smartpick_expert.language.values import UNKNOWN, Slot
from smartpick_expert.planning.effects import Effect, effect_between
from smartpick_expert.workspace import Workspace

ACTION, CONTRADICTION = "action", "contradiction"


class Unseen(StrEnum):
    """Why it is not shown what an action would change: something it needs is surely not so, or the rules object."""

    NEEDS = "needs"
    CONTRADICTION = "contradiction"


@dataclass(frozen=True, slots=True)
class Step:
    """An action for one file. Without `effect` it changes nothing that rules read, or `unseen` says why it is not shown."""

    action: Action
    needs: tuple[tuple[Need, Truth], ...]
    effect: Effect | None = None
    unseen: Unseen | None = None


def steps_of(
    consultation: Consultation, workspace: Workspace, engine: Matcher | str = "", *, with_drafts: bool = False
) -> dict[str, Step]:
    """A step for each action that the consultation advises, by name."""
    run = _Run(consultation, workspace, engine, with_drafts)
    names = sorted({str(fact.get("name")) for fact in consultation.derivation.of(ACTION)})
    actions = workspace.knowledge.actions
    return {name: run.step(actions[name]) for name in names if name in actions}


@dataclass
class _Run:
    consultation: Consultation
    workspace: Workspace
    engine: Matcher | str
    with_drafts: bool
    _stores: Stores | None = field(default=None, init=False)

    def step(self, action: Action) -> Step:
        needs = tuple((need, self._truth(need)) for need in action.needs)
        edits = action.edits_at(self._stage())
        if not edits:
            return Step(action, needs)
        if any(truth is Truth.NO for _, truth in needs):
            return Step(action, needs, unseen=Unseen.NEEDS)
        effect = self._effect(edits)
        return Step(action, needs, effect, None if effect is not None else Unseen.CONTRADICTION)

    def _stage(self) -> Slot:
        return next(
            (entry.values.get("stage", UNKNOWN) for entry in self.consultation.profile.of("applicant")), UNKNOWN
        )

    def _truth(self, need: Need) -> Truth:
        """Whether it is so; unknown too where no fact could tell."""
        if not need.when:
            return Truth.UNKNOWN
        derivation = self.consultation.derivation
        self._stores = self._stores or stores_of(derivation)
        when = conditions_with(need.when, derivation.compiled.parameters)
        for mode, truth in ((Mode.CERTAIN, Truth.YES), (Mode.POSSIBLE, Truth.UNKNOWN)):
            if next(solutions(when, {}, self._stores, mode), None) is not None:
                return truth
        return Truth.NO

    def _effect(self, edits: tuple[Edit, ...]) -> Effect | None:
        """What the edits would change; None where the profile would then contradict itself, or be too much to consult."""
        before, workspace = self.consultation, self.workspace
        profile = edited(before.profile, edits, workspace.vocabulary)
        try:
            after = consult_profile(profile, workspace, before.as_of, self.engine, with_drafts=self.with_drafts)
        except Problems:
            return None
        if after.derivation.of(CONTRADICTION) or conflict_diagnostics(after.derivation):
            return None
        return effect_between(before.derivation, after.derivation, workspace.vocabulary)
