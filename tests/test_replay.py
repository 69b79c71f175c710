"""An advice that is run again comes out the same byte for byte; and where it does not, what differs is laid to what brought it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from smartpick_expert.advice import advise
from smartpick_expert.audit.inputs import workspace_files
from smartpick_expert.audit.reading import record_from_bytes
from smartpick_expert.audit.record import Record, record_text
from smartpick_expert.diagnostics import Problems
from smartpick_expert.explain.difference import Part
from smartpick_expert.recall import laid_to_today
from smartpick_expert.replay import Files, Laid, Runner
from tests.advised import advice_of, advice_on, day_of, persona_data
from tests.profiles import WORKSPACE

FILES = workspace_files(WORKSPACE)
# A rule that fires in the advice on the first persona and not in that on the second, and a number that the second is judged by.
RULE, PERSONA, OTHER = "school.filter-is-rare", "premed", "stopped_by_filters"
RULE_FILE, NUMBER_FILE, TEMPLATE = (
    "rules/school/asking.yaml",
    "knowledge/parameters/bucket.yaml",
    "reports/advice.md.j2",
)


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


def test_a_record_survives_being_written_and_read(tmp_path: Path):
    record = record_of(PERSONA)
    assert record_from_bytes(record_text(record).encode(), tmp_path) == record
    broken = json.loads(record_text(record))
    broken["body"]["as_of"] = "\ud800"
    with pytest.raises(Problems) as raised:
        record_from_bytes(json.dumps(broken).encode(), tmp_path)
    assert code_of(raised) == "record.damaged"
