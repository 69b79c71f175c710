"""The schemas as files, where each applies, and the settings by which an editor finds them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Final

from smartpick_expert.authoring.schemas import catalogues, knowledge, trials
from smartpick_expert.authoring.schemas.actions import actions
from smartpick_expert.authoring.schemas.house import house_file
from smartpick_expert.authoring.schemas.rules import (
    case_file,
    notes_file,
    profile_file,
    rule_file,
    rules_or_cases,
    settings_file,
)
from smartpick_expert.authoring.schemas.scalars import Schema
from smartpick_expert.authoring.schemas.vocabulary import vocabulary
from smartpick_expert.workspace import NOTES, Workspace

FOLDER: Final = ".smartpick/schemas"
SETTINGS: Final = ".vscode/settings.json"
_ENDING: Final = ".schema.json"
_MADE_BY: Final[dict[str, Callable[[Workspace], Schema]]] = {
    "rules": rule_file,
    "cases": case_file,
    "rules_or_cases": lambda _: rules_or_cases(),
    "profile": profile_file,
    "vocabulary": vocabulary,
    "claims": knowledge.claims,
    "evidence": knowledge.evidence,
    "parameters": knowledge.parameters,
    "actions": actions,
    "programs": knowledge.programs,
    "imports": catalogues.imports,
    "catalogues": catalogues.catalogues,
    "directions": trials.directions,
    "wording": trials.wording,
    "made_up": trials.made_up,
    "settings": lambda _: settings_file(),
    "house": lambda _: house_file(),
    "notes": notes_file,
}
# The files of a workspace that each schema is for.
APPLIES_TO: Final[dict[str, tuple[str, ...]]] = {
    "rules_or_cases": ("rules/**/*.yaml",),
    "profile": ("knowledge/personas/**/*.yaml", "profiles/**/*.yaml"),
    **{
        name: (f"knowledge/{name}/**/*.yaml",)
        for name in (
            *("vocabulary", "claims", "evidence", "parameters", "actions", "programs", "imports", "catalogues"),
            *("directions", "wording", "made_up"),
        )
    },
    "settings": ("settings.yaml",),
    "house": ("house.yaml",),
    "notes": (NOTES,),
}


def schema_files(workspace: Workspace) -> dict[str, str]:
    """Every schema of a workspace, by the name of its file."""
    return {
        name_of(name): json.dumps(make(workspace), indent=1, ensure_ascii=False) + "\n"
        for name, make in _MADE_BY.items()
    }


def editor_files() -> dict[str, str]:
    """What tells Visual Studio Code which schema is for which file, and which extension reads them; by path."""
    schemas = {f"./{FOLDER}/{name_of(name)}": list(patterns) for name, patterns in APPLIES_TO.items()}
    settings: Mapping[str, object] = {"yaml.schemas": schemas, "yaml.format.enable": False}
    return {
        SETTINGS: json.dumps(settings, indent=2) + "\n",
        ".vscode/extensions.json": json.dumps({"recommendations": ["redhat.vscode-yaml"]}, indent=2) + "\n",
    }


def name_of(schema: str) -> str:
    """The name of a schema's file."""
    return f"{schema}{_ENDING}"


def first_line(path: str) -> str:
    """The line that names its schema in a file itself, for editors that read no settings of a folder."""
    return f"# yaml-language-server: $schema={path}"
