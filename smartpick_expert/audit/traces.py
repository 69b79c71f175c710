"""The trace of a run together with the statements that were made of it, as a record keeps it."""

from __future__ import annotations

from collections.abc import Iterable

from smartpick_expert.engine.consultation import Consultation
from smartpick_expert.explain.standing import standing_of
from smartpick_expert.explain.trace import Trace, TracedStatement
from smartpick_expert.explain.tracing import trace_of
from smartpick_expert.report.statements import Statement
from smartpick_expert.workspace import Workspace


def traced(
    consultation: Consultation,
    workspace: Workspace,
    statements: Iterable[Statement],
    actions: tuple[str, ...] = (),
    first_actions: tuple[str, ...] = (),
) -> Trace:
    """The trace of a run with the statements made of it."""
    rules = consultation.derivation.rules.values()
    standings = {rule.id: standing_of(rule, workspace.knowledge) for rule in rules}
    said = (_statement(statement) for statement in statements)
    return trace_of(consultation, workspace, standings, said, actions, first_actions)


def _statement(statement: Statement) -> TracedStatement:
    return TracedStatement(
        id=statement.id,
        title=statement.title,
        text=statement.text,
        kind=statement.kind,
        standing=statement.standing,
        audience=tuple(audience.value for audience in statement.audience),
        rule=statement.origin.rule,
        firings=statement.origin.firings,
    )
