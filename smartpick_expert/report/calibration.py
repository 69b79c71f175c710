"""Calibrations as text and as JSON."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from smartpick_expert.chances.calibrating import Calibrated, Calibrations
from smartpick_expert.chances.calibration import Measure, Verdict
from smartpick_expert.chances.hiding import Hidden, per_cents
from smartpick_expert.chances.reference import SIBLINGS, applicant_type_of
from smartpick_expert.language.vocabulary import Vocabulary
from smartpick_expert.programs.gates import PROGRAM
from smartpick_expert.report.render import environment

# So many digits of a share; what comes after them depends on the machine.
_DIGITS = 6


def calibration_text(calibrations: Calibrations, vocabulary: Vocabulary, reports: Path) -> str:
    """All calibrations for a terminal: the errors beside the median's, the table of reliability, and where ours is no better."""
    verdicts = {
        measure: Counter(
            comparison.verdict
            for one in calibrations.found
            for comparison in one.calibration.comparisons
            if comparison.measure is measure
        )
        for measure in Measure
    }
    text = (
        environment(reports, "table")
        .get_template("calibration.txt.j2")
        .render(
            all=calibrations,
            specialties=vocabulary.types[PROGRAM].fields["specialty"].values,
            kinds=kind_words(vocabulary),
            siblings=SIBLINGS,
            verdicts=verdicts,
            order=tuple(Verdict),
            fictional=list(
                dict.fromkeys(one.catalogue.about for one in calibrations.found if one.catalogue.is_fictional)
            ),
        )
    )
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"


def calibration_data(calibrations: Calibrations) -> dict[str, object]:
    """All calibrations as JSON holds them, each with every program that was hidden. Rates are shares of one."""
    return {
        "seed": calibrations.seed,
        "needed": calibrations.needed,
        "reckoning": asdict(calibrations.reckoning),
        "validates_a_person": False,
        "calibrations": [_data(one) for one in calibrations.found],
        "left_out": [
            {
                "file": str(one.catalogue.path),
                "specialty": one.specialty or None,
                "type": one.applicant_type,
                "stated": one.stated,
            }
            for one in calibrations.left
        ],
    }


def kind_words(vocabulary: Vocabulary) -> Mapping[str, str]:
    """What the vocabulary calls each kind of applicant whose chances are reckoned."""
    words = vocabulary.types["applicant"].fields["nrmp_type"].values
    kinds = {applicant_type_of(word): words[word] for word in words}
    return {kind: wording for kind, wording in kinds.items() if kind is not None}


def _data(one: Calibrated) -> dict[str, object]:
    found, half = one.calibration, one.calibration.half
    bands = [{**asdict(band), "predicted": _cut(band.predicted), "stated": _cut(band.stated)} for band in found.bands]
    return {
        "file": str(one.catalogue.path),
        "fictional": one.catalogue.is_fictional,
        "specialty": half.specialty,
        "type": half.applicant_type,
        "stated": half.stated,
        "hidden": len(half.hidden),
        "by_sibling": found.by_sibling,
        "median": _cut(half.median.rate),
        "counted": found.is_counted,
        "errors": {
            str(each.measure): {"ours": _cut(each.ours), "median": _cut(each.median), "verdict": str(each.verdict)}
            for each in found.comparisons
        },
        "no_better": [str(each.measure) for each in found.no_better],
        "bands": bands,
        "predicted": _cut(found.all.predicted),
        "stated_mean": _cut(found.all.stated),
        "within": found.all.within,
        "nominal": found.nominal,
        "held": str(found.held),
        "programs": [_program(each) for each in half.hidden],
    }


def _program(one: Hidden) -> dict[str, object]:
    rate = one.predicted
    return {
        "id": one.id,
        "stated": _cut(one.stated),
        "applied": one.applied,
        "predicted": _cut(rate.expected),
        "low": _cut(rate.low),
        "high": _cut(rate.high),
        "printed": [per_cents(rate.low), per_cents(rate.high)],
        "of": rate.of,
        "within": one.is_within,
    }


def _cut(number: float) -> float:
    return round(number, _DIGITS)
