"""What an advice hangs on, and which answers would change it: what is said is so, and nothing that is so is left unsaid."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import Phase, given, settings

from smartpick_expert.advice import Advice
from smartpick_expert.diagnostics import Location
from smartpick_expert.engine.compiled import CompiledRules, compile_rules
from smartpick_expert.engine.consultation import Consultation, consult_profile
from smartpick_expert.engine.derivation import Derivation
from smartpick_expert.engine.session import consult
from smartpick_expert.explain import trials as trying
from smartpick_expert.explain.fragile import bearings
from smartpick_expert.explain.questions import questions
from smartpick_expert.explain.trials import ACTION, BUCKET, CONTRADICTION, Result, Trials, otherwise
from smartpick_expert.intake.profile import Entry, Profile
from smartpick_expert.language.facts import Fact, listed
from smartpick_expert.language.model import (
    Conclusion,
    Constant,
    Negation,
    Pattern,
    Reference,
    RuleSet,
    Shifted,
    Tally,
    TallyKind,
)
from smartpick_expert.language.model import Test as FieldTest
from smartpick_expert.language.operators import OPERATORS
from smartpick_expert.language.values import ABSENT, UNKNOWN, Slot
from smartpick_expert.language.vocabulary import FactType, Field, FieldType, Supplier, Vocabulary
from smartpick_expert.report.otherwise_model import FragileView
from smartpick_expert.report.view_model import View
from tests.advised import PERSONAS, advice_of, advice_on, day_of, persona_data
from tests.profiles import AS_OF, SEEDS, WORKSPACE, Data, complete_profile, partial_profile, profile_of
from tests.rule_maker import rule_of

VOCABULARY = WORKSPACE.vocabulary
# What comes of trying: the buckets, the actions with when, and whether the entries contradict one another.
Came = tuple[frozenset[str], frozenset[tuple[str, str]], bool]


def came_of(derivation: Derivation) -> Came:
    """What a consultation in full comes to."""
    buckets = derivation.of(BUCKET) or tuple(fact for fact in derivation.possible if fact.type == BUCKET)
    actions = frozenset((str(fact.get("name")), str(fact.get("when"))) for fact in derivation.of(ACTION))
    names = frozenset(str(fact.get("name")) for fact in buckets if fact.get("name") is not UNKNOWN)
    return names, actions, bool(derivation.of(CONTRADICTION))


def told_by(result: Result) -> Came:
    """What a trial says that it comes to."""
    return frozenset(result.buckets), frozenset((one.name, one.when) for one in result.actions), result.contradicts


def edited(profile: Profile, fact: Fact, field: str, slot: Slot | None) -> Profile:
    """The profile with another value in one field; or, without a field, without the entry and without mention of it."""
    kind = VOCABULARY.types[fact.type]
    entries = []
    for entry in profile.entries:
        values = dict(entry.values)
        if (entry.type, entry.position) == (fact.type, fact.position):
            if not field:
                continue
            values[field] = slot
        elif not field:
            for one in VOCABULARY.types[entry.type].fields.values():
                if one.of == fact.type and kind.label and values.get(one.name) == fact.get(kind.label):
                    values[one.name] = ABSENT if one.may_be_none else UNKNOWN
        entries.append(replace(entry, values={name: value for name, value in values.items() if value is not UNKNOWN}))
    if field and not profile.of(fact.type):
        # The one entry of a section that the profile leaves out.
        entries.append(Entry(fact.type, fact.position, {field: slot}, Location(profile.path)))
    return replace(profile, entries=tuple(entries), sections=profile.sections | {fact.type})


def trials_of(run: Consultation) -> Trials:
    return Trials(run.derivation, run.intake.facts)


def tried(run: Consultation) -> Iterator[tuple[Fact, str, Slot | None, Result]]:
    """Every value that is said to turn anything, one for each thing that comes of a field."""
    trials = trials_of(run)
    for one in bearings(trials).found:
        yield from distinct(one.fact, one.field, one.alternatives)
    for question in questions(run.derivation, trials):
        if question.unknown.fact is not None and (question.unknown.type, question.unknown.field) != (
            "applicant",
            "season",
        ):
            yield from distinct(question.unknown.fact, question.unknown.field, question.answers)


def distinct(fact: Fact, field: str, alternatives) -> Iterator[tuple[Fact, str, Slot | None, Result]]:
    seen: set[object] = set()
    for alternative in alternatives:
        if alternative.result is not None and alternative.result not in seen:
            seen.add(alternative.result)
            yield fact, field, alternative.slot, alternative.result


def not_confirmed(run: Consultation, most: int) -> list[tuple[str, str, Slot | None]]:
    """What is said to come of some value, and does not when the whole profile is consulted on with it."""
    some = Random(0).sample(found := list(tried(run)), min(most, len(found)))
    return [
        (fact.type, field, slot)
        for fact, field, slot, result in some
        if told_by(result)
        != came_of(consult_profile(edited(run.profile, fact, field, slot), WORKSPACE, run.as_of, "plain").derivation)
    ]


# --- what is said is so ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("persona", PERSONAS)
def test_what_is_said_to_come_of_a_value_does_come_of_it(persona: str):
    assert not_confirmed(advice_on(persona).run.original, 25) == []


@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(seed=SEEDS)
def test_what_is_said_of_made_up_applicants_is_so(seed: int):
    chance = Random(seed)
    data = chance.choice([complete_profile, partial_profile])(chance)
    assert not_confirmed(consult_profile(profile_of(data), WORKSPACE, AS_OF, "plain"), 12) == []


# --- nothing is missed -------------------------------------------------------------------------------------------------

RANGES = {
    ("exam", "attempts"): range(13),
    ("exam", "score"): range(195, 275),
    ("letter", "residents_sent"): range(12),
    ("letter", "weeks_observed"): range(16),
    ("experience", "weeks"): range(1, 30),
    ("research", "months"): range(40),
    ("clarity_rating", "rating"): range(1, 11),
    ("gap", "months"): range(1, 40),
    ("applicant", "year_of_graduation"): range(2000, 2029),
    ("applicant", "earlier_matches"): range(8),
}


@pytest.mark.parametrize(
    "persona", ["graduate_needing_visa", "excellent_file", "half_unknown", "reapplicant_failed_attempt"]
)
def test_no_number_that_would_turn_anything_is_missed(persona: str):
    """Every number of a range is put into the facts, and the rules are fired on them."""
    trials = trials_of(advice_on(persona).run.original)
    told = {(one.fact, one.field) for one in bearings(trials).found}
    missed, wrong = [], []
    for fact in trials.facts:
        for (kind, field), numbers in RANGES.items():
            if fact.type != kind or not isinstance(fact.get(field), int):
                continue
            results = {number: trials._result(again(trials, fact, field, number)) for number in numbers}
            missed += [
                (fact, field, number)
                for number, result in results.items()
                if result.turns(trials.now) and (fact, field) not in told
            ]
            wrong += [
                (fact, field, number)
                for number, result in results.items()
                if number != fact.get(field) and trials.with_field(fact, field, number) != result
            ]
    assert (missed, wrong) == ([], [])


def again(trials: Trials, fact: Fact, field: str, slot: Slot):
    """What comes of one value, whatever is taken to be like it."""
    return trials._rerun.after([(fact, otherwise(fact, field, slot, trials.vocabulary))])


# A small base in which a number reaches the sorting by every way there is.
NUMBER = Field("size", FieldType.NUMBER, "How large.", whole=True, minimum=0, maximum=12)
LABEL = Field("id", FieldType.LABEL, "A label.")
GIVEN = FactType(
    "given",
    "Given.",
    Supplier.PROFILE,
    {
        "id": LABEL,
        "size": NUMBER,
        "other": replace(NUMBER, name="other"),
        "gap": replace(NUMBER, name="gap", minimum=-12, computed=("size", "other")),
        "kind": Field("kind", FieldType.CHOICE, "Which.", values={"a": "a", "b": "b"}),
    },
    label="id",
)
COPIED = FactType("copied", "Copied.", Supplier.RULES, {"size": NUMBER})
NAME = Field("name", FieldType.CHOICE, "A name.", values={"good": "good", "bad": "bad"})
BASE = Vocabulary(
    {
        kind.name: kind
        for kind in (
            GIVEN,
            COPIED,
            FactType(BUCKET, "A bucket.", Supplier.RULES, {"name": NAME}),
            FactType(ACTION, "An action.", Supplier.RULES, {"name": NAME, "when": replace(NAME, name="when")}),
            FactType(CONTRADICTION, "A contradiction.", Supplier.RULES, {}),
        )
    }
)
A_SIZE = Reference("a", "size")


def test_of(field: str, operator: str, *operands) -> FieldTest:
    return FieldTest(field, OPERATORS[operator], operands)


test_of.__test__ = False
SORTED = Conclusion(BUCKET, (("name", Constant("good")),))
WAYS = {
    "a limit": (((Pattern("given", (test_of("size", "at_least", Constant(7)),)),), SORTED),),
    "between": (((Pattern("given", (test_of("size", "between", Constant(3), Constant(5)),)),), SORTED),),
    "exactly": (((Pattern("given", (test_of("size", "is", Constant(9)),)),), SORTED),),
    "what is computed": (((Pattern("given", (test_of("gap", "at_least", Constant(2)),)),), SORTED),),
    "a copy": (
        ((Pattern("given", (), "a"),), Conclusion("copied", (("size", A_SIZE),))),
        ((Pattern("copied", (test_of("size", "above", Constant(8)),)),), SORTED),
    ),
    "another entry": (
        ((Pattern("given", (), "a"), Pattern("given", (test_of("size", "above", Shifted(A_SIZE, 2)),), "b")), SORTED),
    ),
    "its own other field": (((Pattern("given", (test_of("other", "below", A_SIZE),), "a"),), SORTED),),
    "a total": (((Tally(TallyKind.TOTAL, Pattern("given"), "size", (test_of("", "at_least", Constant(14)),)),), SORTED),),
    "a total of a kind": (
        (
            (
                Pattern("given", (), "a"),
                Tally(
                    TallyKind.TOTAL,
                    Pattern("given", (test_of("kind", "is", Reference("a", "kind")),)),
                    "size",
                    (test_of("", "is", Constant(9)),),
                ),
            ),
            SORTED,
        ),
    ),
    "the highest": (((Tally(TallyKind.HIGHEST, Pattern("given"), "size", (test_of("", "at_most", Constant(6)),)),), SORTED),),
    "how many different": (((Tally(TallyKind.COUNT, Pattern("given"), "size", (test_of("", "is", Constant(2)),)),), SORTED),),
    "a tally with a name": (
        (
            (
                Tally(TallyKind.TOTAL, Pattern("given"), "size", (), "t"),
                Pattern("given", (test_of("other", "above", Reference("t", "value")),)),
            ),
            SORTED,
        ),
    ),
    "a tally that is copied": (
        ((Tally(TallyKind.LOWEST, Pattern("given"), "size", (), "t"),), Conclusion("copied", (("size", Reference("t", "value")),))),
        ((Negation(Pattern("copied", (test_of("size", "at_least", Constant(4)),))),), SORTED),
    ),
}  # fmt: skip


def base_of(way: str) -> CompiledRules:
    rules = tuple(replace(rule_of(when, (then,)), id=f"made.rule-{n}") for n, (when, then) in enumerate(WAYS[way]))
    return compile_rules(RuleSet(rules, BASE), {}, AS_OF)


def entry(position: int, size: int, other: int, kind: str) -> Fact:
    return listed(
        GIVEN, {"id": f"given-{position}", "size": size, "other": other, "gap": size - other, "kind": kind}, position
    )


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("way", WAYS)
def test_of_a_small_base_every_number_is_told_rightly_and_none_is_missed(way: str, seed: int):
    chance = Random(seed)
    facts = [
        entry(n, chance.randint(0, 12), chance.randint(0, 12), chance.choice("ab")) for n in range(chance.randint(1, 3))
    ]
    ready = base_of(way)
    trials = Trials(consult(ready, facts, "plain"), facts)
    told = {(one.fact, one.field): one.alternatives for one in bearings(trials).found}
    for fact in facts:
        for field in ("size", "other"):
            truly = {
                number: came_of(
                    consult(
                        ready, [otherwise(one, field, number, BASE) if one is fact else one for one in facts], "plain"
                    )
                )
                for number in range(13)
            }
            now = fact.get(field)
            assert {number: told_by(trials.with_field(fact, field, number)) for number in truly} == truly
            found = [one.slot for one in told.get((fact, field), ()) if told_by(one.result) != truly[now]]
            assert nearest(found, now) == nearest([number for number in truly if truly[number] != truly[now]], now)


def nearest(numbers: list[int], now: int) -> tuple[int | None, int | None]:
    """The next number below and above."""
    return max((n for n in numbers if n < now), default=None), min((n for n in numbers if n > now), default=None)


def test_a_base_in_which_nothing_is_read_hangs_on_nothing():
    ready = compile_rules(RuleSet((rule_of((Negation(Pattern("copied")),), (SORTED,)),), BASE), {}, AS_OF)
    facts = [entry(n, 1, 2, "a") for n in range(2)]
    trials = Trials(consult(ready, facts, "plain"), facts)
    assert (bearings(trials).found, trials.tried) == ((), 2)


# --- how it is told ----------------------------------------------------------------------------------------------------


def told(advice: Advice) -> dict[str, FragileView]:
    return {one.path: one for one in advice.given.fragile}


def bare(view: View) -> set[object]:
    return {replace(one, line=None) for one in view.fragile} | set(view.deciding)


@pytest.mark.parametrize("persona", ["graduate_needing_visa", "excellent_file", "half_unknown"])
def test_the_order_of_entries_makes_no_difference(persona: str, tmp_path: Path):
    data = persona_data(persona)
    turned = {name: section[::-1] if isinstance(section, list) else section for name, section in data.items()}
    plain, other = (advice_of(one, tmp_path, day_of(persona)) for one in (data, turned))
    assert bare(other.view) == bare(plain.view)
    assert bare(other.given) == bare(plain.given)


@pytest.mark.parametrize("persona", PERSONAS)
def test_what_is_told_turns_the_sorting_or_a_first_action(persona: str):
    view = advice_on(persona).given
    first = {one.action.name for one in view.first_actions}
    for one in view.fragile:
        for turn in one.turns:
            assert turn.buckets or first & {action.name for action in turn.actions}, (one.path, turn)
            assert {action.name for action in turn.actions if action.is_first} == first & {a.name for a in turn.actions}
    assert [one.turns_bucket for one in view.fragile] == sorted(
        (one.turns_bucket for one in view.fragile), reverse=True
    )


def test_the_nearest_number_comes_first():
    view = advice_on("graduate_needing_visa").given
    residents, year = view.fragile[:2]
    assert (residents.path, residents.now, residents.turns[0].values) == (
        "letter[ward-letter].residents_sent",
        "1 resident",
        ("2 or more",),
    )
    assert (year.path, year.turns[0].values, year.turns[0].buckets) == (
        "applicant.year_of_graduation",
        ("up to 2021",),
        ("high risk",),
    )


def test_what_would_contradict_the_profile_is_not_told():
    """Nobody who passed an examination has sat it never."""
    attempts = told(advice_on("graduate_needing_visa"))["exam[step2_ck].attempts"]
    assert [turn.values for turn in attempts.turns] == [("4 or more",)]


def test_who_verified_an_entry_and_where_it_stands_is_told(tmp_path: Path):
    data = persona_data("graduate_needing_visa")
    letters = [entry | {"verified": {"by": "An advisor", "on": "2026-05-01"}} for entry in data["letter"]]
    fragile = told(advice_of(data | {"letter": letters}, tmp_path, day_of("graduate_needing_visa")))
    letter = fragile["letter[ward-letter].residents_sent"]
    assert (letter.verified, fragile["applicant.year_of_graduation"].verified) == (
        "verified by An advisor on 1 May 2026",
        "",
    )
    plain = told(advice_on("graduate_needing_visa"))["letter[ward-letter].residents_sent"]
    lines = (WORKSPACE.personas / "graduate_needing_visa.yaml").read_text("utf-8").splitlines()
    assert "id: ward-letter" in lines[plain.line - 1]


def test_an_applicant_is_not_told_what_a_kept_word_would_turn():
    did = VOCABULARY.types["letter"].fields["residents_did"]
    kept = {did.values[word] for word in did.told_as}
    for persona in PERSONAS:
        view = advice_on(persona).given
        values = {value for one in (*view.fragile, *view.deciding) for turn in one.turns for value in turn.values}
        assert values & kept == set(), persona


def test_no_label_nothing_protected_and_no_season_is_tried():
    for persona in PERSONAS:
        found = bearings(trials_of(advice_on(persona).run.original)).found
        for one in found:
            kind = VOCABULARY.types[one.fact.type]
            field = kind.fields.get(one.field)
            assert one.fact.type not in ("citizenship", "rank_entry")
            assert one.field not in ("season", kind.label or "season"), persona
            assert field is None or (field.protected is None and field.computed is None)


def test_what_there_was_no_time_for_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(trying, "MAX_LOOKED_AT", 2_000)
    advice = advice_of(persona_data("graduate_needing_visa"), tmp_path, day_of("graduate_needing_visa"))
    record = json.loads(advice.document("json"))["advice"]
    assert len(record["untried"]) > 20
    assert "exam[step2_ck].score" in record["untried"]
    assert "Not everything could be tried" in advice.document("md")
    assert "Not everything could be tried" in advice.document("html")


def test_the_documents_say_it():
    advice = advice_on("graduate_needing_visa")
    for form in ("html", "md"):
        text = advice.document(form).replace("\\", "")
        assert "What this advice hangs on" in text
        assert "letter[ward-letter].residents_sent" in text
        assert "2 or more" in text
    record = json.loads(advice.document("json"))["advice"]
    assert record["fragile"][0]["path"] == advice.view.fragile[0].path
    assert record["fragile"][0]["line"] == advice.view.fragile[0].line


def test_a_word_of_the_applicants_stays_withheld(tmp_path: Path):
    data = persona_data("graduate_needing_visa") | {
        "alumni": [{"id": "a", "program": "Zq Program", "number": "2", "did": "well"}],
        "considered": [{"program": "harbor_bend"}],
    }
    advice = advice_of(data, tmp_path, day_of("graduate_needing_visa"), redacted=True)
    assert [form for form in ("html", "md", "json") if "Zq" in advice.document(form)] == []


# --- unknowns ----------------------------------------------------------------------------------------------------------


def without(data: Data, section: str, field: str) -> Data:
    return data | {section: {name: value for name, value in data[section].items() if name != field}}


def test_an_unknown_that_would_change_an_action_is_told_with_the_answers(tmp_path: Path):
    data = without(persona_data("graduate_needing_visa"), "communication", "oet")
    advice = advice_of(data, tmp_path, day_of("graduate_needing_visa"))
    (oet,) = [one for one in advice.given.deciding if one.path == "communication.oet"]
    assert [(turn.values, [(a.name, a.after) for a in turn.actions]) for turn in oet.turns] == [
        (("not passed", "not taken"), [("pass_oet", "now")])
    ]
    assert advice.run.questions == ()
    assert "Answers that would change what you are advised to do" in advice.document("md")


def test_an_unknown_that_changes_nothing_is_not_among_those_that_decide():
    advice = advice_on("half_unknown")
    listed_ones = {one.path for one in advice.view.deciding}
    asked = {question.unknown.path(VOCABULARY): question for question in advice.run.asked}
    now = advice.run.bearings.now
    assert listed_ones == {path for path, question in asked.items() if question.turns(now)}
    assert listed_ones < set(asked)


def test_what_would_change_the_sorting_comes_before_what_would_change_actions_alone():
    for persona in PERSONAS:
        deciding = advice_on(persona).view.deciding
        sorts = [any(turn.buckets for turn in one.turns) for one in deciding]
        assert sorts == sorted(sorts, reverse=True), persona
