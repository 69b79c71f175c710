"""What is doubtful in a catalogue whoever the applicant is: figures that cannot both be right, days long past, and days to come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from smartpick_expert.diagnostics import Diagnostic, Location, Severity
from smartpick_expert.language.vocabulary import FactType
from smartpick_expert.programs.catalogue import Catalogue, stale


def out_of_order(catalogue: Catalogue, pairs: Iterable[tuple[str, str]]) -> Iterator[Diagnostic]:
    """For each program a pair of fields of which the first is above the second, though it never is in one program."""
    several = tuple(pairs)
    for listing in catalogue.listings:
        for low, high in several:
            first, second = listing.get(low), listing.get(high)
            if isinstance(first, int | Decimal) and isinstance(second, int | Decimal) and first > second:
                message = f"Row {listing.row}: '{low}' is {first} and '{high}' is {second}, and the first is never above the second."
                hint = "Look both up and correct one of them."
                place = Location(str(catalogue.path), listing.row, 1)
                yield Diagnostic("program.out-of-order", message, hint, place, Severity.WARNING)


def past_their_day(catalogue: Catalogue, fact_type: FactType, as_of: date) -> Iterator[Diagnostic]:
    """For each field how many values were verified too long ago to be relied on as of a day."""
    for name, one in fact_type.fields.items():
        old = [
            (listing.row, cited.verified)
            for listing in catalogue.listings
            for field, cited in stale(listing, fact_type, as_of)
            if field == name and cited.verified is not None
        ]
        if old:
            row, day = min(old, key=lambda pair: (pair[1], pair[0]))
            message = (
                f"'{name}' has {len(old)} value{'s' if len(old) > 1 else ''} verified more than {one.shelf_life} months before "
                f"{as_of} (the oldest on {day}, in row {row}), so it counts as unknown there."
            )
            place = Location(str(catalogue.path), row, 1)
            yield Diagnostic("program.stale", message, "Look it up again, and note the day.", place, Severity.WARNING)


def still_to_come(catalogue: Catalogue, fact_type: FactType, as_of: date) -> Iterator[Diagnostic]:
    """For each field how many values were verified after a day: a mistake in typing makes them last for years."""
    for name, one in fact_type.fields.items():
        if one.shelf_life is None:
            continue
        cited = [(listing.row, listing.cells[name].verified) for listing in catalogue.listings if name in listing.cells]
        late = [(row, day) for row, day in cited if day is not None and day > as_of]
        if late:
            row, day = max(late, key=lambda pair: (pair[1], -pair[0]))
            count = f"{len(late)} value{'s' if len(late) > 1 else ''}"
            message = f"'{name}' has {count} verified after {as_of} (the latest on {day}, in row {row})."
            hint = "Correct the day, or check as of a later one (--as-of)."
            yield Diagnostic(
                "program.future-day", message, hint, Location(str(catalogue.path), row, 1), Severity.WARNING
            )
