"""Where durable-rules touches memory that is not its own.

Whether that ends the process is luck. glibc, told to fill what it hands out, makes the luck bad each time; an address
sanitizer sees the rest, so those tests run in its environment alone (tests/sanitizer.sh).
"""

from __future__ import annotations

import os

import pytest

from tests.contract.core import KILLED, in_child

pytestmark = pytest.mark.measured

SANITIZED = "asan" in os.environ.get("LD_PRELOAD", "")
sanitized = pytest.mark.skipif(not SANITIZED, reason="tests/sanitizer.sh runs it")
unsanitized = pytest.mark.skipif(SANITIZED, reason="the sanitizer takes the place of the memory that is filled")

FORGOTTEN = """
handle = engine.create_ruleset("contract", '{"r": {"all": [{"m": {"k": 1}}]}}')
engine.assert_fact(handle, '{"id": "1", "k": %d}')
engine.delete_state(handle, "0")
"""
FALSE_JOIN = """
ruleset = Ruleset({"r": joined({"$gt": {"b": {"p0": "a"}}}%s)})
print(ruleset.told({"id": "1", "t": 1, "_": 1, "a": 1}, {"id": "2", "t": 2, "_": 1, "b": 0}))
"""
RETRACTED = """
ruleset = Ruleset({"r": {"all": [
    {"p0": {"t": 1}}, {"p1": {"$and": [{"t": 2}, ALWAYS]}}, {"p2$not": {"$and": [{"t": 1}, ALWAYS]}}], "dist": 0}})
facts = [{"id": "1", "t": 2, "_": True}, {"id": "2", "t": 1, "_": True}, {"id": "3", "t": 2, "_": True}]
ruleset.told(*facts)
engine.retract_facts(ruleset.handle, dump(facts[:2]))
"""


def reported(code: str) -> list[str]:
    """The sanitizer's words about a child: what happened, and in which function of the core."""
    errors = in_child(code).errors
    summaries = [line for line in errors.splitlines() if line.startswith("SUMMARY: AddressSanitizer: ")]
    core = [line.split()[3] for line in errors.splitlines() if line.strip().startswith("#") and " src/rules" in line]
    return [*(line.split()[2] for line in summaries), *core[:1]]


@unsanitized
@pytest.mark.parametrize("value", [1, 2])
def test_deleting_a_state_in_which_no_action_was_started_frees_what_was_never_set(value: int):
    """Whether the fact was looked at makes no difference; in memory that happens to be empty it goes well."""
    assert in_child(FORGOTTEN % value, MALLOC_PERTURB_="165").how == KILLED


def test_deleting_a_state_after_an_action_is_sound():
    code = (
        'ruleset = Ruleset({"r": when({"k": 1})}); ruleset.told({"id": "1", "k": 2}); ruleset.forget(); ruleset.close()'
    )
    child = in_child(code, MALLOC_PERTURB_="165")
    assert (child.how, child.errors) == ("", "")


@sanitized
@pytest.mark.parametrize("value", [1, 2])
def test_freeing_what_was_never_set_is_reported(value: int):
    assert reported(FORGOTTEN % value) == ["BUS", "deleteStateNode"]


@sanitized
def test_a_last_join_that_is_false_reads_past_the_expressions():
    assert reported(FALSE_JOIN % "") == ["heap-buffer-overflow", "reduceExpressionSequence"]


@sanitized
def test_a_false_join_before_one_that_holds_reads_nothing_else():
    child = in_child(FALSE_JOIN % ", ALWAYS")
    assert (child.how, child.output, child.errors) == ("", "(0, [])", "")


@sanitized
def test_taking_facts_back_that_were_joined_and_negated_reads_past_the_places_of_a_fact():
    assert reported(RETRACTED) == ["heap-buffer-overflow", "handleDeleteMessage"]
