"""What rules and vocabularies mean as read: truth in three values, numbers, words, hidden patterns, life spans, errors."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from smartpick_expert.diagnostics import Diagnostic, Location, Problems, render
from smartpick_expert.language.loader import KnownNames, load_rules, read_rules
from smartpick_expert.language.model import (
    Constant,
    Negation,
    ParameterReference,
    Pattern,
    Reference,
    Rule,
    Shifted,
    Status,
    Tally,
    Words,
)
from smartpick_expert.language.model import Test as FieldTest
from smartpick_expert.language.operands import ParameterType
from smartpick_expert.language.operators import OPERATORS, Truth, truth
from smartpick_expert.language.reader import Reader
from smartpick_expert.language.source import parse
from smartpick_expert.language.values import ABSENT, UNKNOWN, ValueProblem, read_date, read_number, read_text, shorten
from smartpick_expert.language.vocabulary import FieldType, Vocabulary
from smartpick_expert.language.vocabulary_loader import load_vocabulary
from smartpick_expert.language.words import read_words

VOCABULARY = """
types:
  applicant:
    meaning: Whoever is advised.
    supplied_by: profile
    one: true
    fields:
      stage: {type: choice, meaning: A stage, values: {student: a student, graduate: a graduate}}
      season: {type: number, meaning: A year, unit: year}
      states: {type: text, many: true, meaning: Some states}
      named: {type: text, meaning: A name}
  letter:
    meaning: A letter.
    supplied_by: profile
    label: id
    fields:
      id: {type: label, meaning: A label}
      weeks: {type: number, meaning: Some weeks, unit: weeks, min: 0}
      months: {type: number, meaning: Some months, unit: months}
      writer: {type: text, meaning: A writer}
      waived: {type: boolean, meaning: Whether it is waived}
      sent: {type: date, meaning: A day}
  work:
    meaning: Some work.
    supplied_by: profile
    label: id
    fields:
      id: {type: label, meaning: A label}
      letter: {type: label, of: letter, meaning: Its letter}
      weeks: {type: number, meaning: Some weeks, unit: weeks}
  grade:
    meaning: A grade.
    supplied_by: rules
    fields:
      letter: {type: label, of: letter, meaning: The letter}
      name: {type: choice, meaning: A grade, values: {good: good, bad: bad}}
  point:
    meaning: A point.
    supplied_by: rules
    fields:
      number: {type: number, meaning: How many}
"""
RULE = """
topic: test
about: A rule under test.
rules:
  - id: test.rule
    title: A rule
    kind: perception
    status: stable
    sources: [claim:one]
    owner: somebody
    review_by: 2027-06-01
    when:
{when}
    then:
{then}
    because: {because}
    rationale: None.
"""
NAMES = KnownNames(
    {
        "test.weeks": ParameterType(FieldType.NUMBER, "weeks"),
        "test.states": ParameterType(FieldType.TEXT, many=True),
        "test.plain": ParameterType(FieldType.NUMBER),
    },
    frozenset({"claim:one"}),
)
BAD = "- grade: {name: bad}"


def vocabulary_of(*texts: str) -> Vocabulary:
    nodes = [parse(text, f"vocabulary-{number}.yaml") for number, text in enumerate(texts, 1)]
    return load_vocabulary(nodes, {"actions": {"rest": "Rest"}}, OPERATORS)


TYPES = vocabulary_of(VOCABULARY)


def written(when: str, then: str = BAD, because: str = "You are read.", more: str = "") -> str:
    """A rule file with one rule; `more` are lines of its own for the rule."""

    def indent(lines: str) -> str:
        return "\n".join(f"      {line}" for line in lines.strip().splitlines())

    return RULE.format(when=indent(when), then=indent(then), because=because) + more


def rule_of(when: str, then: str = BAD, because: str = "You are read.", more: str = "") -> Rule:
    """The one rule of a file that is without findings."""
    ruleset, found = load_rules([parse(written(when, then, because, more), "rules.yaml")], TYPES, NAMES)
    assert found == ()
    return ruleset.rules[0]


def found_in(*texts: str, vocabulary: Vocabulary = TYPES) -> list[str]:
    """The codes of the findings in rule files."""
    nodes = [parse(text, f"rules-{number}.yaml") for number, text in enumerate(texts, 1)]
    return [finding.code for finding in read_rules(nodes, vocabulary, NAMES)[2]]


def a_test(field: str, operator: str, *operands: object) -> FieldTest:
    """A test as the loader makes it; plain values are constants."""
    kinds = Constant | Reference | ParameterReference | Shifted
    return FieldTest(
        field, OPERATORS[operator], tuple(one if isinstance(one, kinds) else Constant(one) for one in operands)
    )


# --- the truth of a test ------------------------------------------------------------------------------------------

YES, NO, OPEN = Truth.YES, Truth.NO, Truth.UNKNOWN
FIVE, ODD, STATES = 5, (1, 3, 5), ("OH", "NY")


@pytest.mark.parametrize(
    ("operator", "found", "operands", "listed", "otherwise"),
    [
        # operator    found    against               listed otherwise (an open or a concluded fact)
        # of known values
        ("is", FIVE, (5,), YES, YES),
        ("is", FIVE, (6,), NO, NO),
        ("is", FIVE, (Decimal(5),), YES, YES),
        ("is_not", FIVE, (5,), NO, NO),
        ("is_not", FIVE, (6,), YES, YES),
        ("in", FIVE, (ODD,), YES, YES),
        ("in", FIVE, ((),), NO, NO),
        ("not_in", FIVE, (ODD,), NO, NO),
        ("not_in", FIVE, ((2, 4),), YES, YES),
        ("at_least", FIVE, (5,), YES, YES),
        ("at_least", FIVE, (6,), NO, NO),
        ("at_most", FIVE, (5,), YES, YES),
        ("at_most", FIVE, (4,), NO, NO),
        ("above", FIVE, (4,), YES, YES),
        ("above", FIVE, (5,), NO, NO),
        ("below", FIVE, (6,), YES, YES),
        ("below", FIVE, (5,), NO, NO),
        ("between", FIVE, (5, 5), YES, YES),
        ("between", FIVE, (4, 6), YES, YES),
        ("between", FIVE, (6, 9), NO, NO),
        ("between", FIVE, (1, 4), NO, NO),
        ("contains", STATES, ("OH",), YES, YES),
        ("contains", STATES, ("CA",), NO, NO),
        ("contains", (), ("OH",), NO, NO),
        ("lacks", STATES, ("OH",), NO, NO),
        ("lacks", STATES, ("CA",), YES, YES),
        ("lacks", (), ("OH",), YES, YES),
        ("known", FIVE, (), YES, YES),
        ("unknown", FIVE, (), NO, NO),
        ("known", (), (), YES, YES),
        # what is unknown leaves every comparison open
        *((name, UNKNOWN, (5,), OPEN, OPEN) for name in ("is", "is_not", "at_least", "at_most", "above", "below")),
        *((name, FIVE, (UNKNOWN,), OPEN, OPEN) for name in ("is", "is_not", "at_least", "at_most", "above", "below")),
        *((name, UNKNOWN, (ODD,), OPEN, OPEN) for name in ("in", "not_in")),
        *((name, FIVE, (UNKNOWN,), OPEN, OPEN) for name in ("in", "not_in")),
        *((name, UNKNOWN, ("OH",), OPEN, OPEN) for name in ("contains", "lacks")),
        *((name, STATES, (UNKNOWN,), OPEN, OPEN) for name in ("contains", "lacks")),
        ("is", UNKNOWN, (UNKNOWN,), OPEN, OPEN),
        # between is no as soon as one known bound says so
        ("between", FIVE, (UNKNOWN, UNKNOWN), OPEN, OPEN),
        ("between", FIVE, (4, UNKNOWN), OPEN, OPEN),
        ("between", FIVE, (6, UNKNOWN), NO, NO),
        ("between", FIVE, (UNKNOWN, 6), OPEN, OPEN),
        ("between", FIVE, (UNKNOWN, 4), NO, NO),
        ("between", UNKNOWN, (4, 6), OPEN, OPEN),
        # what is absent fails every comparison, the negative ones too
        *((name, ABSENT, (5,), NO, NO) for name in ("is", "is_not", "at_least", "at_most", "above", "below")),
        *((name, FIVE, (ABSENT,), NO, NO) for name in ("is", "is_not", "at_least", "at_most", "above", "below")),
        *((name, ABSENT, (ODD,), NO, NO) for name in ("in", "not_in")),
        *((name, FIVE, (ABSENT,), NO, NO) for name in ("in", "not_in")),
        *((name, ABSENT, ("OH",), NO, NO) for name in ("contains", "lacks")),
        *((name, STATES, (ABSENT,), NO, NO) for name in ("contains", "lacks")),
        ("between", FIVE, (ABSENT, UNKNOWN), NO, NO),
        ("between", UNKNOWN, (ABSENT, 6), NO, NO),
        ("is", ABSENT, (UNKNOWN,), NO, NO),
        ("is", UNKNOWN, (ABSENT,), NO, NO),
        ("is", ABSENT, (ABSENT,), NO, NO),
        # known and unknown answer of what a profile lists; of what may yet turn out to be known they are open
        ("known", UNKNOWN, (), NO, OPEN),
        ("unknown", UNKNOWN, (), YES, OPEN),
        ("known", ABSENT, (), NO, NO),
        ("unknown", ABSENT, (), YES, YES),
    ],
)
def test_a_test_has_one_of_three_truths(operator: str, found, operands, listed: Truth, otherwise: Truth):
    truths = [truth(OPERATORS[operator], found, operands, settled=settled) for settled in (True, False)]
    assert truths == [listed, otherwise]


@pytest.mark.parametrize(("one", "other"), [("is", "is_not"), ("in", "not_in"), ("contains", "lacks")])
def test_opposite_operators_differ_on_known_values_alone(one: str, other: str):
    values = {"is": (5, 6), "in": (ODD, (2,)), "contains": ("OH", "CA")}[one]
    found = STATES if one == "contains" else FIVE

    def truths(operator: str, operand: object) -> Truth:
        return truth(OPERATORS[operator], found, (operand,), settled=True)

    assert [truths(one, v) for v in values] == [truths(other, v) for v in reversed(values)] == [YES, NO]


# --- values -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3", 3),
        ("3.0", 3),
        ("3.000", 3),
        ("010", 10),
        ("+7", 7),
        ("-0", 0),
        ("-0.0", 0),
        ("0.10", Decimal("0.1")),
        ("-2.50", Decimal("-2.5")),
        ("9007199254740992", 2**53),
        ("-9007199254740992", -(2**53)),
        ("9007199254740992.0", 2**53),
        ("0.123456789012345", Decimal("0.123456789012345")),
        ("0.000000000000001", Decimal("1E-15")),
        ("1." + "0" * 2_000, 1),
    ],
)
def test_a_number_has_one_form(text: str, number: int | Decimal):
    assert (read_number(text), type(read_number(text))) == (number, type(number))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(
            (text, "value.number")
            for text in ("", "-", ".5", "5.", "1e5", "0x10", "1_000", "1,5", "1 000", "NaN", "inf")
        ),
        *((text, "value.number") for text in ("٣", "²", "Infinity", "--1", "1.2.3", "true", "12:30")),
        ("9007199254740993", "value.number-size"),
        ("-9007199254740993", "value.number-size"),
        ("9007199254740992.5", "value.number-size"),
        ("0.1234567890123456", "value.number-size"),
        ("0.0000000000000001", "value.number-size"),
        ("0.1" + "0" * 40 + "1", "value.number-size"),
        ("1." + "0" * 40 + "1", "value.number-size"),
        ("1" * 5_000, "value.number-size"),
    ],
)
def test_what_is_no_exact_number_is_refused(text: str, code: str):
    with pytest.raises(ValueProblem) as caught:
        read_number(text)
    assert caught.value.code == code


@pytest.mark.parametrize("text", ["2026-9-1", "2026-09-31", "0000-01-01", "20260901", "2026-09-01T00:00", "٢٠٢٦-٠٩-٠١"])
def test_what_is_no_day_is_refused(text: str):
    with pytest.raises(ValueProblem) as caught:
        read_date(text)
    assert caught.value.code == "value.date"


@pytest.mark.parametrize("text", ["a\0b", "a\x1bb", "a\x7fb", "a\x9bb", "a\ud800b"])
def test_a_text_holds_no_character_that_cannot_be_shown(text: str):
    with pytest.raises(ValueProblem) as caught:
        read_text(text)
    assert caught.value.code == "value.text"


def test_a_word_in_a_message_is_short_and_harmless():
    assert [shorten("a\n  b"), shorten("x" * 41), shorten("\x1b[2J"), shorten("\ud800")] == [
        "a b",
        "x" * 37 + "...",
        "\\u001b[2J",
        "\\ud800",
    ]


# --- rules as read ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written_as", "expected"),
    [
        ("letter: {weeks: 010}", [a_test("weeks", "is", 10)]),
        ("letter: {weeks: 4 weeks}", [a_test("weeks", "is", 4)]),
        ("letter: {weeks: {at_least: 4.0, below: 9.5}}", [a_test("weeks", "at_least", 4), a_test("weeks", "below", Decimal("9.5"))]),
        ("letter: {weeks: {between: [4, 8]}}", [a_test("weeks", "between", 4, 8)]),
        ("letter: {weeks: {in: [4, 8]}}", [a_test("weeks", "in", (4, 8))]),
        ("letter: {weeks: {known: true}}", [a_test("weeks", "known")]),
        ("letter: {waived: no}", [a_test("waived", "is", False)]),
        ("letter: {waived: True}", [a_test("waived", "is", True)]),
        ("letter: {sent: {above: 2026-09-10}}", [a_test("sent", "above", date(2026, 9, 10))]),
        ("letter: {writer: no}", [a_test("writer", "is", "no")]),
        ("letter: {writer: 2026-09-10}", [a_test("writer", "is", "2026-09-10")]),
        ("letter: {writer: unknown}", [a_test("writer", "is", "unknown")]),
        ("letter: {writer: $$money}", [a_test("writer", "is", "$money")]),
        ("letter: {writer: $$}", [a_test("writer", "is", "$")]),
        ("letter: {writer: {in: [$$money, a$b]}}", [a_test("writer", "in", ("$money", "a$b"))]),
        ("letter: {weeks: {at_least: $parameter.test.weeks}}", [a_test("weeks", "at_least", ParameterReference("test.weeks"))]),
        ("letter: {months: {at_least: $parameter.test.plain}}", [a_test("months", "at_least", ParameterReference("test.plain"))]),
        ("letter: {writer: {in: $parameter.test.states}}", [a_test("writer", "in", ParameterReference("test.states"))]),
        (
            "letter: {weeks: {below: {plus: [$parameter.test.weeks, -1.5]}}}",
            [a_test("weeks", "below", Shifted(ParameterReference("test.weeks"), Decimal("-1.5")))],
        ),
        ("letter: {weeks: {below: {plus: [4, 1]}}}", [a_test("weeks", "below", Shifted(Constant(4), 1))]),
    ],
)  # fmt: skip
def test_a_pattern_is_read_as_written(written_as: str, expected: list[FieldTest]):
    assert rule_of(f"- {written_as}").when == (Pattern("letter", tuple(expected)),)


def test_names_may_be_used_before_they_are_bound():
    rule = rule_of("- letter: {id: $work.letter}\n- work: {as: work}")
    assert rule.when == (
        Pattern("letter", (a_test("id", "is", Reference("work", "letter")),)),
        Pattern("work", (), "work"),
    )


def test_a_limit_of_another_fact_may_be_moved():
    rule = rule_of("- letter: {as: letter}\n- work: {weeks: {at_least: {plus: [$letter.weeks, 2]}}}")
    assert rule.when[1] == Pattern("work", (a_test("weeks", "at_least", Shifted(Reference("letter", "weeks"), 2)),))


def test_a_tally_is_read_as_written():
    rule = rule_of(
        "- total: {work: {letter: {known: true}}, of: weeks, at_least: 8, as: weeks}",
        because="You have {{ weeks.value }}.",
    )
    pattern = Pattern("work", (a_test("letter", "known"),))
    kind = rule.when[0].kind
    assert rule.when == (Tally(kind, pattern, "weeks", (a_test("", "at_least", 8),), "weeks"),)


def test_a_text_says_what_it_holds_and_takes_its_names_from_the_rule():
    rule = rule_of(
        "- letter: {as: letter}",
        because="'You  have {{letter.weeks}} of {{ parameter.test.weeks }}, {{ applicant.stage }}.'",
    )
    assert rule.because.parts == (
        "You have ",
        Reference("letter", "weeks"),
        " of ",
        ParameterReference("test.weeks"),
        ", ",
        Reference("applicant", "stage"),
        ".",
    )


@pytest.mark.parametrize(
    ("when", "then", "because"),
    [
        ("- letter: {writer: $applicant.named}", BAD, "You."),
        ("- letter: {waived: true}", "- point: {number: $applicant.season}", "You."),
        ("- letter: {waived: true}", BAD, "'You in {{ applicant.season }}.'"),
        ("- not: {letter: {writer: $applicant.named}}", BAD, "You."),
        ("- letter: {writer: $applicant.named}", "- point: {number: $applicant.season}", "You."),
    ],
    ids=["test", "conclusion", "words", "negation", "twice"],
)
def test_a_fact_of_which_there_is_one_is_bound_by_a_hidden_pattern(when: str, then: str, because: str):
    rule = rule_of(when, then, because)
    assert [pattern for pattern in rule.patterns() if pattern.hidden] == [
        Pattern("applicant", (), "applicant", hidden=True)
    ]


def test_a_pattern_of_ones_own_on_it_is_not_doubled():
    rule = rule_of("- applicant: {as: applicant, stage: student}", "- point: {number: $applicant.season}")
    assert rule.when == (Pattern("applicant", (a_test("stage", "is", "student"),), "applicant"),)


def test_a_list_of_stages_is_a_hidden_test_on_the_stage():
    rule = rule_of("- letter: {waived: true}", more="    stages: [student, graduate]\n")
    assert rule.when == (
        Pattern("applicant", (a_test("stage", "in", ("student", "graduate")),), hidden=True),
        Pattern("letter", (a_test("waived", "is", True),)),
    )


def test_stages_need_a_vocabulary_that_has_them():
    nobody = vocabulary_of(VOCABULARY.replace("      stage: {", "      phase: {"))
    text = written("- letter: {waived: true}", more="    stages: [student]\n")
    assert found_in(text, vocabulary=nobody) == ["rule.stages"]


@pytest.mark.parametrize(
    ("more", "status", "as_of", "with_drafts", "lives"),
    [
        ("", "stable", date(2026, 9, 10), False, True),
        ("", "draft", date(2026, 9, 10), False, False),
        ("", "draft", date(2026, 9, 10), True, True),
        ("", "retired", date(2026, 9, 10), True, False),
        ("    valid: {from: 2026-09-10}\n", "stable", date(2026, 9, 9), False, False),
        ("    valid: {from: 2026-09-10}\n", "stable", date(2026, 9, 10), False, True),
        ("    valid: {to: 2026-09-10}\n", "stable", date(2026, 9, 10), False, True),
        ("    valid: {to: 2026-09-10}\n", "stable", date(2026, 9, 11), False, False),
        ("    valid: {from: 2026-09-10, to: 2026-09-10}\n", "draft", date(2026, 9, 10), True, True),
        ("    valid: {from: 2026-09-10, to: 2026-09-10}\n", "draft", date(2026, 9, 11), True, False),
    ],
)
def test_a_rule_lives_by_its_status_and_its_days(more: str, status: str, as_of: date, with_drafts: bool, lives: bool):
    rule = replace(rule_of("- letter: {waived: true}", more=more), status=Status(status))
    assert rule.is_live(as_of, with_drafts=with_drafts) is lives


@pytest.mark.parametrize(
    ("when", "codes"),
    [
        ("- letter: {as: letter}\n- work: {letter: $letter.id}", []),
        ("- letter: {as: letter}\n- not: {grade: {letter: $letter.id}}", []),
        ("- work: {as: work}\n- letter: {id: $work.letter}", []),
        ("- work: {as: work}\n- letter: {id: $work.id}", ["type.reference"]),
        ("- work: {as: work}\n- letter: {writer: $work.letter}", ["type.reference"]),
        ("- letter: {as: letter}\n- work: {weeks: $letter.weeks}", []),
        ("- letter: {as: letter}\n- work: {weeks: $letter.months}", ["type.unit"]),
        ("- letter: {as: letter}\n- work: {weeks: {at_least: {plus: [$letter.months, 1]}}}", ["type.unit"]),
        ("- letter: {as: letter}\n- work: {weeks: {between: [$letter.weeks, $letter.sent]}}", ["type.reference"]),
        ("- letter: {months: {at_least: $parameter.test.weeks}}", ["type.unit"]),
        ("- letter: {writer: {in: $applicant.states}}", []),
        ("- letter: {writer: $applicant.stage}", []),
        ("- applicant: {states: {contains: $applicant.named}}", []),
    ],
)
def test_a_reference_compares_like_with_like(when: str, codes: list[str]):
    assert found_in(written(when)) == codes


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        ("$letter.id", []),
        ("$work.letter", []),
        ("$work.id", ["type.reference"]),
        ("$letter.writer", ["type.reference"]),
        ("first", []),
    ],
)
def test_a_concluded_label_names_an_entry_of_its_section(value: str, codes: list[str]):
    when = "- letter: {as: letter, weeks: $work.weeks}\n- work: {as: work, letter: $letter.id}"
    assert found_in(written(when, f"- grade: {{letter: {value}}}")) == codes


def test_a_total_of_conclusions_needs_their_origin():
    when = "- any:\n    - total: {point: {}, of: number, at_least: 3}\n    - letter: {waived: true}"
    assert found_in(written(when)) == ["rule.total-without-origin"]


def test_two_files_may_share_a_topic_but_no_rule_id():
    first, second = written("- letter: {waived: true}"), written("- letter: {waived: false}")
    found = read_rules([parse(first, "a.yaml"), parse(second, "b.yaml")], TYPES, NAMES)[2]
    assert [(f.code, f.location.path, [str(place) for place, _ in f.related]) for f in found] == [
        ("rule.duplicate-id", "b.yaml", ["a.yaml:5:5"])
    ]
    assert found_in(first, second.replace("test.rule", "test.other")) == []


def test_the_order_of_files_changes_nothing():
    texts = [written("- letter: {waived: true}").replace("test.rule", f"test.rule-{n}") for n in range(5)]
    nodes = [parse(text, f"{number}.yaml") for number, text in enumerate(texts)]
    assert load_rules(nodes, TYPES, NAMES) == load_rules(nodes[::-1], TYPES, NAMES)


def test_a_negation_is_one_pattern():
    assert rule_of("- not: {letter: {waived: true}}").when == (
        Negation(Pattern("letter", (a_test("waived", "is", True),))),
    )


# --- words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "{{ name }}",
        "{{ name.field | upper }}",
        "{{ name.field.more }}",
        "{{ name.field() }}",
        "{{ 'x' }}",
        "{{ a.b if c.d }}",
        "{{ a . b }}",
        "{{}}",
        "{{ {{ a.b }} }}",
        "{% for x in y %}",
        "{# a remark #}",
        "{{ a.b",
        "a.b }}",
    ],
)
def test_a_text_names_fields_and_nothing_else(text: str):
    reader = Reader()
    read_words(text, Location("rules.yaml", 1, 1), reader)
    assert {problem.code for problem in reader.problems} <= {"words.interpolation", "words.template"}
    assert reader.problems


@pytest.mark.parametrize("text", ["", "Plain.", "One { brace } or two }.", "A % and a #.", "Ünïcode."])
def test_a_text_without_names_stays_as_it_is(text: str):
    reader = Reader()
    words = read_words(text, Location("rules.yaml", 1, 1), reader)
    assert (words, reader.problems) == (Words((text,) if text else (), text), [])


# --- vocabularies -------------------------------------------------------------------------------------------------

MADE = "types:\n  thing:\n    meaning: A thing.\n    supplied_by: rules\n    fields:\n      size: {type: number, meaning: A size}\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("- types", ["form.mapping"]),
        ("about: Nothing.", ["form.mapping"]),
        ("types: {}\nfacts: {}", ["form.unknown-key"]),
        ("types: {thing: {}}", ["form.mapping", *["form.missing-key"] * 3]),
        ("types: {thing: word}", ["form.mapping"]),
        (MADE.replace("thing", "count"), ["vocabulary.reserved"]),
        (MADE.replace("thing", "at_least"), ["vocabulary.reserved"]),
        (MADE.replace("thing", "the thing"), ["vocabulary.name"]),
        (MADE.replace("rules", "nobody"), ["form.choice"]),
        (MADE + "    label: name\n", ["vocabulary.unknown-field"]),
        (MADE + "    one_per: [siez]\n", ["vocabulary.unknown-field"]),
        (MADE + "    assume: []\n", ["vocabulary.assumption"]),
    ],
)
def test_a_bad_vocabulary_is_refused(text: str, found: list[str]):
    with pytest.raises(Problems) as caught:
        vocabulary_of(text)
    assert [problem.code for problem in caught.value.diagnostics] == found


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("other: number", ["form.mapping"]),
        ("other: {}", ["form.missing-key"] * 2),
        ("other: {type: digits, meaning: M}", ["form.choice"]),
        ("other: {type: digits, meaning: M, values_of: thing.size}", ["form.choice"]),
        ("other: {type: number, meaning: M, maximum: 3}", ["form.unknown-key"]),
        ("other: {type: number, meaning: M, min: few}", ["value.number"]),
        ("other: {type: number, meaning: M, min: 9, max: 3}", ["vocabulary.limits"]),
        ("other: {type: number, meaning: M, whole: often}", ["value.boolean"]),
        ("other: {type: number, meaning: M, shelf_life: 1.5}", ["vocabulary.shelf-life"]),
        ("other: {type: number, meaning: M, shelf_life: 0}", ["vocabulary.shelf-life"]),
        ("other: {type: number, meaning: M, lasting: true}", ["vocabulary.lasting"]),
        ("other: {type: number, meaning: M, lasting: [so]}", ["vocabulary.lasting"] * 2),
        ("other: {type: choice, meaning: M}", ["vocabulary.values"]),
        ("other: {type: choice, meaning: M, values: [a, b]}", ["vocabulary.values", "form.mapping"]),
        ("other: {type: choice, meaning: M, values_from: acts}", ["vocabulary.registry"]),
        ("other: {type: choice, meaning: M, values_of: thong.size}", ["vocabulary.values", "vocabulary.unknown-field"]),
        ("other: {type: label, meaning: M, of: thong}", ["vocabulary.unknown-type"]),
        ("other: {type: number, meaning: M, computed: {difference: [size]}}", ["vocabulary.computed"]),
        ("other: {type: number, meaning: M, computed: {difference: [size, weight]}}", ["vocabulary.unknown-field"]),
        (
            "other: {type: number, meaning: M, computed: {sum: [size, size]}}",
            ["vocabulary.computed", "form.unknown-key"],
        ),
        ("as: {type: number, meaning: M}", ["vocabulary.reserved"]),
        ("a name: {type: number, meaning: M}", ["vocabulary.name"]),
        ("a.name: {type: number, meaning: M}", ["vocabulary.name"]),
        ("größe: {type: number, meaning: M}", ["vocabulary.name"]),
    ],
)
def test_a_bad_field_of_a_vocabulary_is_refused(field: str, found: list[str]):
    with pytest.raises(Problems) as caught:
        vocabulary_of(f"{MADE}      {field}\n")
    assert [problem.code for problem in caught.value.diagnostics] == found


def test_a_fact_type_is_declared_once_in_all_files():
    with pytest.raises(Problems) as caught:
        vocabulary_of(VOCABULARY, "types:\n  letter: {meaning: Again, supplied_by: rules, fields: {}}\n")
    (problem,) = caught.value.diagnostics
    assert render(problem) == (
        "vocabulary-2.yaml:2:3: error[vocabulary.duplicate-type] Fact type 'letter' is declared twice. "
        "Delete one, or rename it.\n"
        "      letter: {meaning: Again, supplied_by: rules, fields: {}}\n"
        "      ^\n"
        "  vocabulary-1.yaml:12:3: the first one\n"
        "      letter:\n"
        "      ^"
    )


@pytest.mark.parametrize(
    ("of_the_type", "of_the_field", "topics"),
    [
        ("", "", None),
        ("", "protected: true", ()),
        ("", "protected: false", None),
        ("", "protected: [visa]", ("visa",)),
        ("protected: [visa]", "", ("visa",)),
        ("protected: [visa]", "protected: true", ()),
        ("protected: true", "", ()),
    ],
)
def test_a_field_is_protected_by_its_own_word_or_its_types(of_the_type: str, of_the_field: str, topics):
    text = f"{MADE}      other: {{type: number, meaning: Another, {of_the_field}}}\n    {of_the_type}\n"
    assert vocabulary_of(text).types["thing"].fields["other"].protected == topics


# --- how findings read --------------------------------------------------------------------------------------------


def test_a_finding_names_its_place_shows_its_line_and_says_what_to_do():
    text = written("- letter: {wekes: 3}")
    (finding,) = read_rules([parse(text, "rules.yaml")], TYPES, NAMES)[2]
    assert render(finding) == (
        "rules.yaml:13:18: error[name.field] 'letter' has no field 'wekes'. Did you mean 'weeks'?\n"
        "          - letter: {wekes: 3}\n"
        "                     ^"
    )


def test_findings_come_in_the_order_of_their_places():
    places = [Location("b", 1, 1), Location("a", 10, 1), Location("a", 2, 9), Location("a", 2, 3), Location("a")]
    problems = Problems(Diagnostic("code", "What.", "Do this.", place) for place in places)
    assert [str(problem.location) for problem in problems.diagnostics] == ["a", "a:2:3", "a:2:9", "a:10:1", "b:1:1"]


def test_a_long_line_is_cut_around_its_place():
    line = "x" * 300 + "!" + "x" * 300
    shown = render(Diagnostic("code", "What.", "Do this.", Location("a", 1, 301, line))).splitlines()
    assert [len(part) for part in shown[1:]] == [104, 64]
    assert shown[1][shown[2].index("^")] == "!"
