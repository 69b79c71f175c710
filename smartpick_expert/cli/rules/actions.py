"""The table of actions as text: for each how many of its figures are our assumption, and what each figure rests on."""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.authoring.action_table import ActionRow
from smartpick_expert.cli.layout import counted, heading, table, wrapped


def action_lines(rows: tuple[ActionRow, ...]) -> Iterator[str]:
    """The lines of the table, and the sum of it."""
    if not rows:
        return
    yield heading("action, how many of its figures are our assumption, and what each rests on")
    yield from table((row.action.name, _share(row), _figures(row)) for row in rows)
    yield ""
    known, ours = sum(row.known for row in rows), sum(row.assumptions for row in rows)
    open_ones = sum(len(row.figures) for row in rows) - known
    share = f" ({round(100 * ours / known)}%)" if known else ""
    yield from wrapped(
        f"{counted(len(rows), 'action')} with {counted(known, 'figure')}, {ours:,} of them{share} our assumption. "
        f"Not known: {counted(open_ones, 'figure')}."
    )


def _share(row: ActionRow) -> str:
    return f"{row.assumptions} of {row.known}" if row.known else "none"


def _figures(row: ActionRow) -> str:
    said = [f"{figure.of}: {figure.basis}" for figure in row.figures]
    missing = [f"{key}: NOT FILLED IN" for key in row.action.lacks]
    return "; ".join([*said, *missing])
