"""Engines beside each other on one rule base: checked first, then timed in turns, as rows for the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from smartpick_expert.language.facts import Fact
from tests.bench import engines
from tests.bench.engines import CLIPS, DURABLE, EXPERTA, NAIVE, PLAIN, UNRECORDED, Engine
from tests.bench.generated import generated, offers, thresholds
from tests.bench.measure import Timing, race, ratio
from tests.bench.subjects import Subject, shipped

FAST = (DURABLE, PLAIN, f"{DURABLE}, {UNRECORDED}", f"{PLAIN}, {UNRECORDED}", CLIPS)
SIZES = (100, 500, 2000)
FACTS = (10, 100, 1_000, 10_000)
Row = dict[str, Any]


def rule_bases(seconds: float, names: Iterable[str] = ("shipped", *map(str, SIZES))) -> list[Row]:
    """The shipped rules and generated ones, on every engine but the naive evaluation."""
    return [compare(shipped() if name == "shipped" else generated(int(name)), FAST, seconds) for name in names]


def naive_rule_bases(seconds: float, names: Iterable[str]) -> list[Row]:
    """The naive evaluation beside the plain matcher: apart, since it is so slow that nothing could take turns with it."""
    several = [shipped(4) if name == "shipped" else generated(int(name), 4) for name in names]
    return [compare(subject, (PLAIN, NAIVE), seconds) for subject in several]


def threshold_set(seconds: float) -> Row:
    """A hundred rules of thresholds, for experta too."""
    return compare(thresholds(), (DURABLE, PLAIN, CLIPS, EXPERTA), seconds)


def growth_with_facts(seconds: float, sizes: Iterable[int] = FACTS) -> list[Row]:
    """Twenty rules that join ever more facts."""
    return [compare(offers(many), (DURABLE, PLAIN, CLIPS), seconds) for many in sizes]


def compare(subject: Subject, names: Sequence[str], seconds: float) -> Row:
    """Time the engines of these names, as far as they are installed, for about so many seconds in all."""
    made = [engines.make(name, subject) for name in names if engines.is_here(name.partition(",")[0])]
    firings = engines.check(subject, made)
    timings = race({one.name: _tasks(one, subject.consultations) for one in made}, seconds)
    return {
        "subject": subject.name,
        "rules": len(subject.compiled.rules),
        "strata": len(subject.compiled.strata),
        "facts": round(sum(map(len, subject.consultations)) / len(subject.consultations)),
        "firings": firings,
        "engines": {name: _row(timing, firings, timings) for name, timing in timings.items()},
    }


def _tasks(engine: Engine, consultations: Iterable[tuple[Fact, ...]]) -> list[Any]:
    return [lambda facts=facts: engine.consult(facts) for facts in consultations]


def _row(timing: Timing, firings: float, others: dict[str, Timing]) -> Row:
    return {
        "micros": timing.micros,
        "wall": timing.wall_micros,
        "least": timing.least,
        "spread": timing.spread,
        "a_second": 1e6 / timing.micros,
        "a_firing": timing.micros / firings,
        "rounds": len(timing.cpu),
        "times": {name: ratio(timing, other) for name, other in others.items()},
    }
