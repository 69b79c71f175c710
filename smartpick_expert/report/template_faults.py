"""What is wrong with a template, with its file, line and reason."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from jinja2 import FileSystemLoader, Template
from jinja2.exceptions import SecurityError, TemplateError, TemplateNotFound, TemplateSyntaxError

from smartpick_expert.diagnostics import Diagnostic, Location
from smartpick_expert.language.values import shorten
from smartpick_expert.report import bounds

FOLDER: Final = "reports"
_NO_SUCH_PART: Final = re.compile(r"'smartpick_expert\.(?:\w+\.)*(\w+) object' has no attribute ('\w+')")


def fault(error: Exception, template: Template) -> Diagnostic:
    """What went wrong while a template was filled in, at the line of the template that was being filled in."""
    if isinstance(error, TemplateSyntaxError):
        return syntax_fault(error)
    place = Location(_shown(template.name, template.filename))
    step, searched = error.__traceback__, _folder_of(template)
    while step is not None:
        path = step.tb_frame.f_code.co_filename
        if searched is not None and Path(path).is_relative_to(searched):
            place = Location(f"{FOLDER}/{Path(path).relative_to(searched).as_posix()}", step.tb_lineno, 1)
        step = step.tb_next
    return Diagnostic("report.template", f"A template cannot be filled in: {_why(error)}.", _hint(error), place)


def _why(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it does not come to an end: it calls itself over and over"
    if isinstance(error, TemplateNotFound):
        return f"it names the template '{shorten(str(error.name))}', which is not there"
    words = (error.message if isinstance(error, TemplateError) else None) or str(error) or type(error).__name__
    named = words if isinstance(error, TemplateError) else f"{words} ({type(error).__name__})"
    return shorten(_NO_SUCH_PART.sub(r"there is no \2 in a \1", named), 400).rstrip(".")


def _hint(error: Exception) -> str:
    if isinstance(error, bounds.BeyondBoundsError | RecursionError):
        return "Look for a loop, an include or a macro that goes on for ever."
    if isinstance(error, SecurityError):
        return "A template may only place the words that it is given."
    return "Correct the template in reports/."


def syntax_fault(error: TemplateSyntaxError) -> Diagnostic:
    """What is wrong with a template that cannot be read, at its line."""
    place = Location(_shown(error.name, error.filename), error.lineno, 1)
    message = f"A template cannot be read: {shorten(error.message or 'it is no template', 400).rstrip('.')}."
    return Diagnostic("report.template", message, "Correct the template in reports/.", place)


def _shown(name: str | None, filename: str | None) -> str:
    return f"{FOLDER}/{name or Path(filename or '').name}".rstrip("/")


def _folder_of(template: Template) -> Path | None:
    loader = template.environment.loader
    return Path(loader.searchpath[0]) if isinstance(loader, FileSystemLoader) else None
