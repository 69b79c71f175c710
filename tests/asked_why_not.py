"""A small rule base to ask "why not" of: the small one of `tests/small`, with a bucket of which there is one only."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any, Final

from smartpick_expert.engine.consultation import Consultation, consult_profile
from smartpick_expert.workspace import Workspace, load_workspace
from tests.profiles import profile_of

AS_OF: Final = date(2026, 9, 10)
SMALL: Final = Path(__file__).parent / "small"
_HEAD: Final = """
    kind: perception
    status: stable
    sources: [claim:letters-from-home]
    owner: editorial
    review_by: 2027-06-01
"""
_LETTERS: Final = f"""topic: letters
about: More about letters.
rules:
  - id: letters.thin
    title: A letter from home, or by a writer who never sent anybody
{_HEAD}
    when:
      - letter: {{as: letter}}
      - any:
          - letter_flag: {{letter: $letter.id, kind: outside_us}}
          - letter: {{id: $letter.id, residents_sent: {{below: 1}}}}
      - not: {{letter_grade: {{letter: $letter.id, grade: trusted}}}}
    then:
      - letter_grade: {{letter: $letter.id, grade: weak}}
    because: Little stands behind {{{{ letter.id }}}}.
    rationale: For the tests.
"""
_BUCKET: Final = f"""topic: bucket
about: More about sorting.
rules:
  - id: bucket.thin
    title: Two letters with little behind them
{_HEAD}
    when:
      - count: {{letter_grade: {{grade: weak}}, at_least: 2}}
    then:
      - bucket: {{name: high_risk}}
    because: Two letters of yours are weak.
    rationale: For the tests.
"""


def small_base(folder: Path) -> Workspace:
    """The base, written below a folder."""
    root = folder / "base"
    shutil.copytree(SMALL, root)
    vocabulary = root / "knowledge" / "vocabulary" / "all.yaml"
    text = vocabulary.read_text("utf-8")
    for name, per in (("letter_grade", "[letter]"), ("bucket", "[]")):
        text = text.replace(f"  {name}:\n", f"  {name}:\n    one_per: {per}\n")
    vocabulary.write_text(text, "utf-8")
    (root / "rules" / "letters" / "thin.yaml").write_text(_LETTERS, "utf-8")
    (root / "rules" / "bucket" / "thin.yaml").write_text(_BUCKET, "utf-8")
    return load_workspace(root)


def asked(workspace: Workspace, letters: list[dict[str, Any]] | None, stage: str = "preparing") -> Consultation:
    """A consultation about somebody with these letters; None where nothing is said of letters."""
    data: dict[str, Any] = {"applicant": {"label": "somebody", "stage": stage}}
    if letters is not None:
        data["letter"] = letters
    return consult_profile(profile_of(data, workspace.vocabulary), workspace, AS_OF, "plain")


def letter(label: str, **fields: Any) -> dict[str, Any]:
    """A letter of which everything is known that matters here, but for what is said otherwise."""
    return {"id": label, "us_based": True, "waived": True, "residents_sent": 1} | fields
