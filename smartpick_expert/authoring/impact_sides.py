"""What a comparison is between: a workspace, a folder of rules, or a published version, as it is named on the command line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from smartpick_expert.audit.inputs import workspace_of
from smartpick_expert.audit.versions import (
    CONTENT,
    FOLDER,
    Version,
    content_hash,
    files_of_version,
    folder_name,
    last_version,
    no_version,
    numbers_in,
    read_version,
    texts_of,
)
from smartpick_expert.diagnostics import Diagnostic, Location, Problems, closest
from smartpick_expert.language.values import shorten
from smartpick_expert.workspace import Workspace, load_workspace, shipped_root

SHIPPED: Final = "shipped"
_VERSION = re.compile(r"(?:version[ :]?|v)?0*([1-9][0-9]{0,8})", re.IGNORECASE)


@dataclass(frozen=True)
class Named:
    """One side: what it is in words, the workspace, the hash of its content, and the version where it is a published one.

    `is_working` says that it is the workspace as it stands.
    """

    words: str
    workspace: Workspace
    content: str
    templates: Mapping[str, bytes]
    version: Version | None = None
    is_working: bool = False


def working(root: Path) -> Named:
    """The workspace as it stands. Raises Problems where it cannot be loaded."""
    loaded = load_workspace(root)
    return Named("the workspace as it stands", loaded, content_hash(loaded), _templates(root), is_working=True)


def last_published(root: Path, stack: ExitStack) -> Named:
    """The version published last; what the program ships where none was. Raises Problems."""
    last = last_version(root)
    return _version(last, stack) if last is not None else _shipped()


def named(name: str, root: Path, stack: ExitStack) -> Named:
    """The side of that name: a version's number, `shipped`, or a folder. `stack` keeps what has to be unpacked for it.

    Raises Problems where it names nothing, and where that cannot be loaded.
    """
    path = Path(name)
    number = _VERSION.fullmatch(name.strip())
    if number is not None and not path.exists():
        if int(number[1]) not in numbers_in(root):
            raise no_version(name.strip(), root)
        return _version(read_version(root, int(number[1])), stack)
    if name == SHIPPED and not path.exists():
        return _shipped()
    if not path.is_dir():
        raise _no_side(name, path, root)
    if (path / "knowledge").is_dir() or (path / "rules").is_dir():
        loaded = load_workspace(path)
        is_own = path.resolve() == root.resolve()
        return Named(f"the workspace {path}", loaded, content_hash(loaded), _templates(path), is_working=is_own)
    loaded = load_workspace(root, path)
    if not loaded.ruleset.rules:
        hint = "Name a workspace, a folder with files of rules, or the number of a published version."
        raise Problems([Diagnostic("workspace.no-rules", "There are no rules here.", hint, Location(str(path)))])
    return Named(f"the rules in {path}", loaded, content_hash(loaded), _templates(root))


def _shipped() -> Named:
    root = shipped_root()
    loaded = load_workspace(root)
    return Named("what the program ships", loaded, content_hash(loaded), _templates(root))


def _version(version: Version, stack: ExitStack) -> Named:
    files = files_of_version(version)
    place = f"{FOLDER}/{folder_name(version.number)}/{CONTENT}"
    loaded = stack.enter_context(workspace_of(texts_of(files, place)))
    templates = {name: data for name, data in files.items() if name.startswith("reports/")}
    return Named(f"version {version.number}", loaded, version.manifest.content, templates, version)


def _templates(root: Path) -> dict[str, bytes]:
    """The workspace's own templates. Those of another program version are not its author's change."""
    folder = root / "reports"
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def _no_side(name: str, path: Path, root: Path) -> Problems:
    if path.exists():
        message = "This is a file; a comparison is between folders or published versions."
    else:
        message = f"There is no folder '{shorten(name)}', and no version of that name."
    near = path.parent if path.parent.is_dir() else Path()
    folders = [one.name for one in near.iterdir() if one.is_dir()]
    several = [str(number) for number in numbers_in(root)]
    known = [*folders, *several, SHIPPED]
    versions = f"Published: {', '.join(several[-5:])}." if several else "No version was published yet."
    hint = f"{closest(path.name, known)} Name a workspace, a folder of rules, or a version's number. {versions}".strip()
    return Problems([Diagnostic("impact.side", message, hint, Location(name))])
