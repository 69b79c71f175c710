"""The long run counts, ends as it should, and loses no seed to a process that dies."""

from __future__ import annotations

import argparse
import sys

import pytest

from tests import soak
from tests.regressions import kept_seeds

OPTIONS = {"start": 40, "seconds": 0, "examples": 3, "engine": "plain", "property": "agreement", "processes": 1}
# Says that it tries a seed, does so, says that it tries the next, and dies as the C core would: without a word.
DIES = 'import os; print(\'{"seed": 40}\\n{"figures": {}, "failure": ""}\\n{"seed": 41}\', flush=True); os._exit(134)'


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A file of kept seeds in place of the real one."""
    path = tmp_path / "agreement.txt"
    path.touch()
    monkeypatch.setitem(soak.PROPERTIES, "agreement", (soak.agreement, path))
    return path


def test_a_run_without_a_disagreement_ends_well_and_says_what_it_tried(kept, capsys):
    assert soak.Soak(argparse.Namespace(**OPTIONS)).run() == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("3 examples; 0 disagreements")


def test_a_seed_whose_process_dies_is_kept_and_the_others_are_tried(kept, monkeypatch, capsys):
    run = soak.Soak(argparse.Namespace(**OPTIONS))
    usual = run.command
    monkeypatch.setattr(
        run, "command", lambda seeds: [sys.executable, "-c", DIES] if seeds.start == 40 else usual(seeds)
    )
    assert run.run() == 1
    assert kept_seeds(kept) == [41]
    assert run.figures["examples"] == 3


def test_a_disagreement_is_reduced_and_kept(kept, monkeypatch):
    monkeypatch.setattr(soak, "reduced", lambda scenario, _: scenario)
    monkeypatch.setattr(
        soak, "read", lambda *_: argparse.Namespace(naive=None, disagreement="x", crowded=0, is_telling=0)
    )
    _, failure = soak.agreement(40, ("plain",))
    assert failure.endswith("\nx")
    run = soak.Soak(argparse.Namespace(**OPTIONS))
    run.fail(40, failure)
    assert (kept_seeds(kept), kept.read_text("utf-8").strip()) == ([40], "40  # x")
