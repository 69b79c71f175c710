"""The guide for authors, read as its reader does: what is written into files, what is typed, what is seen.

Three kinds of fenced block are followed; all others are only read:

- ``yaml FILE`` is the whole of a file; ``yaml FILE from "LINE"`` what stands in it from that line on, or is added at its end;
- ``diff FILE`` has lines that go (``-``) and lines that come in their place (``+``);
- ``console`` has commands after ``$``, each with what it prints. A line ``...`` stands for whatever was left out.

A block marked ``whole`` takes long, or needs one that does, and is followed by ``python -m tests.authoring_guide`` alone. Line numbers and
how many cases, rules and files there are differ from release to release, and are not compared.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from click.testing import CliRunner

from smartpick_expert.cli.main import main

GUIDE = Path(__file__).parent.parent / "docs" / "authoring.md"
DAY = "2026-09-10"
LEFT_OUT = "..."
_FENCE = re.compile(r"^```(\w+)(?: ([^\n]*))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_PASSING = re.compile(
    r"(?<=\.yaml:)\d+(:\d+)?|(?<=\bline )\d+|\b[\d,]+(?= (?:cases|rules|files|hold|topics|claims|firings?)\b)"
)
_PLACE = re.compile(r'(?P<file>\S+)(?: from "(?P<line>.*)")?')


@dataclass(frozen=True, slots=True)
class Step:
    """One block of the guide: where its first line stands (from 1), its kind, what stands beside the kind, and its text."""

    line: int
    kind: str
    about: str
    text: str
    whole: bool


def steps() -> Iterator[Step]:
    """The blocks of the guide that are followed, in order."""
    guide = GUIDE.read_text("utf-8")
    for found in _FENCE.finditer(guide):
        kind, about, text = found.groups(default="")
        if kind in {"console", "diff"} or (kind == "yaml" and about):
            place = about.removesuffix("whole").rstrip()
            yield Step(guide.count("\n", 0, found.start()) + 2, kind, place, text, place != about)


def write(step: Step, root: Path) -> None:
    """Do in the workspace what a block of a file says; a place that is not there, or there twice, is an error."""
    place = _PLACE.fullmatch(step.about)
    assert place is not None, f"line {step.line} of the guide names no file"
    path = root / place["file"]
    if step.kind == "diff":
        lines = step.text.splitlines(keepends=True)
        goes = "".join(line[1:] for line in lines if line.startswith("-"))
        comes = "".join(line[1:] for line in lines if line.startswith("+"))
        before = path.read_text("utf-8")
        assert before.count(goes) == 1, (
            f"what goes at line {step.line} stands {before.count(goes)} times in {path.name}"
        )
        path.write_text(before.replace(goes, comes), "utf-8")
        return
    kept = ""
    if place["line"]:
        there = path.read_text("utf-8").splitlines(keepends=True)
        at = next((n for n, line in enumerate(there) if line.strip().startswith(place["line"])), len(there))
        kept = "".join(there[:at])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(kept + step.text, "utf-8")


def commands(step: Step) -> list[tuple[str, list[str]]]:
    """Each command of a block with the lines that the guide shows below it."""
    found: list[tuple[str, list[str]]] = []
    for line in step.text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def printed(command: str) -> list[str]:
    """What a command prints on the day of the guide, in the folder one is in."""
    words = shlex.split(command)
    assert words[0] == "smartpick", command
    one = main
    for word in words[1:]:
        one = getattr(one, "commands", {}).get(word, one)
    if any("--as-of" in option.opts for option in one.params):
        words += ["--as-of", DAY]
    result = CliRunner().invoke(main, words[1:])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return [line.rstrip() for line in result.output.splitlines()]


def lasting(line: str) -> str:
    """A line without what differs from release to release."""
    return _PASSING.sub("N", line)


def missing(shown: list[str], seen: list[str]) -> list[str]:
    """The lines shown that do not come, each after the one before and next to it unless something was left out between."""
    at, loose = 0, False
    for number, line in enumerate(shown):
        if line.strip() == LEFT_OUT:
            loose = True
            continue
        places = range(at, len(seen)) if loose else range(at, min(at + 1, len(seen)))
        here = next((place for place in places if lasting(seen[place]) == lasting(line)), None)
        if here is None:
            return shown[number:]
        at, loose = here + 1, False
    return [] if loose or at == len(seen) else [f"and then: {line}" for line in seen[at:]]


def differences(*, whole: bool) -> list[str]:
    """Follow the guide in the folder one is in; what comes otherwise than it shows, with all that was printed."""
    found: list[str] = []
    for step in steps():
        if step.whole and not whole:
            continue
        if step.kind != "console":
            write(step, Path.cwd())
            continue
        for command, shown in commands(step):
            if command.startswith("cd "):
                os.chdir(command.removeprefix("cd "))
                continue
            seen = printed(command)
            if lines := missing(shown, seen):
                found.append(
                    "\n".join(
                        [f"line {step.line} of the guide: {command}", *lines, "does not come. Printed was", *seen]
                    )
                )
    return found


def follow() -> int:
    """Follow the whole guide in a folder that is taken away again; 1 where something comes otherwise."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            found = differences(whole=True)
        finally:
            os.chdir(before)
    click.echo("\n\n".join(found) or "All comes as the guide shows it.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(follow())
