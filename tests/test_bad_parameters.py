"""Each file of `bad_parameters/` is refused at the place, with the code and in the words that its first two lines expect."""

from __future__ import annotations

from pathlib import Path

import pytest

from smartpick_expert.diagnostics import Diagnostic
from smartpick_expert.knowledge.parameter_reader import read_parameters
from smartpick_expert.knowledge.registries import Knowledge, check_citations
from smartpick_expert.language.loader import read_rules
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import parse, read_file
from smartpick_expert.workspace import Workspace

BAD_PARAMETERS = sorted((Path(__file__).parent / "bad_parameters").glob("*.yaml"))
GOOD = """
parameters:
  - name: fees.test
    meaning: A test.
    type: number
    basis: assumption
    source: Ours.
    owner: editorial
    values:
"""
RULE = """
topic: letters
about: A test.
rules:
  - id: letters.test
    title: A test
    kind: perception
    status: stable
    sources: [claim:letters-trusted-list]
    owner: editorial
    review_by: 2027-06-01
    when:
      - letter: {residents_sent: {at_least: CONDITION}}
    then:
      - bucket: {name: high_risk}
    because: You are WORDS.
    rationale: None.
"""


def findings(text: str) -> list[Diagnostic]:
    """What is wrong with a parameter file."""
    reader = Reader()
    read_parameters(parse(text, "test.yaml"), reader)
    return reader.problems


@pytest.mark.parametrize("path", BAD_PARAMETERS, ids=lambda path: path.stem)
def test_a_bad_parameter_file_is_refused_for_what_it_expects(path: Path):
    reader = Reader()
    read_parameters(read_file(path, path.name), reader)
    told = [(f"{p.location.line}:{p.location.column} {p.code}", f"{p.message} {p.hint}") for p in reader.problems]
    expects, words, *_ = path.read_text("utf-8").splitlines()
    assert told == [(expects.removeprefix("# expects: "), words.removeprefix("#   "))]


@pytest.mark.parametrize(
    "values",
    [
        "- {from: 2026-01-01, to: 2026-05-31, value: 1}\n- {from: 2026-06-01, value: 2}",
        "- {from: 2026-01-01, to: 2026-05-31, value: 1}\n- {from: 2026-06-01, to: 2026-06-30, value: }\n- {from: 2026-07-01, value: 2}",
        "- {season: 2025, value: 1}\n- {season: 2026, value: }\n- {season: 2027, value: 2}",
        "- {season: 2027, value: 2}\n- {season: 2026, value: 1}",
    ],
    ids=["days side by side", "days stated as unknown", "a season stated as unknown", "seasons in any order"],
)
def test_what_leaves_no_hole_is_taken(values: str):
    assert findings(GOOD + "".join(f"      {line}\n" for line in values.splitlines())) == []


def test_a_value_may_cite_a_source_of_its_own_and_must_not_invent_it():
    reader = Reader()
    text = GOOD + "      - {season: 2026, value: 1, source: 'evidence:nowhere'}\n"
    parameters = {p.name: p for p in read_parameters(parse(text, "test.yaml"), reader)}
    check_citations(Knowledge({}, {}, parameters, {}, {}), (), reader)
    assert [(p.code, p.location.line, p.message) for p in reader.problems] == [
        ("name.source", 10, "Parameter 'fees.test' cites evidence:nowhere.")
    ]


@pytest.mark.parametrize(
    ("condition", "words"),
    [("$parameter.fees.eras_applications", "a test"), ("1", "{{ parameter.fees.eras_applications }}")],
    ids=["a condition", "a sentence"],
)
def test_no_rule_names_a_table_of_steps(condition: str, words: str, workspace: Workspace):
    text = RULE.replace("CONDITION", condition).replace("WORDS", words)
    _, _, found = read_rules([parse(text, "test.yaml")], workspace.vocabulary, workspace.knowledge.names)
    assert [(p.code, p.message, p.hint) for p in found] == [
        (
            "type.parameter",
            "Parameter 'fees.eras_applications' is a table of steps, which no rule can test or print.",
            "Name a parameter that is one value or a list; steps are for costs.",
        )
    ]
