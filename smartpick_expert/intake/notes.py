"""What an office knows of programs in confidence: `notes.yaml` in its workspace, joined into the profile of every applicant.

A note is an entry of a section for the advisor (`for_advisor` in the vocabulary), so that whatever keeps those sections from an
applicant keeps the notes: the run that makes the applicant's documents is without them, and never gets any. Notes on schools and
writers are joined where the profile names that school or that writer. A profile's own entry on the same thing goes before.
What a note leaves out is not noted: it is no open question, as it would be in a profile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.intake.profile import Entry, Profile, profile_from_node
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Mapping, Node, Scalar, parse
from smartpick_expert.language.values import ABSENT, Slot, shorten
from smartpick_expert.language.vocabulary import FactType, Vocabulary
from smartpick_expert.workspace import NOTES, Workspace

ABOUT: Final = "about"
PROGRAM: Final = "program"
# The sections of the file, with the section of a profile that each becomes part of.
SECTIONS: Final = {"program_note": "program_note", "school_note": "school_relation", "writer_note": "writer_note"}
# What a note has to name, and what makes two of them notes on one thing: all of it but the standing.
_NEEDED: Final = {
    "program_note": (PROGRAM,),
    "school_note": (PROGRAM, "school", "standing"),
    "writer_note": (PROGRAM, "writer", "standing"),
}
_STANDING: Final = "standing"
# Where a profile names what a note is on, with the field of the note.
_MATCHED: Final = {"school_note": ("school", "school", "name"), "writer_note": ("writer", "letter", "writer")}
# What tells such an entry from one of a profile, which has the programs in view: a reputation is counted over these alone.
_OFFICE: Final = "office"
# In a profile there is no field for the school: its school is meant.
_NOT_JOINED: Final = frozenset({"school"})


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes of a workspace, as they stand in its file (an entry's type is its section there), and what is wrong with them."""

    entries: tuple[Entry, ...] = ()
    problems: tuple[Diagnostic, ...] = ()


def notes_of(workspace: Workspace) -> Notes:
    """The notes of a workspace; of what was asked for lately without reading it again."""
    text = workspace.files.get(NOTES)
    if text is None:
        return Notes()
    for known, vocabulary, notes in _READ:
        if known == text and vocabulary is workspace.vocabulary:
            return notes
    _READ.append((text, workspace.vocabulary, _read(text, workspace.vocabulary)))
    del _READ[:-_MAX_READ]
    return _READ[-1][2]


def note_types(vocabulary: Vocabulary) -> dict[str, FactType]:
    """The sections of the file as fact types: those of a profile, with what a note must name besides."""
    found: dict[str, FactType] = {}
    for section, type_name in SECTIONS.items():
        known = vocabulary.types.get(type_name)
        if known is None:
            continue
        fields = {name: field for name, field in known.fields.items() if name != _OFFICE}
        if section in _MATCHED:
            field_name, other, name = _MATCHED[section]
            fields.setdefault(field_name, replace(vocabulary.types[other].fields[name], name=field_name, lasting=None))
        needed = _NEEDED[section]
        fields = {name: replace(field, required=name in needed) for name, field in fields.items()}
        found[section] = replace(known, name=section, fields=fields)
    return found


def with_notes(profile: Profile, workspace: Workspace) -> Profile:
    """The profile with the notes of a workspace that concern it, in place of those that it was given before.

    A profile that is told stays as it is.
    """
    if profile.is_told:
        return profile
    own = _without_notes(profile, workspace.vocabulary)
    joined = tuple(_Joining(own, workspace.vocabulary).entries(notes_of(workspace).entries))
    return replace(own, entries=own.entries + joined, sections=own.sections | {entry.type for entry in joined})


def leaving_notes_out(workspace: Workspace) -> Workspace:
    """The workspace as if nothing were noted."""
    if NOTES not in workspace.files:
        return workspace
    return replace(workspace, files={name: text for name, text in workspace.files.items() if name != NOTES})


def with_notes_of(workspace: Workspace, other: Workspace) -> Workspace:
    """The workspace with the notes of another in place of its own."""
    if workspace.files.get(NOTES) == other.files.get(NOTES):
        return workspace
    bare = leaving_notes_out(workspace)
    noted = {NOTES: other.files[NOTES]} if NOTES in other.files else {}
    return replace(bare, files={**bare.files, **noted})


def is_same(first: Slot | None, second: Slot | None) -> bool:
    """Whether two names are one, whatever their capitals and blanks. What is not known is the same as nothing."""
    return isinstance(first, str) and isinstance(second, str) and _plain(first) == _plain(second)


class _Joining:
    """Turns notes into entries of one profile's sections."""

    def __init__(self, profile: Profile, vocabulary: Vocabulary) -> None:
        self.profile = profile
        self.vocabulary = vocabulary
        self.labels = {(one.type, one.values.get(vocabulary.types[one.type].label)) for one in profile.entries}
        self.positions: dict[str, int] = {}

    def entries(self, notes: Iterable[Entry]) -> Iterator[Entry]:
        for note in notes:
            for values in self._meant(note):
                entry = self._entry(note, values)
                if not self._is_known(entry):
                    yield entry

    def _meant(self, note: Entry) -> Iterator[dict[str, Slot]]:
        """What the note says of this profile: nothing where it is on another school, and in the profile's own spelling."""
        values = {name: slot for name, slot in note.values.items() if name not in _NOT_JOINED}
        if note.type not in _MATCHED:
            yield values
            return
        field, type_name, name = _MATCHED[note.type]
        named = dict.fromkeys(entry.values.get(name) for entry in self.profile.of(type_name))
        for one in named:
            if one is not None and is_same(one, note.values.get(field)):
                yield {**values, field: one} if field in values else values

    def _entry(self, note: Entry, values: dict[str, Slot]) -> Entry:
        type_name = SECTIONS[note.type]
        fact_type = self.vocabulary.types[type_name]
        label = fact_type.label
        left_out: dict[str, Slot] = {
            field.name: True if field.name == _OFFICE else ABSENT for field in fact_type.given_fields
        }
        wanted = str(values[label]) if label in note.places else f"notes-{note.position + 1}"
        free, number = wanted, 1
        while (type_name, free) in self.labels:
            number += 1
            free = f"{wanted}-{number}"
        self.labels.add((type_name, free))
        position = self.positions.get(type_name, len(self.profile.of(type_name)))
        self.positions[type_name] = position + 1
        return replace(
            note, type=type_name, position=position, values={**left_out, **values, label: free}, is_noted=True
        )

    def _is_known(self, entry: Entry) -> bool:
        """Whether the profile says something of its own on the same thing, or the note was taken away from it."""
        label = entry.values.get(self.vocabulary.types[entry.type].label)
        if (entry.type, label) in self.profile.unnoted:
            return True
        return any(
            all(_is_alike(one.values.get(name), entry.values.get(name)) for name in (PROGRAM, "writer"))
            for one in self.profile.of(entry.type)
        )


def _without_notes(profile: Profile, vocabulary: Vocabulary) -> Profile:
    """The profile without what notes brought; what was changed in it since stays."""
    left = tuple(
        one
        for one in profile.entries
        if not one.is_noted or (one.type, one.values.get(vocabulary.types[one.type].label)) in profile.unnoted
    )
    if len(left) == len(profile.entries):
        return profile
    brought = {one.type for one in profile.entries if one.is_noted}
    held = {one.type for one in left} | set(profile.lines)
    return replace(profile, entries=left, sections=profile.sections - (brought - held))


def _read(text: str, vocabulary: Vocabulary) -> Notes:
    try:
        node = parse(text, NOTES)
    except Problems as problems:
        # A file that only says how it is filled in notes nothing.
        return Notes(problems=tuple(one for one in problems.diagnostics if one.code != "file.empty"))
    types = note_types(vocabulary)
    reader = Reader()
    profile, found = profile_from_node(_sections(node, types, reader), NOTES, replace(vocabulary, types=types))
    wrong = {replace(one, code=one.code.replace("profile.", "notes.", 1)) for one in found}
    wrong |= {*reader.problems, *_twice(profile.entries)}
    return Notes(profile.entries, tuple(sorted(wrong, key=Diagnostic.sort_key)))


def _sections(node: Node, types: Iterable[str], reader: Reader) -> Node:
    """The file without its keys that are no section; notes those that nobody knows."""
    if isinstance(node, Scalar) and node.is_empty:
        return Mapping((), node.location)
    mapping = reader.mapping(node, "A file of notes")
    if mapping is None:
        return Mapping((), node.location)
    known = [*types]
    for key, _ in mapping.pairs:
        if key.text not in (ABOUT, *known):
            hint = reader.nearest(key.text, known) or f"Sections are: {', '.join(known)}."
            message = f"Notes have no section '{shorten(key.text)}'."
            reader.problem(key.location, "notes.unknown-section", message, hint)
    return Mapping(tuple(pair for pair in mapping.pairs if pair[0].text in known), node.location)


def _twice(entries: Iterable[Entry]) -> Iterator[Diagnostic]:
    """Two notes on one thing: nobody could tell which counts."""
    seen: dict[tuple[str, ...], Location] = {}
    for one in entries:
        names = tuple(one.values.get(name) for name in _NEEDED[one.type] if name != _STANDING)
        if not all(isinstance(name, str) for name in names):
            continue
        key = (one.type, *(_plain(str(name)) for name in names))
        if key in seen:
            about = " and ".join(f"'{shorten(str(name))}'" for name in names)
            yield Diagnostic(
                "notes.twice", f"Two entries of '{one.type}' are on {about}.", "Make them one entry.",
                one.location, related=((seen[key], "the first one"),),
            )  # fmt: skip
        seen.setdefault(key, one.location)


def _is_alike(first: Slot | None, second: Slot | None) -> bool:
    return is_same(first, second) or (first is None and second is None)


def _plain(name: str) -> str:
    return "".join(name.casefold().split())


# The last few that were read, with the vocabulary that they were read by.
_READ: list[tuple[str, Vocabulary, Notes]] = []
_MAX_READ = 8
