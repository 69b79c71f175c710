"""What a program's rate is held against: the specialty's median by kind of applicant, and the parameters of reckoning with it.

The median is the published one, a parameter `invited.<specialty>.<kind>`; where none is published, that of the catalogue's own
programs, if enough of them state a rate.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Final

from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.knowledge.parameters import Figures
from smartpick_expert.knowledge.phrases import said
from smartpick_expert.language.facts import Fact
from smartpick_expert.language.values import Slot

US_IMG: Final = "us_img"
NON_US_IMG: Final = "non_us_img"
# The kinds of applicants whose chances are reckoned, each with the one whose rate says most about it.
SIBLINGS: Final[Mapping[str, str]] = {US_IMG: NON_US_IMG, NON_US_IMG: US_IMG}
# The Match's words for them.
_NRMP_TYPES: Final[Mapping[Slot, str]] = {"us_citizen_img": US_IMG, "non_us_citizen_img": NON_US_IMG}
# The field of a program that states how many of its residents are international graduates.
IMG_SHARE: Final = "img_share"
# How the names of the parameters begin that are published medians.
TOPIC: Final = "invited."
OWN_CASES: Final = "chances.own_cases"
SIBLING_CASES: Final = "chances.sibling_cases"
SPECIALTY_CASES: Final = "chances.specialty_cases"
SIBLING_WEIGHT: Final = "chances.sibling_weight"
LEAST_PROGRAMS: Final = "chances.least_programs"
NOMINAL: Final = "chances.nominal_share"
_RECKONED_WITH: Final = (OWN_CASES, SIBLING_CASES, SPECIALTY_CASES, SIBLING_WEIGHT, LEAST_PROGRAMS, NOMINAL)
# Where the bands end in which predictions are compared; without it there is one band.
BANDS: Final = "chances.bands"
PARAMETERS_READ: Final = (*_RECKONED_WITH, BANDS)

# What such a number must be, where it is not any from 1 on.
_LIMITS: Final[Mapping[str, str]] = {SIBLING_WEIGHT: "from 0 to 1", NOMINAL: "between 0 and 1, without them"}


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The numbers that people argue about. Cases are counts above 0; the weight lies within 0 and 1, the nominal share strictly.

    `own_cases` is how many cases a program's own rate counts as, where it does not say and at the most; `sibling_cases` and
    `specialty_cases` how many a rate counts as that was derived from the sibling's, or is the specialty's median. `nominal` is how
    often a range is meant to hold what is true.
    """

    own_cases: float
    sibling_cases: float
    specialty_cases: float
    sibling_weight: float
    least_programs: float
    nominal: float


@dataclass(frozen=True, slots=True)
class Typical:
    """The median of a specialty for a kind of applicant. `source` says of what: evidence by its id, or so many programs."""

    rate: float
    field: str
    source: str


@dataclass(frozen=True, slots=True)
class Reference:
    """What rates are held against: how they are reckoned, and medians by specialty and kind of applicant."""

    reckoning: Reckoning
    medians: Mapping[tuple[str, str], Typical]

    def typical(self, specialty: Slot, applicant_type: str) -> Typical | None:
        """The median for a kind of applicant in a specialty; None where none is known, as for an unknown specialty."""
        return self.medians.get((specialty, applicant_type)) if isinstance(specialty, str) else None


def rate_field(applicant_type: str) -> str:
    """The field of a program that states its rate for a kind of applicant."""
    return f"invited_{applicant_type}"


def cases_field(applicant_type: str) -> str:
    """The field of a program that states how many of that kind applied."""
    return f"applied_{applicant_type}"


def applicant_type_of(nrmp_type: Slot) -> str | None:
    """The kind of applicant by the Match's word for it; None where that is not known."""
    return _NRMP_TYPES.get(nrmp_type)


def figures_for(nrmp_type: Slot) -> tuple[str, ...]:
    """The fields of a program that show how it takes a kind of applicant, and international graduates; all where it is not known which."""
    kind = applicant_type_of(nrmp_type)
    return (*(rate_field(one) for one in SIBLINGS if kind in (one, None)), IMG_SHARE)


def number(slot: Slot) -> float | None:
    """A number as reckoned with; None for anything else."""
    return float(slot) if isinstance(slot, int | Decimal) and not isinstance(slot, bool) else None


def stated_rate(program: Fact, applicant_type: str) -> float | None:
    """The rate that a program states for a kind of applicant; None where it states none, or one of nobody."""
    return None if applied(program, applicant_type) == 0 else number(program.get(rate_field(applicant_type)))


def applied(program: Fact, applicant_type: str) -> int | None:
    """How many of a kind applied, where a program states it."""
    count = number(program.get(cases_field(applicant_type)))
    return None if count is None else int(count)


def reference_of(programs: Iterable[Fact], figures: Figures) -> Reference:
    """What the programs of a catalogue are held against. Raises Problems where a parameter of reckoning is missing or impossible."""
    reckoning = reckoning_of(figures)
    return Reference(reckoning, {**own_medians(programs, reckoning), **_published(figures)})


def own_medians(programs: Iterable[Fact], reckoning: Reckoning) -> dict[tuple[str, str], Typical]:
    """The medians of programs themselves, for each specialty and kind of applicant of which enough of them state a rate."""
    stated: dict[tuple[str, str], list[float]] = defaultdict(list)
    for program in programs:
        specialty = program.get("specialty")
        for kind in SIBLINGS:
            rate = stated_rate(program, kind)
            if rate is not None and isinstance(specialty, str):
                stated[specialty, kind].append(rate)
    return {
        key: Typical(median(rates), rate_field(key[1]), said("median_of_programs", programs=f"{len(rates):,}"))
        for key, rates in stated.items()
        if len(rates) >= reckoning.least_programs
    }


def reckoning_of(figures: Figures) -> Reckoning:
    """The numbers of reckoning. Raises Problems with every one that is missing or outside what it can be."""
    values = {name: value_of(figures, name) for name in _RECKONED_WITH}
    wrong = [name for name, value in values.items() if value is None or not _is_possible(name, value)]
    if wrong:
        raise Problems([refused(name, values[name], _LIMITS.get(name, "at least 1")) for name in wrong])
    own, sibling, specialty, weight, least, nominal = (value or 0.0 for value in values.values())
    return Reckoning(own, sibling, specialty, weight, least, nominal)


def bands_of(figures: Figures) -> tuple[float, ...]:
    """Where the bands end in which predictions are compared, in order; what lies outside 0 and 1 ends none."""
    figure = figures.by_name.get(BANDS)
    value = figure.value if figure is not None else None
    ends = [number(one) for one in value] if isinstance(value, tuple) else []
    return tuple(sorted({end for end in ends if end is not None and 0 < end < 1}))


def _published(figures: Figures) -> dict[tuple[str, str], Typical]:
    found: dict[tuple[str, str], Typical] = {}
    for name, figure in figures.by_name.items():
        if name.startswith(TOPIC):
            specialty, _, kind = name.removeprefix(TOPIC).partition(".")
            rate = value_of(figures, name)
            if kind in SIBLINGS and rate is not None and 0 <= rate <= 1:
                found[specialty, kind] = Typical(rate, name, figure.source)
    return found


def value_of(figures: Figures, name: str) -> float | None:
    """A parameter as reckoned with; None where it has no value, or is no number."""
    figure = figures.by_name.get(name)
    value = figure.value if figure is not None else None
    return float(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def _is_possible(name: str, value: float) -> bool:
    if name == SIBLING_WEIGHT:
        return 0 <= value <= 1
    return 0 < value < 1 if name == NOMINAL else value >= 1


def refused(name: str, value: float | None, limits: str) -> Diagnostic:
    """What to say of a parameter of reckoning that is missing (None) or outside what it can be."""
    hint = "Correct it in knowledge/parameters."
    if value is None:
        hint = (
            "Give it a value in knowledge/parameters; 'smartpick init --upgrade' lays the shipped files beside yours."
        )
    message = (
        f"The parameter '{name}' has no value for this day, and no chance can be reckoned without it."
        if value is None
        else f"The parameter '{name}' is {value:g}, and it must be {limits}."
    )
    return Diagnostic("chances.parameter", message, hint, Location("knowledge/parameters"))
