"""How durable-rules reads and compares values: by spelling, by sign, by chance."""

from __future__ import annotations

import pytest

from tests.contract.core import ALWAYS, Ruleset, fires, in_child, joined, refusal, when

pytestmark = pytest.mark.measured

VALUES = (1, 1.0, "1", True, "true", 0, False, "false")


@pytest.mark.parametrize(
    ("rule", "equal"),
    [
        (1, [1, 1.0, True]),
        ("1", [1, "1"]),
        (True, [1, 1.0, True, "true"]),
        ("true", [True, "true"]),
        (0, [0, False]),
        (False, [0, False, "false"]),
    ],
)
def test_numbers_truths_and_texts_are_made_alike_before_they_are_compared(rule: object, equal: list[object]):
    # How long a number of a rule is as a text is never set, so that its likeness to a text of a fact is luck.
    luck = str if type(rule) is int else ()
    found = [value for value in VALUES if not isinstance(value, luck) and fires({"x": rule}, {"x": value})]
    assert list(map(repr, found)) == list(map(repr, equal))


def test_a_text_and_a_number_stand_in_an_order_that_means_nothing():
    pairs = [("abc", 5), ("10", 5), ("5", 10)]
    assert [fires({"$gt": {"x": rule}}, {"x": value}) for rule, value in pairs] == [False, True, False]


@pytest.mark.parametrize(
    ("left", "right", "equal"), [(1, 1, True), (1, 1.0, False), (1, "1", True), (True, "true", True), (True, 1, False)]
)
def test_joined_values_are_compared_by_their_spelling(left, right, equal, rulesets: list[Ruleset]):
    for one, other in ((left, right), (right, left)):
        rulesets.append(Ruleset({"r": joined({"b": {"p0": "a"}}, ALWAYS)}))
        assert bool(rulesets[-1].told(_fact(1, "a", one), _fact(2, "b", other))[1]) is equal


def _fact(kind: int, name: str, value: object) -> dict[str, object]:
    return {"id": str(kind), "t": kind, "_": True, name: value}


@pytest.mark.parametrize(
    ("spelling", "error"), [("1e-07", 204), ("1e22", 204), ("1e5", 204), ("-Infinity", 204), ("Infinity", 202)]
)
def test_a_number_with_an_exponent_or_without_an_end_is_refused(spelling: str, error: int, rulesets: list[Ruleset]):
    rulesets.append(Ruleset({"r": when({"$ex": {"x": 1}})}))
    assert refusal('{"r":{"all":[{"p0":{"x":' + spelling + "}}]}}") == error
    assert rulesets[0].code('{"id":"1","x":' + spelling + "}") == error


def test_an_exponent_behind_a_point_is_read():
    assert fires('{"x":1.5e3}', '{"x":1500}') is True


def test_a_fact_that_cannot_be_read_ends_its_batch_without_a_word(rulesets: list[Ruleset]):
    rulesets.append(Ruleset({"r": when({"k": 1})}))
    code, batches = rulesets[0].told('[{"id":"1","k":1},{"id":"2","k":1,"x":1e22},{"id":"3","k":1}]')
    assert (code, batches) == (0, [("r", [{"p0": "1"}])])


def test_what_is_not_a_number_is_null():
    assert [fires('{"x":null}', '{"x":NaN}'), fires('{"$ex":{"x":1}}', '{"x":NaN}')] == [True, True]


@pytest.mark.parametrize("spelling", ["9223372036854775808", "18446744073709551616"])
def test_a_whole_number_past_64_bits_is_the_largest_there_is(spelling: str):
    assert fires('{"x":9223372036854775807}', '{"x":' + spelling + "}") is True
    assert fires('{"x":-9223372036854775808}', '{"x":-' + spelling + "9}") is True
    assert fires('{"x":0}', '{"x":' + spelling + "}") is False


def test_a_whole_number_divided_by_nothing_ends_the_process():
    divided = '{"x": {"$div": {"$l": {"$m": "a"}, "$r": {"$m": "b"}}}}'
    told = f'Ruleset({{"r": when({divided})}}).fired({{"id": "1", "x": 3, "a": 7, "b": %s}})'
    assert [in_child(f"print({told % b})").output for b in (2,)] == ["['r']"]
    assert in_child(told % 0).how == "SIGFPE"


def test_null_exists_and_equals_null_alone():
    pairs = [
        ({"x": None}, None),
        ({"$ex": {"x": 1}}, None),
        ({"$neq": {"x": None}}, 1),
        ({"x": None}, 1),
        ({"x": 1}, None),
    ]
    assert [fires(pattern, {"x": value}) for pattern, value in pairs] == [True, True, True, False, False]


def test_null_is_neither_more_nor_less_nor_other_than_a_number():
    assert [fires({op: {"x": 1}}, {"x": None}) for op in ("$lt", "$lte", "$gt", "$gte", "$neq")] == [False] * 5


def test_a_list_equals_nothing_and_differs_from_nothing():
    patterns = ({"x": "a"}, {"$neq": {"x": "a"}}, {"$ex": {"x": 1}})
    assert [fires(pattern, {"x": ["a", "b"]}) for pattern in patterns] == [False, False, True]


def test_what_is_empty_exists():
    assert [fires({"$ex": {"x": 1}}, {"x": value}) for value in ([], {}, "")] == [True, True, True]


def test_all_of_an_empty_list_is_false():
    assert [fires({"$iall": {"x": {"$i": 1}}}, {"x": value}) for value in ([], [1, 1], [1, 2])] == [False, True, False]


def test_texts_are_compared_in_their_json_spelling():
    plain, escaped, slash = '{"x":"Zürich"}', '{"x":"Z\\u00fcrich"}', '{"x":"a\\/b"}'
    assert [fires(plain, escaped), fires(escaped, escaped), fires('{"x":"a/b"}', slash)] == [False, True, False]


def test_texts_that_look_alike_may_differ():
    assert fires('{"x":"Z\u00fcrich"}', '{"x":"Zu\u0308rich"}') is False


def test_letters_without_case_are_those_of_ascii():
    pairs = [("zurich", "ZURICH"), ("zürich", "ZÜRICH")]
    assert [fires('{"$imt":{"x":"' + rule + '"}}', '{"x":"' + text + '"}') for rule, text in pairs] == [True, False]


def test_dates_as_texts_stand_in_order():
    assert [fires({"$gt": {"x": "2026-01-31"}}, {"x": day}) for day in ("2026-02-01", "2026-01-30")] == [True, False]


@pytest.mark.parametrize(("length", "alike"), [(65_535, "x" * 65_535), (65_536, ""), (65_540, "xxxx")])
def test_texts_of_65536_bytes_and_more_equal_their_first_few(length: int, alike: str, rulesets: list[Ruleset]):
    rulesets.append(Ruleset({"r": when({"x": "x" * length})}))
    facts = [{"id": "1", "x": alike}, {"id": "2", "x": "y"}]
    assert rulesets[0].told(*facts)[1] == [("r", [{"p0": "1"}])]
