"""Each file of `bad_actions/` is refused at the place, with the code and in the words that its first two lines expect."""

from __future__ import annotations

from pathlib import Path

import pytest

from smartpick_expert.diagnostics import Diagnostic
from smartpick_expert.knowledge.actions import read_actions
from smartpick_expert.knowledge.registries import Knowledge, check_citations
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import parse, read_file
from tests.profiles import WORKSPACE

BAD_ACTIONS = sorted((Path(__file__).parent / "bad_actions").glob("*.yaml"))
PARAMETERS = WORKSPACE.knowledge.names.parameters
BARE = """
actions:
  - name: test
    title: A test
    do: Nothing.
    done_when: At once.
    stages: [preparing]
"""


def told(reader: Reader) -> list[tuple[str, str]]:
    return [(f"{p.location.line}:{p.location.column} {p.code}", f"{p.message} {p.hint}") for p in reader.problems]


def cited(text: str) -> list[Diagnostic]:
    """What is wrong with what the actions of a file cite."""
    reader = Reader()
    actions = {a.name: a for a in read_actions(parse(text, "test.yaml"), WORKSPACE.vocabulary, PARAMETERS, reader)}
    assert reader.problems == []
    check_citations(Knowledge({}, {}, {}, actions, {}), ("preparing",), reader)
    return reader.problems


@pytest.mark.parametrize("path", BAD_ACTIONS, ids=lambda path: path.stem)
def test_a_bad_action_file_is_refused_for_what_it_expects(path: Path):
    reader = Reader()
    read_actions(read_file(path, path.name), WORKSPACE.vocabulary, PARAMETERS, reader)
    expects, words, *_ = path.read_text("utf-8").splitlines()
    assert told(reader) == [(expects.removeprefix("# expects: "), words.removeprefix("#   "))]


def test_an_action_that_says_nothing_of_itself_is_read_and_lacks_all_of_it():
    (action,) = read_actions(parse(BARE, "test.yaml"), WORKSPACE.vocabulary, PARAMETERS, Reader())
    assert action.lacks == ("changes", "needs", "until", "takes", "costs")


def test_an_action_cites_no_evidence_that_nobody_wrote_down():
    text = BARE + '    takes: {weeks: [1, 2], basis: evidence, owner: editorial, source: "evidence:nowhere"}\n'
    assert [(p.code, p.message) for p in cited(text)] == [("name.source", "Action 'test' cites evidence 'nowhere'.")]


def test_a_change_is_for_stages_that_there_are():
    text = BARE + "    changes:\n      - set: {ecfmg.status: certified}\n        stages: [prepared]\n"
    assert [(p.code, p.message) for p in cited(text)] == [("value.choice", "'prepared' is no stage.")]
