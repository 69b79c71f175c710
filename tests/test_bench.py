"""The bench times nothing but engines that agree; its translations of rules to other engines are tested here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

import pytest

from smartpick_expert.diagnostics import Problems
from smartpick_expert.engine.compiled import compile_rules
from smartpick_expert.language.facts import Fact, Origin
from smartpick_expert.language.model import RuleSet
from smartpick_expert.language.values import UNKNOWN, Slot
from tests.bench import authoring as bench_authoring
from tests.bench import engines, page
from tests.bench.engines import CLIPS, DURABLE, EXPERTA, NAIVE, PLAIN, DisagreementError, Engine
from tests.bench.generated import generated, offers, thresholds
from tests.bench.subjects import Subject, shipped
from tests.generators import Scenario, make_scenario

AS_OF = date(2026, 9, 10)
needs_clips = pytest.mark.skipif(not engines.is_here(CLIPS), reason="clipspy is not installed")
needs_experta = pytest.mark.skipif(not engines.is_here(EXPERTA), reason="experta is not installed")
SUBJECTS = {
    "shipped": lambda: shipped(4),
    "generated": lambda: generated(100, 3),
    "thresholds": lambda: thresholds(20, 5),
    "joined": lambda: offers(20),
}


@pytest.mark.parametrize("name", SUBJECTS)
def test_our_engines_and_the_naive_evaluation_agree_on_what_is_timed(name: str) -> None:
    subject = SUBJECTS[name]()
    names = [PLAIN, NAIVE, *([DURABLE] if engines.is_here(DURABLE) else [])]
    assert engines.check(subject, [engines.make(name, subject) for name in names]) > 0


@needs_clips
@pytest.mark.parametrize("name", SUBJECTS)
def test_clips_agrees_on_what_is_timed(name: str) -> None:
    subject = SUBJECTS[name]()
    assert engines.check(subject, [engines.make(PLAIN, subject), engines.make(CLIPS, subject)]) > 0


@needs_clips
def test_clips_agrees_on_rules_of_every_kind() -> None:
    compared = sum(_agrees_with_clips(make_scenario(Random(seed))) for seed in range(120))
    assert compared >= 10


def _agrees_with_clips(scenario: Scenario) -> bool:
    """Whether the scenario, made complete, could be compared; fails where it was and CLIPS makes something else of it."""
    from clips import CLIPSError  # noqa: PLC0415 - optional

    from tests.bench.clips_words import NotTranslatableError  # noqa: PLC0415 - as above

    facts = [_without_unknowns(fact) for fact in scenario.facts if fact.origin is not Origin.OPEN]
    # CLIPS adds decimals as floating-point numbers, and so not exactly.
    if any(isinstance(slot, Decimal) for fact in facts for _, slot in fact.values) or "Decimal" in repr(scenario):
        return False
    try:
        compiled = compile_rules(RuleSet(scenario.rules, scenario.vocabulary), {}, AS_OF)
        subject = Subject("made", compiled, (tuple(facts),))
        engine = engines.make(CLIPS, subject)
    except (Problems, NotTranslatableError, CLIPSError):
        # A circle, a parameter without a value, or a rule that CLIPS sees can never fire, and refuses.
        return False
    engines.check(subject, [engines.make(PLAIN, subject), engine])
    return True


def _without_unknowns(fact: Fact) -> Fact:
    known: tuple[tuple[str, Slot], ...] = tuple(pair for pair in fact.values if pair[1] is not UNKNOWN)
    return replace(fact, values=known)


@needs_experta
def test_experta_agrees_on_thresholds() -> None:
    subject = thresholds(20, 5)
    assert engines.check(subject, [engines.make(PLAIN, subject), engines.make(EXPERTA, subject)]) > 0


def test_what_disagrees_is_not_timed() -> None:
    subject = thresholds(20, 1)
    plain = engines.make(PLAIN, subject)
    idle = Engine("idle", lambda _: None, lambda _: (frozenset(), frozenset()))
    with pytest.raises(DisagreementError, match="idle disagree on 20 thresholds"):
        engines.check(subject, [plain, idle])


def test_a_generated_rule_base_is_the_same_whenever_it_is_made() -> None:
    assert generated(100, 1) == generated(100, 1)


def test_the_page_says_what_the_figures_say() -> None:
    assert page.render(page.known()) == page.PAGE.read_text(encoding="utf-8")


@needs_clips
def test_clipspy_keeps_every_fact_until_it_is_released_by_hand() -> None:
    """Its `Fact.__del__` calls the library with an argument too many, and swallows the error; our driver makes no `Fact`."""
    import clips  # noqa: PLC0415 - optional
    from clips._clips import lib  # noqa: PLC0415 - as above

    environment = clips.Environment()
    environment.build("(deftemplate letter (slot number))")
    template = environment.find_template("letter")

    def grown(*, by_hand: bool) -> int:
        """By how many bytes CLIPS grew over three hundred facts, all of them gone."""
        before = environment.eval("(mem-used)")
        for number in range(300):
            fact = template.assert_fact(number=number)
            if by_hand:
                lib.ReleaseFact(fact._fact)
            del fact
            environment.reset()
        return environment.eval("(mem-used)") - before

    grown(by_hand=True)
    assert grown(by_hand=True) < 300
    assert grown(by_hand=False) > 300 * 100


def test_what_an_author_waits_for_is_measured_against_all_cases_run_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_authoring, "_tasks", lambda: {bench_authoring.UNIT: lambda: sum(range(20_000)), "b": int})
    monkeypatch.setattr(bench_authoring, "_impact", lambda people: None if people > 10 else 2.5)
    rows = bench_authoring.authoring(0.01)
    assert [row["what"] for row in rows] == [
        bench_authoring.UNIT,
        "b",
        "rules impact of one moved limit on 10 profiles",
    ]
    assert rows[0]["times"] == 1
