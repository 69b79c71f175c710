"""Files written together: all of them, or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from smartpick_expert.writing import write_all


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_files_are_written_made_and_taken_away(tmp_path: Path):
    (tmp_path / "old.yaml").write_bytes(b"old")
    (tmp_path / "gone.yaml").write_bytes(b"gone")
    (tmp_path / "old.yaml").chmod(0o640)
    write_all({tmp_path / "old.yaml": b"new", tmp_path / "deep/er/made.yaml": b"made", tmp_path / "gone.yaml": None})
    assert files_in(tmp_path) == {"old.yaml": b"new", "deep/er/made.yaml": b"made"}
    assert (tmp_path / "old.yaml").stat().st_mode & 0o777 == 0o640


def test_where_one_cannot_be_put_in_place_all_are_as_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "a.yaml").write_bytes(b"a")
    (tmp_path / "gone.yaml").write_bytes(b"gone")
    really = Path.replace

    def fails(self: Path, target: Path) -> Path:
        if target.name == "c.yaml":
            raise OSError(28, "No space left on device")
        return really(self, target)

    monkeypatch.setattr(Path, "replace", fails)
    files = {
        tmp_path / "a.yaml": b"new",
        tmp_path / "gone.yaml": None,
        tmp_path / "d/b.yaml": b"b",
        tmp_path / "c.yaml": b"",
    }
    with pytest.raises(OSError, match="No space left"):
        write_all(files)
    assert files_in(tmp_path) == {"a.yaml": b"a", "gone.yaml": b"gone"}
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []


def test_what_is_said_no_to_before_changes_nothing(tmp_path: Path):
    (tmp_path / "a.yaml").write_bytes(b"a")

    def no() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_all({tmp_path / "a.yaml": b"new", tmp_path / "new.yaml": b""}, before=no)
    assert files_in(tmp_path) == {"a.yaml": b"a"}


def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path: Path):
    (tmp_path / "a.yaml").mkdir()
    with pytest.raises(IsADirectoryError):
        write_all({tmp_path / "b.yaml": b"b", tmp_path / "a.yaml": b"a"})
    assert files_in(tmp_path) == {}
