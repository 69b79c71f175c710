"""A profile file to a `Profile`: every section and field checked against the vocabulary, every problem collected.

A section is named by its fact type. A `one: true` type is a mapping, any other a list of mappings. An empty value is
unknown; a section left out is unknown altogether.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.intake.overrides import OVERRIDE, Override, read_overrides
from smartpick_expert.language.literals import read_field
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Mapping, Node, Scalar, Sequence, parse_as, read_text
from smartpick_expert.language.values import ABSENT, UNKNOWN, Slot, shorten
from smartpick_expert.language.vocabulary import FactType, FieldType, Supplier, Vocabulary

VERIFIED = "verified"
# How the formats of what this program writes begin.
_OURS = "smartpick-"
# Rules join entries with one another: a list as long as a file may be would keep them busy for hours.
MAX_ENTRIES = 500
_SUPPLIED = {
    Supplier.RULES: "rules conclude it",
    Supplier.KNOWLEDGE: "it comes from the knowledge files",
    Supplier.CONSULTATION: "the program adds it",
}


@dataclass(frozen=True, slots=True)
class Verified:
    """Who saw proof of an entry, and when."""

    by: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a section. `values` holds what was given; `places` where each field stands in the file.

    `is_noted` marks one that comes from the notes of the workspace and stands in no profile.
    """

    type: str
    position: int
    values: MappingType[str, Slot]
    location: Location
    places: MappingType[str, Location] = field(default_factory=dict)
    verified: Verified | None = None
    is_noted: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """What a file says of an applicant. `sections` are the fact types it gives, an empty list among them.

    `overrides` are an advisor's, and no part of what the rules read. `text` is the file as it was read; empty for a profile
    that was made otherwise. `lines` are those on which the sections of the file begin. `is_told`: without what is kept for the
    advisor, so that the notes of the workspace are no part of it either. `unnoted` are types and labels of notes that were changed
    or taken away in it, and are not brought back.
    """

    path: str
    entries: tuple[Entry, ...]
    sections: frozenset[str]
    overrides: tuple[Override, ...] = ()
    text: str = field(default="", compare=False, repr=False)
    lines: MappingType[str, int] = field(default_factory=dict, compare=False, repr=False)
    is_told: bool = False
    unnoted: frozenset[tuple[str, str]] = frozenset()

    def of(self, type_name: str) -> tuple[Entry, ...]:
        """The entries of a section."""
        return tuple(entry for entry in self.entries if entry.type == type_name)

    def place(self, type_name: str, label: str = "", field_name: str = "", label_field: str = "") -> Location:
        """Where a field (or else its entry, or else the file) stands, for messages."""
        for entry in self.of(type_name):
            if not label or str(entry.values.get(label_field)) == label:
                return entry.places.get(field_name, entry.location)
        return Location(self.path)


def read_profile(path: Path, vocabulary: Vocabulary) -> tuple[Profile, tuple[Diagnostic, ...]]:
    """Read a profile file: what could be read, and every problem. Raises Problems where it is no readable YAML at all."""
    return profile_from_text(read_text(path, str(path)), str(path), vocabulary)


def profile_from_text(text: str, path: str, vocabulary: Vocabulary) -> tuple[Profile, tuple[Diagnostic, ...]]:
    """A profile from the text of a file; the ending of `path` says whether it is JSON."""
    profile, problems = profile_from_node(parse_as(text, path, Path(path).suffix), path, vocabulary)
    return replace(profile, text=text), problems


def profile_from_node(
    node: Node, path: str, vocabulary: Vocabulary, *, any_type: bool = False
) -> tuple[Profile, tuple[Diagnostic, ...]]:
    """A profile from a node. `any_type` lets facts of every type in, as cases for single rules need."""
    reader = _ProfileReader(vocabulary, any_type=any_type)
    profile = reader.read(node, path)
    return profile, tuple(sorted(set(reader.reader.problems), key=Diagnostic.sort_key))


def require(profile: Profile, problems: tuple[Diagnostic, ...]) -> Profile:
    """The profile, where nothing is wrong with it. Raises Problems."""
    if problems:
        raise Problems(problems)
    return profile


def reference_problems(profile: Profile, vocabulary: Vocabulary) -> tuple[Diagnostic, ...]:
    """What is wrong between the entries of a profile that was changed: labels that stand twice, references to nothing."""
    reader = _ProfileReader(vocabulary, any_type=False)
    for fact_type in vocabulary.supplied_by(Supplier.PROFILE):
        reader.check_labels(fact_type, list(profile.of(fact_type.name)))
    reader.check_references(list(profile.entries))
    return tuple(sorted(set(reader.reader.problems), key=Diagnostic.sort_key))


class _ProfileReader:
    def __init__(self, vocabulary: Vocabulary, *, any_type: bool) -> None:
        self.vocabulary = vocabulary
        self.any_type = any_type
        self.reader = Reader()
        self.allowed = {t.name: t for t in vocabulary.types.values() if any_type or t.supplied_by is Supplier.PROFILE}

    def read(self, node: Node, path: str) -> Profile:
        mapping = self.reader.mapping(node, "A profile")
        entries: list[Entry] = []
        sections: set[str] = set()
        lines: dict[str, int] = {}
        overrides: tuple[Override, ...] = ()
        if mapping is not None and self._is_ours(mapping):
            return Profile(path, (), frozenset())
        for key, value in mapping.pairs if mapping else ():
            if key.text == OVERRIDE and not self.any_type:
                overrides = self._overrides(value)
                continue
            fact_type = self._section(key)
            if fact_type is None or (isinstance(value, Scalar) and value.is_empty):
                continue
            sections.add(fact_type.name)
            lines[fact_type.name] = key.location.line
            entries += self._entries(fact_type, value)
        self.check_references(entries)
        if mapping is not None and not self.any_type:
            self._check_required_sections(mapping, sections)
        return Profile(path, tuple(entries), frozenset(sections), overrides, lines=lines)

    def _is_ours(self, mapping: Mapping) -> bool:
        """Whether this is something that the program wrote, taken for a profile: one finding says more than one for each key."""
        form = mapping.get("format")
        if not isinstance(form, Scalar) or not form.text.startswith(_OURS):
            return False
        hint = "Name the profile. Explanations take the record beside the advice, whose name ends in .record.json, as well."
        message = f"This file is no profile: this program wrote it, as {shorten(form.text)}."
        self.reader.problem(form.location, "profile.other-file", message, hint)
        return True

    def _overrides(self, node: Node) -> tuple[Override, ...]:
        if isinstance(node, Scalar) and node.is_empty:
            return ()
        return read_overrides(self._items(OVERRIDE, node), self.vocabulary, self.reader)

    def _section(self, key: Scalar) -> FactType | None:
        known = self.vocabulary.types.get(key.text)
        if known is not None and known.name not in self.allowed:
            self.reader.problem(
                key.location, "profile.section", f"'{key.text}' is not given in a profile: {_SUPPLIED[known.supplied_by]}.",
                "Delete this section.",
            )  # fmt: skip
            return None
        if known is None:
            hint = (
                self.reader.nearest(key.text, [*self.allowed, OVERRIDE]) or f"Sections are: {', '.join(self.allowed)}."
            )
            self.reader.problem(
                key.location, "profile.unknown-section", f"There is no section '{shorten(key.text)}'.", hint
            )
        return known

    def _check_required_sections(self, mapping: Mapping, sections: set[str]) -> None:
        for fact_type in self.allowed.values():
            needed = [f.name for f in fact_type.fields.values() if f.required]
            if fact_type.one and needed and fact_type.name not in sections:
                self.reader.problem(
                    mapping.location, "profile.missing-section", f"The profile lacks the section '{fact_type.name}'.",
                    f"Add it, with at least: {', '.join(needed)}.",
                )  # fmt: skip

    def _entries(self, fact_type: FactType, node: Node) -> list[Entry]:
        if fact_type.one:
            if isinstance(node, Sequence):
                self.reader.problem(
                    node.location,
                    "profile.form",
                    f"There is one '{fact_type.name}', so it is no list.",
                    "Delete the '- ' before its lines.",
                )
                return []
            entry = self._entry(fact_type, node, 0)
            return [entry] if entry else []
        items = self._items(fact_type.name, node)
        entries = [self._entry(fact_type, item, position) for position, item in enumerate(items)]
        found = [entry for entry in entries if entry is not None]
        self.check_labels(fact_type, found)
        return found

    def _items(self, section: str, node: Node) -> tuple[Node, ...]:
        """The items of a section that is a list, as many as are read."""
        if isinstance(node, Mapping):
            self.reader.problem(
                node.location,
                "profile.form",
                f"'{section}' is a list of entries.",
                "Begin each entry with '- '; write [] for none.",
            )
            return ()
        items = self.reader.sequence(node, f"'{section}'")
        if len(items) > MAX_ENTRIES:
            self.reader.problem(
                items[MAX_ENTRIES].location,
                "profile.too-many",
                f"'{section}' has {len(items):,} entries; at most {MAX_ENTRIES:,} are read, and nobody has more.",
                "Delete the rest.",
            )
        return items[:MAX_ENTRIES]

    def _entry(self, fact_type: FactType, node: Node, position: int) -> Entry | None:
        mapping = self.reader.mapping(node, f"An entry of '{fact_type.name}'")
        if mapping is None:
            return None
        values: dict[str, Slot] = {}
        places: dict[str, Location] = {}
        verified: Verified | None = None
        for key, value in mapping.pairs:
            if key.text == VERIFIED and VERIFIED not in fact_type.fields:
                verified = self._verified(value)
                continue
            field = fact_type.fields.get(key.text)
            if field is None:
                hint = self.reader.nearest(key.text, [f.name for f in fact_type.given_fields]) or "Delete it."
                self.reader.problem(
                    key.location,
                    "profile.unknown-field",
                    f"'{fact_type.name}' has no field '{shorten(key.text)}'.",
                    hint,
                )
                continue
            if field.computed and not self.any_type:
                first, second = field.computed
                self.reader.problem(
                    key.location,
                    "profile.computed",
                    f"'{key.text}' is computed from '{first}' and '{second}'.",
                    "Delete it; give those.",
                )
                continue
            if isinstance(value, Scalar) and value.is_empty:
                continue
            slot = read_field(value, field, self.reader)
            if slot is not None:
                values[field.name] = slot
                places[field.name] = value.location
        what = f"'{fact_type.name}'" if fact_type.one else f"This entry of '{fact_type.name}'"
        for field in fact_type.fields.values():
            written = mapping.get(field.name)
            if (
                field.required
                and (written is None or (isinstance(written, Scalar) and written.is_empty))
                and not self.any_type
            ):
                self.reader.problem(
                    mapping.location, "profile.missing-field", f"{what} lacks '{field.name}' ({field.meaning}).",
                    f"Add '{field.name}:'.",
                )  # fmt: skip
        label = fact_type.fields.get(fact_type.label)
        if (
            label is not None
            and label.type is FieldType.LABEL
            and not label.of
            and label.name not in values
            and mapping.get(label.name) is None
        ):
            values[label.name] = f"{fact_type.name}-{position + 1}"
        return Entry(fact_type.name, position, values, mapping.location, places, verified)

    def _verified(self, node: Node) -> Verified | None:
        if isinstance(node, Scalar) and node.is_empty:
            return None
        mapping = self.reader.mapping(node, "'verified'")
        if mapping is None:
            return None
        self.reader.known_keys(mapping, ("by", "on"), "'verified'")
        self.reader.required(mapping, ("by",), "'verified'")
        return Verified(self.reader.text(mapping, "by"), self.reader.date(mapping, "on"))

    def check_labels(self, fact_type: FactType, entries: list[Entry]) -> None:
        """Note labels that stand twice."""
        seen: dict[Slot, Location] = {}
        for entry in entries:
            label = entry.values.get(fact_type.label, UNKNOWN)
            if label is UNKNOWN or label is ABSENT:
                continue
            place = entry.places.get(fact_type.label, entry.location)
            if label in seen:
                self.reader.problem(
                    place, "profile.duplicate-label", f"Two entries of '{fact_type.name}' are called '{shorten(str(label))}'.",
                    "Give one of them another label, or make them one entry."
                    if fact_type.fields[fact_type.label].type is FieldType.LABEL
                    and not fact_type.fields[fact_type.label].of
                    else "Make them one entry.",
                    related=((seen[label], "the first one"),),
                )  # fmt: skip
            seen.setdefault(label, place)

    def check_references(self, entries: list[Entry]) -> None:
        """Note references to what is not there."""
        if self.any_type:
            return
        labels = {name: set(listed) for name, listed in self.vocabulary.listed.items()}
        for entry in entries:
            fact_type = self.vocabulary.types[entry.type]
            label = entry.values.get(fact_type.label)
            if isinstance(label, str):
                labels.setdefault(entry.type, set()).add(label)
        for entry in entries:
            for one in self.vocabulary.types[entry.type].fields.values():
                target = entry.values.get(one.name, ABSENT)
                if one.of and isinstance(target, str) and target not in labels.get(one.of, set()):
                    hint = self.reader.nearest(target, labels.get(one.of, set())) or self._where_to_add(one.of)
                    self.reader.problem(
                        entry.places.get(one.name, entry.location),
                        "profile.reference",
                        f"There is no {one.of} '{target}'.",
                        hint,
                    )

    def _where_to_add(self, type_name: str) -> str:
        if self.vocabulary.types[type_name].supplied_by is Supplier.PROFILE:
            return f"Add an entry with that label under '{type_name}'."
        return f"Name one that knowledge/{type_name}s holds, or add it there."
