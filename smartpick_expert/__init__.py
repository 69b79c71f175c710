"""SmartPick Expert: a rule-based expert system that advises international medical graduates on residency."""

# Ahead of the imports, which read it: asking the installed package's metadata takes longer than a consultation.
__version__ = "0.1.0"


from smartpick_expert.advice import Advice, advise
from smartpick_expert.diagnostics import Problems
from smartpick_expert.workspace import Workspace, load_workspace

__all__ = ["Advice", "Problems", "Workspace", "__version__", "advise", "load_workspace"]
