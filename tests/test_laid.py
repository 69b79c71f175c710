"""Where an advice comes out otherwise, what differs is laid to what brought it; and a ledger lists whose advice would."""

from __future__ import annotations

import atexit
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
import yaml

from smartpick_expert import replay as replay_module
from smartpick_expert.advice import advise
from smartpick_expert.audit.entering import entry_of
from smartpick_expert.audit.inputs import workspace_files
from smartpick_expert.audit.ledger import Ledger
from smartpick_expert.audit.record import Record
from smartpick_expert.diagnostics import Problems
from smartpick_expert.explain.difference import Part
from smartpick_expert.recall import Recalled, laid_to_today, recall, since_last_time
from smartpick_expert.replay import DAY, KNOWLEDGE, PROFILE, PROGRAM, RULES, TEMPLATES, Files, Laid, Runner
from smartpick_expert.sources import files_kept
from smartpick_expert.workspace import Workspace, load_workspace
from tests.ledgers import change
from tests.profiles import AS_OF, WORKSPACE


def small_files() -> dict[str, str]:
    """The small base with the shipped templates, which name a bucket more than it has."""
    files = dict(load_workspace(Path(__file__).parent / "small").files)
    files |= {name: text for name, text in workspace_files(WORKSPACE).items() if name.startswith("reports/")}
    layout = yaml.safe_load(files["reports/layout.yaml"])
    del layout["brief"]["probably_safe"]
    return files | {"reports/layout.yaml": yaml.safe_dump(layout)}


FILES = small_files()
RULE, NUMBER = "letters.not-waived", "letters.track_record"
RULE_FILE, NUMBER_FILE, TEMPLATE = "rules/letters/letters.yaml", "knowledge/parameters/all.yaml", "reports/advice.md.j2"
# The rule fires on the letters of the first and the third, and not on that of the other, whose worth hangs on the number.
PEOPLE = {"first": {"waived": False}, "other": {"waived": True}, "third": {"waived": False, "us_based": False}}


def edited(name: str, old: str, new: str, files: Files = FILES) -> dict[str, str]:
    """The files with one place of one of them changed."""
    assert old in files[name]
    return {**files, name: files[name].replace(old, new, 1)}


REWORDED = edited(RULE_FILE, "was not waived", "is open")
NUMBERED = edited(NUMBER_FILE, "to: 2026-12-31, value: 2", "to: 2026-12-31, value: 3")
NUMBERED = edited(NUMBER_FILE, "from: 2027-01-01, value: 3", "from: 2027-01-01, value: 4", NUMBERED)
RESTYLED = edited(TEMPLATE, "# ", "# Anew: ")


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Runner("plain") as made:
        yield made


_BASES = Runner("plain")
atexit.register(_BASES.__exit__)


@cache
def base() -> Workspace:
    """The small base, loaded from a folder that stays for as long as the tests run."""
    return _BASES.workspace(FILES)


@cache
def record_of(person: str, days: int = 0, *, other_profile: bool = False) -> Record:
    """The advice on a person, so many days later, with their letter otherwise where that is asked for."""
    letter = {"id": "chair", "us_based": True, "residents_sent": 2} | PEOPLE[person]
    if other_profile:
        letter["waived"] = not letter["waived"]
    data = {"applicant": {"label": person, "stage": "preparing"}, "letter": [letter]}
    path = base().root / f"{person}.json"
    path.write_text(json.dumps(data), "utf-8")
    advice = advise(path, base(), AS_OF + timedelta(days=days), "plain")
    return advice.record({"advice.md": advice.document("md")})


def parts(laid: tuple[Laid, ...]) -> list[tuple[tuple[str, ...], set[Part]]]:
    """What was laid to what: the causes, and the parts in which something differs."""
    return [(one.to, {change.part for change in one.difference.changes}) for one in laid]


# --- what differs, laid to what brought it -----------------------------------------------------------------------------


def test_a_changed_rule_is_laid_to_the_rules(runner: Runner):
    laid = laid_to_today(record_of("first"), FILES, REWORDED, runner)
    assert parts(laid) == [((RULES,), {Part.STATEMENTS})]
    assert [change.key.partition("[")[0] for one in laid for change in one.difference.changes] == [RULE]


def test_a_changed_number_is_laid_to_the_knowledge(runner: Runner):
    (laid,) = laid_to_today(record_of("other"), FILES, NUMBERED, runner)
    assert laid.to == (KNOWLEDGE,)
    (number,) = laid.difference.of(Part.PARAMETERS)
    assert (number.key, number.before.sure, number.after.sure) == (NUMBER, "2", "3")


def test_a_changed_template_changes_words_alone_and_is_laid_to_the_templates(runner: Runner):
    (laid,) = laid_to_today(record_of("first"), FILES, RESTYLED, runner)
    assert (laid.to, {change.part for change in laid.difference.changes}) == ((TEMPLATES,), {Part.WORDS})
    assert {change.key.partition(" ")[0] for change in laid.difference.changes} == {"advice.md"}


def test_templates_that_the_rules_of_then_do_not_go_with_are_told_of_as_such(runner: Runner):
    broken = {name: text for name, text in FILES.items() if name != "reports/layout.yaml"}
    laid = laid_to_today(record_of("first"), FILES, broken, runner)
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
        laid = laid_to_today(record_of("first"), FILES, FILES, runner)
    assert parts(laid) == [((PROGRAM,), {Part.STATEMENTS})]


def test_what_cannot_be_exchanged_alone_is_laid_to_both(runner: Runner):
    """A number that was renamed is no longer known to the rules of then."""
    new = "letters.fame"
    assert [
        name for name, text in FILES.items() if NUMBER in text and not name.startswith(("rules/", "knowledge/"))
    ] == []
    renamed = {name: text.replace(NUMBER, new) for name, text in FILES.items()}
    laid = laid_to_today(record_of("other"), FILES, renamed, runner)
    assert {one.to for one in laid} == {(KNOWLEDGE, RULES)}


def test_rules_that_cannot_be_loaded_are_told_of(runner: Runner):
    broken = edited(RULE_FILE, "kind: measured", "kind: nonsense")
    with pytest.raises(Problems) as raised:
        laid_to_today(record_of("first"), FILES, broken, runner)
    assert {one.location.path for one in raised.value.diagnostics} == {RULE_FILE}


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
def test_each_thing_that_was_exchanged_has_its_own_change(profile, day, files, expected, runner: Runner):
    first = record_of("first")
    last = by_files(record_of("first", 200 if day else 0, other_profile=profile), files)
    laid = since_last_time(first, last, FILES, files, runner)
    assert [one.to for one in laid] == [(cause,) for cause in expected]


def test_what_an_applicant_changed_is_told_as_given(runner: Runner):
    first, last = record_of("first"), record_of("first", other_profile=True)
    (laid,) = since_last_time(first, last, FILES, FILES, runner)
    assert [change.key for change in laid.difference.of(Part.GIVEN)] == ["letter[chair].waived"]


def by_files(record: Record, files: Files) -> Record:
    """The record as if it had been made from these files."""
    inputs = record.body.inputs

    def hashed(part):
        return replace(part, files={name: replay_module.digest(files[name]) for name in part.files})

    changed = {name: hashed(getattr(inputs, name)) for name in ("rules", "knowledge", "templates")}
    return replace(record, body=replace(record.body, inputs=replace(inputs, **changed)))


# --- whom to call ------------------------------------------------------------------------------------------------------

ENTERED = {"aaaa-2222": "first", "aaaa-3333": "other", "aaaa-4444": "third"}


@pytest.fixture(scope="module")
def entered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ledger") / "ledger.sqlite"
    with Ledger(path) as ledger:
        for name, persona in ENTERED.items():
            ledger.append(entry_of(name, record_of(persona), base()))
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
    """A vocabulary without a field that a profile gives."""
    other = {name: text.replace("waived", "signed") for name, text in FILES.items()}
    found = recalled(entered, runner, other)
    assert "waived" in found["aaaa-2222"].problem
    assert found["aaaa-2222"].today is None


def test_one_whose_content_was_changed_is_recalled_with_the_reason(entered: Path, runner: Runner, tmp_path: Path):
    with Ledger(tmp_path / "other.sqlite") as ledger:
        for name, persona in ENTERED.items():
            ledger.append(entry_of(name, record_of(persona), base()))
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
        assert files_kept(ledger, record_of("first")) == FILES


def test_equal_runs_are_run_once(monkeypatch):
    runs = []
    real = replay_module.consult_checked
    monkeypatch.setattr(replay_module, "consult_checked", lambda *a, **k: runs.append(1) or real(*a, **k))
    with Runner("plain") as runner:
        assert laid_to_today(record_of("first"), FILES, FILES, runner) == ()
    assert len(runs) == 1
