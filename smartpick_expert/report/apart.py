"""Whether two advices under one label are on two people: what does not change in a person's life differs between them.

Which fields those are, and from which stages on, the vocabulary says (`lasting`).
"""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.explain.trace import Trace
from smartpick_expert.explain.wording import value_text
from smartpick_expert.intake.profile import Profile
from smartpick_expert.language.values import ABSENT, UNKNOWN, Plain, plain
from smartpick_expert.language.vocabulary import Field, Vocabulary
from smartpick_expert.report.entered import ApartLine

_APPLICANT, _STAGE = "applicant", "stage"


def apart_lines(before: Trace, now: Profile, vocabulary: Vocabulary) -> tuple[ApartLine, ...]:
    """Every lasting field that the two give and in which they differ. What one of them leaves out says nothing."""
    stages = {_given_in(before, _APPLICANT, _STAGE)[0], _given_by(now, _APPLICANT, _STAGE)}
    return tuple(_lines(before, now, vocabulary, stages))


def _lines(before: Trace, now: Profile, vocabulary: Vocabulary, stages: set[Plain]) -> Iterator[ApartLine]:
    for kind in vocabulary.types.values():
        for field in kind.fields.values():
            if field.lasting is None or (field.lasting and not stages <= set(field.lasting)):
                continue
            then, then_text = _given_in(before, kind.name, field.name)
            given = _given_by(now, kind.name, field.name)
            if then is not None and given is not None and _alike(then) != _alike(given):
                yield ApartLine(f"{kind.name}.{field.name}", then_text, _text_of(now, kind.name, field))


def _alike(value: Plain) -> Plain:
    """A value as it is compared: a name that is written in other letters or with other blanks is the same name."""
    return " ".join(value.casefold().split()) if isinstance(value, str) else value


def _given_in(trace: Trace, type_name: str, field_name: str) -> tuple[Plain, str]:
    fact = next((one for one in trace.facts if one.type == type_name and one.supply == "profile"), None)
    field = fact.field(field_name) if fact is not None else None
    # What is not known is an object in JSON.
    return (None, "") if field is None or isinstance(field.value, dict) else (field.value, field.text)


def _given_by(profile: Profile, type_name: str, field_name: str) -> Plain:
    slot = next((entry.values.get(field_name, UNKNOWN) for entry in profile.of(type_name)), UNKNOWN)
    return None if slot in (UNKNOWN, ABSENT) else plain(slot)


def _text_of(profile: Profile, type_name: str, field: Field) -> str:
    return next(value_text(entry.values[field.name], field) for entry in profile.of(type_name))
