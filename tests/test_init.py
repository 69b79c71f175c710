"""A workspace is made whole or not at all, and an upgrade tells who changed what and writes over nobody's file."""

from __future__ import annotations

import errno
import json
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from smartpick_expert.audit.settings import Settings, read_settings
from smartpick_expert.authoring.workspaces import begin, upgrade
from smartpick_expert.authoring.workspaces.origin import PLACE, read_origin
from smartpick_expert.authoring.workspaces.release import release_files
from smartpick_expert.cli.main import main
from smartpick_expert.intake.notes import leaving_notes_out
from smartpick_expert.workspace import load_workspace, shipped_root

VOCABULARY = "knowledge/vocabulary/all.yaml"
RELEASE = {
    VOCABULARY: b"words\n",
    "rules/a/kept.yaml": b"kept\n",
    "rules/a/edited.yaml": b"one\ntwo\n",
    "rules/a/improved.yaml": b"first\n",
    "rules/a/both.yaml": b"first\n",
    "rules/a/dropped.yaml": b"gone next time\n",
    "rules/a/removed.yaml": b"removed\n",
    "rules/a/missed.yaml": b"first\n",
}
LATER = {
    **{name: data for name, data in RELEASE.items() if name != "rules/a/dropped.yaml"},
    "rules/a/improved.yaml": b"second\n",
    "rules/a/both.yaml": b"second\n",
    "rules/a/missed.yaml": b"second\n",
    "rules/b/added.yaml": b"new\n",
}


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def ship(files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch):
    """From here on this is what is shipped."""
    monkeypatch.setattr(begin, "release_schemas", dict)
    monkeypatch.setattr(upgrade, "read_workspace", lambda _: (None, ()))
    for module in (begin, upgrade):
        monkeypatch.setattr(module, "release_files", lambda: files)


def held(root: Path) -> dict[str, str]:
    """The files below a folder, but for the record of what was shipped."""
    paths = [path for path in sorted(root.rglob("*")) if path.is_file() and path.name != Path(PLACE).name]
    return {path.relative_to(root).as_posix(): path.read_bytes().decode("utf-8", "replace") for path in paths}


def upgraded(root: Path, *words: str) -> dict[str, list[str]]:
    """What an upgrade says of each file: its state, what was done, and where."""
    result = run("init", "--upgrade", root, "--format", "json", *words)
    assert result.exit_code == 0, result.output
    return {one["path"]: [one["state"], one["done"], one["beside"]] for one in json.loads(result.stdout)["differences"]}


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace of a small release, in which an advisor has worked; a later one is shipped now."""
    ship(RELEASE, monkeypatch)
    root = tmp_path / "office"
    assert run("init", root).exit_code == 0
    (root / "rules/a/edited.yaml").write_bytes(b"one\nmine\n")
    (root / "rules/a/both.yaml").write_bytes(b"mine\n")
    (root / "rules/a/own.yaml").write_bytes(b"mine alone\n")
    (root / "rules/a/removed.yaml").unlink()
    (root / "rules/a/missed.yaml").unlink()
    ship(LATER, monkeypatch)
    return root


def test_a_new_workspace_is_what_is_shipped_and_says_so(tmp_path: Path):
    result = run("init", tmp_path / "new" / "office")
    root = tmp_path / "new" / "office"
    shipped, made = load_workspace(shipped_root()), load_workspace(root)
    origin = read_origin(root)

    assert (result.exit_code, result.stderr) == (0, "")
    assert (leaving_notes_out(made).files, made.warnings) == (shipped.files, ())
    assert origin is not None
    assert sorted(origin.files) == [name for name in sorted(held(root)) if not name.startswith(".smartpick/")]
    assert read_settings(root) == Settings()


def test_the_message_says_what_was_made_and_what_comes_next(tmp_path: Path, monkeypatch, golden):
    monkeypatch.chdir(tmp_path)
    ship(dict.fromkeys(("rules/a.yaml", "knowledge/b.yaml", "knowledge/c.yaml", "reports/d.j2"), b""), monkeypatch)

    golden("init/made.txt", run("init", "office").output)


def test_every_persona_that_is_copied_says_that_it_is_fictional():
    personas = {name: data.decode() for name, data in release_files().items() if name.startswith("knowledge/personas/")}

    assert [name for name, text in personas.items() if "fictional" not in text.splitlines()[0].lower()] == []


def test_an_empty_folder_and_one_with_only_hidden_files_are_taken(tmp_path: Path, monkeypatch):
    ship(RELEASE, monkeypatch)
    (tmp_path / "office" / ".git").mkdir(parents=True)

    assert run("init", tmp_path / "office").exit_code == 0
    assert held(tmp_path / "office") == {name: data.decode() for name, data in RELEASE.items()}


@pytest.mark.parametrize(
    ("there", "asked", "code"),
    [
        ("office/notes.txt", "office", "workspace.exists"),
        ("office", "office", "workspace.exists"),
        ("office", "office/below", "workspace.unwritable"),
        ("office/.smartpick/mine.json", "office", "workspace.unwritable"),
    ],
)
def test_what_is_in_the_way_is_left_as_it_is(there, asked, code, tmp_path: Path, monkeypatch):
    ship(RELEASE, monkeypatch)
    place = tmp_path / there
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("mine")

    result = run("init", tmp_path / asked)

    assert (result.exit_code, f"error[{code}]" in result.stderr) == (1, True), result.output
    assert (held(tmp_path), [path.name for path in tmp_path.iterdir()]) == ({there: "mine"}, ["office"])


def test_a_folder_with_a_space_in_its_name_is_named_as_one_word(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ship({"rules/a.yaml": b""}, monkeypatch)
    assert '\n  cd "Büro Süd"\n' in run("init", "Büro Süd").output


def test_no_workspace_is_made_in_another_or_over_one(office: Path):
    inside, over = run("init", office / "rules" / "more"), run("init", office)

    assert ("error[workspace.inside]" in inside.stderr, "error[workspace.exists]" in over.stderr) == (True, True)
    assert "smartpick init --upgrade" in over.stderr
    assert not (office / "rules" / "more").exists()


@pytest.mark.parametrize("failing", range(1, len(RELEASE) + 2))
def test_a_disk_that_is_full_in_the_middle_leaves_nothing_behind(failing: int, tmp_path: Path, monkeypatch):
    ship(RELEASE, monkeypatch)
    fill_after(failing, monkeypatch)

    result = run("init", tmp_path / "new" / "office")

    assert (result.exit_code, "No space left on device" in result.stderr) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_leaves_nothing_behind(tmp_path: Path, monkeypatch):
    ship(RELEASE, monkeypatch)

    def interrupted(self: Path, target: Path):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "rename", interrupted)
    run("init", tmp_path / "office")

    assert list(tmp_path.iterdir()) == []


def fill_after(number: int, monkeypatch: pytest.MonkeyPatch):
    """Let the disk be full when so many files were written."""
    write, written = Path.write_bytes, []

    def write_bytes(self: Path, data: bytes) -> int:
        written.append(self)
        if len(written) >= number:
            write(self, data[: len(data) // 2])
            raise OSError(errno.ENOSPC, "No space left on device", str(self))
        return write(self, data)

    monkeypatch.setattr(Path, "write_bytes", write_bytes)


def test_an_upgrade_tells_who_changed_what_and_writes_beside(office: Path):
    before = held(office)

    assert upgraded(office) == {
        "rules/a/both.yaml": ["both", "beside", "rules/a/both.yaml.new"],
        "rules/a/dropped.yaml": ["dropped", "nothing", ""],
        "rules/a/edited.yaml": ["yours", "nothing", ""],
        "rules/a/improved.yaml": ["ours", "beside", "rules/a/improved.yaml.new"],
        "rules/a/missed.yaml": ["deleted", "beside", "rules/a/missed.yaml.new"],
        "rules/a/removed.yaml": ["removed", "nothing", ""],
        "rules/b/added.yaml": ["added", "beside", "rules/b/added.yaml.new"],
    }
    assert held(office) == {
        **before,
        "rules/a/both.yaml.new": "second\n",
        "rules/a/improved.yaml.new": "second\n",
        "rules/a/missed.yaml.new": "second\n",
        "rules/b/added.yaml.new": "new\n",
    }


def test_what_an_upgrade_prints_is_read_by_an_advisor(office: Path, monkeypatch, golden):
    monkeypatch.chdir(office)

    golden("init/upgraded.txt", run("init", "--upgrade").output.replace(str(office), "office"))
    golden("init/upgraded_again.txt", run("init", "--upgrade").output.replace(str(office), "office"))


def test_running_an_upgrade_twice_writes_nothing_the_second_time(office: Path):
    upgraded(office)
    times = {path: path.stat().st_mtime_ns for path in office.rglob("*")}
    again = upgraded(office)

    assert {done for _, done, _ in again.values()} == {"waiting", "nothing"}
    assert {path: path.stat().st_mtime_ns for path in office.rglob("*")} == times


def test_what_was_taken_over_or_declined_is_not_offered_again(office: Path):
    upgraded(office)
    (office / "rules/a/improved.yaml.new").replace(office / "rules/a/improved.yaml")
    for declined in ("rules/a/both.yaml", "rules/a/missed.yaml", "rules/b/added.yaml"):
        (office / f"{declined}.new").unlink()

    assert upgraded(office) == {
        "rules/a/both.yaml": ["yours", "nothing", ""],
        "rules/a/dropped.yaml": ["dropped", "nothing", ""],
        "rules/a/edited.yaml": ["yours", "nothing", ""],
        "rules/a/missed.yaml": ["removed", "nothing", ""],
        "rules/a/removed.yaml": ["removed", "nothing", ""],
        "rules/b/added.yaml": ["removed", "nothing", ""],
    }


def test_a_new_file_that_somebody_edits_is_theirs_and_one_of_an_earlier_upgrade_is_replaced(office: Path, monkeypatch):
    upgraded(office)
    (office / "rules/a/both.yaml.new").write_bytes(b"half merged\n")
    ship({**LATER, "rules/a/both.yaml": b"third\n", "rules/a/improved.yaml": b"third\n"}, monkeypatch)
    found = upgraded(office)

    assert found["rules/a/both.yaml"] == ["both", "kept", "rules/a/both.yaml.new"]
    assert found["rules/a/improved.yaml"] == ["ours", "beside", "rules/a/improved.yaml.new"]
    assert (office / "rules/a/both.yaml.new").read_bytes() == b"half merged\n"
    assert (office / "rules/a/improved.yaml.new").read_bytes() == b"third\n"


def test_on_request_what_nobody_touched_is_put_in_place(office: Path):
    upgraded(office)
    found = upgraded(office, "--take")

    assert {path: one for path, one in found.items() if one[1] in ("taken", "aside")} == {
        "rules/a/dropped.yaml": ["dropped", "aside", "rules/a/dropped.yaml.old"],
        "rules/a/improved.yaml": ["ours", "taken", ""],
        "rules/b/added.yaml": ["added", "taken", ""],
    }
    assert held(office) == {
        VOCABULARY: "words\n",
        "rules/a/both.yaml": "mine\n",
        "rules/a/both.yaml.new": "second\n",
        "rules/a/dropped.yaml.old": "gone next time\n",
        "rules/a/edited.yaml": "one\nmine\n",
        "rules/a/improved.yaml": "second\n",
        "rules/a/kept.yaml": "kept\n",
        "rules/a/missed.yaml.new": "second\n",
        "rules/a/own.yaml": "mine alone\n",
        "rules/b/added.yaml": "new\n",
    }
    assert {done for _, done, _ in upgraded(office, "--take").values()} == {"waiting", "nothing"}


@pytest.mark.parametrize("failing", range(1, 7))
def test_an_upgrade_on_a_full_disk_changes_nothing(failing: int, office: Path, monkeypatch):
    before = {path: path.read_bytes() for path in office.rglob("*") if path.is_file()}
    parts = []
    make = tempfile.mkstemp

    def full(**words):
        parts.append(words)
        if len(parts) == failing:
            raise OSError(errno.ENOSPC, "No space left on device", str(words["dir"]))
        return make(**words)

    monkeypatch.setattr(tempfile, "mkstemp", full)
    result = run("init", "--upgrade", "--take", office)

    assert (result.exit_code, "No space left on device" in result.stderr) == (1, True), result.output
    assert {path: path.read_bytes() for path in office.rglob("*") if path.is_file()} == before
    assert not (office / "rules" / "b").exists()


def test_a_workspace_that_does_not_say_what_it_was_made_from_is_upgraded_all_the_same(office: Path):
    (office / PLACE).unlink()
    result = run("init", "--upgrade", office)

    assert "which does not say what it was made from" in result.stdout
    assert upgraded(office) == {
        "rules/a/both.yaml": ["both", "waiting", "rules/a/both.yaml.new"],
        "rules/a/edited.yaml": ["both", "waiting", "rules/a/edited.yaml.new"],
        "rules/a/improved.yaml": ["both", "waiting", "rules/a/improved.yaml.new"],
        "rules/a/missed.yaml": ["added", "waiting", "rules/a/missed.yaml.new"],
        "rules/a/removed.yaml": ["added", "waiting", "rules/a/removed.yaml.new"],
        "rules/b/added.yaml": ["added", "waiting", "rules/b/added.yaml.new"],
    }


def test_a_file_that_is_no_text_is_compared_all_the_same(office: Path):
    (office / "rules/a/kept.yaml").write_bytes(b"caf\xe9\n")

    assert upgraded(office)["rules/a/kept.yaml"] == ["yours", "nothing", ""]


def test_other_line_ends_are_no_change(office: Path):
    (office / VOCABULARY).write_bytes(b"words\r\n")

    assert VOCABULARY not in upgraded(office)


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"format": "smartpick-shipped-9", "program": "9", "files": {}}',
        '{"format": "smartpick-shipped-1", "program": "1", "files": {"../../else": "0"}}',
    ],
)
def test_a_damaged_note_of_what_it_was_made_from_is_told(text: str, office: Path):
    (office / PLACE).write_text(text)
    before = held(office)
    result = run("init", "--upgrade", office)

    assert (result.exit_code, "error[workspace.origin]" in result.stderr) == (1, True), result.output
    assert held(office) == before


def test_an_upgrade_finds_the_workspace_above_and_says_where_there_is_none(office: Path, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(office / "rules" / "a")
    assert run("init", "--upgrade").exit_code == 0
    monkeypatch.chdir(tmp_path)
    nowhere, shipped = run("init", "--upgrade"), run("init", "--upgrade", shipped_root())

    assert (nowhere.exit_code, "error[workspace.none]" in nowhere.stderr) == (1, True)
    assert (shipped.exit_code, "error[workspace.shipped]" in shipped.stderr) == (1, True)


@pytest.mark.parametrize("words", [["init"], ["init", "x", "--take"]])
def test_wrong_usage_ends_with_two(words: list[str], tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert (run(*words).exit_code, list(tmp_path.iterdir())) == (2, [])


def test_what_lies_beside_is_read_by_no_command(tmp_path: Path, monkeypatch):
    root = tmp_path / "office"
    run("init", root)
    for name in ("rules/letters/grades.yaml", "rules/letters/grades.cases.yaml", "reports/advice.md.j2"):
        (root / f"{name}.new").write_text("nonsense: [")

    assert run("rules", "check", root).stderr.endswith(": no findings.\n")
    assert run("rules", "test", root / "rules/letters", "--engine", "plain").exit_code == 0
