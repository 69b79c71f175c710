"""Whom an impact is looked at on: the profiles in a folder, and people who are made up."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from smartpick_expert.audit.reading import NAME as RECORD
from smartpick_expert.authoring.impact import Person
from smartpick_expert.authoring.made_up import made_up, made_up_text
from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.language.source import read_text
from smartpick_expert.workspace import Workspace

FORMS: Final = (".yaml", ".yml", ".json")


def people_in(folder: Path) -> tuple[Person, ...]:
    """The profiles in a folder, by the names of their files; folders in it are not looked into.

    Records may lie beside profiles and are passed over. A file that cannot be read as text is somebody who cannot be advised,
    and why. Raises Problems where there is no profile.
    """
    if not folder.is_dir():
        hint = "Name a folder of profiles with --profiles."
        raise Problems([Diagnostic("impact.no-folder", "There is no such folder.", hint, Location(str(folder)))])
    found: list[Person] = []
    for path in sorted(folder.iterdir()):
        if not path.is_file() or path.suffix.lower() not in FORMS or path.name.startswith("."):
            continue
        if path.name.endswith(RECORD):
            continue
        form = ".json" if path.suffix.lower() == ".json" else ".yaml"
        try:
            found.append(Person(path.name, read_text(path, path.name), form))
        except Problems as unreadable:
            found.append(Person(path.name, "", form, unreadable.diagnostics))
    if not found:
        message = "This folder holds no profile, so nobody can be looked at."
        hint = f"Put profiles into it ({', '.join(FORMS)}), name another with --profiles, or use --made-up 1000."
        raise Problems([Diagnostic("impact.no-profiles", message, hint, Location(str(folder)))])
    return tuple(found)


def made_up_people(workspace: Workspace, seed: int, number: int, as_of: date) -> tuple[Person, ...]:
    """So many made-up people; the same for the same workspace, seed and day."""
    profiles = made_up(workspace, seed, number, as_of)
    return tuple(Person(profile.path, made_up_text(profile, workspace.vocabulary)) for profile in profiles)
