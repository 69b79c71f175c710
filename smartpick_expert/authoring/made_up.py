"""Made-up profiles: valid by the vocabulary, free of what the rules call a contradiction, and the same for the same seed.

For whoever needs many applicants and may look at none: a search for advice that gets worse where it must not, a preview of
what a changed rule would do, a sample cohort. Values lean to what is usual and lie at the limits that rules set, since a
rule is told from a wrong one there; choices are all met. They stand for nobody, and how many of them are like this or that
says nothing of applicants.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from smartpick_expert.authoring.draw import Draw
from smartpick_expert.authoring.drawn_values import DrawnValues
from smartpick_expert.diagnostics import Location
from smartpick_expert.engine.consultation import prepare
from smartpick_expert.engine.session import consult
from smartpick_expert.engine.slices import slice_for
from smartpick_expert.explain.trials import CONTRADICTION
from smartpick_expert.intake.profile import Entry, Profile
from smartpick_expert.intake.profile_text import profile_text
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.values import Slot
from smartpick_expert.language.vocabulary import FactType, Field, Supplier, Vocabulary
from smartpick_expert.workspace import Workspace

# How many times contradictions are drawn away before the profile is drawn anew.
_ROUNDS = 12
# From this round on, a field that contradicts another is left out where it may be.
_LEAVES_OUT = 6
# Of a hundred profiles, those that leave nothing out, and those that leave much out; the others leave a little out.
_WHOLE, _SPARSE = 40, 20
# Of a hundred sections that do not matter at the stage, those that are given all the same.
_BEYOND_THE_STAGE = 5
# Of a hundred sections of which leaving out means none, those that are left out.
_ASSUMED = 35
# The numbers of entries of a section, where the workspace says nothing usual.
_ENTRIES = (0, 1, 1, 2, 3)


# Of a hundred profiles, those of which few values are unusual; and of a hundred values of a profile, the usual ones.
_PLAIN, _OF_A_PLAIN_ONE, _OF_ANOTHER = 65, 97, 65
# What is drawn again was in the way of something usual more often than not.
_AGAIN = 85


@dataclass(frozen=True, slots=True)
class _Mood:
    """Of a hundred fields and sections of a profile how many are left out, and of a hundred values how many are usual."""

    fields: int
    sections: int
    usually: int


_Sections = dict[str, list[dict[str, Slot]]]


def made_up(workspace: Workspace, seed: int, number: int, as_of: date) -> Iterator[Profile]:
    """So many made-up profiles, one after another; the first ones of a larger number are those of a smaller.

    Their path is a name that no file has, and says that they are made up. Raises Problems where the workspace's own file
    on made-up profiles has mistakes.
    """
    maker = _Maker(workspace, as_of)
    return (maker.profile(seed, place + 1) for place in range(number))


def made_up_text(profile: Profile, vocabulary: Vocabulary) -> str:
    """The profile as the text of a file, which says that nobody is like this."""
    return profile_text(profile, vocabulary, "A made-up profile, drawn by chance. It stands for nobody.")


class _Maker:
    def __init__(self, workspace: Workspace, as_of: date) -> None:
        self.workspace = workspace
        self.as_of = as_of
        self.types = workspace.vocabulary.types
        self.sections = workspace.vocabulary.supplied_by(Supplier.PROFILE)
        self.values = DrawnValues(workspace, as_of)

    def profile(self, seed: int, number: int) -> Profile:
        """The profile of a seed and a number. It is drawn until one does not contradict itself."""
        name = f"made-up-{seed}-{number:04}"
        attempt = 0
        while True:
            # A text seeds alike on every Python; `hash` would not.
            draw = Draw(Random(f"{name}/{attempt}"))
            sections = self._drawn(draw, f"Made-up profile {seed}-{number:04}")
            profile = self._reconciled(sections, f"{name}.yaml", draw)
            if profile is not None:
                return profile
            attempt += 1

    def _drawn(self, draw: Draw, label: str) -> _Sections:
        mood = _mood(draw)
        first = self.types.get("applicant")
        person = self._entry(first, {"label": label}, {}, mood, draw) if first is not None else {}
        stage = person.get("stage")
        labels = {
            kind.name: self._labels(kind, draw)
            for kind in self.sections
            if kind is not first and not self._is_left_out(kind, stage, mood, draw)
        }
        found: _Sections = {"applicant": [person]} if first is not None else {}
        for kind in self.sections:
            if kind.name in labels and kind.one:
                found[kind.name] = [self._entry(kind, {}, labels, mood, draw)]
            elif kind.name in labels:
                found[kind.name] = [
                    self._entry(kind, {kind.label: one} if kind.label else {}, labels, mood, draw)
                    for one in labels[kind.name]
                ]
        return found

    def _is_left_out(self, kind: FactType, stage: Slot | None, mood: _Mood, draw: Draw) -> bool:
        if kind.one and any(field.required for field in kind.fields.values()):
            return False
        if kind.stages and stage not in kind.stages:
            return not draw.in_hundred(_BEYOND_THE_STAGE)
        return draw.in_hundred(max(mood.sections, _ASSUMED if kind.assume is not None else 0))

    def _labels(self, kind: FactType, draw: Draw) -> list[str]:
        """Distinct labels for the entries of a section, and so their number."""
        if kind.one:
            return []
        number = draw.one_of(self.values.usual.entries.get(kind.name, _ENTRIES))
        field = kind.fields.get(kind.label)
        words = tuple(field.values) if field is not None else ()
        if field is not None and field.of:
            words = tuple(sorted(self.workspace.vocabulary.listed.get(field.of, ())))
        if field is not None and (words or field.of):
            return [str(word) for word in draw.some_of(words, number, number)]
        return [f"{kind.name}-{place + 1}" for place in range(number)]

    def _entry(
        self, kind: FactType, fixed: dict[str, Slot], labels: dict[str, list[str]], mood: _Mood, draw: Draw
    ) -> dict[str, Slot]:
        drawn = dict(fixed)
        for field in _in_drawing_order(kind):
            if field.name in fixed or (not field.required and draw.in_hundred(mood.fields)):
                continue
            slot = self.values.one(kind, field, drawn, labels, mood.usually, draw)
            if slot is not None:
                drawn[field.name] = slot
        return {name: drawn[name] for name in kind.fields if name in drawn}

    def _reconciled(self, sections: _Sections, path: str, draw: Draw) -> Profile | None:
        """The profile, with one of two places drawn again wherever the rules find a contradiction; None where that fails."""
        for number in range(_ROUNDS):
            profile = self._profile(sections, path)
            found = self._contradictions(profile)
            if not found:
                return profile
            for fact in found:
                self._draw_again(fact, sections, draw, leaves_out=number >= _LEAVES_OUT)
        return None

    def _profile(self, sections: _Sections, path: str) -> Profile:
        entries = tuple(
            Entry(name, position, values, Location(path))
            for name, several in sections.items()
            for position, values in enumerate(several)
        )
        return Profile(path, entries, frozenset(sections))

    def _contradictions(self, profile: Profile) -> tuple[Fact, ...]:
        ready = prepare(profile, self.workspace, self.as_of)
        return consult(slice_for(ready.compiled, {CONTRADICTION}), ready.intake.facts, "plain").of(CONTRADICTION)

    def _draw_again(self, found: Fact, sections: _Sections, draw: Draw, *, leaves_out: bool) -> None:
        prefix = draw.one_of(("", "other_"))
        section, label, name = (found.get(prefix + part) for part in ("section", "entry", "field"))
        kind = self.types[str(section)]
        field = kind.fields[str(name)]
        entries = sections.get(kind.name, [])
        entry = next(
            (one for one in entries if kind.one or one.get(kind.label) == label), entries[0] if entries else None
        )
        if entry is None:
            return
        if field.name == kind.label and not kind.one:
            entries.remove(entry)
        elif leaves_out and not field.required:
            entry.pop(field.name, None)
        else:
            labels = {
                other: [str(one.get(self.types[other].label)) for one in all_] for other, all_ in sections.items()
            }
            others = {key: slot for key, slot in entry.items() if key != field.name}
            slot = self.values.one(kind, field, others, labels, _AGAIN, draw)
            if slot is not None:
                entry[field.name] = slot


def _mood(draw: Draw) -> _Mood:
    share = draw.below(100)
    fields, sections = (0, 0) if share < _WHOLE else (25, 25) if share >= 100 - _SPARSE else (4, 6)
    return _Mood(fields, sections, _OF_A_PLAIN_ONE if draw.in_hundred(_PLAIN) else _OF_ANOTHER)


def _in_drawing_order(kind: FactType) -> list[Field]:
    """What is subtracted in a computed field comes last, so that it can be drawn at the limits of the difference."""
    subtracted = {field.computed[1] for field in kind.fields.values() if field.computed}
    return sorted(kind.given_fields, key=lambda field: field.name in subtracted)
