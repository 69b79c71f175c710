"""An advice that is run again comes out the same byte for byte; and where it does not, what differs is laid to what brought it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from smartpick_expert import replay as replay_module
from smartpick_expert.advice import advise
from smartpick_expert.audit.entering import entry_of
from smartpick_expert.audit.inputs import workspace_files
from smartpick_expert.audit.ledger import Ledger
from smartpick_expert.audit.reading import record_from_bytes
from smartpick_expert.audit.record import Record, record_text
from smartpick_expert.diagnostics import Problems
from smartpick_expert.explain.difference import Part
from smartpick_expert.recall import Recalled, laid_to_today, recall, since_last_time
from smartpick_expert.replay import DAY, KNOWLEDGE, PROFILE, PROGRAM, RULES, TEMPLATES, Files, Laid, Runner
from smartpick_expert.sources import files_kept
from tests.advised import advice_of, advice_on, day_of, persona_data
from tests.ledgers import change
from tests.profiles import WORKSPACE

FILES = workspace_files(WORKSPACE)
# A rule that fires in the advice on the first persona and not in that on the second, and a number that the second is judged by.
RULE, PERSONA, OTHER = "school.filter-is-rare", "premed", "stopped_by_filters"
RULE_FILE, NUMBER_FILE, TEMPLATE = (
    "rules/school/asking.yaml",
    "knowledge/parameters/bucket.yaml",
    "reports/advice.md.j2",
)
NUMBER = "bucket.strong_risks"


def edited(name: str, old: str, new: str, files: Files = FILES) -> dict[str, str]:
    """The files with one place of one of them changed."""
    assert old in files[name]
    return {**files, name: files[name].replace(old, new, 1)}


REWORDED = edited(RULE_FILE, "In a survey of 2016", "In one survey of 2016")
NUMBERED = edited(NUMBER_FILE, "{from: 2026-01-01, value: 2}", "{from: 2026-01-01, value: 3}")
RESTYLED = edited(TEMPLATE, "# ", "# Anew: ")


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Runner("plain") as made:
        yield made


@cache
def record_of(persona: str, engine: str = "plain") -> Record:
    advice = advice_on(persona, engine)
    return advice.record({f"advice.{form}": advice.document(form) for form in ("html", "md", "json")})


def advised(path: Path, persona: str) -> Record:
    advice = advise(path, WORKSPACE, day_of(persona), "plain")
    return advice.record({"advice.md": advice.document("md")})


def parts(laid: tuple[Laid, ...]) -> list[tuple[tuple[str, ...], set[Part]]]:
    """What was laid to what: the causes, and the parts in which something differs."""
    return [(one.to, {change.part for change in one.difference.changes}) for one in laid]


def code_of(raised: pytest.ExceptionInfo[Problems]) -> str:
    (found,) = raised.value.diagnostics
    assert found.message.endswith(".")
    return found.code


# --- the same again ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["durable", "plain"])
@pytest.mark.parametrize("persona", [PERSONA, OTHER])
def test_an_advice_comes_out_the_same_byte_for_byte_on_either_engine(persona: str, engine: str, runner: Runner):
    runner.engine = engine
    try:
        found = runner.replay(record_of(persona), FILES)
    finally:
        runner.engine = "plain"
    assert found.is_same
    assert found.same_documents == dict.fromkeys(("advice.html", "advice.md", "advice.json"), True)
    assert found.difference.is_nothing
    assert [words.split()[0] for words in found.other] == (["engine"] if engine == "durable" else [])


def test_a_profile_is_kept_as_it_was_read_whatever_wrote_it(tmp_path: Path, runner: Runner):
    """With line ends of Windows, a mark at the start, and letters that are not composed."""
    path = tmp_path / "profile.yaml"
    text = (WORKSPACE.personas / f"{PERSONA}.yaml").read_bytes() + "# Zoe\u0308\n".encode()
    path.write_bytes(b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"))
    record = record_from_bytes(record_text(advised(path, PERSONA)).encode(), path)
    assert runner.replay(record, FILES).is_same


OVERRIDES = [
    {"of": "bucket", "to": "probably_safe", "by": "advisor-1", "on": "2026-07-01", "because": "I know the file."},
    {"of": RULE, "withdrawn": True, "by": "advisor-1", "on": "2026-07-01", "because": "It does not apply."},
]


def test_an_advice_that_an_advisor_overrode_comes_out_the_same(tmp_path: Path, runner: Runner):
    advice = advice_of(persona_data(PERSONA) | {"override": OVERRIDES}, tmp_path)
    record = advice.record({"advice.md": advice.document("md")})
    assert len(record.body.overrides) == 2
    assert runner.replay(record, FILES).is_same
    assert laid_to_today(record, FILES, FILES, runner) == ()


def test_an_advice_of_which_something_is_kept_from_the_applicant_comes_out_the_same(runner: Runner):
    record = record_of("reapplicant_failed_attempt")
    assert record.body.applicant is not None
    assert runner.replay(record, FILES).is_same
    assert laid_to_today(record, FILES, FILES, runner) == ()


# --- files, program, days that are not those of then -------------------------------------------------------------------

OTHER_FILES = {
    "a rule": (REWORDED, RULE_FILE),
    "a number": (NUMBERED, NUMBER_FILE),
    "a template": (RESTYLED, TEMPLATE),
    "a file taken out": ({name: text for name, text in FILES.items() if name != RULE_FILE}, RULE_FILE),
    "a file more": ({**FILES, "rules/school/other.yaml": "rules: []\n"}, "rules/school/other.yaml"),
}


@pytest.mark.parametrize("name", OTHER_FILES)
def test_by_files_that_are_not_those_of_then_nothing_is_replayed(name: str, runner: Runner):
    files, path = OTHER_FILES[name]
    with pytest.raises(Problems) as raised:
        runner.replay(record_of(PERSONA), files)
    assert code_of(raised) == "replay.files"
    assert f"'{path}'" in str(raised.value)
    assert "more" not in str(raised.value)


def test_a_redacted_record_cannot_be_replayed(runner: Runner):
    with pytest.raises(Problems) as raised:
        runner.replay(advice_on(PERSONA, redacted=True).record({}), FILES)
    assert code_of(raised) == "record.redacted"


def test_a_record_of_no_day_cannot_be_replayed(runner: Runner):
    record = record_of(PERSONA)
    with pytest.raises(Problems) as raised:
        runner.replay(replace(record, body=replace(record.body, as_of="2026-13-77")), FILES)
    assert code_of(raised) == "record.damaged"


@pytest.mark.parametrize("name", ["advice.exe", "advice", "../advice.md", "advice.summary"])
def test_a_document_that_is_never_written_cannot_be_made_again(name: str, runner: Runner):
    record = record_of(PERSONA)
    envelope = replace(record.envelope, documents={name: "0" * 64})
    with pytest.raises(Problems) as raised:
        runner.replay(replace(record, envelope=envelope), FILES)
    assert code_of(raised) == "record.document"


def test_another_version_of_the_program_is_named_though_the_advice_is_the_same(runner: Runner):
    record = record_of(PERSONA)
    found = runner.replay(replace(record, envelope=replace(record.envelope, program="0.0.9")), FILES)
    assert found.is_same
    assert found.other == (f"program 0.0.9, now {record.envelope.program}",)


def test_a_document_that_is_not_the_same_is_named(runner: Runner):
    record = record_of(PERSONA)
    documents = {**record.envelope.documents, "advice.md": "0" * 64}
    found = runner.replay(replace(record, envelope=replace(record.envelope, documents=documents)), FILES)
    assert (found.is_same, found.same_body) == (False, True)
    assert [name for name, same in found.same_documents.items() if not same] == ["advice.md"]


# --- what differs, laid to what brought it -----------------------------------------------------------------------------


def test_a_changed_rule_is_laid_to_the_rules(runner: Runner):
    laid = laid_to_today(record_of(PERSONA), FILES, REWORDED, runner)
    assert parts(laid) == [((RULES,), {Part.STATEMENTS})]
    assert [change.key.partition("[")[0] for one in laid for change in one.difference.changes] == [RULE]


def test_a_changed_number_is_laid_to_the_knowledge(runner: Runner):
    (laid,) = laid_to_today(record_of(OTHER), FILES, NUMBERED, runner)
    assert laid.to == (KNOWLEDGE,)
    (number,) = laid.difference.of(Part.PARAMETERS)
    assert (number.key, number.before.sure, number.after.sure) == (NUMBER, "2", "3")


def test_a_changed_template_changes_words_alone_and_is_laid_to_the_templates(runner: Runner):
    (laid,) = laid_to_today(record_of(PERSONA), FILES, RESTYLED, runner)
    assert (laid.to, {change.part for change in laid.difference.changes}) == ((TEMPLATES,), {Part.WORDS})
    assert {change.key.partition(" ")[0] for change in laid.difference.changes} == {"advice.md"}


def test_templates_that_the_rules_of_then_do_not_go_with_are_told_of_as_such(runner: Runner):
    broken = {name: text for name, text in FILES.items() if name != "reports/layout.yaml"}
    laid = laid_to_today(record_of(PERSONA), FILES, broken, runner)
    assert [(one.to, [change.key for change in one.difference.changes]) for one in laid] == [
        ((TEMPLATES,), ["documents"])
    ]


def test_what_comes_of_another_program_is_laid_to_the_program(monkeypatch):
    """A program that words its statements otherwise, and the same rules."""
    real = replay_module.statements_of

    def other(*words):
        return tuple(replace(one, text=f"Otherwise: {one.text}") for one in real(*words))

    monkeypatch.setattr(replay_module, "statements_of", other)
    with Runner("plain") as runner:
        laid = laid_to_today(record_of(PERSONA), FILES, FILES, runner)
    assert parts(laid) == [((PROGRAM,), {Part.STATEMENTS})]


def test_what_cannot_be_exchanged_alone_is_laid_to_both(runner: Runner):
    """A number that was renamed is no longer known to the rules of then."""
    new = "bucket.grave_risks"
    assert [
        name for name, text in FILES.items() if NUMBER in text and not name.startswith(("rules/", "knowledge/"))
    ] == []
    renamed = {name: text.replace(NUMBER, new) for name, text in FILES.items()}
    laid = laid_to_today(record_of(OTHER), FILES, renamed, runner)
    assert {one.to for one in laid} == {(KNOWLEDGE, RULES)}


def test_rules_that_cannot_be_loaded_are_told_of(runner: Runner):
    broken = edited(RULE_FILE, "kind: measured", "kind: nonsense")
    with pytest.raises(Problems) as raised:
        laid_to_today(record_of(PERSONA), FILES, broken, runner)
    assert {one.location.path for one in raised.value.diagnostics} == {RULE_FILE}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("profiles")


@cache
def later(folder: Path, *, other_profile: bool = False, other_day: bool = False) -> Record:
    """An advice on the persona, changed and on a later day where that is asked for."""
    data = persona_data(PERSONA)
    if other_profile:
        data["school"] = {**data["school"], "sponsor_note": "false"}
    return advice_of(data, folder, day_of(PERSONA) + timedelta(days=200 if other_day else 0)).record({})


@pytest.mark.parametrize(
    ("profile", "day", "files", "expected"),
    [
        (False, False, FILES, []),
        (True, False, FILES, [PROFILE]),
        (False, True, FILES, [DAY]),
        (False, False, REWORDED, [RULES]),
        (False, False, NUMBERED, [KNOWLEDGE]),
        (True, True, NUMBERED | {RULE_FILE: REWORDED[RULE_FILE]}, [DAY, KNOWLEDGE, RULES, PROFILE]),
    ],
    ids=["nothing", "the profile", "the day", "the rules", "the knowledge", "everything"],
)
def test_each_thing_that_was_exchanged_has_its_own_change(profile, day, files, expected, folder: Path, runner: Runner):
    first = later(folder)
    last = by_files(later(folder, other_profile=profile, other_day=day), files)
    laid = since_last_time(first, last, FILES, files, runner)
    assert [one.to for one in laid] == [(cause,) for cause in expected]


def test_what_an_applicant_changed_is_told_as_given(folder: Path, runner: Runner):
    first, last = later(folder), later(folder, other_profile=True)
    (laid,) = since_last_time(first, last, FILES, FILES, runner)
    assert [change.key for change in laid.difference.of(Part.GIVEN)] == ["school.sponsor_note"]


def by_files(record: Record, files: Files) -> Record:
    """The record as if it had been made from these files."""
    inputs = record.body.inputs

    def hashed(part):
        return replace(part, files={name: replay_module.digest(files[name]) for name in part.files})

    changed = {name: hashed(getattr(inputs, name)) for name in ("rules", "knowledge", "templates")}
    return replace(record, body=replace(record.body, inputs=replace(inputs, **changed)))


# --- whom to call ------------------------------------------------------------------------------------------------------

ENTERED = {"aaaa-2222": PERSONA, "aaaa-3333": OTHER, "aaaa-4444": "ranking"}


@pytest.fixture(scope="module")
def entered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ledger") / "ledger.sqlite"
    with Ledger(path) as ledger:
        for name, persona in ENTERED.items():
            ledger.append(entry_of(name, record_of(persona), WORKSPACE))
    return path


def recalled(path: Path, runner: Runner, files: Files, rule: str = "", since: str = "") -> dict[str, Recalled]:
    with Ledger(path) as ledger:
        return {one.entry.link.id: one for one in recall(ledger, runner, files, (rule,) if rule else (), since)}


def test_by_the_same_rules_nobody_is_to_be_called_and_nothing_is_run(entered: Path):
    assert recalled(entered, Nobody(), FILES) == {}


class Nobody(Runner):
    """A runner that is not to be asked."""

    def trace(self, variant, *, told=False):
        raise AssertionError(variant, told)


def test_exactly_those_are_recalled_whose_advice_a_changed_rule_moves(entered: Path, runner: Runner):
    found = recalled(entered, runner, REWORDED)
    moved = {name for name, persona in ENTERED.items() if fired_in(persona, RULE)}
    assert set(found) == moved
    assert len(moved) == 2
    assert found["aaaa-2222"].changes == {Part.BUCKET: 0, Part.ACTIONS: 0, Part.STATEMENTS: 1}
    assert not found["aaaa-2222"].fired


def fired_in(persona: str, rule: str) -> bool:
    body = record_of(persona).body
    return any(one.rule == rule for run in (body.advisor, body.applicant) if run is not None for one in run.firings)


def test_by_a_rule_all_in_whose_advice_it_fired_are_recalled(entered: Path, runner: Runner):
    those = [name for name, persona in ENTERED.items() if fired_in(persona, RULE)]
    for files, changes in ((FILES, 0), (REWORDED, 1)):
        found = recalled(entered, runner, files, RULE)
        assert list(found) == those
        assert [(one.fired, len(one.today.of(Part.STATEMENTS))) for one in found.values()] == [(True, changes)] * 2


def test_only_those_since_a_day_are_recalled(entered: Path, runner: Runner):
    tomorrow = (date.today() + timedelta(days=2)).isoformat()  # noqa: DTZ011 - any day after that of the test
    assert recalled(entered, runner, REWORDED, since=tomorrow) == {}


def test_one_that_cannot_be_run_today_is_recalled_with_the_reason(entered: Path, runner: Runner):
    """A vocabulary without a section that a profile has."""
    other = {name: text.replace("clinical_practice", "clinical_work") for name, text in FILES.items()}
    found = recalled(entered, runner, other)
    assert "clinical_practice" in found["aaaa-2222"].problem
    assert found["aaaa-2222"].today is None


def test_one_whose_content_was_changed_is_recalled_with_the_reason(entered: Path, runner: Runner, tmp_path: Path):
    with Ledger(tmp_path / "other.sqlite") as ledger:
        for name, persona in ENTERED.items():
            ledger.append(entry_of(name, record_of(persona), WORKSPACE))
    change(tmp_path / "other.sqlite", "UPDATE content SET summary = '{}' WHERE number = 2")
    change(tmp_path / "other.sqlite", "UPDATE content SET data = x'00' WHERE number = 3")
    found = recalled(tmp_path / "other.sqlite", runner, REWORDED)
    assert {name: bool(one.problem) for name, one in found.items()} == {
        "aaaa-2222": False,
        "aaaa-3333": True,
        "aaaa-4444": True,
    }


def test_a_ledger_keeps_every_file_that_its_records_were_made_from(entered: Path):
    with Ledger(entered) as ledger:
        assert files_kept(ledger, record_of(PERSONA)) == FILES


def test_equal_runs_are_run_once(monkeypatch):
    runs = []
    real = replay_module.consult_checked
    monkeypatch.setattr(replay_module, "consult_checked", lambda *a, **k: runs.append(1) or real(*a, **k))
    with Runner("plain") as runner:
        assert laid_to_today(record_of(PERSONA), FILES, FILES, runner) == ()
    assert len(runs) == 1


def test_a_record_survives_being_written_and_read(tmp_path: Path):
    record = record_of(PERSONA)
    assert record_from_bytes(record_text(record).encode(), tmp_path) == record
    broken = json.loads(record_text(record))
    broken["body"]["as_of"] = "\ud800"
    with pytest.raises(Problems) as raised:
        record_from_bytes(json.dumps(broken).encode(), tmp_path)
    assert code_of(raised) == "record.damaged"
