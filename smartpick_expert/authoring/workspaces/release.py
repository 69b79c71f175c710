"""What a workspace is made of: the files of this release, by their paths in it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from smartpick_expert.audit.settings import NAME as SETTINGS
from smartpick_expert.authoring.schemas.files import FOLDER as SCHEMAS
from smartpick_expert.authoring.schemas.files import editor_files, schema_files
from smartpick_expert.report.house import NAME as HOUSE
from smartpick_expert.workspace import NOTES, load_workspace, shipped_root

FOLDERS: Final = ("rules", "knowledge", "reports")
# How what is laid beside a file of an advisor's, and what is set aside, ends: no reader of rules takes either for its own.
NEW: Final = ".new"
OLD: Final = ".old"
_LEFT_OVER: Final = (NEW, OLD, "~", ".swp", ".pyc")
_HOUSE: Final = """\
# The house style: how the documents of this office look, and who signs them. A line that begins with # does nothing; take the mark away
# to make it count. It goes into the record of each advice, so that its documents can be made again as they were.
about: How the documents of this office look.

# Who advises, at the head of every document; and how to reach them, a line each.
# organisation: Northgate Advising
# contact: [12 Harbour Road, advice@northgate.example]

# The advisor's name, where the advice is signed.
# advisor: Dr. A. Sample

# A PNG, JPEG or SVG file in this workspace.
# logo: logo.png

# Colours in quotes, dark enough to be read on white.
# colours: {headings: '#1d4a5f', accent: '#1d4a5f'}

# Closing words before the signature, a paragraph each.
# closing:
#   - Please bring questions to our next meeting.

# The paper of PDF and Word documents: a4 or letter.
# paper: letter
"""
_SETTINGS: Final = """\
# Settings of this workspace. A line that begins with # does nothing; take the mark away to make it count.
about: How long this office keeps the advices it gives.

# After so many months 'smartpick audit log --expired' lists an advice, and 'smartpick audit erase --expired' erases it once you run
# it; nothing is erased by itself. Without it they are kept for ever.
# keep_months: 36
"""
# No example counts, so that a new workspace notes nothing.
_NOTES: Final = """\
# What this office knows of programs in confidence. It counts for every applicant in what the advisor sees, and reaches none of
# their documents, no redacted advice and no catalogue. A line that begins with # does nothing; take the mark away to make it count.
about: What this office knows of programs, and tells no applicant.

# program_note:
#   - {program: id-of-a-program, j1_places: 4, j1_places_used: 4, because: how we know, on: 2026-09-01}
#   - {program: id-of-another-program, h1b_denial: yes, board_trouble: no}
# school_note:
#   - {program: id-of-a-program, school: The school as profiles name it, standing: burned, because: how we know, on: 2026-09-01}
# writer_note:
#   - {program: id-of-a-program, writer: The writer as letters name them, standing: trusted, because: how we know, on: 2026-09-01}
"""


def release_files() -> dict[str, bytes]:
    """Every file that a new workspace gets from this release, by its path in the workspace. Raises OSError.

    The personas are among them: cases run on them, and they show what a profile looks like. Each says that it is fictional.
    """
    root = shipped_root()
    own = {SETTINGS: _SETTINGS, HOUSE: _HOUSE, NOTES: _NOTES, **editor_files()}
    found = {name: text.encode() for name, text in own.items()}
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root)
            if path.is_file() and not is_left_over(name):
                found[name.as_posix()] = path.read_bytes()
    return dict(sorted(found.items()))


def release_schemas() -> dict[str, bytes]:
    """The schemas of what is shipped, by their paths in a workspace. Each workspace makes its own anew as it changes."""
    made = schema_files(load_workspace(shipped_root()))
    return {f"{SCHEMAS}/{name}": text.encode() for name, text in made.items()}


def is_left_over(name: Path) -> bool:
    """Whether a file only happens to lie there: hidden, or what an editor or Python leaves behind."""
    return any(part.startswith((".", "__")) for part in name.parts) or name.name.endswith(_LEFT_OVER)
