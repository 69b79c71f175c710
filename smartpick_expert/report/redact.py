"""Redaction: a consultation with nothing in it that names a person, an institution or a day.

The rules have run on the full profile by then; only what is shown changes. Private texts become pseudonyms (equal texts
stay equal), labels are numbered, and so is what a profile names of the
knowledge in private; dates are cut to the year. Derived facts are changed in step, so that every reference
still holds. Of an advisor's override stays what it changes, and its year.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from smartpick_expert.diagnostics import Location
from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.engine.derivation import Derivation, Firing, Support
from smartpick_expert.engine.doubts import with_doubts
from smartpick_expert.intake.facts import Intake
from smartpick_expert.intake.overrides import ACTION, BUCKET, Override
from smartpick_expert.intake.profile import Entry, Verified
from smartpick_expert.knowledge.phrases import Phrases, spoken
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.values import Missing, Slot
from smartpick_expert.language.vocabulary import Field, FieldType, Supplier, Vocabulary

WITHHELD = "withheld"


def cut_days(document: str) -> str:
    """A document with every date in it cut to its year, those of laws and surveys too: a reader cannot tell whose they are."""
    return _days(spoken()).sub(lambda found: next(filter(None, found.groups())), document)


def _days(phrases: Phrases) -> re.Pattern[str]:
    """Every way in which a document can write a day or a month; the one group of each that matches is its year."""
    months = "|".join(map(re.escape, (*phrases.months, *phrases.short_months)))
    parts = {"day": r"\d{1,2}", "month": f"(?:{months})", "year": r"(\d{4})"}
    written = []
    for name in ("day", "short_day"):
        text = re.escape(phrases.phrases[name])
        for part, pattern in parts.items():
            text = text.replace(re.escape(f"{{{part}}}"), pattern)
        written.append(text)
    return re.compile(
        "|".join([r"\b(\d{4})-\d\d(?:-\d\d)?\b", *(rf"\b{one}\b" for one in written), rf"\b(?:{months}) (\d{{4}})\b"])
    )


def redact(consultation: Consultation, vocabulary: Vocabulary) -> Consultation:
    """The same consultation, fit to be shown to others."""
    redactor = _Redactor(consultation, vocabulary)
    # What the rules looked at is asked before it is changed: a year is no day, and a pseudonym no name.
    derivation = with_doubts(consultation.derivation)
    return replace(
        consultation,
        profile=replace(
            consultation.profile,
            path=WITHHELD,
            entries=(),
            text="",
            overrides=tuple(_override(one) for one in consultation.profile.overrides),
        ),
        intake=Intake(
            tuple(redactor.fact(fact) for fact in consultation.intake.facts),
            consultation.intake.assumptions,
            {redactor.fact(fact): redactor.entry(fact, entry) for fact, entry in consultation.intake.entries.items()},
        ),
        derivation=Derivation(
            derivation.compiled,
            tuple(redactor.fact(fact) for fact in derivation.certain),
            tuple(redactor.fact(fact) for fact in derivation.possible),
            tuple(redactor.firing(firing) for firing in derivation.firings),
            tuple(redactor.firing(firing) for firing in derivation.possible_firings),
            derivation.cut_off,
        ),
    )


def _override(one: Override) -> Override:
    """An override without what tells whose it is: labels, words, the day. Of that, its year is left."""
    return replace(
        one,
        entries=one.entries if one.name in (BUCKET, ACTION) or not one.entries else WITHHELD,
        by=WITHHELD,
        on=one.on.replace(month=1, day=1),
        because=WITHHELD,
        location=Location(WITHHELD),
        places={},
    )


class _Redactor:
    def __init__(self, consultation: Consultation, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.done: dict[Fact, Fact] = {}
        self.labels: dict[tuple[str, str], str] = {}
        self.texts: dict[tuple[str, str], str] = {}
        for fact in consultation.intake.facts:
            fact_type = vocabulary.types[fact.type]
            label = fact_type.fields.get(fact_type.label)
            value = fact.get(fact_type.label)
            if (
                label is not None
                and label.type is FieldType.LABEL
                and isinstance(value, str)
                and self._is_personal(fact.type)
            ):
                self.labels[fact.type, value] = f"{fact.type}-{fact.position + 1}"
        for fact in consultation.intake.facts:
            for field in vocabulary.types[fact.type].fields.values():
                named = fact.get(field.name)
                if field.private and field.of and isinstance(named, str):
                    self.labels.setdefault((field.of, named), f"{field.of}-{fact.position + 1}")
        self._withhold_what_is_named(consultation)

    def _withhold_what_is_named(self, consultation: Consultation) -> None:
        """What the knowledge lists is public, but not which of it a profile names: its texts give way to its new label."""
        for fact in consultation.intake.facts:
            fact_type = self.vocabulary.types[fact.type]
            new = self.labels.get((fact.type, str(fact.get(fact_type.label))))
            if new is not None and not self._is_personal(fact.type):
                texts = (field for field in fact_type.fields.values() if field.type is FieldType.TEXT)
                self.texts |= {(f.name, text): new for f in texts if isinstance(text := fact.get(f.name), str)}

    def _is_personal(self, type_name: str) -> bool:
        return self.vocabulary.types[type_name].supplied_by is Supplier.PROFILE

    def fact(self, fact: Fact) -> Fact:
        if fact not in self.done:
            fields = self.vocabulary.types[fact.type].fields
            values = tuple((name, self._slot(fact.type, fields[name], slot)) for name, slot in fact.values)
            self.done[fact] = replace(fact, values=values)
        return self.done[fact]

    def _slot(self, type_name: str, field: Field, slot: Slot) -> Slot:
        if isinstance(slot, tuple):
            items = (self._slot(type_name, field, part) for part in slot)
            return tuple(item for item in items if not isinstance(item, Missing))
        if isinstance(slot, date):
            return str(slot.year)
        if not isinstance(slot, str) or (field.type is FieldType.CHOICE and not field.private):
            return slot
        if field.type is FieldType.LABEL:
            return self.labels.get((field.of or type_name, slot), slot)
        if field.private and self.vocabulary.types[type_name].one:
            return WITHHELD
        return self._pseudonym(field.name, slot) if field.private else self._if_copied(slot)

    def _pseudonym(self, field_name: str, text: str) -> str:
        if (field_name, text) not in self.texts:
            number = 1 + sum(1 for name, _ in self.texts if name == field_name)
            self.texts[field_name, text] = f"{field_name} {number}"
        return self.texts[field_name, text]

    def _if_copied(self, text: str) -> str:
        """A conclusion may have taken over a private text or a label into a field that is not marked as either."""
        for known in (self.texts, self.labels):
            for (_, old), new in known.items():
                if old == text:
                    return new
        return text

    def firing(self, firing: Firing) -> Firing:
        return replace(
            firing,
            bindings=tuple((name, self.fact(fact)) for name, fact in firing.bindings),
            conclusions=tuple(self.fact(fact) for fact in firing.conclusions),
            support=tuple(Support(s.condition, tuple(self.fact(fact) for fact in s.facts)) for s in firing.support),
            doubts=tuple(
                replace(doubt, fields=tuple((self.fact(fact), name) for fact, name in doubt.fields))
                for doubt in firing.doubts
            ),
        )

    def entry(self, fact: Fact, entry: Entry) -> Entry:
        shown = self.fact(fact)
        verified = Verified(WITHHELD, None) if entry.verified else None
        values = {name: shown.get(name) for name in entry.values}
        return Entry(
            entry.type,
            entry.position,
            values,
            _line_alone(entry.location),
            {name: _line_alone(place) for name, place in entry.places.items()},
            verified,
        )


def _line_alone(place: Location) -> Location:
    """Where something stands, without the name and the words of the file: a line tells nothing of anybody."""
    return replace(place, path=WITHHELD, excerpt="")
