"""What differs between two runs: thing by thing, through which rules, the certain apart from the possible."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from smartpick_expert.explain.difference import Change, Difference, Part, Said, data_of, difference
from smartpick_expert.explain.difference_text import difference_nodes
from smartpick_expert.explain.trace import Trace
from smartpick_expert.explain.tree import drawn
from smartpick_expert.language.values import UNKNOWN, plain
from tests.advised import PERSONAS, traces_on
from tests.traces import concluded, firing, given, parameter, rule, statement, trace


def bucket(name: str, *, certain: bool = True):
    return concluded(f"bucket[name={name}]", "bucket", certain=certain, name=name)


def reason(strength: str, *, certain: bool = True):
    key = "reason[kind=score side=against]"
    name = f"reason[kind=score side=against strength={strength}]"
    return concluded(name, key, certain=certain, kind="score", side="against", strength=strength)


def run(*facts, **more) -> Trace:
    """A run in which each conclusion is by a rule of its own, called after what it says."""
    by_rules = [fact for fact in facts if fact.supply == "rules"]
    names = [f"{fact.type}.{fact.fields[-1].text if fact.fields else 'by'}" for fact in by_rules]
    firings = [
        firing(number, name, [], [fact.id], certain=fact.certain)
        for number, (name, fact) in enumerate(zip(names, by_rules, strict=True), start=1)
    ]
    return trace(facts, [rule(name) for name in dict.fromkeys(names)], firings, **more)


def changes(before: Trace, after: Trace, part: Part) -> list[Change]:
    return list(difference(before, after).of(part))


def sure(before: str, after: str) -> tuple[Said, Said]:
    """Said for certain in both runs; empty where it is not said."""
    return Said(before), Said(after)


def perhaps(*words: str) -> Said:
    return Said("", frozenset(words))


# --- what is given -------------------------------------------------------------------------------------------------------

EXAM = given("exam[step2_ck]", 3, label="step2_ck", name="Step 2 CK", score=226)


def said(before: Trace, after: Trace, part: Part) -> dict[str, tuple[Said, Said]]:
    """What both runs say of each thing that differs, whichever rules say so."""
    pairs = {change.key: (change.before, change.after) for change in changes(before, after, part)}
    return {key: (replace(then, through=()), replace(now, through=())) for key, (then, now) in pairs.items()}


def test_an_entry_in_both_runs_is_compared_field_by_field():
    other = given("exam[step2_ck]", 9, label="step2_ck", name="Step 2 CK", score=250, attempts=2)
    assert said(trace([EXAM]), trace([other]), Part.GIVEN) == {
        "exam[step2_ck].score": sure("226", "250"),
        "exam[step2_ck].attempts": sure("", "2"),
    }


def test_an_entry_in_one_run_is_named_as_a_whole_with_what_is_known_of_it():
    letter = given("letter[a]", 3, label="a", weeks=plain(UNKNOWN), us_based=True)
    empty = given("letter[b]", 3, label="b", weeks=plain(UNKNOWN))
    assert said(trace([letter]), trace([empty]), Part.GIVEN) == {
        "letter[a]": sure("us based yes", ""),
        "letter[b]": sure("", "there"),
    }


def test_a_section_left_out_is_said_to_be():
    left_out = replace(given("letter[?]"), is_open=True)
    assert said(trace([left_out]), trace([given("letter[a]", 3)]), Part.GIVEN) == {
        "letter": sure("left out, so not known", ""),
        "letter[a]": sure("", "there"),
    }


def test_a_number_that_reads_otherwise_is_named_with_its_season():
    before, after = (
        trace([], parameters=several) for several in ([parameter("few", 4, 2026)], [parameter("few", 5, 2027)])
    )
    assert said(before, after, Part.PARAMETERS) == {"few": sure("4 (season 2026)", "5 (season 2027)")}
    gone = trace([], parameters=[parameter("many", 4)])
    assert said(gone, trace([]), Part.PARAMETERS) == {"many": sure("4", "")}


# --- what is concluded ---------------------------------------------------------------------------------------------------


def test_a_bucket_that_turns_is_one_change_through_the_rules_that_say_so():
    assert changes(run(bucket("high_risk")), run(bucket("typical")), Part.BUCKET) == [
        Change(Part.BUCKET, "bucket", Said("high_risk"), Said("typical"), ("bucket.typical",), ("bucket.high_risk",))
    ]


def test_what_is_possible_is_never_told_as_certain():
    before = run(bucket("high_risk", certain=False), bucket("typical", certain=False))
    assert changes(before, run(bucket("typical")), Part.BUCKET) == [
        Change(
            Part.BUCKET, "bucket", perhaps("high_risk", "typical"), Said("typical"), (), ("bucket.high_risk",)
        )
    ]  # fmt: skip


def test_what_is_certain_and_may_be_more_besides_keeps_both_apart():
    before = run(reason("strong"))
    after = run(reason("strong"), reason("slight", certain=False))
    assert said(before, after, Part.WEIGHED) == {
        "reason[kind=score side=against]": (Said("strong"), Said("strong", frozenset({"slight"})))
    }


def test_two_certain_conclusions_about_one_thing_are_both_told():
    notices = [concluded(f"notice[{number}]", "notice[about=visa]", about="visa", days=number) for number in (1, 2)]
    both, one = run(*notices), run(notices[0])
    assert said(one, both, Part.CONCLUDED) == {"notice[about=visa]": sure("1", "1; 2")}


@pytest.mark.parametrize(
    ("type_name", "part"),
    [
        ("bucket", Part.BUCKET),
        ("action", Part.ACTIONS),
        ("reason", Part.WEIGHED),
        ("gate", Part.WEIGHED),
        ("weighing", Part.WEIGHED),
        ("letter_grade", Part.CONCLUDED),
    ],
)
def test_a_conclusion_is_compared_in_the_part_of_its_type(type_name: str, part: Part):
    found = difference(trace([]), run(concluded(type_name)))
    assert [change for change in found.changes if change.part is not Part.RULES] == [
        Change(part, type_name, Said(), Said("so"), (f"{type_name}.by",))
    ]


def test_the_same_conclusion_by_other_rules_is_no_change_of_it():
    before = run(bucket("typical"))
    after = replace(
        before, rules=(rule("bucket.other"),), firings=(firing(1, "bucket.other", [], ["bucket[name=typical]"]),)
    )
    assert [change.part for change in difference(before, after).changes] == [Part.RULES, Part.RULES]


def test_a_statement_is_compared_by_its_words():
    before = trace([], statements=[statement("a", "Old."), statement("b", "Gone.", "made.b")])
    after = trace([], statements=[statement("a", "New."), statement("c", "Here.", "made.c")])
    assert changes(before, after, Part.STATEMENTS) == [
        Change(Part.STATEMENTS, "a", Said("Old."), Said("New.")),
        Change(Part.STATEMENTS, "b", Said("Gone."), Said(), (), ("made.b",)),
        Change(Part.STATEMENTS, "c", Said(), Said("Here."), ("made.c",)),
    ]


def test_a_rule_is_compared_by_how_often_it_fires_and_whether_it_may():
    rules = [rule("made.a"), rule("made.b"), rule("made.c")]
    before = trace([], rules, [firing(1, "made.a", [], []), firing(2, "made.b", [], [], certain=False)])
    after = trace(
        [],
        rules,
        [firing(1, "made.a", [], []), firing(2, "made.a", [], []), firing(3, "made.a", [], [], certain=False)],
        cut_off=["made.c"],
    )
    assert said(before, after, Part.RULES) == {
        "made.a": (Said("fires"), Said("fires 2 times", frozenset({"fires more"}))),
        "made.b": (perhaps("fires"), Said()),
        "made.c": (Said(), perhaps("fires")),
    }


# --- properties ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("persona", PERSONAS[::4])
def test_a_run_differs_from_itself_in_nothing(persona: str):
    assert difference(traces_on(persona)[0], traces_on(persona)[0]).is_nothing


@pytest.mark.parametrize(("first", "second"), list(pairwise(PERSONAS[::4])))
def test_turned_round_every_change_is_turned_round(first: str, second: str):
    there, back = (
        difference(traces_on(first)[0], traces_on(second)[0]),
        difference(traces_on(second)[0], traces_on(first)[0]),
    )
    turned = {replace(one, before=one.after, after=one.before, came=one.went, went=one.came) for one in there.changes}
    assert (set(back.changes), there.is_nothing) == (turned, False)
    # Rules are held against one another apart from what is said, which two changes are equal by.
    through = {(one.part, one.key): (one.came, one.went) for one in there.changes}
    assert {(one.part, one.key): (one.went, one.came) for one in back.changes} == through


# --- in words ------------------------------------------------------------------------------------------------------------

BEFORE = run(
    EXAM,
    replace(given("letter[?]"), is_open=True),
    bucket("high_risk"),
    reason("strong"),
    concluded("action[name=retake]", "action[name=retake]", name="retake", when="now"),
    concluded("gate[name=score]", "gate[name=score]", name="score", result="stops"),
    concluded("seen", "seen"),
    concluded("letter_grade", "letter_grade", grade="weak"),
    parameters=[parameter("few", 4, 2026)],
    statements=[statement("a", "Old."), statement("b", "Gone.")],
)
AFTER = run(
    replace(EXAM, fields=tuple(replace(one, text="250") if one.name == "score" else one for one in EXAM.fields)),
    given("letter[a]", 12, label="a", us_based=True),
    bucket("typical", certain=False),
    bucket("high_risk", certain=False),
    reason("strong"),
    reason("slight", certain=False),
    concluded("action[name=retake]", "action[name=retake]", certain=False, name="retake", when="now"),
    concluded("weighing", "weighing"),
    concluded("heard", "heard", certain=False),
    concluded("letter_grade[grade=good]", "letter_grade", grade="good"),
    parameters=[parameter("few", 5, 2027)],
    statements=[statement("a", "New."), statement("c", "Here\x1b[31m.")],
)


@pytest.mark.parametrize("full", [False, True])
def test_a_difference_in_words(golden, full: bool):
    there, back = difference(BEFORE, AFTER), difference(AFTER, BEFORE)
    texts = ["\n\n".join("\n".join(drawn(node)) for node in difference_nodes(one, full=full)) for one in (there, back)]
    golden(f"what_if/{'in_full' if full else 'trimmed'}.txt", "\n\n---- turned round\n\n".join(texts) + "\n")


def test_nothing_that_differs_is_no_words():
    assert difference_nodes(difference(BEFORE, BEFORE), full=True) == []


def test_a_rule_without_a_title_is_named_alone():
    change = Change(Part.BUCKET, "bucket", Said("a"), Said("b"), ("lost.rule",))
    (node,) = difference_nodes(Difference((change,), {}, {}), full=True)
    assert drawn(node) == ["The sorting", "└─ bucket: a → b", "   └─ by lost.rule"]


def test_a_difference_as_data_keeps_the_certain_apart_from_the_possible():
    data = data_of(difference(run(bucket("high_risk")), run(bucket("typical", certain=False))))
    assert data == {
        **{part.value: [] for part in Part},
        "bucket": [
            {
                "key": "bucket",
                "before": {"certain": "high_risk", "possible": []},
                "after": {"certain": None, "possible": ["typical"]},
                "came_through": [{"rule": "bucket.typical", "title": "Title of bucket.typical"}],
                "went_with": [{"rule": "bucket.high_risk", "title": "Title of bucket.high_risk"}],
                "still_through": [],
            }
        ],
        "rules": [
            {
                "key": "bucket.high_risk",
                "before": {"certain": "fires", "possible": []},
                "after": {"certain": None, "possible": []},
                "came_through": [],
                "went_with": [],
                "still_through": [],
            },
            {
                "key": "bucket.typical",
                "before": {"certain": None, "possible": []},
                "after": {"certain": None, "possible": ["fires"]},
                "came_through": [],
                "went_with": [],
                "still_through": [],
            },
        ],
    }
