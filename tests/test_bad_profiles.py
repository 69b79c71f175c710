"""Bad profiles get all their problems told at once, each with its place and what to do, and nothing is written.

Each file of `bad_profiles/` has its messages in `golden/bad_profiles/`; what no text file could hold is made here.
"""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smartpick_expert.advice import advise
from smartpick_expert.cli.main import main
from smartpick_expert.cli.output import SHOWN
from smartpick_expert.consulting import consult_file
from smartpick_expert.diagnostics import Problems
from smartpick_expert.engine.derivation import Derivation
from smartpick_expert.intake.profile import read_profile
from smartpick_expert.language.operators import OPERATORS
from smartpick_expert.language.source import MAX_BYTES, Mapping, Node, Sequence, parse
from smartpick_expert.language.vocabulary_loader import load_vocabulary
from smartpick_expert.workspace import Workspace

ROOT = Path(__file__).parent.parent
BAD_PROFILES = Path(__file__).parent / "bad_profiles"
FINE = """\
applicant:
  label: A-017
  stage: preparing
"""
NO_BYTES = {
    "empty": b"",
    "blank": b" \n\r\n\n",
    "only-a-mark": b"\xef\xbb\xbf",
    "picture": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "utf-16": FINE.encode("utf-16"),
    "utf-16-without-mark": FINE.encode("utf-16-le"),
    "latin-1": FINE.replace("A-017", "Zürich").encode("latin-1"),
    "escape-character": FINE.replace("A-017", "A\x1b[2J").encode(),
    "half-a-character": FINE.replace("A-017", "A\ud800").encode("utf-8", "surrogatepass"),
    "mark-inside": FINE.replace("A-017", "A\ufeff").encode(),
}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workspace: Workspace):
    """Commands run in an empty folder, so that messages name files alone; the rules are not read for each of them."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("smartpick_expert.advice.load_workspace", lambda _: workspace)
    monkeypatch.setattr("smartpick_expert.cli.profile.load_workspace", lambda _: workspace)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--as-of", "2026-09-10", "--workspace", str(ROOT)])


def messages(name: str) -> str:
    """What both commands say of a bad profile, having seen to it that they do nothing else."""
    before = sorted(Path().rglob("*"))
    advised = run("advise", name, "--out", "out", "--engine", "plain")
    checked = run("profile", "check", name)
    assert [type(result.exception) for result in (advised, checked)] == [SystemExit, SystemExit]
    assert (advised.exit_code, checked.exit_code) == (1, 1)
    assert (advised.stdout, checked.stdout) == ("", "")
    assert sorted(Path().rglob("*")) == before
    assert advised.stderr == checked.stderr.replace("found.\n", "found; nothing was written.\n")
    assert "Traceback" not in checked.stderr
    return checked.stderr


def given_text(text: str, name: str = "profile.yaml") -> Path:
    path = Path(name)
    path.write_bytes(text.encode("utf-8"))
    return path


def derivation_of(path: Path, workspace: Workspace, as_of: date) -> Derivation:
    return consult_file(path, workspace, as_of, "plain").derivation


# --- what is wrong with profiles ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [path.name for path in sorted(BAD_PROFILES.iterdir())])
def test_a_bad_profile_is_refused_with_every_problem_and_its_place(name: str, golden):
    Path(name).write_bytes((BAD_PROFILES / name).read_bytes())
    golden(f"bad_profiles/{name}.txt", messages(name))


@pytest.mark.parametrize("name", NO_BYTES)
def test_a_file_that_is_no_text_of_ours_is_refused(name: str, golden):
    Path("profile.yaml").write_bytes(NO_BYTES[name])
    golden(f"bad_profiles/bytes-{name}.txt", messages("profile.yaml"))


def test_ten_problems_are_told_at_once():
    name = "ten_problems.yaml"
    Path(name).write_bytes((BAD_PROFILES / name).read_bytes())
    result = run("profile", "check", name, "--format", "json")
    found = json.loads(result.stdout)["problems"]
    assert [(problem["line"], problem["column"], problem["code"]) for problem in found] == [
        (3, 10, "value.choice"),
        (5, 16, "profile.contradiction"),
        (6, 23, "value.range"),
        (7, 3, "profile.unknown-field"),
        (9, 43, "value.range"),
        (10, 12, "profile.duplicate-label"),
        (10, 32, "value.number"),
        (12, 13, "value.unit"),
        (12, 33, "value.date"),
        (13, 1, "profile.unknown-section"),
    ]


def test_a_missing_file_is_named():
    assert messages("nowhere.yaml") == (
        "nowhere.yaml: error[file.missing] There is no such file. Check the name and the folder.\n\n1 problem found.\n"
    )


def test_a_folder_is_no_profile():
    Path("profiles").mkdir()
    assert messages("profiles") == (
        "profiles: error[file.is-folder] This is a folder. Name a file in it.\n\n1 problem found.\n"
    )


def test_a_file_that_may_not_be_read_is_named(monkeypatch: pytest.MonkeyPatch):
    path = given_text(FINE)
    opened = Path.open

    def refuse(self: Path, *arguments, **options):
        if self == path:
            raise PermissionError(13, "Permission denied")
        return opened(self, *arguments, **options)

    monkeypatch.setattr(Path, "open", refuse)
    assert messages("profile.yaml") == (
        "profile.yaml: error[file.unreadable] The file cannot be read: Permission denied. "
        "Check that it exists and that you may read it.\n\n1 problem found.\n"
    )


@pytest.mark.parametrize(
    ("name", "reason"), [("x" * 300, "File name too long"), ("a\0b", "embedded null byte")], ids=["long", "null"]
)
def test_a_name_that_no_file_can_have_is_no_traceback(name: str, reason: str, workspace: Workspace):
    with pytest.raises(Problems) as caught:
        read_profile(Path(name), workspace.vocabulary)
    assert [(d.code, d.message) for d in caught.value.diagnostics] == [
        ("file.unreadable", f"The file cannot be read: {reason}.")
    ]


def test_fifty_megabytes_are_not_read():
    with Path("profile.yaml").open("wb") as stream:
        stream.truncate(50_000_000)
    assert messages("profile.yaml") == (
        "profile.yaml: error[file.too-large] The file has more than 2,000,000 bytes; nothing of this kind is so large. "
        "Check that it is the right file.\n\n1 problem found.\n"
    )


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no endless file here")
def test_an_endless_file_comes_to_an_end():
    assert "error[file.too-large]" in messages("/dev/zero")


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("lists.json", "[" * 500_000, "yaml.depth"),
        ("mappings.json", '{"a":' * 100_000, "yaml.depth"),
        ("closed.json", "[" * 900 + "]" * 900, "yaml.depth"),
        ("lists.yaml", "[" * 500_000, "yaml.depth"),
        ("mappings.yaml", "{a: " * 100_000, "yaml.depth"),
        ("blocks.yaml", "- " * 100_000, "yaml.depth"),
        ("keys.yaml", "? " * 100_000, "yaml.depth"),
        ("number.json", '{"letter": ' + "9" * 100_000 + "}", "form.list"),
    ],
)
def test_nesting_and_length_that_would_exhaust_a_reader_are_refused(
    name: str, text: str, code: str, workspace: Workspace
):
    path = given_text(text, name)
    try:
        _, found = read_profile(path, workspace.vocabulary)
    except Problems as problems:
        found = problems.diagnostics
    assert {problem.code for problem in found} - {"profile.missing-section"} == {code}


def test_a_list_longer_than_any_life_is_cut_short(workspace: Workspace):
    path = given_text(FINE + f"letter: [{'{}, ' * 2_000}]")
    profile, found = read_profile(path, workspace.vocabulary)
    assert [(problem.code, problem.message) for problem in found] == [
        ("profile.too-many", "'letter' has 2,000 entries; at most 500 are read, and nobody has more.")
    ]
    assert len(profile.of("letter")) == 500


def test_what_has_thousands_of_problems_shows_the_first_and_counts_the_rest():
    given_text(FINE + f"home: {{{', '.join(f'a{n}: *a' for n in range(3_000))}}}")
    text = messages("profile.yaml")
    assert text.count("error[yaml.anchor]") == 200
    assert text.endswith("\n\nAnd 2,800 more.\n\n3000 problems found.\n")


def test_a_suggestion_is_looked_for_only_for_as_many_problems_as_are_shown(workspace: Workspace):
    path = given_text(FINE + "".join(f"lettr{number}: []\n" for number in range(300)))
    _, found = read_profile(path, workspace.vocabulary)
    suggested = sum(problem.hint == "Did you mean 'letter'?" for problem in found)
    assert (len(found), suggested) == (300, SHOWN)


def test_what_is_never_closed_at_the_end_of_the_file_is_told_in_its_last_line():
    given_text(FINE + "letter: [{id: a")
    assert messages("profile.yaml").startswith("profile.yaml:4:16: error[yaml.syntax] ")


def test_two_entries_without_a_label_are_not_called_alike():
    kind = (
        "{meaning: A, supplied_by: profile, label: name, fields: {name: {type: text, meaning: A, may_be_none: true}}}"
    )
    vocabulary = load_vocabulary([parse(f"types: {{a: {kind}}}", "vocabulary")], {}, OPERATORS)
    _, found = read_profile(given_text("a: [{name: none}, {name: none}]"), vocabulary)
    assert found == ()


def test_a_number_of_any_length_is_cut_in_its_message(workspace: Workspace):
    path = given_text(FINE + f"experience: [{{weeks: {'9' * 100_000}}}]")
    _, found = read_profile(path, workspace.vocabulary)
    assert [problem.message for problem in found] == [
        f"weeks: '{'9' * 37}...' is outside the numbers that are held exactly (whole to 2^53, decimals to 15 digits)."
    ]


def test_a_message_does_not_hand_control_characters_on():
    given_text(FINE + '"\\e[2J\\ud7ff": 1\n"' + "x" * 100 + '": 2\n')
    text = messages("profile.yaml")
    assert "There is no section '\\u001b[2J'." in text
    assert f"There is no section '{'x' * 37}...'." in text


@pytest.mark.parametrize("loader", ["CSafeLoader", "SafeLoader"])
@pytest.mark.parametrize("escape", ["\\UFFFFFFFF", "\\U00110000", "\\ud800", "\\q", "\\xZZ"])
def test_an_impossible_escape_is_a_problem_with_libyaml_and_without(
    escape: str, loader: str, monkeypatch: pytest.MonkeyPatch, workspace: Workspace
):
    monkeypatch.setattr("smartpick_expert.language.source._LOADER", getattr(yaml, loader, yaml.SafeLoader))
    path = given_text(FINE.replace("A-017", f'"A{escape}"'))
    try:
        _, found = read_profile(path, workspace.vocabulary)
    except Problems as problems:
        found = problems.diagnostics
    assert [problem.code for problem in found] in (["yaml.syntax"], ["value.text"])


# --- what only looks wrong ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + FINE,
        FINE.replace("\n", "\r\n"),
        FINE.replace("\n", "\r"),
        "\ufeff" + FINE.replace("\n", "\r\n"),
        f"---\n{FINE}...\n",
        f"%YAML 1.1\n---\n{FINE}",
        "{applicant: {label: A-017, stage: preparing}}",
        '"applicant":\n  "label": "A-017"\n  \'stage\': preparing',
        "applicant: {\n\tlabel: A-017,\n\tstage: preparing\n}",
    ],
    ids=["mark", "crlf", "cr", "mark-and-crlf", "marked-document", "directive", "flow", "quotes", "tabs-in-braces"],
)
def test_a_profile_may_be_saved_in_any_of_these_ways(text: str, workspace: Workspace, as_of: date):
    expected = derivation_of(given_text(FINE), workspace, as_of)
    assert derivation_of(given_text(text, "other.yaml"), workspace, as_of) == expected


@pytest.mark.parametrize(
    ("section", "written", "field", "value"),
    [
        ("applicant", "NO", "home_state", "NO"),
        ("applicant", "no", "home_state", "no"),
        ("applicant", "2026-09-10", "home_state", "2026-09-10"),
        ("applicant", "010", "home_state", "010"),
        ("applicant", "1e5", "home_state", "1e5"),
        ("applicant", "'null'", "home_state", "null"),
        ("applicant", "0o17", "home_state", "0o17"),
        ("applicant", "12:30:45", "home_state", "12:30:45"),
        ("applicant", "010", "earlier_matches", 10),
        ("applicant", "3.0", "earlier_matches", 3),
        ("applicant", "+3", "earlier_matches", 3),
        ("applicant", "'3'", "earlier_matches", 3),
        ("applicant", "3 seasons", "earlier_matches", 3),
        ("applicant", "1 season", "earlier_matches", 1),
        ("applicant", "No", "us_training", False),
        ("applicant", "YES", "us_training", True),
        ("applicant", "'true'", "us_training", True),
        ("applicant", "none", "visa_sought", "none"),
    ],
)
def test_a_word_is_read_by_the_type_of_its_field(
    section: str, written: str, field: str, value: object, workspace: Workspace
):
    path = given_text(f"{FINE}  {field}: {written}\n")
    profile, found = read_profile(path, workspace.vocabulary)
    assert (found, profile.of(section)[0].values[field]) == ((), value)


def test_equal_looking_values_of_other_types_stay_apart(workspace: Workspace):
    profile, _ = read_profile(given_text(f"{FINE}  home_state: '1'\n  earlier_matches: 1\n"), workspace.vocabulary)
    values = profile.of("applicant")[0].values
    assert (type(values["home_state"]), type(values["earlier_matches"])) == (str, int)


def test_two_ways_to_write_one_letter_are_one(workspace: Workspace):
    composed, _ = read_profile(given_text(f"{FINE}school: {{name: Z\u00fcrich}}\n"), workspace.vocabulary)
    apart, _ = read_profile(given_text(f"{FINE}school: {{name: Zu\u0308rich}}\n", "b.yaml"), workspace.vocabulary)
    assert composed.of("school")[0].values == apart.of("school")[0].values == {"name": "Z\u00fcrich"}


def as_data(node: Node) -> object:
    """A node as JSON holds it, each value by the type that JSON has for it."""
    if isinstance(node, Mapping):
        return {key.text: as_data(value) for key, value in node.pairs}
    if isinstance(node, Sequence):
        return [as_data(item) for item in node.items]
    if node.is_empty:
        return None
    words = {"true": True, "false": False}
    return words.get(node.text, int(node.text) if node.text.isdigit() else node.text)


@pytest.mark.parametrize("indent", [None, 2, "\t"])
def test_a_profile_in_json_gives_the_same_advice_as_in_yaml(indent, workspace: Workspace, as_of: date):
    persona = workspace.personas / "graduate_needing_visa.yaml"
    data = as_data(parse(persona.read_text("utf-8"), "persona"))
    given_text(persona.read_text("utf-8"), "graduate.yaml")
    given_text(json.dumps(data, indent=indent), "graduate.json")

    def advice(name: str) -> str:
        """The advice, but for the lines of the file on which things stand."""
        document = advise(Path(name), workspace, as_of, "plain").document("json")
        return re.sub(r'"line": \d+', '"line": 0', document)

    assert advice("graduate.json") == advice("graduate.yaml")


def test_json_may_write_rare_characters_as_two_escapes(workspace: Workspace):
    path = given_text('{"applicant": {"label": "A \\ud83e\\ude7a", "stage": "preparing"}}', "profile.json")
    profile, found = read_profile(path, workspace.vocabulary)
    assert (found, profile.of("applicant")[0].values["label"]) == ((), "A 🩺")


# --- whatever else somebody may hand in ---------------------------------------------------------------------------

ANYTHING = settings(
    deadline=None,
    max_examples=80,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
_PIECES = st.sampled_from(
    [
        *(
            "applicant",
            "label",
            "stage",
            "preparing",
            "exam",
            "letter",
            "step1",
            "id",
            "weeks",
            "verified",
            "on",
            "none",
        ),
        *(": ", ":", "- ", "\n", "\n  ", "\n    ", "[", "]", "{", "}", ", ", "? ", "| ", ">-\n", "#", "---\n", "...\n"),
        *(
            '"',
            "'",
            "&a ",
            "*a",
            "!!int ",
            "!x",
            "<<: ",
            "%YAML 1.1\n",
            "~",
            "null",
            "\t",
            "\r\n",
            "\\",
            "\\x00",
            "\ufeff",
        ),
        *("1", "010", "1e5", ".nan", "-.inf", "2026-09-10", "2026-02-30", "NO", "on", "240 points", "9" * 40),
        *("\x00", "\x1b", "\x85", "\u2028", "\ud800", "é", "🩺"),
    ]
)


def reading_ends_well(data: bytes, name: str, workspace: Workspace):
    path = Path(name)
    path.write_bytes(data)
    try:
        _, found = read_profile(path, workspace.vocabulary)
    except Problems as problems:
        found = problems.diagnostics
        assert found
    for problem in found:
        str(problem).encode("utf-8")


@ANYTHING
@given(data=st.binary(max_size=200), name=st.sampled_from(["any.yaml", "any.json"]))
def test_no_bytes_give_anything_but_problems(data: bytes, name: str, workspace: Workspace):
    reading_ends_well(data, name, workspace)


@ANYTHING
@given(pieces=st.lists(_PIECES, max_size=40), name=st.sampled_from(["any.yaml", "any.json"]))
def test_no_pieces_of_yaml_give_anything_but_problems(pieces: list[str], name: str, workspace: Workspace):
    reading_ends_well("".join(pieces).encode("utf-8", "surrogatepass"), name, workspace)


@ANYTHING
@given(
    data=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(["applicant", "exam", "letter", "label", "stage", "id"]) | st.text(), inner
            )
        ),
    ),
    ascii_only=st.booleans(),
)
def test_no_json_gives_anything_but_problems(data: object, ascii_only: bool, workspace: Workspace):
    text = json.dumps(data, ensure_ascii=ascii_only)
    reading_ends_well(text.encode("utf-8", "surrogatepass"), "any.json", workspace)


def test_the_limit_of_size_is_the_last_that_is_read(workspace: Workspace):
    filled = FINE + "#" * (MAX_BYTES - len(FINE))
    profile, found = read_profile(given_text(filled), workspace.vocabulary)
    assert (found, profile.sections) == ((), {"applicant"})
    with pytest.raises(Problems) as caught:
        read_profile(given_text(filled + "#"), workspace.vocabulary)
    assert [problem.code for problem in caught.value.diagnostics] == ["file.too-large"]
