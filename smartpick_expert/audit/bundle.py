"""A bundle: one advice with everything it was made from and everything that was written, in one zip that can be replayed offline.

It holds `record.json`, `profile.yaml` (or `.json`), `workspace/` (rules, knowledge, catalogues, templates), `documents/` and
`manifest.json` with the hash of each. Equal contents make equal bytes. Nothing is unpacked to a path that a bundle names.
"""

from __future__ import annotations

import json
import os
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from lzma import LZMAError
from pathlib import Path
from typing import BinaryIO, TypeVar

from smartpick_expert.audit.digests import digest, text_digest
from smartpick_expert.audit.inputs import is_inside, named_files
from smartpick_expert.audit.reading import record_from_bytes
from smartpick_expert.audit.record import Record, record_text
from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.language.values import shorten

FORMAT = "smartpick-bundle/1"
MANIFEST, RECORD, DOCUMENTS, WORKSPACE = "manifest.json", "record.json", "documents/", "workspace/"
Content = TypeVar("Content", str, bytes)
# What a whole rule base and an advice take is a few megabytes; a small zip may hold far more.
MAX_BYTES = 200 * 2**20
MAX_FILES = 5_000
# What a zip that is damaged or of another kind makes the library say.
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    LZMAError,
    OSError,
    EOFError,
    ValueError,
    KeyError,
    NotImplementedError,
    RuntimeError,
)
# What every document of an office program holds.
_OFFICE = "[Content_Types].xml"
# Every file in a bundle bears this day: a zip has to name one.
_DAY = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Bundle:
    """What a bundle holds: the record, the workspace's files and the documents by name."""

    record: Record
    workspace: Mapping[str, str]
    documents: Mapping[str, bytes]


def write_bundle(path: Path, bundle: Bundle) -> None:
    """Write a bundle: whole, or not at all. Raises Problems."""
    part: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Made anew, for nobody else's eyes: a bundle holds everything.
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        part = Path(name)
        with os.fdopen(handle, "wb") as stream:
            _write(stream, bundle)
        part.replace(path)
    except OSError as error:
        message = f"The bundle cannot be written: {error.strerror or error}."
        raise Problems([Diagnostic("bundle.unwritable", message, "Name another file.", Location(str(path)))]) from None
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def _write(stream: BinaryIO, bundle: Bundle) -> None:
    files = {RECORD: record_text(bundle.record).encode("utf-8")}
    files |= {WORKSPACE + name: text.encode("utf-8") for name, text in bundle.workspace.items()}
    files |= {DOCUMENTS + name: data for name, data in bundle.documents.items()}
    profile = bundle.record.body.inputs.profile
    files[f"profile{profile.form}"] = profile.text.encode("utf-8")
    listed = {name: digest(data) for name, data in sorted(files.items())}
    manifest = json.dumps({"format": FORMAT, "files": listed}, indent=1, sort_keys=True) + "\n"
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in [(MANIFEST, manifest.encode("utf-8")), *sorted(files.items())]:
            entry = zipfile.ZipInfo(name, _DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, data)


def is_bundle(path: Path) -> bool:
    """Whether a file is a zip that is no document: Word documents and workbooks are zips too, and each holds a part of that name."""
    try:
        with path.open("rb") as stream:
            if stream.read(4) != b"PK\x03\x04":
                return False
        with zipfile.ZipFile(path) as archive:
            return _OFFICE not in archive.namelist()
    except UNREADABLE as error:
        return not isinstance(error, OSError)


def read_bundle(path: Path) -> Bundle:
    """Read a bundle. Raises Problems for one that is damaged, too large, of another version, or names a path outside itself."""
    try:
        with zipfile.ZipFile(path) as archive:
            files = _files(archive, path)
            texts = {name: data.decode("utf-8") for name, data in files.items() if not name.startswith(DOCUMENTS)}
    except UNREADABLE as error:
        raise _problem(path, f"The bundle cannot be read: {shorten(str(error), 80)}.") from None
    _check_manifest(files, texts.get(MANIFEST, ""), path)
    if RECORD not in files:
        raise _problem(path, "The bundle holds no record.")
    record = record_from_bytes(files[RECORD], Path(f"{path} ({RECORD})"))
    _check_belonging(record, files, path)
    return Bundle(record, _below(WORKSPACE, texts), _below(DOCUMENTS, files))


def _below(folder: str, files: Mapping[str, Content]) -> dict[str, Content]:
    return {name.removeprefix(folder): held for name, held in files.items() if name.startswith(folder)}


def _check_belonging(record: Record, files: Mapping[str, bytes], path: Path) -> None:
    """Every file is the one that the record names, and all that it was made from are there. Documents may be left out."""
    inputs = record.body.inputs
    made_from = {WORKSPACE + name: found for name, found in named_files(inputs).items()}
    made_from[f"profile{inputs.profile.form}"] = inputs.profile.sha256
    named = {**made_from, **{DOCUMENTS + name: found for name, found in record.envelope.documents.items()}}
    present = {
        name: (digest if name.startswith(DOCUMENTS) else text_digest)(data)
        for name, data in files.items()
        if name not in (MANIFEST, RECORD)
    }
    wrong = sorted(name for name in {**made_from, **present} if present.get(name) != named.get(name))
    if wrong:
        raise _problem(path, f"The bundle's '{shorten(wrong[0])}' is not the file that the record names.")


def _files(archive: zipfile.ZipFile, path: Path) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > MAX_FILES or sum(entry.file_size for entry in entries) > MAX_BYTES:
        raise _problem(path, "The bundle holds more than any advice is made from.")
    found: dict[str, bytes] = {}
    for entry in entries:
        if not is_inside(entry.filename.removesuffix("/")):
            raise _problem(path, f"The bundle names a path outside itself: '{shorten(entry.filename)}'.")
        if entry.is_dir():
            continue
        if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
            raise _problem(path, f"The bundle's '{shorten(entry.filename)}' is no file.")
        if entry.filename in found:
            raise _problem(path, f"The bundle holds '{shorten(entry.filename)}' twice.")
        with archive.open(entry) as stream:
            # What an entry says of its size need not be true.
            data = stream.read(entry.file_size + 1)
        if len(data) != entry.file_size:
            raise _problem(path, f"The bundle's '{shorten(entry.filename)}' is not as large as it says.")
        found[entry.filename] = data
    return found


def _check_manifest(files: Mapping[str, bytes], written: str, path: Path) -> None:
    try:
        manifest = json.loads(written)
        form, listed = manifest["format"], dict(manifest["files"])
    except (ValueError, TypeError, KeyError, RecursionError):
        raise _problem(path, "The bundle has no manifest that can be read.") from None
    if form != FORMAT:
        raise _problem(path, f"The bundle is of format '{shorten(str(form))}'; this program reads '{FORMAT}'.")
    present = {name: digest(data) for name, data in files.items() if name != MANIFEST}
    wrong = sorted(name for name in {**listed, **present} if listed.get(name) != present.get(name))
    if wrong:
        raise _problem(path, f"The bundle was changed: '{shorten(wrong[0])}' is not what its manifest says.")


def _problem(path: Path, message: str) -> Problems:
    hint = "Take it from where it was kept, or export it again."
    return Problems([Diagnostic("bundle.damaged", message, hint, Location(str(path)))])
