"""The guide for authors is followed to the letter, and what it shows is what is seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.authoring_guide import differences, missing


@pytest.mark.unmeasured
def test_the_guide_for_authors_can_be_followed_to_the_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)

    assert differences(whole=False) == []


def test_what_the_guide_leaves_out_is_left_out_by_three_dots_alone():
    assert missing(["one", "...", "four"], ["one", "two", "three", "four"]) == []
    assert missing(["one", "four"], ["one", "two", "three", "four"]) == ["four"]
    assert missing(["one", "two"], ["one", "two", "three"]) == ["and then: three"]
    assert missing(["one", "..."], ["one", "two", "three"]) == []
    assert missing(["...", "five", "..."], ["one", "two"]) == ["five", "..."]


def test_only_places_and_counts_may_differ_from_what_the_guide_shows():
    assert missing(["a.yaml:24:3: 210 cases"], ["a.yaml:31:5: 2,100 cases"]) == []
    assert missing(["the limit 4"], ["the limit 5"]) == ["the limit 4"]
