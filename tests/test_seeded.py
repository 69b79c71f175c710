"""A defect is seeded for every check of a review, and the check finds it, and no other check finds anything.

A folder of `seeded/` is named by a code and laid over the small base, which has no findings of its own. Some checks have
their seed in `bad_bases/`. What a check finds reads as `golden/seeded/` has it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from smartpick_expert.authoring.checks.base import witness_lines
from smartpick_expert.authoring.checks.registry import all_checks
from smartpick_expert.authoring.review import check
from smartpick_expert.authoring.silences import CODE as IDLE
from smartpick_expert.diagnostics import render
from tests.test_review import BAD_BASES, DAY, SMALL

SEEDS = sorted(path for path in (Path(__file__).parent / "seeded").iterdir() if path.is_dir())


def seeded(seed: Path, tmp_path: Path) -> Path:
    """The small base with a seed laid over it."""
    base = Path(shutil.copytree(SMALL, tmp_path / "base"))
    return Path(shutil.copytree(seed, base, dirs_exist_ok=True))


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.name)
def test_a_seeded_defect_is_found_and_nothing_else_is(seed: Path, tmp_path: Path, golden):
    found = check(seeded(seed, tmp_path), DAY).findings
    assert {finding.code for finding in found} == {seed.name}
    golden(f"seeded/{seed.name}.txt", "".join("\n".join([render(f), *witness_lines(f)]) + "\n\n" for f in found))


def test_every_check_of_a_review_has_a_seeded_defect():
    elsewhere = {path.read_text("utf-8").partition("\n")[0].partition(": ")[2] for path in BAD_BASES}
    codes = {one.code for one in all_checks()} | {IDLE}
    assert codes - {seed.name for seed in SEEDS} - elsewhere == set()
