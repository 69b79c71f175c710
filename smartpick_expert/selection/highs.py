"""HiGHS, asked for the best solution of an integer program. The one module that knows it; it is loaded when first asked.

One thread and a fixed seed: the same program comes to the same solution. Its search ends only when no solution can be better by a
whole unit of the objective, or when the time is up.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from math import floor, isfinite
from typing import Any, Final

from smartpick_expert.diagnostics import Diagnostic, Location, Problems
from smartpick_expert.selection.program import IntegerProgram

_OPTIONS: Final[dict[str, object]] = {
    "threads": 1,
    "parallel": "off",
    "random_seed": 0,
    "mip_rel_gap": 0.0,
    # Objectives are whole numbers, so a bound less than one above what was found proves it.
    "mip_abs_gap": 0.5,
}
# How far a bound may lie above a whole number by the solver's own rounding.
_ROUNDING: Final = 0.01


@dataclass(frozen=True, slots=True)
class Solution:
    """The values of all variables, None where none were found in time or there are none; no solution is above `bound`."""

    values: tuple[int, ...] | None
    bound: int
    is_impossible: bool


def maximum(program: IntegerProgram, seconds: float, at_least: int | None = None) -> Solution:
    """The solution with the largest objective, or the best that was found in the time. Raises Problems without HiGHS.

    With `at_least` none below it is of use; that there is none above is often seen at once, from parts of programs.
    """
    highspy = _library()
    if not program.lowest:
        return Solution((), 0, is_impossible=any(lowest > 0 for lowest in program.row_lowest))
    kinds, states = highspy.HighsVarType, highspy.HighsModelStatus
    if at_least is not None:
        relaxed = _run(highspy, program, kinds.kContinuous, seconds)
        if relaxed.getModelStatus() == states.kOptimal:
            bound = floor(relaxed.getInfo().objective_function_value + _ROUNDING)
            if bound < at_least:
                return Solution(None, bound, is_impossible=False)
    solver = _run(highspy, program, kinds.kInteger, seconds)
    # Every variable has two ends, so "infeasible or without end" can only be the first.
    if solver.getModelStatus() in {states.kInfeasible, states.kUnboundedOrInfeasible}:
        return Solution(None, 0, is_impossible=True)
    info = solver.getInfo()
    best = info.mip_dual_bound if isfinite(info.mip_dual_bound) else sum(_at_most(program))
    values = None
    if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        values = tuple(round(value) for value in solver.getSolution().col_value)
    return Solution(values, floor(best + _ROUNDING), is_impossible=False)


def _run(highspy: Any, program: IntegerProgram, kind: Any, seconds: float) -> Any:
    # Its callbacks, which we do not use, announce the library on the standard output before it can be told to be silent.
    solver = type("Quiet", (highspy.Highs,), {"enableCallbacks": highspy.Highs.silent})()
    solver.silent()
    for name, value in {**_OPTIONS, "time_limit": max(seconds, 0.01)}.items():
        solver.setOptionValue(name, value)
    solver.passModel(_model(highspy, program, kind))
    solver.run()
    return solver


def _at_most(program: IntegerProgram) -> list[int]:
    """What each variable adds to the objective at the most."""
    columns = zip(program.objective, program.lowest, program.highest, strict=True)
    return [factor * (highest if factor > 0 else lowest) for factor, lowest, highest in columns]


def _model(highspy: Any, program: IntegerProgram, kind: Any) -> Any:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(program.lowest), len(program.row_lowest)
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = program.objective
    model.col_lower_, model.col_upper_ = program.lowest, program.highest
    model.row_lower_, model.row_upper_ = program.row_lowest, program.row_highest
    model.integrality_ = [kind] * len(program.lowest)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = [*program.starts, len(program.columns)]
    model.a_matrix_.index_ = program.columns
    model.a_matrix_.value_ = program.factors
    return model


def _library() -> Any:
    try:
        return importlib.import_module("highspy")
    except ImportError:
        message = "Choosing a list takes a library that is not installed: HiGHS, which proves that no list is better."
        hint = "Run: pip install 'smartpick-expert[optimiser]'."
        raise Problems([Diagnostic("select.extra", message, hint, Location("list"))]) from None
