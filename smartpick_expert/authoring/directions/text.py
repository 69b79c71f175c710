"""What came of a search, in words for a terminal: of each direction how much was tried, and of one that fails a pair."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from smartpick_expert.audit.traces import traced
from smartpick_expert.authoring.directions.search import Searched, Violation
from smartpick_expert.engine.consultation import Consultation, consult_profile
from smartpick_expert.explain.difference import Change, Difference, Part, difference
from smartpick_expert.explain.difference_text import difference_nodes
from smartpick_expert.explain.trace import Trace
from smartpick_expert.explain.tree import drawn, wrapped
from smartpick_expert.explain.wording import plain_text
from smartpick_expert.intake.profile import Profile
from smartpick_expert.intake.profile_text import profile_text
from smartpick_expert.report.statements import statements_of
from smartpick_expert.workspace import Workspace

_DEEP = "    "


def lines_of(searched: Searched, workspace: Workspace, as_of: date) -> list[str]:
    """One direction: a line where it holds, and all there is to see where it does not."""
    one = searched.direction
    if searched.violation is None:
        return [*wrapped(f"{one.id}: {plain_text(one.says)}"), f"  {_tried(searched)}"]
    violation = searched.violation
    lines = [
        *wrapped(f"{one.id}: {plain_text(one.says)}"),
        *wrapped(f"  {_tried(searched)}"),
        *wrapped(f"  Found in {violation.found_in} and made as small as it goes. What gets worse:"),
    ]
    for worse in violation.worse:
        lines += wrapped(f"{_DEEP}{worse.about}: {worse.before} → {worse.after}")
    found = difference_of(violation, workspace, as_of)
    lines += ["  What differs in the profile:"]
    given = replace(found, changes=found.of(Part.GIVEN))
    lines += [f"{_DEEP}{line}" for node in difference_nodes(given, full=True) for line in drawn(node)[1:]]
    lines += ["  The rules through which it changed:"]
    others = replace(found, changes=tuple(change for change in found.changes if change.part is not Part.GIVEN))
    lines += [f"{_DEEP}{line}" for node in difference_nodes(others, full=True) for line in drawn(node)]
    lines += ["  The profile before the change (made up, or shortened from one; nobody is like this):"]
    text = profile_text(violation.before, workspace.vocabulary)
    return [*lines, *(f"{_DEEP}{line}" for line in text.splitlines())]


def summary_of(searched: tuple[Searched, ...]) -> str:
    """All directions in a sentence."""
    worse = sum(1 for one in searched if one.worse)
    untested = sum(1 for one in searched if not one.pairs)
    pairs = sum(one.pairs for one in searched)
    hold = len(searched) - worse - untested
    counts = [f"{hold} {'holds' if hold == 1 else 'hold'}"]
    counts += [f"{worse} {'does' if worse == 1 else 'do'} not"] if worse else []
    counts += [f"{untested} not tested"] if untested else []
    plural = "s" if len(searched) != 1 else ""
    return f"{len(searched)} direction{plural} on {pairs:,} pairs: {', '.join(counts)}."


def difference_of(violation: Violation, workspace: Workspace, as_of: date) -> Difference:
    """What differs between the profiles of a pair, and in what comes of them, as far as the direction speaks of it."""
    before, after = (_trace(profile, workspace, as_of) for profile in (violation.before, violation.after))
    found = difference(before, after)
    types = {worse.type for worse in violation.worse}
    return replace(found, changes=tuple(change for change in found.changes if _is_about(change, types)))


def _is_about(change: Change, types: set[str]) -> bool:
    if change.part in (Part.GIVEN, Part.BUCKET):
        return True
    is_concluded = change.part in (Part.WEIGHED, Part.ACTIONS, Part.CONCLUDED)
    return is_concluded and (change.part is Part.WEIGHED or change.key.partition("[")[0] in types)


def _trace(profile: Profile, workspace: Workspace, as_of: date) -> Trace:
    made: Consultation = consult_profile(profile, workspace, as_of, "plain")
    return traced(made, workspace, statements_of(made, workspace))


def _tried(searched: Searched) -> str:
    if not searched.pairs:
        return "Not tested: it applied to none of the profiles."
    pairs = f"{searched.pairs:,} pair{'s' if searched.pairs != 1 else ''}"
    people = f"{searched.profiles:,} profile{'s' if searched.profiles != 1 else ''}"
    if searched.worse:
        return f"Does not hold: of {pairs} from {people}, {searched.worse:,} got worse."
    return f"Holds on {pairs} from {people}."


def data_of(searched: Searched, workspace: Workspace, as_of: date) -> dict[str, object]:
    """One direction as JSON holds it."""
    return {
        "id": searched.direction.id,
        "says": searched.direction.says,
        "because": searched.direction.because,
        "at": str(searched.direction.location),
        "pairs": searched.pairs,
        "profiles": searched.profiles,
        "got_worse": searched.worse,
        "violation": _violation_data(searched.violation, workspace, as_of) if searched.violation else None,
    }


def _violation_data(violation: Violation, workspace: Workspace, as_of: date) -> dict[str, object]:
    changes = [one for one in difference_of(violation, workspace, as_of).changes if one.part is not Part.GIVEN]
    return {
        "found_in": violation.found_in,
        "worse": [
            {"scale": one.scale or None, "about": one.about, "before": one.before, "after": one.after}
            for one in violation.worse
        ],
        "rules": sorted({rule for one in changes for rule in (*one.came, *one.went, *one.stayed)}),
        "before": profile_text(violation.before, workspace.vocabulary),
        "after": profile_text(violation.after, workspace.vocabulary),
    }


def files_of(searched: tuple[Searched, ...], workspace: Workspace) -> Iterator[tuple[str, bytes]]:
    """The profiles of each pair that got worse, as files with their names."""
    for one in searched:
        if one.violation is None:
            continue
        about = f"Made up to show that this does not hold: {one.direction.says}\nIt stands for nobody."
        for word, profile in (("before", one.violation.before), ("after", one.violation.after)):
            text = profile_text(profile, workspace.vocabulary, f"{about} This is the profile {word} the change.")
            yield f"{one.direction.id}.{word}.yaml", text.encode()
