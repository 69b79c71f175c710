"""The texts of a base that people are to read, and the findings on words that they should not hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.authoring.wording import wording_of
from smartpick_expert.diagnostics import Location, Severity
from smartpick_expert.language.model import Words
from smartpick_expert.language.values import shorten


@dataclass(frozen=True, slots=True)
class Text:
    """A text with what it is (`kind` as `knowledge/wording` names it), whose it is, and the rule that it belongs to."""

    text: str
    kind: str
    whose: str
    location: Location
    rule: str = ""


def texts_of(base: Base) -> Iterator[Text]:
    """Every text that an advice may print: titles and reasons of rules that are not retired, actions, words of notices."""
    for rule in base.kept:
        whose = f"rule '{shorten(rule.id)}'"
        yield Text(rule.title, "because", f"The title of {whose}", rule.location, rule.id)
        yield Text(as_read(rule.because), "because", f"'because' of {whose}", rule.because.location, rule.id)
    for action in base.workspace.knowledge.actions.values():
        needs = [need.that for need in action.needs]
        for text in (action.title, action.do, action.done_when, action.changes_nothing, *needs):
            yield Text(text, "action", f"Action '{shorten(action.name)}'", action.location)
    for fact_type in base.workspace.vocabulary.types.values():
        for field in fact_type.fields.values() if fact_type.said else ():
            for word, wording in field.values.items():
                place = f"'{shorten(word)}' of {fact_type.name}.{field.name}"
                yield Text(wording, "notice", place, field.location)


def as_read(words: Words) -> str:
    """A text with a short word in the place of each name, which nobody can choose."""
    return " ".join("".join(part if isinstance(part, str) else "it" for part in words.parts).split())


def words_of(base: Base, kind: str, code: str, why: str) -> Iterator[Finding]:
    """A finding for each word of a kind that a text should not hold; `why` ends the sentence."""
    wording, _ = wording_of(base.workspace.root)
    for text in texts_of(base):
        for word, instead in wording.found_in(text.text, kind):
            yield Finding(
                code,
                f"{text.whose} says '{shorten(word)}', {why}.",
                instead,
                text.location,
                Severity.WARNING,
                rule=text.rule,
            )
