"""A program's base rate for one kind of applicant: the share of them that it invites, as a range, and what that rests on.

Its own rate goes first; else what the rate for the other kind of IMG lets expect; else the specialty's median. How it is
reckoned, and how well, stands in docs/method.md. A rate is one of applicants to a program, and says nothing of matching.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from smartpick_expert.chances.intervals import from_log_odds, interval, log_odds, within
from smartpick_expert.chances.reference import SIBLINGS, Reference, Typical, applied, rate_field, stated_rate
from smartpick_expert.language.facts import Fact


@dataclass(frozen=True, slots=True)
class Rate:
    """A base rate: 0 <= low <= expected <= high <= 1.

    `of` tells whose figure it rests on: the program's own, its rate for the sibling kind of IMG, or the specialty's median.
    `field` is the field or parameter that figure stands in; `cases` how many applicants it is stated to rest on (None: not
    stated); `source` what the median rests on that took part, and empty for a rate of the program's own, whose source stands in its
    catalogue.
    """

    expected: float
    low: float
    high: float
    of: Literal["own", "sibling", "specialty"]
    field: str
    cases: int | None
    source: str


def rate_of(program: Fact, applicant_type: str, reference: Reference) -> Rate | None:
    """The base rate of a program for a kind of applicant (`us_img`, `non_us_img`); None where nothing is known to reckon it from.

    Raises KeyError for another kind.
    """
    stated = stated_rate(program, applicant_type)
    otherwise = predicted(program, applicant_type, reference)
    if stated is None:
        return otherwise
    count = applied(program, applicant_type)
    expected, cases = _filled_up(stated, count, otherwise, reference)
    source = otherwise.source if otherwise is not None and expected != stated else ""
    return _rate(expected, cases, reference, of="own", field=rate_field(applicant_type), count=count, source=source)


def predicted(program: Fact, applicant_type: str, reference: Reference) -> Rate | None:
    """The rate as it is reckoned without the program's own figure for this kind; None where nothing is known to reckon it from."""
    specialty = program.get("specialty")
    typical = reference.typical(specialty, applicant_type)
    if typical is None:
        return None
    sibling = SIBLINGS[applicant_type]
    theirs = stated_rate(program, sibling)
    median = reference.typical(specialty, sibling)
    if theirs is None or median is None:
        return _typical_rate(typical, reference)
    count = applied(program, sibling)
    known, _ = _filled_up(theirs, count, _typical_rate(median, reference), reference)
    own_cases = reference.reckoning.own_cases
    moved = log_odds(within(known, own_cases)) - log_odds(within(median.rate, own_cases))
    weighed = reference.reckoning.sibling_weight * moved
    expected = from_log_odds(log_odds(within(typical.rate, own_cases)) + weighed)
    field, cases = rate_field(sibling), reference.reckoning.sibling_cases
    return _rate(expected, cases, reference, of="sibling", field=field, count=count, source=typical.source)


def _filled_up(stated: float, count: int | None, otherwise: Rate | None, reference: Reference) -> tuple[float, float]:
    """A stated rate and the cases it counts as; what is missing to a derived rate's cases is filled up with that rate.

    So one invitation among two applicants is no chance of a half in a specialty that invites one in fifty.
    """
    reckoning = reference.reckoning
    cases = reckoning.own_cases if count is None else min(float(count), reckoning.own_cases)
    if otherwise is None:
        return stated, cases
    least = reckoning.specialty_cases if otherwise.of == "specialty" else reckoning.sibling_cases
    if cases >= least:
        return stated, cases
    return (cases * stated + (least - cases) * otherwise.expected) / least, least


def _typical_rate(typical: Typical, reference: Reference) -> Rate:
    cases = reference.reckoning.specialty_cases
    return _rate(typical.rate, cases, reference, of="specialty", field=typical.field, source=typical.source)


def _rate(
    share: float,
    cases: float,
    reference: Reference,
    *,
    of: Literal["own", "sibling", "specialty"],
    field: str,
    count: int | None = None,
    source: str = "",
) -> Rate:
    expected = within(share, reference.reckoning.own_cases)
    low, high = interval(expected, cases, reference.reckoning.nominal)
    return Rate(expected, low, high, of, field, count, source)
