"""Where everything of a diagram is drawn: columns side by side, boxes in an order that keeps arrows short.

An arrow over several columns gets a free place in each of those between, so that it passes beside the boxes and not below
them. One that goes back is led the same way, with its tip on the left.
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from math import log2
from typing import Final

from smartpick_expert.authoring.graph.diagram import Diagram, Edge, Node

WIDTH: Final = 220
_GAP_X: Final = 84
_GAP_Y: Final = 16
_MARGIN: Final = 28
_HEAD: Final = 92
_NAME: Final = 17
_LINE: Final = 15
_PADDING: Final = 10
_LETTERS: Final = 35
_SWEEPS: Final = 12
_NARROWEST: Final = 720


@dataclass(frozen=True, slots=True)
class Box:
    """A node with its place; lines of its text are written at `x + padding`, each at its own height."""

    node: Node
    x: float
    y: float
    height: float
    lines: tuple[tuple[float, str], ...]
    name_y: float


@dataclass(frozen=True, slots=True)
class Arrow:
    """An edge with the curve it is drawn as, from left to right; `goes_back` where its tip is at the left."""

    edge: Edge
    curve: str
    width: float
    goes_back: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """A diagram ready to be drawn."""

    diagram: Diagram
    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    box_width: int = WIDTH
    padding: int = _PADDING


# What takes room in a column: the key of a node, or an edge (by its number) that passes.
_Slot = str | int


def placed(diagram: Diagram) -> Placed:
    """Place a diagram. The same diagram is always placed the same way."""
    nodes = {node.key: node for node in diagram.nodes}
    numbers = {column: number for number, column in enumerate(sorted({node.column for node in diagram.nodes}))}
    at = {node.key: numbers[node.column] for node in diagram.nodes}
    columns = _ordered(diagram, at, len(numbers))
    totals = [sum(_room(slot, nodes) + _GAP_Y for slot in column) - _GAP_Y for column in columns]
    tallest = max(totals, default=0)
    tops: dict[tuple[int, _Slot], float] = {}
    for number, (column, total) in enumerate(zip(columns, totals, strict=True)):
        y = _HEAD + (tallest - total) / 2
        for slot in column:
            tops[number, slot] = y
            y += _room(slot, nodes) + _GAP_Y
    boxes = tuple(_box(node, _left(at[key]), tops[at[key], key]) for key, node in nodes.items())
    heights = {box.node.key: box.y + box.height / 2 for box in boxes}
    arrows = tuple(_arrow(number, edge, at, heights, tops) for number, edge in enumerate(diagram.edges))
    width = 2 * _MARGIN + len(columns) * (WIDTH + _GAP_X) - _GAP_X
    return Placed(diagram, max(width, _NARROWEST), _HEAD + tallest + _MARGIN, boxes, arrows)


def _left(column: int) -> float:
    return _MARGIN + column * (WIDTH + _GAP_X)


def _ordered(diagram: Diagram, at: dict[str, int], size: int) -> list[list[_Slot]]:
    """What stands in each column, ordered by the middle of what it is tied to in the columns beside."""
    columns: list[list[_Slot]] = [[] for _ in range(size)]
    for node in sorted(diagram.nodes, key=lambda node: node.name):
        columns[at[node.key]].append(node.key)
    tied: dict[tuple[int, _Slot], list[tuple[int, _Slot]]] = defaultdict(list)
    for number, edge in enumerate(diagram.edges):
        first, last = sorted((edge.start, edge.end), key=lambda key: at[key])
        between: list[tuple[int, _Slot]] = [(column, number) for column in range(at[first] + 1, at[last])]
        for column, slot in between:
            columns[column].append(slot)
        chain: list[tuple[int, _Slot]] = [(at[first], first), *between, (at[last], last)]
        for one, other in pairwise(chain):
            tied[one].append(other)
            tied[other].append(one)
    order = list(range(size))
    for sweep in range(_SWEEPS):
        for number in order if sweep % 2 == 0 else reversed(order):
            places = {(c, slot): (i + 0.5) / len(one) for c, one in enumerate(columns) for i, slot in enumerate(one)}
            middle = {
                slot: _middle([places[other] for other in tied[number, slot]], places[number, slot])
                for slot in columns[number]
            }
            columns[number].sort(key=middle.__getitem__)
    return columns


def _middle(places: list[float], own: float) -> float:
    return sum(places) / len(places) if places else own


def _texts(node: Node) -> list[str]:
    return textwrap.wrap(node.about, _LETTERS, max_lines=3, placeholder=" …")


def _room(slot: _Slot, nodes: dict[str, Node]) -> float:
    """The height that something takes; an arrow that passes takes next to none."""
    if isinstance(slot, int):
        return 0
    return 2 * _PADDING + _NAME + _LINE * len(_texts(nodes[slot]))


def _box(node: Node, x: float, y: float) -> Box:
    name_y = y + _PADDING + _NAME - 5
    lines = tuple((name_y + _LINE * number + 1, text) for number, text in enumerate(_texts(node), start=1))
    return Box(node, x, y, _room(node.key, {node.key: node}), lines, name_y)


def _arrow(
    number: int, edge: Edge, at: dict[str, int], heights: dict[str, float], tops: dict[tuple[int, _Slot], float]
) -> Arrow:
    goes_back = at[edge.end] < at[edge.start]
    first, last = (edge.end, edge.start) if goes_back else (edge.start, edge.end)
    width = 1.2 + log2(edge.weight) / 2
    x, y = _left(at[first]) + WIDTH, heights[first]
    curve = f"M{x:.0f},{y:.1f}"
    if at[first] == at[last]:
        # Within a column the arrow goes around on the right.
        far, end = x + _GAP_X / 2, heights[last]
        return Arrow(edge, f"{curve} C{far:.0f},{y:.1f} {far:.0f},{end:.1f} {x:.0f},{end:.1f}", width, goes_back)
    for column in range(at[first] + 1, at[last] + 1):
        to = heights[last] if column == at[last] else tops[column, number]
        half, left = x + _GAP_X / 2, x + _GAP_X
        curve += f" C{half:.0f},{y:.1f} {half:.0f},{to:.1f} {left:.0f},{to:.1f}"
        x, y = left + WIDTH, to
        if column != at[last]:
            curve += f" L{x:.0f},{y:.1f}"
    return Arrow(edge, curve, width, goes_back)
