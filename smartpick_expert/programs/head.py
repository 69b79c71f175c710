"""The small file beside a catalogue's table: what holds for all of it.

`programs.csv` has `programs.yaml` beside it: what the catalogue is, whether its programs are invented, the source and the day for
cells that name none of their own, and fields that all its programs share (`all: {specialty: pediatrics}`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.language.literals import read_field
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Mapping as MappingNode
from smartpick_expert.language.source import Node, Scalar, parse_as, read_text
from smartpick_expert.language.values import Slot
from smartpick_expert.language.vocabulary import FactType
from smartpick_expert.programs.columns import ID, NOT_COLUMNS

SUFFIX: Final = ".yaml"
KEYS: Final = ("about", "fictional", "source", "verified", "all")


@dataclass(frozen=True, slots=True)
class Head:
    """What holds for a whole catalogue. `shared` are fields that all programs have where a cell says nothing else."""

    about: str
    is_fictional: bool = False
    source: str = ""
    verified: date | None = None
    shared: Mapping[str, Slot] = field(default_factory=dict)


def head_path(table: Path) -> Path:
    """Where the file beside a table is."""
    return table.with_suffix(SUFFIX)


def read_head_text(table: Path) -> str:
    """The text beside a table. Raises Problems where there is no readable file."""
    path = head_path(table)
    if table.is_file() and not path.is_file():
        message = f"A catalogue has a small file beside its table, and there is no {path.name}."
        hint = "Write one: 'about: Where the programs come from.', and 'verified: 2026-09-01' for the day they were looked up."
        raise Problems([Diagnostic("program.no-head", message, hint, Location(str(path)))])
    return read_text(path, str(path))


def head_from_text(text: str, table: Path, fact_type: FactType, reader: Reader) -> Head | None:
    """The head that a text beside a table holds, or None after a problem, which is noted. Raises Problems where it is no YAML."""
    path = head_path(table)
    return head_from(parse_as(text, str(path), SUFFIX), fact_type, reader)


def head_from(node: Node, fact_type: FactType, reader: Reader) -> Head | None:
    """The head that a node holds, or None after a problem, which is noted."""
    before = len(reader.problems)
    mapping = reader.mapping(node, "The file beside a catalogue")
    if mapping is None:
        return None
    reader.known_keys(mapping, KEYS, "The file beside a catalogue")
    reader.required(mapping, ("about",), "The file beside a catalogue")
    head = Head(
        about=reader.text(mapping, "about"),
        is_fictional=reader.boolean(mapping, "fictional"),
        source=reader.text(mapping, "source"),
        verified=reader.date(mapping, "verified"),
        shared=_shared(mapping.get("all"), fact_type, reader),
    )
    return head if len(reader.problems) == before else None


def _shared(node: Node | None, fact_type: FactType, reader: Reader) -> dict[str, Slot]:
    if node is None:
        return {}
    mapping = reader.mapping(node, "'all'")
    if mapping is None:
        return {}
    known = [name for name in fact_type.fields if name not in (ID, *NOT_COLUMNS)]
    reader.known_keys(mapping, known, "A program")
    return {name: slot for name, slot in _values(mapping, fact_type, reader) if slot is not None}


def _values(mapping: MappingNode, fact_type: FactType, reader: Reader) -> list[tuple[str, Slot | None]]:
    return [
        (key.text, read_field(value, fact_type.fields[key.text], reader))
        for key, value in mapping.pairs
        if key.text in fact_type.fields and not (isinstance(value, Scalar) and value.is_empty)
    ]
