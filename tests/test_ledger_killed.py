"""A process that is killed while it appends loses nothing that it acknowledged, and leaves a ledger that holds."""

from __future__ import annotations

from pathlib import Path

from smartpick_expert.audit.ledger import Ledger
from tests.ledger_kills import kill_often


def test_what_was_acknowledged_before_a_kill_is_there_after_it(tmp_path: Path):
    path = tmp_path / "ledger.sqlite"
    result = kill_often(path, 12, seed=7)
    assert (result.lost, result.findings) == ([], [])
    assert sum(not name.startswith("after") for name in result.acknowledged) > 0
    with Ledger(path) as ledger:
        assert ledger.length() == len(result.acknowledged) + result.unasked


def test_a_process_killed_before_it_made_the_ledger_leaves_one_that_can_be_made(tmp_path: Path):
    path = tmp_path / "ledger.sqlite"
    path.touch(mode=0o600)
    assert kill_often(path, 1, seed=1).lost == []
