"""Where durable-rules is not installed, the plain engine serves, and asking for the other says so."""

from __future__ import annotations

import sys

import pytest

from smartpick_expert.diagnostics import Problems
from smartpick_expert.engine.session import make_matcher


@pytest.fixture(autouse=True)
def _not_installed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)


def test_asking_for_durable_rules_says_what_to_do_instead():
    with pytest.raises(Problems) as caught:
        make_matcher("durable")
    assert [(problem.code, problem.hint) for problem in caught.value.diagnostics] == [
        ("engine.missing", "Use --engine plain, which gives the same advice, or install durable-rules (see README).")
    ]


def test_the_plain_engine_serves():
    assert make_matcher().name == "plain"
