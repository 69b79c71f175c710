"""What is drawn, as data: nodes in columns from left to right, and what goes from one to another."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Sort(StrEnum):
    """What a node stands for. A given fact comes from the profile or the knowledge, a concluded one from rules."""

    GIVEN = "given"
    CONCLUDED = "concluded"
    PERCEPTION = "perception"
    MEASURED = "measured"
    TOPIC = "topic"


@dataclass(frozen=True, slots=True)
class Node:
    """A box: its key, its name and a line on it. `column` is its place from left to right; the one asked about is `main`."""

    key: str
    name: str
    about: str
    sort: Sort
    column: int
    is_main: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow from what supplies to what reads. Settled ones stand in a not, an any or a tally of the reader.

    `weight` is how many pairs of rules it stands for.
    """

    start: str
    end: str
    is_settled: bool = False
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Diagram:
    """A drawing of `what`; `about` says in a sentence what is in it and what is not."""

    what: str
    about: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def in_words(self) -> tuple[str, ...]:
        """What the drawing shows, a sentence for each node that something comes from."""
        names = {node.key: node.name for node in self.nodes}
        sentences = []
        for node in self.nodes:
            ends = [names[edge.end] for edge in self.edges if edge.start == node.key]
            if ends:
                sentences.append(f"{node.name} feeds {', '.join(ends)}.")
        return tuple(sentences)
