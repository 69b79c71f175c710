"""Made-up profiles: valid by the vocabulary, free of what the rules call a contradiction, and the same for the same seed.

For whoever needs many applicants and may look at none: a search for advice that gets worse where it must not, a preview of
what a changed rule would do, a sample cohort. Values lean to what is usual and lie at the limits that rules set, since a
rule is told from a wrong one there; choices are all met. They stand for nobody, and how many of them are like this or that
says nothing of applicants.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from smartpick_expert.authoring.draw import Draw
from smartpick_expert.authoring.drawn_values import DrawnValues
from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.engine.consultation import prepare
from smartpick_expert.engine.session import consult
from smartpick_expert.engine.slices import slice_for
from smartpick_expert.explain.trials import CONTRADICTION
from smartpick_expert.intake.profile import Entry, Profile
from smartpick_expert.intake.profile_text import profile_text
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.values import ABSENT, Slot
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
# Of ten contradictions, those of which the later place is drawn again; and of ten such draws, those that come to nothing.
_LATER, _NOTHING = 7, 5
# So many drafts of one profile contradict themselves only where the rules leave nothing else.
_DRAFTS = 50
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
    maker = Maker(workspace, as_of)
    return (maker.profile(seed, place + 1) for place in range(number))


def made_up_text(profile: Profile, vocabulary: Vocabulary) -> str:
    """The profile as the text of a file, which says that nobody is like this."""
    return profile_text(profile, vocabulary, "A made-up profile, drawn by chance. It stands for nobody.")


class Maker:
    """Makes profiles up for one workspace and day. Raises Problems where its file on made-up profiles has mistakes."""

    def __init__(self, workspace: Workspace, as_of: date) -> None:
        self.workspace = workspace
        self.as_of = as_of
        self.types = workspace.vocabulary.types
        self.sections = workspace.vocabulary.supplied_by(Supplier.PROFILE)
        self.values = DrawnValues(workspace, as_of)

    def profile(self, seed: int, number: int) -> Profile:
        """The profile of a seed and a number. It is drawn until one does not contradict itself."""
        name = f"made-up-{seed}-{number:04}"
        for attempt in range(_DRAFTS):
            # A text seeds alike on every Python; `hash` would not.
            draw = Draw(Random(f"{name}/{attempt}"))
            sections = self._drawn(draw, f"Made-up profile {seed}-{number:04}")
            profile = self._reconciled(sections, f"{name}.yaml", draw)
            if profile is not None:
                return profile
        message = "Every profile that was made up contradicts itself by the rules that conclude contradictions."
        hint = "Look at those rules: is there a profile on which none of them fires?"
        raise Problems([Diagnostic("made-up.contradiction", message, hint, Location(str(self.workspace.root)))])

    def completed(self, profile: Profile, draw: Draw) -> Profile:
        """The profile with everything filled in that it leaves open. It may contradict itself by what was drawn."""
        mood = _Mood(0, 0, _OF_A_PLAIN_ONE)
        labels = {kind.name: self._labels_in(kind, profile) for kind in self.sections if kind.name in profile.sections}
        open_ones = [kind for kind in self.sections if kind.name not in labels and (kind.one or kind.assume is None)]
        labels |= {kind.name: self._labels(kind, draw) for kind in open_ones}
        entries = [
            replace(entry, values=self._entry(self.types[entry.type], dict(entry.values), labels, mood, draw))
            for entry in profile.entries
        ]
        for kind in open_ones:
            fixed: list[dict[str, Slot]] = [{}] if kind.one else [{kind.label: one} for one in labels[kind.name]]
            entries += [
                Entry(kind.name, place, self._entry(kind, one, labels, mood, draw), Location(profile.path))
                for place, one in enumerate(fixed)
            ]
        return replace(profile, entries=tuple(entries), sections=profile.sections | {kind.name for kind in open_ones})

    def _labels_in(self, kind: FactType, profile: Profile) -> list[str]:
        labels = [entry.values.get(kind.label) for entry in profile.of(kind.name)] if kind.label else []
        return [label for label in labels if isinstance(label, str)]

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
        """Draw one of the two places again, more often the one that stands further down, as people write it by the first."""
        places = sorted(filter(None, (self._place(found, prefix) for prefix in ("", "other_"))), key=self._order)
        if not places:
            return
        kind, field, label = places[-1] if draw.often(_LATER) else places[0]
        entries = sections.get(kind.name, [])
        entry = next((one for one in entries if kind.one or label is ABSENT or one.get(kind.label) == label), None)
        if entry is None:
            return
        if field.name == kind.label and not kind.one:
            entries.remove(entry)
        elif leaves_out and not field.required:
            entry.pop(field.name, None)
        elif draw.often(_NOTHING) and (field.may_be_none or field.minimum == 0):
            entry[field.name] = ABSENT if field.may_be_none else 0
        else:
            labels = {name: [str(one.get(self.types[name].label)) for one in each] for name, each in sections.items()}
            others = {key: slot for key, slot in entry.items() if key != field.name}
            slot = self.values.one(kind, field, others, labels, _AGAIN, draw)
            if slot is not None:
                entry[field.name] = slot

    def _place(self, found: Fact, prefix: str) -> tuple[FactType, Field, Slot] | None:
        section, label, name = (found.get(prefix + part) for part in ("section", "entry", "field"))
        kind = self.types.get(str(section))
        field = kind.fields.get(str(name)) if kind is not None else None
        return (kind, field, label) if kind is not None and field is not None else None

    def _order(self, place: tuple[FactType, Field, Slot]) -> tuple[int, int]:
        kind, field, _ = place
        return self.workspace.vocabulary.order[kind.name], list(kind.fields).index(field.name)


def _mood(draw: Draw) -> _Mood:
    share = draw.below(100)
    fields, sections = (0, 0) if share < _WHOLE else (25, 25) if share >= 100 - _SPARSE else (4, 6)
    return _Mood(fields, sections, _OF_A_PLAIN_ONE if draw.in_hundred(_PLAIN) else _OF_ANOTHER)


def _in_drawing_order(kind: FactType) -> list[Field]:
    """What is subtracted in a computed field comes last, so that it can be drawn at the limits of the difference."""
    subtracted = {field.computed[1] for field in kind.fields.values() if field.computed}
    return sorted(kind.given_fields, key=lambda field: field.name in subtracted)
