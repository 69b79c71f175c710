"""What somebody asks to be otherwise: --set, --add and --remove, held against the vocabulary and the profile."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from smartpick_expert.diagnostics import Problems
from smartpick_expert.inquiry import inquire
from smartpick_expert.intake.changes import changed, read_changes
from smartpick_expert.intake.profile import Profile
from smartpick_expert.language.values import ABSENT
from tests.advised import day_of, persona_data
from tests.profiles import WORKSPACE, profile_of

VOCABULARY = WORKSPACE.vocabulary
DATA: dict[str, Any] = {
    "applicant": {"label": "A", "stage": "preparing"},
    "exam": [{"name": "step2_ck", "score": 226}],
    "letter": [{"id": "first", "us_based": True}, {"id": "dr.b", "weeks_observed": 2}],
    "experience": [{"id": "ward", "letter": "first"}],
}
Options = tuple[Sequence[str], Sequence[str], Sequence[str]]


def to_set(*texts: str) -> Options:
    return texts, (), ()


def to_add(*texts: str) -> Options:
    return (), texts, ()


def to_remove(*texts: str) -> Options:
    return (), (), texts


def after(options: Options, data: dict[str, Any] = DATA) -> Profile:
    """The profile after the changes."""
    return changed(profile_of(data), read_changes(*options, VOCABULARY), VOCABULARY)


def sections(profile: Profile) -> dict[str, list[dict[str, Any]]]:
    """What a profile holds, by section."""
    names = profile.sections | {entry.type for entry in profile.entries}
    return {name: [dict(entry.values) for entry in profile.of(name)] for name in sorted(names)}


def expected(**changes: Any) -> dict[str, list[dict[str, Any]]]:
    """What the profile of these tests holds, with some sections otherwise."""
    every = DATA | changes
    return {name: every[name] if isinstance(every[name], list) else [every[name]] for name in sorted(every)}


LETTERS = DATA["letter"]


@pytest.mark.parametrize(
    ("options", "changes"),
    [
        (to_set("exam[step2_ck].score=250"), {"exam": [{"name": "step2_ck", "score": 250}]}),
        (to_set(" exam[step2_ck].score = 250 "), {"exam": [{"name": "step2_ck", "score": 250}]}),
        (to_set("exam[step2_ck].score={plus: 9}"), {"exam": [{"name": "step2_ck", "score": 235}]}),
        (to_set("exam[step2_ck].score="), {"exam": [{"name": "step2_ck"}]}),
        (to_set("exam[step2_ck].score=none"), {"exam": [{"name": "step2_ck", "score": ABSENT}]}),
        (to_set("exam[step3].result=pass"), {"exam": [*DATA["exam"], {"name": "step3", "result": "pass"}]}),
        (
            to_set("letter[dr.b].us_based=no", "letter[dr.b].weeks_observed=8"),
            {"letter": [LETTERS[0], {"id": "dr.b", "us_based": False, "weeks_observed": 8}]},
        ),
        (to_set("letter[*].us_based=no"), {"letter": [{**one, "us_based": False} for one in LETTERS]}),
        (to_set("gap[*].months=3"), {}),
        (to_set("target.setting=community"), {"target": {"setting": "community"}}),
        (to_set("applicant.label=no"), {"applicant": {"label": "no", "stage": "preparing"}}),
        (to_set("applicant.label=2026-01-01"), {"applicant": {"label": "2026-01-01", "stage": "preparing"}}),
        (to_set("applicant.label=a=b [c"), {"applicant": {"label": "a=b [c", "stage": "preparing"}}),
        (to_set("applicant.label='$5'"), {"applicant": {"label": "$5", "stage": "preparing"}}),
        (to_set("experience[ward].letter=none"), {"experience": [{"id": "ward", "letter": ABSENT}]}),
        (
            to_add("letter={id: new, us_based: yes}", "letter={id: newer}"),
            {"letter": [*LETTERS, {"id": "new", "us_based": True}, {"id": "newer"}]},
        ),
        (to_add("gap={months: 3}"), {"gap": [{"id": "gap-1", "months": 3}]}),
        (to_remove("letter[dr.b]"), {"letter": LETTERS[:1]}),
        (to_remove("letter[dr.b].weeks_observed"), {"letter": [LETTERS[0], {"id": "dr.b"}]}),
        (to_remove("exam[*]"), {"exam": []}),
        (to_remove("exam[*].score"), {"exam": [{"name": "step2_ck"}]}),
        (to_remove("target"), {}),
    ],
    ids=str,
)
def test_a_profile_is_the_same_but_for_what_is_asked(options: Options, changes: dict[str, Any]):
    assert sections(after(options)) == expected(**changes)


def test_what_referred_to_an_entry_that_is_removed_refers_to_none():
    assert sections(after(to_remove("letter[first]"))) == expected(
        letter=LETTERS[1:], experience=[{"id": "ward", "letter": ABSENT}]
    )


def test_a_section_of_one_that_is_removed_is_left_out():
    profile = after(to_remove("target"), DATA | {"target": {"setting": "community"}})
    assert (sections(profile), "target" in profile.sections) == (expected(), False)


def test_changes_of_all_kinds_are_made_together():
    options = (["experience[ward].letter=new"], ["letter={id: new}"], ["letter[first]"])
    assert sections(after(options)) == expected(
        letter=[LETTERS[1], {"id": "new"}], experience=[{"id": "ward", "letter": "new"}]
    )


# --- what cannot be made -------------------------------------------------------------------------------------------------

FORM = "Write fact_type.field, or fact_type[label].field where there are several."
PLACE = "Write fact_type[label] for an entry, or fact_type[label].field for one field of it."


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            to_set("exam[step2_ck].score"),
            (
                "--set: error[edit.form] 'exam[step2_ck].score' has no '='. "
                "Write --set PATH=VALUE, as in exam[step2_ck].score=250."
            ),
        ),
        (to_set("=5"), f"--set:1:1: error[path.form] '' is no path. {FORM}"),
        (
            to_set("exam[step2_ck].scor=250"),
            "--set:1:1: error[name.field] 'exam' has no field 'scor'. Did you mean 'score'?",
        ),
        (
            to_set("exams[step2_ck].score=250"),
            "--set:1:1: error[name.fact-type] There is no fact type 'exams'. Did you mean 'exam'?",
        ),
        (
            to_set("bucket.name=typical"),
            (
                "--set:1:1: error[path.not-given] 'bucket' is supplied by the rules, and stands in no profile. "
                "Name something that a profile gives."
            ),
        ),
        (
            to_set("applicant.years_since_graduation=3"),
            (
                "--set:1:1: error[path.not-given] 'applicant.years_since_graduation' is computed from 'season' and "
                "'year_of_graduation'. Name one of those."
            ),
        ),
        (
            to_set("exam[step9].score=1"),
            "--set:1:1: error[path.label] 'step9' is no name of 'exam'. Did you mean 'step3'?",
        ),
        (
            to_set("letter[a=b].us_based=no"),
            "--set: error[edit.not-there] The profile has no letter 'a=b'. Known here: dr.b, first.",
        ),
        (
            to_set("gap[long].months=3"),
            "--set: error[edit.not-there] The profile has no gap 'long'. Add one with --add 'gap={...}'.",
        ),
        (
            to_set("exam[step2_ck].score=much"),
            "--set:1:1: error[value.number] score: 'much' is not a number. Write digits, with a point for decimals.",
        ),
        (
            to_set("letter[first].us_based=[yes]"),
            "--set:1:1: error[value.form] 'us_based' takes a single value, not a list. Write yes or no.",
        ),
        (
            to_set("letter[first].us_based={plus: 1}"),
            (
                "--set:1:1: error[edit.plus] 'us_based' takes a single value, or {plus: 1} where it is a number. "
                "Write the value."
            ),
        ),
        (
            to_set("letter[first].us_based=&a yes"),
            (
                "--set:1:1: error[yaml.anchor] '&a': anchors and aliases are not read, since a small file can explode "
                "through them. Write the value out; a text that begins with '*' or '&' needs quotes."
            ),
        ),
        (
            to_set("applicant.label=\x1b[31m"),
            "--set:1:1: error[yaml.character] The character U+001B may not stand in YAML. Delete it.",
        ),
        (
            to_set('applicant.label="\\x1b[31m"'),
            "--set:1:1: error[value.text] label: This text holds the control character U+001B. Delete it.",
        ),
        (to_set("applicant.label=$5"), f"--set:1:1: error[path.form] '5' is no path. {FORM}"),
        (
            to_set("letter[first].id=second"),
            (
                "--set:1:1: error[edit.label] An entry keeps the label it has. "
                "Add an entry instead, or set another field."
            ),
        ),
        (
            to_set("applicant.stage="),
            (
                "profile: error[profile.missing-field] An entry of 'applicant' would be left without 'stage' "
                "(Where the applicant stands on the way to residency). Give it another value."
            ),
        ),
        (
            to_set("experience[ward].letter=nobody"),
            "profile, experience[ward].letter as changed: error[profile.reference] There is no letter 'nobody'. Known here: dr.b, first.",
        ),
        (
            to_add("letter"),
            (
                "--add: error[edit.form] 'letter' has no '='. "
                "Write --add TYPE={field: value, ...}, as in letter={id: new, us_based: yes}."
            ),
        ),
        (
            to_add("letter=new"),
            (
                "--add:1:1: error[form.mapping] 'letter' must be a mapping of names to values. "
                "Write 'name: value' lines here."
            ),
        ),
        (
            to_add("exam={score: 250}"),
            "--add:1:1: error[form.missing-key] This entry of 'exam' lacks 'name' (The examination). Add 'name:'.",
        ),
        (
            to_add("exam={name: }"),
            (
                "profile: error[profile.missing-field] An entry of 'exam' would be left without 'name' (The examination). "
                "Give it another value."
            ),
        ),
        (
            to_add("exam={name: step2_ck}"),
            (
                "--add: error[profile.duplicate-label] The profile has 'exam[step2_ck]' already. "
                "Change it with --set 'exam[step2_ck].field=value', or add one of another name."
            ),
        ),
        (
            to_add("applicant={stage: premed}"),
            "--add:1:1: error[edit.one] There is one 'applicant', so none can be added. Set its fields with 'set'.",
        ),
        (
            to_add("experience={id: new, letter: lost}"),
            "profile: error[profile.reference] There is no letter 'lost'. Known here: dr.b, first.",
        ),
        (to_remove("letter[first"), f"--remove: error[path.form] 'letter[first' is no path. {PLACE}"),
        (to_remove(""), f"--remove: error[path.form] '' is no path. {PLACE}"),
        (
            to_remove("letter[firts]"),
            "--remove: error[edit.not-there] The profile has no letter 'firts'. Did you mean 'first'?",
        ),
        (
            to_remove("exam[step3]"),
            "--remove: error[edit.not-there] The profile has no exam 'step3'. Did you mean 'step2_ck'?",
        ),
        (
            to_remove("letter"),
            (
                "--remove: error[path.label] 'letter' needs a label, or [*] for all. "
                "Write letter[label], or letter[label].field."
            ),
        ),
        (
            to_remove("applicant[a].stage"),
            "--remove: error[path.label] 'applicant' takes no label. Write applicant, or applicant.field.",
        ),
        (
            to_remove("letter[first].id"),
            "--remove: error[edit.label] An entry keeps the label it has. Remove the entry, or another field.",
        ),
        (
            to_remove("letter[first].us_basd"),
            "--remove: error[name.field] 'letter' has no field 'us_basd'. Did you mean 'us_based'?",
        ),
        (
            to_remove("applicant"),
            (
                "profile: error[profile.missing-section] Without 'applicant' there is nothing to advise on. "
                "Set its fields, and leave it there."
            ),
        ),
    ],
    ids=str,
)
def test_what_cannot_be_made_is_said_with_what_to_do(options: Options, message: str):
    with pytest.raises(Problems) as refused:
        after(options)
    assert str(refused.value) == message


def test_everything_that_is_wrong_is_said_at_once():
    with pytest.raises(Problems) as refused:
        after((["exam[step2_ck].score=much", "letter[first].weeks_observed=x"], ["letter"], ["nothing"]))
    assert [one.code for one in refused.value.diagnostics] == [
        "edit.form",
        "name.fact-type",
        "value.number",
        "value.number",
    ]


# --- written into the profile, it is the same ----------------------------------------------------------------------------


def written(data: dict[str, Any], section: str, label: str, **values: Any) -> dict[str, Any]:
    """A persona with values written into the entry of a label."""
    name = VOCABULARY.types[section].label
    return data | {section: [one | values if one[name] == label else one for one in data[section]]}


@pytest.mark.parametrize(
    ("persona", "options", "write"),
    [
        (
            "high_risk",
            to_set("exam[step2_ck].score=250", "exam[step2_ck].attempts=1"),
            lambda data: written(data, "exam", "step2_ck", score=250, attempts=1),
        ),
        (
            "known_quantity",
            to_remove("letter[director-letter]"),
            lambda data: (
                written(data, "experience", "sub-internship", letter="none")
                | {"letter": [one for one in data["letter"] if one["id"] != "director-letter"]}
            ),
        ),
        (
            "half_unknown",
            to_set("target.setting=", "applicant.year_of_graduation=2015"),
            lambda data: (
                data
                | {
                    "target": {name: value for name, value in data["target"].items() if name != "setting"},
                    "applicant": data["applicant"] | {"year_of_graduation": 2015},
                }
            ),
        ),
        (
            "graduate_needing_visa",
            to_add("letter={id: new, writer_role: program_director, us_based: yes, residents_sent: 2}"),
            lambda data: (
                data
                | {
                    "letter": [
                        *data["letter"],
                        {"id": "new", "writer_role": "program_director", "us_based": True, "residents_sent": 2},
                    ]
                }
            ),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_if_by_changes_is_what_if_by_a_profile_in_which_the_same_is_written(
    persona: str, options: Options, write: Any, tmp_path: Path
):
    other = tmp_path / "other.json"
    other.write_text(json.dumps(write(persona_data(persona))), "utf-8")
    inquiry = inquire(WORKSPACE.personas / f"{persona}.yaml", WORKSPACE, day_of(persona), "plain")
    by_changes = inquiry.what_if(read_changes(*options, VOCABULARY))
    assert (by_changes, by_changes.is_nothing) == (inquiry.what_if(profile=other), False)
