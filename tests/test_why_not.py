"""Why not: a rule, a conclusion, one bucket and not another; as data, as lines, as sentences."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import pytest

from smartpick_expert.engine.consultation import consult_profile
from smartpick_expert.explain.attempts import attempts_of
from smartpick_expert.explain.binding_search import Search
from smartpick_expert.explain.nearness import Gap, undone
from smartpick_expert.explain.why_not import WhyNotConclusion, WhyNotRule, why_not_conclusion, why_not_rule
from smartpick_expert.explain.why_not_data import to_data
from smartpick_expert.explain.why_not_names import AskedConclusion, read_asked
from smartpick_expert.explain.why_not_text import sentences, tree_lines
from smartpick_expert.language.operators import Truth
from smartpick_expert.language.values import UNKNOWN, Slot
from smartpick_expert.workspace import Workspace
from tests.advised import PERSONAS, advice_on
from tests.asked_why_not import AS_OF, asked, letter, small_base
from tests.profiles import WORKSPACE, profile_of

HEAD = "it did not fire"
KNOWN_WRITER = (
    "letters.known-writer: A writer whose residents are remembered, and of whose letter nothing is noticed that would make "
    "a reader pause"
)
ABOUT_KNOWN_WRITER = (
    "perception, partly supported; rules/letters/letters.yaml:34; claim:letters-known-writer, evidence:letters-survey"
)
NOT_WAIVED = "there is no letter flag (letter is that letter; kind is “not waived”)"
ASKED_OF_A_LETTER = "there is a letter (us based is yes; residents sent is at least 2 (parameter letters.track_record))"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return small_base(tmp_path_factory.mktemp("small"))


def rule(base: Workspace, rule_id: str, *letters: dict, stage: str = "preparing", full: bool = False) -> WhyNotRule:
    return why_not_rule(rule_id, asked(base, list(letters), stage), base, full=full)


def conclusion(base: Workspace, type_name: str, fields: dict, *letters: dict, full: bool = False) -> WhyNotConclusion:
    return why_not_conclusion(type_name, fields, asked(base, list(letters)), base, full=full)


def text(answer: WhyNotRule | WhyNotConclusion, *, full: bool = False) -> str:
    return "\n".join(tree_lines(answer, full=full))


# --- a rule --------------------------------------------------------------------------------------------------------------


def test_each_condition_is_told_with_the_nearest_miss_first(base: Workspace):
    answer = rule(base, "letters.known-writer", letter("far", residents_sent=0, waived=False), letter("near"))
    assert tree_lines(answer) == [
        KNOWN_WRITER,
        f"  {ABOUT_KNOWN_WRITER}",
        f"  {HEAD}",
        "  with letter[near]: 1 of 2 conditions holds",
        f"    no: {ASKED_OF_A_LETTER}",
        "      letter[near]",
        "        residents sent is at least 2 (parameter letters.track_record): it is 1, short by 1 resident",
        f"    yes: {NOT_WAIVED}",
        "  with letter[far]: 0 of 2 conditions hold",
        f"    no: {ASKED_OF_A_LETTER}",
        "      letter[far]",
        "        residents sent is at least 2 (parameter letters.track_record): it is 0, short by 2 residents",
        f"    no: {NOT_WAIVED}",
        "      in the way: letter_flag[kind=not_waived letter=far]",
    ]


def test_the_same_as_sentences(base: Workspace):
    answer = rule(base, "letters.known-writer", letter("mine", residents_sent=0, waived=False))
    assert sentences(answer) == [
        f"Rule {KNOWN_WRITER.replace(': ', ' (')}; perception, partly supported; rules/letters/letters.yaml:34) did not fire.",
        "It comes nearest with letter[mine]: 0 of 2 conditions hold.",
        f"It asks that {ASKED_OF_A_LETTER}; but of letter[mine], residents sent is 0, short by 2 residents.",
        f"It asks that {NOT_WAIVED}; but there is letter_flag[kind=not_waived letter=mine].",
        "In the words of letters.not-waived: The portal records that “mine” was not waived. (It rests on letter[mine].)",
    ]


def test_a_stage_is_told_of_only_where_it_is_in_the_way(base: Workspace):
    told = "no: of the applicant (stage is one of “preparing this season's application”)"
    stays_away = rule(base, "letters.known-writer", letter("one"), stage="ranking")
    assert f"    {told}" in tree_lines(stays_away)
    assert "applicant" not in text(rule(base, "letters.known-writer", letter("one")))


def test_of_an_any_the_nearest_branch_is_told_in_detail_and_the_other_in_a_line(base: Workspace):
    answer = rule(base, "letters.thin", letter("one"))
    assert tree_lines(answer)[3:] == [
        "  with letter[one]: 2 of 3 conditions hold",
        "    yes: there is a letter",
        "    no: one of 2 branches holds",
        "      branch 2, the nearest",
        "        no: there is a letter (id is that letter; residents sent is below 1)",
        "          letter[one]",
        "            residents sent is below 1: it is 1, which is the limit itself",
        "      branch 1: there is a letter flag (letter is that letter; kind is “from outside the United States”)",
        "    yes: there is no letter grade (letter is that letter; grade is “trusted”)",
    ]


def test_without_any_such_fact_what_asks_about_it_cannot_be_asked(base: Workspace):
    assert tree_lines(rule(base, "letters.known-writer"))[3:] == [
        "  with no letter: 0 of 2 conditions hold",
        f"    no: {ASKED_OF_A_LETTER}",
        "      there is no such letter",
        f"    no: {NOT_WAIVED}",
        "      it cannot be asked without that letter",
    ]


@pytest.mark.parametrize(
    ("rule_id", "expected"),
    [
        ("bucket.day", "it was not asked: it is a draft. Had it been, it would have fired"),
        ("bucket.weak", "it was not asked: it is retired. Had it been, it would have fired"),
    ],
)
def test_a_rule_that_is_not_asked_says_why_and_what_it_would_have_done(base: Workspace, rule_id: str, expected: str):
    assert tree_lines(rule(base, rule_id, letter("one", us_based=False)))[2] == f"  {expected}"


def test_a_rule_that_fired_says_so_and_where_it_did_not(base: Workspace):
    answer = rule(base, "letters.thin", letter("one"), letter("two", us_based=False))
    assert (answer.fired, [attempt.truth for attempt in answer.attempts]) == (1, [Truth.YES, Truth.NO])


def test_a_rule_that_may_fire_names_the_unknowns_it_waits_for(base: Workspace):
    one = letter("one")
    del one["residents_sent"]
    answer = rule(base, "letters.known-writer", one)
    assert answer.possibly == 1
    assert [unknown.path for unknown in answer.unknowns] == ["letter[one].residents_sent"]


def test_a_rule_that_does_not_exist_is_refused(base: Workspace):
    with pytest.raises(KeyError):
        rule(base, "letters.nowhere")


# --- a conclusion ----------------------------------------------------------------------------------------------------------


def test_one_bucket_and_not_another(base: Workspace):
    answer = conclusion(
        base, "bucket", {"name": "known_quantity"}, letter("one", residents_sent=0), letter("two", us_based=False)
    )
    assert tree_lines(answer) == [
        "bucket (name is “known quantity”): not concluded",
        "  instead: bucket[name=high_risk]",
        "    by bucket.thin (rules/bucket/thin.yaml:4): Two letters of yours are weak.",
        "      rests on letter_grade[grade=weak letter=one], letter_grade[grade=weak letter=two]",
        "  bucket.known: A trusted letter makes a known quantity",
        "    perception, partly supported; rules/bucket/bucket.yaml:4; claim:letters-known-writer",
        f"    {HEAD}",
        "    its condition does not hold",
        "      no: there is a letter grade (grade is “trusted”)",
        "        letter_grade[grade=weak letter=one]",
        "          grade is “trusted”: it is “weak”",
        "        letter_grade[grade=weak letter=two]",
        "          grade is “trusted”: it is “weak”",
        "        for a letter grade (grade is “trusted”) to be concluded:",
        f"          {KNOWN_WRITER}",
        f"            {ABOUT_KNOWN_WRITER}",
        f"            {HEAD}",
        "            with letter[one]: 1 of 2 conditions holds",
        f"              no: {ASKED_OF_A_LETTER}",
        "                letter[one]",
        "                  residents sent is at least 2 (parameter letters.track_record): it is 0, short by 2 residents",
    ]


def test_a_field_taken_from_a_bound_fact_says_which_fact_it_must_be(base: Workspace):
    given = (letter("near"), letter("far", residents_sent=0))
    answer = conclusion(base, "letter_grade", {"letter": "far", "grade": "trusted"}, *given)
    assert [one.rule.id for one in answer.rules] == ["letters.known-writer"]
    assert [attempt.binding for attempt in answer.rules[0].attempts] == [(("letter", "letter[far]"),)]
    assert [ground.name for ground in answer.instead] == ["letter_grade[grade=weak letter=far]"]


def test_an_entry_that_does_not_exist_has_no_attempt_with_a_fact(base: Workspace):
    answer = conclusion(base, "letter_grade", {"letter": "nine", "grade": "trusted"}, letter("one"))
    assert answer.rules[0].attempts[0].binding == (("letter", ""),)


def test_what_was_concluded_after_all_says_by_which_rule(base: Workspace):
    answer = conclusion(base, "letter_grade", {"grade": "weak"}, letter("one", us_based=False))
    assert [(ground.name, [because.rule.id for because in ground.rules]) for ground in answer.concluded] == [
        ("letter_grade[grade=weak letter=one]", ["letters.thin"])
    ]
    assert answer.instead == ()


def test_what_is_only_possible_names_the_unknowns_behind_it(base: Workspace):
    answer = why_not_conclusion("bucket", {"name": "high_risk"}, asked(base, None), base)
    assert [(one.name, one.rules, [u.path for u in one.unknowns]) for one in answer.possible] == [
        ("bucket[name=high_risk]", ("bucket.thin",), ["letter"])
    ]


def test_a_tally_that_is_short_is_followed_to_one_more_and_not_to_those_it_has(base: Workspace):
    answer = conclusion(base, "bucket", {"name": "high_risk"}, letter("one"), letter("two", us_based=False))
    (obstacle,) = answer.rules[0].obstacles
    assert obstacle.missing is not None
    assert obstacle.missing.another
    assert [attempt.binding for attempt in obstacle.missing.rules[0].attempts] == [(("letter", "letter[one]"),)]
    assert "for another letter grade (grade is “weak”) to be concluded:" in text(answer)


def test_rules_that_are_not_asked_come_last(base: Workspace):
    answer = conclusion(base, "bucket", {"name": "high_risk"}, letter("one"))
    assert [one.rule.id for one in answer.rules] == ["bucket.thin", "bucket.day", "bucket.weak"]


def test_what_a_profile_says_no_rule_concludes(base: Workspace):
    answer = conclusion(base, "letter", {"us_based": False}, letter("one"))
    assert tree_lines(answer) == [
        "letter (us based is no): not concluded",
        "  It is what a profile says; no rule concludes it.",
    ]


def test_what_was_followed_once_is_not_followed_again(base: Workspace):
    answer = conclusion(base, "bucket", {}, letter("one"), full=True)
    told = [line.strip() for line in tree_lines(answer, full=True)]
    assert told.count("for a letter grade (grade is “trusted”) to be concluded:") == 1


# --- how it is shown ---------------------------------------------------------------------------------------------------------


def test_no_text_can_move_the_cursor_or_begin_a_line(base: Workspace):
    answer = rule(base, "letters.known-writer", letter("one"))
    meant_ill = replace(answer.rule, title="Clear\x1b[2J\u202e all\nyes: it fired")
    shown = [*tree_lines(replace(answer, rule=meant_ill)), *sentences(replace(answer, rule=meant_ill))]
    assert [line for line in shown if not line.isprintable()] == []
    assert shown[0] == "letters.known-writer: Clear[2J all yes: it fired"


def test_data_is_json_and_the_same_whatever_the_order_of_letters(base: Workspace):
    given = (letter("one"), letter("two", us_based=False), letter("three", waived=False))
    said = json.dumps(to_data(conclusion(base, "bucket", {"name": "known_quantity"}, *given)))
    assert said == json.dumps(to_data(conclusion(base, "bucket", {"name": "known_quantity"}, *reversed(given))))


def test_data_of_a_condition_holds_every_test_with_what_it_lacks(base: Workspace):
    data = to_data(rule(base, "letters.known-writer", letter("one")))
    (tried,) = data["attempts"][0]["conditions"][1]["tried"]
    assert tried["tests"] == [
        {
            "field": "us_based",
            "words": "us based is yes",
            "truth": "yes",
            "found": True,
            "found_words": "yes",
            "held_against": [True],
            "misses_by": None,
            "about_another": False,
        },
        {
            "field": "residents_sent",
            "words": "residents sent is at least 2 (parameter letters.track_record)",
            "truth": "no",
            "found": 1,
            "found_words": "1",
            "held_against": [2],
            "misses_by": {"by": 1, "unit": "residents", "too_low": True},
            "about_another": False,
        },
    ]


# --- the shipped rules -------------------------------------------------------------------------------------------------------


@cache
def buckets() -> tuple[str, ...]:
    return tuple(WORKSPACE.vocabulary.types["bucket"].fields["name"].values)


@pytest.mark.parametrize("persona", PERSONAS)
def test_every_rule_that_did_not_fire_has_something_in_its_way(persona: str):
    derivation = advice_on(persona).consultation.derivation
    search = Search(derivation)
    fired = {firing.rule_id for firing in derivation.firings}
    for one in derivation.rules.values():
        (nearest,) = attempts_of(one, search, most=1).found
        assert (nearest.truth is Truth.YES) == (one.id in fired)
        assert bool(nearest.failed or nearest.unknown) == (one.id not in fired)


@pytest.mark.parametrize("persona", ["stopped_by_filters", "half_unknown", "premed"])
def test_every_shipped_rule_can_be_asked_in_full(persona: str):
    consultation = advice_on(persona).consultation
    for one in WORKSPACE.ruleset.rules[::5]:
        answer = why_not_rule(one.id, consultation, WORKSPACE, full=True)
        assert tree_lines(answer, full=True)[0] == f"{one.id}: {one.title}"
        assert all(sentences(answer, full=True))
        json.dumps(to_data(answer))


@pytest.mark.parametrize("persona", PERSONAS)
def test_each_bucket_is_concluded_or_possible_or_has_every_rule_for_it_in_its_way(persona: str):
    consultation = advice_on(persona).consultation
    for bucket in buckets():
        answer = why_not_conclusion("bucket", {"name": bucket}, consultation, WORKSPACE)
        assert answer.rules
        assert bool(answer.concluded) == any(one.fired for one in answer.rules)
        assert bool(answer.possible) == (not answer.concluded and any(one.possibly for one in answer.rules))
        if not answer.concluded and not answer.possible:
            assert all(one.attempts[0].failed for one in answer.rules)
        assert sentences(answer)
        json.dumps(to_data(answer))


def followed(answer: WhyNotConclusion) -> list[str]:
    """The nearest rule of each step of the way back."""
    rules, ids = answer.rules, []
    while rules:
        ids.append(rules[0].rule.id)
        missing = [obstacle.missing for obstacle in rules[0].obstacles if obstacle.missing is not None]
        rules = missing[0].rules if missing else ()
    return ids


@pytest.mark.parametrize("persona", ["probably_safe", "high_risk"])
def test_one_number_far_back_is_nearer_than_four_conditions_at_once(persona: str):
    answer = why_not_conclusion("bucket", {"name": "known_quantity"}, advice_on(persona).consultation, WORKSPACE)
    assert followed(answer) == [
        "bucket.known-quantity",
        "bucket.vouched-for",
        "school.tier-trusted",
        "school.graduates-did-well",
    ]
    assert answer.rules[0].way[:4] == (1, 0, 0, 1)


def test_a_way_that_is_cut_says_where_it_goes_on_and_can_be_asked_so():
    answer = why_not_conclusion(
        "bucket", {"name": "known_quantity"}, advice_on("probably_safe").consultation, WORKSPACE
    )
    goes_on = "letter_grade[grade=trusted]"
    assert f"it goes on: ask why-not {goes_on}, or add --full" in text(answer)
    assert read_asked(goes_on, WORKSPACE) == AskedConclusion("letter_grade", {"grade": "trusted"})


def test_a_count_in_the_way_says_by_how_many_and_what_is_counted():
    consultation = advice_on("high_risk").consultation
    answer = why_not_conclusion("bucket", {"name": "probably_safe"}, consultation, WORKSPACE)
    (obstacle,) = answer.rules[0].obstacles
    ((because,),) = [ground.rules for ground in obstacle.blocked_by]
    strong = [
        fact
        for fact in consultation.derivation.certain
        if fact.type == "reason" and (fact.get("side"), fact.get("strength")) == ("against", "strong")
    ]
    assert answer.rules[0].way.failed == len(strong) - 1
    (amount,) = because.amounts
    assert (amount.value, amount.otherwise, amount.over) == (len(strong), "below 2", Gap(len(strong) - 1, "", False))
    told = [line.strip() for line in tree_lines(answer)]
    of = "the count of reason (side is “against”; strength is “strong”)"
    at = told.index(f"{of} is {len(strong)}; it would have to be below 2: {len(strong) - 1} too many")
    assert told[at + 1].endswith(": exams.step2-repeated, Step 2 CK took more than one sitting")
    assert told[at + 4] == f"and {len(strong) - 3} more"
    assert len([line for line in tree_lines(answer, full=True) if line.strip().startswith("reason[")]) == len(strong)


@pytest.mark.parametrize(
    ("operator", "found", "limit", "expected"),
    [
        ("at_least", 6, 2, ("below", Gap(4, "", False))),
        ("above", 6, 2, ("at most", Gap(4, "", False))),
        ("at_most", 1, 3, ("above", Gap(2, "", True))),
        ("below", 1, 3, ("at least", Gap(2, "", True))),
        ("is", 1, 1, None),
        ("at_least", 6, UNKNOWN, None),
    ],
)
def test_what_a_number_would_have_to_be_for_a_limit_not_to_hold(operator: str, found: int, limit: Slot, expected):
    assert undone(operator, found, (limit,)) == expected


def test_what_is_nearest_does_not_hang_on_how_much_is_shown():
    consultation = advice_on("probably_safe").consultation
    for bucket in buckets():
        asked_for = {"name": bucket}
        shown = why_not_conclusion("bucket", asked_for, consultation, WORKSPACE)
        in_full = why_not_conclusion("bucket", asked_for, consultation, WORKSPACE, full=True)
        told, all_told = followed(shown), followed(in_full)
        assert told == all_told[: len(told)]
        assert [one.way for one in shown.rules] == [one.way for one in in_full.rules]


def test_of_another_program_than_the_typical_one_nothing_is_asked():
    answer = why_not_conclusion(
        "bucket", {"name": "known_quantity"}, advice_on("probably_safe").consultation, WORKSPACE, full=True
    )
    (attempt,) = answer.rules[0].attempts
    assert dict(attempt.binding)["program"] == "program[typical_community]"
    assert answer.rules[0].left_out == 0


def test_facts_about_something_else_are_told_by_how_many_there_are():
    sat = [{"name": name, "result": "pass", "attempts": 1} for name in ("step1", "step3")]
    profile = profile_of({"applicant": {"label": "somebody", "stage": "preparing"}, "exam": sat}, WORKSPACE.vocabulary)
    consultation = consult_profile(profile, WORKSPACE, AS_OF, "plain")
    told = text(why_not_rule("exams.step2-repeated", consultation, WORKSPACE))
    assert "none of the 2 is about that" in told
    assert "the only one" not in told


def test_what_a_profile_says_there_is_none_of_is_told_so():
    answer = why_not_rule("letters.trusted", advice_on("high_risk").consultation, WORKSPACE)
    assert "residents did is “did well”: the profile says there is none" in text(answer)
    assert "of residents did the profile says there is none." in " ".join(sentences(answer))
