"""A bundle reads back as it was written, and of whatever else is in a zip there is one finding and nothing written."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from smartpick_expert.audit.bundle import MAX_BYTES, Bundle, is_bundle, read_bundle, write_bundle
from smartpick_expert.audit.digests import digest
from smartpick_expert.audit.inputs import is_inside, workspace_files, workspace_of
from smartpick_expert.audit.record import body_digest, record_text
from smartpick_expert.cli.main import main
from smartpick_expert.diagnostics import Problems
from tests.advised import advice_on
from tests.profiles import WORKSPACE

PERSONA = "premed"


@cache
def bundle() -> Bundle:
    """A bundle of a persona's advice."""
    advice = advice_on(PERSONA)
    documents = {"advice.md": advice.document("md").encode()}
    return Bundle(advice.record({"advice.md": advice.document("md")}), workspace_files(WORKSPACE), documents)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle, written once."""
    path = tmp_path_factory.mktemp("bundle") / "bundle.zip"
    write_bundle(path, bundle())
    return path


@pytest.fixture
def path(written: Path, tmp_path: Path) -> Path:
    """A bundle in a folder of its own, to be changed."""
    return Path(shutil.copy(written, tmp_path))


def entries(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(path: Path, files: dict[str, bytes], *, with_manifest: bool = True):
    """A zip of these files, by hand: its manifest made anew where it is asked for."""
    if with_manifest:
        listed = {name: digest(data.decode("utf-8")) for name, data in files.items() if name != "manifest.json"}
        files = {**files, "manifest.json": json.dumps({"format": "smartpick-bundle/1", "files": listed}).encode()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in files.items():
            archive.writestr(name, data)


def finding(path: Path) -> str:
    """The one finding of a bundle that is none, after nothing was written anywhere near."""
    before = sorted(path.parent.rglob("*"))
    with pytest.raises(Problems) as raised:
        read_bundle(path)
    (found,) = raised.value.diagnostics
    assert sorted(path.parent.rglob("*")) == before
    assert found.message.endswith(".")
    return found.message


# --- what is written is read -------------------------------------------------------------------------------------------


def test_a_bundle_is_read_back_as_it_was_written(path: Path):
    assert read_bundle(path) == bundle()
    assert is_bundle(path)


def test_equal_contents_make_equal_bytes(path: Path, tmp_path: Path):
    other = tmp_path / "new" / "folder" / "other.zip"
    given = bundle()
    turned = Bundle(given.record, dict(reversed(given.workspace.items())), dict(reversed(given.documents.items())))
    write_bundle(other, turned)
    assert other.read_bytes() == path.read_bytes()


def test_a_bundle_is_for_its_owner_alone(written: Path):
    assert written.stat().st_mode & 0o077 == 0


def test_a_bundle_that_is_read_and_written_again_is_the_same(path: Path, tmp_path: Path):
    write_bundle(tmp_path / "again.zip", read_bundle(path))
    assert (tmp_path / "again.zip").read_bytes() == path.read_bytes()


def test_a_bundle_takes_the_place_of_what_was_there_whole(path: Path):
    before = path.read_bytes()
    path.write_bytes(b"older")
    write_bundle(path, bundle())
    assert (path.read_bytes(), list(path.parent.iterdir())) == (before, [path])


@pytest.mark.parametrize("place", ["folder", "file/bundle.zip"])
def test_where_a_bundle_cannot_be_written_nothing_is_left(place: str, tmp_path: Path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(Problems) as raised:
        write_bundle(tmp_path / place, bundle())
    assert [one.code for one in raised.value.diagnostics] == ["bundle.unwritable"]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["file", "folder"]


def test_documents_may_be_left_out(path: Path):
    write(path, {name: data for name, data in entries(path).items() if not name.startswith("documents/")})
    assert read_bundle(path) == replace(bundle(), documents={})


# --- paths -------------------------------------------------------------------------------------------------------------

OUTSIDE = (
    "../escaped",
    "workspace/../../escaped",
    "/etc/escaped",
    "workspace//etc/escaped",
    "documents//escaped",
    "workspace/./rules/escaped.yaml",
    "C:/escaped",
    "workspace/C:escaped",
    "workspace\\..\\escaped",
    "\\\\host\\escaped",
    "workspace/rules/a\nb.yaml",
    ".",
    "..",
)


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_path_outside_the_bundle_is_refused(name: str, path: Path):
    write(path, {**entries(path), name: b"text"})
    assert finding(path).startswith("The bundle names a path outside itself")


@pytest.mark.parametrize("name", [*OUTSIDE, "", "/", "rules/"])
def test_no_workspace_is_made_of_a_path_outside_it(name: str, tmp_path: Path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(Problems) as raised, workspace_of({**bundle().workspace, name: "text"}):
        pass
    assert [one.code for one in raised.value.diagnostics] == ["workspace.path"]
    assert list(tmp_path.iterdir()) == []


def test_the_paths_of_a_workspace_are_inside():
    assert [name for name in bundle().workspace if not is_inside(name)] == []


def test_a_link_is_no_file(path: Path):
    files = entries(path)
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("documents/link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert len(entries(path)) == len(files) + 1
    assert finding(path) == "The bundle's 'documents/link' is no file."


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused(path: Path):
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("record.json", b"{}")
    assert finding(path) == "The bundle holds 'record.json' twice."


# --- sizes -------------------------------------------------------------------------------------------------------------


def test_a_small_zip_of_huge_content_is_refused(path: Path):
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("documents/bomb", "w") as stream,
    ):
        for _ in range(MAX_BYTES // 2**20 + 1):
            stream.write(b"\0" * 2**20)
    assert path.stat().st_size < 2**20
    assert finding(path) == "The bundle holds more than any advice is made from."


def test_more_files_than_any_advice_has_are_refused(path: Path):
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(5_001):
            archive.writestr(f"documents/{number}", b"")
    assert finding(path) == "The bundle holds more than any advice is made from."


@pytest.mark.parametrize("size", [0, 10, 10**6])
def test_a_size_that_is_not_true_is_noticed(size: int, path: Path):
    """The size stands in the list at the end of a zip: bytes 24 to 28 of an entry."""
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = size.to_bytes(4, "little")
    path.write_bytes(data)
    assert finding(path) != ""


# --- contents ----------------------------------------------------------------------------------------------------------


def changed(name: str, change: Callable[[bytes], bytes]) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda files: {**files, name: change(files[name])}


def without(name: str) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda files: {other: data for other, data in files.items() if other != name}


RULE = next(name for name in workspace_files(WORKSPACE) if name.startswith("rules/"))
CHANGES = {
    "a document": changed("documents/advice.md", lambda data: data + b"!"),
    "a rule": changed(f"workspace/{RULE}", lambda data: data + b"\n# other"),
    "the profile": changed("profile.yaml", lambda data: data + b"# other\n"),
    "a rule taken out": without(f"workspace/{RULE}"),
    "a rule slipped in": lambda files: {**files, "workspace/rules/other.yaml": b"rules: []\n"},
    "a document slipped in": lambda files: {**files, "documents/other.md": b"other"},
    "the profile taken out": without("profile.yaml"),
    "something slipped in": lambda files: {**files, "other": b"other"},
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_that_the_manifest_does_not_know_is_found(name: str, path: Path):
    write(path, CHANGES[name](entries(path)), with_manifest=False)
    assert finding(path).endswith("is not what its manifest says.")


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_that_the_manifest_knows_is_found_by_the_record(name: str, path: Path):
    write(path, CHANGES[name](entries(path)))
    assert finding(path).endswith("is not the file that the record names.")


def test_a_record_that_was_changed_is_found_by_its_own_hash(path: Path):
    files = entries(path)
    write(path, {**files, "record.json": files["record.json"].replace(b"premed", b"tenured")})
    assert finding(path).startswith("The record is damaged")


def test_a_record_may_not_name_a_path_outside(path: Path, tmp_path: Path):
    """Whoever makes a record can make it fit its hash; the path is refused all the same."""
    given = bundle().record
    rules = {**given.body.inputs.rules.files, "../../escaped": digest("text")}
    inputs = replace(given.body.inputs, rules=replace(given.body.inputs.rules, files=rules))
    body = replace(given.body, inputs=inputs)
    record = replace(given, body=body, envelope=replace(given.envelope, body_sha256=body_digest(body)))
    assert msgspec.to_builtins(record)["body"]["inputs"]["rules"]["files"]["../../escaped"]
    files = {**entries(path), "record.json": record_text(record).encode(), "workspace/../../escaped": b"text"}
    write(path, files)
    assert finding(path).startswith("The bundle names a path outside itself")
    write(path, {name: data for name, data in files.items() if ".." not in name})
    assert finding(path) == "The bundle's 'workspace/../../escaped' is not the file that the record names."


MANIFESTS = {
    "none": without("manifest.json"),
    "no JSON": changed("manifest.json", lambda _: b"{"),
    "a list": changed("manifest.json", lambda _: b"[]"),
    "no text": changed("manifest.json", lambda _: b"\xff"),
    "no files": changed("manifest.json", lambda _: b'{"format": "smartpick-bundle/1"}'),
    "files that are a number": changed("manifest.json", lambda _: b'{"format": "smartpick-bundle/1", "files": 5}'),
    "hashes that are lists": changed(
        "manifest.json", lambda data: json.dumps({**json.loads(data), "files": {"x": [1]}}).encode()
    ),
    "deep": changed("manifest.json", lambda _: b"[" * 100_000),
    "another format": changed("manifest.json", lambda data: data.replace(b"bundle/1", b"bundle/9")),
}


@pytest.mark.parametrize("name", MANIFESTS)
def test_a_manifest_that_is_none_is_refused(name: str, path: Path):
    write(path, MANIFESTS[name](entries(path)), with_manifest=False)
    assert finding(path) != ""


def test_a_bundle_without_a_record_is_refused(path: Path):
    write(path, without("record.json")(entries(path)))
    assert finding(path) == "The bundle holds no record."


# --- no bundle ---------------------------------------------------------------------------------------------------------


def test_another_zip_is_refused(path: Path):
    write(path, {"holiday.txt": b"sun"}, with_manifest=False)
    assert finding(path) == "The bundle has no manifest that can be read."


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no zip", b"PK\x05\x06" + b"\0" * 18, b"\0" * 5000])
def test_what_is_no_zip_is_refused(data: bytes, path: Path):
    path.write_bytes(data)
    assert finding(path) != ""


@pytest.mark.parametrize("kind", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_zip_of_another_compression_is_refused(kind: int, path: Path):
    with zipfile.ZipFile(path, "w", kind) as archive:
        archive.writestr("record.json", b"a text " * 1000)
    data = bytearray(path.read_bytes())
    data[50:70] = b"\xff" * 20
    path.write_bytes(data)
    assert finding(path) != ""


def test_an_encrypted_zip_is_refused(path: Path):
    data = bytearray(path.read_bytes())
    entry = data.index(b"PK\x01\x02")
    data[entry + 8] |= 1
    path.write_bytes(data)
    assert finding(path) != ""


def test_a_bundle_cut_short_anywhere_is_refused(path: Path):
    data = path.read_bytes()
    for length in range(0, len(data), len(data) // 25):
        path.write_bytes(data[:length])
        assert finding(path) != ""


def test_a_byte_changed_anywhere_is_found_or_changes_nothing(path: Path):
    data = path.read_bytes()
    silent = []
    for place in range(0, len(data), len(data) // 60):
        path.write_bytes(data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :])
        try:
            if read_bundle(path) != bundle():
                silent.append(place)
        except Problems:
            continue
    assert silent == []


@pytest.mark.parametrize("name", ["a rule", "something slipped in"])
def test_the_command_tells_of_a_bundle_that_was_changed(name: str, path: Path):
    write(path, CHANGES[name](entries(path)))
    result = CliRunner().invoke(main, ["audit", "replay", str(path)])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "bundle.damaged" in result.stderr
