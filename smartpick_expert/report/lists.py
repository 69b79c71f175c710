"""A list of programs as text, JSON, CSV and a workbook."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from jinja2 import UndefinedError

from smartpick_expert.lists.view_model import LeftOut, Listed, ListView, PlanSum, Span
from smartpick_expert.report.formats.workbook import workbook_of
from smartpick_expert.report.plain import plain_data
from smartpick_expert.report.render import environment
from smartpick_expert.report.tables import ADVISOR_ONLY, Cell, Sheet, csv_text

# So many programs are explained, and named of those left out for one reason, before `--all` is asked for.
_EXPLAINED: Final = 3
_LEFT: Final = 6
_PROGRAM: Final = ("id", "name", "institution", "specialty", "track", "place", "setting")
_CHANCE: Final = ("tier", "expected", "low", "high", "chance_begins_with")
_LISTED: Final = (
    *("number", "fictional", "confidential", *_PROGRAM, *_CHANCE),
    *("signal", "signal_adds", "fee_usd", "so_far_usd", "pinned", "visas_stated"),
    *("required_and_met", "not_known", "preferred_and_met", "short_of_preference"),
    *("for_measured", "for_perception", "against_measured", "against_perception", "letters", "rules"),
)
_LEFT_OUT: Final = (
    "fictional",
    "confidential",
    "id",
    "name",
    "specialty",
    "place",
    "setting",
    "tier",
    "expected",
    "low",
    "high",
    "why",
)
_COSTS: Final = ("what", "usd", "note")
_FRONTIER: Final = ("programs", "cost_usd", "expected_interviews", "one_more_interview_costs_usd", "note")


def list_text(view: ListView, reports: Path, *, everything: bool = False) -> str:
    """The list for a terminal: every program in one line, and the reasons of the first, or (`everything`) of each."""
    full = view.listed if everything else view.listed[:_EXPLAINED]
    shown = len(view.left_out) if everything else _LEFT
    template = environment(reports, "table").get_template("list.txt.j2")
    text = template.render(list=view, full=full, shown=shown)
    lines = (line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"


def list_data(view: ListView) -> dict[str, object]:
    """The list as JSON holds it: everything."""
    return {name: plain_data(getattr(view, name)) for name in view.__dataclass_fields__}


def list_csv(view: ListView, reports: Path) -> str:
    """One row a program of the list, in its order."""
    words = _words(reports)
    return csv_text(_LISTED, [_row(number, one, view, words) for number, one in enumerate(view.listed, start=1)])


def list_workbook(view: ListView, reports: Path) -> bytes:
    """The list, what was left out, what it costs, and the frontier, a sheet each. Raises Problems where openpyxl is missing."""
    words = _words(reports)
    listed = tuple(_row(number, one, view, words) for number, one in enumerate(view.listed, start=1))
    sheets = (
        Sheet("About", ("about",), tuple((line,) for line in _about(view, words))),
        Sheet("List", _LISTED, listed),
        Sheet("Left out", _LEFT_OUT, tuple(_left_row(one, view, words) for one in view.left_out)),
        Sheet("Costs", _COSTS, tuple(_costs(view, words))),
        Sheet("Frontier", _FRONTIER, tuple(_points(view, words))),
    )
    return workbook_of(sheets)


class _Words:
    """The macros of the list's words, each as plain text."""

    def __init__(self, module: Any) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        made = getattr(self._module, name, None)
        if made is None:
            # A workspace keeps templates of its own, which may be those of an earlier release.
            message = (
                f"partials/list.j2 has no words '{name}'; 'smartpick init --upgrade' lays this release's beside it"
            )
            raise UndefinedError(message)
        return made if isinstance(made, Mapping) else lambda *given: " ".join(str(made(*given)).split())


def _words(reports: Path) -> _Words:
    return _Words(environment(reports, "table").get_template("partials/list.j2").module)


def _about(view: ListView, words: _Words) -> list[str]:
    said = [
        f"{view.label or 'An applicant'}, as of {view.as_of}",
        *view.abouts,
        words.fictional() if view.fictional else "",
        words.noted() if view.noted else "",
        words.answer(view),
        words.late(view),
        words.waiting(view),
        words.at_least(view),
        words.proven(view),
        words.aim(view),
        words.stop(view),
        words.tier(view.tier_limits),
        words.limits(),
    ]
    return [line for line in said if line]


def _row(number: int, one: Listed, view: ListView, words: _Words) -> tuple[Cell, ...]:
    program = one.program
    rules = dict.fromkeys([rule for argument in one.arguments for rule in argument.rules])
    return (
        number,
        *_marks(view),
        program.id,
        program.name,
        one.institution,
        program.specialty,
        one.track,
        program.place,
        program.setting,
        one.tier,
        *_span(one.chance),
        words.base(one.base),
        one.signal,
        round(one.signal_adds, 4) if one.signal else None,
        one.cost,
        one.so_far,
        "yes" if one.is_pinned else "no",
        words.visas(one),
        _against_yours(one, "passed", is_strict=True),
        words.unknowns(one),
        _against_yours(one, "passed", is_strict=False),
        _against_yours(one, "blocked", is_strict=False),
        *("; ".join(words.argument(a) for a in one.of_side(side) if a.kind == kind) for side, kind in _SIDES),
        words.letters(one),
        " ".join([*rules, *dict.fromkeys(rule for letter in one.letters.assigned for rule in letter.rules)]),
    )


def _against_yours(one: Listed, result: str, *, is_strict: bool) -> str:
    """What a program requires or prefers, beside what the file has."""
    gates = (gate for gate in one.program.requirements if gate.strict == is_strict and gate.result == result)
    return " ".join(sentence for gate in gates for sentence in gate.sentences)


_SIDES: Final = (("for", "measured"), ("for", "perception"), ("against", "measured"), ("against", "perception"))


def _left_row(one: LeftOut, view: ListView, words: _Words) -> tuple[Cell, ...]:
    program = one.program
    place = (*_marks(view), program.id, program.name, program.specialty, program.place, program.setting)
    return (*place, one.tier, *_span(one.chance), words.why(one, view))


def _span(span: Span | None) -> tuple[Cell, Cell, Cell]:
    return (None, None, None) if span is None else (round(span.expected, 4), round(span.low, 4), round(span.high, 4))


def _marks(view: ListView) -> tuple[str, str]:
    """What a row says of the whole list: whether it is of invented programs, and whom it is for."""
    return "fictional" if view.fictional else "", ADVISOR_ONLY if view.noted else ""


def _costs(view: ListView, words: _Words) -> Sequence[tuple[Cell, ...]]:
    rows = [_plan_row(one, words) for one in view.plans]
    rows += [(fee.meaning, fee.amount, f"fee of {fee.stands_in}" if fee.stands_in else "") for fee in view.once]
    note = f"at least; not known: {', '.join(view.unknown_fees)}" if view.is_lower_bound else ""
    return [*rows, ("Together", view.cost, note), ("Budget", view.budget, "")]


def _plan_row(one: PlanSum, words: _Words) -> tuple[Cell, ...]:
    return (f"Applications in {one.specialty}", one.cost, words.plan(one))


def _points(view: ListView, words: _Words) -> list[tuple[Cell, ...]]:
    return [
        (one.programs, one.cost, round(one.worth, 4), None if one.each is None else round(one.each), words.point(one))
        for one in view.frontier
    ]
