"""Formats that take a library which is not always installed: which, how it is installed, and what version made a file.

Imported when they are used. Nothing is laid out before all that was asked for can be.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from typing import Any, Final

from smartpick_expert.diagnostics import Diagnostic, Location, Problems


@dataclass(frozen=True, slots=True)
class Extra:
    """An optional part of the installation: its name, what it is for, the modules it brings and their packages."""

    name: str
    writes: str
    modules: tuple[str, ...]
    packages: tuple[str, ...]

    @property
    def versions(self) -> str:
        """What lays a document out, with versions."""
        return ", ".join(f"{package} {_version(package)}" for package in self.packages)


EXTRAS: Final = {
    "pdf": Extra("pdf", "PDF documents", ("weasyprint",), ("weasyprint",)),
    "docx": Extra("word", "Word documents", ("docxtpl", "docx", "resvg_py"), ("docxtpl", "python-docx", "resvg-py")),
    "xlsx": Extra("spreadsheets", "Workbooks", ("openpyxl",), ("openpyxl",)),
}


def require(forms: Iterable[str]) -> None:
    """See that all libraries that these formats take are there. Raises Problems, one for each that is missing."""
    found: list[Diagnostic] = []
    for form in forms:
        try:
            for module in EXTRAS[form].modules if form in EXTRAS else ():
                library(form, module)
        except Problems as problems:
            found.extend(problems.diagnostics)
    if found:
        raise Problems(found)


def library(form: str, module: str) -> Any:
    """A module of the library that a format takes. Raises Problems with the command that installs it."""
    extra = EXTRAS[form]
    place = Location(f"--format {form}")
    try:
        return importlib.import_module(module)
    except ImportError:
        message = f"{extra.writes} take an optional part that is not installed ({extra.packages[0]})."
        hint = f"Run: pip install 'smartpick-expert[{extra.name}]'"
        raise Problems([Diagnostic("format.extra", message, hint, place)]) from None
    except OSError as error:
        # WeasyPrint is there and what it draws letters with is not: a library of the system that pip cannot bring.
        message = f"{extra.writes} take Pango, a library of the system, which was not found ({error})."
        hint = "Debian, Ubuntu: apt install libpango-1.0-0 libpangoft2-1.0-0 fonts-dejavu. macOS: brew install pango."
        raise Problems([Diagnostic("format.library", " ".join(message.split()), hint, place)]) from None


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "unknown"
