"""`smartpick audit`, and what `smartpick advise` enters: each command with what it prints, writes and ends with."""

from __future__ import annotations

import hashlib
import json
import lzma
import re
import shutil
import zipfile
from dataclasses import replace
from datetime import date
from errno import ENOSPC
from pathlib import Path
from time import tzset

import pytest
from click.testing import CliRunner, Result

from smartpick_expert import replay as replay_module
from smartpick_expert.advice import Advice
from smartpick_expert.audit.digests import canonical
from smartpick_expert.audit.entry import Entry
from smartpick_expert.audit.ledger import Ledger
from smartpick_expert.audit.ledger_file import LedgerFile
from smartpick_expert.audit.packing import shared_names
from smartpick_expert.audit.settings import Settings
from smartpick_expert.cli.audit.shared import beginning_of
from smartpick_expert.cli.main import main
from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.report.documents import Document
from tests.ledgers import change
from tests.profiles import WORKSPACE
from tests.small_base import small_base_with_templates

HERE = Path(__file__).parent
RULE = "letters.not-waived"
RULE_WORDS = "was not waived"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_base_with_templates(tmp_path_factory.mktemp("base"))


WRITTEN = (
    *("ann.letter.html", "ann.letter.md", "ann.html", "ann.md"),
    *("ann.memo.html", "ann.memo.md", "ann.record.json"),
)


class Desk:
    """An advisor's desk: a folder with profiles, a ledger, a base, and the commands."""

    def __init__(self, folder: Path, base: Path) -> None:
        self.folder, self.base = folder, base
        self.ledger = folder / "ledger.sqlite"

    def profile(self, label: str, *, waived: bool = True, **other: object) -> Path:
        data = {
            "applicant": {"label": label, "stage": "preparing"},
            "letter": [{"id": "chair", "us_based": True, "waived": waived, "residents_sent": 3}],
        }
        path = self.folder / f"{label}.json"
        path.write_text(json.dumps(data | other), "utf-8")
        return path

    def run(self, *words: str | Path, answer: str | None = None) -> Result:
        result = CliRunner().invoke(main, [*map(str, words)], input=answer, env={"SMARTPICK_LEDGER": str(self.ledger)})
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def advise(self, profile: Path, *words: str | Path) -> Result:
        common = ("--workspace", self.base, "--out", self.folder / "out", "--engine", "plain", "--as-of", "2026-09-10")
        return self.run("advise", profile, *common, *words)

    def enter(self, label: str, **other: object) -> str:
        """Advise, and return the entry's id."""
        result = self.advise(self.profile(label, **other))
        assert result.exit_code == 0, result.stderr
        return re.search(r"Entered in the ledger as (\S+)\.", result.stderr).group(1)

    def audit(self, command: str, *words: str | Path, answer: str | None = None) -> Result:
        takes = {"replay", "recall", "compare"}
        more = ("--workspace", self.base, "--engine", "plain") if command in takes else ()
        return self.run("audit", command, *words, *more, answer=answer)

    def ids(self, *words: str) -> list[str]:
        data = json.loads(self.audit("log", "--format", "json", *words).stdout)
        return [one["link"]["id"] for one in data["entries"]]

    def head(self) -> str:
        with Ledger(self.ledger) as opened:
            return opened.head()


@pytest.fixture
def desk(tmp_path: Path, base: Path) -> Desk:
    return Desk(tmp_path, base)


@pytest.fixture(scope="module")
def advised(tmp_path_factory: pytest.TempPathFactory, base: Path) -> Desk:
    """A desk on which two applicants were advised, to be copied: advising takes longer than anything that is done with it."""
    desk = Desk(tmp_path_factory.mktemp("desk") / "desk", base)
    desk.folder.mkdir()
    desk.names = [desk.enter("ann", waived=False), desk.enter("bob")]
    return desk


@pytest.fixture
def two(tmp_path: Path, advised: Desk) -> Desk:
    """A desk of one's own on which two applicants were advised."""
    folder = Path(shutil.copytree(advised.folder, tmp_path / "desk"))
    desk = Desk(folder, advised.base)
    desk.names = list(advised.names)
    change(desk.ledger, ("UPDATE exported SET place = replace(place, ?, ?)", str(advised.folder), str(folder)))
    return desk


def with_rule(desk: Desk, old: str, new: str) -> Desk:
    """The desk with a copy of the base in which a rule was changed."""
    root = Path(shutil.copytree(desk.base, desk.folder / "base"))
    path = root / "rules" / "letters" / "letters.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    other = Desk(desk.folder, root)
    other.names = desk.names
    return other


# --- what is entered ---------------------------------------------------------------------------------------------------


def test_an_advice_is_entered_with_where_it_was_written(desk: Desk):
    name = desk.enter("ann")
    shown = desk.audit("show", name).stdout
    places = [desk.folder / "out" / name for name in WRITTEN]
    assert [place.is_file() for place in places] == [True] * len(WRITTEN)
    assert re.findall(r"Written elsewhere: document, (.*)", shown) == [str(place) for place in places]
    assert [place.name for place in places if name not in place.read_text("utf-8")] == []


def test_a_report_prints_the_head_that_stood_before_it(two: Desk):
    first, second = (
        json.loads((two.folder / "out" / f"{label}.record.json").read_text("utf-8"))["envelope"]["entered"]
        for label in ("ann", "bob")
    )
    log = json.loads(two.audit("log", "--format", "json").stdout)
    assert [first["id"], second["id"]] == two.names
    assert [first["head"], second["head"]] == ["0" * 64, log["entries"][0]["link"]["hash"]]
    assert two.audit("verify", "--head", second["head"]).exit_code == 0


@pytest.mark.parametrize("word", ["--no-record", "--redact"])
def test_what_is_not_to_be_recorded_is_not_entered(word: str, desk: Desk):
    result = desk.advise(desk.profile("ann"), word)
    assert (result.exit_code, "Entered" in result.stderr, desk.ledger.exists()) == (0, False, False)


def test_neither_a_shipped_persona_nor_a_copy_of_one_is_entered(desk: Desk):
    persona = WORKSPACE.personas / "premed.yaml"
    copy = desk.folder / "own.yaml"
    copy.write_bytes(persona.read_bytes().replace(b"\n", b"\r\n"))
    for path in (persona, copy):
        result = desk.run("advise", path, "--workspace", WORKSPACE.root, "--out", desk.folder / "out", "--format", "md")
        assert (result.exit_code, "Entered" in result.stderr, desk.ledger.exists()) == (0, False, False)


def test_the_ledger_may_be_named(desk: Desk):
    other = desk.folder / "other.sqlite"
    assert desk.advise(desk.profile("ann"), "--ledger", other).exit_code == 0
    assert (other.is_file(), desk.ledger.exists()) == (True, False)
    assert len(json.loads(desk.audit("log", "--ledger", other, "--format", "json").stdout)["entries"]) == 1


def test_where_the_ledger_cannot_be_used_nothing_is_written(desk: Desk):
    desk.ledger.write_text("no ledger")
    result = desk.advise(desk.profile("ann"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "ledger.foreign" in result.stderr
    assert list(desk.folder.glob("out/*")) == []
    assert desk.ledger.read_text() == "no ledger"


def test_where_an_entry_cannot_be_made_nothing_is_written(desk: Desk, monkeypatch):
    desk.enter("ann")
    before = sorted((desk.folder / "out").iterdir())
    monkeypatch.setattr("smartpick_expert.giving.new_id", lambda: desk.ids()[0])
    result = desk.advise(desk.profile("bob"))
    assert (result.exit_code, "ledger.unusable" in result.stderr) == (1, True)
    assert sorted((desk.folder / "out").iterdir()) == before
    assert len(desk.ids()) == 1


def test_where_the_folder_cannot_be_written_nothing_is_entered(desk: Desk):
    (desk.folder / "out").touch()
    result = desk.run("advise", desk.profile("ann"), "--workspace", desk.base, "--out", desk.folder / "out" / "below")
    assert (result.exit_code, "output.folder" in result.stderr) == (1, True)
    assert desk.audit("verify").stdout.startswith("0 entries.")


@pytest.mark.parametrize(("name", "code"), [(".DS_Store", 0), ("logo.png", 0), ("more.j2", 1)])
def test_a_file_among_the_templates_that_is_no_text_is_told_of(name: str, code: int, desk: Desk):
    root = Path(shutil.copytree(desk.base, desk.folder / "base"))
    (root / "reports" / name).write_bytes(b"\xff\xfe\x00")
    result = Desk(desk.folder, root).advise(desk.profile("ann"))
    assert (result.exit_code, f"reports/{name}: error[report.template]" in result.stderr) == (code, bool(code))


# --- log, show ---------------------------------------------------------------------------------------------------------


def test_the_log_lists_the_advices_and_the_head(two: Desk):
    lines = two.audit("log").stdout.splitlines()
    assert [line.split()[1] for line in lines[:-1]] == two.names
    assert [line.partition("+00:00  ")[2] for line in lines[:-1]] == [
        "ann, as of 2026-09-10: open",
        "bob, as of 2026-09-10: known_quantity",
    ]
    assert lines[-1] == f"2 advices. Head: {two.head()}"


def test_the_log_is_narrowed(two: Desk):
    first, second = two.names
    assert two.ids("--label", "ann") == [first]
    assert two.ids("--rule", RULE) == [first]
    assert two.ids("--since", "2020-01-01") == [first, second]
    assert two.ids("--since", "2999-01-01") == []
    assert two.ids("--overrides") == []


def test_the_log_of_overrides(two: Desk):
    override = {"of": RULE, "withdrawn": True, "by": "me", "on": "2026-01-01", "because": "So."}
    name = two.enter("cat", waived=False, override=[override])
    assert two.ids("--overrides") == [name]
    assert ", 1 overridden" in two.audit("log", "--overrides").stdout
    (line,) = [line for line in two.audit("show", name).stdout.splitlines() if line.startswith("Override")]
    words = f"Override (stands) of {RULE}: withdrawn, by me on 1 January 2026: So. "
    assert line == f"{words}The rules say: The portal records that “chair” was not waived."


def test_show_as_json_is_the_record_as_it_was_written(two: Desk):
    shown = two.audit("show", two.names[0], "--format", "json").stdout
    assert shown == (two.folder / "out" / "ann.record.json").read_text("utf-8")


@pytest.mark.parametrize("command", ["show", "replay", "compare", "export"])
def test_an_unknown_id_suggests_the_nearest(command: str, two: Desk):
    name = two.names[0]
    wrong = name[:-1] + ("2" if name[-1] != "2" else "3")
    more = ("--bundle", two.folder / "b.zip") if command == "export" else ()
    result = two.audit(command, wrong, *more)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"The ledger has no entry '{wrong}'." in result.stderr
    assert f"Did you mean '{name}'?" in result.stderr
    assert not (two.folder / "b.zip").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("log",),
        ("show", "aaaa-2222"),
        ("verify",),
        ("replay", "aaaa-2222"),
        ("recall",),
        ("compare", "aaaa-2222"),
        ("erase", "ann", "--yes"),
        ("export", "aaaa-2222", "--bundle", "b.zip"),
    ],
    ids=lambda words: words[0],
)
def test_where_there_is_no_ledger_every_command_says_so_and_makes_none(words: tuple[str, ...], desk: Desk):
    result = desk.audit(*words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "There is no ledger here" in result.stderr
    assert not desk.ledger.exists()


# --- verify ------------------------------------------------------------------------------------------------------------


def test_verify_says_what_it_cannot_tell_without_a_head(two: Desk):
    result = two.audit("verify")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(f"2 entries. The chain holds. Head: {two.head()}\nWithout --head it cannot be told")
    assert "Without" not in two.audit("verify", "--head", two.head()).stdout


def test_verify_finds_what_was_changed(two: Desk):
    change(two.ledger, "UPDATE content SET summary = replace(summary, 'ann', 'eve')")
    result = two.audit("verify")
    assert (result.exit_code, "1 finding." in result.stdout) == (1, True)
    assert result.stderr == f"content: The content of entry 1 is not what was entered. (entry {two.names[0]})\n"
    found = json.loads(two.audit("verify", "--format", "json").stdout)["findings"]
    assert [(one["fault"], one["number"], one["id"]) for one in found] == [("content", 1, two.names[0])]


@pytest.mark.parametrize("cut", [slice(14), slice(63), slice(1, None)])
def test_a_head_that_was_not_copied_whole_is_no_finding(cut: slice, two: Desk):
    result = two.audit("verify", "--head", two.head()[cut])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Copy it whole" in result.stderr


def test_a_head_may_be_copied_in_pieces_and_in_capitals(two: Desk):
    head = two.head().upper()
    assert two.audit("verify", "--head", f" {head[:30]} {head[30:]}").exit_code == 0


def test_a_head_makes_no_entry_sure_where_there_are_findings(two: Desk):
    head = two.head()
    change(two.ledger, "UPDATE content SET fired = '[]' WHERE number = 1")
    result = two.audit("verify", "--head", head)
    assert "This head is that of entry 2; with findings up to there, it makes no entry sure." in result.stdout
    assert "are sure" not in result.stdout


def test_verify_finds_a_cut_tail_by_the_head_that_a_command_printed(two: Desk):
    head = two.audit("log").stdout.split()[-1]
    change(two.ledger, "DELETE FROM link WHERE number = 2", "DELETE FROM content WHERE number = 2")
    assert two.audit("verify").exit_code == 0
    result = two.audit("verify", "--head", head)
    assert (result.exit_code, result.stderr.startswith("head: No entry has the hash")) == (1, True)


# --- export, replay ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", ["entry", "record", "bundle"])
def test_an_advice_on_evidence_alone_is_replayed_as_one_and_compared_with_none_by_all_rules(source: str, desk: Desk):
    desk.enter("ann")
    result = desk.advise(desk.profile("ann", waived=False), "--evidence-only", "--advisor", "Jane Roe")
    assert (result.exit_code, "Since last time" in (desk.folder / "out" / "ann.md").read_text("utf-8")) == (0, False)
    name, bundle = desk.ids()[-1], desk.folder / "b.zip"
    shown = desk.audit("show", name).stdout
    assert "On evidence alone: rules by perception had no part in it." in shown
    assert "Signed by Jane Roe." in shown
    assert desk.audit("export", name, "--bundle", bundle).exit_code == 0
    sources = {"entry": name, "record": desk.folder / "out" / "ann.record.json", "bundle": bundle}
    result = desk.audit("replay", sources[source])
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[0] == "The advice is the same, byte for byte."


@pytest.mark.parametrize("source", ["entry", "record", "bundle"])
def test_each_source_is_replayed_byte_for_byte(source: str, two: Desk):
    bundle = two.folder / "b.zip"
    assert two.audit("export", two.names[0], "--bundle", bundle).exit_code == 0
    sources = {"entry": two.names[0], "record": two.folder / "out" / "ann.record.json", "bundle": bundle}
    result = two.audit("replay", sources[source])
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "The advice is the same, byte for byte.",
        *(f"{document}: the same, byte for byte." for document in sorted(WRITTEN[:-1])),
    ]
    assert json.loads(two.audit("replay", sources[source], "--format", "json").stdout)["same_body"] is True


def test_a_bundle_is_replayed_where_there_is_neither_ledger_nor_workspace(two: Desk):
    bundle = two.folder / "b.zip"
    two.audit("export", two.names[0], "--bundle", bundle)
    two.ledger.unlink()
    other = with_rule(two, RULE_WORDS, "is open")
    assert other.audit("replay", bundle).exit_code == 0


def test_an_export_is_noted(two: Desk):
    bundle = two.folder / "b.zip"
    two.audit("export", two.names[0], "--bundle", bundle)
    assert f"Written elsewhere: bundle, {bundle}" in two.audit("show", two.names[0]).stdout


def test_an_entry_is_replayed_by_the_rules_of_then_whatever_they_are_now(two: Desk):
    assert with_rule(two, RULE_WORDS, "is open").audit("replay", two.names[0]).exit_code == 0


def test_a_record_of_rules_that_are_others_now_says_so(two: Desk):
    result = with_rule(two, RULE_WORDS, "is open").audit("replay", two.folder / "out" / "ann.record.json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "'rules/letters/letters.yaml' is another now." in result.stderr


def test_a_replay_by_another_program_is_a_finding(two: Desk, monkeypatch):
    monkeypatch.setattr("smartpick_expert.replay.VERSION", "9.9.9")
    monkeypatch.setattr("smartpick_expert.audit.recording.VERSION", "9.9.9")
    monkeypatch.setattr("smartpick_expert.advice.VERSION", "9.9.9")
    result = two.audit("replay", two.names[0])
    assert "program 0.1.0, now 9.9.9" in result.stdout
    assert "The advice is the same, byte for byte." in result.stdout


def test_an_export_leaves_out_a_document_that_is_not_made_again_as_it_was(two: Desk):
    """By another program: what is made now is not claimed to be what was given."""
    bundle = two.folder / "b.zip"

    as_it_was = Advice.document

    def otherwise(advice: Advice, form: str, document: Document = Document.REPORT) -> str:
        return as_it_was(advice, form, document) + ("!" if form == "md" else "")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("smartpick_expert.advice.Advice.document", otherwise)
        result = two.audit("export", two.names[0], "--bundle", bundle)
    assert (result.exit_code, "Left out: ann.md" in result.stderr) == (0, True)
    found = two.audit("replay", bundle)
    assert found.exit_code == 0


@pytest.mark.parametrize("source", ["nothing-here.yaml", "x" * 5000, "a\nb", ""])
def test_what_is_no_source_is_refused(source: str, two: Desk):
    result = two.audit("replay", source)
    assert (result.exit_code, result.stdout) == (2, "")


def test_a_profile_is_no_source(two: Desk):
    assert two.audit("replay", two.folder / "ann.json").exit_code == 2


# --- recall, compare ---------------------------------------------------------------------------------------------------


def test_by_the_same_rules_nobody_is_recalled(two: Desk):
    assert two.audit("recall").stdout == "0 advices to look at again.\n"
    assert json.loads(two.audit("recall", "--format", "json").stdout) == []


def test_those_in_whose_advice_a_rule_fired_are_recalled(two: Desk):
    lines = two.audit("recall", "--rule", RULE).stdout.splitlines()
    assert lines[0].startswith(f"     1  {two.names[0]}")
    assert lines[0].endswith("Today the same")
    assert lines[1:] == ["1 advice to look at again."]


def test_those_whom_a_changed_rule_touches_are_recalled(two: Desk):
    other = with_rule(two, RULE_WORDS, "is open")
    lines = other.audit("recall").stdout.splitlines()
    assert (two.names[0] in lines[0], lines[1:]) == (True, ["1 advice to look at again."])
    assert lines[0].endswith("Today otherwise: 1 statements")
    (found,) = json.loads(other.audit("recall", "--format", "json").stdout)
    assert (found["entry"]["link"]["id"], found["fired"], found["problem"]) == (two.names[0], False, "")
    assert [one["key"].partition("[")[0] for one in found["today"]["statements"]] == [RULE]


def test_a_rule_that_is_not_here_is_looked_for_in_the_advices_of_then(two: Desk):
    result = two.audit("recall", "--rule", "letters.not-waved")
    assert result.exit_code == 0
    assert f"it is looked for in the advices of then. Did you mean '{RULE}'?" in result.stderr


def test_a_recall_from_a_ledger_that_was_changed_says_so(two: Desk):
    assert two.audit("recall", "--rule", RULE).stderr == ""
    change(two.ledger, "UPDATE content SET fired = '[]' WHERE number = 1")
    result = two.audit("recall", "--rule", RULE)
    assert result.stdout == "0 advices to look at again.\n"
    assert "somebody may be missing here" in result.stderr


def test_an_advice_is_compared_with_the_rules_of_today(two: Desk):
    assert two.audit("compare", two.names[0]).stdout == "Nothing moved.\n"
    other = with_rule(two, RULE_WORDS, "is open")
    assert other.audit("compare", two.names[0]).stdout.startswith("Because of the rules:\n")
    assert other.audit("compare", two.names[1]).stdout == "Nothing moved.\n"


def test_two_advices_on_one_applicant_are_compared(two: Desk):
    other = with_rule(two, RULE_WORDS, "is open")
    later = other.enter("ann")
    found = json.loads(other.audit("compare", two.names[0], later, "--format", "json").stdout)
    assert [one["through"] for one in found] == [["the rules"], ["the profile"]]
    (given,) = found[1]["difference"]["given"]
    assert "waived" in given["key"]


# --- erase -------------------------------------------------------------------------------------------------------------


def test_erasing_asks_first(two: Desk):
    result = two.audit("erase", "ann", answer="n\n")
    assert (result.exit_code, "Erase 1 for good?" in result.stderr) == (1, True)
    assert two.audit("show", two.names[0]).exit_code == 0
    result = two.audit("erase", "ann", answer="y\n")
    assert (result.exit_code, f"Erased: {two.names[0]}." in result.stdout) == (0, True)


def test_erasing_lists_what_was_written_elsewhere_and_keeps_the_fact(two: Desk):
    bundle = two.folder / "b.zip"
    two.audit("export", two.names[0], "--bundle", bundle)
    head = two.head()
    lines = two.audit("erase", "ann", "--yes").stdout.splitlines()
    out = two.folder / "out"
    assert lines == [
        f"Erased: {two.names[0]}. That they were is kept. Head: {two.head()}",
        *(f"Delete by hand: document, {out / name}" for name in WRITTEN),
        f"Delete by hand: bundle, {bundle}",
    ]
    assert two.audit("verify", "--head", head).exit_code == 0
    assert "(erased)" in two.audit("log").stdout
    assert two.ids("--label", "ann") == []
    for command in ("show", "replay", "compare"):
        result = two.audit(command, two.names[0])
        assert (result.exit_code, "was erased" in result.stderr) == (1, True)


def test_erasing_from_a_changed_ledger_says_that_something_may_be_missed(two: Desk):
    assert "may be missed" not in two.audit("erase", "anna", "--yes").stderr
    change(two.ledger, "UPDATE content SET summary = replace(summary, 'ann', 'eve') WHERE number = 1")
    result = two.audit("erase", "ann", "--yes")
    assert (result.exit_code, "an advice to erase may be missed here" in result.stderr) == (0, True)


def test_an_erasure_that_was_not_completed_still_lists_what_was_written_elsewhere(two: Desk, monkeypatch):
    def full(ledger_file: LedgerFile, erased: tuple[str, ...]) -> None:
        raise Problems([Diagnostic("ledger.traces", f"Erased: {', '.join(erased)}. But.", "Again.", Location("l"))])

    with monkeypatch.context() as patched:
        patched.setattr(LedgerFile, "compact", full)
        result = two.audit("erase", "ann", "--yes")
    out = two.folder / "out"
    assert result.stdout.splitlines() == [f"Delete by hand: document, {out / name}" for name in WRITTEN]
    assert (result.exit_code, f"Erased: {two.names[0]}." in result.stderr) == (1, True)
    assert "nothing was written" not in result.stderr
    again = two.audit("erase", "ann", "--yes").stdout
    assert again == "There is nothing to erase. Nothing of what was erased before is left in the file.\n"


def test_a_label_that_nobody_has_suggests_the_nearest(two: Desk):
    result = two.audit("erase", "anna", "--yes")
    assert (result.exit_code, result.stdout) == (0, "There is nothing to erase. Did you mean 'ann'?\n")
    assert len(two.ids()) == 2


@pytest.mark.parametrize("words", [(), ("ann", "--expired")])
def test_either_a_label_or_what_expired_is_erased(words: tuple[str, ...], two: Desk):
    assert two.audit("erase", *words, "--yes").exit_code == 2


def test_what_expired_is_listed_and_erased(two: Desk, monkeypatch):
    other = with_rule(two, RULE_WORDS, RULE_WORDS)
    settings = other.base / "settings.yaml"
    words = ("--expired", "--workspace", other.base)
    result = other.run("audit", "log", *words)
    assert (result.exit_code, "they are kept for ever" in result.stderr) == (0, True)
    settings.write_text("keep_months: 36\n")
    assert other.run("audit", "erase", *words, "--yes").stdout.startswith("There is nothing to erase.")

    class Later(date):
        @classmethod
        def today(cls):
            return date(date.today().year + 5, 1, 1)  # noqa: DTZ011 - long after anything was entered

    monkeypatch.setattr("smartpick_expert.cli.audit.shared.date", Later)
    assert other.run("audit", "log", *words).stdout.startswith("     1  ")
    assert f"Erased: {', '.join(two.names)}." in other.run("audit", "erase", *words, "--yes").stdout


@pytest.mark.parametrize(
    "text", ["keep_months: 0\n", "keep_months: -3\n", "keep_months: x\n", "keep_years: 3\n", "[]\n", "a: b: c\n"]
)
def test_settings_that_are_none_are_told_of_and_nothing_is_erased(text: str, two: Desk):
    other = with_rule(two, RULE_WORDS, RULE_WORDS)
    (other.base / "settings.yaml").write_text(text)
    result = other.run("audit", "erase", "--expired", "--workspace", other.base, "--yes")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "settings.yaml" in result.stderr
    assert len(two.ids()) == 2


@pytest.mark.parametrize(
    ("months", "day", "since"),
    [
        (None, date(2026, 9, 10), date.min),
        (36, date(2026, 9, 10), date(2023, 9, 10)),
        (1, date(2026, 3, 31), date(2026, 2, 28)),
        (9, date(2026, 9, 30), date(2025, 12, 30)),
        (1199, date(2026, 9, 10), date(1926, 10, 10)),
    ],
)
def test_an_advice_is_kept_for_so_many_months_to_the_day(months: int | None, day: date, since: date):
    assert Settings(months).kept_since(day) == since


# --- is this what was given? -------------------------------------------------------------------------------------------


def held(desk: Desk, *files: Path) -> list[dict[str, object]]:
    """What verify says of files."""
    return json.loads(desk.audit("verify", *files, "--engine", "plain", "--format", "json").stdout)["files"]


def verdict(desk: Desk, path: Path) -> tuple[str, str, str]:
    """What it says of one: kind, verdict, and the id of the entry."""
    (one,) = held(desk, path)
    return one["kind"], one["verdict"], one["entry"]["link"]["id"] if one["entry"] else ""


def edited_copy(desk: Desk, name: str, old: bytes, new: bytes) -> Path:
    data = (desk.folder / "out" / name).read_bytes()
    assert old in data
    path = desk.folder / name
    path.write_bytes(data.replace(old, new))
    return path


def test_everything_that_was_written_is_that_of_its_entry(two: Desk):
    bundle = two.folder / "b.zip"
    two.audit("export", two.names[1], "--bundle", bundle)
    for name in (written.replace("ann", "bob") for written in WRITTEN):
        kind = "record" if name.endswith("record.json") else "document"
        assert verdict(two, two.folder / "out" / name) == (kind, "given", two.names[1])
    assert verdict(two, bundle) == ("bundle", "given", two.names[1])


def test_a_file_that_was_given_is_known_under_any_name(two: Desk):
    path = Path(shutil.copy(two.folder / "out" / "ann.html", two.folder / "from the post"))
    result = two.audit("verify", path, "--engine", "plain")
    assert result.exit_code == 0
    (line,) = [line for line in result.stdout.splitlines() if line.startswith(str(path))]
    assert line.startswith(f"{path}: given. It is the document ann.html of entry 1 ({two.names[0]}, ")
    assert line.endswith(", on ann as of 2026-09-10), byte for byte.")


def test_a_document_that_was_changed_is_told_with_its_lines(two: Desk):
    path = edited_copy(two, "ann.md", b"was not waived", b"was waived")
    (one,) = held(two, path)
    assert (one["verdict"], one["entry"]["link"]["id"]) == ("differs", two.names[0])
    assert one["differs"]
    for differing in one["differs"]:
        assert ("was waived" in differing["here"], "was not waived" in differing["given"]) == (True, True)
    result = two.audit("verify", path, "--engine", "plain")
    assert (result.exit_code, "in the ledger" in result.stdout) == (1, True)


@pytest.mark.parametrize("name", ["ann.letter.html", "ann.letter.md", "ann.memo.html", "ann.memo.md"])
def test_a_forged_letter_or_memo_is_told_with_its_lines_whatever_it_is_called(name: str, two: Desk):
    path = edited_copy(two, name, b"10 September 2026", b"11 September 2026")
    for called in (path, Path(shutil.copy(path, two.folder / f"from the post{path.suffix}"))):
        (one,) = held(two, called)
        assert (one["verdict"], one["entry"]["link"]["id"]) == ("differs", two.names[0])
        assert one["differs"]
        for differing in one["differs"]:
            assert ("11 September" in differing["here"], "10 September" in differing["given"]) == (True, True)


@pytest.mark.parametrize(("start", "end"), [(b"", b"\r\n"), (b"\xef\xbb\xbf", b"\n"), (b"", b"\r")])
def test_a_document_with_other_line_ends_is_not_the_one_that_was_given(start: bytes, end: bytes, two: Desk):
    path = two.folder / "copy.md"
    path.write_bytes(start + (two.folder / "out" / "ann.md").read_bytes().replace(b"\n", end))
    (one,) = held(two, path)
    assert (one["verdict"], one["differs"]) == ("differs", [])
    assert "the words of the document ann.md" in one["message"]


FORGERIES = {
    "engine": ("envelope.engine", "plain", "durable"),
    "engine_version": ("envelope.engine_version", None, "9.9"),
    "program": ("envelope.program", None, "9.9"),
    "made_at": ("envelope.made_at", None, "2020-01-01T00:00:00+00:00"),
    "profile": ("envelope.profile", None, "/elsewhere.json"),
    "approved": ("envelope.approved", "(not there)", "yes"),
}


def forged(data: bytes, name: str) -> bytes:
    record = json.loads(data)
    record["envelope"][name] = FORGERIES[name][2]
    return json.dumps(record, indent=1, sort_keys=True, ensure_ascii=False).encode() + b"\n"


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_envelope_is_noticed_in_a_record_and_in_a_bundle(name: str, two: Desk):
    where, given, here = FORGERIES[name]
    record, bundle, copy = two.folder / "ann.record.json", two.folder / "b.zip", two.folder / "c.zip"
    record.write_bytes(forged((two.folder / "out" / "ann.record.json").read_bytes(), name))
    two.audit("export", two.names[0], "--bundle", bundle)
    with zipfile.ZipFile(bundle) as archive:
        files = {one: archive.read(one) for one in archive.namelist()}
    files["record.json"] = record.read_bytes()
    manifest = json.loads(files["manifest.json"])
    manifest["files"]["record.json"] = hashlib.sha256(files["record.json"]).hexdigest()
    with zipfile.ZipFile(copy, "w") as archive:
        for one, data in (files | {"manifest.json": json.dumps(manifest).encode()}).items():
            archive.writestr(one, data)
    for one in held(two, record, copy):
        assert (one["verdict"], one["entry"]["link"]["id"]) == ("differs", two.names[0])
        (differing,) = one["differs"]
        assert (differing["where"], differing["here"]) == (where, here)
        assert given is None or differing["given"] == given


def test_a_record_with_another_id_is_known_by_its_body(two: Desk):
    path = edited_copy(two, "ann.record.json", two.names[0].encode(), b"zzzz-zzzz")
    (one,) = held(two, path)
    assert (one["verdict"], one["entry"]["link"]["id"]) == ("differs", two.names[0])
    assert [differing["where"] for differing in one["differs"]] == ["envelope.entered.id"]


def test_a_record_that_was_written_anew_says_the_same_and_is_not_the_same(two: Desk):
    path = two.folder / "ann.record.json"
    path.write_text(json.dumps(json.loads((two.folder / "out" / "ann.record.json").read_bytes())), "utf-8")
    (one,) = held(two, path)
    assert (one["verdict"], one["differs"]) == ("differs", [])
    assert "is written otherwise" in one["message"]


def test_what_was_never_given_is_of_no_entry(two: Desk):
    other = Desk(two.folder / "other", two.base)
    other.folder.mkdir()
    other.enter("eve")
    for name in ("eve.html", "eve.record.json"):
        assert verdict(two, other.folder / "out" / name)[1:] == ("none", "")
    for path in (two.folder / "nowhere.html", two.folder / "ann.json", two.folder):
        assert verdict(two, path)[1:] == ("none", "")


def test_a_document_of_an_erased_advice_can_be_held_against_nothing(two: Desk):
    two.audit("erase", "ann", "--yes")
    (one,) = held(two, two.folder / "out" / "ann.md")
    assert (one["verdict"], one["entry"]["link"]["id"]) == ("differs", two.names[0])
    assert "which was erased" in one["message"]


def test_a_file_proves_nothing_where_its_entry_was_changed(two: Desk):
    change(two.ledger, "UPDATE content SET data = x'00' WHERE number = 1")
    path = two.folder / "out" / "ann.md"
    result = two.audit("verify", path, "--engine", "plain")
    assert (result.exit_code, f"{path}: differs." in result.stdout) == (1, True)
    assert "so this proves nothing" in result.stdout


def test_a_document_that_prints_a_head_which_is_not_before_it_is_told_of(two: Desk):
    """A chain that was made anew around an entry that was left as it is."""
    entries = []
    with Ledger(two.ledger) as ledger:
        for number, name in enumerate(two.names, start=1):
            data = ledger.data(number)
            entries.append(Entry(name, ledger.entry(name).summary, (), data, ledger.shared(shared_names(data))))
    other = two.folder / "anew.sqlite"
    with Ledger(other) as ledger:
        for one in entries:
            ledger.append(one)
    result = two.audit("verify", two.folder / "out" / "bob.md", "--ledger", other, "--engine", "plain")
    assert (result.exit_code, "the chain was made anew after it was given" in " ".join(result.stdout.split())) == (
        1,
        True,
    )


def test_verify_lists_what_was_erased(two: Desk):
    two.audit("erase", "ann", "--yes")
    lines = two.audit("verify").stdout.splitlines()
    assert lines[1] == "1 advice was erased:"
    assert lines[2].endswith(f"+00:00  {two.names[0]}")
    (one,) = json.loads(two.audit("verify", "--format", "json").stdout)["erasures"]
    assert (one["number"], one["erased"]) == (3, [two.names[0]])


# --- who, and when -----------------------------------------------------------------------------------------------------


@pytest.fixture
def lasting(desk: Desk) -> Desk:
    """A desk whose vocabulary says what does not change in a person's life."""
    root = Path(shutil.copytree(desk.base, desk.folder / "base"))
    path = root / "knowledge" / "vocabulary" / "all.yaml"
    label = "      label: {type: text, required: true, meaning: A label}\n"
    text = path.read_text("utf-8")
    assert label in text
    field = "      school: {type: text, lasting: [ranking, preparing], meaning: The school}\n"
    path.write_text(text.replace(label, label + field), "utf-8")
    return Desk(desk.folder, root)


def at(school: str) -> dict[str, object]:
    return {"applicant": {"label": "A-1", "stage": "preparing", "school": school}}


def since_of(desk: Desk) -> str:
    """The entry that the last advice was compared with."""
    text = (desk.folder / "out" / "A-1.md").read_text("utf-8")
    return found.group(1) if (found := re.search(r"This compares with .*\(entry (\S+)\)", text)) else ""


def test_a_second_person_under_one_label_is_not_compared_with_the_first(lasting: Desk):
    first = lasting.enter("A-1", **at("Example School"))
    result = lasting.advise(lasting.profile("A-1", **at("Sample College")), "--format", "md,json")
    second = lasting.ids()[-1]
    assert (result.exit_code, since_of(lasting)) == (0, "")
    words = " ".join(result.stderr.split())
    assert f"entry {first} under this label, as of 2026-09-10, seems to be on somebody else" in words
    assert "(applicant.school was Example School, is Sample College)" in words
    assert f"'smartpick audit compare {first} {second}' compares them" in words
    document = json.loads((lasting.folder / "out" / "A-1.json").read_text("utf-8"))
    (apart,) = document["advice"]["entered"]["apart"]
    assert (apart["entry"], first not in (lasting.folder / "out" / "A-1.md").read_text("utf-8")) == (first, True)
    assert lasting.audit("compare", first, second).exit_code == 0


def test_one_of_two_people_under_one_label_is_compared_with_their_own_last_advice(lasting: Desk):
    first = lasting.enter("A-1", **at("Example School"))
    lasting.enter("A-1", **at("Sample College"))
    assert "somebody else" in lasting.advise(lasting.profile("A-1", **at("example  SCHOOL"))).stderr
    assert since_of(lasting) == first


def test_what_a_profile_leaves_out_tells_nobody_apart(lasting: Desk):
    first = lasting.enter("A-1", **at("Example School"))
    assert "somebody else" not in lasting.advise(lasting.profile("A-1")).stderr
    assert since_of(lasting) == first


def test_a_label_in_other_letters_is_another_and_is_told_of(desk: Desk):
    name = desk.enter("A-1")
    result = desk.advise(desk.profile("a-1"))
    assert "not compared with advices under A-1." in result.stderr
    assert desk.ids("--label", "A-1") == [name]
    assert "There are advices too under: a-1." in desk.audit("log", "--label", "A-1").stderr
    assert "Not erased are advices under: a-1." in desk.audit("erase", "A-1", "--yes").stderr
    assert desk.audit("erase", "A-1", "--yes").stdout == "There is nothing to erase. Did you mean 'a-1'?\n"
    assert "No advice has the label 'A-2'." in desk.audit("log", "--label", "A-2").stderr


@pytest.mark.parametrize(
    ("zone", "since"), [("Etc/GMT-14", "2026-09-09T10:00:00"), ("Etc/GMT+10", "2026-09-10T10:00:00")]
)
def test_since_is_the_day_where_the_advisor_is(zone: str, since: str, monkeypatch):
    monkeypatch.setenv("TZ", zone)
    tzset()
    try:
        assert beginning_of(date(2026, 9, 10)) == f"{since}+00:00"
        assert beginning_of(date.min)[:4] in ("0001", "1-01")
    finally:
        monkeypatch.undo()
        tzset()


# --- what may have fired, templates, a changed program -----------------------------------------------------------------


def test_those_in_whose_advice_a_rule_may_have_fired_are_recalled_and_told_apart(two: Desk):
    """A letter of which it is not known whether it was waived."""
    third = two.enter("cat", letter=[{"id": "chair", "us_based": True}])
    lines = two.audit("recall", "--rule", RULE).stdout.splitlines()
    assert [line.split()[1] for line in lines[:-1]] == [two.names[0], third]
    assert ["may have fired" in line for line in lines[:-1]] == [False, True]
    found = json.loads(two.audit("recall", "--rule", RULE, "--format", "json").stdout)
    assert [(one["fired"], one["may_have_fired"]) for one in found] == [(True, False), (False, True)]
    assert two.ids("--rule", RULE) == [two.names[0]]


def restyled(desk: Desk, old: str, new: str, name: str = "advice.md.j2") -> Desk:
    """The desk with a copy of the base in which a template was changed."""
    other = with_rule(desk, RULE_WORDS, RULE_WORDS)
    path = other.base / "reports" / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return other


def test_a_changed_template_is_laid_to_the_templates(two: Desk):
    other = restyled(two, "and was made by rules", "and was drawn up by rules")
    lines = other.audit("recall").stdout.splitlines()
    assert [line.partition(". Today otherwise: ")[2] for line in lines[:-1]] == [
        "the words of ann.md (templates)",
        "the words of bob.md (templates)",
    ]
    found = json.loads(other.audit("recall", "--format", "json").stdout)
    assert [(one["words"], one["today"]["statements"]) for one in found] == [(["ann.md"], []), (["bob.md"], [])]
    (laid,) = json.loads(other.audit("compare", two.names[0], "--format", "json").stdout)
    assert laid["through"] == ["the templates"]
    (words,) = laid["difference"]["words"]
    assert ("made by rules" in words["before"]["certain"], "drawn up by rules" in words["after"]["certain"]) == (
        True,
        True,
    )


def test_a_template_that_no_document_was_made_by_recalls_nobody(two: Desk):
    other = restyled(two, "", "")
    (other.base / "reports" / "unused.j2").write_text("Not used.\n", "utf-8")
    assert other.audit("recall").stdout == "0 advices to look at again.\n"


def test_a_changed_rule_and_a_changed_template_are_told_apart(two: Desk):
    other = restyled(two, "and was made by rules", "and was drawn up by rules")
    path = other.base / "rules" / "letters" / "letters.yaml"
    path.write_text(path.read_text("utf-8").replace(RULE_WORDS, "is open"), "utf-8")
    laid = json.loads(other.audit("compare", two.names[0], "--format", "json").stdout)
    assert [one["through"] for one in laid] == [["the rules"], ["the templates"]]
    assert "is open" not in json.dumps(laid[1])


def test_an_advice_by_another_program_of_the_same_version_is_not_passed_over(two: Desk, monkeypatch):
    """A program that words its statements otherwise, and says that it is the same."""
    real = replay_module.statements_of
    monkeypatch.setattr(
        replay_module, "statements_of", lambda *words: tuple(replace(one, text=f"{one.text}!") for one in real(*words))
    )
    assert two.audit("recall").stdout == "0 advices to look at again.\n"
    monkeypatch.setattr("smartpick_expert.recall.source_fingerprint", lambda: "f" * 64)
    assert two.audit("recall").stdout.endswith("2 advices to look at again.\n")


# --- documents that cannot be put in place -----------------------------------------------------------------------------


class Failing:
    """Lets so many files be put in place, and then fails as a file system does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
        real, left = Path.replace, iter(range(count))

        def replace_one(path: Path, target: Path) -> Path:
            if path.suffix == ".part" and next(left, None) is None:
                raise OSError(ENOSPC, "No space left on device")
            return real(path, target)

        monkeypatch.setattr("smartpick_expert.writing.Path.replace", replace_one)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_where_documents_cannot_be_put_in_place_the_ledger_says_that_they_were_not_given(count: int, desk: Desk):
    first = desk.enter("ann")
    before = {path: path.read_bytes() for path in (desk.folder / "out").iterdir()}
    with pytest.MonkeyPatch.context() as patch:
        Failing(patch, count)
        result = desk.advise(desk.profile("ann", waived=False))
    second = desk.ids()[-1]
    assert (result.exit_code, result.stdout) == (1, "")
    assert "output.folder" in result.stderr
    assert f"The advice had been entered as {second}. The ledger now says that it was not given." in " ".join(
        result.stderr.split()
    )
    if count == 0:
        assert {path: path.read_bytes() for path in (desk.folder / "out").iterdir()} == before
    assert not list((desk.folder / "out").glob(".*"))
    assert desk.audit("log").stdout.splitlines()[1].endswith("(not given: its documents could not be written)")
    assert "Written elsewhere" not in desk.audit("show", second).stdout
    assert desk.audit("verify", "--head", desk.head()).exit_code == 0
    desk.advise(desk.profile("ann"))
    assert first in (desk.folder / "out" / "ann.md").read_text("utf-8")


def test_documents_that_were_put_in_place_before_one_could_not_be_are_taken_back(desk: Desk):
    out = desk.folder / "out"
    out.mkdir()
    (out / "ann.html").write_text("of before")
    real, calls = Path.replace, []

    def fail_at_third(path: Path, target: Path) -> Path:
        calls.append(target.name)
        if len(calls) == 3:
            raise OSError(ENOSPC, "No space left on device")
        return real(path, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("smartpick_expert.writing.Path.replace", fail_at_third)
        assert desk.advise(desk.profile("ann")).exit_code == 1
    assert {path.name: path.read_text() for path in out.iterdir()} == {"ann.html": "of before"}


def test_where_the_failure_cannot_be_noted_the_documents_stay_noted_as_begun(desk: Desk, monkeypatch):
    Failing(monkeypatch, 0)

    def full(*_: object):
        raise Problems([Diagnostic("ledger.unusable", "The disk is full.", "Make room.", Location("ledger"))])

    monkeypatch.setattr(Ledger, "note_unwritten", full)
    result = desk.advise(desk.profile("ann"))
    (name,) = desk.ids()
    assert f"entered as {name}, and is noted as begun and not known to be finished." in " ".join(result.stderr.split())
    assert "Written elsewhere: document (begun, and not known to be finished), " in desk.audit("show", name).stdout


def test_a_record_of_an_earlier_version_is_known_as_it_was_written_then(two: Desk):
    """One that lacks what this version notes in an envelope and in a summary."""
    record = json.loads((two.folder / "out" / "ann.record.json").read_bytes())
    del record["envelope"]["source_sha256"]
    path, other = two.folder / "earlier.record.json", two.folder / "earlier.sqlite"
    path.write_text(json.dumps(record, indent=1, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")
    with Ledger(two.ledger) as ledger:
        summary = replace(ledger.entry(two.names[0]).summary, documents={}, body="", source="", templates="")
        data = ledger.data(1)
        packed = json.loads(lzma.decompress(data))
        del packed["envelope"]["source_sha256"]
        shared = ledger.shared(shared_names(data))
    with Ledger(other) as ledger:
        ledger.append(Entry(two.names[0], summary, (), lzma.compress(canonical(packed).encode()), shared))
    document = two.folder / "out" / "ann.md"
    words = ("--ledger", other, "--engine", "plain", "--format", "json")
    found = json.loads(two.audit("verify", path, document, *words).stdout)["files"]
    assert [one["verdict"] for one in found] == ["given", "given"]
