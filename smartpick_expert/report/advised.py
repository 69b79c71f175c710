"""The advised actions in their order, with what each takes, costs, needs and would change.

Within now, next and later the order is: official requirements, then what an action would change (the sorting, then the
weight of reasons, then the weight of what it answers), then its day, then its effort.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.explain.wording import value_text
from smartpick_expert.knowledge.actions import Action
from smartpick_expert.knowledge.estimates import EVIDENCE, Estimate, Fees, Price, Time
from smartpick_expert.knowledge.fees import Cost, fee_cost, total
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.operators import Truth
from smartpick_expert.language.values import ABSENT, UNKNOWN, Missing, Number
from smartpick_expert.planning.effects import BUCKET, GATE, REASON, Effect, ReasonTurn
from smartpick_expert.planning.steps import ACTION, Step
from smartpick_expert.report.advised_model import (
    AdvisedAction,
    DeadlineView,
    EffectView,
    EstimateView,
    GateTurnView,
    NeedView,
    PlaceView,
    ReasonTurnView,
)
from smartpick_expert.report.figures import FigureReader
from smartpick_expert.report.statements import Statement
from smartpick_expert.workspace import Workspace

# At these stages a season is under way for the applicant; at others only where the profile names one.
IN_SEASON: Final = ("preparing", "applied", "interviewing", "ranking", "match_week", "reapplying")
_TRUTHS: Final = {Truth.YES: "yes", Truth.NO: "no", Truth.UNKNOWN: "unknown"}
_NEVER: Final = float("inf")
_SETTLES, _MAY, _NO_BUCKET = range(3)


@dataclass(frozen=True, slots=True)
class _Ranked:
    """An action with the keys of its order, each compared after the one before."""

    advised: AdvisedAction
    when: int
    not_a_gate: bool
    bucket: int
    sure: tuple[int, ...]
    unsure: tuple[int, ...]
    answers: int
    day: float
    effort: tuple[float, float]
    place: int

    @property
    def key(self) -> tuple[object, ...]:
        return (
            *(self.when, self.not_a_gate, self.bucket, self.sure, self.unsure),
            *(self.answers, self.day, self.effort, self.place),
        )


class Advised:
    """Makes the views of the actions of one advice. Figures that are read are noted in `reader`; `day` words a day."""

    def __init__(
        self, consultation: Consultation, workspace: Workspace, reader: FigureReader, day: Callable[[date], str]
    ) -> None:
        self.consultation = consultation
        self.knowledge = workspace.knowledge
        self.vocabulary = workspace.vocabulary
        self.reader = reader
        self.day = day
        self.strengths = tuple(self.vocabulary.types[REASON].fields["strength"].values)

    def ordered(
        self, advised: Iterable[tuple[Fact, tuple[Statement, ...]]], steps: Mapping[str, Step]
    ) -> tuple[AdvisedAction, ...]:
        """The views of the action facts, each with the statements behind it, in their order."""
        ranked = [
            self._ranked(fact, statements, steps[name])
            for fact, statements in advised
            if (name := str(fact.get("name"))) in steps
        ]
        found: list[AdvisedAction] = []
        for _, group in groupby(sorted(ranked, key=lambda one: one.key), key=lambda one: one.when):
            found += [self._placed(one, is_first=number == 0) for number, one in enumerate(group)]
        return tuple(found)

    def _ranked(self, fact: Fact, statements: tuple[Statement, ...], step: Step) -> _Ranked:
        action, effect = step.action, step.effect
        deadline, last = self._deadline(action)
        takes, costs = self._takes(action.takes), self._costs(action.costs)
        view = AdvisedAction(
            action=action,
            when=self._word(ACTION, "when", fact.get("when")),
            reasons=statements,
            place=PlaceView("effort", "", is_first=False),
            effect=self._effect(effect) if effect is not None and not effect.is_nothing else None,
            unseen=step.unseen.value if step.unseen is not None else "",
            needs=tuple(NeedView(need.that, _TRUTHS[truth]) for need, truth in step.needs),
            until=deadline,
            takes=takes,
            costs=costs,
        )
        turns = effect.reasons if effect is not None else ()
        return _Ranked(
            view,
            self.vocabulary.rank(ACTION, "when", fact.get("when")),
            not action.gate,
            self._bucket_change(effect),
            self._weights(turn for turn in turns if turn.turn.is_sure and turn.helps),
            self._hopes(turns),
            self._weight_answered(fact),
            last.toordinal() if last is not None else _NEVER,
            (_most(takes), _most(costs)),
            tuple(self.knowledge.actions).index(action.name),
        )

    def _placed(self, one: _Ranked, *, is_first: bool) -> AdvisedAction:
        """The view with what sets it apart, which is the first of its keys that says anything."""
        because, strength = "effort", ""
        if not one.not_a_gate:
            because = "gate"
        elif one.bucket != _NO_BUCKET:
            because = "bucket" if one.bucket == _SETTLES else "bucket_may"
        elif any(one.sure):
            because, strength = "reason", self._heaviest(one.sure)
        elif any(one.unsure):
            because, strength = "reason_may", self._heaviest(one.unsure)
        elif one.answers < len(self.strengths):
            because, strength = "answers", self.strengths[one.answers]
        elif one.day < _NEVER:
            because = "deadline"
        worded = self._word(REASON, "strength", strength) if strength else ""
        return replace(one.advised, place=PlaceView(because, worded, is_first))

    def _heaviest(self, weights: tuple[int, ...]) -> str:
        return next(word for word, number in zip(self.strengths, weights, strict=True) if number)

    def _hopes(self, turns: Iterable[ReasonTurn]) -> tuple[int, ...]:
        """The weights of what may change; nothing where it may turn out either way."""
        unsure = [turn for turn in turns if not turn.turn.is_sure]
        return self._weights(unsure if all(turn.helps for turn in unsure) else ())

    def _weights(self, turns: Iterable[ReasonTurn]) -> tuple[int, ...]:
        """How many reasons of each strength change for the better, below nothing so that more of them come first."""
        ranks = [min(self._rank(turn.before), self._rank(turn.after)) for turn in turns]
        # What may come has no strength yet, and counts as the lightest.
        found = [min(rank, len(self.strengths) - 1) for rank in ranks]
        return tuple(-found.count(rank) for rank in range(len(self.strengths)))

    def _rank(self, strength: str) -> int:
        return self.vocabulary.rank(REASON, "strength", strength)

    def _bucket_change(self, effect: Effect | None) -> int:
        """Whether the worst bucket that is possible would be better; or the best one, and the worst no worse."""
        if effect is None or not effect.before or not effect.after:
            return _NO_BUCKET
        before, after = (
            [self.vocabulary.rank(BUCKET, "name", name) for name in names] for names in (effect.before, effect.after)
        )
        if max(after) < max(before):
            return _SETTLES
        return _MAY if min(after) < min(before) and max(after) == max(before) else _NO_BUCKET

    def _weight_answered(self, fact: Fact) -> int:
        """The place of the weightiest `reason` that an action was concluded from; those from none come last."""
        firings = self.consultation.derivation.justifications.get(fact, ())
        answered = [f for firing in firings for f in firing.premises if f.type == REASON]
        return min((self._rank(str(f.get("strength"))) for f in answered), default=len(self.strengths))

    def _word(self, type_name: str, field_name: str, word: object) -> str:
        return value_text(str(word), self.vocabulary.types[type_name].fields[field_name])

    def _effect(self, effect: Effect) -> EffectView:
        def buckets(names: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(self._word(BUCKET, "name", name) for name in names)

        def strength(word: str) -> str:
            return self._word(REASON, "strength", word) if word else ""

        return EffectView(
            buckets(effect.before),
            buckets(effect.after),
            tuple(
                ReasonTurnView(
                    self._word(REASON, "kind", turn.kind), turn.side, turn.turn.value, strength(turn.before), strength(turn.after)
                )
                for turn in effect.reasons
            ),
            tuple(GateTurnView(self._word(GATE, "name", gate.name), gate.before, gate.after) for gate in effect.gates),
        )  # fmt: skip

    def _deadline(self, action: Action) -> tuple[DeadlineView | None, date | None]:
        """The view of the day, and the day itself where the step can still be done by it."""
        if not action.until or not self._is_in_season():
            return None, None
        last = self.reader.value(action.until)
        figure = self.reader.view(action.until)
        if not isinstance(last, date):
            return DeadlineView(figure, "", ""), None
        given = self._lapses(action)
        if given is not None and given < last:
            last = given
        else:
            given = None
        in_time = self._in_time(action.takes, last)
        return DeadlineView(figure, self.day(last), in_time, given), last if in_time not in ("over", "no") else None

    def _lapses(self, action: Action) -> date | None:
        """When that lapses which an action renews, as the profile says; None where it has lapsed already, or that is not known."""
        path = action.lapses
        facts = self.consultation.intake.facts if path is not None else ()
        found = next((fact.get(path.field) for fact in facts if path is not None and fact.type == path.type), UNKNOWN)
        return found if isinstance(found, date) and found >= self.consultation.as_of else None

    def _is_in_season(self) -> bool:
        applicant = next((fact for fact in self.consultation.intake.facts if fact.type == "applicant"), None)
        stage = applicant.get("stage") if applicant is not None else UNKNOWN
        return stage in IN_SEASON or isinstance(self.reader.named, int)

    def _in_time(self, takes: Time, last: date) -> str:
        today = self.consultation.as_of
        if last < today:
            return "over"
        if takes is ABSENT:
            return "yes"
        if isinstance(takes, Missing):
            return ""
        if _after(today, takes.low) > last:
            return "no"
        return "yes" if takes.high is not None and _after(today, takes.high) <= last else "perhaps"

    def _takes(self, takes: Time) -> EstimateView:
        return self._range(takes) if isinstance(takes, Estimate) else _without_figure(takes)

    def _costs(self, costs: Price) -> EstimateView:
        if isinstance(costs, Estimate):
            return self._range(costs)
        return self._fees(costs) if isinstance(costs, Fees) else _without_figure(costs)

    def _range(self, estimate: Estimate) -> EstimateView:
        kind, _, cited = estimate.source.partition(":")
        evidence = self.knowledge.evidence.get(cited) if kind == EVIDENCE else None
        return EstimateView(
            "range",
            estimate.low,
            estimate.high,
            estimate.per,
            estimate.basis,
            estimate.owner,
            source=estimate.source if evidence is not None else "",
            reference=evidence.citation if evidence is not None else estimate.source,
            standing=evidence.known_by.value if evidence is not None else estimate.basis,
        )

    def _fees(self, fees: Fees) -> EstimateView:
        due, perhaps = (total(map(self._fee, names)) for names in (fees.due, fees.perhaps))
        whole = due + perhaps
        return EstimateView(
            "fees",
            due.amount,
            whole.amount,
            is_lower_bound=whole.is_lower_bound,
            due=tuple(map(self.reader.view, fees.due)),
            perhaps=tuple(map(self.reader.view, fees.perhaps)),
        )

    def _fee(self, name: str) -> Cost:
        value = self.reader.value(name)
        return fee_cost(name, value if isinstance(value, Number) else UNKNOWN)


def sources_of(advised: AdvisedAction) -> set[str]:
    """The entries of the evidence that the figures of an action rest on."""
    until = (advised.until.figure,) if advised.until is not None else ()
    figures = (*until, *advised.costs.due, *advised.costs.perhaps)
    return {one.source for one in (advised.takes, advised.costs, *figures) if one.source}


def _without_figure(missing: Missing) -> EstimateView:
    return EstimateView("none" if missing is ABSENT else "unknown")


def _most(estimate: EstimateView) -> float:
    """The most it can be; nothing where it is none, and without end where nobody knows."""
    if estimate.kind == "none":
        return 0
    return _NEVER if estimate.high is None or estimate.is_lower_bound else float(estimate.high)


def _after(day: date, weeks: Number) -> date:
    return day + timedelta(weeks=float(weeks))
