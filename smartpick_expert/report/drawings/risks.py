"""What speaks against a file and how much it weighs, what answers it, and what speaks for it."""

from __future__ import annotations

from collections.abc import Iterable

from smartpick_expert.language.facts import Fact
from smartpick_expert.report.drawings.model import AnsweredView, RisksView, RiskView
from smartpick_expert.report.drawings.said import Said
from smartpick_expert.report.view_model import Reason

REASON, OFFSET = "reason", "offset"


def risks_of(said: Said, weighed: tuple[Reason, ...]) -> RisksView | None:
    """The reasons of an advice, the weightiest first, with what answers each; None where there are none."""
    strengths = tuple(reversed(said.choices(REASON, "strength").values()))
    if not weighed:
        return None
    answering = _answering(said)
    used: set[str] = set()

    def view(reason: Reason) -> RiskView:
        risks = _risks_answered(said, reason)
        used.update(risks)
        return RiskView(
            about=reason.about,
            strength=reason.strength,
            weight=strengths.index(reason.strength) + 1 if reason.strength in strengths else 1,
            kind=reason.statement.kind,
            statement=reason.statement.id,
            answered_by=tuple(dict.fromkeys(words for risk in risks for words in answering.get(risk, ()))),
        )

    against = tuple(view(one) for one in weighed if one.side == "against")
    words = said.choices(OFFSET, "risk")
    # A reason against of the same name is left all the same: for another cause, which nothing here answers.
    used |= {str(fact.get("kind")) for one in weighed if one.side == "against" for fact in one.statement.conclusions}
    return RisksView(
        strengths=strengths,
        against=against,
        answered=tuple(AnsweredView(words[risk], found) for risk, found in answering.items() if risk not in used),
        speaking_for=tuple(view(one) for one in weighed if one.side == "for"),
    )


def _answering(said: Said) -> dict[str, tuple[str, ...]]:
    """What answers each risk, in words, by the risk."""
    found: dict[str, tuple[str, ...]] = {}
    for fact in said.of(OFFSET):
        risk = str(fact.get("risk"))
        found[risk] = (*found.get(risk, ()), said.word(fact, "through"))
    return found


def _risks_answered(said: Said, reason: Reason) -> tuple[str, ...]:
    """The risks whose answers a reason was concluded from."""
    stated = (fact for fact in reason.statement.conclusions if fact.type == REASON)
    firings = (one for fact in stated for one in said.consultation.derivation.justifications.get(fact, ()))
    return tuple(dict.fromkeys(_risks(fact for firing in firings for fact in firing.premises)))


def _risks(facts: Iterable[Fact]) -> Iterable[str]:
    return (str(fact.get("risk")) for fact in facts if fact.type == OFFSET)
