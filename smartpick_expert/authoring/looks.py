"""What is wrong with how a workspace's documents look: its house style, layout, drawings and templates.

An advice reads all of it when it is written, and stops there. So it is read here too, for whoever changes it. What a template does
with an advice shows only when one is written; here it is read, and what it names beside itself is looked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.language.source import read_text
from smartpick_expert.language.values import shorten
from smartpick_expert.report.drawings.named import read_names
from smartpick_expert.report.house import read_house
from smartpick_expert.report.layout import read_layout
from smartpick_expert.report.render import environment
from smartpick_expert.workspace import Workspace, shipped_root

_FOLDER = "reports"
_LAYOUT = "layout.yaml"
# What stands in pages as it is written.
_BESIDE = (".css", ".js")
# A name that is written out, and neither made up of parts nor one that may be missing.
_NAMED = re.compile(
    r"""\{%[-+]?\s*(?:include|import|from|extends)\s+(["'])(?P<name>[^"']+)\1(?=\s*(?:[-+]?%\}|import\b|as\b|with))"""
)


def look_problems(workspace: Workspace) -> tuple[Diagnostic, ...]:
    """Everything by which no document could be made, whoever it is on. Templates that are the shipped ones are not read again."""
    reports = workspace.root / _FOLDER
    bucket = workspace.vocabulary.types.get("bucket")
    name = bucket.fields.get("name") if bucket is not None else None
    found = [*_raised(lambda: read_house(workspace.root))]
    if (reports / _LAYOUT).is_file() and name is not None:
        found += _raised(lambda: read_layout(reports, name.values))
    found += _raised(lambda: read_names(reports))
    for path in sorted(reports.rglob("*.j2")):
        found += _of_template(path, reports)
    for path in (one for one in sorted(reports.rglob("*")) if one.suffix in _BESIDE):
        found += _raised(partial(read_text, path, f"{_FOLDER}/{path.relative_to(reports).as_posix()}"))
    return tuple(found)


def _raised(read: Callable[[], object]) -> tuple[Diagnostic, ...]:
    try:
        read()
    except Problems as problems:
        return problems.diagnostics
    return ()


def _of_template(path: Path, reports: Path) -> tuple[Diagnostic, ...]:
    inside = path.relative_to(reports).as_posix()
    try:
        text = read_text(path, f"{_FOLDER}/{inside}")
        if not _is_shipped(text, inside, reports):
            environment(reports, "html").get_template(inside)
    except Problems as problems:
        return problems.diagnostics
    return tuple(_missing(text, inside, reports))


def _is_shipped(text: str, inside: str, reports: Path) -> bool:
    """Whether a workspace's template is as it was shipped. Those of the checkout itself are nobody's copy."""
    shipped = shipped_root() / _FOLDER
    same = shipped / inside
    return reports.resolve() != shipped.resolve() and same.is_file() and text == read_text(same, same.as_posix())


def _missing(text: str, inside: str, reports: Path) -> Iterator[Diagnostic]:
    """A finding for each place at which a template names another one that is not there."""
    for named in _NAMED.finditer(text):
        name = named.group("name")
        if not (reports / name).is_file():
            yield Diagnostic(
                "report.template",
                f"A template cannot be filled in: it names the template '{shorten(name)}', which is not there.",
                "Correct the name, or bring the template back.",
                Location(f"{_FOLDER}/{inside}", text.count("\n", 0, named.start()) + 1, 1),
            )
