"""`python -m tests.bench`: see the page it writes for what is measured."""

from __future__ import annotations

import argparse

from tests.bench import engines
from tests.bench.generated import generated
from tests.bench.measure import race, ratio
from tests.bench.subjects import Subject, facts_a_consultation, shipped


def compare(subject: Subject, seconds: float) -> None:
    """Print how fast the engines are on a subject."""
    contestants = [
        engines.ours(subject, "durable"),
        engines.ours(subject, "plain"),
        engines.ours_matching(subject, "durable"),
        engines.ours_matching(subject, "plain"),
        engines.clips(subject),
    ]
    firings = engines.check(subject, contestants)
    tasks = {
        one.name: [lambda consult=one.consult, facts=facts: consult(facts) for facts in subject.consultations]
        for one in contestants
    }
    timings = race(tasks, seconds)
    print(
        f"{subject.name}: {len(subject.compiled.rules)} rules, {len(subject.compiled.strata)} strata, "
        f"{facts_a_consultation(subject):.0f} facts, {firings:.0f} firings a consultation"
    )
    for name, timing in timings.items():
        print(
            f"  {name:24} {timing.micros:10,.0f} us  (wall {timing.wall_micros:10,.0f}, least {timing.least:10,.0f}, "
            f"spread {timing.spread:4.0%})  {timing.micros / firings:8,.1f} us/firing  x CLIPS {ratio(timing, timings['CLIPS']):6.2f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10, help="how long each comparison takes")
    parser.add_argument("subjects", nargs="*", default=["shipped", "100", "500", "2000"], help="shipped or numbers of rules")
    arguments = parser.parse_args()
    for name in arguments.subjects:
        compare(shipped() if name == "shipped" else generated(int(name)), arguments.seconds)


main()
