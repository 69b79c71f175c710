"""The schemas take every file that is shipped and refuse whatever is wrong in form, read as an editor reads it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from smartpick_expert.authoring.directions import reading as directions
from smartpick_expert.authoring.schemas.definitions import DIALECT
from smartpick_expert.authoring.schemas.files import APPLIES_TO, FOLDER, SETTINGS, schema_files
from smartpick_expert.authoring.schemas.scalars import given as schema_of
from smartpick_expert.cli.main import main
from smartpick_expert.diagnostics import Problems
from smartpick_expert.intake.profile import profile_from_text
from smartpick_expert.knowledge import claims as claims_file
from smartpick_expert.knowledge import evidence as evidence_file
from smartpick_expert.knowledge import parameter_reader
from smartpick_expert.language import loader, vocabulary_loader
from smartpick_expert.language.literals import read_field
from smartpick_expert.language.operators import OPERATORS
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import Mapping, parse
from smartpick_expert.language.vocabulary import Field, FieldType
from smartpick_expert.programs import head
from smartpick_expert.programs.importing import form
from smartpick_expert.workspace import Workspace, load_workspace
from tests.editors import Schemas, file_as_read, text_as_read

HERE = Path(__file__).parent
ROOT = HERE.parent
# What only a look at more than one place can find: circles, names, days and seasons that do not fit, what is protected.
BY_MEANING = {
    "bad_rules": {
        "circle_through_a_tally", "circle_through_any", "circle_through_not", "duplicate_ids", "measured_alone", "name_bound_twice",
        "name_of_a_branch_used_outside", "protected_field", "protected_field_in_its_topic", "protected_flow", "read_by",
        "tallies_that_wait_for_one_another", "too_large", "unbound_name", "unknown_field_of_a_name", "unused_name",
        "valid_backwards", "wrong_forms_of_references", "wrong_types", "wrong_units_of_references",
    },
    "bad_profiles": {"a_visa_needed_and_not", "contradictions"},
    "bad_actions": {"need_of_what_is_protected", "range_backwards"},
    "bad_parameters": {
        "ends_before_it_begins", "hole_between_days", "hole_of_one_day", "overlap", "season_skipped", "season_twice",
        "seasons_skipped", "steps_after_the_last", "steps_out_of_order",
    },
}  # fmt: skip
SCHEMA_OF = {"bad_rules": "rules", "bad_profiles": "profile", "bad_actions": "actions", "bad_parameters": "parameters"}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A copy of the small base."""
    return Path(shutil.copytree(HERE / "small", tmp_path / "small"))


@pytest.fixture
def small_workspace(small: Path) -> Workspace:
    return load_workspace(small)


@pytest.fixture(scope="module")
def schemas(workspace: Workspace) -> Schemas:
    return Schemas(workspace)


def schema_for(path: Path) -> str:
    """The schema that is for a file of the workspace."""
    name = path.relative_to(ROOT).as_posix()
    if name.startswith("rules/"):
        return "cases" if name.endswith(".cases.yaml") else "rules"
    return {"personas": "profile"}.get(name.split("/")[1], name.split("/")[1])


def readable(folder: str) -> list[tuple[str, Any]]:
    """The bad examples of a folder that are YAML or JSON at all, by name."""
    found = []
    for path in sorted((HERE / folder).glob("*.*")):
        try:
            found.append((path.stem, file_as_read(path)))
        except Problems:
            continue
    return found


def test_each_schema_is_one(schemas: Schemas):
    for name in schemas.schemas:
        schemas.check_form(name)
    assert {schema["$schema"] for schema in schemas.schemas.values()} == {DIALECT}


def test_every_shipped_file_is_taken(schemas: Schemas):
    paths = [*sorted(ROOT.glob("rules/**/*.yaml")), *sorted(ROOT.glob("knowledge/**/*.yaml"))]
    known = [path for path in paths if schema_for(path) in schemas.schemas]
    faults = {path.name: found for path in known if (found := schemas.faults(schema_for(path), file_as_read(path)))}

    assert (faults, len(known) > 200) == ({}, True)


def test_the_files_of_the_small_base_are_taken_by_its_own_schemas(small_workspace: Workspace):
    schemas = Schemas(small_workspace)
    found = {
        name: schemas.faults(schema_for(ROOT / name), text_as_read(text))
        for name, text in small_workspace.files.items()
    }

    assert found == {name: [] for name in small_workspace.files}


@pytest.mark.parametrize("folder", SCHEMA_OF)
def test_what_is_wrong_in_form_is_refused(folder: str, schemas: Schemas):
    documents = readable(folder)
    taken = {name for name, document in documents if schemas.accepts(SCHEMA_OF[folder], document)}

    assert (taken, len(documents) > len(taken)) == (BY_MEANING[folder], True)


def test_a_claim_found_by_a_sentence_and_evidence_half_written_are_refused(schemas: Schemas):
    refused = {
        name: schemas.accepts(kind, file_as_read(HERE / "bad_bases" / f"{name}.yaml"))
        for name, kind in (("claim_found_by_a_sentence", "claims"), ("evidence_half_written", "evidence"),
                           ("evidence_of_no_year", "evidence"), ("cases_of_no_rule", "cases"))
    }  # fmt: skip
    assert set(refused.values()) == {False}


def test_one_schema_tells_rules_from_their_cases(schemas: Schemas):
    rules, cases = (file_as_read(ROOT / f"rules/letters/flags{ending}.yaml") for ending in ("", ".cases"))
    both = "rules_or_cases"

    assert [schemas.accepts(both, one) for one in (rules, cases)] == [True, True]
    assert [schemas.accepts(both, {**one, "mistake": 1}) for one in (rules, cases)] == [False, False]


CASE = "cases:\n- {{name: A case, facts: {{letter: [{{id: a}}]}}, fires: {rule}{more}}}\n"


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        (CASE.format(rule="letters.generic", more=""), True),
        (CASE.format(rule="letters.so-new-that-no-schema-has-it", more=""), True),
        (CASE.format(rule="generic", more=""), False),
        (CASE.format(rule="letters.generic", more=", bucket: high_risk"), False),
        ("cases:\n- {name: A case, profile: ../me.yaml, bucket: open, actions: []}\n", True),
        ("cases:\n- {name: A case, profile: ../me.yaml, bucket: best}\n", False),
        ("cases:\n- {name: A case, profile: ../me.yaml, times: 2}\n", False),
        ("cases:\n- {name: A case, profile: {applicant: {label: A, stage: premed}}}\n", True),
        ("cases:\n- {name: A case, profile: {applicant: {label: A}}}\n", False),
        ("cases:\n- {name: A case}\n", False),
    ],
)
def test_a_case_has_facts_or_a_profile_and_what_goes_with_it(written: str, taken: bool, schemas: Schemas):
    assert schemas.accepts("cases", text_as_read(written)) is taken


@pytest.mark.parametrize(
    ("written", "taken"), [("keep_months: 36", True), ("keep_months: 0", False), ("kep: 1", False)]
)
def test_settings_have_a_schema(written: str, taken: bool, schemas: Schemas):
    assert schemas.accepts("settings", text_as_read(f"about: Ours.\n{written}\n")) is taken


def properties_of(schema: Any) -> list[tuple[str, Any]]:
    """Every property that a schema declares, wherever in it."""
    if isinstance(schema, list):
        return [one for part in schema for one in properties_of(part)]
    if not isinstance(schema, dict):
        return []
    declared = schema.get("properties", {}) if schema.get("additionalProperties") is False else {}
    return [*declared.items(), *(one for part in schema.values() for one in properties_of(part))]


def test_every_property_says_what_it_means(schemas: Schemas):
    silent = {
        f"{name}: {key}"
        for name, schema in schemas.schemas.items()
        for key, one in properties_of(schema)
        if not one.get("description")
    }
    assert silent == set()


def test_what_a_field_means_is_in_the_words_of_the_vocabulary(schemas: Schemas, workspace: Workspace):
    parts = {name: schemas.schemas[name]["definitions"] for name in ("rules", "profile")}
    role = workspace.vocabulary.types["letter"].fields["writer_role"]
    shown = parts["profile"]["entry-letter"]["properties"]["writer_role"]

    assert parts["rules"]["value-letter.writer_role"] == {
        "enum": list(role.values), "enumDescriptions": list(role.values.values())
    }  # fmt: skip
    assert [shown["description"].startswith(role.meaning), shown["anyOf"][0]["enum"]] == [True, list(role.values)]


def test_the_words_of_the_language_are_those_that_the_loaders_read(schemas: Schemas):
    """Whoever gives a file a new key says in authoring/schemas what it means, or an editor marks it as a mistake."""
    for name, (read, known) in {
        "claims": (claims_file, "entry"),
        "evidence": (evidence_file, "entry"),
        "parameters": (parameter_reader, "entry"),
    }.items():
        assert set(schemas.schemas[name]["definitions"][known]["properties"]) == set(read._KEYS)
    rules, vocabulary = schemas.schemas["rules"]["definitions"], schemas.schemas["vocabulary"]["definitions"]
    number = rules["tests-letter.weeks_observed"]["properties"]

    assert set(rules["rule"]["properties"]) == set(loader._RULE_KEYS)
    assert rules["rule"]["required"] == list(loader.REQUIRED)
    assert set(vocabulary["type"]["properties"]) == set(vocabulary_loader._TYPE_KEYS)
    assert set(vocabulary["field"]["properties"]) == set(vocabulary_loader._FIELD_KEYS)
    imports = schemas.schemas["imports"]
    assert set(imports["properties"]) == set(form._KEYS)
    assert set(imports["definitions"]["column"]["properties"]) == set(form._COLUMN_KEYS)
    assert set(schemas.schemas["catalogues"]["properties"]) == set(head.KEYS)
    directed = schemas.schemas["directions"]["definitions"]["direction"]["properties"]
    assert (set(directed), set(directed["change"]["properties"])) == (set(directions._KEYS), set(directions._MOVES))
    assert [name for name in OPERATORS if name not in number] == ["contains", "lacks"]


FIELDS = {
    "yes": Field("value", FieldType.BOOLEAN, "x"),
    "weeks": Field("value", FieldType.NUMBER, "x", unit="weeks", minimum=0, maximum=520),
    "whole": Field("value", FieldType.NUMBER, "x", whole=True, minimum=1, may_be_none=True),
    "text": Field("value", FieldType.TEXT, "x", may_be_none=True),
    "day": Field("value", FieldType.DATE, "x", may_be_none=True),
    "label": Field("value", FieldType.LABEL, "x"),
    "word": Field("value", FieldType.CHOICE, "x", values={"NO": "Norway", "j1": "J-1", "none": "none", "1": "one"}),
    "many": Field("value", FieldType.CHOICE, "x", many=True, values={"a": "A", "b": "B"}),
}
WRITTEN = st.one_of(
    st.sampled_from(
        [
            "yes", "No", "TRUE", "'no'", "NO", "none", "None", "~", "", "null", "010", "0x10", "+5", "2.50", "3.0", "1e3", ".5",
            "5 weeks", "5  Week", "'7 WEEKS'", "8 months", "2026-02-30", "2026-09-01", "2026-13-01", "'2026-09-01'", "1", "'1'",
            "j1", "[a, b]", "[]", "a", "[a, c]", "-3", "521", "x y", "A-017", "a.b_c", "-a", "{a: b}", "[yes]", "1_000",
            "!!str 5",
        ]
    ),
    st.integers().map(str),
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str),
    st.dates().map(str),
    st.text("abNO01-. ", max_size=6),
)  # fmt: skip


VALIDATORS = {name: Draft7Validator(schema_of(field)) for name, field in FIELDS.items()}


@settings(max_examples=300, deadline=None)
@given(name=st.sampled_from(sorted(FIELDS)), written=WRITTEN)
@example(name="word", written="1")
@example(name="yes", written="tRuE")
@example(name="weeks", written="'5 weeks'")
def test_whatever_a_profile_may_say_a_schema_takes(name: str, written: str):
    try:
        node = parse(f"value: {written}\n", "x.yaml")
    except Problems:
        return
    assert isinstance(node, Mapping)
    value, reader = node.get("value"), Reader()
    assert value is not None
    empty = getattr(value, "is_empty", False)
    taken = empty or (read_field(value, FIELDS[name], reader) is not None and reader.problems == [])

    assert VALIDATORS[name].is_valid(text_as_read(f"value: {written}\n")["value"]) or not taken


# --- the command --------------------------------------------------------------------------------------------------


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def test_schemas_are_written_into_the_workspace_and_the_editor_finds_them(small: Path, monkeypatch, golden):
    monkeypatch.chdir(small / "rules")
    first, again = run("rules", "schema"), run("rules", "schema")
    named = json.loads((small / SETTINGS).read_text())["yaml.schemas"]

    golden("schemas/written.txt", (first.output + again.output).replace(str(small), "office"))
    assert [name for name in named if not (small / name).is_file()] == []
    assert sorted(path.name for path in (small / FOLDER).iterdir()) == sorted(
        [*(f"{name}.schema.json" for name in APPLIES_TO), "cases.schema.json", "rules.schema.json"]
    )


def test_settings_of_an_editor_that_somebody_has_are_left_and_what_to_add_is_said(small: Path):
    (small / ".vscode").mkdir()
    (small / SETTINGS).write_text('{"editor.tabSize": 2}')
    result = run("rules", "schema", "--workspace", small)

    assert (result.exit_code, (small / SETTINGS).read_text()) == (0, '{"editor.tabSize": 2}')
    assert '"yaml.schemas"' in result.stdout


def test_schemas_can_be_written_elsewhere_and_not_into_what_is_shipped(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    nowhere, elsewhere = run("rules", "schema"), run("rules", "schema", "--out", "schemas")

    assert (nowhere.exit_code, "error[workspace.none]" in nowhere.stderr) == (1, True)
    assert (elsewhere.exit_code, [path.name for path in tmp_path.iterdir()]) == (0, ["schemas"])
    assert "$schema=schemas/rules.schema.json" in elsewhere.stdout


def test_a_schema_knows_what_was_added_to_the_knowledge(small: Path, small_workspace: Workspace):
    before = schema_files(small_workspace)["rules.schema.json"]
    claims = small / "knowledge/claims/all.yaml"
    claims.write_text(
        f"{claims.read_text()}\n  - {{id: brand-new, section: x, says: Something new., standing: unsupported, no_rule: x}}\n"
    )
    run("rules", "schema", "--workspace", small)
    after = (small / FOLDER / "rules.schema.json").read_text()

    assert ("claim:brand-new" in before, "claim:brand-new" in after) == (False, True)


def test_a_place_that_cannot_be_written_is_told(small: Path):
    (small / ".smartpick").write_text("in the way")
    result = run("rules", "schema", "--workspace", small)

    assert (result.exit_code, "error[workspace.unwritable]" in result.stderr) == (1, True)


def test_a_new_profile_in_a_workspace_names_its_schema(small: Path, workspace: Workspace, monkeypatch):
    (small / "profiles").mkdir()
    monkeypatch.chdir(small)
    run("rules", "schema")
    run("profile", "new", "--stage", "premed", "--out", "profiles/me.yaml", "--workspace", ROOT)
    text = (small / "profiles/me.yaml").read_text()

    assert text.startswith("# yaml-language-server: $schema=../.smartpick/schemas/profile.schema.json\n# A profile")
    assert profile_from_text(text, "me.yaml", workspace.vocabulary)[1] == ()


def test_a_new_profile_elsewhere_names_none(tmp_path: Path):
    run("profile", "new", "--stage", "premed", "--out", tmp_path / "me.yaml", "--workspace", ROOT)

    assert (tmp_path / "me.yaml").read_text().startswith("# A profile")
