"""The order and headings of the advice, read from `reports/layout.yaml`: words stay with the templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from smartpick_expert.diagnostics import Problems
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Mapping as Entry
from smartpick_expert.language.source import read_file

_KEYS = ("key", "title", "about", "topics")
SIDES = ("for", "against")
_COUNTS = ("0", "1", "2", "3", "4", "5")
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
class Layout:
    """The sections in order, and how many reasons of each side the first page shows, by bucket (`OPEN` for none)."""

    sections: tuple[SectionLayout, ...]
    brief: Mapping[str, Mapping[str, int]]


def read_layout(reports: Path, buckets: Iterable[str]) -> Layout:
    """The layout for a vocabulary with these buckets. Raises Problems."""
    path = reports / "layout.yaml"
    reader = Reader()
    mapping = reader.mapping(read_file(path, "reports/layout.yaml"), "The layout")
    sections: list[SectionLayout] = []
    brief: dict[str, dict[str, int]] = {}
    if mapping is not None:
        reader.known_keys(mapping, ("about", "brief", "sections"), "The layout")
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
    return Layout(tuple(sections), brief)


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
