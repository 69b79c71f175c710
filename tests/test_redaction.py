"""A redacted advice names nobody and no day, and is otherwise the same advice."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner
from hypothesis import Phase, given, settings

from smartpick_expert.advice import Advice
from smartpick_expert.audit.record import record_text
from smartpick_expert.cli.main import main
from smartpick_expert.report.documents import DOCUMENTS, FORMATS, written
from tests.advised import MARK, PERSONAS, advice_of, advice_on, day_of, marked, persona_data
from tests.profiles import AS_OF, SEEDS, WORKSPACE, Data, complete_profile, partial_profile

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DAY = re.compile(rf"\b\d{{4}}-\d\d(?:-\d\d)?\b|\b(?:\d{{1,2}} )?(?:{MONTHS}) \d{{4}}\b")
# A calendar without days is none, so that none is made of a redacted advice.
FILES = {one.name("advice"): one for one in written(DOCUMENTS, FORMATS) if one.form != "ics"}
OUTPUTS = (*FILES, "summary", "record")
# What rules and knowledge say of their own accord: it may name a country, whoever is advised.
OURS = "\n".join(
    path.read_text("utf-8")
    for folder in ("rules", "knowledge/actions", "knowledge/claims", "knowledge/evidence", "knowledge/parameters")
    for path in sorted((WORKSPACE.root / folder).rglob("*.yaml"))
    if not path.name.endswith(".cases.yaml")
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("profiles")


def said_in(advice: Advice) -> dict[str, str]:
    """Every output."""
    documents = {name: advice.document(one.form, one.document) for name, one in FILES.items()}
    documents["summary"] = advice.document("summary")
    # What an operating system or an engine calls its version may look like a day.
    envelope = {"platform": "", "python": "", "engine_version": ""}
    record = advice.record(documents)
    return documents | {"record": record_text(replace(record, envelope=replace(record.envelope, **envelope)))}


def days(text: str) -> set[str]:
    """Every day or month in a text, as it is written there."""
    return set(DAY.findall(text))


def sorting(advice: Advice) -> tuple[object, ...]:
    """What an advice comes to: bucket, rules fired and how often, actions and when."""
    view = advice.view
    rules = sorted(firing.rule for firing in view.firings)
    return view.bucket, view.possible_buckets, rules, [(a.action.name, a.when) for a in view.actions]


def assert_private(data: Data, folder: Path, as_of: date = AS_OF):
    """A profile with marks in it, advised on and redacted, shows no mark and no day, not even one of a law."""
    outputs = said_in(advice_of(marked(data), folder, as_of, redacted=True))
    shown = {form: (re.findall(rf"{MARK}[^<\n]*", text), days(text)) for form, text in outputs.items()}
    assert shown == {form: ([], set()) for form in OUTPUTS}


def test_the_marks_would_show_without_redaction(folder: Path):
    outputs = said_in(advice_of(marked(persona_data("graduate_needing_visa")), folder))
    assert [form for form, text in outputs.items() if MARK in text] == list(OUTPUTS)
    assert [form for form, text in outputs.items() if days(text)] == list(OUTPUTS)


@pytest.mark.parametrize("persona", PERSONAS)
def test_no_name_and_no_day_of_a_persona_is_in_any_output(folder: Path, persona: str):
    assert_private(persona_data(persona), folder, day_of(persona))


@pytest.mark.parametrize("persona", PERSONAS)
def test_no_country_of_a_persona_is_in_any_output(persona: str):
    names = WORKSPACE.vocabulary.types["citizenship"].fields["country"].values
    countries = [names[entry["country"]] for entry in persona_data(persona).get("citizenship", [])]
    outputs = said_in(advice_on(persona, redacted=True))
    assert [
        (form, name) for form, text in outputs.items() for name in countries if name in text and name not in OURS
    ] == []


@pytest.mark.parametrize("persona", PERSONAS)
def test_a_persona_is_told_the_same_when_redacted(persona: str):
    assert sorting(advice_on(persona, redacted=True)) == sorting(advice_on(persona))


@settings(max_examples=4, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(seed=SEEDS)
def test_no_name_and_no_day_of_a_made_up_profile_is_in_any_output(folder: Path, seed: int):
    chance = Random(seed)
    assert_private(chance.choice([complete_profile, partial_profile])(chance), folder)


def test_what_is_wrong_with_an_option_is_told_in_words_when_redacted(tmp_path: Path):
    profile = str(WORKSPACE.personas / "premed.yaml")
    result = CliRunner().invoke(main, ["advise", profile, "--redact", "--out", str(tmp_path), "--format", "ics"])
    assert "A redacted advice tells of no day, so there is no calendar of it. Leave ics out." in result.output


def test_a_redacted_file_is_not_called_after_the_applicant(tmp_path: Path):
    profile = tmp_path / f"{MARK}.yaml"
    profile.write_text((WORKSPACE.personas / "graduate_needing_visa.yaml").read_text("utf-8"), "utf-8")
    out = tmp_path / "out"
    command = ["advise", str(profile), "--redact", "--out", str(out), "--format", "html,md,json", "--engine", "plain"]
    result = CliRunner().invoke(main, [*command, "--workspace", str(WORKSPACE.root)])
    assert result.exit_code == 0, result.output
    assert {path.name for path in out.iterdir()} == {
        *(one.name("advice") for one in written(DOCUMENTS, ("html", "md", "json"))),
        "advice.record.json",
    }
    assert [path.name for path in out.iterdir() if MARK in path.read_text("utf-8")] == []
    assert MARK not in result.output
