"""Each file of `bad_rules/` trips the findings that its first line expects, and its messages read as `golden/bad_rules/` has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from smartpick_expert.diagnostics import Diagnostic, Problems, render
from smartpick_expert.engine.strata import stratify
from smartpick_expert.language.loader import read_rules
from smartpick_expert.language.source import read_file
from smartpick_expert.workspace import Workspace

BAD_RULES = sorted((Path(__file__).parent / "bad_rules").glob("*.yaml"))
EXPECTS = "# expects: "


def findings(path: Path, workspace: Workspace) -> tuple[Diagnostic, ...]:
    """What the shipped vocabulary and knowledge make of a rule file."""
    rules, _, found = read_rules([read_file(path, path.name)], workspace.vocabulary, workspace.knowledge.names)
    if found:
        return found
    try:
        stratify(rules)
    except Problems as problems:
        return problems.diagnostics
    return ()


@pytest.mark.parametrize("path", BAD_RULES, ids=lambda path: path.stem)
def test_a_bad_rule_file_is_refused_for_what_it_expects(path: Path, workspace: Workspace, golden):
    found = findings(path, workspace)
    expected = path.read_text("utf-8").partition("\n")[0].removeprefix(EXPECTS).split(", ")
    assert sorted({finding.code for finding in found}) == expected
    golden(f"bad_rules/{path.stem}.txt", "".join(f"{render(finding)}\n\n" for finding in found))


def test_every_finding_says_what_to_do_and_ends_its_sentences(workspace: Workspace):
    found = [finding for path in BAD_RULES for finding in findings(path, workspace)]
    assert [f for f in found if not f.message.endswith(".") or not f.hint.endswith((".", "?"))] == []


def test_the_shipped_rules_have_no_findings(workspace: Workspace):
    assert (workspace.warnings, len(stratify(workspace.ruleset.rules)) > 1) == ((), True)
