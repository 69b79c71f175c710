"""What entries of a profile are called in print: by what they say, and not by a label of the file (`knowledge/wording/entries.yaml`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from smartpick_expert.explain.wording import value_text, with_unit
from smartpick_expert.knowledge.phrasing import FIELD_OF_NAME, Phrasing
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.values import ABSENT, UNKNOWN, shorten
from smartpick_expert.language.vocabulary import Field, FieldType, Vocabulary

# A name is a few words; what somebody wrote at length is cut.
_LONGEST: Final = 60


class Naming:
    """Names for the entries among some facts, as they are shown. `titles` are the names of what the knowledge lists, by label."""

    def __init__(
        self, facts: Iterable[Fact], vocabulary: Vocabulary, phrasing: Phrasing, titles: Mapping[str, str]
    ) -> None:
        self._vocabulary = vocabulary
        self._phrasing = phrasing
        self._titles = titles
        self._often = Counter((fact.type, self._described(fact)) for fact in facts)

    def of(self, fact: Fact) -> str:
        """What an entry is called; its label where nothing better is known, and empty where its type has none."""
        label, described = self.label(fact), self._described(fact)
        if not described:
            return label
        return f"{described}, “{label}”" if self._often[fact.type, described] > 1 and label else described

    def label(self, fact: Fact) -> str:
        """The label of an entry, in words where it is a choice; empty where its type has none."""
        fact_type = self._vocabulary.types[fact.type]
        return value_text(fact.get(fact_type.label), fact_type.fields[fact_type.label]) if fact_type.label else ""

    def _described(self, fact: Fact) -> str:
        """The first of the ways to name it of which every field is known, with a capital; empty where there is none."""
        for way in self._phrasing.names.get(fact.type, ()):
            values = {name: self._value(fact, name) for name in FIELD_OF_NAME.findall(way)}
            if all(values.values()):
                pieces = FIELD_OF_NAME.split(way)
                # Between what stands around them come the names of the fields.
                pieces[1::2] = [values[name] for name in pieces[1::2]]
                said = "".join(pieces)
                return said[:1].upper() + said[1:]
        return ""

    def _value(self, fact: Fact, name: str) -> str:
        """A field in words; empty where it is not known, or there is none."""
        field = self._vocabulary.types[fact.type].fields.get(name)
        slot = fact.get(name) if field is not None else UNKNOWN
        if field is None or slot is UNKNOWN or slot is ABSENT:
            return ""
        return shorten(self._title(slot, field) or with_unit(slot, field), _LONGEST)

    def _title(self, slot: object, field: Field) -> str:
        """The name of what the knowledge lists, where a field holds its label."""
        return self._titles.get(str(slot), "") if field.type in (FieldType.LABEL, FieldType.TEXT) else ""
