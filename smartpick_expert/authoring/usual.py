"""What most applicants would write (`knowledge/made_up/`): how many entries a section has, and usual values of a field.

Only made-up profiles are drawn from it. It is read when it is asked for and is no part of what an advice is made from, so
a record says nothing of it. A workspace without the folder has nothing usual, and its profiles are drawn evenly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from smartpick_expert.diagnostics import Diagnostic, Problems
from smartpick_expert.knowledge.seasons import running_season
from smartpick_expert.language.literals import read_field, read_one
from smartpick_expert.language.paths import Path, given_field, given_type, read_path
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Mapping as MappingNode
from smartpick_expert.language.source import Node, Scalar, Sequence, parse_as, read_text
from smartpick_expert.language.values import Slot, ValueProblem, shorten
from smartpick_expert.language.vocabulary import Field, FieldType, Vocabulary
from smartpick_expert.workspace import Workspace

FOLDER: Final = "knowledge/made_up"
_BETWEEN, _FROM_TODAY = "between", "from_today"
_COUNT: Final = Field("a number of entries", FieldType.NUMBER, "", whole=True, minimum=0, maximum=50)
_SHIFT: Final = Field(_FROM_TODAY, FieldType.NUMBER, "", whole=True, minimum=-40_000, maximum=40_000)
# A span of more numbers than these is no usual one.
_WIDEST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Usual:
    """Numbers of entries by section, and values by field and label; each list is drawn from evenly, repeats count.

    The label is empty for what is usual in any entry: `exam.result`, as against `exam[step3].result`.
    """

    entries: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    values: Mapping[tuple[str, str, str], tuple[Slot, ...]] = field(default_factory=dict)

    def of(self, type_name: str, field_name: str, label: object) -> tuple[Slot, ...]:
        """What is usual for a field, of the entry of this label rather than of any."""
        found = self.values.get((type_name, field_name, label)) if isinstance(label, str) else None
        return found or self.values.get((type_name, field_name, ""), ())


def read_usual(workspace: Workspace, as_of: date) -> Usual:
    """What is usual in a workspace as of a day. Raises Problems with everything that is wrong in its files."""
    usual, problems = usual_of(workspace, as_of)
    if problems:
        raise Problems(problems)
    return usual


def usual_of(workspace: Workspace, as_of: date) -> tuple[Usual, tuple[Diagnostic, ...]]:
    """What could be read of it, and every finding."""
    reading = _Reading(workspace.vocabulary, as_of, Reader())
    folder = workspace.root / FOLDER
    for path in sorted(folder.rglob("*.yaml")):
        name = f"{FOLDER}/{path.relative_to(folder).as_posix()}"
        try:
            reading.file(parse_as(read_text(path, name), name, path.suffix))
        except Problems as problems:
            reading.reader.problems += problems.diagnostics
    return Usual(reading.entries, reading.values), tuple(sorted(set(reading.reader.problems), key=Diagnostic.sort_key))


class _Reading:
    def __init__(self, vocabulary: Vocabulary, as_of: date, reader: Reader) -> None:
        self.vocabulary = vocabulary
        self.as_of = as_of
        self.reader = reader
        self.entries: dict[str, tuple[int, ...]] = {}
        self.values: dict[tuple[str, str, str], tuple[Slot, ...]] = {}

    def file(self, node: Node) -> None:
        mapping = self.reader.mapping(node, "A file on made-up profiles")
        if mapping is None:
            return
        self.reader.known_keys(mapping, ("about", "entries", "usual"), "A file on made-up profiles")
        for key, value in self._pairs(mapping, "entries"):
            self._numbers_of_entries(key, value)
        for key, value in self._pairs(mapping, "usual"):
            self._usual_values(key, value)

    def _pairs(self, mapping: MappingNode, key: str) -> Iterable[tuple[Scalar, Node]]:
        node = mapping.get(key)
        found = self.reader.mapping(node, f"'{key}'") if node is not None else None
        return found.pairs if found is not None else ()

    def _numbers_of_entries(self, key: Scalar, node: Node) -> None:
        try:
            fact_type = given_type(key.text, self.vocabulary)
        except ValueProblem as problem:
            self.reader.value_problem(key.location, problem)
            return
        if fact_type.one:
            message = f"There is one '{fact_type.name}', so it has no number of entries."
            self.reader.problem(key.location, "made-up.one", message, "Delete this line.")
            return
        numbers = [read_one(item, _COUNT, self.reader) for item in self._items(key, node)]
        found = tuple(number for number in numbers if isinstance(number, int))
        if found:
            self.entries[fact_type.name] = found

    def _usual_values(self, key: Scalar, node: Node) -> None:
        try:
            path = self._path(key.text)
        except ValueProblem as problem:
            self.reader.value_problem(key.location, problem)
            return
        one = self.vocabulary.types[path.type].fields[path.field]
        found = self._spread(node, one) if isinstance(node, MappingNode) else self._listed(key, node, one)
        if found:
            self.values[path.type, path.field, path.label] = found

    def _path(self, text: str) -> Path:
        """`exam.score` for any entry, or a path to the one of a label."""
        if "[" in text:
            return read_path(text, self.vocabulary)
        type_name, _, field_name = text.partition(".")
        fact_type = given_type(type_name, self.vocabulary)
        return Path(fact_type.name, given_field(fact_type, field_name).name)

    def _listed(self, key: Scalar, node: Node, one: Field) -> tuple[Slot, ...]:
        found = (read_field(item, one, self.reader) for item in self._items(key, node))
        return tuple(slot for slot in found if slot is not None)

    def _items(self, key: Scalar, node: Node) -> tuple[Node, ...]:
        if isinstance(node, Sequence) and not node.items:
            message = f"'{shorten(key.text)}' has an empty list, so nothing can be drawn from it."
            self.reader.problem(node.location, "form.empty-list", message, "Add an item, or delete the line.")
        return self.reader.sequence(node, f"'{shorten(key.text)}'")

    def _spread(self, node: MappingNode, one: Field) -> tuple[Slot, ...]:
        is_number = one.type is FieldType.NUMBER and one.whole and not one.many
        is_day = one.type is FieldType.DATE or (is_number and one.unit == "year")
        if is_number and (between := node.get(_BETWEEN)) is not None:
            return self._between(between, one)
        if is_day and (shifts := node.get(_FROM_TODAY)) is not None:
            by = [read_one(item, _SHIFT, self.reader) for item in self.reader.sequence(shifts, f"'{_FROM_TODAY}'")]
            return tuple(self._from_today(shift, one) for shift in by if isinstance(shift, int))
        others = [form for form, fits in ((f"{{{_BETWEEN}: [low, high]}}", is_number), (f"{{{_FROM_TODAY}: [-1, 0]}}", is_day))
                  if fits]  # fmt: skip
        message = f"What is usual for '{one.name}' is a list of values{''.join(f', or {form}' for form in others)}."
        self.reader.problem(node.location, "made-up.form", message, "Write it so.")
        return ()

    def _between(self, node: Node, one: Field) -> tuple[Slot, ...]:
        ends = [read_one(item, one, self.reader) for item in self.reader.sequence(node, f"'{_BETWEEN}'")]
        if len(ends) == 2 and all(isinstance(end, int) for end in ends):  # noqa: PLR2004 - two ends
            low, high = (int(str(end)) for end in ends)
            if low <= high < low + _WIDEST:
                return tuple(range(low, high + 1))
        message = f"'{_BETWEEN}' names the least and the greatest usual value, at most {_WIDEST:,} apart."
        self.reader.problem(node.location, "made-up.between", message, f"Write {{{_BETWEEN}: [low, high]}}.")
        return ()

    def _from_today(self, shift: int, one: Field) -> Slot:
        """So many years from the season that runs, or so many days from the day."""
        if one.type is FieldType.DATE:
            return self.as_of + timedelta(days=shift)
        year = running_season(self.as_of) + shift
        low, high = one.minimum, one.maximum
        return int(max(low if low is not None else year, min(year, high if high is not None else year)))
