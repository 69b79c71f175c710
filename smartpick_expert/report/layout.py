"""The order and headings of the advice, read from `reports/layout.yaml`: words stay with the templates."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from smartpick_expert.diagnostics import Problems
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import read_file

_KEYS = ("key", "title", "about", "topics")


@dataclass(frozen=True, slots=True)
class SectionLayout:
    """One section: its heading, a sentence on what it is about, and the topics whose statements it holds."""

    key: str
    title: str
    about: str
    topics: tuple[str, ...]


def read_layout(reports: Path) -> tuple[SectionLayout, ...]:
    """The sections in order. Raises Problems."""
    path = reports / "layout.yaml"
    reader = Reader()
    mapping = reader.mapping(read_file(path, "reports/layout.yaml"), "The layout")
    sections: list[SectionLayout] = []
    if mapping is not None:
        reader.known_keys(mapping, ("about", "sections"), "The layout")
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
    return tuple(sections)
