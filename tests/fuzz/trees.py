"""YAML as trees that can be changed in any way, repeated keys included, and written out again in many styles."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from random import Random
from typing import Any

import yaml

# A tree is a Scalar, a list of trees, or a Pairs.
Tree = Any
_PLAIN = re.compile(r"[A-Za-z0-9_$][A-Za-z0-9_.$/-]*( [A-Za-z0-9_.$/-]+)*")
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Pairs(list):
    """A mapping as a list of [key, value], so that a key may stand twice and be anything."""


class Raw(str):
    """A scalar that is written as it is, whatever that makes of the file."""

    __slots__ = ()


def tree_of(text: str) -> Tree:
    """The tree of a YAML text."""
    return from_data(yaml.load(text, _LOADER))  # noqa: S506 - the base loader makes texts of everything


def from_data(data: Any) -> Tree:
    """Data as a tree; truth values and numbers as YAML writes them, None as nothing."""
    if isinstance(data, dict):
        return Pairs([str(key), from_data(value)] for key, value in data.items())
    if isinstance(data, list | tuple):
        return [from_data(item) for item in data]
    if isinstance(data, str):
        return data
    return Raw("" if data is None else json.dumps(data))


def copied(tree: Tree) -> Tree:
    """A deep copy."""
    if isinstance(tree, Pairs):
        return Pairs([key, copied(value)] for key, value in tree)
    return [copied(item) for item in tree] if isinstance(tree, list) else tree


def scalars(tree: Tree) -> Iterator[str]:
    """Every scalar, keys included."""
    if isinstance(tree, Pairs):
        for key, value in tree:
            yield from scalars(key)
            yield from scalars(value)
    elif isinstance(tree, list):
        for item in tree:
            yield from scalars(item)
    else:
        yield tree


def places(tree: Tree) -> list[tuple[list, int]]:
    """Every place at which a node hangs: a list (or a [key, value] pair) and an index into it."""
    found: list[tuple[list, int]] = []
    left = [tree]
    while left:
        node = left.pop()
        children = node if isinstance(node, list) and not isinstance(node, Pairs) else ()
        found += [(node, index) for index in range(len(children))]
        if isinstance(node, Pairs):
            found += [(pair, 1) for pair in node]
            left += [pair[1] for pair in node]
        left += [child for child in children if isinstance(child, list)]
    return found


def written(tree: Tree, chance: Random) -> str:
    """A tree as YAML: in blocks, in braces, or in blocks with braces inside, as chance has it."""
    depth = chance.choice((0, 2, 3, 4, 9))
    return _block(tree, 0, depth, chance).lstrip("\n") + "\n"


def _block(tree: Tree, indent: int, depth: int, chance: Random) -> str:
    if depth == 0 or not isinstance(tree, list) or not tree:
        return " " + _flow(tree)
    lines: list[str] = []
    for item in tree:
        if isinstance(tree, Pairs):
            lines.append(f"{' ' * indent}{_flow(item[0])}:{_block(item[1], indent + 2, depth - 1, chance)}")
        else:
            lines.append(f"{' ' * indent}-{_block(item, indent + 2, depth - 1, chance)}")
    return "\n" + "\n".join(lines)


def _flow(tree: Tree) -> str:
    if isinstance(tree, Pairs):
        return "{" + ", ".join(f"{_flow(key)}: {_flow(value)}" for key, value in tree) + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(map(_flow, tree)) + "]"
    if isinstance(tree, Raw) or _PLAIN.fullmatch(tree):
        return str(tree)
    return json.dumps(tree, ensure_ascii=False)
