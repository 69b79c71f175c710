"""The chapter on programs of a written advice: what it says, that nothing kept reaches it, and that it is made again byte for byte."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from smartpick_expert.advice import Advice, advise
from smartpick_expert.audit.entering import record_in
from smartpick_expert.audit.inputs import named_files
from smartpick_expert.audit.ledger import Ledger
from smartpick_expert.audit.versions import content_hash
from smartpick_expert.cli.main import main
from smartpick_expert.programs.carried import carried, carrying
from smartpick_expert.programs.gates import Result as GateResult
from smartpick_expert.programs.screen_view import CLOSED
from smartpick_expert.report.documents import DOCUMENTS, written
from smartpick_expert.sources import files_kept
from smartpick_expert.workspace import Workspace
from tests.advised import persona_data
from tests.profiles import AS_OF, WORKSPACE, Data

SAMPLE = WORKSPACE.root / "knowledge" / "catalogues" / "sample.csv"
PERSONA = "graduate_needing_visa"
HEAD = "about: Programs invented for a test (fictional).\nfictional: true\nverified: 2026-09-01\n"
TABLE = """id,name,specialty,accepts_j1,accepts_h1b,step2_floor,graduation_limit
takes-all,Takes All (fictional),internal_medicine,yes,yes,200,20
takes-j1,Takes J-1 (fictional),internal_medicine,yes,no,200,20
asks-much,Asks Much (fictional),internal_medicine,yes,yes,260,1
says-nothing,Says Nothing (fictional),internal_medicine,,,,
children,For Children (fictional),pediatrics,yes,yes,200,20
"""


@cache
def with_sample() -> Workspace:
    return carrying(WORKSPACE, [SAMPLE])[0]


@cache
def on_the_sample(persona: str) -> Advice:
    return advise(WORKSPACE.personas / f"{persona}.yaml", with_sample(), AS_OF, "plain")


def catalogue_in(folder: Path, name: str = "list", table: str = TABLE, head: str = HEAD) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.yaml").write_text(head, "utf-8")
    (folder / f"{name}.csv").write_text(table, "utf-8")
    return folder / f"{name}.csv"


def advised(folder: Path, data: Data, workspace: Workspace, *, redacted: bool = False) -> Advice:
    path = folder / "profile.json"
    path.write_text(json.dumps(data), "utf-8")
    return advise(path, workspace, AS_OF, "plain", redacted=redacted)


def chapter_of(markdown: str) -> str:
    """All on programs in an advice in Markdown, its chapter and two annexes; empty where there is none."""
    headings = r"Programs(?: \(\d of \d\))?|Annex A: Programs one by one|Annex B: Messages to send first"
    return "".join(re.findall(rf"^## (?:{headings})\n.*?(?=^## )", markdown, re.DOTALL | re.MULTILINE))


def run(*command: str | Path) -> Result:
    words = [str(word) for word in command]
    return CliRunner().invoke(main, [*words, "--workspace", str(WORKSPACE.root)])


def run_advise(folder: Path, *options: str | Path, profile: Path | None = None) -> Result:
    who = profile or WORKSPACE.personas / f"{PERSONA}.yaml"
    asked = ["--as-of", AS_OF.isoformat(), "--engine", "plain", "--out", str(folder / "out")]
    return run("advise", who, *asked, *options)


def own_profile(folder: Path) -> Path:
    """A profile that is no shipped persona, so that an advice on it is entered in a ledger."""
    path = folder / "somebody.yaml"
    text = (WORKSPACE.personas / f"{PERSONA}.yaml").read_text("utf-8")
    path.write_text(f"# Somebody else (fictional).\n{text}", "utf-8")
    return path


# --- what it says ------------------------------------------------------------------------------------------------------


def test_the_chapter_reads_as_it_was_reviewed(golden: Callable[[str, str], None]):
    golden(f"screens/{PERSONA}_chapter.md", chapter_of(on_the_sample(PERSONA).document("md")))


def test_a_file_that_leaves_much_open_is_told_what_it_leaves_open_itself(golden: Callable[[str, str], None]):
    golden("screens/half_unknown_chapter.md", chapter_of(on_the_sample("half_unknown").document("md")))


def test_both_documents_name_every_program_that_is_not_closed_and_label_the_two_sequences_apart():
    advice = on_the_sample(PERSONA)
    (chapter,) = advice.given.programs
    shown = [one.name for one in chapter.screen.programs if one.status != CLOSED]
    for form in ("md", "html"):
        text = advice.document(form)
        assert [name for name in shown if name not in text] == [], form
        assert text.index("(measured: their own word") < text.index("(perception, from one article)"), form
        assert "These programs are fictional" in text, form


def test_every_program_that_is_closed_names_a_rule_and_an_amount_or_a_fact():
    (chapter,) = on_the_sample(PERSONA).given.programs
    for one in chapter.closed:
        assert one.program.blocking is not None
        assert one.program.blocking.rules
        assert one.program.blocking.opened_by
        gates = [one.program.blocking, *one.also]
        assert {gate.result for gate in gates} == {GateResult.BLOCKED.value}
        assert len({gate.name for gate in gates}) == len(gates)


def test_what_would_open_programs_is_counted_only_where_one_requirement_alone_closes_them():
    (chapter,) = on_the_sample(PERSONA).given.programs
    alone = [one for one in chapter.closed if not one.also]
    assert sum(one.programs for one in chapter.openings) == len(alone) < len(chapter.closed)


def test_the_json_holds_every_program_with_every_gate_for_the_advisor():
    (data,) = json.loads(on_the_sample(PERSONA).document("json"))["programs"]
    assert (data["catalogue"], data["fictional"], len(data["programs"])) == ("sample", True, 46)
    assert all(one["requirements"] and one["filters"] for one in data["programs"])


def test_a_long_list_is_cut_in_print_and_whole_in_the_json(tmp_path: Path):
    rows = "".join(f"open-{n},Open {n} (fictional),internal_medicine,yes,yes,,\n" for n in range(45))
    table = TABLE.splitlines(keepends=True)[0] + rows
    advice = advised(tmp_path, persona_data(PERSONA), carrying(WORKSPACE, [catalogue_in(tmp_path, table=table)])[0])
    for form in ("md", "html"):
        text = advice.document(form)
        assert ("Open 39 (fictional)" in text, "Open 40 (fictional)" in text) == (True, False), form
        assert "5 more are listed in this advice as JSON" in text, form
    assert len(json.loads(advice.document("json"))["programs"][0]["programs"]) == 45


def test_a_name_in_a_catalogue_becomes_no_markup(tmp_path: Path):
    table = 'id,name,specialty\nx,"<b>Bold</b> *star* [link](http://x.example) (fictional)",internal_medicine\n'
    advice = advised(tmp_path, persona_data(PERSONA), carrying(WORKSPACE, [catalogue_in(tmp_path, table=table)])[0])
    assert "<b>Bold" not in advice.document("html")
    chapter = chapter_of(advice.document("md"))
    assert "\\<b\\>Bold\\</b\\> \\*star\\*" in chapter
    assert [line for line in chapter.splitlines() if "<b>" in line or "*star*" in line.replace("\\*", "")] == []


def test_an_advice_without_a_catalogue_says_nothing_of_one():
    advice = advise(WORKSPACE.personas / f"{PERSONA}.yaml", WORKSPACE, AS_OF, "plain")
    assert chapter_of(advice.document("md")) == ""
    assert 'id="programs-' not in advice.document("html")
    assert "programs" not in json.loads(advice.document("json"))


def test_in_match_week_the_chapter_sends_nobody_to_a_program(tmp_path: Path):
    workspace, _ = carrying(WORKSPACE, [catalogue_in(tmp_path)])
    data = persona_data(PERSONA)
    text = advised(tmp_path, data | {"applicant": data["applicant"] | {"stage": "match_week"}}, workspace).document(
        "md"
    )
    assert ("Says Nothing" in chapter_of(text), "Dear Program Coordinator" in text) == (True, False)
    assert "Dear Program Coordinator" in advised(tmp_path, data, workspace).document("md")


def test_a_carried_catalogue_makes_no_other_version_of_the_workspace(tmp_path: Path):
    assert content_hash(carrying(WORKSPACE, [catalogue_in(tmp_path)])[0]) == content_hash(WORKSPACE)


def test_two_catalogues_of_one_name_are_two_chapters(tmp_path: Path):
    pair = [catalogue_in(tmp_path / "a"), catalogue_in(tmp_path / "b", table=TABLE.replace("takes-all", "other"))]
    workspace, findings = carrying(WORKSPACE, [*pair, pair[0]])
    assert findings == dict.fromkeys(pair, 0)
    assert [one.path.as_posix() for one in carried(workspace)] == ["catalogues/list-2.csv", "catalogues/list.csv"]
    text = advised(tmp_path, persona_data(PERSONA), workspace).document("md")
    assert ("## Programs (1 of 2)" in text, "## Programs (2 of 2)" in text) == (True, True)


# --- what is kept ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kept",
    [
        {"program_note": [{"id": "n", "program": "takes-j1", "j1_places": 2, "j1_places_used": 2}]},
        {"school_relation": [{"id": "r", "program": "takes-all", "standing": "burned"}]},
        {"school_relation": [{"id": "r", "program": "takes-all", "standing": "trusted"}]},
    ],
    ids=["places used up", "school burned", "school trusted"],
)
def test_nothing_that_is_kept_reaches_the_applicants_chapter(tmp_path: Path, kept: Data):
    workspace, _ = carrying(WORKSPACE, [catalogue_in(tmp_path)])
    nothing: Data = {"program_note": [], "school_relation": []}
    data = persona_data(PERSONA) | {"applicant": {**persona_data(PERSONA)["applicant"], "visa_sought": "j1"}}
    plain = advised(tmp_path, data | nothing, workspace)
    noted = advised(tmp_path, data | nothing | kept, workspace)
    for form in ("html", "md", "summary"):
        assert noted.document(form) == plain.document(form), form
    told = json.loads(plain.document("json"))["programs"]
    everything = json.loads(noted.document("json"))["programs"]
    assert (everything[0]["filters"] != told[0]["filters"]) or everything != told


def test_a_redacted_advice_has_no_chapter_and_says_so(tmp_path: Path):
    result = run_advise(tmp_path, "--programs", catalogue_in(tmp_path), "--redact", "--format", "html,md,json")
    assert result.exit_code == 0
    assert "A redacted advice has no chapter on programs" in result.stderr
    written = "".join(path.read_text("utf-8") for path in (tmp_path / "out").iterdir())
    assert ("Takes All" in written, "takes-all" in written, "catalogues/" in written) == (False, False, False)


def test_a_redacted_advice_on_a_workspace_that_carries_a_catalogue_names_no_program_of_it(tmp_path: Path):
    workspace, _ = carrying(WORKSPACE, [catalogue_in(tmp_path)])
    advice = advised(tmp_path, persona_data(PERSONA), workspace, redacted=True)
    assert [form for form in ("html", "md", "json") if "Takes All" in advice.document(form)] == []


# --- made again --------------------------------------------------------------------------------------------------------


def test_an_advice_with_a_catalogue_is_made_again_byte_for_byte_from_ledger_and_bundle(tmp_path: Path):
    ledger, profile = tmp_path / "ledger.sqlite", own_profile(tmp_path)
    catalogue = catalogue_in(tmp_path, table=TABLE.replace("\n", "\r\n"))
    options = ("--ledger", ledger, "--programs", catalogue, "--format", "html,md,json")
    given = run_advise(tmp_path, *options, profile=profile)
    assert given.exit_code == 0, given.stderr
    # What is kept counts, not what lies there now.
    catalogue.unlink()
    catalogue.with_suffix(".yaml").unlink()
    (name,) = re.findall(r"Entered in the ledger as (\S+)\.", given.stderr)
    bundle = tmp_path / "one.zip"
    again = CliRunner().invoke(main, ["audit", "replay", name, "--ledger", str(ledger), "--engine", "plain"])
    packed = CliRunner().invoke(main, ["audit", "export", name, "--ledger", str(ledger), "--bundle", str(bundle)])
    from_bundle = CliRunner().invoke(main, ["audit", "replay", str(bundle), "--engine", "plain", "--format", "json"])
    assert (again.exit_code, packed.exit_code, from_bundle.exit_code) == (0, 0, 0), again.output
    found = json.loads(from_bundle.stdout)
    assert found["same_body"]
    assert sorted(found["same_documents"].items()) == [
        (name, True) for name in sorted(one.name("somebody") for one in written(DOCUMENTS, ("html", "md", "json")))
    ]
    assert "Takes All" in (tmp_path / "out" / "somebody.md").read_text("utf-8")


def test_the_record_names_both_files_of_a_catalogue_and_the_ledger_keeps_them(tmp_path: Path):
    ledger, profile = tmp_path / "ledger.sqlite", own_profile(tmp_path)
    given = run_advise(tmp_path, "--ledger", ledger, "--programs", catalogue_in(tmp_path), profile=profile)
    (name,) = re.findall(r"Entered in the ledger as (\S+)\.", given.stderr)
    with Ledger(ledger) as opened:
        record = record_in(opened, name)
        kept = files_kept(opened, record)
    assert [one for one in named_files(record.body.inputs) if one.startswith("catalogues/")] == [
        "catalogues/list.csv",
        "catalogues/list.yaml",
    ]
    assert (kept["catalogues/list.csv"], kept["catalogues/list.yaml"]) == (TABLE, HEAD)


# --- bad input ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "head", "code"),
    [
        (TABLE, "about: [", "yaml"),
        ("id,name\na,A\na,B\n", HEAD, "program.duplicate-id"),
        ("name\nA\n", HEAD, "program.no-column"),
        ("", HEAD, "file.empty"),
        ('id,name\na,"A\n', HEAD, "table.syntax"),
    ],
    ids=["head", "one id twice", "no ids", "empty", "quotes"],
)
def test_a_broken_catalogue_stops_the_advice_with_nothing_written(tmp_path: Path, table: str, head: str, code: str):
    result = run_advise(tmp_path, "--programs", catalogue_in(tmp_path, table=table, head=head))
    assert (result.exit_code, code in result.stderr, (tmp_path / "out").exists()) == (1, True, False), result.stderr


def test_a_catalogue_that_is_not_there_is_told(tmp_path: Path):
    result = run_advise(tmp_path, "--programs", tmp_path / "none.csv")
    assert (result.exit_code, "none" in result.stderr, (tmp_path / "out").exists()) == (1, True, False)


def test_a_catalogue_of_another_specialty_is_told_in_the_chapter_and_to_the_advisor(tmp_path: Path):
    only = "".join(TABLE.splitlines(keepends=True)[i] for i in (0, 5))
    result = run_advise(tmp_path, "--programs", catalogue_in(tmp_path, table=only))
    assert (result.exit_code, "list has no program in internal medicine." in result.stderr) == (0, True)
    text = (tmp_path / "out" / f"{PERSONA}.md").read_text("utf-8")
    assert "This catalogue has no program in internal medicine." in chapter_of(text)


def test_findings_in_a_catalogue_are_told_and_stop_nothing(tmp_path: Path):
    result = run_advise(tmp_path, "--programs", catalogue_in(tmp_path, table=TABLE.replace(",260,", ",2600,")))
    assert result.exit_code == 0
    assert "1 finding in the catalogue; 'smartpick programs check" in result.stderr
