"""What an advice was made from, by content: the files of a workspace as texts, and a workspace made of such texts again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from smartpick_expert.audit.digests import digest
from smartpick_expert.audit.record import Inputs, template_files
from smartpick_expert.workspace import Workspace, load_workspace


def workspace_files(workspace: Workspace) -> dict[str, str]:
    """The texts of all files of rules, knowledge and templates, by path."""
    return {**workspace.files, **template_files(workspace)}


def files_by_hash(workspace: Workspace) -> dict[str, str]:
    """The text of every file of rules, knowledge and templates, by its hash."""
    return {digest(text): text for text in workspace_files(workspace).values()}


def named_files(inputs: Inputs) -> dict[str, str]:
    """The hash of every file that a record was made from, by its path in the workspace."""
    return {**inputs.rules.files, **inputs.knowledge.files, **inputs.templates.files}


@contextmanager
def workspace_of(files: Mapping[str, str]) -> Iterator[Workspace]:
    """A workspace of these texts, by path, in a folder that is gone afterwards. Raises Problems where it cannot be loaded."""
    with tempfile.TemporaryDirectory(prefix="smartpick-") as folder:
        root = Path(folder)
        for name, text in files.items():
            place = root / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8", newline="\n")
        yield load_workspace(root)
