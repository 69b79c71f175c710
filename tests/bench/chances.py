"""What the chances at a catalogue's programs take, as a ratio to screening it: every program open, each size in a process of its own.

`python -m tests.bench.chances PROGRAMS` measures one size and prints a line of JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from time import process_time
from typing import Any

from smartpick_expert.chances.chance import chances
from smartpick_expert.chances.chance_view import chance_views
from smartpick_expert.engine.consultation import consult_profile
from smartpick_expert.intake.profile import read_profile, require
from smartpick_expert.programs.screening import screen
from tests.bench.screening import DAY, PERSONA, ROOT, SIZES, made_up
from tests.profiles import WORKSPACE

Row = dict[str, Any]


def _shares(*hundredths: int) -> tuple[object, ...]:
    return (None, *(Decimal(each) / 100 for each in hundredths))


# No requirement, so that nothing closes and a chance is reckoned at every program; rates differ from one to the next.
VALUES: dict[str, tuple[object, ...]] = {
    "specialty": ("internal_medicine", "internal_medicine", "neurology", "pediatrics"),
    "state": (None, "OH", "TX", "NY", "CA", "FL", "PA", "IL"),
    "division": (None, "pacific", "mountain", "middle_atlantic"),
    "accepts_j1": (True,),
    "takes_signals": (True, True, False, None),
    "step2_invited_low": (None, 225, 230, 235, 240, 245),
    "step2_invited_high": (None, 255, 260, 265, 270),
    "invited_us_img": _shares(*range(20)),
    "invited_non_us_img": _shares(*range(20)),
    "invited_signal": _shares(20, 30, 40),
    "invited_gold": _shares(30, 45, 60),
    "invited_silver": _shares(10, 20, 30),
    "invited_no_signal": _shares(1, 2, 5, 10),
}


def reckonings() -> list[Row]:
    """A row for each size, each measured in a process of its own."""
    rows = []
    for size in SIZES:
        command = [sys.executable, "-m", "tests.bench.chances", str(size)]
        found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        rows.append(json.loads(found.stdout))
    return rows


def measure(size: int) -> Row:
    """Processor's seconds of screening, of the chances on top of it, and of their words."""
    path = WORKSPACE.personas / f"{PERSONA}.yaml"
    consultation = consult_profile(require(*read_profile(path, WORKSPACE.vocabulary)), WORKSPACE, DAY, "plain")
    chances(screen(consultation, made_up(10, VALUES), "plain"), "plain")
    begun = process_time()
    screening = screen(consultation, made_up(size, VALUES), "plain")
    screened = process_time() - begun
    begun = process_time()
    found = chances(screening, "plain")
    reckoned = process_time() - begun
    chance_views(screening, found)
    worded = process_time() - begun
    return {
        "programs": size,
        "chances": sum(one is not None for one in found.values()),
        "screened": screened,
        "reckoned": reckoned,
        "worded": worded,
        "screenings": reckoned / screened,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(int(sys.argv[1]))) + "\n")
