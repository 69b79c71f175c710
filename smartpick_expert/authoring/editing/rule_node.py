"""A rule as it stands in its file, for whoever changes it there."""

from __future__ import annotations

from pathlib import Path

from smartpick_expert.language.model import Rule
from smartpick_expert.language.source import Mapping, Sequence
from smartpick_expert.language.spans import SpannedText, read_spanned


def file_of(rule: Rule, root: Path) -> SpannedText:
    """The file that holds a rule. Raises Problems where it cannot be read."""
    return read_spanned(root / rule.location.path, rule.location.path)


def node_of(rule_id: str, file: SpannedText) -> Mapping:
    """The rule's own mapping in its file. Raises LookupError where it is not there."""
    rules = file.root.get("rules") if isinstance(file.root, Mapping) else None
    for item in rules.items if isinstance(rules, Sequence) else ():
        key = item.get("id") if isinstance(item, Mapping) else None
        if isinstance(item, Mapping) and key is not None and getattr(key, "text", "") == rule_id:
            return item
    raise LookupError(rule_id)
