"""The ledger on real files: what is entered, found, erased and verified, and files that are no ledger or cannot be used."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import zlib
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from smartpick_expert.audit import ledger_file
from smartpick_expert.audit.chain import START, Content, Entered, commitment_of, link_after
from smartpick_expert.audit.digests import canonical, digest
from smartpick_expert.audit.entering import entry_of, record_in
from smartpick_expert.audit.entry import Listed, new_id
from smartpick_expert.audit.ledger import BEGUN, Ledger
from smartpick_expert.diagnostics import Problems
from tests.advised import MARK, advice_of, marked, persona_data
from tests.ledgers import PROCESSES, append, change, entry, fill, found_in, in_processes, ledger_of, read_only
from tests.profiles import WORKSPACE

# How a zip file begins in base64.
PACKED = "UEsDB"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "ledger.sqlite"


def ids(listed: Iterable[Listed]) -> list[str]:
    return [one.link.id for one in listed]


def problem_of(path: Path, *, must_exist: bool = True) -> tuple[str, str]:
    """The code and the words of what keeps a file from being used as a ledger."""
    with pytest.raises(Problems) as raised, Ledger(path, must_exist=must_exist) as ledger:
        ledger.verify()
    (found,) = raised.value.diagnostics
    assert found.location.path == str(path)
    assert found.message.endswith(".")
    assert found.hint.endswith(".")
    return found.code, found.message


# --- entering and finding ----------------------------------------------------------------------------------------------


def test_a_new_ledger_is_empty_and_for_its_owner_alone(path: Path):
    with Ledger(path) as ledger:
        assert (ledger.head(), ledger.length(), ledger.entries(), ledger.verify()) == (START, 0, (), ())
    assert path.stat().st_mode & 0o077 == 0


def test_an_entry_is_found_again_as_it_was_entered(path: Path):
    given = entry(label="Zoë", overrides=2, shared={digest("a text"): "a text"}, written=("/somewhere/a.html",))
    with Ledger(path) as ledger:
        before = datetime.now(UTC).isoformat(timespec="seconds")
        link = ledger.append(given)
    with Ledger(path, must_exist=True) as ledger:
        assert ledger.entry(given.id) == Listed(link, given.summary)
        assert ledger.data(link.number) == given.data
        assert ledger.shared([digest("a text"), "f" * 64]) == {digest("a text"): "a text"}
        assert ledger.exports([1]) == ((BEGUN, "/somewhere/a.html"),)
        ledger.note_written(1)
        assert ledger.exports([1]) == (("document", "/somewhere/a.html"),)
        assert (link.number, link.id, link.what, link.previous) == (1, given.id, "advice", START)
        assert before <= link.at <= datetime.now(UTC).isoformat(timespec="seconds")
        assert (ledger.head(), ledger.length(), ledger.verify(link.hash)) == (link.hash, 1, ())


def test_equal_entries_have_commitments_that_do_not_tell_that_they_are_equal(path: Path):
    with Ledger(path) as ledger:
        first, second = (ledger.append(entry(name, label="the same", data=b"the same")) for name in ("one", "two"))
    assert first.commitment != second.commitment


def test_an_id_is_entered_once(path: Path):
    with Ledger(path) as ledger:
        ledger.append(entry())
        with pytest.raises(Problems):
            ledger.append(entry())
        assert (ledger.length(), ledger.verify()) == (1, ())
        ledger.append(entry("other"))


def test_entries_are_narrowed_by_label_day_rule_and_overrides(path: Path):
    with Ledger(path) as ledger:
        ledger.append(entry("one", label="ann", fired=("topic.first",)))
        ledger.append(entry("two", label="bob", fired=("topic.first-again", "topic.other")))
        ledger.append(entry("three", label="ann", overrides=1, fired=()))
        today = ledger.entries()[0].link.at[:10]
        assert ids(ledger.entries()) == ["one", "two", "three"]
        assert ids(ledger.entries(label="ann")) == ["one", "three"]
        assert ids(ledger.entries(label="an")) == []
        assert ids(ledger.entries(since=today)) == ["one", "two", "three"]
        assert ids(ledger.entries(since="9999-01-01")) == []
        assert ids(ledger.entries(rule="topic.first")) == ["one"]
        assert ids(ledger.entries(rule="topic")) == []
        assert ids(ledger.entries(label="ann", overrides=True)) == ["three"]


def test_a_text_that_entries_share_is_kept_once(path: Path):
    texts = {digest(text): text for text in ("a", "b")}
    with Ledger(path) as ledger:
        ledger.append(entry("one", shared=texts))
        ledger.append(entry("two", shared={**texts, digest("c"): "c"}))
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT hash FROM shared ORDER BY hash").fetchall() == sorted(
            (digest(text),) for text in "abc"
        )


def test_an_id_has_no_letters_that_are_mistaken_for_others():
    names = {new_id() for _ in range(300)}
    assert len(names) == 300
    assert set("".join(names)) & set("01ilo") == set()


# --- erasing -----------------------------------------------------------------------------------------------------------


def traces(path: Path, *marks: bytes) -> dict[str, list[bytes]]:
    """Which marks stand in the database, its log and its caches, by the file's name."""
    files = sorted(path.parent.glob(f"{path.name}*"))
    return {file.name: [mark for mark in marks if mark in file.read_bytes()] for file in files}


def test_nothing_of_an_erased_entry_is_left_in_any_file(path: Path):
    marks = b"Zq-label", b"Zq-data", b"Zq-rule", b"Zq-place"
    with Ledger(path) as ledger:
        ledger.append(entry("one"))
        link = ledger.append(
            entry("two", label="Zq-label", data=b"Zq-data" * 5000, fired=("Zq-rule",), written=("/Zq-place",))
        )
        ledger.append(entry("three"))
        with closing(sqlite3.connect(path)) as database:
            (salt,) = database.execute("SELECT salt FROM content WHERE number = 2").fetchone()
        everywhere = {mark for found in traces(path, *marks, salt).values() for mark in found}
        assert everywhere == {*marks, salt}
        assert ledger.erase([link.number]) == ("two",)
        assert [found for found in traces(path, *marks, salt).values() if found] == []
        assert ledger.data(link.number) is None
        assert ledger.entry("two") == Listed(link, None)
        assert ledger.exports([link.number]) == ()
    assert traces(path, *marks, salt) == {"ledger.sqlite": []}


def test_nothing_of_a_real_advice_is_left_when_it_is_erased(path: Path, tmp_path: Path):
    """Texts that records share are kept, so none of them may hold a word of an applicant."""
    data = marked(persona_data("graduate_needing_visa"))
    advice = advice_of(data, tmp_path)
    record = advice.record({"advice.md": advice.document("md")})
    made = entry_of("aaaa-2222", record, WORKSPACE, [f"/{MARK}/advice.md"])
    personal = [MARK, record.body.inputs.profile.sha256, record.envelope.documents["advice.md"]]
    # The Word template in base64 may hold any two letters by chance.
    texts = [text for text in made.shared.values() if not text.startswith(PACKED)]
    assert len(texts) == len(made.shared) - 1
    assert [text for text in texts if any(mark in text for mark in personal)] == []
    # Compressed data hides its words, so that its own bytes are looked for.
    assert MARK in made.summary.label
    marks = [made.summary.label.encode(), f"/{MARK}/advice".encode(), made.data[100:140], made.data[-40:]]
    with Ledger(path) as ledger:
        ledger.append(made)
        assert record_in(ledger, "aaaa-2222") == record
        assert {mark for found in traces(path, *marks).values() for mark in found} == set(marks)
        ledger.erase([1])
        assert [found for found in traces(path, *marks).values() if found] == []


def test_after_an_erasure_the_chain_holds_and_the_erasure_is_kept(path: Path):
    head = ledger_of(path, 5)
    with Ledger(path) as ledger:
        assert ledger.erase([2, 4]) == ("aaaa-0002", "aaaa-0004")
        assert ledger.length() == 6
        assert ledger.verify(head) == ()
        assert ids(ledger.entries()) == [f"aaaa-000{number}" for number in range(1, 6)]
        assert [one.link.number for one in ledger.entries() if one.summary is None] == [2, 4]
        assert ids(ledger.entries(rule="topic.rule")) == ["aaaa-0001", "aaaa-0003", "aaaa-0005"]
        ledger.append(entry("later"))
        assert ledger.verify(head) == ()


def test_what_is_not_there_or_is_no_advice_is_not_erased(path: Path):
    ledger_of(path, 2)
    with Ledger(path) as ledger:
        ledger.erase([1])
        assert (ledger.erase([1, 3, 99]), ledger.length(), ledger.verify()) == ((), 3, ())


def test_an_erasure_that_was_taken_out_leaves_what_it_erased_unexplained(path: Path):
    ledger_of(path, 2)
    with Ledger(path) as ledger:
        ledger.erase([1])
        ledger.append(entry("later"))
    change(path, "DELETE FROM content WHERE number = 3")
    assert found_in(path) == [("gone", 1), ("gone", 3)]


def test_an_erasure_that_another_process_keeps_from_being_complete_says_so(path: Path, monkeypatch):
    monkeypatch.setattr(ledger_file, "_WAIT_SECONDS", 0.1)
    ledger_of(path, 2)
    change(path, "UPDATE content SET data = 'Zq' WHERE number = 9")
    with Ledger(path) as ledger, closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM content").fetchone()
        with pytest.raises(Problems) as raised:
            ledger.erase([1])
        (found,) = raised.value.diagnostics
        assert found.code == "ledger.traces"
        assert found.message.startswith("Erased: aaaa-0001.")
        reader.execute("ROLLBACK")
        assert ledger.erase(()) == ()
        assert traces(path, b"data of aaaa-0001", b"data of aaaa-0002")["ledger.sqlite"] == [b"data of aaaa-0002"]
        assert ledger.verify() == ()


# --- tampering ---------------------------------------------------------------------------------------------------------

SWAP = (
    "UPDATE {0} SET number = -2 WHERE number = 2",
    "UPDATE {0} SET number = 2 WHERE number = 3",
    "UPDATE {0} SET number = 3 WHERE number = -2",
)
TAMPERING = {
    "a link edited": (["UPDATE link SET at = '2020-01-01' WHERE number = 2"], [("edited", 2)]),
    "a link edited to something that is no text": (
        ["UPDATE link SET commitment = x'ff00' WHERE number = 2"],
        [("edited", 2)],
    ),
    "a letter of a link edited to what is none": (
        ["UPDATE link SET at = CAST(x'ff' AS TEXT) WHERE number = 2"],
        [("edited", 2)],
    ),
    "a kind edited": (["UPDATE link SET what = 'erasure' WHERE number = 2"], [("edited", 2)]),
    "a label edited": (
        ["UPDATE content SET summary = replace(summary, 'label-', 'other-') WHERE number = 2"],
        [("content", 2)],
    ),
    "a summary that is none": (["UPDATE content SET summary = 'x' WHERE number = 2"], [("content", 2)]),
    "a summary that is no text": (
        ["UPDATE content SET summary = CAST(x'ff' AS TEXT) WHERE number = 2"],
        [("content", 2)],
    ),
    "a rule taken out": (["UPDATE content SET fired = '[]' WHERE number = 2"], [("content", 2)]),
    "data edited": (["UPDATE content SET data = x'00' WHERE number = 2"], [("content", 2)]),
    "data that are a number": (["UPDATE content SET data = 5 WHERE number = 2"], [("content", 2)]),
    "a salt edited": (["UPDATE content SET salt = 'salt' WHERE number = 2"], [("content", 2)]),
    "an entry taken out": (
        ["DELETE FROM link WHERE number = 2", "DELETE FROM content WHERE number = 2"],
        [("missing", 3)],
    ),
    "two entries swapped": (
        [statement.format(table) for table in ("link", "content") for statement in SWAP],
        [("reordered", 2), ("reordered", 3)],
    ),
    "two contents swapped": ([one.format("content") for one in SWAP], [("content", 2), ("content", 3)]),
    "a content taken out": (["DELETE FROM content WHERE number = 2"], [("gone", 2)]),
    "a last link taken out": (["DELETE FROM link WHERE number = 4"], [("content", 4)]),
    "a shared text changed": (["UPDATE shared SET data = x'00'"], [("shared", 0)]),
    "a shared text renamed": (["UPDATE shared SET hash = 'x'"], [("shared", 0)]),
    "a shared text taken out": (["DELETE FROM shared"], [("shared", 0)]),
    "references edited": (["UPDATE content SET refers = '1 ' || hex(zeroblob(32)) WHERE number = 2"], [("content", 2)]),
    "references taken out": (["UPDATE content SET refers = NULL WHERE number = 2"], [("content", 2)]),
    "a tail cut off": (["DELETE FROM link WHERE number = 4", "DELETE FROM content WHERE number = 4"], []),
}


@pytest.fixture
def four(path: Path) -> Path:
    """A ledger of four entries, one with a shared text."""
    ledger_of(path, 3)
    with Ledger(path) as ledger:
        ledger.append(entry("aaaa-0004", shared={digest("a text"): "a text"}))
    return path


@pytest.mark.parametrize("name", TAMPERING)
def test_verify_finds_what_was_changed_in_the_file(name: str, four: Path):
    statements, expected = TAMPERING[name]
    assert found_in(four) == []
    change(four, *statements)
    assert found_in(four) == expected


def test_with_a_head_verify_finds_a_tail_that_was_cut_off(four: Path):
    with Ledger(four) as ledger:
        head = ledger.head()
    change(four, "DELETE FROM link WHERE number > 2", "DELETE FROM content WHERE number > 2")
    assert (found_in(four), found_in(four, head)) == ([], [("head", 0)])


def test_with_a_head_verify_finds_a_ledger_made_anew(path: Path, tmp_path: Path):
    head = ledger_of(path, 3)
    ledger_of(tmp_path / "other.sqlite", 3)
    shutil.copy(tmp_path / "other.sqlite", path)
    assert (found_in(path), found_in(path, head)) == ([], [("head", 0)])


@pytest.mark.parametrize(
    "name", [name for name in TAMPERING if name not in ("a tail cut off", "a last link taken out")]
)
def test_a_ledger_that_was_tampered_with_can_still_be_read(name: str, four: Path):
    """What was not touched is there, and what was is not believed."""
    change(four, *TAMPERING[name][0])
    with Ledger(four) as ledger:
        listed = {one.link.number: one for one in ledger.entries()}
        assert {1, 4} <= listed.keys()
        assert (ledger.data(1), ledger.data(4)) == (b"data of aaaa-0001", b"data of aaaa-0004")
        ledger.append(entry("later"))


@pytest.mark.parametrize("name", [name for name, (_, found) in TAMPERING.items() if found == [("content", 2)]])
def test_content_that_was_changed_is_not_given_out(name: str, four: Path):
    change(four, *TAMPERING[name][0])
    with Ledger(four) as ledger, pytest.raises(Problems) as raised:
        ledger.data(2)
    assert raised.value.diagnostics[0].code == "ledger.damaged"


def test_no_label_leaves_out_an_entry_whose_summary_is_damaged(four: Path):
    change(four, "UPDATE content SET summary = '{}' WHERE number = 2")
    with Ledger(four) as ledger:
        assert ids(one for one in ledger.entries(label="label-aaaa-0003")) == ["aaaa-0002", "aaaa-0003"]
        assert [one.is_damaged for one in ledger.entries()] == [False, True, False, False]


def test_a_shared_text_that_was_changed_is_not_given_out(four: Path):
    change(four, "UPDATE shared SET data = x'00'")
    with Ledger(four) as ledger:
        assert ledger.shared([digest("a text")]) == {}


def meaning(path: Path) -> list[object]:
    """Everything a ledger says."""
    with Ledger(path, must_exist=True) as ledger:
        return [(one, ledger.data(one.link.number)) for one in ledger.entries()] + [ledger.shared([digest("a text")])]


def test_a_byte_changed_anywhere_in_the_file_is_found_or_changes_nothing(four: Path, tmp_path: Path):
    chance, data, before = Random(7), four.read_bytes(), meaning(four)
    changed = tmp_path / "changed.sqlite"
    silent = []
    for _ in range(250):
        place = chance.randrange(len(data))
        other = bytearray(data)
        other[place] ^= chance.randrange(1, 256)
        changed.write_bytes(other)
        try:
            if not found_in(changed) and meaning(changed) != before:
                silent.append(place)
        except Problems:
            continue
    assert silent == []


# --- files that are no ledger, or cannot be used -----------------------------------------------------------------------


def test_where_nothing_was_entered_there_is_no_ledger_and_none_is_made(path: Path):
    assert problem_of(path)[0] == "ledger.none"
    assert not path.parent.exists()


def test_an_empty_file_is_no_ledger_but_may_become_one(tmp_path: Path):
    path = tmp_path / "empty"
    path.touch()
    assert problem_of(path)[0] == "ledger.none"
    assert path.read_bytes() == b""
    ledger_of(path, 1)
    assert found_in(path) == []


@pytest.mark.parametrize("must_exist", [True, False])
def test_a_database_of_something_else_is_refused_and_left_as_it_is(tmp_path: Path, must_exist: bool):
    path = tmp_path / "places.sqlite"
    change(path, "CREATE TABLE places (url)", "INSERT INTO places VALUES ('x')")
    before = path.read_bytes()
    assert problem_of(path, must_exist=must_exist)[0] == "ledger.foreign"
    assert [file.name for file in tmp_path.iterdir()] == ["places.sqlite"]
    assert path.read_bytes() == before


def test_a_ledger_to_which_somebody_added_a_trigger_is_refused(four: Path):
    change(four, "CREATE TRIGGER quiet AFTER INSERT ON link BEGIN DELETE FROM content; END")
    assert problem_of(four)[0] == "ledger.foreign"


@pytest.mark.parametrize("must_exist", [True, False])
@pytest.mark.parametrize("content", [b"not a database " * 500, b"SQLite format 3\0" + b"\0" * 4000, b"x"])
def test_a_file_of_something_else_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes, must_exist: bool):
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    assert problem_of(path, must_exist=must_exist)[0] in ("ledger.foreign", "ledger.damaged", "ledger.none")
    assert path.read_bytes() == content


def test_a_ledger_of_another_format_is_refused(four: Path):
    change(four, "UPDATE meta SET value = 'smartpick-ledger/9'")
    assert problem_of(four) == (
        "ledger.format",
        "This ledger is of format 'smartpick-ledger/9'; this program keeps 'smartpick-ledger/2'.",
    )


@pytest.mark.parametrize("must_exist", [True, False])
def test_a_folder_is_refused(tmp_path: Path, must_exist: bool):
    assert problem_of(tmp_path, must_exist=must_exist)[0] == "ledger.unusable"


def test_a_ledger_below_a_file_is_refused(tmp_path: Path):
    (tmp_path / "file").touch()
    assert problem_of(tmp_path / "file" / "ledger.sqlite", must_exist=False)[0] == "ledger.unusable"


def test_a_ledger_that_was_cut_short_is_found_or_refused(four: Path, tmp_path: Path):
    data, cut = four.read_bytes(), tmp_path / "cut.sqlite"
    for length in range(512, len(data), 512):
        cut.write_bytes(data[:length])
        try:
            assert found_in(cut) != [], length
        except Problems as problems:
            assert problems.diagnostics[0].code in ("ledger.damaged", "ledger.unusable")  # noqa: PT017 - either will do


@pytest.mark.parametrize("mode", [0o555, 0o777], ids=["folder too", "folder writable"])
def test_a_ledger_that_may_only_be_read_can_be_verified_and_not_appended_to(mode: int):
    # Below a folder of the test run nobody else may read.
    with tempfile.TemporaryDirectory() as folder:
        path, told = Path(folder) / "kept" / "ledger.sqlite", Path(folder) / "told"
        ledger_of(path, 3)
        told.touch()
        for place, bits in ((told, 0o666), (Path(folder), 0o755), (path, 0o444), (path.parent, mode)):
            place.chmod(bits)
        try:
            assert in_processes(read_only, [(str(path), str(told))]) == [0]
        finally:
            path.parent.chmod(0o755)
        assert told.read_text().splitlines() == ["3 entries, 0 findings", "ledger.unusable"]


@pytest.mark.parametrize("limit", [60_000, 100_000, 250_000, 333_333])
def test_a_full_disk_is_told_of_and_nothing_acknowledged_is_lost(path: Path, tmp_path: Path, limit: int):
    told = tmp_path / "told"
    assert in_processes(fill, [(str(path), str(told), limit)]) == [0]
    *acknowledged, said = told.read_text().splitlines()
    assert said == "ledger.unusable"
    assert acknowledged
    with Ledger(path) as ledger:
        assert ids(ledger.entries()) == acknowledged
        assert ledger.verify() == ()
        ledger.append(entry("later"))
        assert ledger.verify() == ()


def test_a_disk_that_is_full_from_the_start_is_told_of(path: Path, tmp_path: Path):
    told = tmp_path / "told"
    assert in_processes(fill, [(str(path), str(told), 2_000)]) == [0]
    assert told.read_text() == "ledger.unusable\n"
    ledger_of(path, 1)
    assert found_in(path) == []


# --- several at once ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("processes", [2, 8])
def test_processes_that_append_at_once_wait_for_one_another(path: Path, tmp_path: Path, processes: int):
    told = tmp_path / "told"
    work = [(str(path), str(told), f"p{process}", 12) for process in range(processes)]
    assert in_processes(append, work) == [0] * processes
    acknowledged = told.read_text().splitlines()
    assert len(acknowledged) == 12 * processes
    with Ledger(path) as ledger:
        assert sorted(ids(ledger.entries())) == sorted(acknowledged)
        assert ledger.verify() == ()


def test_what_is_verified_meanwhile_is_never_half_of_an_entry(path: Path, tmp_path: Path):
    ledger_of(path, 1)
    writer = PROCESSES.Process(target=append, args=(str(path), str(tmp_path / "told"), "p", 40))
    writer.start()
    found, looks = set(), 0
    while writer.is_alive():
        found.update(found_in(path))
        looks += 1
    writer.join()
    assert (writer.exitcode, found) == (0, set())
    assert looks > 1


# --- texts that entries share ------------------------------------------------------------------------------------------


def texts(*several: str) -> dict[str, str]:
    return {digest(text): text for text in several}


@pytest.fixture
def sharing(path: Path) -> Path:
    """A ledger of four entries that share texts, the last of them none."""
    with Ledger(path) as ledger:
        for name, shared in (("one", "ab"), ("two", "abcd"), ("three", "d"), ("four", "")):
            ledger.append(entry(name, shared=texts(*shared)))
    return path


def sentences(path: Path) -> list[str]:
    with Ledger(path, must_exist=True) as ledger:
        return [one.message for one in ledger.verify()]


def without_text(path: Path, *several: str):
    change(path, *(("DELETE FROM shared WHERE hash = ?", digest(text)) for text in several))


def test_a_shared_text_that_was_taken_out_is_told_with_the_entries_that_need_it(sharing: Path):
    without_text(sharing, "a")
    assert sentences(sharing) == ["A text that records share was taken out. Needed by one, two."]


def test_texts_that_the_same_entries_need_are_told_of_together(sharing: Path):
    without_text(sharing, "a", "b", "d")
    assert sentences(sharing) == [
        "2 texts that records share were taken out. Needed by one, two.",
        "A text that records share was taken out. Needed by two, three.",
    ]


def test_all_shared_texts_taken_out_are_told_of(sharing: Path):
    change(sharing, "DELETE FROM shared")
    assert len(sentences(sharing)) == 3


def test_a_text_that_an_erased_entry_alone_needed_is_not_missed(sharing: Path):
    with Ledger(sharing) as ledger:
        ledger.erase([2])
    without_text(sharing, "c")
    assert sentences(sharing) == []


def kept_texts(path: Path) -> str:
    with closing(sqlite3.connect(path)) as database:
        return "".join(
            sorted(zlib.decompress(data).decode() for (data,) in database.execute("SELECT data FROM shared"))
        )


def test_texts_that_nobody_else_needs_go_with_an_erasure_since_rules_tell_of_whom_they_fired_for(sharing: Path):
    with Ledger(sharing) as ledger:
        ledger.erase([2])
        assert (kept_texts(sharing), ledger.verify()) == ("abd", ())
        ledger.append(entry("five", shared=texts("c")))
        ledger.erase([1, 3])
        assert (kept_texts(sharing), ledger.verify()) == ("c", ())


def test_where_an_entry_does_not_say_what_it_needs_an_erasure_takes_no_text(sharing: Path):
    change(sharing, "UPDATE content SET refers = NULL WHERE number = 4")
    with Ledger(sharing) as ledger:
        ledger.erase([2])
    assert kept_texts(sharing) == "abcd"


def test_a_text_put_in_the_place_of_another_is_told_of_each_entry(sharing: Path):
    with Ledger(sharing) as ledger:
        ledger.append(entry("five", shared=texts("e")))
    a, e = digest("a"), digest("e")
    change(
        sharing,
        ("UPDATE shared SET hash = 'x' WHERE hash = ?", a),
        ("UPDATE shared SET hash = ?, data = (SELECT data FROM shared WHERE hash = 'x') WHERE hash = ?", a, e),
        "DELETE FROM shared WHERE hash = 'x'",
    )
    with Ledger(sharing) as ledger:
        assert [(one.fault.value, one.id) for one in ledger.verify()] == [("shared", ""), ("shared", "five")]


def test_a_text_entered_after_one_was_taken_out_does_not_stand_in_for_it(sharing: Path):
    with Ledger(sharing) as ledger:
        ledger.append(entry("five", shared=texts("e")))
        without_text(sharing, "e")
        ledger.append(entry("six", shared=texts("f")))
        assert [(one.fault.value, one.id) for one in ledger.verify()] == [("shared", "five")]


def test_of_many_entries_that_need_a_text_the_first_are_named(path: Path):
    with Ledger(path) as ledger:
        for number in range(13):
            ledger.append(entry(f"e{number}", shared=texts("a")))
    without_text(path, "a")
    names = ", ".join(f"e{number}" for number in range(10))
    assert sentences(path) == [f"A text that records share was taken out. Needed by {names} and 3 more."]


# --- a ledger of the former format -------------------------------------------------------------------------------------

FORMER = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE link (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, what TEXT NOT NULL, at TEXT NOT NULL,
    commitment TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL
);
CREATE TABLE content (
    number INTEGER PRIMARY KEY, salt BLOB NOT NULL, summary TEXT NOT NULL, fired TEXT NOT NULL, data BLOB NOT NULL
);
CREATE TABLE exported (number INTEGER NOT NULL, what TEXT NOT NULL, place TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE shared (hash TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('format', 'smartpick-ledger/1');
"""


@pytest.fixture
def former(path: Path) -> Path:
    """A ledger as the former format had it: two entries with a text that they share."""
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as database:
        database.executescript(FORMER)
        database.execute("INSERT INTO shared VALUES (?, ?)", (digest("a"), zlib.compress(b"a")))
        previous = START
        for number, name in enumerate(("one", "two"), start=1):
            summary = {
                "label": name,
                "as_of": "2026-09-10",
                "bucket": "open",
                "rules": "",
                "knowledge": "",
                "program": "",
            }
            parts = canonical(summary), "[]", f"data of {name}".encode()
            salt = bytes([number]) * 32
            stored = tuple(part if isinstance(part, bytes) else part.encode() for part in parts)
            commitment = commitment_of(Content(salt, stored))
            link = link_after(previous, number, name, Entered.ADVICE, f"2026-09-10T10:00:0{number}+00:00", commitment)
            row = (link.number, link.id, link.what, link.at, link.commitment, link.previous, link.hash)
            database.execute("INSERT INTO link VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            database.execute("INSERT INTO content VALUES (?, ?, ?, ?, ?)", (number, salt, *parts))
            previous = link.hash
        database.commit()
    return path


def test_a_ledger_of_the_former_format_is_brought_up_with_its_chain_as_it_was(former: Path):
    with Ledger(former, must_exist=True) as ledger:
        head = ledger.head()
        assert (ledger.verify(head), ledger.without_references()) == ((), 2)
        assert ids(ledger.entries(label="two")) == ["two"]
        assert (ledger.data(1), ledger.shared([digest("a")])) == (b"data of one", {digest("a"): "a"})
        ledger.append(entry("three", shared=texts("a", "b")))
    with Ledger(former, must_exist=True) as ledger:
        assert (ledger.verify(head), ledger.without_references()) == ((), 2)
    without_text(former, "a")
    assert sentences(former) == ["A text that records share was taken out. Needed by three."]


def test_processes_that_open_a_ledger_of_the_former_format_at_once_bring_it_up_once(former: Path, tmp_path: Path):
    work = [(str(former), str(tmp_path / "told"), f"p{process}", 2) for process in range(4)]
    assert in_processes(append, work) == [0] * 4
    with Ledger(former) as ledger:
        assert (ledger.length(), ledger.verify()) == (10, ())


def test_a_ledger_of_the_former_format_that_may_only_be_read_is_refused_with_what_to_do(former: Path, monkeypatch):
    monkeypatch.setattr(ledger_file, "_can_be_written", lambda _: False)
    assert problem_of(former) == (
        "ledger.former",
        "This ledger is of format 'smartpick-ledger/1', and cannot be brought up to 'smartpick-ledger/2' where it lies.",
    )


# --- documents that were not written -----------------------------------------------------------------------------------


def test_that_documents_could_not_be_written_is_entered(path: Path):
    with Ledger(path) as ledger:
        first = ledger.append(entry("one", written=("/a.html",)))
        ledger.append(entry("two", written=("/b.html",)))
        head = ledger.note_unwritten(first.number).hash
        assert [(one.link.id, one.is_unwritten) for one in ledger.entries()] == [("one", True), ("two", False)]
        assert (ledger.entry("one").is_unwritten, ledger.exports([1]), ledger.verify(head)) == (True, (), ())


def test_erasures_are_listed_with_what_they_erased(path: Path):
    ledger_of(path, 3)
    with Ledger(path) as ledger:
        ledger.erase([1, 3])
        assert [(one.link.number, one.link.what, one.ids) for one in ledger.erasures()] == [
            (4, "erasure", ("aaaa-0001", "aaaa-0003"))
        ]
