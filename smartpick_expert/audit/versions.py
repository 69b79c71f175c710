"""Published versions of a workspace, as they lie in `versions/NNN/` of its folder: a manifest, and a zip of every file.

Read here, and believed only as far as the hashes go: a manifest names the hash of each file and of the manifest before
it. What writes them is `authoring/publishing`. Nothing below `versions/` is ever read as a rule.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from smartpick_expert.audit.bundle import MAX_BYTES, UNREADABLE
from smartpick_expert.audit.digests import combined, digest, digests
from smartpick_expert.audit.inputs import is_inside
from smartpick_expert.audit.made_from import template_files
from smartpick_expert.diagnostics import Diagnostic, Location, Problems, closest
from smartpick_expert.language.values import shorten
from smartpick_expert.programs.carried import carried_files
from smartpick_expert.report.published import Published
from smartpick_expert.workspace import NOTES, Workspace

FORMAT: Final = "smartpick-version/1"
FOLDER: Final = "versions"
MANIFEST: Final = "manifest.json"
CONTENT: Final = "content.zip"
# The folders of a workspace that a version holds.
KEPT: Final = ("rules", "knowledge", "reports")
# Versions are numbered from 1 and written with this many digits at the least, so that they sort.
DIGITS: Final = 3


@dataclass(frozen=True, slots=True)
class Things:
    """What differs between two workspaces of one kind of thing, by name. `renamed` are pairs: the name then, and now."""

    kind: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class MovedValue:
    """A parameter that reads otherwise, from a day or for a season (`when`). Empty: it had, or has, no value then."""

    name: str
    when: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs between two workspaces: kind by kind, and the values of parameters that moved."""

    things: tuple[Things, ...] = ()
    values: tuple[MovedValue, ...] = ()

    def of(self, kind: str) -> Things:
        """What differs of one kind."""
        return next((one for one in self.things if one.kind == kind), Things(kind))

    @property
    def is_nothing(self) -> bool:
        """Whether nothing differs."""
        return not (self.things or self.values)


@dataclass(frozen=True, slots=True)
class Receipt:
    """That an impact was looked at: between which contents, over how many people, how many moved, and the report's hash.

    `as_of` is the day that the advices spoke of; empty in receipts that do not say.
    """

    old: str
    new: str
    people: int
    moved: int
    report_sha256: str
    at: str
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is said of a version.

    `previous` is the hash of the manifest before; empty for the first. `content` is the hash of what an advice can be made
    from (`content_hash`), `files` that of every file. `impact` is None where there was nothing to compare.
    """

    format: str
    number: int
    by: str
    reason: str
    at: str
    program: str
    previous: str
    content: str
    files: dict[str, str]
    changes: Changes
    cases: int
    warnings: int
    impact: Receipt | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A version that was published. `sha256` is the hash of its manifest, by which records name it."""

    manifest: Manifest
    sha256: str
    folder: Path = field(compare=False)

    @property
    def number(self) -> int:
        """Its number."""
        return self.manifest.number


def folder_name(number: int) -> str:
    """The name of a version's folder."""
    return f"{number:0{DIGITS}}"


def content_hash(workspace: Workspace) -> str:
    """One hash for all that an advice of this workspace is made from and that is published: no cases, personas, catalogues or notes."""
    own = template_files(workspace) if workspace.reports.is_relative_to(workspace.root) else {}
    others = {NOTES, *carried_files(workspace.files)}
    files = {name: text for name, text in workspace.files.items() if name not in others}
    return combined(digests({**files, **own}))


def numbers_in(root: Path) -> tuple[int, ...]:
    """The numbers of the versions in a workspace's folder, in order, whether or not they can be read."""
    folder = root / FOLDER
    if not folder.is_dir():
        return ()
    return tuple(sorted(int(one.name) for one in folder.iterdir() if one.is_dir() and _is_number(one.name)))


def _is_number(name: str) -> bool:
    return (
        name.isascii() and name.isdigit() and len(name) >= DIGITS and name == folder_name(int(name)) and int(name) > 0
    )


def read_version(root: Path, number: int) -> Version:
    """A version by its number. Raises Problems where there is none, or its manifest cannot be believed."""
    folder = root / FOLDER / folder_name(number)
    place = f"{FOLDER}/{folder_name(number)}/{MANIFEST}"
    if not folder.is_dir():
        raise no_version(str(number), root)
    try:
        data = (folder / MANIFEST).read_bytes()
        manifest = msgspec.convert(json.loads(data), Manifest)
    except OSError as error:
        raise _damaged(place, f"Its manifest cannot be read: {error.strerror or error}.") from None
    except (ValueError, RecursionError) as error:
        raise _damaged(place, f"Its manifest is damaged: {shorten(str(error), 100)}.") from None
    if manifest.format != FORMAT:
        message = f"Version {number} is of format '{shorten(manifest.format)}'; this program reads '{FORMAT}'."
        hint = "Use the version of the program that published it."
        raise Problems([Diagnostic("version.format", message, hint, Location(place))])
    if manifest.number != number:
        raise _damaged(place, f"Its manifest is that of version {manifest.number}.")
    return Version(manifest, digest(data), folder)


def no_version(name: str, root: Path) -> Problems:
    """What to say where there is no version of that name."""
    known = [str(number) for number in numbers_in(root)]
    if not known:
        hint = "None was published yet; 'smartpick rules publish' makes the first."
    else:
        several = f"There are {known[0]} to {known[-1]}" if len(known) > 1 else f"There is only {known[0]}"
        hint = f"{closest(name, known)} {several}; 'smartpick rules versions' lists them.".strip()
    message = f"There is no version '{shorten(name)}' of this workspace."
    return Problems([Diagnostic("version.none", message, hint, Location(f"{FOLDER}/"))])


def last_version(root: Path) -> Version | None:
    """The version that was published last; None where none was. Raises Problems where its manifest cannot be believed."""
    numbers = numbers_in(root)
    return read_version(root, numbers[-1]) if numbers else None


def files_of_version(version: Version) -> dict[str, bytes]:
    """Every file of a version, by its path in the workspace. Raises Problems where one is not what was published."""
    place = f"{FOLDER}/{folder_name(version.number)}/{CONTENT}"
    try:
        with zipfile.ZipFile(version.folder / CONTENT) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_BYTES:
                raise _damaged(place, "It holds more than any workspace does.")
            found = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    except UNREADABLE as error:
        raise _damaged(place, f"Its files cannot be read: {shorten(str(error), 80)}.") from None
    named, present = version.manifest.files, digests(found)
    wrong = sorted(name for name in {**named, **present} if named.get(name) != present.get(name))
    if wrong:
        raise _damaged(place, f"Its '{shorten(wrong[0])}' is not what was published, going by the manifest's hash.")
    outside = [name for name in found if not is_inside(name) or name.partition("/")[0] not in KEPT]
    if outside:
        raise _damaged(place, f"It names '{shorten(outside[0])}', which is no file of a workspace.")
    return found


def faults(root: Path) -> dict[int, str]:
    """What is wrong with each version that is not as it was published, by number: its own hashes, and those of the next."""
    found: dict[int, str] = {}
    before: Version | None = None
    for number in numbers_in(root):
        try:
            version = read_version(root, number)
            files_of_version(version)
        except Problems as problems:
            found[number], before = problems.diagnostics[0].message, None
            continue
        earlier = before.number if before is not None else 0
        if before is not None and version.manifest.previous != before.sha256:
            found[earlier] = f"Version {earlier} is damaged: its manifest is not the one that version {number} follows."
        before = version
    return found


def published(workspace: Workspace) -> Published | None:
    """Which published version a workspace stands at, for a record; None where none was published.

    A version whose manifest cannot be read is left to `smartpick rules versions` to tell: nobody should go without advice
    for it. Then, too, it is None.
    """
    try:
        last = last_version(workspace.root)
        if last is None:
            return None
        content = content_hash(workspace)
        if last.manifest.content == content:
            return Published(last.number, last.sha256, changed=False)
        # A version that was restored is that version, whatever was published since.
        earlier = (read_version(workspace.root, number) for number in reversed(numbers_in(workspace.root)[:-1]))
        same = next((one for one in earlier if one.manifest.content == content), None)
    except Problems:
        return None
    return (
        Published(same.number, same.sha256, changed=False)
        if same
        else Published(last.number, last.sha256, changed=True)
    )


def texts_of(files: Mapping[str, bytes], place: str) -> dict[str, str]:
    """Files as texts, those left out that are none and that no workspace reads. Raises Problems for one that it would read."""
    found: dict[str, str] = {}
    for name, data in files.items():
        try:
            found[name] = data.decode("utf-8")
        except UnicodeDecodeError:
            if name.endswith(".yaml"):
                raise _damaged(place, f"Its '{shorten(name)}' is no text.") from None
    return found


def _damaged(place: str, message: str) -> Problems:
    number = place.split("/")[1]
    hint = "Take its folder from a backup; the other versions, and the working files, are not touched by this."
    return Problems(
        [Diagnostic("version.damaged", f"Version {int(number)} is damaged: {message}", hint, Location(place))]
    )
