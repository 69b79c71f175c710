"""A workspace becomes a version only in order and looked at; whatever happens, there is the old state or the new one; and back."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from smartpick_expert.audit.digests import digest
from smartpick_expert.audit.versions import Receipt, faults, numbers_in, read_version
from smartpick_expert.authoring.publishing import publish as publishing
from smartpick_expert.authoring.publishing.changelog import bring_up_to_date
from smartpick_expert.authoring.publishing.publish import publish
from smartpick_expert.authoring.publishing.receipts import looked_back
from smartpick_expert.authoring.publishing.restore import NOTE, restore
from smartpick_expert.cli.main import main
from smartpick_expert.diagnostics import Problems
from smartpick_expert.workspace import load_workspace, shipped_root
from tests.ledgers import in_processes
from tests.small_base import small_base_with_templates
from tests.test_audit_cli import Desk

SMALL = Path(__file__).parent / "small"
DAY = date(2026, 9, 10)
NUMBERS = "knowledge/parameters/all.yaml"
CASES = "rules/letters/letters.cases.yaml"
BUCKETS = "rules/bucket/bucket.yaml"
CHANGELOG = "versions/CHANGELOG.md"
WHO = ("--by", "Dr. Adler", "--reason", "Two were too few")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace of one's own, with one person in it."""
    made = Path(shutil.copytree(SMALL, tmp_path / "office"))
    (made / "knowledge" / "personas").mkdir()
    person = {
        "applicant": {"label": "A", "stage": "preparing"},
        "letter": [{"id": "chair", "us_based": True, "waived": True, "residents_sent": 2}],
    }
    (made / "knowledge" / "personas" / "a.json").write_text(json.dumps(person), "utf-8")
    return made


def edit(root: Path, name: str, old: str, new: str):
    text = (root / name).read_text("utf-8")
    assert old in text
    (root / name).write_text(text.replace(old, new, 1), "utf-8")


def move_limit(root: Path):
    """The change of the guide: one limit, and the cases that rest on it."""
    edit(root, NUMBERS, "to: 2026-12-31, value: 2", "to: 2026-12-31, value: 3")
    edit(root, CASES, "residents_sent: 2}", "residents_sent: 3}")


def run(root: Path, command: str, *words: str | Path) -> Result:
    days = () if command in ("restore", "versions") else ("--as-of", "2026-09-10", "--engine", "plain")
    result = CliRunner().invoke(main, ["rules", command, *map(str, words), *days, "--workspace", str(root)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def codes(root: Path) -> list[str]:
    """Why a publication is refused."""
    with pytest.raises(Problems) as refused:
        publish(root, "A", "B", DAY, "plain")
    return [one.code for one in refused.value.diagnostics]


def held(root: Path) -> dict[str, str]:
    """Every file of a workspace by its hash, but for the changelog, which bears a day."""
    paths = (path for path in sorted(root.rglob("*")) if path.is_file() and path.name != "CHANGELOG.md")
    return {path.relative_to(root).as_posix(): digest(path.read_bytes()) for path in paths}


def two_versions(root: Path):
    publish(root, "A", "First", DAY, "plain")
    move_limit(root)
    assert run(root, "impact").exit_code == 0
    publish(root, "B", "Second", DAY, "plain")


# --- publishing ----------------------------------------------------------------------------------------------------------


def test_a_change_goes_from_idea_to_version(root: Path, golden):
    def told(result: Result) -> str:
        """Without what differs from day to day."""
        lines = (result.stderr + result.stdout).splitlines()
        return "".join(f"{line.partition('sha256')[0]}\n" for line in lines if "Version " not in line)

    steps = [run(root, "publish", "--by", "Dr. Adler", "--reason", "We begin")]
    edit(root, NUMBERS, "to: 2026-12-31, value: 2", "to: 2026-12-31, value: 3")
    steps.append(run(root, "publish", *WHO))
    edit(root, CASES, "residents_sent: 2}", "residents_sent: 3}")
    steps += [run(root, "impact"), run(root, "publish", *WHO), run(root, "versions"), run(root, "publish", *WHO)]
    assert [step.exit_code for step in steps] == [0, 1, 0, 0, 0, 1]
    golden("impact/publishing.txt", "----\n".join(told(step) for step in steps))
    heads = [line for line in (root / CHANGELOG).read_text("utf-8").splitlines() if line.startswith("## ")]
    assert [head.partition(",")[0] for head in heads] == ["## Version 2", "## Version 1"]


def test_a_version_says_what_was_published_by_whom_and_what_changed(root: Path):
    two_versions(root)
    first, second = (read_version(root, number) for number in (1, 2))
    assert (second.manifest.by, second.manifest.reason, second.manifest.previous) == ("B", "Second", first.sha256)
    assert [(one.name, one.before, one.after) for one in second.manifest.changes.values] == [
        ("letters.track_record", "2", "3")
    ]
    assert [(one.kind, one.changed) for one in second.manifest.changes.things] == [
        ("parameters", ("letters.track_record",)),
        ("cases and examples", (CASES,)),
    ]
    assert second.manifest.impact is not None
    assert (second.manifest.impact.people, second.manifest.impact.moved) == (1, 1)
    assert faults(root) == {}


def test_all_reasons_against_it_are_told_at_once(root: Path):
    publish(root, "A", "First", DAY, "plain")
    before = held(root)
    edit(root, NUMBERS, "to: 2026-12-31, value: 2", "to: 2026-12-31, value: 3")
    edit(root, "knowledge/actions/all.yaml", "    costs: unknown\n", "")
    changed = held(root)
    assert sorted(set(codes(root))) == ["action.unfinished", "case.failed", "publish.impact"]
    assert held(root) == changed != before


def test_what_was_looked_at_counts_for_exactly_that(root: Path):
    publish(root, "A", "First", DAY, "plain")
    move_limit(root)
    run(root, "impact")
    edit(root, BUCKETS, "title: A trusted letter", "title: One trusted letter")
    assert codes(root) == ["publish.impact"]
    # What compares something else is no look at this either.
    run(root, "impact", "1", "1")
    run(root, "impact", "shipped")
    assert codes(root) == ["publish.impact"]
    run(root, "impact")
    assert publish(root, "A", "B", DAY, "plain").version.number == 2


def test_a_look_at_advices_of_a_day_gone_by_is_none(root: Path):
    publish(root, "A", "First", DAY, "plain")
    move_limit(root)

    def look(day: str):
        words = ["rules", "impact", "--as-of", day, "--engine", "plain", "--workspace", str(root)]
        assert CliRunner().invoke(main, words).exit_code == 0

    look("2026-09-09")
    assert codes(root) == ["publish.impact-day"]
    look("2026-09-10")
    assert publish(root, "A", "B", DAY, "plain").version.manifest.impact.as_of == "2026-09-10"


def test_what_was_looked_at_on_one_day_serves_on_the_next():
    receipt = Receipt("old", "new", 2, 1, "report", "2026-09-09T12:00:00+00:00", "2026-09-09")
    assert not looked_back(receipt, date(2026, 9, 10))
    assert looked_back(replace(receipt, as_of="2026-09-08"), date(2026, 9, 10))
    assert not looked_back(replace(receipt, as_of=""), date(2026, 9, 10))


def test_a_look_at_nobody_is_none(root: Path):
    publish(root, "A", "First", DAY, "plain")
    move_limit(root)
    (root / "knowledge" / "personas" / "a.json").write_text("{", "utf-8")
    result = run(root, "impact")
    assert (result.exit_code, "nothing was looked at" in result.stderr) == (1, True)
    assert codes(root) == ["publish.impact"]


def test_a_change_that_no_advice_can_notice_needs_no_look(root: Path):
    publish(root, "A", "First", DAY, "plain")
    edit(root, CASES, "name: Two residents are a record", "name: Two residents make a record")
    found = publish(root, "A", "A better name", DAY, "plain").version.manifest
    assert (found.number, found.impact) == (2, None)
    assert [(one.kind, one.changed) for one in found.changes.things] == [("cases and examples", (CASES,))]


def test_nothing_new_is_no_version(root: Path):
    publish(root, "A", "First", DAY, "plain")
    assert codes(root) == ["publish.nothing"]


def test_what_the_program_ships_is_not_published_into():
    assert codes(shipped_root()) == ["version.shipped"]
    result = run(shipped_root(), "publish", *WHO)
    assert (result.exit_code, "smartpick init DIR" in result.stderr) == (1, True)


@pytest.mark.parametrize("words", [("--by", " ", "--reason", "x"), ("--by", "x", "--reason", ""), ("--by", "x")])
def test_who_and_why_have_to_be_said(root: Path, words: tuple[str, ...]):
    assert run(root, "publish", *words).exit_code == 2
    assert numbers_in(root) == ()


def test_files_that_change_while_they_are_checked_are_not_published(root: Path, monkeypatch: pytest.MonkeyPatch):
    check = publishing.check

    def meanwhile(*words: object):
        found = check(*words)
        edit(root, BUCKETS, "title: A trusted", "title: One trusted")
        return found

    monkeypatch.setattr(publishing, "check", meanwhile)
    assert codes(root) == ["publish.changed"]
    assert numbers_in(root) == ()


def test_a_full_disk_leaves_everything_as_it_was(root: Path, monkeypatch: pytest.MonkeyPatch):
    def full(_: int):
        raise OSError(errno.ENOSPC, "No space left on device")

    publish(root, "A", "First", DAY, "plain")
    edit(root, CASES, "Two residents are", "Two residents make")
    before = held(root)
    monkeypatch.setattr(publishing.os, "fsync", full)
    result = run(root, "publish", *WHO)
    assert (result.exit_code, "No space left on device" in result.stderr) == (1, True)
    assert held(root) == before


def test_of_two_who_publish_at_once_one_is_told_of_the_other(root: Path, monkeypatch: pytest.MonkeyPatch):
    zipped = publishing.zipped

    def meanwhile(files: dict[str, bytes]) -> bytes:
        monkeypatch.setattr(publishing, "zipped", zipped)
        publish(root, "The other", "Quicker", DAY, "plain")
        return zipped(files)

    monkeypatch.setattr(publishing, "zipped", meanwhile)
    assert codes(root) == ["publish.meanwhile"]
    assert (numbers_in(root), read_version(root, 1).manifest.by, faults(root)) == ((1,), "The other", {})


def publish_until_killed(root: str, steps: int):
    """In a process of its own: publish, and be killed before so many of the steps that touch the disk."""
    left = steps

    def stepping(call):
        def step(*words: object, **named: object):
            nonlocal left
            # What is read is read before anything is written.
            left -= call is os.fsync or "versions" in str(words[0])
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*words, **named)

        return step

    for name in ("mkdir", "rename", "open", "chmod", "replace", "write_bytes"):
        setattr(Path, name, stepping(getattr(Path, name)))
    os.fsync = stepping(os.fsync)
    publish(Path(root), "A", "Second", DAY, "plain")


@pytest.mark.skipif(os.name == "nt", reason="there is no such signal")
def test_a_kill_at_any_moment_leaves_the_old_state_or_the_new_one(root: Path):
    publish(root, "A", "First", DAY, "plain")
    edit(root, CASES, "Two residents are", "Two residents make")
    ends: dict[tuple[int, ...], int] = {}
    for steps in (*range(0, 18, 3), 10_000):
        office = Path(shutil.copytree(root, root.parent / f"killed-{steps}"))
        (code,) = in_processes(publish_until_killed, [(str(office), steps)])
        numbers = numbers_in(office)
        assert numbers in ((1,), (1, 2))
        assert faults(office) == {}
        assert code == (0 if steps == 10_000 else -signal.SIGKILL) or numbers == (1, 2)
        ends[numbers] = ends.get(numbers, 0) + 1
        if numbers == (1,):
            assert publish(office, "A", "Again", DAY, "plain").version.number == 2
        bring_up_to_date(office)
        assert (office / CHANGELOG).read_text("utf-8").count("## Version") == 2
    assert ends.keys() == {(1,), (1, 2)}


def test_the_changelog_keeps_what_somebody_wrote_into_it(root: Path):
    publish(root, "A", "First *of* all", DAY, "plain")
    path = root / CHANGELOG
    path.write_text(path.read_text("utf-8") + "\nWe were glad.\n", "utf-8")
    edit(root, CASES, "Two residents are", "Two residents make")
    publish(root, "A", "Second", DAY, "plain")
    text = path.read_text("utf-8")
    assert text.index("## Version 2") < text.index("## Version 1") < text.index("We were glad.")
    assert "By A: First \\*of\\* all" in text


# --- versions ------------------------------------------------------------------------------------------------------------


def test_a_changed_file_in_a_version_is_found_by_its_hash(root: Path):
    two_versions(root)
    path = root / "versions" / "001" / "content.zip"
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data.replace(b"trusted", b"doubted"))
    result = run(root, "versions")
    assert (result.exit_code, "Version 1 is damaged: Its 'knowledge/" in result.stderr) == (1, True)
    before = held(root)
    for command in (("restore", "1"), ("impact", "1")):
        result = run(root, *command)
        assert (result.exit_code, "error[version.damaged]" in result.stderr) == (1, True)
    assert held(root) == before


def test_a_manifest_that_was_changed_is_found_by_the_next_one(root: Path):
    two_versions(root)
    edit(root, "versions/001/manifest.json", '"First"', '"Never"')
    assert faults(root) == {1: "Version 1 is damaged: its manifest is not the one that version 2 follows."}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "smartpick-version/9"}', "[" * 100_000])
def test_a_manifest_that_is_none_is_told_of(root: Path, text: str):
    publish(root, "A", "First", DAY, "plain")
    (root / "versions" / "001" / "manifest.json").write_text(text, "utf-8")
    assert run(root, "versions").exit_code == 1
    edit(root, BUCKETS, "title: A trusted", "title: One trusted")
    assert codes(root) == ["version.damaged"]


def test_no_version_is_ever_read_as_rules(root: Path):
    two_versions(root)
    restore(root, 1)
    edit(root, BUCKETS, "title: A trusted", "title: One trusted")
    restore(root, 2, force=True)
    found = load_workspace(root)
    assert (len(found.ruleset.rules), {name.partition("/")[0] for name in found.files}) == (6, {"rules", "knowledge"})


# --- restoring -----------------------------------------------------------------------------------------------------------


def test_what_was_restored_is_what_was_published(root: Path):
    publish(root, "A", "First", DAY, "plain")
    first = held(root)
    (root / "rules" / "new").mkdir()
    (root / "rules" / "new" / "more.cases.yaml").write_text("cases: []\n", "utf-8")
    move_limit(root)
    run(root, "impact")
    publish(root, "A", "Second", DAY, "plain")
    result = run(root, "restore", "1")
    assert (result.exit_code, result.stdout) == (
        0,
        "The workspace stands at version 1 again: 2 files written, 1 file taken out.\n",
    )
    now = held(root)
    assert {name: now[name] for name in first} == first
    assert not (root / "rules" / "new").exists()
    assert "stands at version 1" in run(root, "versions").stdout
    assert run(root, "restore", "1").stdout == "Every file is as in version 1 already.\n"
    assert run(root, "restore", "v002").exit_code == 0


def test_unpublished_changes_are_not_lost(root: Path):
    two_versions(root)
    edit(root, BUCKETS, "title: A trusted", "title: One trusted")
    edited = held(root)
    result = run(root, "restore", "1")
    assert (result.exit_code, "error[version.unpublished]" in result.stderr, held(root)) == (1, True, edited)
    found = restore(root, 1, force=True)
    kept = root / found.backup / BUCKETS
    assert digest(kept.read_bytes()) == edited[BUCKETS]
    assert run(root, "impact", found.version.folder.parent / "backups" / kept.parts[-4]).exit_code == 0


def restore_until_killed(root: str, files: int):
    """In a process of its own: restore the first version, and be killed when so many files are in their places."""
    replace, left = Path.replace, files

    def step(self: Path, target: Path):
        nonlocal left
        left -= target.name not in ("restoring.json", "CHANGELOG.md")
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return replace(self, target)

    Path.replace = step
    restore(Path(root), 1)


@pytest.mark.skipif(os.name == "nt", reason="there is no such signal")
def test_a_restoration_that_was_killed_is_finished_by_the_next(root: Path):
    two_versions(root)
    assert in_processes(restore_until_killed, [(str(root), 1)]) == [-signal.SIGKILL]
    assert (root / NOTE).exists()
    assert codes(root) == ["version.restoring"]
    assert "smartpick rules restore 1" in run(root, "versions").stdout
    # Whatever was written in between is kept as well.
    edit(root, BUCKETS, "title: A trusted", "title: One trusted")
    result = run(root, "restore", "1")
    assert (result.exit_code, "What was there is kept in versions/backups/" in result.stdout) == (0, True)
    assert not (root / NOTE).exists()
    assert "stands at version 1" in run(root, "versions").stdout


def test_a_restoration_on_a_full_disk_leaves_everything_as_it_was(root: Path, monkeypatch: pytest.MonkeyPatch):
    two_versions(root)
    before = held(root)
    replace = Path.replace

    def full(self: Path, target: Path):
        if target.name == "letters.cases.yaml":
            raise OSError(errno.ENOSPC, "No space left on device")
        return replace(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", full)
        result = run(root, "restore", "1")
    assert (result.exit_code, "No space left on device" in result.stderr) == (1, True)
    assert held(root) == before


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("3", "There are 1 to 2"),
        ("22", "Did you mean '2'? There are 1 to 2"),
        ("latest", "There is no version 'latest'"),
    ],
)
def test_a_version_that_does_not_exist_is_told_of(root: Path, name: str, words: str):
    two_versions(root)
    result = run(root, "restore", name)
    assert (result.exit_code, words in result.stderr) == (1, True), result.stderr


def test_before_anything_was_published_that_is_said(root: Path):
    assert run(root, "versions").stdout == "Nothing was published here yet.\n"
    assert "None was published yet" in run(root, "restore", "1").stderr
    assert json.loads(run(root, "versions", "--format", "json").stdout)["versions"] == []


# --- records -------------------------------------------------------------------------------------------------------------


def test_records_and_documents_name_the_version_and_replay_the_same(tmp_path: Path):
    desk = Desk(tmp_path, small_base_with_templates(tmp_path))
    ids = [desk.enter("A")]
    publish(desk.base, "A", "First", DAY, "plain")
    ids.append(desk.enter("A"))
    edit(desk.base, BUCKETS, "title: A trusted", "title: One trusted")
    ids.append(desk.enter("A"))
    restore(desk.base, 1, force=True)
    first = read_version(desk.base, 1).sha256
    records = [json.loads(desk.audit("show", name, "--format", "json").stdout) for name in ids]
    assert [one["envelope"]["published"] for one in records] == [
        None,
        {"version": 1, "sha256": first, "changed": False},
        {"version": 1, "sha256": first, "changed": True},
    ]
    # Which version it was is said of an advice, and is no part of what it is.
    assert records[0]["envelope"]["body_sha256"] == records[1]["envelope"]["body_sha256"]
    by = f"by version 1 of the workspace's rules and knowledge (sha256 {first})"
    since = f"by rules and knowledge with unpublished changes since version 1 (sha256 {first})"
    assert [by in desk.audit("show", name).stdout for name in ids] == [False, True, False]
    assert since in desk.audit("show", ids[2]).stdout
    for name in ids:
        assert desk.audit("replay", name).exit_code == 0
    assert since.replace("'", "&#39;") in (tmp_path / "out" / "A.html").read_text("utf-8")
    assert since in (tmp_path / "out" / "A.md").read_text("utf-8")


def test_a_damaged_version_keeps_nobody_from_advice(tmp_path: Path):
    desk = Desk(tmp_path, small_base_with_templates(tmp_path))
    publish(desk.base, "A", "First", DAY, "plain")
    (desk.base / "versions" / "001" / "manifest.json").write_text("{", "utf-8")
    record = json.loads(desk.audit("show", desk.enter("A"), "--format", "json").stdout)
    assert record["envelope"]["published"] is None
