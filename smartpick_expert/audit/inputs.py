"""What an advice was made from, by content: the files of a workspace as texts, and a workspace made of such texts again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath

from smartpick_expert.audit.digests import plain_ends, text_digest
from smartpick_expert.audit.made_from import looks_of
from smartpick_expert.audit.record import Inputs
from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.language.values import shorten
from smartpick_expert.programs.carried import carried_files
from smartpick_expert.workspace import Workspace, load_workspace


def workspace_files(workspace: Workspace) -> dict[str, str]:
    """The texts of all files of rules, knowledge, catalogues and templates, by path; with the house style."""
    return {**workspace.files, **looks_of(workspace)}


def files_by_hash(workspace: Workspace) -> dict[str, str]:
    """The text of every file of rules, knowledge, catalogues and templates, by its hash."""
    return {text_digest(text): plain_ends(text) for text in workspace_files(workspace).values()}


def named_files(inputs: Inputs) -> dict[str, str]:
    """The hash of every file that a record was made from, by its path in the workspace."""
    return {**inputs.rules.files, **inputs.knowledge.files, **inputs.templates.files}


def is_inside(name: str) -> bool:
    """Whether a name is a plain path below a folder, in the one way in which it is written, on every system."""
    place = PurePosixPath(name)
    is_plain = place.as_posix() == name and not place.is_absolute() and name.isprintable()
    return is_plain and ".." not in place.parts and not {"\\", ":"} & set(name) and name != "."


@contextmanager
def workspace_of(files: Mapping[str, str]) -> Iterator[Workspace]:
    """A workspace of these texts, by path, in a folder that is gone afterwards. Raises Problems where it cannot be loaded."""
    with tempfile.TemporaryDirectory(prefix="smartpick-") as folder:
        root = Path(folder)
        for name, text in files.items():
            # A record or a bundle may name any path; nothing is written outside.
            if not is_inside(name):
                message = f"No file of a workspace is named '{shorten(name)}'."
                raise Problems([Diagnostic("workspace.path", message, "Do not use what names it.", Location(name))])
            place = root / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8", newline="\n")
        loaded = load_workspace(root)
        yield replace(loaded, files={**loaded.files, **carried_files(files)})
