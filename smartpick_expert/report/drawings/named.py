"""What the drawings name, read from `reports/drawings.yaml`: days of a season, and the lines that a score is shown against."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from smartpick_expert.diagnostics import Problems
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Mapping as Entry
from smartpick_expert.language.source import Node, read_file

NAME: Final = "drawings.yaml"
# A line shows one figure, the two ends of a range, or a range with a figure between.
MOST: Final = 3
_LINE_KEYS: Final = ("parameters", "program", "title", "shows", "said", "group")


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A parameter that holds a day of each season, what the day is called, and whether the letter's small calendar has it."""

    parameter: str
    title: str
    letter: bool = False


@dataclass(frozen=True, slots=True)
class NamedLine:
    """What a score is shown against: figures by their parameters, or fields of the typical program (`program`).

    `shows` says what its figures are. `said` is the notice that the advice has to make for it (empty: none), and `group` the type of
    applicants it is about.
    """

    parameters: tuple[str, ...]
    program: tuple[str, ...]
    title: str
    shows: str
    said: str
    group: str


@dataclass(frozen=True, slots=True)
class NamedScore:
    """An examination and its lines."""

    exam: str
    lines: tuple[NamedLine, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """All that is named, in the file's order; nothing where a workspace has no such file."""

    days: tuple[NamedDay, ...] = ()
    scores: tuple[NamedScore, ...] = ()


def read_names(reports: Path) -> Names:
    """What a folder of templates names. Raises Problems with everything that is wrong with the file."""
    path = reports / NAME
    if not path.is_file():
        return Names()
    reader = Reader()
    mapping = reader.mapping(read_file(path, f"reports/{NAME}"), "The drawings' names")
    if mapping is not None:
        reader.known_keys(mapping, ("about", "days", "scores"), "The file")
    days = [_day(entry, reader) for entry in _entries(mapping, "days", reader)]
    scores = [_score(entry, reader) for entry in _entries(mapping, "scores", reader)]
    if reader.problems:
        raise Problems(reader.problems)
    return Names(tuple(days), tuple(scores))


def _entries(mapping: Entry | None, key: str, reader: Reader) -> list[Entry]:
    items: tuple[Node, ...] = reader.sequence(mapping.get(key), f"'{key}'") if mapping is not None else ()
    found = (reader.mapping(item, f"An item of '{key}'") for item in items)
    return [entry for entry in found if entry is not None]


def _day(entry: Entry, reader: Reader) -> NamedDay:
    reader.known_keys(entry, ("parameter", "title", "letter"), "A day")
    reader.required(entry, ("parameter", "title"), "A day")
    return NamedDay(reader.text(entry, "parameter"), reader.text(entry, "title"), reader.boolean(entry, "letter"))


def _score(entry: Entry, reader: Reader) -> NamedScore:
    reader.known_keys(entry, ("exam", "lines"), "An examination")
    reader.required(entry, ("exam", "lines"), "An examination")
    return NamedScore(
        reader.text(entry, "exam"), tuple(_line(line, reader) for line in _entries(entry, "lines", reader))
    )


def _line(entry: Entry, reader: Reader) -> NamedLine:
    reader.known_keys(entry, _LINE_KEYS, "A line")
    reader.required(entry, ("title",), "A line")
    parameters, program = reader.texts(entry, "parameters"), reader.texts(entry, "program")
    if bool(parameters) == bool(program) or max(len(parameters), len(program)) > MOST:
        message = f"A line shows one to {MOST} figures, by 'parameters' or by fields of the typical 'program'."
        hint = "Give it one of the two lists, from the lowest figure to the highest."
        reader.problem(entry.location, "drawings.line", message, hint)
    return NamedLine(parameters, program, *(reader.text(entry, key) for key in _LINE_KEYS[2:]))
