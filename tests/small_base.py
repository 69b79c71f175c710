"""Copies of the small rule base in `tests/small`, for tests that change something in one."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

import yaml

from smartpick_expert.authoring.mutation.own_cases import OwnCases, own_cases
from smartpick_expert.workspace import load_workspace, shipped_root

SMALL: Final = Path(__file__).parent / "small"
LETTERS: Final = "rules/letters/letters.yaml"
CASES: Final = "rules/letters/letters.cases.yaml"


def small_base(folder: Path, changes: dict[str, tuple[tuple[str, str], ...]] | None = None) -> Path:
    """A copy of the base, with words of its files put in place of others: `{file: ((old, new), ...)}`."""
    place = folder / "base"
    shutil.copytree(SMALL, place)
    for name, replacements in (changes or {}).items():
        path = place / name
        text = path.read_text("utf-8") if path.exists() else ""
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new)
        path.write_text(text, "utf-8")
    return place


def small_base_with_templates(folder: Path) -> Path:
    """A copy of the base with the shipped templates, which name a bucket more than it has."""
    root = small_base(folder)
    shutil.copytree(shipped_root() / "reports", root / "reports")
    layout = root / "reports" / "layout.yaml"
    data = yaml.safe_load(layout.read_text("utf-8"))
    del data["brief"]["probably_safe"]
    layout.write_text(yaml.safe_dump(data), "utf-8")
    return root


def cases_of(root: Path) -> OwnCases:
    """The base at a folder with all its cases."""
    return own_cases(load_workspace(root))
