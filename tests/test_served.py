"""Every command that reads rules finds the workspace in or above the folder it is run in, and says where none serves."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from smartpick_expert.cli.main import main
from smartpick_expert.workspace import load_workspace, shipped_root

SMALL = Path(__file__).parent / "small"
PROFILE = "applicant: {label: A-017, stage: preparing}\n"
# These look into the ledger or make a workspace, and read no rules; a record brings its own.
NO_RULES = {"init", "audit show", "audit verify", "audit export"}
SERVED = "The shipped rules serve, as no workspace is here or above."


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Every command with its whole name."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        elif command is not None:
            yield " ".join((*path, name)), command


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """The small base, with a profile in it and another beside it."""
    root = Path(shutil.copytree(SMALL, tmp_path / "office"))
    (root / "profiles").mkdir()
    for folder in (tmp_path, root / "profiles"):
        (folder / "me.yaml").write_text(PROFILE)
    return root


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def test_every_command_that_reads_rules_takes_a_workspace():
    lacking = {name for name, command in commands(main) if all(one.name != "workspace" for one in command.params)}

    assert lacking - NO_RULES == set()


@pytest.mark.parametrize(
    "words",
    [
        ["advise", "me.yaml", "--engine", "plain", "--format", "md", "--no-record"],
        ["profile", "check", "me.yaml"],
        ["rules", "check"],
        ["rules", "list"],
        ["rules", "show", "letters.not-waived"],
    ],
    ids=" ".join,
)
def test_a_command_says_that_the_shipped_rules_serve_and_is_silent_where_a_workspace_does(
    words: list[str], office: Path, tmp_path: Path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    nowhere = run(*words)
    monkeypatch.chdir(office / "profiles")
    here = run(*words)

    assert nowhere.exit_code == 0, nowhere.output
    assert [SERVED in nowhere.stderr, SERVED in nowhere.stdout, SERVED in here.output] == [True, False, False]


def test_a_workspace_is_found_from_a_folder_below_it(office: Path, monkeypatch):
    monkeypatch.chdir(office / "rules" / "letters")
    (number,) = {len(load_workspace(office).ruleset.rules)}

    assert run("rules", "check").stderr.startswith(f"{number} rules in ")


def test_a_profile_in_a_workspace_whose_rules_are_not_used_is_told(office: Path, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = run("profile", "check", "office/profiles/me.yaml").stderr

    assert f"office/profiles/me.yaml lies in the workspace {office}." in words
    assert f"--workspace {office} uses them." in words
    assert run("profile", "check", "office/profiles/me.yaml", "--workspace", office).stderr == ""


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (["rules", "knowledge"], "looks like one and lacks knowledge/vocabulary/."),
        ([".smartpick"], "was one, and lacks rules/ or knowledge/vocabulary/."),
    ],
)
def test_a_folder_that_looks_like_a_workspace_and_is_none_is_told(made, said, tmp_path: Path, monkeypatch):
    for name in made:
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path)

    assert f"{SERVED} {tmp_path} {said}" in run("rules", "list").stderr


@pytest.mark.parametrize(
    "words",
    [
        ["rules", "new", "letters.brand-new", "--source", "claim:letters-trusted-list"],
        ["rules", "rename", "letters.trusted", "letters.trusty"],
        ["rules", "retire", "letters.trusted"],
        ["rules", "schema"],
    ],
    ids=" ".join,
)
def test_a_command_that_writes_never_writes_into_what_is_shipped(words: list[str], tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = load_workspace(shipped_root()).files
    result = run(*words)

    assert (result.exit_code, "error[workspace.none]" in result.stderr) == (1, True), result.output
    assert (load_workspace(shipped_root()).files, list(tmp_path.iterdir())) == (before, [])


def test_what_an_editor_lays_beside_an_open_file_is_no_rule(office: Path):
    # A lock of Emacs is a link to nowhere; Windows makes links only for some, and an empty file does there.
    for name in (".#letters.yaml", ".letters.cases.yaml"):
        (office / "rules/letters" / name).write_text("")

    assert run("rules", "check", office).stderr.endswith("no findings.\n")
    assert run("rules", "test", office / "rules", "--engine", "plain").exit_code == 0
