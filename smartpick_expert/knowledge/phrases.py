"""Phrases: the words of what the program itself puts together for a document, as `knowledge/wording/phrases.yaml` has them.

Rules, knowledge and templates hold nearly all that a document says. What is left is made of values: a day, a stretch of numbers, the
source of a figure. Each such phrase has a name here, and a text with `{placeholders}`; a translation changes the texts and no program.

Words are asked for all over the program, far from any workspace, so the table that is spoken by is set around the making of a document
(`speaking`). Where none is set, and for what a workspace leaves out, it is the shipped one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from string import Formatter
from typing import Final

from smartpick_expert import shipped
from smartpick_expert.diagnostics import Problems
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Mapping as MappingNode
from smartpick_expert.language.source import Node, read_file
from smartpick_expert.language.values import shorten

FILE: Final = "knowledge/wording/phrases.yaml"
TABLES: Final = ("language", "months", "short_months", "units", "names", "phrases")
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Phrases:
    """The tables of one language: its tag (`en`), the months, a unit for one and for several, names of things by id, and the phrases."""

    language: str
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    units: Mapping[str, tuple[str, str]]
    names: Mapping[str, str]
    phrases: Mapping[str, str]


_spoken: ContextVar[Phrases | None] = ContextVar("phrases", default=None)


@contextmanager
def speaking(phrases: Phrases) -> Iterator[None]:
    """What is worded inside is worded by these."""
    before = _spoken.set(phrases)
    try:
        yield
    finally:
        _spoken.reset(before)


def spoken() -> Phrases:
    """The phrases that are spoken by now."""
    return _spoken.get() or shipped_phrases()


def said(phrase: str, /, **values: object) -> str:
    """A phrase by its name, with its values filled in."""
    text = spoken().phrases[phrase]
    return text.format(**values) if values else text


def named(name: str) -> str:
    """What something that a program knows by its id is called; the id's own words where the table has none."""
    return spoken().names.get(name) or name.replace("_", " ")


def language() -> str:
    """The tag of the language that is spoken, as HTML has it."""
    return spoken().language


def day_text(day: date) -> str:
    """`10 September 2026`."""
    return said("day", day=day.day, month=spoken().months[day.month - 1], year=day.year)


def short_day_text(day: date) -> str:
    """`10 Sep 2026`."""
    return said("short_day", day=day.day, month=short_month(day), year=day.year)


def short_month(day: date) -> str:
    """`Sep`."""
    return spoken().short_months[day.month - 1]


def unit_text(unit: str, *, is_one: bool) -> str:
    """A unit beside a number; one that the table does not have is as it is written, for one without an s at its end."""
    one, several = spoken().units.get(unit, (unit.removesuffix("s"), unit))
    return one if is_one else several


@lru_cache(maxsize=1)
def shipped_phrases() -> Phrases:
    """The phrases that the package ships. Raises Problems where somebody broke them."""
    reader = Reader()
    node = read_file(shipped.root() / FILE, FILE)
    found = _tables(Phrases("", (), (), {}, {}, {}), [node], reader, None)
    if reader.problems:
        raise Problems(reader.problems)
    return found


def read_phrases(nodes: Iterable[Node], reader: Reader) -> Phrases:
    """The phrases in the files of a workspace, over the shipped ones; problems are noted in `reader`."""
    known = shipped_phrases()
    return _tables(known, nodes, reader, known)


def _tables(found: Phrases, nodes: Iterable[Node], reader: Reader, known: Phrases | None) -> Phrases:
    for node in nodes:
        # Whether the file is a mapping with known keys is looked at where its other tables are read.
        if not isinstance(node, MappingNode):
            continue
        found = replace(
            found,
            language=reader.text(node, "language") or found.language,
            months=_months(node, "months", reader) or found.months,
            short_months=_months(node, "short_months", reader) or found.short_months,
            units={**found.units, **_units(node, reader)},
            names={**found.names, **dict(_texts(node, "names", reader))},
            phrases={**found.phrases, **dict(_phrases(node, reader, known))},
        )
    return found


def _months(node: MappingNode, key: str, reader: Reader) -> tuple[str, ...]:
    names = reader.texts(node, key)
    place = node.get(key)
    if place is not None and len(names) != _MONTHS:
        reader.problem(place.location, "knowledge.phrase", f"'{key}' names {len(names)} months.", "Name all twelve.")
        return ()
    return names


def _texts(node: MappingNode, key: str, reader: Reader) -> Iterator[tuple[str, str]]:
    table = node.get(key)
    mapping = reader.mapping(table, f"'{key}'") if table is not None else None
    for name, value in mapping.pairs if mapping is not None else ():
        yield name.text, reader.scalar_text(value, f"'{name.text}'")


def _units(node: MappingNode, reader: Reader) -> Mapping[str, tuple[str, str]]:
    table = node.get("units")
    mapping = reader.mapping(table, "'units'") if table is not None else None
    found: dict[str, tuple[str, str]] = {}
    for name, value in mapping.pairs if mapping is not None else ():
        words = reader.mapping(value, f"The unit '{name.text}'")
        if words is not None:
            reader.known_keys(words, ("one", "several"), f"The unit '{name.text}'")
            reader.required(words, ("one", "several"), f"The unit '{name.text}'")
            found[name.text] = (reader.text(words, "one"), reader.text(words, "several"))
    return found


def _phrases(node: MappingNode, reader: Reader, known: Phrases | None) -> Iterator[tuple[str, str]]:
    """The phrases of a file. Against the shipped ones none may be of another name, or have a placeholder that is not filled in."""
    table = node.get("phrases")
    for name, text in _texts(node, "phrases", reader):
        if known is None:
            yield name, text
            continue
        place = table.location if table is not None else node.location
        if isinstance(table, MappingNode):
            place = next((value.location for key, value in table.pairs if key.text == name), place)
        if name not in known.phrases:
            hint = reader.nearest(name, known.phrases) or "Delete it, or correct its name."
            reader.problem(place, "knowledge.phrase", f"There is no phrase '{shorten(name)}'.", hint)
            continue
        takes = placeholders(known.phrases[name]) or set()
        holds = placeholders(text)
        strange = sorted(holds - takes) if holds is not None else []
        if holds is None or strange:
            wrong = (
                f"holds '{{{shorten(strange[0])}}}', which is not filled in"
                if strange
                else "has a brace too many or too few"
            )
            may = f"It may hold {', '.join(f'{{{one}}}' for one in sorted(takes))}." if takes else "It holds none."
            reader.problem(place, "knowledge.phrase", f"The phrase '{name}' {wrong}.", may)
            continue
        yield name, text


def placeholders(text: str) -> set[str] | None:
    """The names in braces of a text; None where its braces do not match, or hold more than a name."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return None
    if any(form or conversion for _, _, form, conversion in parts):
        return None
    return {name for _, name, _, _ in parts if name is not None}
