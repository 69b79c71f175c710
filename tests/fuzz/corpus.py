"""What mutations start from: the shipped rule files, personas, knowledge and cases, whole or cut down to a few entries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from tests.fuzz.trees import Tree, scalars, tree_of

ROOT: Final = Path(__file__).parent.parent.parent
# The folders of a workspace in which the files of each sort stand.
FOLDERS: Final = {
    "rules": "rules",
    "profiles": "knowledge/personas",
    "vocabulary": "knowledge/vocabulary",
    "parameters": "knowledge/parameters",
    "claims": "knowledge/claims",
    "evidence": "knowledge/evidence",
    "actions": "knowledge/actions",
    "programs": "knowledge/programs",
    "layout": "reports",
    "cases": "rules",
}
# Sorts of files by the kind of input that they are.
KINDS: Final = {
    "rules": ("rules",),
    "profiles": ("profiles",),
    "knowledge": tuple(sort for sort in FOLDERS if sort not in ("rules", "profiles")),
}
_ENTRY = re.compile(r"(?m)^  - ")


@dataclass(frozen=True)
class Source:
    """A shipped file: where it stands in a workspace, its text, and the texts of its entries (with the head before them)."""

    path: str
    text: str

    @property
    def entries(self) -> tuple[str, ...]:
        """The head of the file, then each entry of its one list; the head alone where there is none."""
        starts = [match.start() for match in _ENTRY.finditer(self.text)]
        ends = [*starts[1:], len(self.text)]
        return (
            self.text[: starts[0]] if starts else self.text,
            *(self.text[s:e] for s, e in zip(starts, ends, strict=True)),
        )


@cache
def sources(sort: str) -> tuple[Source, ...]:
    """The shipped files of a sort, in order."""
    # What the drawings name lies in the same folder as the layout, and is read by something else.
    found = sorted(path for path in (ROOT / FOLDERS[sort]).rglob("*.yaml") if path.name != "drawings.yaml")
    cases = [path for path in found if path.name.endswith(".cases.yaml")]
    chosen = cases if sort == "cases" else [path for path in found if path not in cases]
    return tuple(Source(path.relative_to(ROOT).as_posix(), path.read_text("utf-8")) for path in chosen)


@cache
def trees(sort: str) -> tuple[Tree, ...]:
    """The same as trees."""
    return tuple(tree_of(source.text) for source in sources(sort))


@cache
def words(sort: str) -> tuple[str, ...]:
    """Every key and short value in the files of a sort, each once."""
    return tuple(sorted({word for tree in trees(sort) for word in scalars(tree) if len(word) <= 40}))
