"""The use case: catalogues in, a calibration for each of their specialties and kinds of applicants out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from smartpick_expert.chances.calibration import Calibration, calibrate
from smartpick_expert.chances.hiding import count_stating, hide, needed
from smartpick_expert.chances.reference import Reckoning, bands_of, rate_field, reckoning_of, stated_rate
from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.knowledge.parameters import Figures
from smartpick_expert.language.facts import Fact, listed
from smartpick_expert.language.values import UNKNOWN
from smartpick_expert.language.vocabulary import FactType
from smartpick_expert.programs.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A calibration and the catalogue that it is of."""

    catalogue: Catalogue
    calibration: Calibration


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A specialty of a catalogue in which too few programs state the rate for a kind of applicant. Empty: those that state none."""

    catalogue: Catalogue
    specialty: str
    applicant_type: str
    stated: int


@dataclass(frozen=True, slots=True)
class Calibrations:
    """All calibrations of one seed, in the order of the catalogues, and what was left out. `needed` programs must state a rate."""

    seed: int
    reckoning: Reckoning
    needed: int
    found: tuple[Calibrated, ...]
    left: tuple[LeftOut, ...]


def calibrate_catalogues(
    catalogues: Sequence[Catalogue], fact_type: FactType, kinds: Sequence[str], figures: Figures, seed: int
) -> Calibrations:
    """Calibrate each specialty of each catalogue, for each kind of applicant; the catalogues' figures are taken however old.

    Raises Problems with every catalogue in which nothing can be calibrated.
    """
    reckoning, ends = reckoning_of(figures), bands_of(figures)
    found: list[Calibrated] = []
    left: list[LeftOut] = []
    problems: list[Diagnostic] = []
    for catalogue in catalogues:
        programs = tuple(_facts(catalogue, fact_type))
        before = len(found)
        for specialty, kind in ((one, kind) for one in _specialties(catalogue, fact_type) for kind in kinds):
            half = hide(programs, specialty, kind, reckoning, seed)
            if half is None:
                left.append(LeftOut(catalogue, specialty, kind, count_stating(programs, specialty, kind)))
                continue
            calibration = calibrate(half, ends, reckoning.own_cases, reckoning.nominal)
            found.append(Calibrated(catalogue, calibration))
        nameless = [one for one in programs if one.get("specialty") is UNKNOWN]
        counts = {kind: sum(1 for one in nameless if stated_rate(one, kind) is not None) for kind in kinds}
        left += [LeftOut(catalogue, "", kind, count) for kind, count in counts.items() if count]
        if len(found) == before:
            problems.append(
                _refused(catalogue, programs, kinds, [one for one in left if one.catalogue is catalogue], reckoning)
            )
    if problems:
        raise Problems(problems)
    return Calibrations(seed, reckoning, needed(reckoning), tuple(found), tuple(left))


def _facts(catalogue: Catalogue, fact_type: FactType) -> Iterator[Fact]:
    """The programs with all that is stated of them: a calibration asks how rates hang together, and not whether they still hold."""
    for place, listing in enumerate(catalogue.listings):
        yield listed(fact_type, {name: cited.value for name, cited in listing.cells.items()}, place)


def _specialties(catalogue: Catalogue, fact_type: FactType) -> list[str]:
    """The specialties that programs state, in the vocabulary's order, so that the order of rows does not show."""
    stated = set(catalogue.specialties())
    return [word for word in fact_type.fields["specialty"].values if word in stated]


def _refused(
    catalogue: Catalogue, programs: Iterable[Fact], kinds: Sequence[str], left: Sequence[LeftOut], reckoning: Reckoning
) -> Diagnostic:
    """Why nothing of a catalogue can be calibrated."""
    place = Location(str(catalogue.path))
    several = tuple(programs)
    stating = sum(1 for one in several if any(stated_rate(one, kind) is not None for kind in kinds))
    fields = " or ".join(f"'{rate_field(kind)}'" for kind in kinds)
    if not stating:
        message = f"None of its {len(several):,} programs states {fields}, so there is nothing to hide and predict."
        hint = "Where a column holds it under another heading, name that in a mapping file (--mapping)."
        return Diagnostic("calibrate.no-rate", message, hint, place)
    most: Mapping[bool, int] = {
        is_named: max((one.stated for one in left if bool(one.specialty) == is_named), default=0)
        for is_named in (True, False)
    }
    if most[False] > most[True]:
        message = f"{most[False]:,} of its programs state {fields} and no specialty, and rates are compared within one."
        return Diagnostic("calibrate.no-specialty", message, "Name it with --specialty.", place)
    message = (
        f"In no specialty do more than {most[True]:,} of its programs state {fields}, and {needed(reckoning):,} are needed: half are "
        f"hidden, and the rest must be {reckoning.least_programs:g} to make a median."
    )
    return Diagnostic("calibrate.too-few", message, "Take a table with more programs.", place)
