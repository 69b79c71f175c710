"""What screening a catalogue takes: one applicant against made-up programs, every gate in words, in a process of its own.

`python -m tests.bench.screening PROGRAMS` measures one size and prints a line of JSON.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from time import perf_counter, process_time
from types import MappingProxyType
from typing import Any

from smartpick_expert.advice import advise
from smartpick_expert.engine.consultation import consult_profile
from smartpick_expert.intake.profile import read_profile, require
from smartpick_expert.programs.catalogue import Catalogue, Cited, Listing
from smartpick_expert.programs.screen_view import screen_view
from smartpick_expert.programs.screening import screen
from tests.profiles import WORKSPACE

ROOT = Path(__file__).parents[2]
SIZES = (500, 5_000)
PERSONA = "graduate_needing_visa"
DAY = date(2026, 9, 10)
# Nothing stands for what a program leaves out; programs differ in nearly everything, which is harder than real lists are.
VALUES: dict[str, tuple[object, ...]] = {
    "specialty": ("internal_medicine",),
    "track": ("categorical", "categorical", "categorical", "preliminary"),
    "setting": ("community", "university", "university_affiliated"),
    "step2_floor": (None, None, 210, 215, 220, 225, 230, 235, 240, 245),
    "step2_preferred": (None, None, 230, 240, 250),
    "step2_comfortable": (None, 240, 250),
    "attempts_limit": (None, None, 1, 2, 3),
    "attempts_preferred": (None, 1),
    "graduation_limit": (None, 3, 5, 7, 10),
    "graduation_preferred": (None, None, 2, 3, 5),
    "accepts_j1": (True, True, True, False, None),
    "accepts_h1b": (False, False, True, None),
    "step3_for_h1b": (None, True, False),
    "ecfmg_at_application": (None, False, True),
    "hands_on_weeks": (None, 4, 8, 12),
    "us_weeks": (None, 4, 8),
    "letters_min": (None, 3, 3, 4),
}
Row = dict[str, Any]


def screenings() -> list[Row]:
    """A row for each size, each measured in a process of its own."""
    rows = []
    for size in SIZES:
        command = [sys.executable, "-m", "tests.bench.screening", str(size)]
        found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        rows.append(json.loads(found.stdout))
    return rows


def made_up(size: int, values: Mapping[str, tuple[object, ...]] = MappingProxyType(VALUES)) -> Catalogue:
    """A catalogue of made-up programs, the same for the same size everywhere, each field drawn from some values."""
    chance = random.Random(size)
    listings = []
    for number in range(size):
        drawn = {name: chance.choice(several) for name, several in values.items()}
        said = {"id": f"p{number}", "name": f"Program {number} (fictional)", **drawn}
        cells = {name: Cited(value, "Made up", DAY) for name, value in said.items() if value is not None}  # type: ignore[arg-type]
        listings.append(Listing(f"p{number}", cells, number + 2))
    return Catalogue(Path("made_up.csv"), "Made up (fictional).", tuple(listings), is_fictional=True)


def measure(size: int) -> Row:
    """Processor's seconds of screening and of words for every gate, in units of one advice too, and the memory at its highest."""
    path = WORKSPACE.personas / f"{PERSONA}.yaml"
    advise(path, WORKSPACE, DAY, "plain").document("html")
    begun = process_time()
    advise(path, WORKSPACE, DAY, "plain").document("html")
    advice = process_time() - begun
    catalogue = made_up(size)
    consultation = consult_profile(require(*read_profile(path, WORKSPACE.vocabulary)), WORKSPACE, DAY, "plain")
    begun, clock = process_time(), perf_counter()
    screening = screen(consultation, catalogue, "plain")
    screened = process_time() - begun
    view = screen_view(screening)
    seconds, wall = process_time() - begun, perf_counter() - clock
    gates = sum(len(one.requirements) + len(one.filters) + len(one.known) for one in view.programs)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return {
        "programs": size,
        "gates": gates,
        "screened": screened,
        "seconds": seconds,
        "wall": wall,
        "advices": seconds / advice,
        "a_program": seconds / size * 1e6,
        "resident": peak,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(int(sys.argv[1]))) + "\n")
