"""Drawings of the rule base: what they hold, and that they can be read."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

from smartpick_expert.authoring.graph.placing import Box, placed
from smartpick_expert.authoring.graph.scopes import around, of_all, of_topic
from smartpick_expert.cli.main import main
from tests.profiles import WORKSPACE

SMALL = Path(__file__).parent / "small"
TOPICS = sorted({rule.topic for rule in WORKSPACE.ruleset.rules})
SVG = "{http://www.w3.org/2000/svg}"


def graph(*words: str, root: Path = SMALL) -> Result:
    result = CliRunner().invoke(main, ["rules", "graph", *words, "--workspace", str(root)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


@pytest.mark.parametrize("what", ["letters.known-writer", "letters", ""])
def test_a_drawing_in_mermaid_reads_as_it_was_recorded(what: str, golden):
    result = graph(*filter(None, [what]))
    assert (result.exit_code, result.stderr) == (0, "")
    golden(f"graph/{what or 'all'}.mmd", result.stdout)


def test_an_svg_is_xml_with_a_title_and_says_in_words_what_it_shows(tmp_path: Path):
    out = tmp_path / "rule.svg"
    assert graph("letters.known-writer", "--out", str(out)).exit_code == 0
    root = ET.fromstring(out.read_text("utf-8"))  # noqa: S314 - our own
    assert root.findtext(f"{SVG}title") == "Rule letters.known-writer"
    assert "letters.known-writer feeds letter grade." in (root.findtext(f"{SVG}desc") or "")
    shown = {text.text for text in root.iter(f"{SVG}text")}
    assert {"letters.known-writer", "letter", "letter flag", "letter grade", "bucket.known"} <= shown
    assert "http" not in out.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")


def overlap(one: Box, other: Box) -> bool:
    return one.x == other.x and one.y < other.y + other.height and other.y < one.y + one.height


@pytest.mark.parametrize("topic", ["letters", "bucket", "actions", ""])
def test_no_box_lies_on_another_and_none_outside(topic: str):
    drawing = placed(of_topic(topic, WORKSPACE) if topic else of_all(WORKSPACE))
    assert [(a.node.key, b.node.key) for a, b in combinations(drawing.boxes, 2) if overlap(a, b)] == []
    assert all(0 < box.x < box.x + drawing.box_width < drawing.width for box in drawing.boxes)
    assert all(0 < box.y < box.y + box.height < drawing.height for box in drawing.boxes)


def test_around_a_rule_stand_those_that_feed_it_and_those_that_it_feeds():
    rule = WORKSPACE.ruleset.get("letters.trusted")
    assert rule is not None
    column = {node.name: node.column for node in around(rule, WORKSPACE).nodes}
    of_interest = (
        "letters.generic",
        "letter flag",
        "letter",
        "letters.trusted",
        "letter grade",
        "visa.answered-by-letter",
        "letters",
    )
    assert [column[name] for name in of_interest] == [0, 1, 1, 2, 3, 4, 4]


def test_every_rule_of_a_topic_is_drawn_and_arrows_in_a_topic_lead_to_the_right():
    for topic in TOPICS:
        diagram = of_topic(topic, WORKSPACE)
        column = {node.key: node.column for node in diagram.nodes}
        assert {rule.id for rule in WORKSPACE.ruleset.rules if rule.topic == topic} <= {
            node.name for node in diagram.nodes
        }
        back = [edge for edge in diagram.edges if column[edge.start] >= column[edge.end]]
        # A rule that reads what it concludes itself is a circle, and nothing else is.
        pairs = {(edge.start, edge.end) for edge in diagram.edges}
        assert [edge for edge in back if (edge.end, edge.start) not in pairs] == []


@pytest.mark.parametrize(
    ("what", "said"), [("letters.known", "The nearest: letters.known-writer"), ("lettres", "There is no rule")]
)
def test_an_unknown_name_is_told_of(what: str, said: str):
    result = graph(what)
    assert (result.exit_code, said in result.stderr) == (2, True), result.stderr


def test_a_place_that_cannot_be_written_is_told_of(tmp_path: Path):
    (tmp_path / "file").write_text("", "utf-8")
    result = graph("letters", "--out", str(tmp_path / "file/x.svg"))
    assert (result.exit_code, "The file cannot be written" in result.stderr) == (1, True), result.stderr
