"""What somebody asks to be otherwise in a profile, as words: `exam[step2_ck].score=250`, `letter={id: new, us_based: yes}`, `letter[old]`.

Unlike an action's edits these may touch whatever a profile may hold, and a label that no entry has is a mistake.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from smartpick_expert.diagnostics import Diagnostic, Location, Problems, nearest
from smartpick_expert.intake.edits import edited, label_of
from smartpick_expert.intake.profile import Profile, reference_problems
from smartpick_expert.language.edits import AddEntry, Edit, EditReader, Remove, SetField
from smartpick_expert.language.paths import EACH, given_field, given_type
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Mapping, Scalar, parse
from smartpick_expert.language.values import ValueProblem, shorten
from smartpick_expert.language.vocabulary import FieldType, Supplier, Vocabulary

_REMOVED = re.compile(r"([A-Za-z0-9_]+)(?:\[([^\[\]]+)\])?(?:\.([A-Za-z0-9_]+))?")
SET, ADD, REMOVE = "--set", "--add", "--remove"


def read_changes(
    settings: Iterable[str], additions: Iterable[str], removals: Iterable[str], vocabulary: Vocabulary
) -> tuple[Edit, ...]:
    """The changes as edits, in the order set, add, remove. Raises Problems with everything that is wrong with them."""
    reader = Reader()
    edits = EditReader(vocabulary, reader, anything=True)
    found: list[Edit] = []
    for text in settings:
        mapping = _pair(text, SET, "PATH=VALUE, as in exam[step2_ck].score=250", reader)
        found += edits.settings(mapping) if mapping is not None else []
    for text in additions:
        mapping = _pair(text, ADD, "TYPE={field: value, ...}, as in letter={id: new, us_based: yes}", reader)
        found += edits.additions(mapping) if mapping is not None else []
    for text in removals:
        removal = _removal(text.strip(), vocabulary, reader)
        found += [removal] if removal is not None else []
    if reader.problems:
        raise Problems(reader.problems)
    return tuple(found)


def changed(profile: Profile, edits: Iterable[Edit], vocabulary: Vocabulary) -> Profile:
    """The profile after the changes. Raises Problems where a label is not there, or something is then left dangling or lacking."""
    several = tuple(edits)
    problems = [problem for edit in several for problem in _not_there(edit, profile, vocabulary)]
    if problems:
        raise Problems(problems)
    after = edited(profile, several, vocabulary)
    # As in a file: a section in which something stands holds that and nothing more.
    after = replace(after, sections=after.sections | {entry.type for entry in after.entries})
    left = [*reference_problems(after, vocabulary), *_lacking(after, vocabulary)]
    if left:
        raise Problems(left)
    return after


def _taken(edit: AddEntry, profile: Profile, vocabulary: Vocabulary) -> Iterable[Diagnostic]:
    """A label that is to be added and is there already."""
    label = dict(edit.values).get(vocabulary.types[edit.type].label)
    if isinstance(label, str) and label in {label_of(entry, vocabulary) for entry in profile.of(edit.type)}:
        message = f"The profile has '{edit.type}[{shorten(label)}]' already."
        hint = f"Change it with {SET} '{edit.type}[{shorten(label)}].field=value', or add one of another name."
        yield Diagnostic("profile.duplicate-label", message, hint, Location(ADD))


def _lacking(profile: Profile, vocabulary: Vocabulary) -> Iterable[Diagnostic]:
    """What no profile may be without, and was taken away."""
    place = Location(profile.path)
    for fact_type in vocabulary.supplied_by(Supplier.PROFILE):
        needed = [field for field in fact_type.fields.values() if field.required]
        entries = profile.of(fact_type.name)
        if fact_type.one and needed and not entries:
            message = f"Without '{fact_type.name}' there is nothing to advise on."
            yield Diagnostic("profile.missing-section", message, "Set its fields, and leave it there.", place)
        for entry in entries:
            lacks = [field for field in needed if field.name not in entry.values]
            for field in lacks:
                message = f"An entry of '{fact_type.name}' would be left without '{field.name}' ({field.meaning})."
                yield Diagnostic("profile.missing-field", message, "Give it another value.", place)


def _pair(text: str, option: str, form: str, reader: Reader) -> Mapping | None:
    """The words before the first `=` outside brackets, and the YAML after it, as a mapping of one."""
    depth = 0
    for place, character in enumerate(text):
        depth += {"[": 1, "]": -1}.get(character, 0)
        if character == "=" and depth <= 0:
            key, value = text[:place].strip(), text[place + 1 :].strip()
            here = Location(option, 1, place + 2)
            try:
                node = parse(value, option) if value else Scalar("", quoted=False, location=here)
            except Problems as problems:
                reader.problems += problems.diagnostics
                return None
            start = Location(option, 1, 1)
            return Mapping(((Scalar(key, quoted=False, location=start), node),), start)
    reader.problem(Location(option), "edit.form", f"'{shorten(text)}' has no '='.", f"Write {option} {form}.")
    return None


def _removal(text: str, vocabulary: Vocabulary, reader: Reader) -> Remove | None:
    found = _REMOVED.fullmatch(text)
    if found is None:
        hint = "Write fact_type[label] for an entry, or fact_type[label].field for one field of it."
        reader.problem(Location(REMOVE), "path.form", f"'{shorten(text)}' is no path.", hint)
        return None
    type_name, label, field_name = found.groups(default="")
    try:
        fact_type = given_type(type_name, vocabulary)
        field = given_field(fact_type, field_name).name if field_name else ""
    except ValueProblem as problem:
        reader.value_problem(Location(REMOVE), problem)
        return None
    if fact_type.one == bool(label):
        what = "takes no label" if fact_type.one else "needs a label, or [*] for all"
        example = f"{fact_type.name}{'' if fact_type.one else '[label]'}"
        reader.problem(
            Location(REMOVE), "path.label", f"'{fact_type.name}' {what}.", f"Write {example}, or {example}.field."
        )
        return None
    if field and field == fact_type.label:
        reader.problem(
            Location(REMOVE), "edit.label", "An entry keeps the label it has.", "Remove the entry, or another field."
        )
        return None
    return Remove(fact_type.name, label, field)


def _not_there(edit: Edit, profile: Profile, vocabulary: Vocabulary) -> Iterable[Diagnostic]:
    """A label that no entry of the profile has; one of a fixed choice may be new, as for an examination."""
    if isinstance(edit, AddEntry):
        yield from _taken(edit, profile, vocabulary)
        return
    type_name, label = (edit.path.type, edit.path.label) if isinstance(edit, SetField) else (edit.type, edit.label)
    if label in ("", EACH):
        return
    fact_type = vocabulary.types[type_name]
    labels = [label_of(entry, vocabulary) for entry in profile.of(type_name)]
    named = fact_type.fields.get(fact_type.label)
    may_be_new = isinstance(edit, SetField) and named is not None and named.type is FieldType.CHOICE
    if label in labels or may_be_new:
        return
    option = SET if isinstance(edit, SetField) else REMOVE
    hint = nearest(label, labels) or f"Add one with {ADD} '{type_name}={{...}}'."
    yield Diagnostic(
        "edit.not-there",
        f"The profile has no {type_name.replace('_', ' ')} '{shorten(label)}'.",
        hint,
        Location(option),
    )
