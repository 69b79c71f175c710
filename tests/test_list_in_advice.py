"""The list as a chapter of a written advice: for the applicant without what is kept, and made again byte for byte."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from smartpick_expert.advice import Advice, advise
from smartpick_expert.cli.main import main
from smartpick_expert.lists.wishes import Plan, Wishes, wishing
from smartpick_expert.programs.carried import carrying
from smartpick_expert.report.documents import Document
from tests.advised import persona_data
from tests.listing import PERSONA, catalogue, program
from tests.profiles import AS_OF, WORKSPACE, Data

WISHES = Wishes(500, (Plan("internal_medicine"),))


def advised(folder: Path, data: Data, wishes: Wishes = WISHES, *, redacted: bool = False) -> Advice:
    catalogue(folder, program("a"), program("b", invited_non_us_img=0.05), program("c", accepts_j1="no"))
    path = folder / "profile.json"
    path.write_text(json.dumps(data), "utf-8")
    workspace = wishing(carrying(WORKSPACE, [folder / "list.csv"])[0], wishes)
    return advise(path, workspace, AS_OF, "plain", redacted=redacted)


def chapter_of(markdown: str) -> str:
    found = re.search(r"^## A list of programs\n.*?(?=^## )", markdown, re.DOTALL | re.MULTILINE)
    return found[0] if found else ""


def run(folder: Path, *options: str | Path, profile: Path | None = None) -> Result:
    who = profile or WORKSPACE.personas / f"{PERSONA}.yaml"
    words = ["advise", who, "--as-of", AS_OF.isoformat(), "--engine", "plain", "--out", folder / "out", *options]
    return CliRunner().invoke(main, [str(word) for word in (*words, "--workspace", WORKSPACE.root)])


def test_both_documents_have_the_list_call_it_fictional_and_promise_nothing(tmp_path: Path):
    advice = advised(tmp_path, persona_data(PERSONA))
    for form in ("md", "html"):
        text = advice.document(form)
        assert "A list of programs" in text, form
        assert "These programs are fictional: they were invented" in text, form
        assert "These are chances of an interview, not of matching" in text, form
        assert "Program a (fictional)" in text, form
    assert "1 further program is closed by something stated; the chapter on programs says by what." in chapter_of(
        advice.document("md")
    )


@pytest.mark.parametrize("form", ["md", "html"])
def test_the_letter_gives_the_numbers_of_the_list_in_place_of_the_plans_costs_and_the_memo_those_of_the_advisors(
    tmp_path: Path, form: str
):
    data = persona_data(PERSONA) | {"program_note": [{"id": "n", "program": "a", "j1_places": 2, "j1_places_used": 2}]}
    advice = advised(tmp_path, data)
    letter, memo = (" ".join(advice.document(form, name).split()) for name in (Document.LETTER, Document.MEMO))
    assert "Your list has 2 programs in internal medicine. With what is due once, applying costs US$ 372" in letter
    assert "The applications would cost" not in letter
    assert "The list, with what you noted counted: 2 programs, " in memo


def test_the_json_holds_the_list_of_the_advisor(tmp_path: Path):
    data = json.loads(advised(tmp_path, persona_data(PERSONA)).document("json"))["list"]
    assert [one["program"]["id"] for one in data["listed"]] == ["a", "b"]
    assert (data["fictional"], data["budget"], data["closed"]) == (True, 500, 1)


def test_an_advice_without_a_budget_has_no_list(tmp_path: Path):
    catalogue(tmp_path, program("a"))
    advice = advise(
        WORKSPACE.personas / f"{PERSONA}.yaml", carrying(WORKSPACE, [tmp_path / "list.csv"])[0], AS_OF, "plain"
    )
    assert chapter_of(advice.document("md")) == ""
    assert "list" not in json.loads(advice.document("json"))


@pytest.mark.parametrize(
    "kept",
    [
        {"program_note": [{"id": "n", "program": "a", "j1_places": 2, "j1_places_used": 2}]},
        {"school_relation": [{"id": "r", "program": "a", "standing": "burned"}]},
        {"school_relation": [{"id": "r", "program": "b", "standing": "trusted"}]},
    ],
    ids=["places used up", "school burned", "school trusted"],
)
def test_nothing_that_is_noted_in_confidence_reaches_the_applicants_list(tmp_path: Path, kept: Data):
    data = persona_data(PERSONA) | {"program_note": [], "school_relation": []}
    plain = advised(tmp_path, data)
    texts = {form: plain.document(form) for form in ("md", "html")}
    noted = advised(tmp_path, data | kept)
    assert {form: noted.document(form) for form in texts} == texts
    assert json.loads(noted.document("json"))["list"] != json.loads(plain.document("json"))["list"]


def test_a_redacted_advice_has_no_list(tmp_path: Path):
    advice = advised(tmp_path, persona_data(PERSONA), redacted=True)
    assert [form for form in ("html", "md", "json") if "Program a" in advice.document(form)] == []
    assert "list" not in json.loads(advice.document("json"))


def test_a_name_in_a_catalogue_becomes_no_markup_in_the_list(tmp_path: Path):
    catalogue(tmp_path, program("a", name="<b>Bold</b> *star* (fictional)", institution="<i>x</i>"))
    workspace = wishing(carrying(WORKSPACE, [tmp_path / "list.csv"])[0], WISHES)
    advice = advise(WORKSPACE.personas / f"{PERSONA}.yaml", workspace, AS_OF, "plain")
    assert "<b>Bold" not in advice.document("html")
    assert "\\<b\\>Bold\\</b\\> \\*star\\*" in chapter_of(advice.document("md"))


def test_an_advice_with_a_list_is_made_again_byte_for_byte_from_the_ledger(tmp_path: Path):
    who, ledger = tmp_path / "somebody.yaml", tmp_path / "ledger.sqlite"
    text = (WORKSPACE.personas / f"{PERSONA}.yaml").read_text("utf-8")
    who.write_text(f"# Somebody else (fictional).\n{text}", "utf-8")
    catalogue(tmp_path, program("a"), program("b", invited_non_us_img=0.05))
    options = ("--programs", tmp_path / "list.csv", "--budget", "$500", "--veto", "b", "--format", "html,md,json")
    given = run(tmp_path, *options, "--ledger", ledger, profile=who)
    assert given.exit_code == 0, given.stderr
    (tmp_path / "list.csv").unlink()
    (name,) = re.findall(r"Entered in the ledger as (\S+)\.", given.stderr)
    asked = ["audit", "replay", name, "--ledger", str(ledger), "--engine", "plain", "--format", "json"]
    again = json.loads(CliRunner().invoke(main, asked).stdout)
    assert (again["same_body"], set(again["same_documents"].values())) == (True, {True})
    written = (tmp_path / "out" / "somebody.md").read_text("utf-8")
    assert "Vetoed: 1" in chapter_of(written)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--budget", "500"], "A list is chosen from a catalogue: name one with --programs."),
        (["--pin", "a"], "--pin is about a list, which an advice has with --budget."),
        (["--programs", "x.csv", "--spend-all"], "--spend-all is about a list, which an advice has with --budget."),
    ],
)
def test_options_of_a_list_without_one_are_wrong_usage(tmp_path: Path, options: list[str], expected: str):
    result = run(tmp_path, *options)
    assert (result.exit_code, expected in result.stderr, (tmp_path / "out").exists()) == (2, True, False)


def test_a_list_that_cannot_be_made_stops_the_advice_before_anything_is_written(tmp_path: Path):
    catalogue(tmp_path, program("a"))
    result = run(tmp_path, "--programs", tmp_path / "list.csv", "--budget", "5")
    assert (result.exit_code, "error[list.conflict]" in result.stderr, (tmp_path / "out").exists()) == (1, True, False)
