"""Inputs that once went wrong are fine now, and a few hundred random ones of each kind and way go through check and consultation.

The long run is `python -m tests.fuzz`; what it finds is kept in `regressions/fuzz/`, with what was wrong in its index.
"""

from __future__ import annotations

import signal
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fuzz import properties
from tests.fuzz.failures import KEPT, kept_index, kept_input, smallest, tried
from tests.fuzz.inputs import KINDS, WAYS, Input, make_input

NUMBERS = range(120)


def test_every_kept_input_has_its_place_in_the_index():
    assert sorted(kept_index()) == sorted(path.name for path in KEPT.glob("*.yaml"))


@pytest.mark.parametrize("name", sorted(kept_index()))
def test_an_input_that_once_went_wrong_does_so_no_more(name: str):
    assert tried(kept_input(name), seconds=60)[1] == ""


@pytest.mark.parametrize("kind", KINDS)
def test_random_files_end_in_located_findings_or_in_a_consultation(kind: str):
    failed: dict[int, str] = {}
    seen: Counter[str] = Counter()
    for number in NUMBERS:
        one = replace(make_input(0, number, [kind]), deep=False)
        outcome, key = tried(one, seconds=60)
        seen.update({one.way: 1, "passed": outcome.passed, "fired": outcome.fired, "refused": bool(outcome.told)})
        if key:
            failed[number] = key
    assert failed == {}
    assert all(seen[what] for what in (*WAYS, "passed", "fired", "refused"))


def test_an_input_is_the_same_whoever_asks():
    assert [make_input(7, number) for number in (3, 1)] == [make_input(7, 3), make_input(7, 1)]


def test_an_exception_of_ours_is_told_by_its_name_and_place(monkeypatch: pytest.MonkeyPatch):
    def fails(*_):
        return {}["nowhere"]

    monkeypatch.setattr("smartpick_expert.language.loader._Loader.file", fails)
    assert tried(rule_file())[1] == "KeyError in loader.read_rules"


@pytest.mark.skipif(not hasattr(signal, "SIGPROF"), reason="nothing here measures processor time")
def test_what_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch):
    def hangs(*_):
        while True:
            pass

    monkeypatch.setattr("smartpick_expert.language.loader._Loader.file", hangs)
    assert tried(rule_file(), seconds=0.2)[1] == "takes too long in loader.read_rules"


def test_a_finding_behind_the_end_of_its_file_is_a_failure(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(properties, "_lines", lambda _: 0)
    assert tried(rule_file("topic: 1"))[1] == "finding lies outside the file: form.missing-key"


def test_a_failing_input_is_made_as_small_as_it_can_be():
    one = replace(rule_file(), data=b"a: 1\nb: 2\nc: 3\n")
    assert smallest(one, lambda shorter: b"2" in shorter.data).data == b"2"


def rule_file(text: str = "topic: made\nabout: Nothing.\nrules: []\n") -> Input:
    return Input("rules", "generated", "rules", str(Path("rules") / "made.yaml"), text.encode())
