"""Small catalogues, and lists chosen from them as the command does it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from smartpick_expert.cli.main import main
from tests.advised import persona_data
from tests.profiles import AS_OF, WORKSPACE, Data

PERSONA = "graduate_needing_visa"
HEAD = "about: Programs invented for a test (fictional).\nfictional: true\nverified: 2026-09-01\n"
# A program that states everything, nothing of which the persona lacks.
OPEN: Mapping[str, object] = {
    "specialty": "internal_medicine",
    "track": "categorical",
    "state": "OH",
    "setting": "community",
    "application_service": "eras",
    "accepts_j1": "yes",
    "accepts_h1b": "no",
    "step2_floor": 200,
    "attempts_limit": 3,
    "graduation_limit": 20,
    "hands_on_weeks": 0,
    "us_weeks": 0,
    "letters_min": 1,
    "letters_max": 4,
    "ecfmg_at_application": "no",
    "takes_signals": "no",
    "invited_non_us_img": 0.1,
}


def load_once(monkeypatch: pytest.MonkeyPatch):
    """Have the command take the workspace of the tests, so that it is not read anew for each list."""
    # The package names the command as its module is named, so the module is asked for by its whole name.
    module = import_module("smartpick_expert.cli.programs.select")
    monkeypatch.setattr(module, "load_workspace", lambda _: WORKSPACE)


def program(label: str, **stated: object) -> dict[str, object]:
    return {"id": label, "name": f"Program {label} (fictional)", "institution": f"Hospital {label}", **OPEN, **stated}


def catalogue(folder: Path, *programs: Mapping[str, object], head: str = HEAD) -> Path:
    columns = dict.fromkeys(name for one in programs for name in one)
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(programs)
    (folder / "list.csv").write_text(out.getvalue(), "utf-8")
    (folder / "list.yaml").write_text(head, "utf-8")
    return folder / "list.csv"


def profile(folder: Path, **changed: Data | list[Data]) -> Path:
    path = folder / "profile.json"
    path.write_text(json.dumps(persona_data(PERSONA) | changed), "utf-8")
    return path


def select(folder: Path, *options: str, who: Path | None = None) -> Result:
    given = [str(who or profile(folder)), "--programs", str(folder / "list.csv"), "--as-of", AS_OF.isoformat()]
    command = ["programs", "select", *given, "--engine", "plain", "--workspace", str(WORKSPACE.root), *options]
    return CliRunner().invoke(main, command)


def selected(folder: Path, *options: str, who: Path | None = None) -> dict[str, Any]:
    result = select(folder, "--format", "json", *options, who=who)
    assert (result.exit_code, result.stderr) == (0, "")
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def ids(data: Mapping[str, Any]) -> list[str]:
    return [one["program"]["id"] for one in data["listed"]]


def left_out(data: Mapping[str, Any]) -> dict[str, str]:
    return {one["program"]["id"]: one["why"] for one in data["left_out"]}
