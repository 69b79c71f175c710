"""The notes of a workspace: they count for every applicant in what the advisor sees, and reach none of their documents."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from smartpick_expert.advice import Advice, advise
from smartpick_expert.audit.record import record_text
from smartpick_expert.audit.versions import content_hash
from smartpick_expert.authoring.checks.base import Base
from smartpick_expert.authoring.checks.notes_program import check as check_programs
from smartpick_expert.authoring.impact import Fate, How, Person, look
from smartpick_expert.authoring.noted import note_problems
from smartpick_expert.authoring.workspaces.release import release_files
from smartpick_expert.cli.main import main
from smartpick_expert.consulting import consult_checked
from smartpick_expert.diagnostics import Problems
from smartpick_expert.explain.tree import drawn
from smartpick_expert.explain.why_text import WhyTree
from smartpick_expert.inquiry import inquire
from smartpick_expert.intake.changes import changed, read_changes
from smartpick_expert.intake.kept import without_what_is_kept
from smartpick_expert.intake.notes import notes_of, with_notes
from smartpick_expert.intake.profile import Entry, Profile, profile_from_text, require
from smartpick_expert.language.values import ABSENT
from smartpick_expert.programs.carried import carrying
from smartpick_expert.workspace import NOTES, Workspace, shipped_root
from tests.advised import MARK, PERSONAS, day_of, persona_data
from tests.profiles import AS_OF, WORKSPACE
from tests.test_programs_in_advice import SAMPLE, catalogue_in, own_profile

PERSONA = "graduate_needing_visa"
# On programs that the persona names and on some of a catalogue, on its school and on a writer of its letters.
ALL = f"""\
about: What an office knows.
program_note:
  - {{program: harbor_bend, j1_places: 3, j1_places_used: 3, because: {MARK} places, on: 2026-09-01}}
  - {{program: takes-j1, h1b_denial: yes, board_trouble: yes, because: {MARK} denial}}
school_note:
  - {{program: takes-all, school: "school  1", standing: burned, because: {MARK} school, on: 2026-01-01}}
  - {{program: takes-all, school: Another school, standing: trusted, because: {MARK} elsewhere}}
writer_note:
  - {{program: asks-much, writer: WRITER 1, standing: trusted, because: {MARK} trust}}
  - {{program: takes-all, writer: Writer 2, standing: burned, because: {MARK} doubt}}
  - {{program: asks-much, writer: Nobody here, standing: burned, because: {MARK} nobody}}
"""
GIVEN = ("html", "md", "summary")


def noting(text: str, workspace: Workspace = WORKSPACE) -> Workspace:
    return replace(workspace, files={**workspace.files, NOTES: text})


def read(text: str) -> Profile:
    return require(*profile_from_text(text, "somebody.yaml", WORKSPACE.vocabulary))


def joined(profile: str, notes: str) -> list[tuple[str, dict[str, object]]]:
    """What of the sections for the advisor a profile holds with notes on it."""
    kept = [kind.name for kind in WORKSPACE.vocabulary.types.values() if kind.for_advisor]
    entries = with_notes(read(profile), noting(notes)).entries
    return [(one.type, said(one)) for one in entries if one.type in kept]


def said(entry: Entry) -> dict[str, object]:
    """What an entry says: what a note leaves out is none."""
    return {name: slot for name, slot in entry.values.items() if slot is not ABSENT}


SOMEBODY = """\
applicant: {label: A, stage: preparing}
school: {name: Some School}
letter: [{id: l, writer: Writer 9}, {id: m}]
"""


# --- what is joined ----------------------------------------------------------------------------------------------------


def test_a_note_on_a_program_is_joined_into_every_profile():
    assert joined(SOMEBODY, "program_note: [{program: p, h1b_denial: yes}]") == [
        ("program_note", {"program": "p", "h1b_denial": True, "id": "notes-1"})
    ]


def test_a_note_on_a_school_is_joined_where_the_profile_is_of_that_school_however_it_is_spelt():
    notes = "school_note: [{program: p, school: other, standing: trusted}, {program: p, school: someschool, standing: burned}]"
    assert joined(SOMEBODY, notes) == [
        ("school_relation", {"program": "p", "standing": "burned", "id": "notes-2", "office": True})
    ]
    assert joined("applicant: {label: A, stage: preparing}", notes) == []


def test_a_note_on_a_writer_is_joined_where_a_letter_names_the_writer_and_as_the_letter_spells_it():
    notes = (
        "writer_note: [{program: p, writer: WRITER  9, standing: trusted}, {program: p, writer: X, standing: burned}]"
    )
    assert joined(SOMEBODY, notes) == [
        ("writer_note", {"program": "p", "standing": "trusted", "writer": "Writer 9", "id": "notes-1"})
    ]


def test_what_a_profile_says_of_the_same_thing_goes_before_a_note():
    own = """\
program_note: [{id: mine, program: p, h1b_denial: no}]
writer_note: [{program: p, writer: writer 9, standing: burned}]
"""
    notes = """\
program_note: [{program: p, h1b_denial: yes}, {program: q, h1b_denial: yes}]
writer_note: [{program: p, writer: Writer 9, standing: trusted}]
"""
    assert joined(SOMEBODY + own, notes) == [
        ("program_note", {"id": "mine", "program": "p", "h1b_denial": False}),
        ("writer_note", {"program": "p", "writer": "writer 9", "standing": "burned", "id": "writer_note-1"}),
        ("program_note", {"program": "q", "h1b_denial": True, "id": "notes-2"}),
    ]


def test_notes_are_joined_once_however_often_a_profile_is_run():
    workspace = noting(ALL)
    once = with_notes(read(SOMEBODY), workspace)
    assert with_notes(once, workspace) == once
    assert with_notes(once, WORKSPACE) == read(SOMEBODY)


def test_a_profile_that_is_told_never_gets_a_note():
    told = without_what_is_kept(read(SOMEBODY), WORKSPACE.vocabulary)
    assert with_notes(told, noting(ALL)) == told


def test_a_label_that_the_profile_has_already_is_given_a_number():
    own = SOMEBODY + "program_note: [{id: notes-1, program: q}]\n"
    assert [values["id"] for _, values in joined(own, "program_note: [{program: p}]")] == ["notes-1", "notes-1-2"]


@pytest.mark.parametrize(
    "text", ["", "# Nothing.\n", "about: Nothing yet.\n", "program_note:\n", "{}", "program_note: []"]
)
def test_a_file_in_which_nothing_is_noted_notes_nothing(text: str):
    notes = notes_of(noting(text))
    assert (notes.entries, notes.problems) == ((), ())


# --- what if -----------------------------------------------------------------------------------------------------------


def what_if(*words: str) -> list[tuple[str, dict[str, object]]]:
    """The kept entries of somebody after changes, run again with the notes."""
    workspace = noting(
        "program_note: [{program: p, h1b_denial: yes}]\nschool_note: [{program: p, school: Other, standing: burned}]"
    )
    settings_, removals = ([word for word in words if ("=" in word) is wanted] for wanted in (True, False))
    edits = read_changes(settings_, (), removals, WORKSPACE.vocabulary)
    after = with_notes(changed(with_notes(read(SOMEBODY), workspace), edits, WORKSPACE.vocabulary), workspace)
    return [(one.type, {k: v for k, v in said(one).items() if k != "id"}) for one in after.entries if one.is_noted]


def test_a_note_that_is_changed_or_taken_away_to_see_what_if_is_not_brought_back():
    assert what_if("program_note[notes-1].h1b_denial=no") == [("program_note", {"program": "p", "h1b_denial": False})]
    assert what_if("program_note[notes-1]") == []
    assert what_if("program_note[notes-1].h1b_denial") == [("program_note", {"program": "p"})]


def test_another_school_brings_the_notes_on_it():
    assert [kind for kind, _ in what_if("school.name=Other")] == ["program_note", "school_relation"]


# --- what they reach and what not --------------------------------------------------------------------------------------


@cache
def carried_here(folder: Path) -> Workspace:
    return carrying(WORKSPACE, [catalogue_in(folder)])[0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("notes")


def advised(persona: str, notes: str, folder: Path, *, redacted: bool = False) -> Advice:
    workspace = carried_here(folder)
    path = WORKSPACE.personas / f"{persona}.yaml"
    return advise(path, noting(notes, workspace) if notes else workspace, day_of(persona), "plain", redacted=redacted)


@cache
def given_without_notes(persona: str, folder: Path) -> dict[str, str]:
    return documents(advised(persona, "", folder))


def documents(advice: Advice, forms: tuple[str, ...] = GIVEN) -> dict[str, str]:
    return {form: advice.document(form) for form in forms}


def test_the_notes_decide_in_what_the_advisor_sees_and_every_word_of_them_is_left_out_of_what_the_applicant_is_given(
    folder: Path,
):
    noted = advised(PERSONA, ALL, folder)
    assert documents(noted) == given_without_notes(PERSONA, folder)
    assert [form for form in GIVEN if MARK in noted.document(form)] == []
    theirs = json.loads(noted.document("json"))["programs"][0]
    stopped = {one["id"]: one["stop"]["name"] for one in theirs["programs"] if one["stop"]["result"] == "blocked"}
    assert stopped["takes-all"] == "school"
    words = [
        word for word in ("places", "denial", "school", "trust", "doubt") if f"{MARK} {word}" in noted.document("json")
    ]
    assert words == ["places", "denial", "school", "trust", "doubt"]
    assert [word for word in ("elsewhere", "nobody") if f"{MARK} {word}" in noted.document("json")] == []


def test_a_redacted_advice_and_its_record_are_the_same_word_for_word_whatever_is_noted(folder: Path):
    noted, plain = (advised(PERSONA, notes, folder, redacted=True) for notes in (ALL, ""))
    forms = (*GIVEN, "json")
    assert documents(noted, forms) == documents(plain, forms)
    bodies = [json.loads(record_text(one.record({})))["body"] for one in (noted, plain)]
    assert bodies[0] == bodies[1]
    assert NOTES not in record_text(noted.record({}))


def entry(kind: str, program: str, name: str, standing: str) -> str:
    if kind == "program_note":
        flags = "j1_places: 2, j1_places_used: 2, h1b_denial: yes, board_trouble: yes"
        return f"  - {{program: {program}, {flags}, because: {MARK} {standing}}}\n"
    named = "school" if kind == "school_note" else "writer"
    return f"  - {{program: {program}, {named}: {json.dumps(name)}, standing: {standing}, because: {MARK} why}}\n"


def made(kinds: dict[str, dict[tuple[str, str], str]]) -> str:
    return "".join(
        f"{kind}:\n" + "".join(entry(kind, *key, standing) for key, standing in several.items())
        for kind, several in kinds.items()
        if several
    )


PROGRAMS = st.sampled_from(
    ["takes-all", "takes-j1", "asks-much", "says-nothing", "harbor_bend", "lantern_hill", "elsewhere"]
)
STANDINGS = st.sampled_from(["trusted", "burned"])


def noted_on(names: list[str]) -> st.SearchStrategy[dict[tuple[str, str], str]]:
    return st.dictionaries(st.tuples(PROGRAMS, st.sampled_from(names)), STANDINGS, max_size=5)


NOTED = st.fixed_dictionaries(
    {
        "program_note": noted_on([""]),
        "school_note": noted_on(["School 1", "School 2", "School 7"]),
        "writer_note": noted_on(["Writer 1", "Writer 4", "Writer 5"]),
    }
).map(made)


@settings(max_examples=4, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(notes=NOTED, persona=st.sampled_from([PERSONA, "known_quantity", "half_unknown"]))
def test_whatever_is_noted_an_applicant_is_given_the_same_documents(notes: str, persona: str, folder: Path):
    noted = documents(advised(persona, notes, folder))
    assert noted == given_without_notes(persona, folder)
    assert [form for form, text in noted.items() if MARK in text] == []


@pytest.mark.parametrize("persona", PERSONAS)
def test_the_run_behind_what_is_given_is_the_same_with_every_persona(persona: str):
    profile = read((WORKSPACE.personas / f"{persona}.yaml").read_text("utf-8"))
    told = [
        consult_checked(
            without_what_is_kept(one, WORKSPACE.vocabulary), workspace, day_of(persona), "plain"
        ).derivation.certain
        for workspace in (noting(ALL), WORKSPACE)
        for one in (profile, with_notes(profile, workspace))
    ]
    assert told == [told[0]] * 4


def test_an_inquiry_into_what_the_applicant_was_told_knows_of_no_note(tmp_path: Path):
    profile = own_profile(tmp_path)
    asked = inquire(profile, noting(ALL), AS_OF, "plain", told=True)
    assert MARK not in json.dumps([fact.fields for fact in asked.trace.facts], default=str)
    assert asked.consultation.profile.of("program_note") == ()


def test_why_names_the_line_of_the_notes_on_which_a_conclusion_rests(tmp_path: Path):
    named = own_profile(tmp_path)
    asked = inquire(named, noting(ALL), AS_OF, "plain")
    answer = asked.why("notice[about=j1_places_taken]")
    shown = " ".join(line.strip(" │├└─") for node in WhyTree(answer).nodes() for line in drawn(node))
    assert "[the office's notes, notes.yaml:3]" in shown


def test_cases_and_versions_of_rules_have_no_part_in_notes():
    workspace = noting(ALL)
    assert content_hash(workspace) == content_hash(WORKSPACE)
    text = (WORKSPACE.personas / f"{PERSONA}.yaml").read_text("utf-8")
    (outcome,) = look([Person("a", text)], WORKSPACE, workspace, How(AS_OF, "plain"))
    assert outcome.fate is Fate.UNTOUCHED


def test_nothing_is_noted_in_what_is_shipped_and_a_new_workspace_has_a_file_to_write_into():
    assert not (shipped_root() / NOTES).exists()
    notes = notes_of(noting(release_files()[NOTES].decode()))
    assert (notes.entries, notes.problems) == ((), ())
    uncommented = notes_of(
        noting(re.sub(r"^# (?=\w+_note:|  - )", "", release_files()[NOTES].decode(), flags=re.MULTILINE))
    )
    assert [one.type for one in uncommented.entries] == ["program_note", "program_note", "school_note", "writer_note"]
    assert uncommented.problems == ()


# --- what is wrong with a file -----------------------------------------------------------------------------------------

WRONG = {
    "one of each": """\
program_note:
  - {program: p, j1_places: 3, j1_places_used: 300}
  - {program: q, h1b_denial: maybe}
  - {program: Q, board_trouble: yes}
  - {prgram: r, on: 2026-13-40, j1_places_left: 2}
override: []
school_note:
  - {program: p, standing: burned}
  - {program: p, school: S, standing: hated}
writer_notes: []
""",
    "a mapping for a list": "program_note: {program: p}\n",
    "a list for a file": "- program_note\n",
    "no yaml": "program_note:\n  - {program: [\n",
    "written twice": """\
school_note:
  - {program: p, school: My School, standing: burned}
  - {program: p, school: myschool, standing: trusted}
""",
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_notes_is_told_with_its_place(name: str, golden: Callable[[str, str], None]):
    problems = notes_of(noting(WRONG[name])).problems
    golden(f"notes/{name.replace(' ', '_')}.txt", "".join(f"{problem}\n" for problem in problems))


def test_wrong_notes_stop_an_advice_and_not_a_redacted_one():
    path = WORKSPACE.personas / f"{PERSONA}.yaml"
    with pytest.raises(Problems) as stopped:
        advise(path, noting("program_note: [{program: p, j1_places: 3, j1_places_used: 300}]"), AS_OF, "plain")
    assert [str(one.location.path) for one in stopped.value.diagnostics] == [NOTES]
    broken = noting("program_note: [{program: p, j1_places: 3, j1_places_used: 300}]")
    assert advise(path, broken, AS_OF, "plain", redacted=True).consultation.profile.entries == ()


# --- as the commands have it -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of somebody's own, with a catalogue and a profile."""
    root = tmp_path_factory.mktemp("office")
    for name in ("rules", "knowledge", "reports"):
        shutil.copytree(WORKSPACE.root / name, root / name)
    own_profile(root)
    catalogue_in(root / "programs")
    return root


def run(office: Path, *command: str | Path) -> Result:
    words = [str(word) for word in command]
    result = CliRunner().invoke(main, words, env={"SMARTPICK_LEDGER": str(office / "ledger.sqlite")})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def give(office: Path, out: Path, *options: str | Path) -> Result:
    common = ("--workspace", office, "--as-of", AS_OF.isoformat(), "--engine", "plain", "--out", out)
    return run(office, "advise", office / "somebody.yaml", *common, *options)


def test_an_advice_is_made_again_byte_for_byte_after_the_notes_were_changed(office: Path, tmp_path: Path):
    notes = office / NOTES
    notes.write_text(ALL, "utf-8")
    listed = ("--programs", office / "programs" / "list.csv", "--format", "md,json")
    given_ = give(office, tmp_path / "out", *listed)
    assert given_.exit_code == 0, given_.stderr
    (name,) = re.findall(r"Entered in the ledger as (\S+)\.", given_.stderr)
    record, bundle = tmp_path / "out" / "somebody.record.json", tmp_path / "one.zip"
    assert json.loads(record.read_text("utf-8"))["body"]["inputs"]["knowledge"]["files"][NOTES]
    notes.write_text("program_note: [{program: other, h1b_denial: yes}]\n", "utf-8")
    assert run(office, "audit", "export", name, "--bundle", bundle).exit_code == 0
    for source in (name, bundle):
        again = run(office, "audit", "replay", source, "--engine", "plain", "--format", "json")
        found = json.loads(again.stdout)
        assert (again.exit_code, found["same_body"], set(found["same_documents"].values())) == (0, True, {True})
    told = run(office, "audit", "compare", name, "--workspace", office, "--engine", "plain")
    assert re.findall(r"^Because of (.*):", told.stdout, re.MULTILINE) == ["the office's notes"]
    given_again = give(office, tmp_path / "out", "--format", "md")
    assert given_again.exit_code == 0
    assert "Nothing that you are told of moved." in (tmp_path / "out" / "somebody.md").read_text("utf-8")


def test_a_record_alone_is_made_again_with_the_catalogue_and_the_notes_of_then(office: Path, tmp_path: Path):
    notes, catalogue = office / NOTES, office / "programs" / "list.csv"
    notes.write_text(ALL, "utf-8")
    assert give(office, tmp_path / "out", "--programs", catalogue, "--no-record", "--format", "md").exit_code == 0
    record = tmp_path / "out" / "somebody.record.json"
    kept = tmp_path / "notes_of_then.yaml"
    notes.replace(kept)
    again = ("audit", "replay", record, "--workspace", office, "--engine", "plain")
    alone = run(office, *again)
    assert alone.exit_code == 1
    assert "'catalogues/list.csv' is not there, and 2 more. Name the catalogue with --programs" in alone.stderr
    without = run(office, *again, "--programs", catalogue)
    assert (without.exit_code, "'notes.yaml' is not there. Name the notes of then with --notes" in without.stderr) == (
        1,
        True,
    )
    whole = run(office, *again, "--programs", catalogue, "--notes", kept)
    assert (whole.exit_code, "The advice is the same, byte for byte." in whole.stdout) == (0, True), whole.stderr
    other = catalogue_in(tmp_path / "other", table=catalogue.read_text("utf-8").replace("260", "250"))
    for options, said_ in (
        (("--programs", other), "the table is another"),
        (
            ("--programs", catalogue_in(tmp_path / "head", head="about: Changed (fictional).\n")),
            "'list.yaml' beside it is not",
        ),
        (("--programs", catalogue, "--notes", catalogue), "These are not the notes that the record was made with."),
    ):
        refused = run(office, *again, *options)
        assert (refused.exit_code, said_ in refused.stderr) == (1, True), refused.stderr


def test_a_record_made_without_notes_is_made_again_without_whatever_the_workspace_notes_by_now(
    office: Path, tmp_path: Path
):
    (office / NOTES).unlink(missing_ok=True)
    assert give(office, tmp_path / "out", "--no-record", "--format", "md").exit_code == 0
    (office / NOTES).write_text(ALL, "utf-8")
    record = tmp_path / "out" / "somebody.record.json"
    again = run(office, "audit", "replay", record, "--workspace", office, "--engine", "plain")
    assert (again.exit_code, "The advice is the same, byte for byte." in again.stdout) == (0, True), again.stderr
    named = run(
        office, "audit", "replay", record, "--workspace", office, "--engine", "plain", "--notes", office / NOTES
    )
    assert (named.exit_code, "The record was made without notes." in named.stderr) == (1, True)
    asked = run(office, "why-not", record, "letters.trusted", "--workspace", office, "--engine", "plain")
    assert "made with other notes than are used here" in asked.stdout + asked.stderr


def test_a_screen_counts_the_notes_and_says_so_on_top(office: Path):
    (office / NOTES).write_text(ALL, "utf-8")
    listed = ("--programs", office / "programs" / "list.csv", "--as-of", AS_OF.isoformat(), "--engine", "plain")
    result = run(office, "programs", "screen", office / "somebody.yaml", *listed, "--workspace", office)
    assert "For the advisor only" in result.stdout
    assert MARK not in result.stdout
    assert "stopped by the filter for the school" in result.stdout


def test_a_check_of_the_rules_reads_the_notes(office: Path):
    """What `rules check` adds to what any reading of the notes finds; that it is asked, a seeded defect shows."""
    slips = "program_note:\n  - {program: takes-al}\n  - {program: takes-j1, j1_places: 2, j1_places_used: 3}\n"
    workspace = replace(noting(slips), root=office)
    (slip,) = check_programs(Base(workspace, (), AS_OF))
    assert (slip.location.line, slip.hint) == (2, "Did you mean 'takes-all'?")
    (wrong,) = note_problems(workspace, AS_OF)
    assert (wrong.code, wrong.location.path, wrong.location.line) == ("notes.contradiction", NOTES, 3)


def test_the_personas_that_are_tried_have_what_the_notes_are_on():
    assert persona_data(PERSONA)["school"]["name"] == "School 1"
    assert {one["writer"] for one in persona_data(PERSONA)["letter"]} >= {"Writer 1", "Writer 2"}


PLACES = "program_note: [{program: yarrow_gap_internal_medicine, j1_places: 2, j1_places_used: 2}]\n"


def test_why_and_why_not_a_program_that_a_note_alone_stops_end_at_the_note(office: Path):
    (office / NOTES).write_text(PLACES, "utf-8")
    about = (office / "somebody.yaml", "yarrow_gap_internal_medicine", "--programs", SAMPLE, "--workspace", office)
    asked = (*about, "--as-of", AS_OF.isoformat(), "--engine", "plain")
    why, why_not = run(office, "why", *asked), run(office, "why-not", *asked)
    assert why.stdout.startswith(
        "program filter: program yarrow_gap_internal_medicine, name the visa, result stops the file\n"
    )
    assert "[the office's notes, notes.yaml:1]" in " ".join(why.stdout.replace("│", "").split())
    assert "visa_closed[program=yarrow_gap_internal_medicine visa=j1]: programs.j1-closed" in why_not.stdout
    told = run(office, "why-not", *asked, "--told")
    assert "Nothing that is stated stands in the way at 'yarrow_gap_internal_medicine'." in told.stderr
    assert "j1-closed" not in run(office, "why", *asked, "--told").stdout


def test_each_row_of_a_screen_says_for_whom_it_is_where_something_is_noted(office: Path):
    open_ = office / "nothing_kept.yaml"
    open_.write_text((office / "somebody.yaml").read_text("utf-8").partition("school_relation:")[0], "utf-8")
    asked = ("programs", "screen", open_, "--programs", SAMPLE, "--workspace", office, "--engine", "plain")
    found = []
    for notes in (PLACES, ""):
        (office / NOTES).write_text(notes, "utf-8")
        result = run(office, *asked, "--as-of", AS_OF.isoformat(), "--format", "csv")
        rows = list(csv.DictReader(StringIO(result.stdout)))
        stops = {row["first_filter"] for row in rows if row["id"] == "yarrow_gap_internal_medicine"}
        found.append(({(row["fictional"], row["confidential"]) for row in rows}, stops))
    assert found == [
        ({("fictional", "for the advisor only")}, {"the visa"}),
        ({("fictional", "")}, {""}),
    ]


def test_a_redacted_finding_in_notes_is_named_as_one_and_not_as_the_profile_s(office: Path, tmp_path: Path):
    (office / NOTES).write_bytes(b"program_note: [{program: caf\xe9}]\n")
    result = give(office, tmp_path / "out", "--redact")
    (office / NOTES).unlink()
    assert result.exit_code == 1
    assert result.stderr.startswith("notes.yaml:1:29: error[file.encoding] Run 'smartpick rules check' to read")
