"""The filters that a file meets before it is read, by the article's account, and where this one stops."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from smartpick_expert.report.drawings.model import Filter, FunnelView
from smartpick_expert.report.drawings.said import Said

_GATE, _ORDER, _TYPICAL = "gate", "filter_order", "typical_program"
_RESULTS: Final = {"passed": "passed", "failed": "failed"}


def funnel_of(said: Said) -> FunnelView | None:
    """The funnel; None where no filter is said to be passed or failed."""
    results = {str(gate.get("name")): _RESULTS.get(str(gate.get("result")), "unknown") for gate in said.of(_GATE)}
    titles = said.choices(_GATE, "name")
    if not results or not said.of(_TYPICAL):
        return None
    filters: list[Filter] = []
    reached = True
    for name in _in_order(said, tuple(titles)):
        result = results.get(name, "unknown")
        filters.append(Filter(name, titles[name], result, reached))
        reached = reached and result == "passed"
    stop = next((one for one in filters if one.result != "passed"), None)
    return FunnelView(tuple(replace(one, title=one.title[:1].upper() + one.title[1:]) for one in filters), stop)


def _in_order(said: Said, names: tuple[str, ...]) -> list[str]:
    """The filters as rules say that they follow one another; one of which none says so stands before its next in the vocabulary."""
    follows = {str(one.get("name")): str(one.get("next")) for one in said.consultation.derivation.of(_ORDER)}
    ordered = [name for name in follows if name in names and name not in follows.values()][:1]
    while ordered and (following := follows.get(ordered[-1])) in names and following not in ordered:
        ordered.append(str(following))
    for place, name in reversed(tuple(enumerate(names))):
        if name not in ordered:
            behind = next((one for one in names[place + 1 :] if one in ordered), None)
            ordered.insert(ordered.index(behind) if behind is not None else len(ordered), name)
    return ordered
