"""A diagram as a text: SVG that needs nothing beside it, or Mermaid."""

from __future__ import annotations

from typing import Final

from smartpick_expert.authoring.graph.diagram import Diagram
from smartpick_expert.authoring.graph.placing import placed
from smartpick_expert.report.render import environment
from smartpick_expert.workspace import Workspace

FORMATS: Final = ("mermaid", "svg")
_SVG: Final = "graph.svg.j2"
_MERMAID: Final = "graph.mmd.j2"


def drawn(diagram: Diagram, form: str, workspace: Workspace) -> str:
    """The diagram in a format of `FORMATS`, through its template. Raises jinja2.TemplateError."""
    if form == "svg":
        made = environment(workspace.reports_with(_SVG), "html").get_template(_SVG)
        return made.render(drawing=placed(diagram))
    numbers = {node.key: f"n{number}" for number, node in enumerate(diagram.nodes)}
    made = environment(workspace.reports_with(_MERMAID), "summary").get_template(_MERMAID)
    return made.render(diagram=diagram, numbers=numbers, columns=sorted({node.column for node in diagram.nodes}))
