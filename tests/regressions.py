"""The seeds of past failures: kept in files, tried first by the ordinary run, added to by the long one."""

from __future__ import annotations

from pathlib import Path
from typing import Final

KEPT: Final = Path(__file__).parent / "kept"
AGREEMENT: Final = KEPT / "agreement.txt"
MONOTONE: Final = KEPT / "monotone.txt"


def kept_seeds(path: Path) -> list[int]:
    """The seeds of a file, in its order; what follows a seed on its line is for people."""
    lines = (line.split("#")[0].split() for line in path.read_text("utf-8").splitlines())
    return [int(words[0]) for words in lines if words]


def keep_seed(path: Path, seed: int, what: str):
    """Add a seed with what it showed, unless it is there."""
    if seed not in kept_seeds(path):
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{seed}  # {' '.join(what.split())[:200]}\n")
