"""Which rules a command is about: those of a folder or a file, or one by its id; and their cases."""

from __future__ import annotations

from pathlib import Path

import click

from smartpick_expert.authoring.cases import SUFFIX
from smartpick_expert.authoring.catalogue import meant
from smartpick_expert.authoring.mutation.own_cases import OwnCases, own_cases
from smartpick_expert.cli.served import served_root
from smartpick_expert.language.model import Rule, Status
from smartpick_expert.workspace import Workspace, find_root, load_workspace


def chosen(folder: Path | None, rule_id: str, workspace: Path | None) -> tuple[OwnCases, tuple[Rule, ...]]:
    """The cases of the workspace, and the rules asked for; a retired rule does nothing, so it is not among them.

    Raises Problems where the workspace cannot be loaded, and click.BadParameter where there are no such rules.
    """
    loaded = load_workspace(workspace or (find_root(folder) if folder is not None else served_root(None)))
    live = tuple(rule for rule in loaded.ruleset.rules if rule.status is not Status.RETIRED)
    if rule_id:
        if loaded.ruleset.get(rule_id) is None:
            raise click.BadParameter(meant(rule_id, loaded), param_hint="--rule")
        live = tuple(rule for rule in live if rule.id == rule_id)
        if not live:
            message = f"Rule '{rule_id}' is retired: it never fires, so nothing in it can be tried."
            raise click.BadParameter(message, param_hint="--rule")
    if folder is not None:
        live = _of_folder(folder, live, loaded)
    return own_cases(loaded), live


def _of_folder(folder: Path, rules: tuple[Rule, ...], workspace: Workspace) -> tuple[Rule, ...]:
    here, root = folder.resolve(), workspace.root.resolve()
    if here == root:
        return rules
    if not here.is_relative_to(root):
        message = f"'{folder}' is not in the workspace {workspace.root}."
        raise click.BadParameter(message, param_hint="FOLDER")
    part = here.relative_to(root).as_posix()
    if part.endswith(SUFFIX):
        part = part.removesuffix(SUFFIX) + ".yaml"
    found = tuple(rule for rule in rules if rule.location.path == part or rule.location.path.startswith(f"{part}/"))
    if not found:
        message = f"No rule stands in '{folder}'."
        raise click.BadParameter(message, param_hint="FOLDER")
    return found
