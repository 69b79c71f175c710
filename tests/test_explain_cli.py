"""`smartpick why` and `smartpick what-if`, as somebody at a terminal meets them: on a profile, and on the record kept of it."""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path

import pytest

from smartpick_expert.advice import advise
from smartpick_expert.giving import write_documents
from smartpick_expert.workspace import load_workspace
from tests.advised import advice_on, day_of, persona_data
from tests.profiles import WORKSPACE
from tests.test_cli import smartpick

ROOT = WORKSPACE.root
HERE = ("--workspace", ROOT, "--engine", "plain")
TO_215 = ("--set", "exam[step2_ck].score=215")
# One about whom much is kept from the applicant, and one whose bucket is open.
FEW = ("known_quantity", "half_unknown")


LOADED = cache(load_workspace)


@pytest.fixture(autouse=True)
def loaded_once(monkeypatch: pytest.MonkeyPatch):
    """A second's work, which every command would do again."""
    for module in ("inquiry", "cli.explain"):
        monkeypatch.setattr(f"smartpick_expert.{module}.load_workspace", LOADED)


def profile(persona: str) -> Path:
    return WORKSPACE.personas / f"{persona}.yaml"


def on_its_day(persona: str) -> tuple[str, ...]:
    return ("--as-of", day_of(persona).isoformat())


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The records of some personas, and a redacted one."""
    folder = tmp_path_factory.mktemp("records")
    found = {persona: write_documents(advice_on(persona), folder, (), persona)[-1] for persona in (*FEW, "premed")}
    return found | {"redacted": write_documents(advice_on("premed", redacted=True), folder, (), "redacted")[-1]}


@pytest.fixture(scope="module")
def other_rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which a rule has another comment, and one parameter another value."""
    root = tmp_path_factory.mktemp("other")
    for folder in ("rules", "knowledge"):
        shutil.copytree(ROOT / folder, root / folder)
    rules = root / "rules" / "bucket" / "typical.yaml"
    rules.write_text("# Ours.\n" + rules.read_text("utf-8"), "utf-8")
    numbers = root / "knowledge" / "parameters" / "bucket.yaml"
    numbers.write_text(numbers.read_text("utf-8").replace("value: 2", "value: 9", 1), "utf-8")
    return root


# --- from a profile and from its record ----------------------------------------------------------------------------------


@pytest.mark.parametrize("told", [(), ("--told",)], ids=["advisor", "told"])
@pytest.mark.parametrize("persona", FEW)
@pytest.mark.parametrize("question", [("why", "bucket"), ("what-if", *TO_215)], ids=["why", "what-if"])
def test_a_record_answers_as_the_profile_does(question, persona: str, told, records: dict[str, Path]):
    command, *asked = question
    words = (*asked, "--format", "json", "--full", *told, *HERE)
    from_profile = smartpick(command, profile(persona), *words, *on_its_day(persona))
    from_record = smartpick(command, records[persona], *words)
    assert (from_profile.exit_code, from_profile.stderr, from_profile.stdout) == (0, "", from_record.stdout)
    assert json.loads(from_record.stdout)["format"] == f"smartpick-{command}/1"


@pytest.mark.parametrize("form", ["tree", "text"])
def test_the_answer_in_words_begins_with_the_conclusion_and_ends_in_the_profile(form: str, records: dict[str, Path]):
    result = smartpick("why", records["known_quantity"], "bucket", "--format", form, *HERE)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith({"tree": "bucket: name ", "text": "1. bucket: name "}[form])
    assert "profile, line" in result.stdout


def test_what_is_told_rests_on_nothing_that_is_kept(records: dict[str, Path]):
    words = ("why", records["known_quantity"], "school_relation[1].standing", *HERE)
    for_advisor, told = smartpick(*words), smartpick(*words, "--told")
    assert ("standing" in for_advisor.stdout, for_advisor.exit_code) == (True, 0)
    assert (told.stdout, told.exit_code) == ("", 1)
    assumed = smartpick("why", records["half_unknown"], "assumed.school_relation", "--told", *HERE)
    assert "error[why.name]" in assumed.stderr


def test_full_leaves_nothing_out(records: dict[str, Path]):
    trimmed, full = (
        smartpick("what-if", records["known_quantity"], *TO_215, *more, *HERE).stdout for more in ((), ("--full",))
    )
    assert ("(--full)" in trimmed, "(--full)" in full, len(full) > len(trimmed)) == (True, False, True)


def test_a_record_speaks_of_its_own_day(records: dict[str, Path]):
    words = ("why", records["premed"], "applicant.stage", *HERE)
    same = smartpick(*words, "--as-of", day_of("premed").isoformat())
    other = smartpick(*words, "--as-of", "2025-01-01")
    assert (same.exit_code, other.exit_code, other.stdout) == (0, 1, "")
    assert other.stderr.splitlines()[0] == (
        f"{records['premed']}: error[record.day] This record is of 2026-09-10; its day cannot be another. "
        "Leave --as-of out, or name the profile."
    )


# --- other rules, other profiles -----------------------------------------------------------------------------------------


def test_a_record_made_with_other_rules_is_explained_as_it_was_and_run_again_with_a_word_of_warning(
    records: dict[str, Path], other_rules: Path
):
    record, other = records["known_quantity"], ("--workspace", other_rules, "--engine", "plain")
    caveat = (
        "The record was made with other rules and knowledge than are used here; what follows goes by those here. "
        "Name the workspace it was made with by --workspace for an answer by its own.\n"
    )
    why = ("why", record, "bucket", "--format", "json")
    assert smartpick(*why, *other).output == smartpick(*why, *HERE).output
    words = smartpick("what-if", record, *TO_215, *other)
    data = smartpick("what-if", record, *TO_215, "--format", "json", *other)
    assert (words.stderr, data.stderr, json.loads(data.stdout)["caveat"] + "\n") == (caveat, "", caveat)
    # Both sides are by the rules here: of the parameter that is another one here nothing is said.
    assert json.loads(data.stdout)["parameters"] == []


def test_other_rules_are_held_against_the_record_itself(records: dict[str, Path], other_rules: Path):
    words = ("what-if", records["known_quantity"], "--format", "json", *HERE)
    same = smartpick(*words, "--rules", ROOT / "rules")
    other = smartpick(*words, "--rules", other_rules)
    (changed,) = json.loads(other.stdout)["parameters"]
    assert (changed["before"]["certain"], changed["after"]["certain"], "caveat" in json.loads(other.stdout)) == (
        "2",
        "9",
        False,
    )
    assert {key: value for key, value in json.loads(same.stdout).items() if value} == {"format": "smartpick-what-if/1"}


def test_rules_that_are_not_there_are_said_not_to_be(records: dict[str, Path], tmp_path: Path):
    result = smartpick("what-if", records["premed"], "--rules", tmp_path / "none", *HERE)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines()[0] == (
        f"{tmp_path / 'none'}: error[workspace.no-rules] There are no rules here. "
        "Name a workspace, or a folder with files of rules."
    )


def test_a_second_profile_takes_the_place_of_the_first(tmp_path: Path):
    second = tmp_path / "second.json"
    data = persona_data("premed")
    second.write_text(json.dumps(data | {"applicant": data["applicant"] | {"label": "Another label"}}), "utf-8")
    words = ("what-if", profile("premed"), *HERE, *on_its_day("premed"))
    assert smartpick(*words, profile("premed")).stdout == "Nothing would differ.\n"
    for told in ((), ("--told",)):
        assert smartpick(*words, second, *told).stdout.splitlines()[0] == "What is given"


@pytest.mark.parametrize("words", [(), ("second.yaml", *TO_215)])
def test_what_if_without_a_change_or_with_two_kinds_of_it_is_not_understood(words):
    result = smartpick("what-if", profile("premed"), *words, *HERE)
    assert (result.exit_code, result.stdout, "Error: Name " in result.stderr) == (2, "", True)


# --- what cannot be answered ---------------------------------------------------------------------------------------------


def test_an_unknown_conclusion_is_answered_with_the_nearest(records: dict[str, Path]):
    result = smartpick("why", records["known_quantity"], "buckett", *HERE)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines()[0] == (
        "conclusion: error[why.name] There is no conclusion, statement, rule or action 'buckett'. "
        "Did you mean 'bucket'?"
    )


def test_a_word_that_some_conclusion_may_have_is_said_not_to_be_concluded(records: dict[str, Path]):
    found = smartpick("why", records["premed"], "known_quantity", *HERE)
    assert (found.exit_code, found.stderr.partition("\n")[0]) == (
        1,
        (
            "conclusion: error[why.not-concluded] 'known_quantity' was not concluded. "
            "Ask 'smartpick why-not SOURCE known_quantity'."
        ),
    )


def test_a_redacted_record_answers_why_and_nothing_that_needs_the_profile(records: dict[str, Path]):
    why = smartpick("why", records["redacted"], "applicant.stage", *HERE)
    what_if = smartpick("what-if", records["redacted"], "--set", "applicant.season=2030", *HERE)
    assert (why.exit_code, what_if.exit_code, what_if.stdout) == (0, 1, "")
    assert what_if.stderr == (
        f"{records['redacted']}: error[record.redacted] This record is redacted: it holds no profile, so nothing can be "
        "run again. Ask 'smartpick why', which needs none, or name the profile or the full record.\n\n"
        "1 problem found; nothing was written.\n"
    )


@pytest.mark.parametrize("command", ["why", "what-if"])
def test_a_damaged_record_is_one_finding(command: str, records: dict[str, Path], tmp_path: Path):
    cut = tmp_path / "cut.record.json"
    cut.write_bytes(records["premed"].read_bytes()[:5000])
    asked = {"why": ("bucket",), "what-if": TO_215}[command]
    result = smartpick(command, cut, *asked, *HERE)
    assert (result.exit_code, result.stdout, result.stderr.count("error[record.damaged]")) == (1, "", 1)


def test_a_profile_that_is_not_there_or_contradicts_itself_with_the_change_is_told(tmp_path: Path):
    none = smartpick("why", tmp_path / "none.yaml", "bucket", *HERE)
    assert (none.exit_code, "error[file.missing]" in none.stderr) == (1, True)
    words = ("what-if", profile("graduate_needing_visa"), "--set", "applicant.visa_sought=none", *HERE)
    result = smartpick(*words, *on_its_day("graduate_needing_visa"))
    assert (result.exit_code, result.stdout, "error[profile.contradiction]" in result.stderr) == (1, "", True)


# --- texts that want to be more than text --------------------------------------------------------------------------------

HOSTILE = "<script>alert(1)</script> [b](javascript:c) \u202eevil \u2066"


def hostile_profile(folder: Path, label: str) -> Path:
    path = folder / "hostile.yaml"
    text = profile("premed").read_text("utf-8")
    path.write_text(text.replace("label: Fictional persona", f'label: "{label}" #', 1), "utf-8")
    return path


def test_control_characters_are_refused_before_anything_is_asked(tmp_path: Path):
    path = hostile_profile(tmp_path, "\\x1b[31m<script>")
    result = smartpick("why", path, "applicant.label", *HERE, *on_its_day("premed"))
    assert (result.exit_code, result.stdout, "U+001B" in result.stderr, "\x1b" in result.output) == (1, "", True, False)


@pytest.mark.parametrize("form", ["tree", "text", "json"])
def test_marks_that_turn_the_writing_reach_no_terminal(form: str, tmp_path: Path):
    path = hostile_profile(tmp_path, HOSTILE)
    result = smartpick("why", path, "applicant.label", "--format", form, *HERE, *on_its_day("premed"))
    assert (result.exit_code, "<script>alert(1)</script>" in result.stdout) == (0, True)
    assert [c for c in result.output if not c.isprintable() and c != "\n"] == []
    if form == "json":
        held = [field["text"] for step in json.loads(result.stdout)["steps"] for field in step["fields"]]
        assert HOSTILE in held


@pytest.mark.parametrize("form", ["tree", "json"])
def test_nor_do_they_by_what_if(form: str, tmp_path: Path):
    words = ("what-if", profile("premed"), "--set", f"applicant.label={json.dumps(HOSTILE)}", "--format", form)
    result = smartpick(*words, *HERE, *on_its_day("premed"))
    assert (result.exit_code, "<script>alert(1)</script>" in result.stdout) == (0, True)
    assert [c for c in result.output if not c.isprintable() and c != "\n"] == []


def test_document_and_record_of_such_a_profile_hold_it_as_text(tmp_path: Path):
    advice = advise(hostile_profile(tmp_path, HOSTILE), WORKSPACE, day_of("premed"), "plain")
    html, record = write_documents(advice, tmp_path / "out", ("html",), "hostile")
    assert "<script>alert" not in html.read_text("utf-8")
    assert HOSTILE in json.loads(record.read_text("utf-8"))["body"]["inputs"]["profile"]["text"]
