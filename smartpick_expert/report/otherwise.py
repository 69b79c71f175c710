"""What is said of things that are not known, or could be otherwise: questions, what decides, and what the advice hangs on.

All of it was found by trying (`explain/questions.py`, `explain/fragile.py`); here it is put into words for a reader. To an
applicant nothing is said of what would come of a word that is kept for the advisor.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from itertools import groupby

from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.explain.fragile import Alternative, Bearing, Bearings, distance
from smartpick_expert.explain.limits import ANYTHING_ELSE
from smartpick_expert.explain.questions import MAX_ANSWERS, Answer, Question, deciding
from smartpick_expert.explain.trials import ACTION, BUCKET, ActionTurn, Result, action_turns
from smartpick_expert.explain.unknowns import PARAMETER, Unknown, meaning_of
from smartpick_expert.explain.wording import value_text, with_unit
from smartpick_expert.intake.profile import Entry
from smartpick_expert.knowledge.phrases import said
from smartpick_expert.language.facts import Fact, fact_id
from smartpick_expert.language.model import Audience
from smartpick_expert.language.values import ABSENT, Slot
from smartpick_expert.language.vocabulary import Field, FieldType, Vocabulary
from smartpick_expert.report.naming import Naming
from smartpick_expert.report.otherwise_model import (
    ActionTurnView,
    AnswerView,
    DecidingView,
    FragileView,
    QuestionView,
    TurnView,
)
from smartpick_expert.workspace import Workspace

# Answers of these types lie on a scale.
SCALES = (FieldType.NUMBER, FieldType.DATE)
# One value that was tried, and what came of it.
Tried = Answer | Alternative
# The buckets then, none where they stay as they are, and what becomes of actions.
_Turn = tuple[tuple[str, ...], tuple[ActionTurn, ...]]
_ENDLESS = float("inf")


@dataclass(frozen=True, slots=True)
class _Hinge:
    """What a turn is held against: how things are now, the actions that count (`on`; None: all), and those begun with.

    `complete` says that the values tried reach to the end of their scale.
    """

    now: Result
    on: frozenset[str] | None
    first: frozenset[str]
    complete: bool = True


class Otherwise:
    """Words for one reader of one consultation. `original` is the same one before redaction: what was tried is of that one."""

    def __init__(
        self,
        consultation: Consultation,
        original: Consultation,
        workspace: Workspace,
        audience: Audience,
        *,
        redacted: bool,
    ) -> None:
        self.consultation = consultation
        self.vocabulary: Vocabulary = workspace.vocabulary
        self.workspace = workspace
        self.audience = audience
        self.redacted = redacted
        self.shown = dict(zip(original.intake.facts, consultation.intake.facts, strict=True))
        knowledge = workspace.knowledge
        titles = {label: one.name for label, one in knowledge.programs.items()}
        self.names = Naming(consultation.intake.facts, workspace.vocabulary, knowledge.phrasing, titles)

    # --- what keeps the bucket open ---

    def question(self, question: Question) -> QuestionView:
        """A question with what its answers make of the bucket, answers that come to the same together."""
        unknown, field = question.unknown, self._field(question.unknown)
        grouped: dict[str, list[str]] = {}
        for (outcome, measured), run in groupby(question.answers, key=lambda answer: self._outcome(answer, field)):
            slots = [answer.slot for answer in run]
            words = [self._stretch(slots, question, field)] if measured and field else self._texts(slots, field)
            grouped.setdefault(outcome, []).extend(words)
        answers = tuple(AnswerView(tuple(words), outcome) for outcome, words in grouped.items())
        return QuestionView(*self.naming(unknown), question.settles, answers)

    def _outcome(self, answer: Answer, field: Field | None) -> tuple[str, bool]:
        """What an answer comes to, and whether it lies on a scale, where neighbours can be told as one stretch."""
        if self._is_kept(answer.slot, field):
            # What is given to the applicant would not show it: neither now nor when it is answered so.
            return said("for_advisor_alone"), False
        names = [self._word(BUCKET, "name", fact.get("name")) for fact in answer.outcome]
        outcome = reduce(lambda one, other: said("either", one=one, other=other), names) if names else ""
        return outcome, field is not None and field.type in SCALES and answer.slot is not ABSENT

    def _stretch(self, slots: list[Slot | None], question: Question, field: Field) -> str:
        """Neighbouring answers in words. Limits are tried on both sides, so what lies between two of them comes to the same."""
        on_scale = [answer.slot for answer in question.answers if answer.slot is not ABSENT]
        complete = len(question.answers) < MAX_ANSWERS or on_scale[-1] == field.maximum
        opens, closes = slots[0] == on_scale[0], complete and slots[-1] == on_scale[-1]
        if opens and closes:
            return said("any_other_answer" if len(on_scale) < len(question.answers) else "any_answer")
        return self._between(slots, field, opens=opens, closes=closes)

    def _between(self, slots: Sequence[Slot | None], field: Field, *, opens: bool, closes: bool) -> str:
        """A stretch of a scale in words; one that `opens` begins with it, one that `closes` ends with it."""
        first, last = self._texts((slots[0], slots[-1]), field)
        if opens:
            return said("up_to", last=last)
        if closes:
            is_time = field.type is FieldType.DATE or field.unit == "year"
            return said("or_later" if is_time else "or_more", first=first)
        return first if first == last else said("from_to", first=first, last=last)

    # --- what decides, of that which is unknown ---

    def deciding(
        self, asked: tuple[Question, ...], bearings: Bearings, first: frozenset[str]
    ) -> tuple[DecidingView, ...]:
        """The unknowns that would change the sorting or what is advised, and by which answers; the weightiest first."""
        found: list[DecidingView] = []
        for question in deciding(asked, bearings.now, self.audience):
            field = self._field(question.unknown)
            complete = len(question.answers) < MAX_ANSWERS
            hinge = _Hinge(bearings.now, None, first, complete=complete)
            turns, _ = self._turns(question.answers, field, hinge)
            if turns and not self._is_for_advisor(question.unknown):
                found.append(DecidingView(*self.naming(question.unknown), question.settles, turns))
        return tuple(found)

    # --- what the advice hangs on, of that which is given ---

    def fragile(self, bearings: Bearings, first: frozenset[str]) -> tuple[FragileView, ...]:
        """What would turn the bucket or one of the first actions: the bucket first, the nearest first, unverified first."""
        ranked: list[tuple[tuple[object, ...], FragileView]] = []
        hinge = _Hinge(bearings.now, first, first)
        for number, bearing in enumerate(bearings.found):
            field = self.vocabulary.types[bearing.fact.type].fields.get(bearing.field)
            turns, near = self._turns(bearing.alternatives, field, hinge, bearing.fact.get(bearing.field))
            if turns:
                view = self._fragile(bearing, field, turns)
                ranked.append(((not view.turns_bucket, near, bool(view.verified), number), view))
        return tuple(view for _, view in sorted(ranked, key=lambda pair: pair[0]))

    def untried(self, bearings: Bearings) -> tuple[str, ...]:
        """The paths of what was not tried to the end, because it would have taken too long."""
        return tuple(self._path(fact, field) for fact, field in bearings.untried)

    def _fragile(self, bearing: Bearing, field: Field | None, turns: tuple[TurnView, ...]) -> FragileView:
        shown = self.shown[bearing.fact]
        entry = self.consultation.intake.entries.get(shown)
        place = entry.places.get(bearing.field, entry.location) if entry is not None else None
        fact_type = self.vocabulary.types[bearing.fact.type]
        return FragileView(
            path=self._path(bearing.fact, bearing.field),
            subject=self.names.of(shown),
            meaning=field.meaning if field is not None else fact_type.meaning,
            now=with_unit(shown.get(bearing.field), field) if field is not None else "",
            turns=turns,
            turns_bucket=any(turn.buckets for turn in turns),
            verified=self.verified(entry) if entry is not None else "",
            line=place.line if place is not None and entry is not None and not entry.is_noted else None,
        )

    def _turns(
        self, tried: Sequence[Tried], field: Field | None, hinge: _Hinge, present: Slot = ABSENT
    ) -> tuple[tuple[TurnView, ...], float]:
        """What the values that turn anything come to, and how far the nearest is; neighbours on a scale are one stretch."""
        worded: dict[_Turn, list[str]] = {}
        nearest: dict[_Turn, float] = {}
        ends = _ends(tried, present)
        for turn, run in groupby(tried, key=lambda one: self._turn(one, hinge, field)):
            slots = [one.slot for one in run]
            if turn is None:
                continue
            scale = [slot for slot in slots if slot is not ABSENT]
            if field is not None and field.has_order and scale:
                closes = hinge.complete and scale[-1] == ends[1]
                words = [self._between(scale, field, opens=scale[0] == ends[0], closes=closes)]
                words += self._texts([slot for slot in slots if slot is ABSENT], field)
            else:
                words = self._texts(slots, field) if field is not None or hinge.on is None else [said("without_it")]
            worded.setdefault(turn, []).extend(words)
            near = min(distance(present, slot, field) if field is not None else _ENDLESS for slot in slots)
            nearest[turn] = min(nearest.get(turn, _ENDLESS), near)
        turns = tuple(
            TurnView(
                tuple(dict.fromkeys(worded[turn])),
                self._bucket_words(turn[0]),
                self._action_words(turn[1], hinge.first),
            )
            for turn in sorted(worded, key=lambda turn: nearest[turn])
        )
        return turns, min(nearest.values(), default=_ENDLESS)

    def _turn(self, one: Tried, hinge: _Hinge, field: Field | None) -> _Turn | None:
        """What a value turns: the buckets then, none where they stay as they are, and the actions; None where nothing."""
        result, now = one.result, hinge.now
        if result is None or not result.turns(now) or self._is_kept(one.slot, field):
            return None
        actions = action_turns(now, result, self.audience)
        buckets = result.buckets if result.buckets != now.buckets else ()
        counted = [turn for turn in actions if hinge.on is None or turn.name in hinge.on]
        return (buckets, actions) if buckets or counted else None

    def _bucket_words(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(self._word(BUCKET, "name", name) for name in names)

    def _action_words(self, turns: Iterable[ActionTurn], first: frozenset[str]) -> tuple[ActionTurnView, ...]:
        actions = self.workspace.knowledge.actions
        return tuple(
            ActionTurnView(
                turn.name,
                actions[turn.name].title if turn.name in actions else turn.name,
                self._word(ACTION, "when", turn.before) if turn.before else "",
                self._word(ACTION, "when", turn.after) if turn.after else "",
                turn.name in first,
            )
            for turn in turns
        )

    # --- names and values ---

    def naming(self, unknown: Unknown) -> tuple[str, str, str]:
        """Path, subject and meaning of an unknown, by the facts that are shown. The subject is what one of several is called."""
        shown = self.shown.get(unknown.fact, unknown.fact) if unknown.fact is not None else None
        path = Unknown(unknown.type, shown, unknown.field).path(self.vocabulary)
        return path, self.names.of(shown) if shown is not None else "", meaning_of(unknown, self.vocabulary)

    def verified(self, entry: Entry) -> str:
        """Who saw proof of an entry, in words; empty where nobody did."""
        if entry.verified is None:
            return ""
        if not entry.verified.on:
            return said("verified_by", by=entry.verified.by)
        return said("verified_by_on", by=entry.verified.by, day=self._text(entry.verified.on, None))

    def _path(self, fact: Fact, field: str) -> str:
        name = fact_id(self.vocabulary, self.shown[fact])
        return f"{name}.{field}" if field else name

    def _field(self, unknown: Unknown) -> Field | None:
        return self.vocabulary.types[unknown.type].fields[unknown.field] if unknown.fact is not None else None

    def _is_kept(self, slot: Slot | None, field: Field | None) -> bool:
        """Whether a value is one that an applicant is told in another word."""
        return self.audience is not Audience.ADVISOR and field is not None and slot in tuple(field.told_as)

    def _is_for_advisor(self, unknown: Unknown) -> bool:
        if self.audience is Audience.ADVISOR or unknown.type == PARAMETER:
            return False
        field = self._field(unknown)
        return self.vocabulary.types[unknown.type].for_advisor or (field is not None and field.for_advisor)

    def _word(self, type_name: str, field_name: str, slot: Slot) -> str:
        return value_text(slot, self.vocabulary.types[type_name].fields[field_name])

    def _texts(self, slots: Iterable[Slot | None], field: Field | None) -> list[str]:
        return [said("there_is_none") if slot is None else self._text(slot, field) for slot in slots]

    def _text(self, slot: Slot, field: Field | None) -> str:
        if isinstance(slot, date):
            return str(slot.year) if self.redacted else value_text(slot)
        if slot == ANYTHING_ELSE:
            return said("anything_else")
        if self.redacted and field is not None and field.type in (FieldType.TEXT, FieldType.LABEL):
            # The words tried are those of other entries, and stand for what is withheld there.
            return said("something_else") if isinstance(slot, str) else value_text(slot, field)
        return value_text(slot, field)


def _ends(tried: Sequence[Tried], present: Slot) -> tuple[Slot | None, Slot | None]:
    """The first and the last value of a scale, the present one among them."""
    on_scale = [one.slot for one in tried if one.slot is not ABSENT]
    slots = sorted([*on_scale, *([present] if on_scale and type(present) is type(on_scale[0]) else [])], key=_scale)
    return (slots[0], slots[-1]) if slots else (None, None)


def _scale(slot: Slot | None) -> tuple[bool, object]:
    return (slot is None, slot)
