"""`durable.engine` and `durable.lang`, the Python layer above the core, and why we never use it. Each in a process of its own."""

from __future__ import annotations

import pytest

from tests.contract.core import ENDLESS, in_child

pytestmark = pytest.mark.measured

# A host with one ruleset called x; each rule is a pattern and what it runs.
HOST = """
import functools, logging, threading, time
logging.disable(logging.CRITICAL)
from durable import engine as layer, lang
def host(*rules):
    return layer.Host({"x": {f"r{n}": {"all": [{"m": pattern}], "run": run} for n, (pattern, run) in enumerate(rules)}})
def kind(of, *arguments):
    try:
        of(*arguments)
    except Exception as error:
        return type(error).__name__
K1, THERE, fired = {"k": 1}, {"id": "1", "k": 1}, []
def note(c): fired.append(c.m.id)
"""


def printed(code: str) -> list[str]:
    """What the code prints, line by line."""
    return in_child(HOST + code).output.splitlines()


def test_each_host_starts_two_threads_that_never_end():
    code = """
hosts = [host((K1, note)) for _ in range(5)]
time.sleep(1)
print(threading.active_count())
"""
    assert printed(code) == ["11"]


def test_what_a_failed_batch_left_over_is_fired_by_another_thread():
    code = """
one = host((K1, lambda c: fired.append((c.m.id, threading.current_thread() is threading.main_thread()))))
print(kind(one.assert_facts, "x", [THERE, {"id": "2", "k": 2}]), fired)
time.sleep(1)
print(fired)
"""
    assert printed(code) == ["MessageNotHandledException []", "[('1', False)]"]


def test_an_exception_in_an_action_is_kept_as_a_text_and_the_next_rule_fires():
    code = """
for error in (ValueError, KeyboardInterrupt, SystemExit):
    def fail(c): raise error("no")
    one = host((K1, fail), (K1, note))
    print(one.assert_fact("x", THERE)["exception"].startswith("exception caught no"), fired)
"""
    assert printed(code) == ["True ['1']", "True ['1', '1']", "True ['1', '1', '1']"]


def test_an_action_that_takes_more_than_ten_seconds_vanishes_with_all_behind_it():
    code = """
now = [0.0]
layer._unix_now = lambda: now[0]
def slow(c): now[0] += 11; note(c)
one = host((K1, slow), (K1, note))
print(one.assert_fact("x", THERE))
time.sleep(1)
print(fired)
"""
    assert printed(code) == ["0", "['1']"]


@pytest.mark.parametrize("pattern", ['{"$nex": {"x": 1}}', '{"$ex": {"sid": 1}}'])
def test_a_rule_that_the_session_itself_meets_never_ends(pattern: str):
    assert in_child(HOST + f'host(({pattern}, lambda c: None)).assert_fact("x", THERE)').how == ENDLESS


def test_a_missing_field_beside_another_condition_ends():
    code = """host(({"$and": [K1, {"$nex": {"x": 1}}]}, note)).assert_fact("x", THERE); print(fired)"""
    assert printed(code) == ["['1']"]


def test_a_rule_that_concludes_something_new_each_time_never_ends():
    code = """
def more(c): c.assert_fact({"id": str(c.m.k + 1), "k": c.m.k + 1})
host(({"$ex": {"k": 1}}, more)).assert_fact("x", THERE)
"""
    assert in_child(HOST + code).how == ENDLESS


def test_a_fact_that_no_rule_looks_at_and_one_that_was_seen_are_exceptions():
    code = """
one = host((K1, note))
one.assert_fact("x", {"k": 1})
print(kind(one.assert_fact, "x", {"k": 2}), kind(one.assert_fact, "x", {"k": 1}))
"""
    assert printed(code) == ["MessageNotHandledException MessageObservedException"]


def test_two_rules_that_conclude_the_same_fail_without_a_word():
    code = """
conclude = lambda c: c.assert_fact({"z": 1})
one = host((K1, conclude), (K1, conclude), ({"z": 1}, note))
print("exception caught" in one.assert_fact("x", THERE)["exception"], len(fired))
"""
    assert printed(code) == ["True 1"]


def test_what_was_concluded_stays_when_its_premise_goes():
    code = """
one = host((K1, lambda c: c.assert_fact({"id": "2", "z": 1})), ({"z": 1}, note))
one.assert_fact("x", THERE)
one.retract_fact("x", THERE)
print([fact["id"] for fact in one.get_facts("x")])
"""
    assert printed(code) == ["['2']"]


def test_it_writes_into_what_it_is_given():
    code = """
given, rules = {"id": "2", "z": 1}, {"x": {"r": {"all": [{"m": K1}], "run": lambda c: c.assert_fact(given)}}}
kind(layer.Host(rules).assert_fact, "x", THERE)
print(given, "run" in rules["x"]["r"], kind(layer.Host, rules))
"""
    assert printed(code) == ["{'id': '2', 'z': 1, 'sid': '0'} False KeyError"]


def test_a_name_is_registered_once():
    assert printed('one = host((K1, note)); print(kind(one.register_rulesets, {"x": {}}))') == ["Exception"]


def test_a_second_parameter_makes_an_action_asynchronous():
    code = """
def run(c, extra=3): fired.append(callable(extra)); extra(None)
host((K1, run)).assert_fact("x", THERE)
print(fired)
"""
    assert printed(code) == ["[True]"]


def test_an_action_must_be_a_plain_function():
    code = """
class Called:
    def __call__(self, c): pass
print([kind(host, (K1, run)) for run in (functools.partial(note), Called())])
"""
    assert printed(code) == ["['AttributeError', 'AttributeError']"]


def test_a_message_is_half_a_mapping():
    code = """
def look(c):
    fired.extend([callable(c.m.items), c.m["items"], kind(lambda: list(c.m)), kind(lambda: c.m.get("k"))])
host((K1, look)).assert_fact("x", {"id": "1", "k": 1, "items": 5})
print(fired)
"""
    assert printed(code) == ["[True, 5, 'TypeError', 'TypeError']"]
