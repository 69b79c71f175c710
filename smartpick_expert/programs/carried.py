"""Catalogues that an advice is made with, carried among the files of its workspace.

An advice is made again from the files that its record names. So the two files of a catalogue stand among those, below
`catalogues/`, under a name of their own; whoever has the files has the catalogues.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.programs.catalogue import Catalogue
from smartpick_expert.programs.gates import PROGRAM
from smartpick_expert.programs.head import SUFFIX as HEAD
from smartpick_expert.programs.reading import Texts, catalogue_from, read_texts, usable_from
from smartpick_expert.workspace import Workspace

FOLDER: Final = "catalogues/"
TABLE: Final = ".csv"
# What a file may be called on every system.
_NOT_PLAIN: Final = re.compile(r"[^A-Za-z0-9_-]+")


def carrying(workspace: Workspace, paths: Iterable[Path]) -> tuple[Workspace, Mapping[Path, int]]:
    """The workspace with these catalogues among its files, and how many findings there are in each.

    Raises Problems where one cannot be worked with.
    """
    texts: dict[str, str] = {}
    findings: dict[Path, int] = {}
    for path in {one.resolve(): one for one in paths}.values():
        found = read_texts(path)
        _, findings[path] = usable_from(found, path, workspace.vocabulary.types[PROGRAM])
        name = _name(path, texts)
        texts |= {name + TABLE: found.table, name + HEAD: found.head}
    return replace(workspace, files={**workspace.files, **texts}), findings


def carried_files(files: Mapping[str, str]) -> dict[str, str]:
    """Those of an advice's files that are of catalogues."""
    return {name: text for name, text in files.items() if name.startswith(FOLDER)}


def carried(workspace: Workspace) -> tuple[Catalogue, ...]:
    """The catalogues among a workspace's files, by name. Raises Problems where one cannot be read."""
    texts = carried_files(workspace.files)
    return tuple(_catalogue(name, texts, workspace) for name in sorted(texts) if name.endswith(TABLE))


def _catalogue(name: str, texts: Mapping[str, str], workspace: Workspace) -> Catalogue:
    head = name.removesuffix(TABLE) + HEAD
    if head not in texts:
        message, hint = "A catalogue has two files, and this one is missing.", "Take it from where both are kept."
        raise Problems([Diagnostic("program.no-head", message, hint, Location(head))])
    fact_type = workspace.vocabulary.types[PROGRAM]
    return catalogue_from(Texts(texts[name], texts[head]), Path(name), fact_type)[0]


def _name(path: Path, taken: Mapping[str, str]) -> str:
    """What a catalogue is called among the files: as its own file is, or with a number where that is taken."""
    plain = _NOT_PLAIN.sub("-", path.stem).strip("-") or "catalogue"
    before = {name.casefold() for name in taken}
    number, name = 1, f"{FOLDER}{plain}"
    while f"{name}{TABLE}".casefold() in before:
        number += 1
        name = f"{FOLDER}{plain}-{number}"
    return name
