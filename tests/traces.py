"""Small traces made by hand: facts, rules and firings with no more said of them than a test is about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from smartpick_expert.explain.trace import (
    Trace,
    TracedBinding,
    TracedCondition,
    TracedFact,
    TracedField,
    TracedFiring,
    TracedParameter,
    TracedRule,
    TracedSource,
    TracedStatement,
    TracedSupport,
)

CLAIM = TracedSource("claim:said", "unsupported", "So it is said.", "knowledge/claims/all.yaml:3")


def given(name: str, line: int = 0, /, *, supply: str = "profile", label: str = "", **fields: Any) -> TracedFact:
    """A fact that stands in the profile, its fields each on a line of its own from `line` on."""
    shown = ({"id": label} if label else {}) | fields
    traced = tuple(
        TracedField(field, value, _text(value), line + number if line else 0)
        for number, (field, value) in enumerate(shown.items())
    )
    place = f"line {line}" if line else ""
    return TracedFact(name, _type(name), name, supply, True, traced, label=label, place=place)


def concluded(name: str, key: str = "", /, *, certain: bool = True, waits_for: tuple[str, ...] = (), **fields: Any):
    """A fact that a rule concludes; `key` is what it is about, the fact itself if it is not said."""
    traced = tuple(TracedField(field, value, _text(value)) for field, value in fields.items())
    return TracedFact(name, _type(name), key or name, "rules", certain, traced, waits_for=waits_for)


def condition(text: str, name: str = "", *reads: str, absence: bool = False, hidden: bool = False) -> TracedCondition:
    """A condition of a rule."""
    return TracedCondition(text, name, reads, absence, hidden)


def rule(name: str, *conditions: TracedCondition, parameters: tuple[str, ...] = ()) -> TracedRule:
    """A perception of the article's, on line 1 of its topic's file."""
    topic = name.partition(".")[0]
    return TracedRule(
        id=name,
        title=f"Title of {name}",
        topic=topic,
        kind="perception",
        standing="unsupported",
        status="stable",
        audience=("applicant", "advisor"),
        sources=(CLAIM.id,),
        parameters=parameters,
        conditions=conditions,
        place=f"rules/{topic}/all.yaml:1",
    )


def firing(number: int, of: str, on: Iterable[Any], concludes: Iterable[str], **more: Any) -> TracedFiring:
    """A firing: `on` has an entry for each condition, `("name", fact)` for what is bound and facts for what is not."""
    bindings, support = [], []
    for place, entry in enumerate(on):
        if isinstance(entry, tuple):
            bindings.append(TracedBinding(*entry))
        elif entry:
            support.append(TracedSupport(place, tuple(entry)))
    return TracedFiring(
        id=f"F{number}",
        rule=of,
        stratum=1,
        certain=more.get("certain", True),
        because=more.get("because", f"Because of {of}."),
        bindings=tuple(bindings),
        support=tuple(support),
        tallies=more.get("tallies", {}),
        conclusions=tuple(concludes),
    )


def parameter(name: str, value: int, season: int | None = None) -> TracedParameter:
    """A number that is assumed."""
    return TracedParameter(name, value, str(value), season, False, "assumption", "", "knowledge/parameters/all.yaml:1")


def statement(name: str, text: str, of: str = "", firings: tuple[str, ...] = ()) -> TracedStatement:
    """A statement of the advice."""
    return TracedStatement(
        name, f"Title of {name}", text, "perception", "unsupported", ("applicant",), of, firings
    )  # fmt: skip


def trace(facts: Iterable[TracedFact], rules: Iterable[TracedRule] = (), firings: Iterable[TracedFiring] = (), **more):
    """One run. Rules that fired are live, and so are those named in `live`."""
    every, those = tuple(facts), tuple(rules)
    return Trace(
        season=2027,
        facts=every,
        firings=tuple(firings),
        rules=those,
        parameters=tuple(more.get("parameters", ())),
        sources=(CLAIM,),
        statements=tuple(more.get("statements", ())),
        actions=(),
        first_actions=(),
        live=tuple(sorted({one.id for one in those} | set(more.get("live", ())))),
        types=tuple(sorted({fact.type for fact in every} | {"bucket", "action", "letter"})),
        cut_off=tuple(more.get("cut_off", ())),
    )


def _type(name: str) -> str:
    return name.partition("[")[0]


def _text(value: Any) -> str:
    return "yes" if value is True else "no" if value is False else str(value)
