"""One persona explained in full, as it is printed: what is in these golden files is read by a person before it is recorded."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from smartpick_expert.advice import RECORD, advise
from smartpick_expert.cli.main import main
from smartpick_expert.giving import write_documents
from tests.advised import advice_on, day_of
from tests.profiles import WORKSPACE

PERSONA = "high_risk"
ASKED = {
    "why": ["why", "bucket"],
    "why_in_sentences": ["why", "bucket", "--format", "text"],
    "why_an_action": ["why", "complete_letters"],
    "why_not": ["why-not", "known_quantity"],
    "why_not_a_rule_in_sentences": ["why-not", "letters.trusted", "--format", "text"],
    "what_if": ["what-if", "--set", "exam[step2_ck].score=250"],
    "what_if_in_full": ["what-if", "--full", "--set", "exam[step2_ck].score=250"],
}


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The record of the persona, as it is written beside the advice."""
    folder = tmp_path_factory.mktemp("advice")
    advice = advise(WORKSPACE.personas / f"{PERSONA}.yaml", WORKSPACE, day_of(PERSONA), "plain")
    write_documents(advice, folder, (), PERSONA)
    return folder / f"{PERSONA}{RECORD}"


@pytest.mark.parametrize("name", ASKED)
def test_one_persona_is_explained_as_it_was_reviewed(name: str, record: Path, golden):
    command, *rest = ASKED[name]
    result = CliRunner().invoke(
        main, [command, str(record), *rest, "--workspace", str(WORKSPACE.root), "--engine", "plain"]
    )
    assert result.exit_code == 0, result.output
    golden(f"explained/{name}.txt", result.stdout)


def test_what_the_advice_on_one_persona_hangs_on_is_as_it_was_reviewed(golden):
    text = advice_on(PERSONA).document("md")
    start = text.index("## What this advice hangs on")
    golden("explained/unknown_and_fragile.md", text[start : text.index("## What was assumed", start)])
