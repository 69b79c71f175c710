"""A bundle: one advice with everything it was made from and everything that was written, in one zip that can be replayed offline.

It holds `record.json`, `profile.yaml` (or `.json`), `workspace/` (rules, knowledge, templates), `documents/` and `manifest.json`
with the hash of each. Equal contents make equal bytes. Nothing is unpacked to a path that a bundle names.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from smartpick_expert.audit.digests import digest
from smartpick_expert.audit.inputs import named_files
from smartpick_expert.audit.reading import record_from_bytes
from smartpick_expert.audit.record import Record, record_text
from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.language.values import shorten

FORMAT = "smartpick-bundle/1"
MANIFEST, RECORD, DOCUMENTS, WORKSPACE = "manifest.json", "record.json", "documents/", "workspace/"
# What a whole rule base and an advice take is a few megabytes; a small zip may hold far more.
MAX_BYTES = 200 * 2**20
MAX_FILES = 5_000
# Every file in a bundle bears this day: a zip has to name one.
_DAY = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Bundle:
    """What a bundle holds: the record, the workspace's files and the documents by name."""

    record: Record
    workspace: Mapping[str, str]
    documents: Mapping[str, str]


def write_bundle(path: Path, bundle: Bundle) -> None:
    """Write a bundle: whole, or not at all. Raises Problems."""
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(part, bundle)
        part.replace(path)
    except OSError as error:
        message = f"The bundle cannot be written: {error.strerror or error}."
        raise Problems([Diagnostic("bundle.unwritable", message, "Name another file.", Location(str(path)))]) from None
    finally:
        part.unlink(missing_ok=True)


def _write(path: Path, bundle: Bundle) -> None:
    files = {RECORD: record_text(bundle.record)}
    files |= {WORKSPACE + name: text for name, text in bundle.workspace.items()}
    files |= {DOCUMENTS + name: text for name, text in bundle.documents.items()}
    profile = bundle.record.body.inputs.profile
    files[f"profile{profile.form}"] = profile.text
    listed = {name: digest(text) for name, text in sorted(files.items())}
    manifest = json.dumps({"format": FORMAT, "files": listed}, indent=1, sort_keys=True) + "\n"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in [(MANIFEST, manifest), *sorted(files.items())]:
            entry = zipfile.ZipInfo(name, _DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, text.encode("utf-8"))


def is_bundle(path: Path) -> bool:
    """Whether a file is a zip."""
    try:
        return path.is_file() and path.read_bytes()[:4] == b"PK\x03\x04"
    except OSError:
        return False


def read_bundle(path: Path) -> Bundle:
    """Read a bundle. Raises Problems for one that is damaged, too large, of another version, or names a path outside itself."""
    try:
        with zipfile.ZipFile(path) as archive:
            files = _files(archive, path)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise _problem(path, f"The bundle cannot be read: {shorten(str(error), 80)}.") from None
    _check_manifest(files, path)
    if RECORD not in files:
        raise _problem(path, "The bundle holds no record.")
    record = record_from_bytes(files[RECORD].encode("utf-8"), Path(f"{path} ({RECORD})"))
    workspace = {name.removeprefix(WORKSPACE): text for name, text in files.items() if name.startswith(WORKSPACE)}
    for name, found in named_files(record.body.inputs).items():
        if digest(workspace.get(name, "")) != found:
            raise _problem(path, f"The bundle's '{shorten(name)}' is not the file that the record was made from.")
    documents = {name.removeprefix(DOCUMENTS): text for name, text in files.items() if name.startswith(DOCUMENTS)}
    return Bundle(record, workspace, documents)


def _files(archive: zipfile.ZipFile, path: Path) -> dict[str, str]:
    entries = archive.infolist()
    if len(entries) > MAX_FILES or sum(entry.file_size for entry in entries) > MAX_BYTES:
        raise _problem(path, "The bundle holds more than any advice is made from.")
    found: dict[str, str] = {}
    for entry in entries:
        if not _is_inside(entry.filename):
            raise _problem(path, f"The bundle names a path outside itself: '{shorten(entry.filename)}'.")
        if entry.is_dir():
            continue
        if entry.filename in found:
            raise _problem(path, f"The bundle holds '{shorten(entry.filename)}' twice.")
        with archive.open(entry) as stream:
            # What an entry says of its size need not be true.
            data = stream.read(entry.file_size + 1)
        if len(data) > entry.file_size:
            raise _problem(path, f"The bundle's '{shorten(entry.filename)}' is larger than it says.")
        found[entry.filename] = data.decode("utf-8")
    return found


def _is_inside(name: str) -> bool:
    place = PurePosixPath(name)
    return not (place.is_absolute() or ".." in place.parts or "\\" in name or ":" in name)


def _check_manifest(files: dict[str, str], path: Path) -> None:
    try:
        manifest = json.loads(files.get(MANIFEST, ""))
        form, listed = manifest["format"], dict(manifest["files"])
    except (ValueError, TypeError, KeyError, RecursionError):
        raise _problem(path, "The bundle has no manifest that can be read.") from None
    if form != FORMAT:
        raise _problem(path, f"The bundle is of format '{shorten(str(form))}'; this program reads '{FORMAT}'.")
    present = {name: digest(text) for name, text in files.items() if name != MANIFEST}
    wrong = sorted(name for name in {**listed, **present} if listed.get(name) != present.get(name))
    if wrong:
        raise _problem(path, f"The bundle was changed: '{shorten(wrong[0])}' is not what its manifest says.")


def _problem(path: Path, message: str) -> Problems:
    hint = "Take it from where it was kept, or export it again."
    return Problems([Diagnostic("bundle.damaged", message, hint, Location(str(path)))])
