"""The checks that a review is made of: how they are found, and how what they find is shown."""

from __future__ import annotations

import json
from types import ModuleType

import pytest

from smartpick_expert.authoring.checks import registry
from smartpick_expert.authoring.checks.base import Finding, Witness, witness_lines
from smartpick_expert.cli.output import show_findings
from smartpick_expert.diagnostics import Location, Severity

WITNESS = Witness(
    "nothing at all is told to somebody with 250 points.", "exam: [{name: step2_ck, score: 250}]", ("exams.high",)
)
FOUND = Finding(
    "exam.hole", "There is a hole.", "Fill it.", Location("rules/a.yaml", 3, 5), rule="exams.high", witness=WITNESS
)


def module(name: str, **parts: object) -> ModuleType:
    made = ModuleType(name)
    vars(made).update(parts)
    return made


def test_the_checks_stand_in_the_order_of_their_codes_and_no_two_share_one():
    codes = [check.code for check in registry.all_checks()]
    assert codes == sorted(set(codes))


def test_every_check_says_in_one_sentence_what_it_finds():
    said = {check.code: check.finds for check in registry.all_checks()}
    assert {code: finds for code, finds in said.items() if not finds.endswith(".") or "\n" in finds} == {}


def test_a_module_that_lacks_a_part_of_a_check_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(registry, "_modules", lambda: iter([module("half", CODE="half.one")]))
    with pytest.raises(TypeError, match="half is a check without FINDS, SEVERITY, check"):
        registry.all_checks.__wrapped__()


def test_a_code_that_two_modules_have_is_named(monkeypatch: pytest.MonkeyPatch):
    parts = {"CODE": "same.code", "FINDS": "It.", "SEVERITY": Severity.ERROR, "check": lambda _: iter(())}
    monkeypatch.setattr(registry, "_modules", lambda: iter([module("one", **parts), module("two", **parts)]))
    with pytest.raises(TypeError, match=r"two modules have the code same\.code"):
        registry.all_checks.__wrapped__()


def test_a_witness_is_shown_below_its_finding(capsys: pytest.CaptureFixture[str]):
    show_findings([FOUND], "text")
    assert capsys.readouterr().err.splitlines() == [
        "rules/a.yaml:3:5: error[exam.hole] There is a hole. Fill it.",
        "  A made-up applicant: nothing at all is told to somebody with 250 points.",
        "    exam: [{name: step2_ck, score: 250}]",
        "",
    ]


def test_a_witness_is_data_in_json(capsys: pytest.CaptureFixture[str]):
    show_findings([FOUND], "json")
    [found] = json.loads(capsys.readouterr().out)
    assert (found["rule"], found["witness"]) == (
        "exams.high",
        {"shows": WITNESS.shows, "given": WITNESS.given, "rules": ["exams.high"], "whole": False},
    )


def test_a_witness_stands_in_the_annotation(capsys: pytest.CaptureFixture[str]):
    show_findings([FOUND], "github")
    assert capsys.readouterr().out == (
        "::error file=rules/a.yaml,line=3,col=5,title=exam.hole::There is a hole. Fill it.%0A"
        "  A made-up applicant: nothing at all is told to somebody with 250 points.%0A"
        "    exam: [{name: step2_ck, score: 250}]\n"
    )


def test_a_finding_without_a_witness_shows_none():
    assert witness_lines(Finding("a.b", "So.", "Do.", Location("x"))) == ()
