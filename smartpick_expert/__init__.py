"""SmartPick Expert: a rule-based expert system that advises international medical graduates on residency."""

from smartpick_expert.advice import Advice, advise
from smartpick_expert.diagnostics import Problems
from smartpick_expert.workspace import Workspace, load_workspace

__all__ = ["Advice", "Problems", "Workspace", "advise", "load_workspace"]
