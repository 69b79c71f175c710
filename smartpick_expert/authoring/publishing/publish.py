"""Publishing: a workspace as it stands becomes a version, if it is in order and somebody has seen whom it moves.

The new version is written out of sight and appears with one renaming: whenever the process is stopped, there is the old
state or the new one.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import time
from typing import Final

import msgspec

from smartpick_expert.audit.digests import digest, digests
from smartpick_expert.audit.versions import (
    CONTENT,
    FOLDER,
    FORMAT,
    MANIFEST,
    Changes,
    Manifest,
    Receipt,
    Version,
    content_hash,
    folder_name,
    last_version,
)
from smartpick_expert.authoring.cases import case_files, diagnostics_of, read_cases, run_case
from smartpick_expert.authoring.changes import changes_between, with_files
from smartpick_expert.authoring.impact_sides import last_published
from smartpick_expert.authoring.publishing.changelog import bring_up_to_date
from smartpick_expert.authoring.publishing.files import is_version, own_workspace, working_files, zipped
from smartpick_expert.authoring.publishing.receipts import looked_back, moment, receipt_for
from smartpick_expert.authoring.publishing.restore import refuse_interrupted
from smartpick_expert.authoring.review import Checked, check
from smartpick_expert.authoring.workspaces.files import told
from smartpick_expert.diagnostics import Diagnostic, Location, Problems, Severity
from smartpick_expert.engine.session import Matcher
from smartpick_expert.version import VERSION
from smartpick_expert.workspace import Workspace

_UNFINISHED: Final = ".unfinished-"
# Writing a version takes seconds; after so many of them nobody is at it any more.
_STOPPED_AFTER: Final = 3600


@dataclass(frozen=True)
class Publication:
    """A version that was published, and the warnings that were let pass."""

    version: Version
    warnings: tuple[Diagnostic, ...]


@dataclass(frozen=True)
class _Ready:
    """What is to be published, and what was found of it. `refusals` are all the reasons against it."""

    files: Mapping[str, bytes]
    last: Version | None
    checked: Checked
    cases: int
    receipt: Receipt | None
    refusals: tuple[Diagnostic, ...]


def publish(root: Path, by: str, reason: str, as_of: date, engine: Matcher | str = "") -> Publication:
    """Publish a workspace as it stands. Raises Problems with every reason against it; then nothing was changed."""
    own_workspace(root)
    refuse_interrupted(root)
    ready = _looked_over(root, as_of, engine)
    if ready.refusals or ready.checked.workspace is None:
        raise Problems(ready.refusals)
    warnings = tuple(one for one in ready.checked.findings if one.severity is Severity.WARNING)
    previous = ready.last.sha256 if ready.last is not None else ""
    manifest = Manifest(
        format=FORMAT,
        number=ready.last.number + 1 if ready.last is not None else 1,
        by=" ".join(by.split()),
        reason=" ".join(reason.split()),
        at=moment(),
        program=VERSION,
        previous=previous,
        content=content_hash(ready.checked.workspace),
        files=digests(ready.files),
        changes=_changes(root, ready),
        cases=ready.cases,
        warnings=len(warnings),
        impact=ready.receipt,
    )
    if digests(working_files(root)) != manifest.files:
        message = "Files were changed while they were being checked, so nothing was published."
        raise Problems([Diagnostic("publish.changed", message, "Run it again.", Location("rules/"))])
    with told(root / FOLDER, "The version cannot be published, and nothing was changed"):
        version = _write(root, manifest, ready.files)
    # The version is there already; a changelog that could not be written is brought up to date by the next publication.
    with suppress(OSError):
        bring_up_to_date(root)
    return Publication(version, warnings)


def _looked_over(root: Path, as_of: date, engine: Matcher | str) -> _Ready:
    files = working_files(root)
    checked = check(root, as_of)
    refusals = [one for one in checked.findings if one.severity is Severity.ERROR]
    last, receipt, cases = None, None, 0
    try:
        last = last_version(root)
    except Problems as damaged:
        refusals += damaged.diagnostics
    loaded = checked.workspace
    if loaded is not None and checked.reviewed:
        ran = list(_cases(loaded, engine))
        cases = len(ran)
        refusals += [finding for findings in ran for finding in findings]
    if last is not None and is_version(files, last):
        refusals.append(_nothing_new(last))
    elif last is not None and loaded is not None:
        content = content_hash(loaded)
        if content != last.manifest.content:
            receipt = receipt_for(root, last.manifest.content, content)
            if receipt is None:
                refusals.append(_not_looked_at(last))
            elif looked_back(receipt, as_of):
                refusals.append(_looked_back(receipt))
    return _Ready(files, last, checked, cases, receipt, tuple(refusals))


def _cases(loaded: Workspace, engine: Matcher | str) -> Iterator[tuple[Diagnostic, ...]]:
    """What is wrong with each case, in turn. Files that cannot be read are findings of the check already."""
    for path in case_files(loaded.root / "rules"):
        try:
            cases = read_cases(path, loaded)
        except Problems:
            continue
        yield from (diagnostics_of(run_case(case, loaded, engine)) for case in cases)


def _nothing_new(last: Version) -> Diagnostic:
    message = f"Every file is as in version {last.number}, so there is nothing to publish."
    return Diagnostic("publish.nothing", message, "Change something first.", Location(f"{FOLDER}/"))


def _not_looked_at(last: Version) -> Diagnostic:
    return Diagnostic(
        "publish.impact",
        f"Nobody has looked at whose advice this would move against version {last.number}, as the files are now.",
        "Run 'smartpick rules impact', read it, and publish then. It has to be run again after every change.",
        Location("rules/"),
    )


def _looked_back(receipt: Receipt) -> Diagnostic:
    return Diagnostic(
        "publish.impact-day",
        f"The impact was looked at on advices of {receipt.as_of}, a day gone by. Numbers have dates, so today's may move otherwise.",
        "Run 'smartpick rules impact' without --as-of, or with a day to come, read it, and publish then.",
        Location("rules/"),
    )


def _changes(root: Path, ready: _Ready) -> Changes:
    """What differs from the last version; nothing for the first, of which everything is new."""
    now = ready.checked.workspace
    if ready.last is None or now is None:
        return Changes()
    with ExitStack() as stack:
        before = last_published(root, stack)
        return with_files(changes_between(before.workspace, now), ready.last.manifest.files, digests(ready.files))


def _write(root: Path, manifest: Manifest, files: Mapping[str, bytes]) -> Version:
    """Write a version out of sight and rename it into place. Raises OSError, and Problems where another was quicker."""
    text = json.dumps(msgspec.to_builtins(manifest), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    folder = root / FOLDER
    folder.mkdir(exist_ok=True)
    _sweep(folder)
    target = folder / folder_name(manifest.number)
    stage = Path(tempfile.mkdtemp(dir=folder, prefix=_UNFINISHED))
    try:
        stage.chmod(0o755)
        for name, data in ((CONTENT, zipped(files)), (MANIFEST, text.encode("utf-8"))):
            with (stage / name).open("wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
        if target.exists():
            raise _quicker(manifest.number)
        try:
            stage.rename(target)
        except OSError:
            if target.exists():
                raise _quicker(manifest.number) from None
            raise
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return Version(manifest, digest(text), target)


def _sweep(folder: Path) -> None:
    """Take away what publications that were stopped left out of sight; a young one may still be at work."""
    for left in folder.glob(f"{_UNFINISHED}*"):
        with suppress(OSError):
            if time() - left.stat().st_mtime > _STOPPED_AFTER:
                shutil.rmtree(left, ignore_errors=True)


def _quicker(number: int) -> Problems:
    message = f"Somebody else published version {number} meanwhile, so nothing was published."
    hint = "See 'smartpick rules versions', look at the impact against that one, and publish again."
    return Problems([Diagnostic("publish.meanwhile", message, hint, Location(f"{FOLDER}/{folder_name(number)}"))])
