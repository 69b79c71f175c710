"""The order and headings of the advice, read from `reports/layout.yaml`: words stay with the templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from smartpick_expert.diagnostics import Problems
from smartpick_expert.language.literals import read_one
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Mapping as Entry
from smartpick_expert.language.source import read_file
from smartpick_expert.language.vocabulary import Field, FieldType

_KEYS = ("key", "title", "about", "topics")
SIDES = ("for", "against")
_COUNTS = ("0", "1", "2", "3", "4", "5")
_BUDGET_KEYS = ("words", "most", "least")
# The parts of the documents that keep to a number of pages. What else stands in them is there once.
PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "letter": ("drawing", "strengths", "risks", "actions", "changes"),
    "memo": ("reasons", "disagreements", "fragile", "questions", "sensitive", "overrides", "kept", "phrases"),
}
# What a layout of before has not, and then is left out.
_LATER: Final = frozenset({"drawing"})
_WORDS: Final = Field("words", FieldType.NUMBER, "", unit="words", whole=True, minimum=1, maximum=10_000)
_COUNT: Final = Field("a count", FieldType.NUMBER, "", whole=True, minimum=0, maximum=100)
# What the bucket is called in the layout while none is concluded.
OPEN = "open"


@dataclass(frozen=True, slots=True)
class SectionLayout:
    """One section: its heading, a sentence on what it is about, and the topics whose statements it holds."""

    key: str
    title: str
    about: str
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Budget:
    """How much a document holds, so that it keeps to its pages.

    `most` is how many entries of each part at the most, `least` how many stay whatever they take. Where they come to more than
    `words`, parts give way in the order of `least`, an entry at a time, the last one first. `notes` are topics whose statements for the
    advisor alone are told even where they rest on nothing confidential.
    """

    words: int
    most: Mapping[str, int]
    least: Mapping[str, int]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """The sections in order, how many reasons of each side the first page shows, by bucket (`OPEN` for none).

    `budgets` are those of the documents that keep to a number of pages, by name.
    """

    sections: tuple[SectionLayout, ...]
    brief: Mapping[str, Mapping[str, int]]
    budgets: Mapping[str, Budget] = field(default_factory=dict)


def read_layout(reports: Path, buckets: Iterable[str]) -> Layout:
    """The layout for a vocabulary with these buckets. Raises Problems."""
    path = reports / "layout.yaml"
    reader = Reader()
    mapping = reader.mapping(read_file(path, "reports/layout.yaml"), "The layout")
    sections: list[SectionLayout] = []
    brief: dict[str, dict[str, int]] = {}
    budgets: dict[str, Budget] = {}
    if mapping is not None:
        reader.known_keys(mapping, ("about", "brief", "documents", "sections"), "The layout")
        budgets = _budgets(mapping, reader)
        brief = _brief(mapping, tuple(buckets), reader)
        for item in reader.sequence(mapping.get("sections"), "'sections'"):
            entry = reader.mapping(item, "A section")
            if entry is None:
                continue
            reader.known_keys(entry, _KEYS, "A section")
            reader.required(entry, _KEYS, "A section")
            sections.append(
                SectionLayout(
                    reader.text(entry, "key"),
                    reader.text(entry, "title"),
                    reader.text(entry, "about"),
                    reader.texts(entry, "topics"),
                )
            )
    if reader.problems:
        raise Problems(reader.problems)
    return Layout(tuple(sections), brief, budgets)


def _budgets(layout: Entry, reader: Reader) -> dict[str, Budget]:
    """The budget of each document that has one."""
    written = layout.get("documents")
    mapping = reader.mapping(written, "'documents'") if written is not None else None
    if mapping is None:
        return {}
    reader.known_keys(mapping, PARTS, "'documents'")
    found: dict[str, Budget] = {}
    for name, parts in PARTS.items():
        what = f"'{name}' of 'documents'"
        node = mapping.get(name)
        entry = reader.mapping(node, what) if node is not None else None
        if entry is not None:
            reader.known_keys(entry, (*_BUDGET_KEYS, "notes"), what)
            reader.required(entry, _BUDGET_KEYS, what)
            limit = entry.get("words")
            words = read_one(limit, _WORDS, reader) if limit is not None else None
            most, least = (_counts(entry, key, parts, reader) for key in ("most", "least"))
            reader.required(entry, ("most",), what)
            found[name] = Budget(words if isinstance(words, int) else 0, most, least, reader.texts(entry, "notes"))
    return found


def _counts(entry: Entry, key: str, parts: tuple[str, ...], reader: Reader) -> dict[str, int]:
    written = entry.get(key)
    mapping = reader.mapping(written, f"'{key}'") if written is not None else None
    if mapping is None:
        return {}
    reader.known_keys(mapping, parts, f"'{key}'")
    if key == "most":
        reader.required(mapping, tuple(name for name in parts if name not in _LATER), f"'{key}'")
    counts = {name.text: read_one(value, _COUNT, reader) for name, value in mapping.pairs if name.text in parts}
    return {name: count for name, count in counts.items() if isinstance(count, int)}


def _brief(layout: Entry, buckets: tuple[str, ...], reader: Reader) -> dict[str, dict[str, int]]:
    names = (*buckets, OPEN)
    mapping = reader.mapping(layout.get("brief"), "'brief'")
    if mapping is None:
        return {}
    reader.known_keys(mapping, names, "'brief'")
    reader.required(mapping, names, "'brief'")
    found: dict[str, dict[str, int]] = {}
    for name in names:
        entry = reader.mapping(mapping.get(name), f"'{name}'") if mapping.get(name) is not None else None
        if entry is not None:
            reader.known_keys(entry, SIDES, f"'{name}'")
            reader.required(entry, SIDES, f"'{name}'")
            found[name] = {side: int(reader.choice(entry, side, _COUNTS) or 0) for side in SIDES}
    return found
