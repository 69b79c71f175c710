"""What an advice is made from, by content: rules, knowledge, and whatever decides how its documents look."""

from __future__ import annotations

from collections.abc import Mapping

from smartpick_expert.audit.digests import combined, digests
from smartpick_expert.audit.record import FilesInput
from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.report.formats.word import CARRIED, as_carried, template_in
from smartpick_expert.report.formats.word_template import NAME as WORD
from smartpick_expert.report.house import house_files
from smartpick_expert.workspace import Workspace

_RULES = "rules/"
_TEMPLATES = (".j2", ".css", ".js", ".yaml")


def files_of(workspace: Workspace) -> tuple[FilesInput, FilesInput, FilesInput]:
    """Rules, knowledge and templates of a workspace, by content: the first two as they were loaded.

    Catalogues that it carries are knowledge; its house style goes with the templates.
    """
    rules = {name: text for name, text in workspace.files.items() if name.startswith(_RULES)}
    knowledge = {name: text for name, text in workspace.files.items() if name not in rules}
    return _hashed(rules), _hashed(knowledge), _hashed(looks_of(workspace))


def looks_of(workspace: Workspace) -> dict[str, str]:
    """The texts that decide how documents look, by path: the templates, and the house style with its logo. Raises Problems."""
    return {**template_files(workspace), **house_files(workspace.root)}


def template_files(workspace: Workspace) -> dict[str, str]:
    """The texts that documents are made from, by path; whatever else lies in the folder has no part in them.

    The Word template stands there in base64. Raises Problems for one that is no text.
    """
    found: dict[str, str] = {}
    if (workspace.reports / WORD).is_file() or (workspace.reports / CARRIED).is_file():
        found[f"reports/{CARRIED}"] = as_carried(template_in(workspace.reports))
    for path in sorted(workspace.reports.rglob("*")):
        if path.is_file() and path.suffix in _TEMPLATES:
            name = f"reports/{path.relative_to(workspace.reports).as_posix()}"
            try:
                found[name] = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):
                message = "This file among the templates cannot be read as text."
                hint = "Take it out of the folder, or save it as UTF-8."
                raise Problems([Diagnostic("report.template", message, hint, Location(name))]) from None
    return found


def _hashed(files: Mapping[str, str]) -> FilesInput:
    found = digests(files)
    return FilesInput(combined(found), found)
