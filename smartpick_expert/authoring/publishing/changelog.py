"""The changelog of a workspace's rules, `versions/CHANGELOG.md`: a section for each version, the newest first.

It follows from the manifests. A section that is missing, because a publication was interrupted, is put in at the next;
what somebody wrote into the file besides stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from smartpick_expert.audit.versions import FOLDER, Manifest, numbers_in, read_version
from smartpick_expert.authoring.changes_text import change_lines
from smartpick_expert.diagnostics import Problems
from smartpick_expert.report.render import markdown_text
from smartpick_expert.writing import write_all

NAME: Final = "CHANGELOG.md"
_HEAD = """# Changes to the rules

What was published in this workspace, the newest first. Written by `smartpick rules publish`; what you add yourself stays.
"""
_HEADING = re.compile(r"^## Version (\d+)\b", re.MULTILINE)


def bring_up_to_date(root: Path) -> None:
    """Put in the section of every version that has none. Raises OSError, and has then left the file as it was."""
    path = root / FOLDER / NAME
    text = path.read_bytes().decode("utf-8", "surrogateescape") if path.is_file() else _HEAD
    updated = text
    for number in numbers_in(root):
        try:
            manifest = read_version(root, number).manifest
        except Problems:
            # What cannot be read is told by `rules versions`; there is nothing to write of it.
            continue
        if number not in _numbers(updated):
            updated = _with_section(updated, number, section(manifest))
    if updated != text or not path.is_file():
        write_all({path: updated.encode("utf-8", "surrogateescape")})


def section(manifest: Manifest) -> str:
    """What the changelog says of a version."""
    return "\n".join(_lines(manifest)) + "\n"


def _lines(manifest: Manifest) -> Iterator[str]:
    yield f"## Version {manifest.number}, {manifest.at[:10]}"
    yield ""
    yield f"By {markdown_text(manifest.by)}: {markdown_text(manifest.reason)}"
    yield ""
    yield from (f"- {markdown_text(line)}" for line in manifest_lines(manifest))


def manifest_lines(manifest: Manifest) -> Iterator[str]:
    """What a version is, in words: what changed, and what was looked at before it was published."""
    if not manifest.previous:
        yield "the first version"
        return
    yield from change_lines(manifest.changes) or ["only comments, or the order of things"]
    receipt = manifest.impact
    if receipt is None:
        yield "impact: none to look at, as no advice could come out otherwise"
    else:
        whom = f"{receipt.people:,} {'person' if receipt.people == 1 else 'people'}"
        yield f"impact: looked at on {whom}, of whom {receipt.moved:,} would be advised otherwise"


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(found[1]) for found in _HEADING.finditer(text))


def _with_section(text: str, number: int, words: str) -> str:
    """The text with a section put before that of the next older version, else at its end."""
    older = next((found for found in _HEADING.finditer(text) if int(found[1]) < number), None)
    if older is None:
        return f"{text.rstrip()}\n\n{words}"
    return f"{text[: older.start()]}{words}\n{text[older.start() :]}"
