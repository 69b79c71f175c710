"""A number that people argue about stands in a rule, without a date or a source.

What is argued about is how much: a score, weeks, years, a day. 0 and 1 are the line between none and some. How many facts
there are (`count`) belongs to the rule, whose words say "two letters"; so does by how much a limit is moved (`plus`), which
the language lets no parameter say.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from smartpick_expert.authoring.checks.base import Base, Finding
from smartpick_expert.diagnostics import Severity
from smartpick_expert.language.model import Constant, Shifted, TallyKind, Test, inner_patterns, inner_tallies
from smartpick_expert.language.values import Slot, shorten

CODE = "rule.number"
FINDS = "A number or day that people argue about is written in a rule, where it has no date and no source."
SEVERITY = Severity.WARNING
_LINES = (0, 1)


def check(base: Base) -> Iterator[Finding]:
    """Yield a finding for each test of a rule that is not retired against such a number."""
    for rule in base.kept:
        for condition in rule.when:
            tests = [(f"{p.fact_type}.{t.field}", t) for p in inner_patterns(condition) for t in p.tests]
            tests += [
                (f"the {tally.kind} of {tally.pattern.fact_type}.{tally.of}", limit)
                for tally in inner_tallies(condition)
                if tally.kind is not TallyKind.COUNT
                for limit in tally.limits
            ]
            for what, test in tests:
                for number in _argued(test):
                    yield Finding(
                        CODE,
                        f"Rule '{shorten(rule.id)}' holds {what} against {number}, a number that people may argue about.",
                        "Give it a name, a day and a source in knowledge/parameters, and write $parameter.NAME here.",
                        test.location,
                        SEVERITY,
                        rule=rule.id,
                    )


def _argued(test: Test) -> Iterator[str]:
    for operand in test.operands:
        base = operand.base if isinstance(operand, Shifted) else operand
        if isinstance(base, Constant) and not base.parameter:
            values: tuple[Slot, ...] = base.value if isinstance(base.value, tuple) else (base.value,)
            for value in values:
                is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
                if isinstance(value, date) or (is_number and value not in _LINES):
                    yield str(value)
