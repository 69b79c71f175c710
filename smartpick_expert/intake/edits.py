"""A profile as it would be after some edits. Nothing is run here, and nothing is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from smartpick_expert.diagnostics import Location
from smartpick_expert.intake.profile import Entry, Profile
from smartpick_expert.language.edits import AddEntry, Edit, Raised, Remove, SetField
from smartpick_expert.language.model import Reference
from smartpick_expert.language.paths import EACH
from smartpick_expert.language.values import ABSENT, UNKNOWN, Slot, exact_sum
from smartpick_expert.language.vocabulary import FactType, FieldType, Vocabulary


def edited(profile: Profile, edits: Iterable[Edit], vocabulary: Vocabulary) -> Profile:
    """The profile after the edits, one after another.

    A section that was left out stays open beside what is added to it, as there may be more in it; where leaving it out
    means that there is nothing, what is added is then all there is. An added label that is taken gets a number.
    """
    editor = _Editor(profile, vocabulary)
    for edit in edits:
        if isinstance(edit, SetField):
            editor.set(edit)
        elif isinstance(edit, Remove):
            editor.remove(edit)
        else:
            editor.add(edit)
    return replace(
        profile,
        entries=tuple(editor.entries),
        sections=frozenset(editor.sections),
        unnoted=frozenset(editor.unnoted),
    )


def label_of(entry: Entry, vocabulary: Vocabulary) -> str:
    """The label by which a path names an entry: its own, or its place where it has none."""
    label = entry.values.get(vocabulary.types[entry.type].label)
    return label if isinstance(label, str) else str(entry.position + 1)


class _Editor:
    def __init__(self, profile: Profile, vocabulary: Vocabulary) -> None:
        self.profile = profile
        self.vocabulary = vocabulary
        self.entries = list(profile.entries)
        self.sections = set(profile.sections)
        self.unnoted = set(profile.unnoted)
        # Labels of added entries that were taken, with those they got, by type.
        self.renamed: dict[tuple[str, str], str] = {}

    def set(self, edit: SetField) -> None:
        path, fact_type = edit.path, self.vocabulary.types[edit.path.type]
        found = [entry for entry in self.entries if entry.type == path.type and self._is_meant(entry, path.label)]
        for entry in found:
            value = self._value(edit.value, entry.values.get(path.field, UNKNOWN))
            # What is written in the file is not what it says now.
            places = {**entry.places, path.field: Location(f"{self.profile.path}, {path} as changed")}
            self.entries[self.entries.index(entry)] = replace(
                entry, values=_with(entry, path.field, value), places=places, verified=None
            )
            self._not_brought_back(entry)
        if not found and path.label != EACH:
            named = {fact_type.label: path.label} if path.label else {}
            self._append(fact_type, {**named, path.field: self._value(edit.value)})

    def add(self, edit: AddEntry) -> None:
        fact_type = self.vocabulary.types[edit.type]
        values = {name: self._value(value) for name, value in edit.values}
        for name, value in values.items():
            values[name] = self.renamed.get((fact_type.fields[name].of, str(value)), value)
        label = fact_type.fields.get(fact_type.label)
        if label is not None and label.type is FieldType.LABEL and not label.of:
            wanted = str(values.get(label.name, f"{fact_type.name}-{len(self._of(fact_type)) + 1}"))
            values[label.name] = self._free_label(fact_type, wanted)
        self._append(fact_type, values)

    def remove(self, edit: Remove) -> None:
        """Take away a field, or whole entries; what referred to an entry that is gone then refers to none."""
        meant = [entry for entry in self._of(self.vocabulary.types[edit.type]) if self._is_meant(entry, edit.label)]
        for entry in meant:
            self._not_brought_back(entry)
        if edit.field:
            for entry in meant:
                self.entries[self.entries.index(entry)] = replace(entry, values=_with(entry, edit.field, UNKNOWN))
            return
        self.entries = [entry for entry in self.entries if entry not in meant]
        if self.vocabulary.types[edit.type].one:
            self.sections.discard(edit.type)
        label = self.vocabulary.types[edit.type].label
        gone = frozenset(entry.values.get(label) for entry in meant)
        self.entries = [self._let_go(entry, edit.type, gone) for entry in self.entries]

    def _not_brought_back(self, entry: Entry) -> None:
        """A note of the workspace that is changed here counts as it is changed."""
        if entry.is_noted:
            self.unnoted.add((entry.type, label_of(entry, self.vocabulary)))

    def _let_go(self, entry: Entry, type_name: str, gone: frozenset[Slot | None]) -> Entry:
        for field in self.vocabulary.types[entry.type].fields.values():
            if field.of == type_name and entry.values.get(field.name) in gone - {None}:
                left = ABSENT if field.may_be_none else UNKNOWN
                entry = replace(entry, values=_with(entry, field.name, left))
        return entry

    def _append(self, fact_type: FactType, values: dict[str, Slot]) -> None:
        position = len(self._of(fact_type))
        given = {name: value for name, value in values.items() if value is not UNKNOWN}
        self.entries.append(Entry(fact_type.name, position, given, Location(self.profile.path)))
        if fact_type.one or fact_type.assume is not None:
            self.sections.add(fact_type.name)

    def _of(self, fact_type: FactType) -> list[Entry]:
        return [entry for entry in self.entries if entry.type == fact_type.name]

    def _is_meant(self, entry: Entry, label: str) -> bool:
        return label in ("", EACH) or label == label_of(entry, self.vocabulary)

    def _free_label(self, fact_type: FactType, wanted: str) -> str:
        taken = {entry.values.get(fact_type.label) for entry in self._of(fact_type)}
        free, number = wanted, 1
        while free in taken:
            number += 1
            free = f"{wanted}-{number}"
        self.renamed[fact_type.name, wanted] = free
        return free

    def _value(self, value: Slot | Reference | Raised, now: Slot = UNKNOWN) -> Slot:
        """The value; one that is taken over is what the profile says by now."""
        if isinstance(value, Raised):
            return exact_sum(now, value.by) if isinstance(now, int | Decimal) else UNKNOWN
        if not isinstance(value, Reference):
            return value
        named = next((entry for entry in self.entries if entry.type == value.name), None)
        return named.values.get(value.field, UNKNOWN) if named is not None else UNKNOWN


def _with(entry: Entry, field: str, value: Slot) -> dict[str, Slot]:
    """The entry's values with another for one field; one that is not known is left out."""
    others = {name: slot for name, slot in entry.values.items() if name != field}
    return others if value is UNKNOWN else {**others, field: value}
