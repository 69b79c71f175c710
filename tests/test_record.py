"""The audit record: the same body for equal inputs, read back as it was written, and never believed when it was changed."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from smartpick_expert.advice import advise
from smartpick_expert.audit import recording
from smartpick_expert.audit.digests import canonical, digest
from smartpick_expert.audit.made_from import files_of
from smartpick_expert.audit.reading import MAX_BYTES, is_record, read_record
from smartpick_expert.audit.record import Body, Record, record_text
from smartpick_expert.audit.schema import schema_text
from smartpick_expert.diagnostics import Problems
from smartpick_expert.explain.trace import Trace
from smartpick_expert.giving import write_documents
from smartpick_expert.inquiry import inquire
from smartpick_expert.version import VERSION
from smartpick_expert.workspace import load_workspace
from tests.advised import PERSONAS, advice_of, advice_on, day_of, traces_of, traces_on
from tests.profiles import WORKSPACE

SMALL = Path(__file__).parent / "small"
# One far from applying, one of many reasons, and one about whom much is kept from the applicant.
FEW = ("premed", "high_risk", "known_quantity")


@cache
def record_of(persona: str, engine: str = "plain", *, redacted: bool = False) -> Record:
    """The record of the advice on a persona, without documents."""
    return advice_on(persona, engine, redacted=redacted).record({})


def body_text(body: Body) -> str:
    return canonical(msgspec.to_builtins(body))


def traces(record: Record) -> list[Trace]:
    body = record.body
    return [body.advisor, *([body.applicant] if body.applicant is not None else [])]


def kept(record: Record, folder: Path) -> Path:
    """A record as it lies beside its documents."""
    path = folder / "kept.record.json"
    path.write_bytes(record_text(record).encode("utf-8"))
    return path


# --- what is in it -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("persona", PERSONAS)
def test_a_run_leaves_the_same_trace_by_both_engines(persona: str):
    pytest.importorskip("durable_rules_engine", reason="durable-rules is not installed", exc_type=ImportError)
    durable, plain = (canonical(msgspec.to_builtins(traces_on(persona, engine))) for engine in ("durable", "plain"))
    assert durable == plain


@pytest.mark.parametrize("persona", FEW)
def test_both_engines_make_the_same_body(persona: str):
    pytest.importorskip("durable_rules_engine", reason="durable-rules is not installed", exc_type=ImportError)
    durable, plain = record_of(persona, "durable"), record_of(persona)
    assert body_text(durable.body) == body_text(plain.body)
    assert (durable.envelope.engine, plain.envelope.engine) == ("durable", "plain")
    assert durable.envelope.body_sha256 == plain.envelope.body_sha256


@pytest.mark.parametrize("persona", FEW)
def test_a_record_is_read_back_as_it_was_written(persona: str, tmp_path: Path):
    record = record_of(persona)
    path = kept(record, tmp_path)
    assert (is_record(path), read_record(path) == record) == (True, True)


@pytest.mark.parametrize("persona", PERSONAS)
def test_no_two_things_in_a_record_have_one_name(persona: str):
    for trace in traces_on(persona):
        for part in ("facts", "firings", "rules", "sources", "statements"):
            names = [one.id for one in getattr(trace, part)]
            assert len(set(names)) == len(names), part
        assert {firing.rule for firing in trace.firings} <= set(trace.rule) <= set(trace.live)


def test_only_the_envelope_tells_two_runs_apart(tmp_path: Path):
    elsewhere = tmp_path / "copied.yaml"
    shutil.copy(WORKSPACE.personas / "high_risk.yaml", elsewhere)
    first = record_of("high_risk")
    second = advise(elsewhere, WORKSPACE, day_of("high_risk"), "plain").record({})
    assert body_text(first.body) == body_text(second.body)
    same = {"profile": first.envelope.profile, "made_at": first.envelope.made_at}
    assert replace(second.envelope, **same) == first.envelope
    assert second.envelope.profile == str(elsewhere)


def test_an_envelope_names_the_program_and_the_engine(monkeypatch: pytest.MonkeyPatch):
    plain = record_of("premed").envelope
    assert (plain.program, plain.engine, plain.engine_version) == (VERSION, "plain", VERSION)
    monkeypatch.setattr(recording, "_ENGINES", {"plain": "no-such-package"})
    assert advice_on("premed").record({}).envelope.engine_version == "unknown"


def test_the_profile_is_kept_as_it_was_read():
    text = (WORKSPACE.personas / "high_risk.yaml").read_text("utf-8")
    kept_profile = record_of("high_risk").body.inputs.profile
    assert (kept_profile.text, kept_profile.form) == (text, ".yaml")
    assert kept_profile.sha256 == hashlib.sha256(text.encode("utf-8")).hexdigest()


def test_who_has_seen_a_proof_is_kept_with_the_fact(tmp_path: Path):
    sections = {
        "applicant": {"label": "A", "stage": "preparing"},
        "ecfmg": {"status": "in_progress", "verified": {"by": "A clerk", "on": "2026-09-01"}},
        "exam": [{"name": "step1", "verified": {"by": "A clerk"}}, {"name": "step2_ck"}],
    }
    (trace,) = traces_of(advice_of(sections, tmp_path))
    seen = {name: trace.fact[name].verified for name in ("applicant", "ecfmg", "exam[step1]", "exam[step2_ck]")}
    assert seen == {
        "applicant": "",
        "ecfmg": "A clerk on 1 September 2026",
        "exam[step1]": "A clerk",
        "exam[step2_ck]": "",
    }


def test_what_the_applicant_was_given_is_a_run_of_its_own_where_something_is_kept():
    assert record_of("premed").body.applicant is None
    body = record_of("known_quantity").body
    given = {fact.type for fact in body.applicant.facts if not fact.is_open}
    held = {fact.type for fact in body.advisor.facts if not fact.is_open}
    assert ("school_relation" in given, "school_relation" in held) == (False, True)


@pytest.mark.parametrize("persona", FEW)
def test_a_redacted_record_holds_no_profile_and_no_day(persona: str):
    body = record_of(persona, redacted=True).body
    assert (body.redacted, body.as_of, tuple(msgspec.to_builtins(body.inputs.profile).values())) == (
        True,
        str(day_of(persona).year),
        ("", "", ""),
    )
    assert [len(one.facts) for one in traces(record_of(persona, redacted=True))] == [
        len(one.facts) for one in traces(record_of(persona))
    ]


@pytest.mark.parametrize("persona", FEW)
def test_a_redacted_record_names_the_lines_of_the_full_one(persona: str):
    lines = [
        [[(field.name, field.line) for field in fact.fields] for fact in one.facts]
        for redacted in (False, True)
        for one in traces(record_of(persona, redacted=redacted))
    ]
    half = len(lines) // 2
    assert lines[:half] == lines[half:]
    assert any(line for fact in lines[0] for _, line in fact)


# --- its schema ----------------------------------------------------------------------------------------------------------


def test_the_schema_in_docs_is_the_one_that_the_module_prints():
    printed = subprocess.run(
        [sys.executable, "-m", "smartpick_expert.audit.schema"], capture_output=True, check=True, cwd=WORKSPACE.root
    )
    in_docs = (WORKSPACE.root / "docs" / "record-1.schema.json").read_text("utf-8")
    assert (printed.stdout.decode("utf-8"), schema_text()) == (in_docs, in_docs)


@pytest.mark.parametrize(("persona", "redacted"), [*((persona, False) for persona in FEW), ("premed", True)])
def test_a_record_fits_its_schema(persona: str, redacted: bool):
    schema = json.loads(schema_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(record_text(record_of(persona, redacted=redacted))), schema)


def test_the_schema_says_what_each_part_is():
    parts = json.loads(schema_text())["$defs"]
    assert [name for name, part in parts.items() if not part["description"]] == []
    missing = parts["Body"]["required"]
    assert missing == [field.name for field in fields(Body) if field.name != "evidence_only"]


# --- what it rests on ----------------------------------------------------------------------------------------------------


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A small workspace with templates of its own."""
    shutil.copytree(SMALL, tmp_path / "own")
    shutil.copytree(WORKSPACE.reports, tmp_path / "own" / "reports")
    return tmp_path / "own"


def hashes(root: Path) -> dict[str, str]:
    """The hash of each file, and of each set of files, that an advice by a workspace rests on."""
    found = {}
    for name, files in zip(("rules", "knowledge", "reports"), files_of(load_workspace(root)), strict=True):
        found |= files.files | {f"all {name}": files.sha256}
    return found


@pytest.mark.parametrize(
    ("name", "added"),
    [
        ("rules/letters/letters.yaml", b"# A comment counts.\n"),
        ("knowledge/claims/all.yaml", b"\n"),
        ("reports/advice.md.j2", b"One more word.\n"),
    ],
)
def test_hashes_change_with_the_content_of_a_file_and_with_nothing_else(own: Path, name: str, added: bytes):
    before = hashes(own)
    with (own / name).open("ab") as stream:
        stream.write(added)
    after = hashes(own)
    assert {one for one in before | after if before.get(one) != after.get(one)} == {
        name,
        f"all {name.partition('/')[0]}",
    }


def test_what_is_no_template_changes_no_hash(own: Path):
    before = hashes(own)
    (own / "reports" / ".unread").write_bytes(b"\xff\x00")
    assert hashes(own) == before


def test_line_ends_and_cases_change_no_hash(own: Path):
    before = hashes(own)
    for path in [*own.rglob("*.yaml"), *own.rglob("*.j2")]:
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    (own / "rules" / "letters" / "letters.cases.yaml").write_text("cases: []\n", "utf-8")
    assert hashes(own) == before


def test_a_hash_of_a_file_is_what_sha256sum_prints(own: Path):
    found = {name: value for name, value in hashes(own).items() if not name.startswith("all ")}
    # The Word template is carried as a text.
    found = {name: value for name, value in found.items() if not name.endswith(".base64")}
    assert found == {name: hashlib.sha256((own / name).read_bytes()).hexdigest() for name in found}


# --- beside the documents ------------------------------------------------------------------------------------------------


def test_a_record_names_the_hashes_of_the_documents_it_lies_beside(tmp_path: Path):
    paths = write_documents(advice_on("premed"), tmp_path, ("html", "md", "json"), "premed")
    assert paths[-1] == tmp_path / "premed.record.json"
    documents = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths[:-1]}
    assert read_record(paths[-1]).envelope.documents == documents
    assert sorted(tmp_path.iterdir()) == sorted(paths)


def test_where_the_record_cannot_be_written_no_document_is(tmp_path: Path):
    (tmp_path / "premed.record.json").mkdir()
    with pytest.raises(Problems, match=r"a folder stands where premed\.record\.json is to be"):
        write_documents(advice_on("premed"), tmp_path, ("md",), "premed")
    assert [path.name for path in tmp_path.rglob("*")] == ["premed.record.json"]


def test_a_workbook_in_which_something_was_entered_is_not_written_over_and_one_as_it_was_is(tmp_path: Path):
    for _ in range(2):
        write_documents(advice_on("premed"), tmp_path, ("xlsx", "md"), "premed")
    book = tmp_path / "premed.xlsx"
    book.write_bytes(book.read_bytes() + b"done")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(Problems, match=r"premed\.xlsx was changed after it was written, and would be written over"):
        write_documents(advice_on("premed"), tmp_path, ("xlsx",), "premed")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    write_documents(advice_on("premed"), tmp_path, ("md",), "premed")


def test_a_workbook_that_the_record_no_longer_names_is_not_written_over(tmp_path: Path):
    for formats in (("xlsx",), ("md",)):
        write_documents(advice_on("premed"), tmp_path, formats, "premed")
    with pytest.raises(Problems, match=r"premed\.xlsx may have been worked on, and would be written over"):
        write_documents(advice_on("premed"), tmp_path, ("xlsx",), "premed")


# --- damaged -------------------------------------------------------------------------------------------------------------

AGAIN = "Take it from where it was kept, or make the advice again."
BODY = "The record is damaged: its body does not fit the hash in its envelope, so something in it was changed."


def put(*path: Any, hashed: bool = True, written: bytes = b"") -> Callable[[], bytes]:
    """A record with the last in the place that the others lead to, and its hash made anew; `written` then stands for "@"."""
    *places, last, value = path

    def damaged() -> bytes:
        data = inner = json.loads(record_text(record_of("premed")))
        for place in places:
            inner = inner[place]
        inner[last] = value
        if hashed:
            data["envelope"]["body_sha256"] = digest(canonical(data["body"]))
        return json.dumps(data).encode("utf-8").replace(b'"@"', written)

    return damaged


FIRING, FACT = ("body", "advisor", "firings", 0), ("body", "advisor", "facts", 0)


@pytest.mark.parametrize(
    ("data", "finding"),
    [
        (b"", "record.damaged] The record is damaged: it is no JSON (Expecting value: line 1 column 1 (char 0))."),
        (b"\xff\xfe\xfa", "record.damaged] The record is damaged: it is no JSON ("),
        (b"{" * 100_000, "record.damaged] The record is damaged: it is no JSON ("),
        (b'{"a": ' + b"[" * 100_000, "record.damaged] The record is damaged: it is no JSON ("),
        (b"[]", "record.format] This record is of format 'None'; this program reads 'smartpick-record/1'."),
        (b'{"format": 3}', "record.format] This record is of format '3'; this program reads 'smartpick-record/1'."),
        (
            put("format", "smartpick-record/2"),
            "record.format] This record is of format 'smartpick-record/2'; this program reads 'smartpick-record/1'.",
        ),
        (
            put("format", "\x1b[31m\u202e"),
            "record.format] This record is of format '\\u001b[31m\\u202e'; this program reads 'smartpick-record/1'.",
        ),
        (
            put("body", "as_of", 5),
            "record.damaged] The record is damaged: Expected `str`, got `int` - at `$.body.as_of`.",
        ),
        (put("body", "as_of", "2026-09-11", hashed=False), f"record.damaged] {BODY}"),
        (
            put("body", "as_of", "yesterday"),
            "record.damaged] The record is damaged: it is of no day ('yesterday').",
        ),
        (put("body", "redacted", True), "record.damaged] The record is damaged: it is of no day ("),
        (
            put(*FIRING, "rule", "lost"),
            "record.damaged] The record is damaged: it names 'lost', which is not in it.",
        ),
        (
            put(*FIRING, "conclusions", ["lost"]),
            "record.damaged] The record is damaged: it names 'lost', which is not in it.",
        ),
        (
            put(*FIRING, "bindings", [{"name": "a", "fact": "lost"}]),
            "record.damaged] The record is damaged: it names 'lost', which is not in it.",
        ),
        (
            put(*FIRING, "support", [{"condition": 99, "facts": []}]),
            "record.damaged] The record is damaged: it names 'condition 100', which is not in it.",
        ),
        (
            put(*FIRING, "support", [{"condition": -1, "facts": []}]),
            "record.damaged] The record is damaged: it names 'condition 0', which is not in it.",
        ),
        (
            put("body", "advisor", "statements", 0, "firings", ["F0"]),
            "record.damaged] The record is damaged: it names 'F0', which is not in it.",
        ),
        (
            put("body", "advisor", "rules", 0, "sources", ["claim:lost\x1b"]),
            "record.damaged] The record is damaged: it names 'claim:lost\\u001b', which is not in it.",
        ),
        (put(*FACT, "fields", 0, "value", 1.5), "record.damaged] The record is damaged: "),
        (
            put("body", "as_of", "@", written=b'"\\ud800"'),
            "record.damaged] The record is damaged: ",
        ),
        (
            put(*FACT, "fields", 0, "value", ["@"], written=b"NaN"),
            "record.damaged] The record is damaged: ",
        ),
        (
            put(*FACT, "fields", 0, "value", ["@"], written=b"[" * 900 + b"]" * 900),
            "record.damaged] The record is damaged: ",
        ),
        (
            put(*FACT, "fields", 0, "value", "@", written=b"9" * 5000),
            "record.damaged] The record is damaged: ",
        ),
    ],
    ids=range(24),
)
def test_a_damaged_record_gives_one_finding_that_says_what_is_wrong(
    data: bytes | Callable[[], bytes], finding: str, tmp_path: Path
):
    path = tmp_path / "damaged.record.json"
    path.write_bytes(data if isinstance(data, bytes) else data())
    with pytest.raises(Problems) as refused:
        read_record(path)
    (found,) = map(str, refused.value.diagnostics)
    assert found.startswith(f"{path}: error[{finding}")


@pytest.mark.parametrize("share", [0.001, 0.3, 0.6, 0.9, 0.9999])
def test_a_record_that_is_cut_off_is_damaged_and_no_profile(share: float, tmp_path: Path):
    path = kept(record_of("premed"), tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(Problems) as refused:
        inquire(path, WORKSPACE, engine="plain")
    assert [one.code for one in refused.value.diagnostics] == ["record.damaged"]


@pytest.mark.parametrize("place", [0.2, 0.5, 0.8])
def test_one_other_character_is_noticed(place: float, tmp_path: Path):
    path = kept(record_of("premed"), tmp_path)
    data = bytearray(path.read_bytes())
    start = data.index(b"e", int(len(data) * place))
    data[start] = ord("a")
    path.write_bytes(data)
    with pytest.raises(Problems) as refused:
        read_record(path)
    assert [one.code for one in refused.value.diagnostics] == ["record.damaged"]


def test_a_file_larger_than_any_record_is_not_read_to_its_end(tmp_path: Path):
    path = tmp_path / "large.record.json"
    with path.open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    with pytest.raises(Problems) as refused:
        read_record(path)
    assert str(refused.value) == (
        f"{path}: error[record.size] The file has more than 67,108,864 bytes; no record is so large. "
        "Check that it is the right file."
    )


def test_a_record_that_is_not_there_is_said_not_to_be(tmp_path: Path):
    path = tmp_path / "none.record.json"
    with pytest.raises(Problems) as refused:
        read_record(path)
    assert (is_record(path), str(refused.value)) == (
        False,
        f"{path}: error[record.unreadable] The record cannot be read: No such file or directory. Check that it is there.",
    )


@pytest.mark.parametrize("text", ["", "{", '{"applicant": {"label": "smartpick-record/1"}}', "body: 1\n", "[]"])
def test_a_profile_is_not_taken_for_a_record(text: str, tmp_path: Path):
    path = tmp_path / "profile.json"
    path.write_text(text, "utf-8")
    assert not is_record(path)
