"""What differs between two runs, in words for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from smartpick_expert.explain.difference import Change, Difference, Part, Said
from smartpick_expert.explain.tree import Node
from smartpick_expert.explain.wording import plain_text

_HEADINGS = {
    Part.GIVEN: "What is given",
    Part.PARAMETERS: "Numbers of the knowledge",
    Part.BUCKET: "The sorting",
    Part.WEIGHED: "What is weighed: reasons and filters",
    Part.ACTIONS: "Actions",
    Part.CONCLUDED: "Other conclusions",
    Part.STATEMENTS: "Statements",
    Part.RULES: "Rules",
    Part.WORDS: "Words of the documents",
}
# Parts that a person is shown in full; of the others only how many changed, unless all is asked for.
_SHOWN = (Part.GIVEN, Part.PARAMETERS, Part.BUCKET, Part.WEIGHED, Part.ACTIONS)


def difference_nodes(found: Difference, *, full: bool) -> list[Node]:
    """A tree for each part in which something differs."""
    return list(_nodes(found, full=full))


def _nodes(found: Difference, *, full: bool) -> Iterator[Node]:
    for part in Part:
        changes = found.of(part)
        if not changes:
            continue
        if full or part in _SHOWN:
            yield Node((_HEADINGS[part],), tuple(_change(change, found) for change in changes))
        else:
            yield Node((f"{_HEADINGS[part]}: {_counted(changes)} (--full)",))


def _counted(changes: tuple[Change, ...]) -> str:
    came = sum(1 for one in changes if not _is_said(one.before))
    went = sum(1 for one in changes if not _is_said(one.after))
    counts = {"come": came, "go": went, "change": len(changes) - came - went}
    return ", ".join(f"{number} {word}" for word, number in counts.items() if number)


def _change(change: Change, found: Difference) -> Node:
    if change.part is Part.STATEMENTS:
        return Node(tuple(_statement(change)))
    children = [Node((f"{word} {_rule(rule, found)}",)) for word, rules in _through(change) for rule in rules]
    name = found.names.get(change.key, change.key)
    return Node((f"{plain_text(name)}: {plain_text(turn_text(change))}",), tuple(children))


def turn_text(change: Change) -> str:
    """What became of one thing, in words."""
    before, after = change.before, change.after
    if change.part is Part.RULES:
        return " → ".join(said_text(said) if _is_said(said) else "does not fire" for said in (before, after))
    if not _is_said(before):
        return "comes" if said_text(after) == "so" else f"comes: {said_text(after)}"
    if not _is_said(after):
        return "goes" if said_text(before) == "so" else f"goes (was {said_text(before)})"
    return f"{said_text(before)} → {said_text(after)}"


def said_text(said: Said) -> str:
    """What one run says of one thing, in words. It has to say something."""
    if said.sure:
        return ", perhaps ".join([said.sure, *sorted(said.perhaps)])
    if said.perhaps == {"so"}:
        return "possible, not settled"
    return (
        f"open between {' / '.join(sorted(said.perhaps))}" if len(said.perhaps) > 1 else f"perhaps {min(said.perhaps)}"
    )


def _is_said(said: Said) -> bool:
    return bool(said.sure or said.perhaps)


def _through(change: Change) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if change.part in (Part.GIVEN, Part.PARAMETERS, Part.RULES, Part.WORDS):
        return ()
    return (("by", change.came), ("no longer by", change.went), ("as before by", change.stayed))


def _rule(rule: str, found: Difference) -> str:
    title = found.titles.get(rule, "")
    return f"{rule}: {title}" if title else rule


def _statement(change: Change) -> Iterator[str]:
    if not change.before.sure:
        yield f"comes: {change.key}"
        yield plain_text(change.after.sure)
    elif not change.after.sure:
        yield f"goes: {change.key}"
        yield plain_text(change.before.sure)
    else:
        yield f"is worded anew: {change.key}"
        yield f"was: {plain_text(change.before.sure)}"
        yield f"now: {plain_text(change.after.sure)}"
