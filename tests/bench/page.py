"""docs/performance.md from the figures of the last runs, which docs/performance.json keeps."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tests.bench.engines import CLIPS, DURABLE, EXPERTA, NAIVE, PLAIN, UNRECORDED

DOCS = Path(__file__).parents[2] / "docs"
FIGURES = DOCS / "performance.json"
PAGE = DOCS / "performance.md"
Figures = dict[str, Any]


@dataclass(frozen=True)
class Target:
    """A figure to be reached: what it is, what was asked, what was measured (None: not to be had here)."""

    what: str
    asked: str
    measured: str
    reached: bool | None

    @property
    def verdict(self) -> str:
        """Whether it is reached, in a word."""
        return "not measured" if self.reached is None else "yes" if self.reached else "**no**"


def keep(part: str, figures: Figures) -> Figures:
    """Put new figures in place of the last of that part; all that is known now."""
    every = known() | {part: figures}
    FIGURES.write_text(json.dumps(every, indent=1) + "\n", encoding="utf-8")
    return every


def known() -> Figures:
    """The figures of the last runs, by part: `short` and `long`."""
    return json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}


def write(figures: Figures) -> None:
    """Write the page."""
    PAGE.write_text(render(figures), encoding="utf-8")


def render(figures: Figures) -> str:
    """The page as Markdown."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - Markdown of our own figures
    )
    environment.filters |= {"micros": _micros, "times": _times, "percent": _percent, "mega": _mega, "milli": _milli}
    names = {
        "DURABLE": DURABLE,
        "PLAIN": PLAIN,
        "CLIPS": CLIPS,
        "NAIVE": NAIVE,
        "EXPERTA": EXPERTA,
        "UNRECORDED": UNRECORDED,
    }
    template = environment.get_template("page.md.j2")
    return template.render(
        short=figures["short"],
        long=figures.get("long"),
        explained=figures.get("explaining"),
        documents=figures.get("documents"),
        screened=figures.get("screening"),
        chosen=figures.get("choosing"),
        authored=figures.get("authoring"),
        targets=targets(figures),
        **names,
    )


def targets(figures: Figures) -> list[Target]:
    """What was to be reached, and what was."""
    short = figures["short"]
    by_name = {row["subject"]: row["engines"] for row in short["rule_bases"]}
    lasting = {row["engine"]: row for row in (figures.get("long") or short)["endurance"]}
    found = [
        _at_most(
            "A consultation on durable-rules against one on CLIPS, shipped rules", by_name["shipped"], DURABLE, CLIPS, 1
        ),
        _difference(by_name["shipped"]),
        _experta(short["thresholds"]["engines"]),
        _at_most("The same against CLIPS, 2,000 generated rules", by_name["2000 rules"], DURABLE, CLIPS, 2),
        Target(
            "A whole advice from the command line against the bare imports, processor time",
            "at most 4 times",
            _times(short["cold_start"]["times_cpu"]),
            short["cold_start"]["times_cpu"] <= 4,
        ),
    ]
    for name in (DURABLE, PLAIN):
        if name in lasting:
            row = lasting[name]
            many = f"{row['consultations']:,} consultations, {name}"
            growth = row["after"] / row["warm"] - 1
            found.append(
                Target(f"Memory after {many}", "within 5 % of the warm process", _signed(growth), abs(growth) <= 0.05)
            )
            drift = row["times_fresh"] - 1
            asked = "linear: as long as in a fresh process, within 10 %"
            found.append(Target(f"A consultation after {many}", asked, _signed(drift), abs(drift) <= 0.1))
    return found


def _at_most(what: str, row: Figures, mine: str, other: str, limit: float) -> Target:
    asked = f"at most {limit} times"
    if mine not in row or other not in row:
        return Target(what, asked, "", None)
    times = row[mine]["times"][other]
    return Target(what, asked, _times(times), times <= limit)


def _difference(row: Figures) -> Target:
    what, asked = "durable-rules less the plain matcher, shipped rules", "at most 300 µs"
    if DURABLE not in row:
        return Target(what, asked, "", None)
    difference = row[DURABLE]["micros"] - row[PLAIN]["micros"]
    return Target(what, asked, f"{_micros(difference)} µs", difference <= 300)


def _experta(row: Figures) -> Target:
    what, asked = "experta against durable-rules, 100 rules of thresholds", "at least 10 times"
    if DURABLE not in row or EXPERTA not in row:
        return Target(what, asked, "", None)
    times = row[EXPERTA]["times"][DURABLE]
    return Target(what, asked, _times(times), times >= 10)


def _micros(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.1f}"


def _times(number: float) -> str:
    return f"{number:.2f}" if number < 10 else f"{number:.0f}"


def _percent(number: float) -> str:
    return f"{number:.0%}"


def _signed(number: float) -> str:
    return f"{number:+.1%}"


def _mega(number: int) -> str:
    return f"{number / 1e6:.1f}"


def _milli(number: float) -> str:
    return f"{number * 1e3:,.1f}"
