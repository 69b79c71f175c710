"""The README's first example is run, and what it says comes out is what comes out."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from smartpick_expert.cli.main import main

README = Path(__file__).parent.parent / "README.md"
FENCE = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


def blocks() -> dict[str, str]:
    """The first block of each kind."""
    found: dict[str, str] = {}
    for kind, text in FENCE.findall(README.read_text(encoding="utf-8")):
        found.setdefault(kind, text)
    return found


def test_the_first_example_prints_what_the_readme_shows(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    profile = tmp_path / "A-017.yaml"
    profile.write_text(blocks()["yaml"], encoding="utf-8")
    root = README.parent.as_posix()
    command = ["advise", profile.name, "--as-of", "2026-09-10", "--engine", "plain", "--workspace", root]

    result = CliRunner().invoke(main, command)

    assert result.exit_code == 0, result.output
    assert result.stdout == blocks()["text"]


def test_the_first_example_has_ten_lines_at_most():
    assert len(blocks()["yaml"].splitlines()) <= 10
