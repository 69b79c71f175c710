"""Directions and scales from `knowledge/directions/`: every name checked against the vocabulary, every problem collected.

They are read when somebody asks for them, and no advice is made from them.
"""

from __future__ import annotations

from typing import Final

from smartpick_expert.authoring.directions.model import (
    Addition,
    Direction,
    Directions,
    Move,
    Removal,
    Scale,
    Setting,
    Sweep,
)
from smartpick_expert.authoring.directions.scale_reading import ScaleReader
from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.language.checks import protected
from smartpick_expert.language.conditions import ConditionReader
from smartpick_expert.language.edits import EditReader
from smartpick_expert.language.literals import read_label
from smartpick_expert.language.model import Condition, Kind, Pattern, Rule, Status, Words
from smartpick_expert.language.paths import EACH, Path, given_type, read_path
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.scope import resolve
from smartpick_expert.language.source import Mapping, Node, Scalar, parse_as, read_text
from smartpick_expert.language.values import ValueProblem, shorten
from smartpick_expert.language.vocabulary import FieldType
from smartpick_expert.workspace import Workspace

FOLDER: Final = "knowledge/directions"
_MOVES: Final = ("raise", "lower", "set", "add", "remove")
_KEYS: Final = ("id", "says", "because", "sources", "change", "where", "when", "never_worse", "never_comes")
# With it everything that is read would be of another year.
_SEASON: Final = ("applicant", "season")


def read_directions(workspace: Workspace) -> Directions:
    """What a workspace declares. Raises Problems with everything that is wrong in its files."""
    found, problems = directions_of(workspace)
    if problems:
        raise Problems(problems)
    return found


def directions_of(workspace: Workspace) -> tuple[Directions, tuple[Diagnostic, ...]]:
    """What could be read, in the order of ids, and every finding."""
    reader = Reader()
    files: list[Mapping] = []
    folder = workspace.root / FOLDER
    for path in sorted(folder.rglob("*.yaml")):
        name = f"{FOLDER}/{path.relative_to(folder).as_posix()}"
        try:
            mapping = reader.mapping(parse_as(read_text(path, name), name, path.suffix), "A file of directions")
        except Problems as problems:
            reader.problems += problems.diagnostics
            continue
        if mapping is not None:
            reader.known_keys(mapping, ("about", "scales", "directions"), "A file of directions")
            files.append(mapping)
    scales: dict[str, Scale] = {}
    for mapping in files:
        ScaleReader(workspace, reader, scales).read(mapping)
    found: dict[str, Direction] = {}
    for mapping in files:
        for item in reader.sequence(mapping.get("directions"), "'directions'"):
            entry = reader.mapping(item, "A direction")
            one = _DirectionReader(entry, workspace, scales, reader).read() if entry is not None else None
            if one is not None and one.id in found:
                message = f"Two directions are called '{shorten(one.id)}'."
                first = ((found[one.id].location, "the first one"),)
                reader.problem(one.location, "direction.twice", message, "Give one of them another id.", first)
            elif one is not None:
                found[one.id] = one
    ordered = tuple(found[name] for name in sorted(found))
    return Directions(scales, ordered), tuple(sorted(set(reader.problems), key=Diagnostic.sort_key))


class _DirectionReader:
    """Reads one direction."""

    def __init__(self, entry: Mapping, workspace: Workspace, scales: dict[str, Scale], reader: Reader) -> None:
        self.entry = entry
        self.workspace = workspace
        self.vocabulary = workspace.vocabulary
        self.parameters = workspace.knowledge.names.parameters
        self.scales = scales
        self.reader = reader
        self.conditions = ConditionReader(self.vocabulary, self.parameters, reader)
        self.id = reader.text(entry, "id")
        self.what = f"Direction '{shorten(self.id)}'" if self.id else "A direction"

    def read(self) -> Direction | None:
        entry, reader = self.entry, self.reader
        before = len(reader.problems)
        reader.known_keys(entry, _KEYS, self.what)
        reader.required(entry, ("id", "says", "because", "change"), self.what)
        reader.filled(entry, ("when", "never_worse", "never_comes"), self.what)
        self._check_id()
        move = self._move()
        where = self._where(move)
        read = [self.conditions.condition(one) for one in reader.sequence(entry.get("when"), "'when'")]
        when = tuple(one for one in read if one is not None)
        scales = self._scales()
        never = self._never_comes()
        if entry.get("never_worse") is None and entry.get("never_comes") is None:
            message = f"{self.what} does not say what must never get worse."
            reader.problem(entry.location, "direction.measures-nothing", message, "Add 'never_worse: [bucket]'.")
        sources = self._sources()
        if len(reader.problems) == before:
            when, (*never, where) = self._resolved(when, (*never, where))  # type: ignore[assignment]
        if move is None or len(reader.problems) > before:
            return None
        return Direction(
            self.id,
            reader.text(entry, "says"),
            reader.text(entry, "because"),
            sources,
            move,
            when,
            where,
            scales,
            tuple(never),
            entry.location,
        )

    def _check_id(self) -> None:
        """Files are named by it."""
        node = self.entry.get("id")
        if node is not None and self.id:
            try:
                read_label(self.id)
            except ValueProblem as problem:
                self.reader.value_problem(node.location, problem, "id")

    def _move(self) -> Move | None:
        node = self.entry.get("change")
        mapping = self.reader.mapping(node, "'change'") if node is not None else None
        if mapping is None:
            return None
        self.reader.known_keys(mapping, _MOVES, "'change'")
        if len(mapping.pairs) != 1:
            message = f"{self.what} makes one change, and {len(mapping.pairs)} are written here."
            hint = "Write one of raise, lower, set, add, remove; what is set together goes under one 'set'."
            self.reader.problem(mapping.location, "direction.change", message, hint)
            return None
        ((key, value),) = mapping.pairs
        if key.text in ("raise", "lower"):
            return self._sweep(value, up=key.text == "raise")
        if key.text == "remove":
            return self._removal(value)
        edits = EditReader(self.vocabulary, self.reader, anything=True)
        inner = self.reader.mapping(value, f"'{key.text}'") if key.text in ("set", "add") else None
        if inner is None:
            return None
        if key.text == "set":
            settings = edits.settings(inner)
            together = {(edit.path.type, edit.path.label) for edit in settings}
            if len(together) > 1:
                message = "What is set together stands in one entry, and these are of several."
                self.reader.problem(value.location, "direction.change", message, "Make a direction of each.")
            elif settings and all(self._is_for_all(edit.path, inner.location) for edit in settings):
                return Setting(tuple(settings))
            return None
        additions = edits.additions(inner)
        if len(additions) > 1:
            message = "One entry is added, and these are several."
            self.reader.problem(value.location, "direction.change", message, "Make a direction of each.")
        return Addition(additions[0]) if len(additions) == 1 else None

    def _sweep(self, node: Node, *, up: bool) -> Sweep | None:
        try:
            path = read_path(self.reader.scalar_text(node, "What is changed"), self.vocabulary)
        except ValueProblem as problem:
            self.reader.value_problem(node.location, problem)
            return None
        if not self.vocabulary.types[path.type].fields[path.field].has_order:
            message = f"'{path}' goes neither up nor down: it is no number and no date."
            self.reader.problem(node.location, "direction.order", message, "Write 'set: {...}' with the better value.")
            return None
        return Sweep(path, up) if self._is_for_all(path, node.location) else None

    def _removal(self, node: Node) -> Removal | None:
        name = self.reader.scalar_text(node, "What is removed")
        try:
            kind = given_type(name, self.vocabulary)
        except ValueProblem as problem:
            self.reader.value_problem(node.location, problem)
            return None
        if kind.one:
            message = f"There is one '{kind.name}', so no entry of it can be taken away."
            self.reader.problem(node.location, "direction.change", message, "Write 'set: {...}' with other values.")
            return None
        return Removal(kind.name)

    def _is_for_all(self, path: Path, place: Location) -> bool:
        """Labels are each profile's own: what is written for all names entries by a choice, or means each of them."""
        kind = self.vocabulary.types[path.type]
        named_by = kind.fields.get(kind.label)
        if (path.type, path.field) == _SEASON:
            message = "With the season everything that is read would be of another year."
            self.reader.problem(place, "direction.season", message, "Change something else.")
            return False
        if path.label in ("", EACH) or (named_by is not None and named_by.type is FieldType.CHOICE):
            return True
        message = f"'{shorten(path.label)}' would be the label of one profile, and a direction is for all."
        hint = f"Write {path.type}[{EACH}].{path.field} for each entry in turn."
        self.reader.problem(place, "direction.label", message, hint)
        return False

    def _where(self, move: Move | None) -> Pattern | None:
        node = self.entry.get("where")
        if node is None or move is None:
            return None
        if isinstance(move, Addition):
            message = "An entry that is added was not there before, so nothing can be asked of it."
            self.reader.problem(node.location, "direction.where", message, "Delete 'where', or write a 'when'.")
            return None
        name = move.path.type if isinstance(move, Sweep) else move.type
        return self.conditions.pattern(Scalar(name, quoted=False, location=node.location), node, named=False)

    def _scales(self) -> tuple[Scale, ...]:
        found: list[Scale] = []
        for name, place in self.reader.placed_texts(self.entry, "never_worse"):
            if name in self.scales:
                found.append(self.scales[name])
                continue
            hint = self.reader.nearest(name, self.scales) or f"Declare it under 'scales' in a file of {FOLDER}."
            self.reader.problem(place, "direction.scale", f"There is no scale '{shorten(name)}'.", hint)
        return tuple(found)

    def _never_comes(self) -> list[Pattern]:
        found: list[Pattern] = []
        for item in self.reader.sequence(self.entry.get("never_comes"), "'never_comes'"):
            read = self.conditions.condition(item)
            if isinstance(read, Pattern) and not read.name:
                found.append(read)
            elif read is not None:
                message = "What must never come is one conclusion, without a name, 'not', 'any' or a tally."
                self.reader.problem(
                    item.location, "direction.never", message, "Write it as in '- action: {name: ...}'."
                )
        return found

    def _sources(self) -> tuple[str, ...]:
        found = self.reader.placed_texts(self.entry, "sources")
        known = self.workspace.knowledge.names.sources
        for name, place in found:
            if name not in known:
                hint = self.reader.nearest(name, known) or "Write claim:ID or evidence:ID, as a rule does."
                self.reader.problem(place, "name.source", f"There is no source '{shorten(name)}'.", hint)
        return tuple(name for name, _ in found)

    def _resolved(
        self, when: tuple[Condition, ...], others: tuple[Pattern | None, ...]
    ) -> tuple[tuple[Condition, ...], tuple[Pattern | None, ...]]:
        """The conditions with every name in them found, as those of a rule are. The other patterns name no other fact."""
        place = self.entry.location
        rule = Rule(
            id=f"directions.{self.id}", title=self.what, topic="directions", kind=Kind.MEASURED, status=Status.STABLE,
            sources=(), owner="", review_by=None, when=when, then=(), because=Words((), "", place), rationale="",
            location=place,
        )  # fmt: skip
        rule = resolve(rule, self.vocabulary, self.parameters, self.reader)
        self.reader.problems.extend(protected.check((rule,), self.vocabulary))
        for pattern in others:
            for test in pattern.tests if pattern is not None else ():
                if any(test.references()):
                    message = f"'{test.field}' is held against another fact, and there is none to name here."
                    self.reader.problem(pattern.location, "direction.reference", message, "Write a value.")  # type: ignore[union-attr]
        return rule.when, others
