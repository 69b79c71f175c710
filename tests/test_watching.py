"""`rules check --watch` checks again whenever a file changes, whatever becomes of the file, and ends without a fuss."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Timer
from typing import IO

import pytest
from click.testing import CliRunner

from smartpick_expert.authoring.watching import changes
from smartpick_expert.cli.main import main
from smartpick_expert.cli.rules import watch

SMALL = Path(__file__).parent / "small"
RULES = "rules/letters/letters.yaml"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "small"))


def told(root: Path, *happens: Callable[[], object]) -> list[tuple[str, ...]]:
    """The changes told, where one thing happens before each look; the watch ends when nothing happens any more."""
    waiting = [*happens, None]

    def sleep(_: float):
        act = waiting.pop(0)
        if act is None:
            raise KeyboardInterrupt
        act()

    found: list[tuple[str, ...]] = []
    with pytest.raises(KeyboardInterrupt):
        found.extend(changes(root, sleep))
    return found


def nothing() -> None:
    """A pause in which nothing happens."""


def test_the_first_check_is_made_at_once(small: Path):
    assert told(small) == [()]


def test_a_file_that_is_saved_is_told_once(small: Path):
    assert told(small, nothing, lambda: (small / RULES).write_text("x"), nothing, nothing) == [(), (RULES,)]


def test_a_file_that_is_saved_in_two_halves_is_told_when_it_is_whole(small: Path):
    def append(text: str):
        with (small / RULES).open("a") as stream:
            stream.write(text)

    assert told(small, lambda: append("# a"), lambda: append("b"), nothing, nothing) == [(), (RULES,)]


def test_what_is_renamed_or_deleted_is_told_by_its_names(small: Path):
    renamed = small / "rules/letters/other.yaml"
    happens = (lambda: (small / RULES).rename(renamed), nothing, nothing, renamed.unlink, nothing)

    assert told(small, *happens) == [(), (RULES, "rules/letters/other.yaml"), ("rules/letters/other.yaml",)]


def test_a_file_that_is_put_in_the_place_of_another_of_the_same_time_and_size_is_told(small: Path):
    other = small / "rules/letters/.swap"

    def swap():
        shutil.copy2(small / RULES, other)
        other.replace(small / RULES)

    assert told(small, swap, nothing) == [(), (RULES,)]


def test_what_is_hidden_and_what_is_taken_back_at_once_is_not_told(small: Path):
    before = (small / RULES).stat()

    def restore():
        (small / RULES).write_text(SMALL.joinpath(RULES).read_text())
        os.utime(small / RULES, ns=(before.st_atime_ns, before.st_mtime_ns))

    happens = (lambda: (small / "rules/.x.swp").write_text("x"), nothing, lambda: (small / RULES).write_text("x"))
    assert told(small, *happens, restore, nothing) == [()]


def test_each_check_shows_the_time_what_changed_and_the_findings(small: Path, monkeypatch):
    happens = iter([(), (RULES,), ("settings.yaml", "a", "b", "c")])

    def changed(_: Path):
        for names in happens:
            if names == (RULES,):
                (small / RULES).write_text("topic: [", "utf-8")
            if names and names != (RULES,):
                shutil.rmtree(small)
            yield names
        raise KeyboardInterrupt

    monkeypatch.setattr(watch, "changes", changed)
    result = CliRunner().invoke(main, ["rules", "check", "--watch", "--workspace", str(small)])
    lines = result.stderr.splitlines()

    assert (result.exit_code, lines[-1]) == (0, "Ended.")
    assert [line[10:] for line in lines if line[2:3] == ":"] == [
        str(small),
        f"{RULES} changed",
        "settings.yaml, a, b and 1 more changed",
    ]
    assert [word for word in ("no findings", "yaml.syntax", "workspace.none") if word not in result.stderr] == []


def test_a_folder_that_vanishes_while_it_is_read_ends_nothing(small: Path, monkeypatch):
    def vanished():
        raise FileNotFoundError(2, "No such file or directory")

    def changed(_: Path):
        yield ()
        raise KeyboardInterrupt

    monkeypatch.setattr(watch, "changes", changed)
    watch.watch(small, vanished)


def test_watch_prints_text_and_nothing_else(small: Path):
    result = CliRunner().invoke(main, ["rules", "check", "--watch", "--format", "json", "--workspace", str(small)])

    assert (result.exit_code, "--watch prints text" in result.stderr) == (2, True)


@pytest.fixture
def _heard() -> Iterator[None]:
    """Ctrl-C is heard by what is started: tests run in the background of a shell ignore it, and would hand that on."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_heard")
@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is no signal that can be sent to one process there")
def test_a_watch_that_runs_sees_a_change_and_ends_on_ctrl_c(small: Path):
    command = [sys.executable, "-m", "smartpick_expert.cli.main", "rules", "check", "--watch"]
    with subprocess.Popen(command, cwd=small, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        assert process.stderr is not None
        # Whatever hangs is ended, and the test with it.
        limit = Timer(30, process.kill)
        limit.start()
        wait_for(process.stderr, "no findings")
        (small / RULES).write_text("topic: [", "utf-8")
        wait_for(process.stderr, "yaml.syntax")
        wait_for(process.stderr, "Waiting")
        process.send_signal(signal.SIGINT)
        assert (process.stderr.read().strip(), process.wait(10)) == ("Ended.", 0)
        limit.cancel()


def wait_for(stream: IO[str], words: str):
    assert any(words in line for line in iter(stream.readline, ""))
