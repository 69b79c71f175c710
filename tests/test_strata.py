"""The order of the rules: what is read strictly is finished first, and what could never be decided is refused by name."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from smartpick_expert.diagnostics import Problems, render
from smartpick_expert.engine.strata import may_match, stratify
from smartpick_expert.language.loader import KnownNames, load_rules
from smartpick_expert.language.model import Conclusion, Constant, Negation, Pattern, Reference, Rule
from smartpick_expert.language.model import Test as FieldTest
from smartpick_expert.language.operators import OPERATORS
from smartpick_expert.language.source import parse
from smartpick_expert.language.values import UNKNOWN
from smartpick_expert.language.vocabulary_loader import load_vocabulary

# Types a, b, c and d have the same two fields; `given` is what a profile lists.
FIELDS = "{kind: {type: choice, meaning: A kind, values: {one: one, two: two}}, size: {type: number, meaning: A size}}"
VOCABULARY = load_vocabulary(
    [
        parse(
            "types:\n"
            + "".join(
                f"  {name}: {{meaning: A fact, supplied_by: {supplier}, fields: {FIELDS}}}\n"
                for name, supplier in (("given", "profile"), *((name, "rules") for name in "abcd"))
            ),
            "vocabulary.yaml",
        )
    ],
    {},
    OPERATORS,
)


def rules_of(text: str) -> tuple[Rule, ...]:
    """Rules written `name: condition; condition => conclusion`, a line each."""
    written = "topic: t\nabout: Rules.\nrules:\n"
    for line in text.strip().splitlines():
        name, _, rest = line.strip().partition(": ")
        when, _, then = rest.partition(" => ")
        conditions = "".join(f"      - {condition.strip()}\n" for condition in when.split(";"))
        written += (
            f"  - id: t.{name}\n    title: T\n    kind: perception\n    status: stable\n    sources: [claim:x]\n"
            "    owner: o\n    review_by: 2027-06-01\n    because: You.\n    rationale: None.\n"
            f"    when:\n{conditions}    then:\n      - {then}\n"
        )
    names = KnownNames(sources=frozenset({"claim:x"}))
    return load_rules([parse(written, "rules.yaml")], VOCABULARY, names)[0].rules


def strata_of(text: str) -> list[str]:
    """The rules of each stratum, by their names."""
    return [" ".join(rule.id.removeprefix("t.") for rule in stratum) for stratum in stratify(rules_of(text))]


def circles_of(text: str) -> list[tuple[str, tuple[str, ...]]]:
    with pytest.raises(Problems) as caught:
        stratify(rules_of(text))
    assert {problem.code for problem in caught.value.diagnostics} == {"rule.circle"}
    return [(p.message.partition(": ")[2], tuple(role for _, role in p.related)) for p in caught.value.diagnostics]


@pytest.mark.parametrize(
    ("text", "strata"),
    [
        ("x: given: {} => a: {kind: one}\ny: a: {} => b: {kind: one}", ["x y"]),
        ("x: given: {} => a: {kind: one}\ny: not: {a: {}} => b: {kind: one}", ["x", "y"]),
        ("x: given: {} => a: {kind: one}\ny: count: {a: {}, at_least: 2} => b: {kind: one}", ["x", "y"]),
        ("x: given: {} => a: {size: 1}\ny: highest: {a: {}, of: size, above: 1} => b: {kind: one}", ["x", "y"]),
        ("x: given: {} => a: {kind: one}\ny: any: [{a: {}}, {given: {}}] => b: {kind: one}", ["x", "y"]),
        ("x: given: {} => a: {kind: one}\ny: any: [{all: [{given: {}}, {not: {a: {}}}]}, {given: {}}] => b: {size: 1}", ["x", "y"]),
        ("y: not: {given: {}} => b: {kind: one}", ["y"]),
        ("x: not: {b: {}} => a: {size: 1}\ny: given: {} => b: {size: 1}\nz: not: {a: {}} => c: {size: 1}", ["y", "x", "z"]),
        ("x: given: {} => a: {size: 1}\ny: a: {} => b: {size: 1}\nz: not: {b: {}} => c: {size: 1}", ["x y", "z"]),
    ],
    ids=["plain", "not", "count", "highest", "any", "not-in-any", "given", "two-steps", "handed-on"],
)  # fmt: skip
def test_what_is_read_strictly_is_finished_first(text: str, strata: list[str]):
    assert strata_of(text) == strata


@pytest.mark.parametrize(
    "text",
    [
        "x: not: {a: {kind: two}} => a: {kind: one}",
        "x: not: {a: {size: {above: 3}}} => a: {size: 3}",
        "x: not: {a: {size: {known: true}}} => a: {kind: one}",
        "x: count: {a: {kind: {is_not: one}}, at_least: 1} => a: {kind: one}",
        "x: any: [{a: {kind: {in: [two]}}}, {given: {}}] => a: {kind: one}",
        "x: not: {b: {kind: one}} => a: {kind: one}\ny: a: {kind: two} => b: {kind: one}",
    ],
)
def test_constants_that_differ_make_no_circle(text: str):
    assert len(strata_of(text)) == 1 or strata_of(text) == ["y", "x"]


@pytest.mark.parametrize(
    ("text", "circle"),
    [
        ("x: not: {a: {}} => a: {kind: one}", ""),
        ("x: count: {a: {}, at_least: 1} => a: {kind: one}", ""),
        ("x: not: {b: {}} => a: {size: 1}\ny: a: {} => b: {size: 1}", "t.x -> t.y -> t.x."),
        ("x: any: [{b: {}}, {given: {}}] => a: {size: 1}\ny: a: {} => b: {size: 1}", "t.x -> t.y -> t.x."),
        ("x: lowest: {b: {}, of: size, at_least: 1} => a: {size: 1}\ny: a: {} => b: {size: 1}", "t.x -> t.y -> t.x."),
        ("x: a: {} => b: {size: 1}\ny: b: {} => c: {size: 1}\nz: not: {c: {}} => a: {size: 1}", "t.z -> t.x -> t.y -> t.z."),
    ],
)  # fmt: skip
def test_a_circle_through_a_strict_reading_is_refused(text: str, circle: str):
    (found,) = circles_of(text)
    assert found[0] == circle


def test_each_circle_is_told_with_the_places_of_its_rules():
    rules = rules_of(
        "x: not: {b: {}} => a: {size: 1}\ny: a: {} => b: {size: 1}\nv: not: {d: {}} => c: {size: 1}\nw: c: {} => d: {size: 1}"
    )
    with pytest.raises(Problems) as caught:
        stratify(rules)
    hint = "Break the circle: let a rule in it look at something that does not depend on what it concludes."
    what = "These rules wait for one another, through a not, any or tally, so that none could ever be decided:"
    assert [render(problem).splitlines()[0] for problem in caught.value.diagnostics] == [
        f"rules.yaml:4:5: error[rule.circle] {what} t.x -> t.y -> t.x. {hint}",
        f"rules.yaml:30:5: error[rule.circle] {what} t.v -> t.w -> t.v. {hint}",
    ]
    assert [[(str(place), role) for place, role in p.related] for p in caught.value.diagnostics] == [
        [("rules.yaml:17:5", "rule t.y")],
        [("rules.yaml:43:5", "rule t.w")],
    ]


def test_rules_that_conclude_for_one_another_are_no_circle():
    assert strata_of("x: a: {} => b: {size: 1}\ny: b: {} => a: {size: 1}\nz: not: {a: {}} => c: {size: 1}") == [
        "x y",
        "z",
    ]


def test_a_rule_may_conclude_for_itself():
    assert strata_of("x: a: {kind: one} => a: {kind: one}") == ["x"]


@pytest.mark.parametrize(
    ("conclusion", "operator", "operands", "may"),
    [
        (Constant(3), "is", (Constant(3),), True),
        (Constant(3), "is", (Constant(4),), False),
        (Constant(3), "is_not", (Constant(3),), False),
        (Constant(3), "between", (Constant(4), Constant(UNKNOWN)), False),
        (Constant(3), "between", (Constant(2), Constant(UNKNOWN)), True),
        (Constant(3), "is", (Reference("x", "y"),), True),
        (Constant(3), "unknown", (), False),
        (Reference("x", "y"), "is", (Constant(4),), True),
        (Reference("x", "y"), "unknown", (), True),
        (None, "is", (Constant(3),), False),
        (None, "is_not", (Constant(3),), False),
        (None, "known", (), False),
        (None, "unknown", (), True),
    ],
)
def test_a_conclusion_may_match_a_pattern_unless_constants_forbid_it(conclusion, operator: str, operands, may: bool):
    test = FieldTest("size", OPERATORS[operator], operands)
    values = () if conclusion is None else (("size", conclusion),)
    assert may_match(Conclusion("a", values), Pattern("a", (test,))) is may


def test_the_order_of_the_rules_changes_nothing():
    rules = rules_of(
        "x: given: {} => a: {size: 1}\ny: not: {a: {}} => b: {size: 1}\nz: b: {}; a: {} => c: {size: 1}\n"
        "w: count: {c: {}, at_least: 1} => d: {size: 1}\nv: given: {} => c: {size: 2}"
    )
    expected = stratify(rules)
    chance = random.Random(1)
    for _ in range(20):
        assert stratify(tuple(chance.sample(rules, len(rules)))) == expected


def test_no_rules_are_no_strata():
    assert stratify(()) == ()


def test_a_thousand_rules_in_a_row_are_ordered_without_recursion():
    (template,) = rules_of("x: not: {a: {}} => a: {size: 1}")
    rules = tuple(
        replace(
            template,
            id=f"t.r{number:04}",
            when=(Negation(Pattern(f"type-{number}")),),
            then=(Conclusion(f"type-{number + 1}", ()),),
        )
        for number in range(1_500)
    )
    assert [[rule.id for rule in stratum] for stratum in stratify(rules)] == [[rule.id] for rule in rules]
