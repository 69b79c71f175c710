"""An advisor's overrides: printed beside what the rules conclude, never in its place, and never read by a rule."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from smartpick_expert.advice import Advice
from smartpick_expert.cli.main import main
from smartpick_expert.diagnostics import Problems
from smartpick_expert.intake.edits import edited
from smartpick_expert.intake.kept import without_what_is_kept
from smartpick_expert.report.view_model import OverrideView, View
from tests.advised import MARK, PERSONAS, advice_of, advice_on, day_of, persona_data
from tests.profiles import WORKSPACE, Data, profile_of

PERSONA = "graduate_needing_visa"
DAY = day_of(PERSONA)
GIVEN = ("html", "md", "summary")
BY, BECAUSE = "advisor-2", "I know the program director."
BUCKET = {"of": "bucket", "to": "known_quantity"}
ACTION = {"of": "action[confirm_visa_policy]", "withdrawn": True}
REASON = {"of": "letters.one-strong-letter", "withdrawn": True}
ENTRY = {"of": "letters.generic[observership-letter]", "withdrawn": True}
ONE_OF_EACH = [BUCKET, ACTION, REASON, ENTRY]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("profiles")


def signed(override: Data, **changed: str) -> Data:
    return override | {"by": BY, "on": "2026-06-01", "because": BECAUSE} | changed


def overridden(folder: Path, *overrides: Data, persona: str = PERSONA, redacted: bool = False) -> Advice:
    """The advice on a persona with these overrides, signed where they are not."""
    data = persona_data(persona) | {"override": [signed({}) | one for one in overrides]}
    return advice_of(data, folder, day_of(persona), redacted=redacted)


def plain(folder: Path, persona: str = PERSONA) -> Advice:
    return overridden(folder, persona=persona)


def both(advice: Advice) -> tuple[View, View]:
    return advice.view, advice.given


def smartpick(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments), "--workspace", str(WORKSPACE.root)])


# --- they are no facts ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("persona", PERSONAS)
def test_no_rule_fires_otherwise_for_an_override(folder: Path, persona: str):
    with_them, without = overridden(folder, *ONE_OF_EACH, persona=persona), plain(folder, persona)
    for run, other in ((with_them.run, without.run), (with_them.told, without.told)):
        assert run.original.intake.facts == other.original.intake.facts
        assert run.original.derivation.certain == other.original.derivation.certain
        assert run.original.derivation.possible == other.original.derivation.possible
        assert run.original.derivation.firings == other.original.derivation.firings


def test_the_record_holds_what_was_concluded_as_if_nothing_was_overridden(folder: Path):
    with_them, without = (json.loads(a.document("json")) for a in (overridden(folder, *ONE_OF_EACH), plain(folder)))
    # What the advice hangs on names the actions that are first now.
    changed = {"overrides", "actions", "first_actions", "reasons", "sections", "fragile"}
    assert {name for name in with_them["advice"] if with_them["advice"][name] != without["advice"][name]} == changed
    assert with_them | {"advice": {}, "given": {}} == without | {"advice": {}, "given": {}}
    assert [one["of"] for one in with_them["advice"]["overrides"]] == [one["of"] for one in ONE_OF_EACH]


def test_an_override_is_read_as_it_is_written():
    profile = profile_of(
        {**persona_data(PERSONA), "override": [signed(BUCKET), signed(ENTRY, of=" letters.generic [ a ]")]}
    )
    assert [(o.of, o.name, o.entries, o.to, o.by, o.on, o.because) for o in profile.overrides] == [
        ("bucket", "bucket", "", "known_quantity", BY, date(2026, 6, 1), BECAUSE),
        ("letters.generic[a]", "letters.generic", "a", "", BY, date(2026, 6, 1), BECAUSE),
    ]


def test_an_empty_section_is_no_override():
    data = persona_data(PERSONA)
    assert [profile_of(data | {"override": empty}).overrides for empty in (None, [])] == [(), ()]


def test_a_profile_keeps_its_overrides_when_it_is_changed():
    profile = profile_of(persona_data("reapplicant_failed_attempt") | {"override": [signed(BUCKET)]})
    others = (without_what_is_kept(profile, WORKSPACE.vocabulary), edited(profile, [], WORKSPACE.vocabulary))
    assert others[0].entries != profile.entries
    assert [other.overrides for other in others] == [profile.overrides, profile.overrides]


# --- what they change in the advice --------------------------------------------------------------------------------


def test_a_judgement_stands_beside_the_bucket_and_changes_nothing_else(folder: Path):
    told = OverrideView(
        kind="bucket", of="bucket", says="", does="", engine="probably safe", to="known quantity", by=BY, on="1 June 2026",
        because=BECAUSE, state="stands", statements=(), with_it=(),
    )  # fmt: skip
    for view, before in zip(both(overridden(folder, BUCKET)), both(plain(folder)), strict=True):
        assert view == replace(before, overrides=(told,))


def test_a_judgement_stands_where_the_bucket_is_open(folder: Path):
    view = overridden(folder, BUCKET, persona="open_question").given
    assert (view.bucket, [(one.engine, one.state) for one in view.overrides]) == ("open", [("open", "stands")])


def test_a_withdrawn_action_gives_way_to_the_next_and_is_told_apart(folder: Path):
    action = WORKSPACE.knowledge.actions["confirm_visa_policy"]
    for view, before in zip(both(overridden(folder, ACTION)), both(plain(folder)), strict=True):
        names = [one.action.name for one in before.actions]
        reasons = next(one.reasons for one in before.actions if one.action.name == action.name)
        assert names.index(action.name) < 3
        names.remove(action.name)
        assert [one.action.name for one in view.actions] == names
        assert [one.action.name for one in view.first_actions] == names[:3]
        assert view.overrides == (
            OverrideView(
                kind="action", of=ACTION["of"], says=action.title, does=action.do, engine="now", to="", by=BY,
                on="1 June 2026", because=BECAUSE, state="stands", statements=reasons, with_it=(),
            ),
        )  # fmt: skip


def test_a_withdrawn_reason_gives_way_to_the_next_and_is_told_apart(folder: Path):
    for view, before in zip(both(overridden(folder, REASON)), both(plain(folder)), strict=True):
        withdrawn = next(r.statement for r in before.reasons if r.statement.id == REASON["of"])
        assert [r.statement for r in view.reasons][:3] == [
            r.statement for r in before.reasons if r.statement != withdrawn
        ]
        assert len(view.reasons) == len(before.reasons)
        assert view.sections == tuple(
            replace(
                one, statements=tuple(s for s in one.statements if s != withdrawn), has_withdrawn=one.key == "letters"
            )
            for one in before.sections
        )
        assert view.overrides == (
            OverrideView(
                kind="statement", of=REASON["of"], says=withdrawn.title, does="", engine=withdrawn.text, to="", by=BY,
                on="1 June 2026", because=BECAUSE, state="stands", statements=(withdrawn,), with_it=(),
            ),
        )  # fmt: skip


def of_rule(view: View, rule: str) -> list[str]:
    return [s.id for section in view.sections for s in section.statements if s.origin.rule == rule]


def test_a_rule_with_an_entry_is_withdrawn_for_that_entry_alone(folder: Path):
    persona = "high_risk"
    said = of_rule(plain(folder, persona).view, "letters.short-acquaintance")
    assert len(said) > 1
    view = overridden(folder, {"of": said[0], "withdrawn": True}, persona=persona).view
    assert of_rule(view, "letters.short-acquaintance") == said[1:]
    every = overridden(folder, {"of": "letters.short-acquaintance", "withdrawn": True}, persona=persona).view
    assert of_rule(every, "letters.short-acquaintance") == []


def test_numbered_statements_are_withdrawn_together(folder: Path):
    rule = "programs.filter-as-stated"
    said = of_rule(plain(folder).view, rule)
    assert f"{rule}#2" in said
    view = overridden(folder, {"of": rule, "withdrawn": True}).view
    assert of_rule(view, rule) == []
    assert {s.id for s in view.overrides[0].statements} == set(said)


def test_an_action_goes_with_the_last_statement_that_says_why(folder: Path):
    view = overridden(folder, {"of": "actions.confirm-visa-policy", "withdrawn": True}).given
    title = WORKSPACE.knowledge.actions["confirm_visa_policy"].title
    assert view.overrides[0].with_it == (title,)
    assert title not in [one.action.title for one in view.actions]


def test_an_action_stays_while_another_statement_says_why(folder: Path):
    several = next(one for one in plain(folder).given.actions if len({r.origin.rule for r in one.reasons}) > 1)
    rules = list(dict.fromkeys(reason.origin.rule for reason in several.reasons))
    view = overridden(folder, {"of": rules[0], "withdrawn": True}).given
    left = next(one for one in view.actions if one.action.name == several.action.name)
    assert list(dict.fromkeys(reason.origin.rule for reason in left.reasons)) == rules[1:]
    assert view.overrides[0].with_it == ()


def test_a_disagreement_goes_with_the_statement_that_it_is_made_of(folder: Path):
    before = plain(folder).given.disagreements
    rules = {item.claim: {s.origin.rule for s in item.carried} for item in before}
    claim, rule = next((claim, next(iter(carried))) for claim, carried in rules.items() if len(carried) == 1)
    view = overridden(folder, {"of": rule, "withdrawn": True}).given
    assert claim not in {item.claim for item in view.disagreements}


# --- what they do not change ---------------------------------------------------------------------------------------


def test_an_override_is_in_force_from_its_day(folder: Path):
    states = [
        overridden(folder, BUCKET | {"on": day}).view.overrides[0].state
        for day in ("2026-07-05", "2026-07-06", "2026-07-07")
    ]
    assert (DAY, states) == (date(2026, 7, 6), ["stands", "stands", "not_yet"])


ADVISED = {one.action.name for one in advice_on(PERSONA).view.actions}
NOT_ADVISED = next(name for name in WORKSPACE.knowledge.actions if name not in ADVISED)


@pytest.mark.parametrize(
    ("override", "state"),
    [
        *((one | {"on": "2026-07-07"}, "not_yet") for one in ONE_OF_EACH),
        ({"of": "bucket", "to": "probably_safe"}, "idle"),
        ({"of": f"action[{NOT_ADVISED}]", "withdrawn": True}, "idle"),
        ({"of": "letters.harmful", "withdrawn": True}, "idle"),
        ({"of": "letters.generic[ward-letter]", "withdrawn": True}, "idle"),
    ],
)
def test_what_has_no_effect_is_told_to_the_advisor_alone(folder: Path, override: Data, state: str):
    advice, before = overridden(folder, override), plain(folder)
    assert [(one.of, one.state) for one in advice.view.overrides] == [(override["of"], state)]
    assert [advice.document(form) for form in GIVEN] == [before.document(form) for form in GIVEN]
    assert replace(advice.view, overrides=()) == before.view


def test_an_override_of_what_is_kept_reaches_no_applicant(folder: Path):
    persona = "reapplicant_failed_attempt"
    before = plain(folder, persona)
    told = {statement.origin.rule for statement in before.given.statements}
    kept = {s.origin.rule for s in before.view.statements if s.topic != "bucket"} - told
    assert kept
    advice = overridden(folder, *({"of": rule, "withdrawn": True} for rule in sorted(kept)), persona=persona)
    assert {(one.of, one.state) for one in advice.view.overrides} == {(rule, "stands") for rule in kept}
    assert [advice.document(form) for form in GIVEN] == [before.document(form) for form in GIVEN]


# --- documents -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "sorting"),
    [
        ("html", '<p class="bucket" data-value="bucket">Probably safe</p>'),
        ("md", "likely to be sorted: **Probably safe**"),
        ("summary", "Sorted as: PROBABLY SAFE"),
    ],
)
def test_every_document_prints_both_and_who_overrides_what_when(folder: Path, form: str, sorting: str):
    advice = overridden(folder, *ONE_OF_EACH)
    text = advice.document(form)
    assert (sorting in text, text.lower().count("judges otherwise")) == (True, 1)
    assert text.count(f"{BY}, 1 June 2026") == len(ONE_OF_EACH)
    assert [one.says for one in advice.given.overrides if one.says not in text] == []


@pytest.mark.parametrize("form", ["html", "md"])
def test_the_words_of_what_is_withdrawn_and_why_are_printed(folder: Path, form: str):
    advice = overridden(folder, *ONE_OF_EACH)
    text = advice.document(form)
    rest = text[text.index("Withdrawn by your advisor", text.index("What to do")) :]
    assert text.count(BECAUSE) == len(ONE_OF_EACH)
    rules = [s.origin.rule for one in advice.given.overrides for s in one.statements]
    assert [rule for rule in rules if f"{rule}</code>" not in rest and f"`{rule}`" not in rest] == []


def test_where_all_is_withdrawn_no_document_says_that_nothing_was_found(folder: Path):
    before = plain(folder).given
    rules = {s.origin.rule for section in before.sections for s in section.statements}
    rules |= {s.origin.rule for one in before.actions for s in one.reasons}
    advice = overridden(folder, *({"of": rule, "withdrawn": True} for rule in sorted(rules)))
    assert (advice.given.reasons, advice.given.actions) == ((), ())
    # A page draws the season's calendar, which says something; Markdown has no drawings.
    drawn = {"html": {"season"}, "md": set()}
    for form in ("html", "md"):
        text = advice.document(form)
        silent = [one.title for one in before.sections if not one.statements and one.key not in drawn[form]]
        assert "No rule advises an action" not in text
        assert "No reason for or against can be given yet" not in text
        said = re.findall(r"nothing can be said yet under: (.*)\.", text)
        assert said == (["; ".join(silent)] if silent else [])


@pytest.mark.parametrize("form", GIVEN)
def test_an_advice_without_overrides_does_not_speak_of_an_advisor_who_judges(form: str):
    text = advice_on(PERSONA).document(form)
    assert [word for word in ("judges otherwise", "Withdrawn by") if word in text] == []


# --- strange words, and words that are to stay unknown ---------------------------------------------------------------


def test_markup_in_a_reason_stays_words(folder: Path):
    bad = 'Zq <script>alert(1)</script> <img src=x onerror="x"> [a](javascript:x) **b** `c` \n# d'
    advice = overridden(folder, *(one | {"because": bad} for one in ONE_OF_EACH))
    # The scripts of the page itself have no word of anybody's in them.
    assert re.findall(r"<script>alert|<img", advice.document("html")) == []
    lines = [line for line in advice.document("md").splitlines() if MARK in line]
    assert len(lines) == len(ONE_OF_EACH)
    assert [line for line in lines if re.search(r"(?<!\\)<|(?<!\\)\[|(?<!\\)`|(?<!\\)\*\*b", line)] == []
    assert [c for c in advice.document("summary") if not c.isprintable() and c != "\n"] == []


@pytest.mark.parametrize("key", ["of", "by", "because"])
@pytest.mark.parametrize("word", ["\x1b[2J", "a\x07", "a\x9b31m", "\x00"])
def test_what_could_upset_a_terminal_is_refused(folder: Path, key: str, word: str):
    with pytest.raises(Problems) as caught:
        overridden(folder, REASON | {key: f"letters.{word}"})
    assert {d.code for d in caught.value.diagnostics} <= {"value.text", "value.label"}
    assert [str(d) for d in caught.value.diagnostics if word in str(d)] == []


@pytest.mark.parametrize("name", ["Dr Jane Doe", "<b>a</b>", "a@b", "", "Zoë"])
def test_who_judges_is_a_label_and_never_a_name(folder: Path, name: str):
    with pytest.raises(Problems) as caught:
        overridden(folder, BUCKET | {"by": name})
    assert {d.code for d in caught.value.diagnostics} == {"value.label"}


def test_a_redacted_advice_tells_what_was_overridden_and_not_by_whom_or_why(folder: Path):
    data = persona_data(PERSONA)
    label = f"{MARK}-letter"
    data["letter"] = [one | {"id": label} if one["id"] == "observership-letter" else one for one in data["letter"]]
    overrides = [
        BUCKET,
        ACTION,
        REASON,
        ENTRY | {"of": f"letters.generic[{label}]"},
        ENTRY | {"of": "letters.strong[Zq-x]"},
    ]
    marks = {"by": f"{MARK}-clerk", "because": f"{MARK} knows her", "on": "2025-12-31"}
    data["override"] = [one | marks for one in overrides]
    data["experience"] = [{n: v for n, v in one.items() if n != "letter"} for one in data["experience"]]
    advice = advice_of(data, folder, DAY, redacted=True)
    assert [(one.of, one.by, one.on, one.because, one.state) for one in advice.view.overrides] == [
        ("bucket", "withheld", "2025", "withheld", "stands"),
        (ACTION["of"], "withheld", "2025", "withheld", "stands"),
        (REASON["of"], "withheld", "2025", "withheld", "stands"),
        ("letters.generic[withheld]", "withheld", "2025", "withheld", "stands"),
        ("letters.strong[withheld]", "withheld", "2025", "withheld", "idle"),
    ]
    assert [form for form in (*GIVEN, "json") if MARK in advice.document(form)] == []
    assert advice.consultation.profile.overrides[0].location.path == "withheld"


# --- commands ------------------------------------------------------------------------------------------------------


def written(folder: Path, *overrides: Data) -> Path:
    path = folder / "overridden.json"
    path.write_text(json.dumps(persona_data(PERSONA) | {"override": [signed(one) for one in overrides]}), "utf-8")
    return path


def test_the_advisor_is_told_aside_of_overrides_without_effect(tmp_path: Path):
    path = written(tmp_path, BUCKET, REASON)
    data = json.loads(path.read_text("utf-8"))
    data["override"] += [signed(ACTION, on="2026-12-01"), signed(ENTRY, of="letters.harmful")]
    path.write_text(json.dumps(data), "utf-8")
    result = smartpick("advise", path, "--as-of", DAY, "--out", tmp_path, "--engine", "plain")
    assert result.exit_code == 0, result.output
    assert "Your advisor judges otherwise: KNOWN QUANTITY (advisor-2, 1 June 2026)\n  I know" in result.stdout
    later, idle = "is dated after the day of this advice", "finds nothing to change today"
    told = [line for line in result.stderr.splitlines() if line.startswith("For the advisor alone: the override of ")]
    assert [(ACTION["of"] in line, later in line, "letters.harmful" in line, idle in line) for line in told] == [
        (True, True, False, False),
        (False, False, True, True),
    ]


def test_a_check_accepts_overrides_that_name_what_there_is(tmp_path: Path):
    result = smartpick("profile", "check", written(tmp_path, *ONE_OF_EACH), "--as-of", DAY)
    assert (result.exit_code, result.stderr) == (0, "")


def test_a_new_profile_offers_overrides_and_says_who_will_read_them():
    text = smartpick("profile", "new", "--stage", "preparing", "--as-of", DAY).stdout
    section = text[text.index("# For an advisor") :]
    words = " ".join(line.strip(" #") for line in section.splitlines())
    assert "The applicant reads the reason." in words
    assert "a label of your own, never a name" in words
    lines = [line.removeprefix("#") for line in section.splitlines() if re.fullmatch(r"#? *(- )?[a-z]+:", line)]
    assert lines == ["override:", "  - of:", "    to:", "    withdrawn:", "    by:", "    on:", "    because:"]
