"""Actions: what an applicant can do, in words; rules say to whom it is advised and when."""

from __future__ import annotations

from dataclasses import dataclass

from smartpick_expert.diagnostics import Location
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Mapping, Node
from smartpick_expert.language.values import shorten

_KEYS = ("name", "title", "do", "done_when", "stages", "gate")


@dataclass(frozen=True, slots=True)
class Action:
    """One action. `do` says what to do, `done_when` how one can tell, `stages` when it can still be done.

    `gate`: an official requirement stands behind it, so that without it the others are in vain.
    """

    name: str
    title: str
    do: str
    done_when: str
    stages: tuple[str, ...]
    gate: bool
    location: Location


def read_actions(node: Node, reader: Reader) -> list[Action]:
    """The actions of one file; problems are noted in `reader`."""
    actions: list[Action] = []
    mapping = reader.mapping(node, "An action file")
    if mapping is None:
        return actions
    reader.known_keys(mapping, ("about", "actions"), "An action file")
    for item in reader.sequence(mapping.get("actions"), "'actions'"):
        entry = reader.mapping(item, "An action")
        if entry is not None:
            actions.append(_action(entry, reader))
    return actions


def _action(entry: Mapping, reader: Reader) -> Action:
    name = reader.text(entry, "name")
    what = f"Action '{shorten(name)}'" if name else "An action"
    reader.known_keys(entry, _KEYS, what)
    reader.required(entry, ("name", "title", "do", "done_when", "stages"), what)
    return Action(
        name=name,
        title=reader.text(entry, "title"),
        do=" ".join(reader.text(entry, "do").split()),
        done_when=" ".join(reader.text(entry, "done_when").split()),
        stages=reader.texts(entry, "stages"),
        gate=reader.boolean(entry, "gate"),
        location=entry.location,
    )
