"""Programs: the typical ones, which stand for a setting where no single program is meant, and those that a profile may name.

What a program does not state is left out, and so unknown.
"""

from __future__ import annotations

from dataclasses import dataclass

from smartpick_expert.diagnostics import Location
from smartpick_expert.language.facts import Fact, listed
from smartpick_expert.language.literals import read_field
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Mapping, Node, Scalar
from smartpick_expert.language.values import Slot
from smartpick_expert.language.vocabulary import FactType, Vocabulary

PROGRAM = "program"


@dataclass(frozen=True, slots=True)
class Program:
    """A program: its fact, and the sentence that says what its figures rest on."""

    fact: Fact
    assumption: str
    location: Location

    @property
    def label(self) -> str:
        """The label by which rules and records name it."""
        return str(self.fact.get("id"))

    @property
    def name(self) -> str:
        """What it is called; empty where that is not known."""
        name = self.fact.get("name")
        return name if isinstance(name, str) else ""


def read_programs(nodes: list[Node], vocabulary: Vocabulary, reader: Reader) -> list[Program]:
    """The programs of all files; problems are noted in `reader`."""
    found: list[Program] = []
    fact_type = vocabulary.types.get(PROGRAM)
    for node in nodes:
        mapping = reader.mapping(node, "A program file")
        if mapping is None or fact_type is None:
            continue
        reader.known_keys(mapping, ("about", "programs"), "A program file")
        for item in reader.sequence(mapping.get("programs"), "'programs'"):
            entry = reader.mapping(item, "A program")
            if entry is not None:
                found.append(_program(entry, fact_type, len(found), reader))
    return found


def _program(entry: Mapping, fact_type: FactType, position: int, reader: Reader) -> Program:
    reader.known_keys(entry, ("assumption", *fact_type.fields), "A program")
    reader.required(entry, ("assumption", "id", "name"), "A program")
    values: dict[str, Slot] = {}
    for key, node in entry.pairs:
        field = fact_type.fields.get(key.text)
        if field is None or (isinstance(node, Scalar) and node.is_empty):
            continue
        slot = read_field(node, field, reader)
        if slot is not None:
            values[key.text] = slot
    assumption = " ".join(reader.text(entry, "assumption").split())
    return Program(listed(fact_type, values, position), assumption, entry.location)
