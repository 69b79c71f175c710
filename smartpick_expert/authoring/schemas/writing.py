"""The schemas of a workspace written into it, and what an editor needs to find them."""

from __future__ import annotations

import os
from pathlib import Path, PurePath

from smartpick_expert.authoring.schemas.files import FOLDER, SETTINGS, editor_files, first_line, name_of, schema_files
from smartpick_expert.authoring.workspaces.files import told
from smartpick_expert.workspace import Workspace, enclosing_root
from smartpick_expert.writing import write_all


def write_schemas(workspace: Workspace, folder: Path) -> tuple[str, ...]:
    """Write the schemas of a workspace into a folder; the names of those that were not there already so. Raises Problems."""
    with told(folder, "The schemas cannot be written"):
        files = {name: text.encode() for name, text in schema_files(workspace).items()}
        new = {name: data for name, data in files.items() if not _is_there(folder / name, data)}
        write_all({folder / name: data for name, data in new.items()})
    return tuple(new)


def renew_schemas(workspace: Workspace) -> tuple[str, ...]:
    """Write the schemas of a workspace anew where it has some, so that an editor knows what was added. Raises Problems."""
    folder = workspace.root / FOLDER
    return write_schemas(workspace, folder) if folder.is_dir() else ()


def write_editor_files(root: Path) -> bool:
    """Write the settings that an editor finds the schemas by; whether that was possible: nobody's are written over.

    Raises Problems.
    """
    with told(root, "The settings of the editor cannot be written"):
        files = {root / name: text.encode() for name, text in editor_files().items()}
        write_all({path: data for path, data in files.items() if not path.exists()})
        return FOLDER in (root / SETTINGS).read_text(encoding="utf-8", errors="replace")


def line_of_profile(profile: Path) -> str:
    """The first line of a new profile, by which editors find its schema; empty where no workspace around it has one."""
    root = enclosing_root(profile.parent)
    schema = root / FOLDER / name_of("profile") if root is not None else None
    if schema is None or not schema.is_file():
        return ""
    path = PurePath(os.path.relpath(schema, profile.parent.resolve())).as_posix()
    return f"{first_line(path)}\n"


def _is_there(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data
