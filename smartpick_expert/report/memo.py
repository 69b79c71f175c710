"""What the memo for the advisor holds: what drives the sorting, what is in dispute, what would turn it, and what to ask and how.

It is made from everything the profile holds, and says what of it the applicant is not told. It is for the advisor alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from smartpick_expert.knowledge.phrasing import Sensitive
from smartpick_expert.language.model import Audience
from smartpick_expert.report.budget import fitting, words_in
from smartpick_expert.report.disagreements import Disagreement
from smartpick_expert.report.layout import Budget
from smartpick_expert.report.otherwise_model import DecidingView, FragileView, QuestionView, TurnView, UnknownView
from smartpick_expert.report.statements import Statement
from smartpick_expert.report.view_model import OverrideView, Reason, View

_ROOM = "phrases"
# What is asked at a meeting: what decides comes first, then what keeps the sorting open, then what most rules wait for.
Asked = DecidingView | QuestionView | UnknownView
_Entry = (
    Reason
    | Disagreement
    | FragileView
    | DecidingView
    | QuestionView
    | UnknownView
    | Sensitive
    | OverrideView
    | Statement
)


@dataclass(frozen=True, slots=True)
class Apart:
    """What would turn the sorting by the applicant's documents (`told`), and by the advisor's run does not, or turns it otherwise.

    `turns` are what its values come to there, and `here` the buckets that they come to with what is kept; none where the sorting stays.
    """

    told: FragileView | DecidingView
    turns: tuple[TurnView, ...]
    here: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MemoView:
    """The memo. `given_bucket` is how the applicant's documents sort the file, where that is otherwise; else empty.

    `apart` are facts of which the applicant's documents say that they would turn the sorting, and that turn it otherwise here, or not.
    `kept` are statements that no document for the applicant holds, those first that rest on something confidential, and
    `left_out` how many entries of each part the memo has no room for. `unverified` counts the entries of the profile of which
    nobody has seen proof, of `entries` in all.
    """

    given_bucket: str
    reasons: tuple[Reason, ...]
    disagreements: tuple[Disagreement, ...]
    fragile: tuple[FragileView, ...]
    questions: tuple[Asked, ...]
    sensitive: tuple[Sensitive, ...]
    overrides: tuple[OverrideView, ...]
    kept: tuple[Statement, ...]
    phrases: tuple[Statement, ...]
    left_out: dict[str, int]
    unverified: int
    entries: int
    apart: tuple[Apart, ...] = ()


def memo_view(view: View, given: View, budget: Budget) -> MemoView:
    """The memo of an advice within a budget: `view` is the advisor's, `given` what the applicant's documents are made from."""
    parts: dict[str, tuple[_Entry, ...]] = {
        "reasons": view.weighed,
        "disagreements": view.disagreements,
        "fragile": view.fragile,
        "questions": _asked(view),
        "sensitive": _sensitive(view),
        "overrides": view.overrides,
        "kept": _kept(view, given, budget.notes),
        "phrases": tuple(one for one in view.statements if one.topic == _ROOM),
    }
    apart = _apart(view, given)
    kept = fitting(parts, budget, _words, sum(_words(one.told) for one in apart))
    return MemoView(
        given_bucket=given.bucket_name or given.bucket if given.bucket != view.bucket else "",
        reasons=tuple(one for one in kept["reasons"] if isinstance(one, Reason)),
        disagreements=tuple(one for one in kept["disagreements"] if isinstance(one, Disagreement)),
        fragile=tuple(one for one in kept["fragile"] if isinstance(one, FragileView)),
        questions=tuple(one for one in kept["questions"] if isinstance(one, Asked)),
        sensitive=tuple(one for one in kept["sensitive"] if isinstance(one, Sensitive)),
        overrides=tuple(one for one in kept["overrides"] if isinstance(one, OverrideView)),
        kept=tuple(one for one in kept["kept"] if isinstance(one, Statement)),
        phrases=tuple(one for one in kept["phrases"] if isinstance(one, Statement)),
        left_out={name: len(entries) - len(kept[name]) for name, entries in parts.items()},
        unverified=sum(1 for entry in view.given if not entry.verified),
        entries=len(view.given),
        apart=apart,
    )


def _apart(view: View, given: View) -> tuple[Apart, ...]:
    """What turns the sorting in the applicant's documents otherwise than in the advisor's run, the nearest first."""
    turning: tuple[FragileView | DecidingView, ...] = (*view.fragile, *view.deciding)
    told: tuple[FragileView | DecidingView, ...] = (*given.deciding, *given.fragile)
    here = {one.path: _turning(one) for one in turning}
    found: list[Apart] = []
    for one in told:
        now = here.get(one.path, ())
        # An answer that is kept stands beside others that come to the same.
        apart = tuple(turn for turn in _turning(one) if not any(_is_among(turn, other) for other in now))
        if apart:
            found.append(Apart(one, apart, tuple(dict.fromkeys(name for turn in now for name in turn.buckets))))
    return tuple(found)


def _is_among(turn: TurnView, other: TurnView) -> bool:
    return set(turn.values) <= set(other.values) and turn.buckets == other.buckets


def _turning(one: FragileView | DecidingView) -> tuple[TurnView, ...]:
    """Those of its values that turn the sorting."""
    return tuple(turn for turn in one.turns if turn.buckets)


def _kept(view: View, given: View, notes: tuple[str, ...]) -> tuple[Statement, ...]:
    """What no document for the applicant holds: first what rests on something confidential, then other notes to the advisor."""
    without_it = {(one.origin.rule, one.text) for one in given.statements}
    confidential = [one for one in view.statements if (one.origin.rule, one.text) not in without_it]
    others = (one for one in view.statements if Audience.APPLICANT not in one.audience and one.topic in notes)
    return tuple(dict.fromkeys([*confidential, *others]))


def _asked(view: View) -> tuple[Asked, ...]:
    """What is not known, each thing once, the weightiest first."""
    found: dict[str, Asked] = {}
    several: tuple[Asked, ...] = (*view.deciding, *view.questions, *view.unknowns)
    for one in several:
        found.setdefault(one.path, one)
    return tuple(found.values())


def _sensitive(view: View) -> tuple[Sensitive, ...]:
    """What is hard to hear of what was concluded, in the order of the table."""
    concluded = {f"bucket.{view.bucket}"}
    for reason in view.weighed:
        if reason.side == "against":
            concluded |= {f"reason.{one.get('kind')}" for one in reason.statement.conclusions if one.type == "reason"}
    return tuple(one for one in view.phrasing.sensitive if one.of in concluded)


def _words(entry: _Entry) -> int:
    if isinstance(entry, Reason):
        return words_in(entry.about, entry.statement.title)
    if isinstance(entry, Disagreement):
        return words_in(entry.says, entry.note)
    if isinstance(entry, FragileView | DecidingView):
        return words_in(entry.meaning, *(text for turn in entry.turns[:2] for text in (*turn.values, *turn.buckets)))
    if isinstance(entry, QuestionView | UnknownView):
        return words_in(entry.meaning)
    if isinstance(entry, Sensitive):
        return words_in(entry.say, entry.avoid)
    if isinstance(entry, OverrideView):
        return words_in(entry.says, entry.because, entry.engine)
    return words_in(entry.title, entry.text)
