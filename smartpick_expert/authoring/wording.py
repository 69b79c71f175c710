"""How words are to read in a workspace (`knowledge/wording/`): grades, words never used, and how a rule says what it rests on.

What else stands in that folder is worded by it in documents, and read with the knowledge (`knowledge/phrasing.py`).

Reading the files and holding a text against them; which texts, and what is then found, is for the checks to say. A workspace
without the folder asks nothing of its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from smartpick_expert.diagnostics import Diagnostic, Problems
from smartpick_expert.knowledge.phrases import TABLES as PHRASES
from smartpick_expert.knowledge.phrasing import FOLDER, TABLES
from smartpick_expert.language.literals import read_one
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Mapping as MappingNode
from smartpick_expert.language.source import Node, read_file
from smartpick_expert.language.values import Number
from smartpick_expert.language.vocabulary import Field, FieldType

KINDS: Final = ("blame", "promise", "term")
TEXTS: Final = ("because", "action", "notice")
HEDGED: Final = ("perception", "measured")
_FROM = "from_words"
_GRADE: Final = Field("a grade", FieldType.NUMBER, "", minimum=1, maximum=30)
_COUNT: Final = Field(_FROM, FieldType.NUMBER, "", unit="words", whole=True, minimum=1, maximum=1_000)
# How far before a word another one may stand that turns it into its opposite.
_BEFORE: Final = 4


@dataclass(frozen=True, slots=True)
class Avoided:
    """Words that a text never uses, what kind of words they are, what to write instead, and what makes them harmless."""

    kind: str
    words: tuple[str, ...]
    instead: str
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hedges:
    """How the reason of a rule of one kind says what it rests on: by one of some words (where any are named), and by none of others."""

    kind: str
    one_of: tuple[str, ...]
    never: tuple[str, ...]
    instead: str

    def has_one(self, text: str) -> bool:
        """Whether a text holds one of the words that it needs."""
        return not self.one_of or any(_pattern(word).search(text) for word in self.one_of)

    def wrongly_in(self, text: str) -> Iterator[str]:
        """Each word in a text that belongs to rules of another kind, as the text has it."""
        for word in self.never:
            yield from (found.group() for found in _pattern(word).finditer(text))


@dataclass(frozen=True, slots=True)
class Wording:
    """What a workspace asks of its words. `grades` holds the highest grade by kind of text; texts below `from_words` have none."""

    grades: Mapping[str, Number] = field(default_factory=dict)
    from_words: int = 0
    avoided: tuple[Avoided, ...] = ()
    hedges: tuple[Hedges, ...] = ()

    def found_in(self, text: str, kind: str) -> Iterator[tuple[str, str]]:
        """Each word of a kind in a text, as the text has it, with what to write instead."""
        for entry in self.avoided:
            for word in entry.words if entry.kind == kind else ():
                for found in _pattern(word).finditer(text):
                    before = re.split(r"[.!?;:]\s", text[: found.start()])[-1].lower().split()[-_BEFORE:]
                    if not any(one.strip(",'\"()") in entry.unless for one in before):
                        yield found.group(), entry.instead


def wording_of(root: Path) -> tuple[Wording, tuple[Diagnostic, ...]]:
    """What could be read of a workspace's wording, and every finding about its files."""
    reading = _Reading(Reader())
    for path in sorted((root / FOLDER).rglob("*.yaml")):
        try:
            reading.file(read_file(path, path.relative_to(root).as_posix()))
        except Problems as problems:
            reading.reader.problems += problems.diagnostics
    wording = Wording(reading.grades, reading.from_words, tuple(reading.avoided), tuple(reading.hedges))
    return wording, tuple(reading.reader.problems)


def _pattern(word: str) -> re.Pattern[str]:
    words = r"\s+".join(map(re.escape, word.rstrip("*").split()))
    ending = r"\w*" if word.endswith("*") else ""
    return re.compile(rf"(?<!\w){words}{ending}(?!\w)", re.IGNORECASE)


class _Reading:
    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.grades: dict[str, Number] = {}
        self.from_words = 0
        self.avoided: list[Avoided] = []
        self.hedges: list[Hedges] = []

    def file(self, node: Node) -> None:
        mapping = self.reader.mapping(node, "A wording file")
        if mapping is None:
            return
        self.reader.known_keys(mapping, ("about", "grades", "words", "hedges", *TABLES, *PHRASES), "A wording file")
        grades = mapping.get("grades")
        if grades is not None and (written := self.reader.mapping(grades, "'grades'")) is not None:
            self._grades(written)
        for item in self.reader.sequence(mapping.get("words"), "'words'"):
            entry = self.reader.mapping(item, "An entry of 'words'")
            if entry is not None:
                self._words(entry)
        for item in self.reader.sequence(mapping.get("hedges"), "'hedges'"):
            entry = self.reader.mapping(item, "An entry of 'hedges'")
            if entry is not None:
                self._hedges(entry)

    def _grades(self, written: MappingNode) -> None:
        self.reader.known_keys(written, (_FROM, *TEXTS), "'grades'")
        for key, value in written.pairs:
            number = read_one(value, _COUNT if key.text == _FROM else _GRADE, self.reader)
            if key.text == _FROM and isinstance(number, int):
                self.from_words = number
            elif key.text in TEXTS and isinstance(number, Number):
                self.grades[key.text] = number

    def _words(self, entry: MappingNode) -> None:
        reader = self.reader
        reader.known_keys(entry, ("kind", "words", "instead", "unless"), "An entry of 'words'")
        reader.required(entry, ("kind", "words", "instead"), "An entry of 'words'")
        reader.filled(entry, ("words", "unless"), "An entry of 'words'")
        kind = reader.choice(entry, "kind", KINDS)
        words = tuple(word for word in reader.texts(entry, "words") if word.strip("* "))
        unless = tuple(word.lower() for word in reader.texts(entry, "unless"))
        if kind:
            self.avoided.append(Avoided(kind, words, reader.text(entry, "instead"), unless))

    def _hedges(self, entry: MappingNode) -> None:
        reader = self.reader
        reader.known_keys(entry, ("kind", "one_of", "never", "instead"), "An entry of 'hedges'")
        reader.required(entry, ("kind", "instead"), "An entry of 'hedges'")
        reader.filled(entry, ("one_of", "never"), "An entry of 'hedges'")
        kind = reader.choice(entry, "kind", HEDGED)
        one_of, never = (tuple(w for w in reader.texts(entry, key) if w.strip("* ")) for key in ("one_of", "never"))
        if kind:
            self.hedges.append(Hedges(kind, one_of, never, reader.text(entry, "instead")))
