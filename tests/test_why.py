"""Why: from a conclusion through the rules behind it down to lines of the profile and entries of the knowledge."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from smartpick_expert.diagnostics import Problems
from smartpick_expert.explain.condition_text import ConditionWords
from smartpick_expert.explain.names import Named, find
from smartpick_expert.explain.trace import Trace
from smartpick_expert.explain.tree import Node, drawn
from smartpick_expert.explain.why import Held, Justification, Premise, Step, Why, why
from smartpick_expert.explain.why_text import tree_of, why_sentences
from smartpick_expert.explain.wording import plain_text
from smartpick_expert.workspace import Workspace, load_workspace
from tests.advised import PERSONAS, traces_on
from tests.profiles import WORKSPACE
from tests.traces import concluded, condition, firing, given, parameter, rule, statement, trace

LETTER = given("letter[first]", 12, label="first", us_based=True, weeks=2, writer="Writer 1")
PROGRAM = replace(given("program[typical]", supply="knowledge", label="typical"), place="knowledge/programs/all.yaml:5")
GRADE = concluded("letter_grade[grade=weak]", "letter_grade", grade="weak")
BUCKET = concluded("bucket[name=high_risk]", "bucket", name="high_risk")
GRADING = rule("letters.weak", condition("there is a letter (weeks is below 4)", "l", "weeks"), parameters=("few",))
SORTING = rule(
    "bucket.sum",
    condition("there is a program", "p"),
    condition("the count of letter grade (grade is “weak”) is at least 1", "n", "grade"),
    condition("there is no gate", absence=True),
)
CHAIN = trace(
    [LETTER, PROGRAM, GRADE, BUCKET],
    [SORTING, GRADING],
    [
        firing(1, "letters.weak", [("l", LETTER.id)], [GRADE.id]),
        firing(2, "bucket.sum", [("p", PROGRAM.id), [GRADE.id], []], [BUCKET.id], tallies={"n": 1}),
    ],
    parameters=[parameter("few", 4, 2027)],
    statements=[
        statement("letters.weak", "Because of letters.weak.", "letters.weak", ("F1",)),
        statement("assumed.gap", "No gaps are assumed."),
    ],
    live=["letters.strong"],
)


def asked(name: str, run: Trace = CHAIN, *, full: bool = False) -> Why:
    return why(find(name, run), run, full=full)


def tree(answer: Why) -> str:
    return "\n\n".join("\n".join(drawn(node)) for node in tree_of(answer)) + "\n"


def text(answer: Why) -> str:
    return "\n\n".join(why_sentences(answer)) + "\n"


def justified(number: int, name: str, *premises: Premise, **more) -> Justification:
    """A justification by a rule of tests/traces.py."""
    return Justification(
        firing=f"F{number}",
        rule=name,
        title=f"Title of {name}",
        kind="perception",
        standing="unsupported",
        place=f"rules/{name.partition('.')[0]}/all.yaml:1",
        sources=(("claim:said", "unsupported"),),
        parameters=more.get("parameters", ()),
        because=f"Because of {name}.",
        certain=more.get("certain", True),
        premises=premises,
        in_circle=more.get("in_circle", ""),
    )


BY_GRADING = justified(
    1,
    "letters.weak",
    Premise("there is a letter (weeks is below 4)", ("letter[first]",)),
    parameters=("few = 4 (assumption, season 2027; knowledge/parameters/all.yaml:1)",),
)
LETTER_STEP = Step(
    "letter[first]", "letter", "first", "profile", True, "line 12", "", (Held("weeks", "2", 14),), ()
)  # fmt: skip


# --- the chain -----------------------------------------------------------------------------------------------------------


def test_the_chain_goes_through_rules_down_to_lines_of_the_profile_and_entries_of_the_knowledge():
    sorting = justified(
        2,
        "bucket.sum",
        Premise("there is a program", ("program[typical]",)),
        Premise("the count of letter grade (grade is “weak”) is at least 1 (here 1)", ("letter_grade[grade=weak]",)),
        Premise("there is no gate", (), rests_on_absence=True),
    )
    assert asked("bucket") == Why(
        "bucket",
        ("bucket[name=high_risk]",),
        (),
        (
            Step(
                BUCKET.id, "bucket", "", "rules", True, "", "", (Held("name", "high_risk", 0),), (sorting,)
            ),
            Step(PROGRAM.id, "program", "typical", "knowledge", True, "knowledge/programs/all.yaml:5", "", (), ()),
            Step(GRADE.id, "letter_grade", "", "rules", True, "", "", (Held("grade", "weak", 0),), (BY_GRADING,)),
            LETTER_STEP,
        ),
    )  # fmt: skip


def test_a_statement_a_rule_and_a_firing_are_explained_by_the_firings_behind_them():
    expected = Why("", (), (BY_GRADING,), (LETTER_STEP,))
    found = [replace(asked(name), asked="") for name in ("letters.weak", "F1")]
    no_statement = replace(CHAIN, statements=())
    assert [*found, replace(asked("letters.weak", no_statement), asked="")] == [expected] * 3


def test_an_assumption_says_that_no_rule_stands_behind_it():
    answer = asked("assumed.gap")
    assert answer == Why("assumed.gap", (), (), (), says="No gaps are assumed.")
    assert why_sentences(answer) == [
        "No gaps are assumed. This is assumed, since the profile has no such section; no rule stands behind it."
    ]


def test_fields_that_no_rule_looks_at_are_shown_only_in_full():
    fields = {full: asked("letters.weak", full=full).steps[0].fields for full in (False, True)}
    everything = (
        Held("id", "first", 12),
        Held("us_based", "yes", 13),
        Held("weeks", "2", 14),
        Held("writer", "Writer 1", 15),
    )
    assert fields == {False: (everything[2],), True: everything}


def test_a_fact_that_two_rules_look_at_shows_what_both_do():
    other = rule("letters.abroad", condition("there is a letter (us based is no)", "l", "us_based"))
    run = trace(
        [LETTER, GRADE, BUCKET],
        [GRADING, other, rule("bucket.sum", condition("two", "a"), condition("grades", "b"))],
        [
            firing(1, "letters.weak", [("l", LETTER.id)], [GRADE.id]),
            firing(2, "letters.abroad", [("l", LETTER.id)], [GRADE.id]),
            firing(3, "bucket.sum", [("a", GRADE.id), ("b", GRADE.id)], [BUCKET.id]),
        ],
    )
    assert asked("bucket", run).steps[-1].fields == (Held("us_based", "yes", 13), Held("weeks", "2", 14))


def test_a_place_of_the_profile_is_explained_by_the_rules_that_fired_on_it():
    by_grading = (("letters.weak", "Title of letters.weak"),)
    assert [asked(name).used_by for name in ("letter", "letter[first]", "letter[first].weeks")] == [by_grading] * 3
    assert asked("letter[first].writer") == Why(
        "letter[first].writer",
        (LETTER.id,),
        (),
        (replace(LETTER_STEP, fields=(Held("writer", "Writer 1", 15),)),),
        (),
    )


def test_a_condition_that_the_language_added_is_shown_only_in_full():
    hiding = rule("letters.weak", *GRADING.conditions, condition("the consultation", "c", hidden=True))
    today = given("consultation", supply="consultation", season=2027)
    run = trace(
        [LETTER, today, GRADE], [hiding], [firing(1, "letters.weak", [("l", LETTER.id), ("c", today.id)], [GRADE.id])]
    )
    assert [
        len(asked("letter_grade", run, full=full).steps[0].justifications[0].premises) for full in (False, True)
    ] == [1, 2]


def test_a_fact_bound_by_no_condition_of_the_rule_is_shown_without_its_fields():
    run = replace(CHAIN, firings=(firing(1, "letters.weak", [("other", LETTER.id)], [GRADE.id]),))
    premises = asked("letter_grade", run).steps[0].justifications[0].premises
    assert premises == (Premise("there is a letter (weeks is below 4)", ()),)
    assert asked("letter", run).used_by == (("letters.weak", "Title of letters.weak"),)
    assert asked("letter.weeks", run).used_by == ()


def test_a_number_that_is_not_known_is_said_not_to_be():
    run = replace(CHAIN, parameters=())
    assert asked("letters.weak", run).firings[0].parameters == ("few = not known",)


# --- several justifications ----------------------------------------------------------------------------------------------


def several(count: int, *, certain: bool = True) -> Trace:
    """A bucket that so many rules conclude, each from the same letter."""
    rules = [rule(f"bucket.by{number}", condition("there is a letter", "l")) for number in range(count)]
    firings = [
        firing(number + 1, one.id, [("l", LETTER.id)], [BUCKET.id], certain=certain) for number, one in enumerate(rules)
    ]
    return trace(
        [LETTER, replace(BUCKET, certain=certain, waits_for=() if certain else ("letter[first].detailed",))],
        rules,
        firings,
    )


@pytest.mark.parametrize(("count", "full", "shown", "left_out"), [(3, False, 3, 0), (5, False, 3, 2), (5, True, 5, 0)])
def test_several_justifications_are_shown_as_several(count: int, full: bool, shown: int, left_out: int):
    step = asked("bucket", several(count), full=full).steps[0]
    assert ([one.rule for one in step.justifications], step.left_out) == (
        [f"bucket.by{number}" for number in range(shown)],
        left_out,
    )


@pytest.mark.parametrize(("full", "shown", "left_out"), [(False, 6, 2), (True, 8, 0)])
def test_of_many_facts_behind_a_tally_six_are_shown(full: bool, shown: int, left_out: int):
    letters = [given(f"letter[{number}]", number) for number in range(1, 9)]
    counting = rule("bucket.sum", condition("the count of letter", "n"))
    run = trace([*letters, BUCKET], [counting], [firing(1, "bucket.sum", [[one.id for one in letters]], [BUCKET.id])])
    (premise,) = asked("bucket", run, full=full).steps[0].justifications[0].premises
    assert premise == Premise("the count of letter", tuple(one.id for one in letters[:shown]), False, left_out)


def test_what_needs_the_fewest_rules_comes_first_and_what_is_only_possible_last():
    rules = [rule("bucket.sum", condition("a grade", "g")), rule("bucket.seen", condition("a letter", "l")), GRADING]
    run = trace(
        [LETTER, GRADE, BUCKET],
        rules,
        [
            firing(1, "letters.weak", [("l", LETTER.id)], [GRADE.id]),
            firing(2, "bucket.sum", [("g", GRADE.id)], [BUCKET.id]),
            firing(3, "bucket.seen", [("l", LETTER.id)], [BUCKET.id]),
            firing(4, "bucket.sum", [("g", LETTER.id)], [BUCKET.id], certain=False),
        ],
    )
    # What would conclude it too, for some value of the unknown, is no reason for what is certain.
    assert [one.firing for one in asked("bucket", run).steps[0].justifications] == ["F3", "F2"]
    perhaps = replace(run, facts=(LETTER, GRADE, replace(BUCKET, certain=False)))
    assert [one.firing for one in asked("bucket", perhaps).steps[0].justifications] == ["F3", "F2", "F4"]


# --- names ---------------------------------------------------------------------------------------------------------------

ACTION = concluded("action[name=apply_early]", name="apply_early", when="now")
OTHER = concluded("letter_grade[grade=strong]", "letter_grade", certain=False, grade="strong")
NAMES = replace(
    CHAIN,
    facts=(*CHAIN.facts, ACTION, OTHER, given("exam[step2_ck]", 20, name="step2_ck", score=226)),
    live=(*CHAIN.live, "letters.cut"),
    types=(*CHAIN.types, "exam", "letter_grade", "gate"),
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (" bucket ", Named("bucket", facts=(BUCKET.id,))),
        ("bucket[name=high_risk]", Named("bucket[name=high_risk]", facts=(BUCKET.id,))),
        ("bucket[high_risk]", Named("bucket[high_risk]", facts=(BUCKET.id,))),
        ("bucket[]", Named("bucket[]", facts=(BUCKET.id,))),
        ("letter_grade", Named("letter_grade", facts=(GRADE.id,))),
        ("letter_grade[ grade=strong ]", Named("letter_grade[ grade=strong ]", facts=(OTHER.id,))),
        ("letter[first].us_based", Named("letter[first].us_based", facts=(LETTER.id,), field="us_based")),
        ("letter[weeks=2 writer=Writer 1]", Named("letter[weeks=2 writer=Writer 1]", facts=(LETTER.id,))),
        ("exam.score", Named("exam.score", facts=("exam[step2_ck]",), field="score")),
        ("letters.weak", Named("letters.weak", firings=("F1",))),
        ("bucket.sum", Named("bucket.sum", firings=("F2",))),
        ("F2", Named("F2", firings=("F2",))),
        ("apply_early", Named("apply_early", facts=(ACTION.id,))),
        ("high_risk", Named("high_risk", facts=(BUCKET.id,))),
    ],
)
def test_a_name_stands_for(name: str, expected: Named):
    assert find(name, NAMES) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "buckett",
            "error[why.name] There is no conclusion, statement, rule or action 'buckett'. Did you mean 'bucket'?",
        ),
        (
            "letters.weka",
            (
                "error[why.name] There is no conclusion, statement, rule or action 'letters.weka'. "
                "Did you mean 'letters.weak'?"
            ),
        ),
        (
            "\x1b[31mred\u202e",
            (
                "error[why.name] There is no conclusion, statement, rule or action '\\u001b[31mred\\u202e'. "
                "Name a conclusion (bucket), a rule, an action, or a statement of the advice by its id."
            ),
        ),
        (
            "",
            (
                "error[why.name] There is no conclusion, statement, rule or action ''. "
                "Name a conclusion (bucket), a rule, an action, or a statement of the advice by its id."
            ),
        ),
        (
            "letters.strong",
            "error[why.not-fired] Rule 'letters.strong' did not fire. Ask 'smartpick why-not SOURCE letters.strong'.",
        ),
        (
            "bucket[name=typical]",
            (
                "error[why.not-concluded] Nothing of the kind was concluded or given: 'bucket[name=typical]'. "
                "Did you mean 'bucket[name=high_risk]'?"
            ),
        ),
        (
            "gate",
            (
                "error[why.not-concluded] Nothing of the kind was concluded or given: 'gate'. "
                "Ask 'smartpick why-not SOURCE CONCLUSION' for what would have to hold."
            ),
        ),
        (
            "letter[first].weekz",
            "error[why.field] 'letter' has no field 'weekz' here. Did you mean 'weeks'?",
        ),
        (
            "letter[first].q",
            "error[why.field] 'letter' has no field 'q' here. Known here: id, us_based, weeks, writer.",
        ),
    ],
)
def test_a_name_that_stands_for_nothing_is_answered_with_the_nearest(name: str, expected: str):
    with pytest.raises(Problems) as refused:
        find(name, NAMES)
    assert str(refused.value) == f"conclusion: {expected}"


# --- circles -------------------------------------------------------------------------------------------------------------

A, B, C, D = (concluded(name) for name in "abcd")


def circle(facts, *firings: tuple[str, str]) -> Trace:
    """A run of rules that conclude a fact each from facts: `("ab", "c")` concludes c from a and b, `("x", "a")` from what is given."""
    named = [(f"made.{on}-{to}", on, to) for on, to in firings]
    rules = [rule(name, *(condition(f"there is {one}", one) for one in on)) for name, on, _ in named]
    fired = [firing(n, name, [(one, one) for one in on], [to]) for n, (name, on, to) in enumerate(named, start=1)]
    return trace([given("x", 7), *facts], rules, fired)


def marked(answer: Why) -> dict[str, str]:
    """The rules that are marked as in a circle, with the premise through which they are."""
    return {one.rule: one.in_circle for step in answer.steps for one in step.justifications if one.in_circle}


def grounded(answer: Why) -> set[str]:
    """The facts of an answer whose chain ends in what is given, by justifications that are in no circle."""
    found = {step.fact for step in answer.steps if step.supply != "rules"}
    while True:
        more = {
            step.fact
            for step in answer.steps
            for one in step.justifications
            if not one.in_circle and all(found.issuperset(premise.facts) for premise in one.premises)
        }
        if more <= found:
            return found
        found |= more


def test_a_rule_that_rests_on_what_it_justifies_is_marked_and_the_chain_still_ends_in_the_profile():
    run = circle([A, B], ("x", "a"), ("a", "b"), ("b", "a"))
    answer = asked("a", run)
    assert marked(answer) == {"made.b-a": "b"}
    assert {step.fact for step in answer.steps} == grounded(answer) == {"x", "a"}
    assert [one.rule for one in answer.steps[0].justifications] == ["made.x-a", "made.b-a"]


def test_what_is_met_inside_a_circle_first_keeps_the_ground_that_it_has():
    # Asked for a, c is met below b, on whose other ground alone it rests: that is no circle of c's.
    run = circle([A, B, C, D], ("x", "b"), ("b", "d"), ("c", "b"), ("b", "c"), ("dc", "a"))
    answer = asked("a", run, full=True)
    assert marked(answer) == {"made.c-b": "c"}
    assert {step.fact for step in answer.steps} == grounded(answer) == {"x", "a", "b", "c", "d"}


def test_two_facts_with_a_ground_each_that_lead_to_one_another_are_in_no_circle():
    run = circle([A, B], ("x", "a"), ("x", "b"), ("b", "a"), ("a", "b"))
    answer = asked("a", run)
    assert (marked(answer), grounded(answer)) == ({}, {"x", "a", "b"})


def test_a_circle_that_nothing_given_leads_to_is_shown_as_one():
    answer = asked("a", circle([A, B], ("a", "b"), ("b", "a")))
    assert (marked(answer), grounded(answer)) == ({"made.b-a": "b"}, set())


@pytest.mark.parametrize("persona", PERSONAS)
def test_every_certain_conclusion_about_a_persona_has_a_chain_that_ends_in_what_is_given(persona: str):
    for run in traces_on(persona):
        held = tuple(fact.id for fact in run.facts if fact.certain and fact.supply == "rules")
        assert set(held) - grounded(why(Named("all", facts=held), run, full=True)) == set()


# --- in words ------------------------------------------------------------------------------------------------------------

SPOILT = "\x1b[31m<b>Zq</b>\u202e\u009b\x07 **end** \n\r\tof"
POSSIBLE = trace(
    [
        replace(LETTER, verified="A clerk on 3 May 2026"),
        replace(given("gap[?]", months=None), is_open=True),
        replace(BUCKET, certain=False, waits_for=("gap[*].months", "letter[first].detailed")),
    ],
    [
        rule(
            "bucket.sum",
            condition("there is a letter (us based is yes)", "l", "us_based"),
            condition("there is a gap", "g"),
        )
    ],
    [firing(1, "bucket.sum", [("l", LETTER.id), ("g", "gap[?]")], [BUCKET.id], certain=False)],
)
# A grade by four rules, one of them resting on it in turn; and eight letters behind a tally.
MANY = trace(
    [
        *(given(f"letter[{number}]", 10 + number, label=f"letter-{number}", weeks=number) for number in range(1, 9)),
        replace(GRADE, id="letter_grade"),
        BUCKET,
    ],
    [
        rule("letters.counted", condition("the count of letter", "n", "weeks")),
        rule("letters.circle", condition("there is a bucket")),
        *(rule(f"letters.by{number}", condition("there is a letter", "l", "weeks")) for number in (1, 2)),
        SORTING,
    ],
    [
        firing(1, "letters.counted", [[f"letter[{n}]" for n in range(1, 9)]], ["letter_grade"], tallies={"n": 8}),
        firing(2, "bucket.sum", [[], ["letter_grade"], []], [BUCKET.id], tallies={"n": 1}),
        *(firing(2 + n, f"letters.by{n}", [("l", f"letter[{n}]")], ["letter_grade"]) for n in (1, 2)),
        firing(5, "letters.circle", [[BUCKET.id]], ["letter_grade"]),
    ],
)


@pytest.mark.parametrize(
    ("name", "run", "asking", "full"),
    [
        ("chain", CHAIN, "bucket", False),
        ("chain_in_full", CHAIN, "bucket", True),
        ("statement", CHAIN, "letters.weak", False),
        ("place_of_the_profile", CHAIN, "letter[first].weeks", False),
        ("only_possible", POSSIBLE, "bucket", False),
        ("several_and_many", MANY, "bucket", False),
        ("several_and_many_in_full", MANY, "bucket", True),
    ],
)
def test_an_answer_in_words(golden, name: str, run: Trace, asking: str, full: bool):
    answer = asked(asking, run, full=full)
    golden(f"why/{name}.txt", f"{tree(answer)}\n----\n\n{text(answer)}")


def test_a_conclusion_met_twice_is_drawn_once():
    run = circle([A, B, C], ("x", "a"), ("a", "b"), ("a", "c"))
    lines = tree(why(Named("", facts=("b", "c")), run)).splitlines()
    assert [line.strip(" │└─") for line in lines if line.endswith(("─ a", "above)"))] == ["a", "a  (see above)"]


@pytest.fixture(scope="module")
def small() -> Workspace:
    return load_workspace(Path(__file__).parent / "small")


def test_conditions_in_words(golden, small: Workspace):
    found = [
        f"{rule.id}\n" + "".join(f"  {ConditionWords(rule, small.vocabulary).condition(one)}\n" for one in rule.when)
        for rule in small.ruleset.rules
    ]
    golden("why/conditions.txt", "\n".join(found))


def test_conditions_of_shipped_rules_are_words_on_one_line():
    for one in WORKSPACE.ruleset.rules:
        words = [ConditionWords(one, WORKSPACE.vocabulary).condition(condition) for condition in one.when]
        bare = [re.sub(r"parameter [\w.]+", "parameter", text) for text in words]
        assert [text for text in bare if not text or text != plain_text(text) or "_" in text] == []


def test_nothing_that_a_terminal_obeys_is_in_an_answer_whatever_the_profile_and_the_record_say():
    spoilt = f"letter[{SPOILT}]"
    letter = given(spoilt, 12, label=SPOILT, writer=SPOILT)
    run = trace(
        [
            replace(letter, verified=SPOILT),
            replace(PROGRAM, place=SPOILT),
            GRADE,
            replace(BUCKET, certain=False, waits_for=(f"{spoilt}.weeks",)),
        ],
        [
            replace(rule("letters.weak", condition(SPOILT, "l", "writer")), title=SPOILT, place=SPOILT),
            rule("bucket.sum", condition("there is a grade", "g"), condition("there is a program", "p")),
            rule("letters.circle", condition("there is a grade", "g")),
        ],
        [
            firing(1, "letters.weak", [("l", spoilt)], [GRADE.id], because=SPOILT),
            firing(2, "bucket.sum", [("g", GRADE.id), ("p", PROGRAM.id)], [BUCKET.id], certain=False),
            firing(3, "letters.circle", [("g", GRADE.id)], [GRADE.id]),
        ],
    )
    circled = replace(asked("bucket", run, full=True), used_by=(("letters.weak", SPOILT),))
    shown = tree(circled) + text(circled) + tree(asked("F1", run)) + text(asked(spoilt, run, full=True))
    assert sorted({c for c in shown if not c.isprintable() and c != "\n"}) == []
    assert {"[31m<b>Zq</b> **end** of" in words for words in (tree(circled), text(circled))} == {True}


def test_a_suggested_name_is_fit_for_a_terminal_too():
    run = trace([given("letter[\u202enepo]", 1)])
    with pytest.raises(Problems) as refused:
        find("letter[nepo]", run)
    assert str(refused.value).endswith("Did you mean 'letter[\\u202enepo]'?")


def test_a_tree_keeps_room_for_words_however_deep_it_is():
    node = Node(("of several words",))
    for _ in range(40):
        node = Node(("of several words",), (node,))
    assert [line[3 * number :] for number, line in enumerate(drawn(node))][1:] == ["of several words"] * 40
    assert drawn(Node(("",), ())) == [""]


def test_an_answer_is_plain_data():
    assert asdict(asked("letters.weak"))["steps"][0]["fields"] == ({"name": "weeks", "text": "2", "line": 14},)
