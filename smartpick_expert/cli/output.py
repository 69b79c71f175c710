"""How commands speak: findings, files, exit codes. Data to standard output, messages to standard error."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click
from jinja2 import TemplateError

from smartpick_expert.authoring.checks.base import Finding, witness_lines
from smartpick_expert.diagnostics import Diagnostic, Location, Problems, Severity, render
from smartpick_expert.explain.tree import shown
from smartpick_expert.report.json_text import json_pieces, printable, together
from smartpick_expert.workspace import NOTES
from smartpick_expert.writing import write_all

FINDINGS = 1
# Whoever has more findings than this has one cause for most of them.
SHOWN = 200


def say(message: str) -> None:
    """A message to the person at the terminal. Names of files and words of a command may hold what a terminal obeys."""
    click.echo(shown(message), err=True)


def as_data(diagnostic: Diagnostic) -> dict[str, object]:
    """A finding as JSON holds it; one of a check also has its rule and its witness, null where there is none."""
    place = diagnostic.location
    data: dict[str, object] = {
        "path": place.path,
        "line": place.line,
        "column": place.column,
        "severity": diagnostic.severity.value,
        "code": diagnostic.code,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "related": [
            {"path": p.path, "line": p.line, "column": p.column, "role": role} for p, role in diagnostic.related
        ],
    }
    if isinstance(diagnostic, Finding):
        witness = diagnostic.witness
        data["rule"] = diagnostic.rule or None
        data["witness"] = asdict(witness) if witness is not None else None
    return data


def json_text(document: object) -> str:
    """Data as JSON in one form; what a terminal obeys and does not show is escaped, which leaves the data as it is."""
    return "".join(map(printable, json_pieces(document)))


def show_json(document: object) -> None:
    """Print data as `json_text` has it, however long, without holding all of it."""
    for piece in together(map(printable, json_pieces(document))):
        click.echo(piece, nl=False)
    click.echo()


def show_findings(found: Iterable[Diagnostic], form: str) -> None:
    """Print findings: text to standard error, JSON and GitHub annotations to standard output."""
    diagnostics = tuple(found)
    if form == "json":
        click.echo(json.dumps([as_data(d) for d in diagnostics], indent=2, ensure_ascii=False))
    elif form == "github":
        for d in diagnostics:
            kind = "error" if d.severity is Severity.ERROR else "warning"
            text = "\n".join([f"{d.message} {d.hint}", *witness_lines(d)]).replace("%", "%25").replace("\n", "%0A")
            click.echo(
                f"::{kind} file={d.location.path},line={d.location.line},col={d.location.column},title={d.code}::{text}"
            )
    else:
        for d in diagnostics[:SHOWN]:
            say("\n".join([render(d), *witness_lines(d)]) + "\n")
        if len(diagnostics) > SHOWN:
            say(f"And {len(diagnostics) - SHOWN:,} more.\n")


def write_output(texts: Mapping[Path, str | bytes], *, private: bool = False) -> None:
    """Write the files that --out names: whole, all of them or none; `private` ones for their owner alone. Raises Problems."""
    try:
        files = {path: text.encode() if isinstance(text, str) else text for path, text in texts.items()}
        write_all(files, private=private)
    except OSError as error:
        message = f"The file cannot be written: {error.strerror or error}."
        raise Problems(
            [Diagnostic("output.file", message, "Name another with --out.", Location(str(next(iter(texts)))))]
        ) from None


def _wordless(found: Diagnostic) -> Diagnostic:
    """A finding without its words and without the name of the profile's file; one on an option tells of no profile and keeps them."""
    if found.location.path.startswith("--"):
        return found
    path, hint = "profile", "Run 'smartpick profile check' to read what it is."
    if found.location.path == NOTES:
        path, hint = NOTES, "Run 'smartpick rules check' to read what it is."
    elif found.code == "report.template" or found.code.startswith("house."):
        path, hint = found.location.path, "Run it without --redact to read what it is."
    return Diagnostic(found.code, "", hint, Location(path, found.location.line, found.location.column))


@contextmanager
def reporting(form: str = "text", *, redacted: bool = False) -> Iterator[None]:
    """Turn problems into findings and exit code 1; nothing of ours ends in a traceback.

    Redacted, a finding gives its place and code and keeps its words to itself, since they may quote the profile.
    """
    try:
        yield
    except TemplateError as error:
        place = Location(str(getattr(error, "filename", None) or "reports"), getattr(error, "lineno", None) or 0, 1)
        message = f"A template cannot be filled in: {error.message or error}."
        show_findings([Diagnostic("report.template", message, "Correct the template in reports/.", place)], form)
        raise SystemExit(FINDINGS) from None
    except Problems as problems:
        found = problems.diagnostics
        if redacted:
            found = tuple(map(_wordless, found))
        show_findings(found, form)
        count = len(problems.diagnostics)
        say(f"{count} problem{'s' if count != 1 else ''} found; nothing was written.")
        raise SystemExit(FINDINGS) from None
