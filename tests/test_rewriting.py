"""Changing YAML files: what was meant is changed, and nothing else."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartpick_expert.language.rewriting import (
    Replacement,
    applied,
    rewritten,
    with_item,
    with_key,
    with_value,
    without_item,
    without_key,
    written,
)
from smartpick_expert.language.source import Mapping, Node, Scalar, Sequence
from smartpick_expert.language.spans import SpannedText, read_spanned
from tests.yaml_files import TEXTS, data_of, nodes_of, yaml_files

RULES = """\
# The rules of letters.
- id: letters.trusted   # the first
  sources: [claim:a, claim:b]
  when:
    - letter: {us_based: true, residents_sent: {at_least: 1}}
  because: >-
    It is
    trusted.

- id: letters.other
  # nothing yet
  sources: []
"""


def spanned(text: str) -> SpannedText:
    return SpannedText(text, "file.yaml")


def comments(of: SpannedText) -> list[str]:
    return [of.text[one.start : one.end] for one in of.comments]


def after(text: str, change: Replacement) -> SpannedText:
    return spanned(rewritten(spanned(text), [change]))


def set_in(data: object, old: Node, new: object, root: Node) -> object:
    """The data of a tree with what one node holds put in place of it."""
    if root is old:
        return new
    if isinstance(root, Mapping):
        return {key.text: set_in(None, old, new, value) for key, value in root.pairs}
    if isinstance(root, Sequence):
        return [set_in(None, old, new, item) for item in root.items]
    return data_of(root)


@given(yaml_files())
def test_every_node_and_comment_is_found_where_it_stands(text: str):
    of = spanned(text)
    for node in nodes_of(of.root):
        span = of.span(node)
        assert 0 <= span.start <= span.end <= len(text)
        if isinstance(node, Scalar) and span.style == "plain":
            assert normalize("NFC", of.source(node)) == node.text
    assert all(text[one.start] == "#" for one in of.comments)


@given(yaml_files())
def test_a_text_set_to_what_it_is_changes_no_byte(text: str):
    of = spanned(text)
    changes = [with_value(of, node, node.text) for node in nodes_of(of.root) if isinstance(node, Scalar)]
    assert rewritten(of, changes) == text


@given(yaml_files(), TEXTS, st.data())
def test_a_text_set_anew_is_read_as_that_and_all_else_as_before(text: str, value: str, data: st.DataObject):
    of = spanned(text)
    scalars = [node for node in nodes_of(of.root) if isinstance(node, Scalar)]
    if not scalars:
        return
    node = data.draw(st.sampled_from(scalars))
    again = after(text, with_value(of, node, value))
    assert data_of(again.root) == set_in(None, node, normalize("NFC", value), of.root)
    assert comments(again) == comments(of)


@given(yaml_files(), st.data())
def test_what_is_taken_out_is_gone_and_every_comment_stays(text: str, data: st.DataObject):
    of = spanned(text)
    holders = [
        n for n in nodes_of(of.root) if (isinstance(n, Mapping) and n.pairs) or (isinstance(n, Sequence) and n.items)
    ]
    if not holders:
        return
    node = data.draw(st.sampled_from(holders))
    if isinstance(node, Mapping):
        key = data.draw(st.sampled_from([name.text for name, _ in node.pairs]))
        change = without_key(of, node, key)
        left: object = {name.text: data_of(value) for name, value in node.pairs if name.text != key}
    else:
        index = data.draw(st.integers(0, len(node.items) - 1))
        change = without_item(of, node, index)
        left = [data_of(item) for i, item in enumerate(node.items) if i != index]
    again = after(text, change)
    assert data_of(again.root) == set_in(None, node, left, of.root)
    assert comments(again) == comments(of)


@given(yaml_files(), TEXTS, st.data())
def test_what_is_put_in_stands_there_and_no_other_byte_changes(text: str, value: str, data: st.DataObject):
    of = spanned(text)
    holders = [node for node in nodes_of(of.root) if not isinstance(node, Scalar)]
    node = data.draw(st.sampled_from(holders))
    new = written(value, in_flow=of.span(node).is_flow)
    read = normalize("NFC", value)
    if isinstance(node, Mapping):
        names = [name.text for name, _ in node.pairs]
        behind = data.draw(st.sampled_from([None, *names]))
        change = with_key(of, node, "new key", new, behind)
        at = len(names) if behind is None else names.index(behind) + 1
        held = [(name.text, data_of(one)) for name, one in node.pairs]
        expected: object = dict([*held[:at], ("new key", read), *held[at:]])
    else:
        number = data.draw(st.sampled_from([None, *range(len(node.items))]))
        change = with_item(of, node, new, number)
        items = [data_of(item) for item in node.items]
        items.insert(len(items) if number is None else number + 1, read)
        expected = items
    again = after(text, change)
    assert change.start == change.end
    assert data_of(again.root) == set_in(None, node, expected, of.root)
    assert comments(again) == comments(of)


def test_keys_and_items_go_and_come_as_a_person_would_have_done_it():
    of = spanned(RULES)
    assert isinstance(of.root, Sequence)
    first, second = of.root.items
    assert isinstance(first, Mapping)
    assert isinstance(second, Mapping)
    sources, none = first.get("sources"), second.get("sources")
    assert isinstance(sources, Sequence)
    assert isinstance(none, Sequence)
    because = first.get("because")
    assert isinstance(because, Scalar)
    changes = [
        without_key(of, first, "id"),
        without_item(of, sources, 0),
        with_key(of, first, "status", "retired", after="sources"),
        with_value(
            of,
            because,
            "Programs know it, whoever wrote it, and it says more of you than any number does, which is why it counts for so much.",
        ),
        with_item(of, none, "claim:c"),
        with_key(of, second, "then", "\n  - bucket: {name: high_risk}"),
    ]
    assert (
        rewritten(of, changes)
        == """\
# The rules of letters.
- # the first
  sources: [claim:b]
  status: retired
  when:
    - letter: {us_based: true, residents_sent: {at_least: 1}}
  because: >-
    Programs know it, whoever wrote it, and it says more of you than any number does, which is why it counts for so
    much.

- id: letters.other
  # nothing yet
  sources: [claim:c]
  then:
    - bucket: {name: high_risk}
"""
    )


def test_a_mark_crlf_and_letters_not_composed_stay_as_they_are(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_bytes("\ufeffa: Zu\u0308rich # o\u0308\r\nb: 1\r\n".encode())
    of = read_spanned(path)
    assert isinstance(of.root, Mapping)
    changes = [without_key(of, of.root, "b"), with_key(of, of.root, "c", "2", after="a")]
    assert rewritten(of, changes).encode() == "\ufeffa: Zu\u0308rich # o\u0308\r\nc: 2\r\n".encode()


def test_replacements_that_overlap_or_lie_outside_are_refused():
    for changes in ([Replacement(0, 2, ""), Replacement(1, 3, "")], [Replacement(0, 9, "")], [Replacement(2, 1, "")]):
        with pytest.raises(ValueError, match="overlaps another"):
            applied("abcd", changes)


def test_a_comment_that_would_go_is_noticed():
    of = spanned("a: 1 # why\n")
    with pytest.raises(ValueError, match="A comment of"):
        rewritten(of, [Replacement(4, len(of.text), "")])


@given(st.text(st.characters(codec="utf-8"), max_size=30), st.booleans(), st.booleans())
def test_any_text_that_yaml_may_hold_is_read_as_it_was_written(value: str, quoted: bool, in_flow: bool):
    source = written(value, quoted=quoted, in_flow=in_flow)
    [read] = data_of(spanned(f"[{source}]" if in_flow else f"- {source}").root)
    assert normalize("NFC", read) == normalize("NFC", value)
